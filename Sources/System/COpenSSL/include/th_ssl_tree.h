// SPDX-License-Identifier: EUPL-1.2
// Torhaus: SHA-256 for many short inputs, and what Swift cannot import of Ed25519.
#ifndef TH_SSL_TREE_H
#define TH_SSL_TREE_H

#include <openssl/evp.h>
#include <stddef.h>
#include <stdint.h>

// SHA-256 with the algorithm fetched once and one context a thread. 1, or 0 when the library cannot.
int th_sha256(const void *_Nullable bytes, size_t count, uint8_t *_Nullable digest);

// A fresh Ed25519 key, or NULL.
EVP_PKEY *_Nullable th_ed25519_generate(void);

// EVP_PKEY_ED25519.
int th_ed25519_kind(void);

#endif
