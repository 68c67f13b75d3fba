/* SPDX-License-Identifier: EUPL-1.2 */
/* Torhaus: counts allocations of a program it is preloaded into, and prints the number at the end. */

#define _GNU_SOURCE
#include <stddef.h>
#include <stdio.h>

void *__libc_malloc(size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static unsigned long count;

void *malloc(size_t size) {
    __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED);
    return __libc_malloc(size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
    __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED);
    *result = __libc_memalign(alignment, size);
    return *result == NULL ? 12 : 0;
}

__attribute__((destructor)) static void tell(void) { fprintf(stderr, "allocations %lu\n", count); }
