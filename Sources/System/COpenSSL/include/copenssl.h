// SPDX-License-Identifier: EUPL-1.2
// Torhaus: OpenSSL as Swift sees it. The library's headers, and shims for what Swift cannot import.
#ifndef TH_COPENSSL_H
#define TH_COPENSSL_H

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "th_gcm.h"
#include "th_ssl_client.h"
#include "th_ssl_link.h"
#include "th_ssl_shelf.h"
#include "th_ssl_shims.h"
#include "th_ssl_tree.h"

#endif
