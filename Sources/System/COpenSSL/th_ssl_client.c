// SPDX-License-Identifier: EUPL-1.2
// Torhaus: see th_ssl_client.h.
#define _GNU_SOURCE
#include "th_ssl_client.h"

#include <fcntl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <sys/time.h>

int th_ssl_client_prepare(SSL_CTX *ctx, const char *authorities, const char *certificate, const char *key) {
    SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(ctx, SSL_MODE_AUTO_RETRY);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
    if (SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) != 1) return 0;
    if (authorities == NULL) {
        if (SSL_CTX_set_default_verify_paths(ctx) != 1) return 0;
    } else if (SSL_CTX_load_verify_file(ctx, authorities) != 1) {
        return 0;
    }
    if (certificate == NULL) return 1;
    return SSL_CTX_use_certificate_chain_file(ctx, certificate) == 1 &&
           SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) == 1 && SSL_CTX_check_private_key(ctx) == 1;
}

int th_ssl_client_pace(int fd, int milliseconds) {
    struct timeval time = {.tv_sec = milliseconds / 1000, .tv_usec = (milliseconds % 1000) * 1000};
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) < 0) return -1;
    if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time) < 0) return -1;
    return setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
}

int th_ssl_client_connect(SSL *ssl, int fd, const char *name) {
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set1_host(ssl, name) == 1 && SSL_set_tlsext_host_name(ssl, name) == 1 && SSL_set_fd(ssl, fd) == 1 &&
           SSL_connect(ssl) == 1;
}

const char *th_ssl_client_verdict(SSL *ssl) {
    long verdict = SSL_get_verify_result(ssl);
    return verdict == X509_V_OK ? NULL : X509_verify_cert_error_string(verdict);
}
