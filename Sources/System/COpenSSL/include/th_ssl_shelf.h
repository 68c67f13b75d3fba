// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what becomes of the large blocks that libssl takes and gives back with every burst.
#ifndef TH_SSL_SHELF_H
#define TH_SSL_SHELF_H

// libssl decrypts in its read buffer (128 KiB) and gives it back as soon as it is empty: what a client said stays in it.
// Where the heap overwrites what is freed, that would cost more than a short message does, so a thread keeps such blocks
// on a shelf of its own, where its next burst finds them, and frees them from time to time.

// Lets libcrypto allocate through the shelf; 0 when it has allocated already, and everything stays as it was.
int th_ssl_shelf_install(void);

// The calling thread keeps large blocks from now on; it must call th_ssl_shelf_clear from time to time.
void th_ssl_shelf_open(void);

// Frees what lies on the calling thread's shelf.
void th_ssl_shelf_clear(void);

// Frees what holds ciphertext only. Where CWipedHeap is linked, its own takes the place of this one: there free
// overwrites, which unsent records do not need.
void th_heap_give_back(void *_Nullable memory);

#endif
