// SPDX-License-Identifier: EUPL-1.2
// Torhaus: registers the faster AES-GCM with OpenSSL, after it has shown that it calculates the same.
#include "th_gcm.h"

#include "th_gcm_cipher.h"
#include "th_gcm_library.h"

#include <openssl/core_dispatch.h>
#include <openssl/evp.h>
#include <openssl/provider.h>
#include <string.h>

static const OSSL_ALGORITHM *query(void *provider, int operation, int *no_cache) {
    (void)provider;
    *no_cache = 0;
    return operation == OSSL_OP_CIPHER ? th_gcm_ciphers : NULL;
}

static const OSSL_DISPATCH provider_functions[] = {
    {OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*)(void))query},
    {0, NULL},
};

static int start(
    const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *core, const OSSL_DISPATCH **functions, void **context
) {
    (void)core;
    *functions = provider_functions;
    *context = (void *)handle;
    return 1;
}

// MARK: Comparing

#define LONGEST ((size_t)16384 + 64)

typedef struct sealed {
    uint8_t bytes[LONGEST];
    uint8_t tag[TH_GCM_TAG_BYTES];
} sealed;

static int seal(const EVP_CIPHER *cipher, const uint8_t *key, const uint8_t *text, size_t length, sealed *out) {
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int part = 0, rest = 0;
    int good = context != NULL && EVP_EncryptInit_ex(context, cipher, NULL, key, key) == 1
               && EVP_EncryptUpdate(context, NULL, &part, text, 5) == 1
               && EVP_EncryptUpdate(context, out->bytes, &part, text, (int)length) == 1
               && EVP_EncryptFinal_ex(context, out->bytes + part, &rest) == 1
               && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, TH_GCM_TAG_BYTES, out->tag) == 1;
    EVP_CIPHER_CTX_free(context);
    return good;
}

static int unseal(const EVP_CIPHER *cipher, const uint8_t *key, const uint8_t *text, size_t length, sealed *in) {
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int part = 0, rest = 0;
    int good = context != NULL && EVP_DecryptInit_ex(context, cipher, NULL, key, key) == 1
               && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, TH_GCM_TAG_BYTES, in->tag) == 1
               && EVP_DecryptUpdate(context, NULL, &part, text, 5) == 1
               && EVP_DecryptUpdate(context, in->bytes, &part, in->bytes, (int)length) == 1
               && EVP_DecryptFinal_ex(context, in->bytes + part, &rest) == 1;
    EVP_CIPHER_CTX_free(context);
    return good;
}

// One length both ways, and a tag with one bit wrong.
static int agrees_at(const EVP_CIPHER *ours, const EVP_CIPHER *theirs, const uint8_t *key, size_t length) {
    static uint8_t text[LONGEST];
    static sealed a, b;
    for (size_t i = 0; i < sizeof text; i++) text[i] = (uint8_t)(i * 7 + length);
    if (!seal(ours, key, text, length, &a) || !seal(theirs, key, text, length, &b)) return 0;
    if (memcmp(a.bytes, b.bytes, length) != 0 || memcmp(a.tag, b.tag, sizeof a.tag) != 0) return 0;
    if (!unseal(ours, key, text, length, &b) || memcmp(b.bytes, text, length) != 0) return 0;
    a.tag[length % sizeof a.tag] ^= 1;
    return !unseal(ours, key, text, length, &a);
}

// Short and long, at and around the sizes at which the code changes its ways.
static int agrees(const char *name) {
    static const size_t lengths[] = {1, 15, 16, 17, 47, 48, 49, 255, 256, 257, 767, 768, 769, 4096, 5000, 16384, 16385};
    static const uint8_t key[TH_GCM_KEY_BYTES] = "a key for the comparison alone.";
    EVP_CIPHER *ours = EVP_CIPHER_fetch(NULL, name, "provider=torhaus");
    EVP_CIPHER *theirs = EVP_CIPHER_fetch(NULL, name, "provider!=torhaus");
    int good = ours != NULL && theirs != NULL;
    for (size_t i = 0; good && i < sizeof lengths / sizeof lengths[0]; i++) {
        good = agrees_at(ours, theirs, key, lengths[i]);
    }
    EVP_CIPHER_free(ours);
    EVP_CIPHER_free(theirs);
    return good;
}

// Whether these properties lead to our cipher.
static int leads_to_ours(const char *name, const char *properties) {
    EVP_CIPHER *found = EVP_CIPHER_fetch(NULL, name, properties);
    const OSSL_PROVIDER *from = found != NULL ? EVP_CIPHER_get0_provider(found) : NULL;
    int ours = from != NULL && strcmp(OSSL_PROVIDER_get0_name(from), "torhaus") == 0;
    EVP_CIPHER_free(found);
    return ours;
}

// Contexts that ask for ours get it, unless an administrator allows certified ciphers only; nothing else does.
static int is_apart(const char *name) {
    return leads_to_ours(name, TH_GCM_PROPERTIES) && !leads_to_ours(name, NULL);
}

th_gcm_outcome th_gcm_install(void) {
    static int is_installed;
    if (is_installed) return TH_GCM_READY;
    th_gcm_outcome outcome = th_gcm_library_open();
    if (outcome != TH_GCM_READY) return outcome;
    // Of equals OpenSSL takes the one it met first: for whoever does not ask for ours, that is its own.
    EVP_CIPHER_free(EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL));
    // With the last argument OpenSSL's own provider stays loaded.
    if (OSSL_PROVIDER_add_builtin(NULL, "torhaus", start) != 1) return TH_GCM_NOT_TAKEN;
    OSSL_PROVIDER *provider = OSSL_PROVIDER_try_load(NULL, "torhaus", 1);
    if (provider == NULL) return TH_GCM_NOT_TAKEN;
    if (!is_apart("AES-128-GCM") || !is_apart("AES-256-GCM")) outcome = TH_GCM_NOT_TAKEN;
    else if (!agrees("AES-128-GCM") || !agrees("AES-256-GCM")) outcome = TH_GCM_WRONG;
    th_gcm_forget();
    is_installed = outcome == TH_GCM_READY;
    if (!is_installed) OSSL_PROVIDER_unload(provider);
    return outcome;
}
