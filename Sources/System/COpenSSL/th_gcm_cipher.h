// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the cipher as OpenSSL's core calls it.
#ifndef TH_GCM_CIPHER_H
#define TH_GCM_CIPHER_H

#include <openssl/core.h>

// Ends with an empty entry, as provider-base(7) has it.
extern const OSSL_ALGORITHM th_gcm_ciphers[];

#endif
