// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the BIO between libssl and a non-blocking socket.
#ifndef TH_SSL_LINK_H
#define TH_SSL_LINK_H

#include <openssl/bio.h>
#include <stddef.h>
#include <stdint.h>

// One per connection; owned by its BIO. Packed to 64 bytes, because thousands of sessions idle; no count exceeds the
// pending limit below.
typedef struct th_ssl_link {
    int fd;
    // errno of the recv or send that failed for good; 0 while the line stands.
    int failure;
    // The socket gave less than was asked for: it is empty until epoll says otherwise.
    uint8_t dry;
    uint8_t saw_eof;
    // A write of one record is running: it goes to the socket at once.
    uint8_t direct;
    // Bytes that recv may still bring in during this call. Keeps one peer from holding the thread.
    uint32_t allowance;
    // Where records go while one write is running; NULL otherwise.
    uint8_t *_Nullable scratch;
    uint32_t scratch_used;
    uint32_t scratch_capacity;
    // Records that the socket did not take; allocated only then.
    uint8_t *_Nullable pending;
    uint32_t pending_start;
    uint32_t pending_end;
    uint32_t pending_capacity;
    // The checked server name, lower case; NULL when the client named none.
    char *_Nullable server_name;
} th_ssl_link;

typedef enum th_ssl_delivery {
    TH_SSL_SENT = 0,
    TH_SSL_QUEUED = 1,
    TH_SSL_BROKEN = 2,
} th_ssl_delivery;

// More than this many unsent bytes on one connection is a caller who ignores `queued`.
#define TH_SSL_PENDING_LIMIT ((size_t)1 << 20)

// A BIO with its link inside; NULL when memory is out.
BIO *_Nullable th_ssl_link_new(int fd);

th_ssl_link *_Nonnull th_ssl_link_of(BIO *_Nonnull bio);

// Lets records collect in `area` until th_ssl_link_deliver.
void th_ssl_link_collect(th_ssl_link *_Nonnull link, uint8_t *_Nonnull area, uint32_t capacity);

// Lets the records of the write that follows go to the socket one by one, until th_ssl_link_deliver.
void th_ssl_link_direct(th_ssl_link *_Nonnull link);

// Sends what was collected with one send(); what the socket does not take becomes pending.
th_ssl_delivery th_ssl_link_deliver(th_ssl_link *_Nonnull link);

// Sends what is pending.
th_ssl_delivery th_ssl_link_flush(th_ssl_link *_Nonnull link);

// Keeps a copy of the checked server name; 0 when memory is out.
int th_ssl_link_name(th_ssl_link *_Nonnull link, const uint8_t *_Nonnull name, size_t length);

#endif
