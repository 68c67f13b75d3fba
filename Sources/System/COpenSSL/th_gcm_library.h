// SPDX-License-Identifier: EUPL-1.2
// Torhaus: AES-GCM of Intel's multi-buffer library (libipsec-mb), which uses the processor's widest registers.
#ifndef TH_GCM_LIBRARY_H
#define TH_GCM_LIBRARY_H

#include "th_gcm.h"

#include <stddef.h>
#include <stdint.h>

#define TH_GCM_IV_BYTES 12
#define TH_GCM_TAG_BYTES 16
#define TH_GCM_KEY_BYTES 32

// What one message in progress needs; room for the library's own.
typedef struct th_gcm_state {
    _Alignas(16) uint8_t bytes[96];
} th_gcm_state;

// A key as it was given, and the number its expanded form is found by; numbers are never used twice.
typedef struct th_gcm_key {
    uint64_t number;
    uint16_t bits;
    uint8_t bytes[TH_GCM_KEY_BYTES];
} th_gcm_key;

// Finds the library and looks at the processor; once, before there are threads.
th_gcm_outcome th_gcm_library_open(void);

// Takes 16 or 32 bytes.
void th_gcm_key_set(th_gcm_key *key, const uint8_t *bytes, uint16_t bits);

// One message: begin, any number of updates (in place is fine), finish. A message is shorter than 2^36 - 32 bytes.
void th_gcm_begin(
    const th_gcm_key *key, th_gcm_state *state, const uint8_t *iv, const uint8_t *aad, size_t aad_length
);
void th_gcm_update(
    const th_gcm_key *key, th_gcm_state *state, int encrypting, uint8_t *out, const uint8_t *in, size_t length
);
void th_gcm_finish(const th_gcm_key *key, th_gcm_state *state, int encrypting, uint8_t *tag);

#endif
