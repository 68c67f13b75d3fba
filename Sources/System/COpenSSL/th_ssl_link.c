// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the BIO between libssl and a non-blocking socket.
#include "th_ssl_link.h"

#include "th_ssl_shelf.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

// MARK: Sending

// Bytes taken, 0 when the socket is full, -1 when the line is broken.
static ssize_t send_some(th_ssl_link *link, const uint8_t *bytes, size_t count) {
    for (;;) {
        ssize_t taken = send(link->fd, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (0 <= taken) return taken;
        if (errno == EINTR) continue;
        if (errno == EAGAIN || errno == EWOULDBLOCK) return 0;
        link->failure = errno;
        return -1;
    }
}

static void drop_pending(th_ssl_link *link) {
    th_heap_give_back(link->pending);
    link->pending = NULL;
    link->pending_start = link->pending_end = link->pending_capacity = 0;
}

// Appends to the unsent bytes. Grows exactly: the common case is one block, written once, then flushed.
static int keep(th_ssl_link *link, const uint8_t *bytes, size_t count) {
    size_t held = link->pending_end - link->pending_start;
    if (TH_SSL_PENDING_LIMIT - held < count) {
        link->failure = ENOBUFS;
        return 0;
    }
    if (link->pending_capacity - link->pending_end < count) {
        uint8_t *block = malloc(held + count);
        if (block == NULL) {
            link->failure = ENOMEM;
            return 0;
        }
        if (held != 0) memcpy(block, link->pending + link->pending_start, held);
        th_heap_give_back(link->pending);
        link->pending = block;
        link->pending_start = 0;
        link->pending_end = (uint32_t)held;
        link->pending_capacity = (uint32_t)(held + count);
    }
    memcpy(link->pending + link->pending_end, bytes, count);
    link->pending_end += (uint32_t)count;
    return 1;
}

th_ssl_delivery th_ssl_link_flush(th_ssl_link *link) {
    if (link->failure != 0) return TH_SSL_BROKEN;
    while (link->pending_start < link->pending_end) {
        size_t left = link->pending_end - link->pending_start;
        ssize_t taken = send_some(link, link->pending + link->pending_start, left);
        if (taken < 0) return TH_SSL_BROKEN;
        link->pending_start += (uint32_t)taken;
        if ((size_t)taken < left) return TH_SSL_QUEUED;
    }
    drop_pending(link);
    return TH_SSL_SENT;
}

void th_ssl_link_collect(th_ssl_link *link, uint8_t *area, uint32_t capacity) {
    link->scratch = area;
    link->scratch_used = 0;
    link->scratch_capacity = capacity;
}

void th_ssl_link_direct(th_ssl_link *link) {
    link->direct = 1;
}

th_ssl_delivery th_ssl_link_deliver(th_ssl_link *link) {
    const uint8_t *area = link->scratch;
    size_t count = link->scratch_used;
    link->scratch = NULL;
    link->scratch_used = link->scratch_capacity = 0;
    link->direct = 0;

    if (link->failure != 0) return TH_SSL_BROKEN;
    size_t taken = 0;
    if (link->pending == NULL && count != 0) {
        ssize_t sent = send_some(link, area, count);
        if (sent < 0) return TH_SSL_BROKEN;
        taken = (size_t)sent;
        if (taken == count) return TH_SSL_SENT;
        return keep(link, area + taken, count - taken) ? TH_SSL_QUEUED : TH_SSL_BROKEN;
    }
    // Something older waits: order matters more than the extra copy.
    if (count != 0 && !keep(link, area, count)) return TH_SSL_BROKEN;
    return th_ssl_link_flush(link);
}

// MARK: BIO methods

static int link_write(BIO *bio, const char *bytes, int count) {
    th_ssl_link *link = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (link->failure != 0 || count < 0) return -1;
    if (link->direct && link->pending == NULL) {
        ssize_t sent = send_some(link, (const uint8_t *)bytes, (size_t)count);
        if (sent < 0) return -1;
        if (sent == count) return count;
        return keep(link, (const uint8_t *)bytes + sent, (size_t)(count - sent)) ? count : -1;
    }
    // The BIO always accepts: with partial writes off, a refusal would stop SSL_write after one record.
    if (link->scratch != NULL && (size_t)count <= link->scratch_capacity - link->scratch_used) {
        memcpy(link->scratch + link->scratch_used, bytes, (size_t)count);
        link->scratch_used += (uint32_t)count;
        return count;
    }
    if (link->scratch != NULL && link->scratch_used != 0) {
        // Scratch is full: what it holds goes first.
        if (!keep(link, link->scratch, link->scratch_used)) return -1;
        link->scratch_used = 0;
    }
    return keep(link, (const uint8_t *)bytes, (size_t)count) ? count : -1;
}

static int link_read(BIO *bio, char *bytes, int count) {
    th_ssl_link *link = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (link->saw_eof) return 0;
    if (link->failure != 0 || count < 0) return -1;
    if (link->dry || link->allowance == 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    for (;;) {
        ssize_t taken = recv(link->fd, bytes, (size_t)count, MSG_DONTWAIT);
        if (0 < taken) {
            size_t n = (size_t)taken;
            link->allowance -= n < link->allowance ? (uint32_t)n : link->allowance;
            // A short read empties the socket: saves the recv that would only say EAGAIN.
            if (taken < count) link->dry = 1;
            return (int)taken;
        }
        if (taken == 0) {
            link->saw_eof = 1;
            return 0;
        }
        if (errno == EINTR) continue;
        if (errno == EAGAIN || errno == EWOULDBLOCK) {
            link->dry = 1;
            BIO_set_retry_read(bio);
            return -1;
        }
        link->failure = errno;
        return -1;
    }
}

static long link_ctrl(BIO *bio, int command, long number, void *argument) {
    (void)number;
    (void)argument;
    th_ssl_link *link = BIO_get_data(bio);
    switch (command) {
    case BIO_CTRL_FLUSH:
        // While records collect, the writer sends them all at once.
        if (link->scratch != NULL || link->direct) return 1;
        return th_ssl_link_flush(link) == TH_SSL_BROKEN ? 0 : 1;
    case BIO_CTRL_DUP:
    case BIO_CTRL_PUSH:
    case BIO_CTRL_POP:
        return 1;
    // BIO_CTRL_EOF stays 0 on purpose: libssl would answer a closed line with a fatal alert and refuse
    // to write; the caller learns of it through saw_eof and may still send.
    default:
        return 0;
    }
}

static int link_create(BIO *bio) {
    th_ssl_link *link = calloc(1, sizeof *link);
    if (link == NULL) return 0;
    link->fd = -1;
    BIO_set_data(bio, link);
    BIO_set_init(bio, 1);
    return 1;
}

static int link_destroy(BIO *bio) {
    if (bio == NULL) return 0;
    th_ssl_link *link = BIO_get_data(bio);
    if (link != NULL) {
        drop_pending(link);
        free(link->server_name);
        free(link);
        BIO_set_data(bio, NULL);
    }
    return 1;
}

// MARK: Making

static BIO_METHOD *method;
static CRYPTO_ONCE method_once = CRYPTO_ONCE_STATIC_INIT;

static void make_method(void) {
    BIO_METHOD *made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "torhaus link");
    if (made == NULL) return;
    BIO_meth_set_write(made, link_write);
    BIO_meth_set_read(made, link_read);
    BIO_meth_set_ctrl(made, link_ctrl);
    BIO_meth_set_create(made, link_create);
    BIO_meth_set_destroy(made, link_destroy);
    method = made;
}

BIO *th_ssl_link_new(int fd) {
    if (!CRYPTO_THREAD_run_once(&method_once, make_method) || method == NULL) return NULL;
    BIO *bio = BIO_new(method);
    if (bio == NULL) return NULL;
    th_ssl_link_of(bio)->fd = fd;
    return bio;
}

th_ssl_link *th_ssl_link_of(BIO *bio) {
    return BIO_get_data(bio);
}

int th_ssl_link_name(th_ssl_link *link, const uint8_t *name, size_t length) {
    char *copy = malloc(length + 1);
    if (copy == NULL) return 0;
    memcpy(copy, name, length);
    copy[length] = 0;
    free(link->server_name);
    link->server_name = copy;
    return 1;
}
