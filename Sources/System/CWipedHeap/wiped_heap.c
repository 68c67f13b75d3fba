// SPDX-License-Identifier: EUPL-1.2
// Torhaus: free and realloc that overwrite. glibc lets an executable replace them, and keeps its own under other names.

#define _GNU_SOURCE
#include "wiped_heap.h"

#include <dlfcn.h>
#include <malloc.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define TH_OTHER_HEAP 1
#endif
#endif

#ifdef TH_OTHER_HEAP

int th_heap_is_wiped(void) { return 0; }

void th_heap_give_back(void *memory) { free(memory); }

#else

extern void __libc_free(void *memory);
extern void *__libc_realloc(void *memory, size_t size);

// A library asks the dynamic linker for free: it must find the one below, which a linker could have kept to itself.
int th_heap_is_wiped(void) { return dlsym(RTLD_DEFAULT, "free") == (void *)free; }

void th_heap_give_back(void *memory) { __libc_free(memory); }

// Larger ones are looked at before they are overwritten: a buffer that was hardly used would become memory by it.
#define SMALL_BYTES ((size_t)16 << 10)
#define PAGE_BYTES ((size_t)4 << 10)

static int is_zero(const char *bytes, size_t count) {
    return bytes[0] == 0 && memcmp(bytes, bytes + 1, count - 1) == 0;
}

// As explicit_bzero does, without the call: the compiler may not leave it out because the memory is given back.
static void overwrite(char *memory, size_t count) {
    memset(memory, 0, count);
    __asm__ volatile("" : : "r"(memory) : "memory");
}

__attribute__((noinline)) static void wipe_large(char *memory, size_t count) {
    for (size_t at = 0; at < count; at += PAGE_BYTES) {
        size_t part = count - at < PAGE_BYTES ? count - at : PAGE_BYTES;
        if (!is_zero(memory + at, part)) overwrite(memory + at, part);
    }
}

static void wipe(char *memory, size_t count) {
    if (count <= SMALL_BYTES) {
        overwrite(memory, count);
    } else {
        wipe_large(memory, count);
    }
}

void free(void *memory) {
    if (memory == NULL) return;
    // errno stays as it is, as callers of free expect.
    wipe(memory, malloc_usable_size(memory));
    __libc_free(memory);
}

void *realloc(void *memory, size_t size) {
    // The odd cases are libc's own affair: nothing is copied in them.
    if (memory == NULL) return __libc_realloc(NULL, size);
    if (size == 0) {
        free(memory);
        return NULL;
    }
    size_t room = malloc_usable_size(memory);
    if (size <= room) {
        // What is given back lies behind the new end. Only a block that shrinks by more than half moves.
        wipe((char *)memory + size, room - size);
        if (room / 2 < size) return memory;
    }
    void *moved = malloc(size);
    if (moved == NULL) return NULL;
    memcpy(moved, memory, size < room ? size : room);
    free(memory);
    return moved;
}

#endif
