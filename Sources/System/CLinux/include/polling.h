// SPDX-License-Identifier: EUPL-1.2
// Torhaus: epoll, eventfd, signalfd and the socket calls that the Swift overlay does not import.
#pragma once

#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>

/// One ready descriptor: what happened, and the number it was registered with.
typedef struct {
    uint32_t events;
    uint32_t reserved;
    uint64_t token;
} th_ready;

/// epoll_wait into an unpacked array; at most `capacity` (<= 512) entries. Returns the count or -1 with errno.
int th_epoll_wait(int epoll, th_ready *_Nonnull out, int capacity, int timeout_ms);

/// epoll_ctl; operation is EPOLL_CTL_ADD, _MOD or _DEL. 0 or -1 with errno.
int th_epoll_ctl(int epoll, int operation, int fd, uint32_t events, uint64_t token);

/// accept4 with SOCK_NONBLOCK | SOCK_CLOEXEC; the peer as a 16-byte IPv6 (mapped) address and a port.
int th_accept_tcp(int listener, uint8_t address[_Nonnull 16], uint16_t *_Nonnull port);

/// A non-blocking TCP socket whose connect has begun to a 16-byte IPv6 (mapped) address. fd or -1 with errno.
int th_connect_tcp(const uint8_t address[_Nonnull 16], uint32_t scope, uint16_t port);

/// A non-blocking Unix stream socket, connected. fd or -1 with errno (EAGAIN: the listener's queue is full).
int th_connect_unix(const char *_Nonnull path);

/// A listening, non-blocking TCP socket on a 16-byte IPv6 (mapped) address. fd or -1 with errno.
int th_listen_tcp(const uint8_t address[_Nonnull 16], uint16_t port, int reuse_port, int backlog);

/// The local address of a socket as a 16-byte IPv6 (mapped) address and a port. 0 or -1.
int th_local_address(int fd, uint8_t address[_Nonnull 16], uint16_t *_Nonnull port);

/// Bytes in the send queue that the peer's kernel has not acknowledged, or -1.
int th_unacknowledged(int fd);

/// Up to `capacity` addresses (16 bytes and a scope each) for a name, in the resolver's order; blocks. Returns the
/// count, or -1 - |EAI code|.
int th_resolve(const char *_Nonnull host, uint8_t *_Nonnull addresses, uint32_t *_Nonnull scopes, int capacity);

/// A timerfd on the monotonic clock, not running. fd or -1 with errno.
int th_ticker(void);

/// Lets it expire every `milliseconds` from now on; 0 stops it. 0 or -1 with errno.
int th_ticker_set(int fd, unsigned milliseconds);

/// A thread with a name (at most 15 bytes), detached. 0 or an errno. `nice` and `slice_us` (the time that the scheduler
/// gives it at once; 0: the system's) are best effort.
int th_thread_start(const char *_Nonnull name, int nice, unsigned slice_us, void *_Nonnull context,
                    void (*_Nonnull body)(void *_Nonnull context));

/// setsockopt for what a relayed connection wants: no delay, keepalive, TCP_USER_TIMEOUT. Best effort.
void th_tune_client_socket(int fd, unsigned user_timeout_ms);
