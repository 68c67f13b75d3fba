// SPDX-License-Identifier: EUPL-1.2
// Torhaus: Unix stream sockets, the peer's identity, and descriptors handed over.
#pragma once

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// A bound and listening Unix stream socket, close-on-exec and non-blocking; a dead socket at the path is replaced, a
/// living one is EADDRINUSE. fd or -1 with errno.
int th_unix_listen(const char *_Nonnull path, mode_t mode, int backlog);

/// A connection to a Unix stream socket, close-on-exec and non-blocking. fd or -1 with errno (EAGAIN: queue is full).
int th_unix_connect(const char *_Nonnull path);

/// accept4, close-on-exec and non-blocking. fd or -1 with errno.
int th_unix_accept(int listener);

/// Two connected Unix stream sockets, close-on-exec and blocking. 0 or -1 with errno.
int th_unix_pair(int pair[_Nonnull 2]);

/// SO_PEERCRED. 0 or -1 with errno.
int th_unix_peer(int fd, uid_t *_Nonnull uid, gid_t *_Nonnull gid, pid_t *_Nonnull pid);

/// recv with MSG_DONTWAIT. Count, 0 at the end, -1 with errno.
ssize_t th_receive_now(int fd, void *_Nonnull bytes, size_t count);

/// send with MSG_DONTWAIT and MSG_NOSIGNAL. Count or -1 with errno.
ssize_t th_send_now(int fd, const void *_Nonnull bytes, size_t count);

/// shutdown(SHUT_WR). 0 or -1 with errno.
int th_shutdown_sending(int fd);

/// Sends one byte with a descriptor beside it. 0 or -1 with errno.
int th_send_descriptor(int socket, int descriptor);

/// Receives what th_send_descriptor sent, close-on-exec. fd, -1 with errno; EPROTO when there was not exactly one.
int th_receive_descriptor(int socket);
