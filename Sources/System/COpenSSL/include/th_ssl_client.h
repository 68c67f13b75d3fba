// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the client side of TLS for few, slow lines: a socket with time limits, one thread a line.
#ifndef TH_SSL_CLIENT_H
#define TH_SSL_CLIENT_H

#include <openssl/ssl.h>
#include <stddef.h>
#include <stdint.h>

// TLS 1.2 and 1.3, the peer verified against `authorities` (NULL: the system's); 1, or 0 with the error queue.
// certificate and key are both NULL or both PEM files.
int th_ssl_client_prepare(SSL_CTX *_Nonnull ctx, const char *_Nullable authorities,
                          const char *_Nullable certificate, const char *_Nullable key);

// Blocking from now on, each step at most `milliseconds`. 0 or -1 with errno.
int th_ssl_client_pace(int fd, int milliseconds);

// Binds the socket and the name that the peer must prove, and shakes hands. 1, or 0 with the error queue.
int th_ssl_client_connect(SSL *_Nonnull ssl, int fd, const char *_Nonnull name);

// Why the peer's certificate was refused, or NULL when it was not.
const char *_Nullable th_ssl_client_verdict(SSL *_Nonnull ssl);

#endif
