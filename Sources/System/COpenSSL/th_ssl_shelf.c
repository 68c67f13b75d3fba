// SPDX-License-Identifier: EUPL-1.2
// Torhaus: see th_ssl_shelf.h.
#define _GNU_SOURCE
#include "th_ssl_shelf.h"

#include <malloc.h>
#include <openssl/crypto.h>
#include <stdint.h>
#include <stdlib.h>

// Smaller blocks than a record have no place here: they are many, and their owners or free see to them.
#define LEAST_BYTES ((size_t)16 << 10)
// A block serves a wish when it is no more than this larger.
#define WASTE_BYTES ((size_t)4 << 10)
// Large blocks begin where a page does, so that most small ones are told from them without a look at the heap.
#define PAGE_BYTES ((size_t)4 << 10)
// Most bursts need a read and a write buffer at a time; connections in the midst of a record hold more.
#define PLACES 16

typedef struct {
    void *block;
    size_t room;
} place;

static _Thread_local place places[PLACES];
static _Thread_local size_t used;
static _Thread_local int is_open;

// Large blocks are rare, small ones come by the hundred in each handshake: their way is kept short.
__attribute__((noinline)) static void *take_large(size_t size) {
    // The block that came last is the warmest.
    for (size_t i = used; 0 < i; i--) {
        place found = places[i - 1];
        if (size <= found.room && found.room - size <= WASTE_BYTES) {
            places[i - 1] = places[--used];
            return found.block;
        }
    }
    void *block = NULL;
    return posix_memalign(&block, PAGE_BYTES, size) == 0 ? block : NULL;
}

static void *take(size_t size, const char *file, int line) {
    (void)file;
    (void)line;
    if (LEAST_BYTES <= size) return take_large(size);
    return size == 0 ? NULL : malloc(size);
}

__attribute__((noinline)) static void give_aligned(void *block) {
    size_t room = is_open && used < PLACES ? malloc_usable_size(block) : 0;
    if (room < LEAST_BYTES) {
        free(block);
        return;
    }
    places[used++] = (place){block, room};
}

static void give(void *block, const char *file, int line) {
    (void)file;
    (void)line;
    if (block == NULL) return;
    if ((uintptr_t)block % PAGE_BYTES == 0) {
        give_aligned(block);
    } else {
        free(block);
    }
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
