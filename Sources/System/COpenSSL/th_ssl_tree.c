// SPDX-License-Identifier: EUPL-1.2
// Torhaus: SHA-256 for many short inputs, and what Swift cannot import of Ed25519.
#define _GNU_SOURCE
#include "th_ssl_tree.h"

#include <openssl/crypto.h>
#include <pthread.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static EVP_MD *fetched;
static pthread_key_t context_key;
static int has_key;

static void free_context(void *context) { EVP_MD_CTX_free(context); }

static void fetch(void) {
    fetched = EVP_MD_fetch(NULL, "SHA256", NULL);
    has_key = pthread_key_create(&context_key, free_context) == 0;
}

int th_sha256(const void *bytes, size_t count, uint8_t *digest) {
    pthread_once(&once, fetch);
    if (fetched == NULL || !has_key) return 0;
    EVP_MD_CTX *context = pthread_getspecific(context_key);
    if (context == NULL) {
        context = EVP_MD_CTX_new();
        if (context == NULL) return 0;
        if (pthread_setspecific(context_key, context) != 0) {
            EVP_MD_CTX_free(context);
            return 0;
        }
    }
    return EVP_DigestInit_ex2(context, fetched, NULL) == 1 && EVP_DigestUpdate(context, bytes, count) == 1 &&
           EVP_DigestFinal_ex(context, digest, NULL) == 1;
}

EVP_PKEY *th_ed25519_generate(void) { return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"); }

int th_ed25519_kind(void) { return EVP_PKEY_ED25519; }
