// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the load generator tells the stand-in desktop, and the bytes both know.
#pragma once
#include <stddef.h>
#include <stdint.h>

#define ORDER_MAGIC 0xB7B7B7B7u
#define ORDER_DOWN 1      // send without end
#define ORDER_UP 2        // swallow
#define ORDER_EXCHANGE 3  // `answer` bytes for every `request` bytes
#define ORDER_ECHO 4

struct order {
    uint32_t magic;
    uint8_t kind;
    uint8_t unused[3];
    uint32_t request;
    uint32_t answer;
};

// Prime, so that no block size of a program under test divides it and a shifted stream is seen.
#define PATTERN_PERIOD 65521

static inline void fill_pattern(unsigned char *bytes, size_t length) {
    for (size_t i = 0; i < length; i++) {
        uint32_t x = (uint32_t)(i % PATTERN_PERIOD) * 2654435761u;
        bytes[i] = (unsigned char)(x >> 24 ^ x >> 11);
    }
}
