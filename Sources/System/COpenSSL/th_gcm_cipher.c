// SPDX-License-Identifier: EUPL-1.2
// Torhaus: AES-GCM with the functions of provider-cipher(7), as far as libssl uses them.
//
// TLS 1.3 gives each record its IV, the header as associated data, the bytes, and takes or gives the tag.
// TLS 1.2 hands over explicit IV, bytes and tag in one piece, after telling the associated data (RFC 5288).
#include "th_gcm_cipher.h"

#include "th_gcm_library.h"

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <string.h>

// Associated data is 5 bytes in TLS 1.3 and 13 in TLS 1.2; this serves records and nothing else.
#define AAD_LIMIT 16

enum progress {
    // Nothing goes without an IV, and no IV serves twice.
    NO_IV,
    HAS_IV,
    IN_MESSAGE,
    FINISHED,
};

typedef struct message_cipher {
    th_gcm_state state;
    th_gcm_key key;
    uint8_t iv[TH_GCM_IV_BYTES];
    uint8_t tag[TH_GCM_TAG_BYTES];
    uint8_t aad[AAD_LIMIT];
    uint8_t aad_length;
    uint8_t progress;
    uint8_t encrypting;
    // Decrypting: the tag to expect. Encrypting: the tag made.
    uint8_t has_tag;
    // TLS 1.2: the fixed half of the IV is set, and associated data for the next record.
    uint8_t has_fixed_iv;
    uint8_t is_record;
} message_cipher;

// MARK: Life

static void *make(uint16_t bits) {
    message_cipher *c = OPENSSL_zalloc(sizeof *c);
    if (c != NULL) c->key.bits = bits;
    return c;
}

static void *make_128(void *provider) {
    (void)provider;
    return make(128);
}

static void *make_256(void *provider) {
    (void)provider;
    return make(256);
}

static void discard(void *context) { OPENSSL_clear_free(context, sizeof(message_cipher)); }

static int set_parameters(void *context, const OSSL_PARAM parameters[]);

static int begin(
    message_cipher *c, int encrypting, const uint8_t *key, size_t key_length, const uint8_t *iv, size_t iv_length,
    const OSSL_PARAM parameters[]
) {
    c->encrypting = (uint8_t)encrypting;
    if (key != NULL) {
        if (key_length != c->key.bits / 8) return 0;
        th_gcm_key_set(&c->key, key, c->key.bits);
        c->progress = NO_IV;
        c->has_fixed_iv = 0;
    }
    if (iv != NULL) {
        if (iv_length != TH_GCM_IV_BYTES) return 0;
        memcpy(c->iv, iv, TH_GCM_IV_BYTES);
        c->progress = HAS_IV;
        c->aad_length = 0;
        c->has_tag = 0;
    }
    return set_parameters(c, parameters);
}

static int begin_encrypting(
    void *context, const unsigned char *key, size_t key_length, const unsigned char *iv, size_t iv_length,
    const OSSL_PARAM parameters[]
) {
    return begin(context, 1, key, key_length, iv, iv_length, parameters);
}

static int begin_decrypting(
    void *context, const unsigned char *key, size_t key_length, const unsigned char *iv, size_t iv_length,
    const OSSL_PARAM parameters[]
) {
    return begin(context, 0, key, key_length, iv, iv_length, parameters);
}

// MARK: Messages

static void start_message(message_cipher *c) {
    th_gcm_begin(&c->key, &c->state, c->iv, c->aad, c->aad_length);
    c->progress = IN_MESSAGE;
}

static int associated_data(message_cipher *c, const unsigned char *in, size_t length) {
    if (c->progress != HAS_IV || (size_t)(AAD_LIMIT - c->aad_length) < length) return 0;
    memcpy(c->aad + c->aad_length, in, length);
    c->aad_length += (uint8_t)length;
    return 1;
}

// Ends a message; when decrypting, tells whether it is what was sent.
static int end_message(message_cipher *c, const uint8_t *expected, uint8_t *made) {
    uint8_t tag[TH_GCM_TAG_BYTES];
    th_gcm_finish(&c->key, &c->state, c->encrypting, tag);
    c->progress = FINISHED;
    int good = c->encrypting || CRYPTO_memcmp(tag, expected, sizeof tag) == 0;
    if (c->encrypting) memcpy(made, tag, sizeof tag);
    OPENSSL_cleanse(tag, sizeof tag);
    return good;
}

// A record of TLS 1.2 in place: explicit IV, bytes, tag.
static int record(message_cipher *c, unsigned char *bytes, size_t *out_length, size_t length) {
    const size_t front = EVP_GCM_TLS_EXPLICIT_IV_LEN, back = TH_GCM_TAG_BYTES;
    c->is_record = 0;
    if (!c->has_fixed_iv || length < front + back) return 0;
    uint8_t *explicit_iv = c->iv + EVP_GCM_TLS_FIXED_IV_LEN;
    if (c->encrypting) {
        memcpy(bytes, explicit_iv, front);
    } else {
        memcpy(explicit_iv, bytes, front);
    }
    size_t body = length - front - back;
    start_message(c);
    th_gcm_update(&c->key, &c->state, c->encrypting, bytes + front, bytes + front, body);
    if (!end_message(c, bytes + front + body, bytes + front + body)) {
        OPENSSL_cleanse(bytes + front, body);
        return 0;
    }
    // The next record's IV: a counter that began at random (RFC 5288, 3).
    for (size_t i = front; c->encrypting && 0 < i && ++explicit_iv[i - 1] == 0; i--) {}
    *out_length = c->encrypting ? length : body;
    return 1;
}

static int update(
    void *context, unsigned char *out, size_t *out_length, size_t out_size, const unsigned char *in, size_t length
) {
    message_cipher *c = context;
    *out_length = 0;
    if (c->key.number == 0) return 0;
    if (c->is_record) return in == out && length <= out_size && record(c, out, out_length, length);
    if (length == 0) return 1;
    if (out == NULL) {
        *out_length = length;
        return associated_data(c, in, length);
    }
    if (out_size < length || (c->progress != HAS_IV && c->progress != IN_MESSAGE)) return 0;
    if (c->progress == HAS_IV) start_message(c);
    th_gcm_update(&c->key, &c->state, c->encrypting, out, in, length);
    *out_length = length;
    return 1;
}

static int final(void *context, unsigned char *out, size_t *out_length, size_t out_size) {
    (void)out, (void)out_size;
    message_cipher *c = context;
    *out_length = 0;
    if (c->key.number == 0 || (c->progress != HAS_IV && c->progress != IN_MESSAGE)) return 0;
    if (!c->encrypting && !c->has_tag) return 0;
    if (c->progress == HAS_IV) start_message(c);
    int good = end_message(c, c->tag, c->tag);
    c->has_tag = c->encrypting;
    return good;
}

// MARK: Parameters

static int set_record(message_cipher *c, const OSSL_PARAM *p) {
    if (p->data == NULL || p->data_size != EVP_AEAD_TLS1_AAD_LEN) return 0;
    memcpy(c->aad, p->data, EVP_AEAD_TLS1_AAD_LEN);
    c->aad_length = EVP_AEAD_TLS1_AAD_LEN;
    // The length told is that of the whole record; what is authenticated is that of its bytes.
    size_t length = (size_t)c->aad[EVP_AEAD_TLS1_AAD_LEN - 2] << 8 | c->aad[EVP_AEAD_TLS1_AAD_LEN - 1];
    size_t around = EVP_GCM_TLS_EXPLICIT_IV_LEN + (c->encrypting ? 0 : TH_GCM_TAG_BYTES);
    if (length < around) return 0;
    length -= around;
    c->aad[EVP_AEAD_TLS1_AAD_LEN - 2] = (uint8_t)(length >> 8);
    c->aad[EVP_AEAD_TLS1_AAD_LEN - 1] = (uint8_t)length;
    c->is_record = 1;
    return 1;
}

static int set_fixed_iv(message_cipher *c, const OSSL_PARAM *p) {
    if (p->data == NULL || p->data_size != EVP_GCM_TLS_FIXED_IV_LEN) return 0;
    memcpy(c->iv, p->data, EVP_GCM_TLS_FIXED_IV_LEN);
    if (c->encrypting && RAND_bytes(c->iv + EVP_GCM_TLS_FIXED_IV_LEN, EVP_GCM_TLS_EXPLICIT_IV_LEN) != 1) return 0;
    c->has_fixed_iv = 1;
    return 1;
}

static int set_tag(message_cipher *c, const OSSL_PARAM *p) {
    if (p->data == NULL || p->data_size != TH_GCM_TAG_BYTES || c->encrypting) return 0;
    memcpy(c->tag, p->data, TH_GCM_TAG_BYTES);
    c->has_tag = 1;
    return 1;
}

static int is_size(const OSSL_PARAM *p, size_t wanted) {
    size_t value = 0;
    return OSSL_PARAM_get_size_t(p, &value) && value == wanted;
}

static int set_parameters(void *context, const OSSL_PARAM parameters[]) {
    message_cipher *c = context;
    for (const OSSL_PARAM *p = parameters; p != NULL && p->key != NULL; p++) {
        int good = 1;
        if (strcmp(p->key, OSSL_CIPHER_PARAM_AEAD_TAG) == 0) good = set_tag(c, p);
        else if (strcmp(p->key, OSSL_CIPHER_PARAM_AEAD_TLS1_AAD) == 0) good = set_record(c, p);
        else if (strcmp(p->key, OSSL_CIPHER_PARAM_AEAD_TLS1_IV_FIXED) == 0) good = set_fixed_iv(c, p);
        else if (strcmp(p->key, OSSL_CIPHER_PARAM_IVLEN) == 0) good = is_size(p, TH_GCM_IV_BYTES);
        else if (strcmp(p->key, OSSL_CIPHER_PARAM_KEYLEN) == 0) good = is_size(p, c->key.bits / 8);
        if (!good) return 0;
    }
    return 1;
}

static int get_parameters(void *context, OSSL_PARAM parameters[]) {
    message_cipher *c = context;
    for (OSSL_PARAM *p = parameters; p != NULL && p->key != NULL; p++) {
        int good = 1;
        // First what libssl asks with each record.
        if (strcmp(p->key, OSSL_CIPHER_PARAM_IVLEN) == 0) {
            good = OSSL_PARAM_set_size_t(p, TH_GCM_IV_BYTES);
        } else if (strcmp(p->key, OSSL_CIPHER_PARAM_AEAD_TAG) == 0) {
            good = c->encrypting && c->has_tag && p->data_size == TH_GCM_TAG_BYTES
                   && OSSL_PARAM_set_octet_string(p, c->tag, TH_GCM_TAG_BYTES);
        } else if (strcmp(p->key, OSSL_CIPHER_PARAM_AEAD_TLS1_AAD_PAD) == 0) {
            good = OSSL_PARAM_set_size_t(p, TH_GCM_TAG_BYTES);
        } else if (strcmp(p->key, OSSL_CIPHER_PARAM_AEAD_TAGLEN) == 0) {
            good = OSSL_PARAM_set_size_t(p, TH_GCM_TAG_BYTES);
        } else if (strcmp(p->key, OSSL_CIPHER_PARAM_KEYLEN) == 0) {
            good = OSSL_PARAM_set_size_t(p, c->key.bits / 8);
        }
        if (!good) return 0;
    }
    return 1;
}

// What the core asks of a cipher before there is a context.
static int describe(OSSL_PARAM parameters[], size_t key_bytes) {
    const struct {
        const char *name;
        size_t value;
    } sizes[] = {
        {OSSL_CIPHER_PARAM_KEYLEN, key_bytes},
        {OSSL_CIPHER_PARAM_IVLEN, TH_GCM_IV_BYTES},
        {OSSL_CIPHER_PARAM_BLOCK_SIZE, 1},
    };
    OSSL_PARAM *p;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        p = OSSL_PARAM_locate(parameters, sizes[i].name);
        if (p != NULL && !OSSL_PARAM_set_size_t(p, sizes[i].value)) return 0;
    }
    p = OSSL_PARAM_locate(parameters, OSSL_CIPHER_PARAM_MODE);
    if (p != NULL && !OSSL_PARAM_set_uint(p, EVP_CIPH_GCM_MODE)) return 0;
    p = OSSL_PARAM_locate(parameters, OSSL_CIPHER_PARAM_AEAD);
    if (p != NULL && !OSSL_PARAM_set_int(p, 1)) return 0;
    p = OSSL_PARAM_locate(parameters, OSSL_CIPHER_PARAM_CUSTOM_IV);
    return p == NULL || OSSL_PARAM_set_int(p, 1);
}

static int describe_128(OSSL_PARAM parameters[]) { return describe(parameters, 16); }
static int describe_256(OSSL_PARAM parameters[]) { return describe(parameters, 32); }

static const OSSL_PARAM *known_parameters(void *context, void *provider) {
    (void)context, (void)provider;
    static const OSSL_PARAM known[] = {
        OSSL_PARAM_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, NULL, 0),
        OSSL_PARAM_octet_string(OSSL_CIPHER_PARAM_AEAD_TLS1_AAD, NULL, 0),
        OSSL_PARAM_octet_string(OSSL_CIPHER_PARAM_AEAD_TLS1_IV_FIXED, NULL, 0),
        OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_AEAD_TLS1_AAD_PAD, NULL),
        OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_AEAD_TAGLEN, NULL),
        OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_IVLEN, NULL),
        OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_KEYLEN, NULL),
        OSSL_PARAM_END,
    };
    return known;
}

// MARK: Tables

#define ENTRY(number, function) {number, (void (*)(void))(function)}
#define TABLE(bits)                                                             \
    {                                                                           \
        ENTRY(OSSL_FUNC_CIPHER_NEWCTX, make_##bits),                            \
        ENTRY(OSSL_FUNC_CIPHER_FREECTX, discard),                               \
        ENTRY(OSSL_FUNC_CIPHER_ENCRYPT_INIT, begin_encrypting),                 \
        ENTRY(OSSL_FUNC_CIPHER_DECRYPT_INIT, begin_decrypting),                 \
        ENTRY(OSSL_FUNC_CIPHER_UPDATE, update),                                 \
        ENTRY(OSSL_FUNC_CIPHER_FINAL, final),                                   \
        ENTRY(OSSL_FUNC_CIPHER_GET_PARAMS, describe_##bits),                    \
        ENTRY(OSSL_FUNC_CIPHER_GET_CTX_PARAMS, get_parameters),                 \
        ENTRY(OSSL_FUNC_CIPHER_SET_CTX_PARAMS, set_parameters),                 \
        ENTRY(OSSL_FUNC_CIPHER_GETTABLE_CTX_PARAMS, known_parameters),          \
        ENTRY(OSSL_FUNC_CIPHER_SETTABLE_CTX_PARAMS, known_parameters),          \
        {0, NULL},                                                              \
    }

static const OSSL_DISPATCH table_128[] = TABLE(128);
static const OSSL_DISPATCH table_256[] = TABLE(256);

const OSSL_ALGORITHM th_gcm_ciphers[] = {
    {"AES-128-GCM:id-aes128-GCM:2.16.840.1.101.3.4.1.6", "provider=torhaus", table_128, "AES-128-GCM, AVX-512"},
    {"AES-256-GCM:id-aes256-GCM:2.16.840.1.101.3.4.1.46", "provider=torhaus", table_256, "AES-256-GCM, AVX-512"},
    {NULL, NULL, NULL, NULL},
};
