// SPDX-License-Identifier: EUPL-1.2
// Torhaus: an OpenSSL provider with one thing in it: a faster AES-GCM for records.
#ifndef TH_GCM_H
#define TH_GCM_H

// OpenSSL 3.0 encrypts with 128-bit registers. Processors with AVX-512 and VAES do four times as much at once, and
// libipsec-mb knows how. libssl keeps the whole protocol; only the cipher under it is another one, and only in contexts
// that ask for it by TH_GCM_PROPERTIES.

typedef enum th_gcm_outcome {
    TH_GCM_READY = 0,
    // This program was built where the library's header is missing.
    TH_GCM_NOT_BUILT = 1,
    // The library is not installed, or is another than the one this program was built for.
    TH_GCM_NO_LIBRARY = 2,
    // The processor has no registers that make it worth the while.
    TH_GCM_NO_PROCESSOR = 3,
    // OpenSSL does not take the provider.
    TH_GCM_NOT_TAKEN = 4,
    // It does not calculate what OpenSSL's own does: it must not be used.
    TH_GCM_WRONG = 5,
} th_gcm_outcome;

// For SSL_CTX_new_ex: ours where there is one, else OpenSSL's.
#define TH_GCM_PROPERTIES "?provider=torhaus"

// Registers the provider and compares it with OpenSSL's own cipher. Once, before there are threads.
th_gcm_outcome th_gcm_install(void);

// Overwrites the expanded key that the calling thread used last.
void th_gcm_forget(void);

#endif
