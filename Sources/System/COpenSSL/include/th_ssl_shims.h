// SPDX-License-Identifier: EUPL-1.2
// Torhaus: macros of OpenSSL as functions.
#ifndef TH_SSL_SHIMS_H
#define TH_SSL_SHIMS_H

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stddef.h>
#include <stdint.h>

// MARK: Contexts

// What every profile shares: TLS 1.2 and 1.3, no renegotiation, no compression, no server-side session
// cache, buffers released when empty.
int th_ssl_ctx_prepare(SSL_CTX *_Nonnull ctx, long ticket_seconds);

// Switches session tickets off for TLS 1.2 and 1.3.
int th_ssl_ctx_disable_tickets(SSL_CTX *_Nonnull ctx);

int th_ssl_ctx_set_groups(SSL_CTX *_Nonnull ctx, const char *_Nonnull list);
int th_ssl_ctx_set_signature_algorithms(SSL_CTX *_Nonnull ctx, const char *_Nonnull list);
int th_ssl_ctx_add_chain(SSL_CTX *_Nonnull ctx, X509 *_Nonnull certificate);
void th_ssl_ctx_set_client_verification(SSL_CTX *_Nonnull ctx);

// The NID of the agreed group, 0 when there is none.
int th_ssl_negotiated_group(SSL *_Nonnull ssl);

// MARK: Session tickets

typedef int (*th_ssl_ticket_callback)(
    SSL *_Nullable, unsigned char *_Nullable, unsigned char *_Nullable, EVP_CIPHER_CTX *_Nullable,
    EVP_MAC_CTX *_Nullable, int
);

int th_ssl_ctx_set_ticket_callback(SSL_CTX *_Nonnull ctx, th_ssl_ticket_callback _Nonnull callback);

// Arms both contexts for one ticket: AES-256-CBC and HMAC-SHA-256.
int th_ssl_ticket_arm(
    EVP_CIPHER_CTX *_Nonnull cipher_context, EVP_MAC_CTX *_Nonnull mac_context,
    const EVP_CIPHER *_Nonnull cipher, const uint8_t *_Nonnull cipher_key,
    const uint8_t *_Nonnull mac_key, const uint8_t *_Nonnull iv, int encrypting
);

// MARK: Certificates


// Calls of a PEM password prompt would block on the terminal: this answers "none".
int th_ssl_no_password(char *_Nullable buffer, int size, int writing, void *_Nullable context);

// Seconds since 1970; 0 and *ok = 0 when the time cannot be read.
int64_t th_ssl_time(const ASN1_TIME *_Nullable time, int *_Nonnull ok);

// RFC 2253 text in which letters beyond ASCII stay as they are.
unsigned long th_ssl_name_flags(void);

// What a memory BIO holds; the bytes stay owned by it.
size_t th_ssl_bio_contents(BIO *_Nonnull bio, void *_Nullable *_Nonnull start);

// The number of names, and one of them: kind is a GEN_… constant; data stays owned by the list.
int th_ssl_names_count(const GENERAL_NAMES *_Nonnull names);
int th_ssl_name_at(
    const GENERAL_NAMES *_Nonnull names, int index, const uint8_t *_Nullable *_Nonnull data,
    int *_Nonnull length
);

STACK_OF(X509) *_Nullable th_ssl_stack_new(void);
int th_ssl_stack_push(STACK_OF(X509) *_Nonnull stack, X509 *_Nonnull certificate);
// Frees the list and lets go of every certificate in it.
void th_ssl_stack_free(STACK_OF(X509) *_Nullable stack);

// 1 when the extended key usage names this OID (dotted form).
int th_ssl_has_extended_usage(X509 *_Nonnull certificate, const char *_Nonnull oid);

// MARK: Errors

int th_ssl_error_is_peer_alert(unsigned long code);
// The alert number of an error for which the function above is true.
int th_ssl_error_alert(unsigned long code);
int th_ssl_error_in_ssl(unsigned long code);
// The reason code, without the library part.
int th_ssl_error_reason(unsigned long code);

// MARK: Process

// Keeps malloc from mapping and trimming on each read; 0 when the C library refuses.
int th_ssl_tune_allocator(int arenas);

#endif
