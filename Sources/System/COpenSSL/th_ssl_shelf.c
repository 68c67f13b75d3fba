// SPDX-License-Identifier: EUPL-1.2
// Torhaus: see th_ssl_shelf.h.
#define _GNU_SOURCE
#include "th_ssl_shelf.h"

#include <malloc.h>
#include <openssl/crypto.h>
#include <stdlib.h>

// Smaller blocks than a record have no place here: they are many, and their owners or free see to them.
#define LEAST_BYTES ((size_t)16 << 10)
// A block serves a wish when it is no more than this larger.
#define WASTE_BYTES ((size_t)4 << 10)
// Most bursts need a read and a write buffer at a time; connections in the midst of a record hold more.
#define PLACES 16

typedef struct {
    void *block;
    size_t room;
} place;

static _Thread_local place places[PLACES];
static _Thread_local size_t used;
static _Thread_local int is_open;

static void *take(size_t size, const char *file, int line) {
    (void)file;
    (void)line;
    if (size == 0) return NULL;
    // The block that came last is the warmest.
    for (size_t i = LEAST_BYTES <= size ? used : 0; 0 < i; i--) {
        place found = places[i - 1];
        if (size <= found.room && found.room - size <= WASTE_BYTES) {
            places[i - 1] = places[--used];
            return found.block;
        }
    }
    return malloc(size);
}

static void give(void *block, const char *file, int line) {
    (void)file;
    (void)line;
    if (block == NULL) return;
    size_t room = is_open && used < PLACES ? malloc_usable_size(block) : 0;
    if (room < LEAST_BYTES) {
        free(block);
        return;
    }
    places[used++] = (place){block, room};
}

static void *change(void *block, size_t size, const char *file, int line) {
    if (block == NULL) return take(size, file, line);
    if (size == 0) {
        give(block, file, line);
        return NULL;
    }
    return realloc(block, size);
}

int th_ssl_shelf_install(void) { return CRYPTO_set_mem_functions(take, change, give); }

void th_ssl_shelf_open(void) { is_open = 1; }

void th_ssl_shelf_clear(void) {
    while (0 < used) free(places[--used].block);
}

__attribute__((weak)) void th_heap_give_back(void *memory) { free(memory); }
