// SPDX-License-Identifier: EUPL-1.2
// Torhaus: macros of OpenSSL as functions.
#define _GNU_SOURCE
#include "th_ssl_shims.h"

#include <malloc.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

// MARK: Contexts

int th_ssl_ctx_prepare(SSL_CTX *ctx, long ticket_seconds) {
    // The system's openssl.cnf may have set options and versions: everything that matters is set here.
    SSL_CTX_clear_options(ctx, SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION | SSL_OP_ALLOW_NO_DHE_KEX |
                                   SSL_OP_PRIORITIZE_CHACHA | SSL_OP_NO_TLSv1_3 | SSL_OP_NO_TLSv1_2 |
                                   SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                 SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_SSLv3 | SSL_OP_NO_TLSv1 |
                                 SSL_OP_NO_TLSv1_1 |
                                 SSL_OP_NO_SESSION_RESUMPTION_ON_RENEGOTIATION);
    SSL_CTX_clear_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE);
    SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_AUTO_RETRY);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_read_ahead(ctx, 1);
    SSL_CTX_set_timeout(ctx, ticket_seconds);
    SSL_CTX_set_security_level(ctx, 2);
    return SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_max_proto_version(ctx, TLS1_3_VERSION) == 1 &&
           SSL_CTX_set_max_early_data(ctx, 0) == 1 && SSL_CTX_set_recv_max_early_data(ctx, 0) == 1 &&
           SSL_CTX_set_num_tickets(ctx, 1) == 1;
}

int th_ssl_ctx_disable_tickets(SSL_CTX *ctx) {
    SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET);
    return SSL_CTX_set_num_tickets(ctx, 0);
}

int th_ssl_ctx_set_groups(SSL_CTX *ctx, const char *list) {
    return (int)SSL_CTX_set1_groups_list(ctx, list);
}

int th_ssl_ctx_set_signature_algorithms(SSL_CTX *ctx, const char *list) {
    return SSL_CTX_set1_sigalgs_list(ctx, list) == 1 && SSL_CTX_set1_client_sigalgs_list(ctx, list) == 1;
}

int th_ssl_ctx_add_chain(SSL_CTX *ctx, X509 *certificate) {
    return (int)SSL_CTX_add1_chain_cert(ctx, certificate);
}

// Always goes on: the verdict is handed to the application, which knows whether it needs a certificate.
static int go_on(int ok, X509_STORE_CTX *context) {
    (void)ok;
    (void)context;
    return 1;
}

void th_ssl_ctx_set_client_verification(SSL_CTX *ctx) {
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, go_on);
    SSL_CTX_set_verify_depth(ctx, 4);
}

int th_ssl_negotiated_group(SSL *ssl) {
    return (int)SSL_get_negotiated_group(ssl);
}

// MARK: Session tickets

int th_ssl_ctx_set_ticket_callback(SSL_CTX *ctx, th_ssl_ticket_callback callback) {
    return SSL_CTX_set_tlsext_ticket_key_evp_cb(ctx, callback);
}

int th_ssl_ticket_arm(EVP_CIPHER_CTX *cipher_context, EVP_MAC_CTX *mac_context, const EVP_CIPHER *cipher,
                      const uint8_t *cipher_key, const uint8_t *mac_key, const uint8_t *iv,
                      int encrypting) {
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, (void *)mac_key, 32),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)"SHA256", 0),
        OSSL_PARAM_construct_end(),
    };
    return EVP_CipherInit_ex(cipher_context, cipher, NULL, cipher_key, iv, encrypting) == 1 &&
           EVP_MAC_CTX_set_params(mac_context, parameters) == 1;
}

// MARK: Certificates

int th_ssl_no_password(char *buffer, int size, int writing, void *context) {
    (void)buffer;
    (void)size;
    (void)writing;
    (void)context;
    return -1;
}

int64_t th_ssl_time(const ASN1_TIME *time, int *ok) {
    struct tm parts = {0};
    *ok = time != NULL && ASN1_TIME_to_tm(time, &parts) == 1;
    return *ok ? (int64_t)timegm(&parts) : 0;
}

unsigned long th_ssl_name_flags(void) {
    return XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB;
}

size_t th_ssl_bio_contents(BIO *bio, void **start) {
    char *bytes = NULL;
    long length = BIO_get_mem_data(bio, &bytes);
    *start = bytes;
    return length < 0 ? 0 : (size_t)length;
}

int th_ssl_names_count(const GENERAL_NAMES *names) {
    return sk_GENERAL_NAME_num(names);
}

int th_ssl_name_at(const GENERAL_NAMES *names, int index, const uint8_t **data, int *length) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
    *data = NULL;
    *length = 0;
    if (name == NULL) return -1;
    int kind = 0;
    const ASN1_STRING *value = GENERAL_NAME_get0_value(name, &kind);
    if (kind == GEN_DNS || kind == GEN_IPADD) {
        *data = ASN1_STRING_get0_data(value);
        *length = ASN1_STRING_length(value);
    }
    return kind;
}

STACK_OF(X509) *th_ssl_stack_new(void) {
    return sk_X509_new_null();
}

int th_ssl_stack_push(STACK_OF(X509) *stack, X509 *certificate) {
    if (X509_up_ref(certificate) != 1) return 0;
    if (sk_X509_push(stack, certificate) > 0) return 1;
    X509_free(certificate);
    return 0;
}

void th_ssl_stack_free(STACK_OF(X509) *stack) {
    sk_X509_pop_free(stack, X509_free);
}

int th_ssl_has_extended_usage(X509 *certificate, const char *oid) {
    EXTENDED_KEY_USAGE *usages = X509_get_ext_d2i(certificate, NID_ext_key_usage, NULL, NULL);
    if (usages == NULL) return 0;
    int found = 0;
    for (int i = 0; i < sk_ASN1_OBJECT_num(usages) && !found; i++) {
        char text[80];
        int length = OBJ_obj2txt(text, sizeof text, sk_ASN1_OBJECT_value(usages, i), 1);
        found = 0 < length && length < (int)sizeof text && strcmp(text, oid) == 0;
    }
    EXTENDED_KEY_USAGE_free(usages);
    return found;
}

// MARK: Errors

int th_ssl_error_in_ssl(unsigned long code) {
    return ERR_GET_LIB(code) == ERR_LIB_SSL;
}

int th_ssl_error_reason(unsigned long code) {
    return ERR_GET_REASON(code);
}

int th_ssl_error_is_peer_alert(unsigned long code) {
    // libssl reports an alert of the peer as reason 1000 + its number.
    return ERR_GET_LIB(code) == ERR_LIB_SSL && SSL_AD_REASON_OFFSET <= ERR_GET_REASON(code) &&
           ERR_GET_REASON(code) <= SSL_AD_REASON_OFFSET + 255;
}

int th_ssl_error_alert(unsigned long code) {
    return ERR_GET_REASON(code) - SSL_AD_REASON_OFFSET;
}

// MARK: Process

int th_ssl_tune_allocator(int arenas) {
    return mallopt(M_MMAP_THRESHOLD, 4 << 20) && mallopt(M_TRIM_THRESHOLD, 8 << 20) &&
           mallopt(M_ARENA_MAX, arenas);
}
