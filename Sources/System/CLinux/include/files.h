// SPDX-License-Identifier: EUPL-1.2
// Torhaus: calls for files that must survive a power failure, which the Swift overlay does not import.
#pragma once

// No _GNU_SOURCE here: this header is the module's first, and types such as fd_set would then differ from those of other
// C modules.
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// syncfs on the filesystem of a path; errors of earlier writes are reported too. 0 or -1 with errno.
int th_sync_filesystem(const char *_Nonnull path);

/// fsync of a directory: what was created, renamed or removed in it stays so. 0 or -1 with errno.
int th_sync_directory(const char *_Nonnull path);

/// The names in a directory, each with its NUL, without . and .. The bytes that are needed, which may be above
/// capacity; -1 with errno.
ssize_t th_list_directory(const char *_Nonnull path, char *_Nullable names, size_t capacity);

/// flock(LOCK_EX | LOCK_NB). 0 or -1 with errno (EWOULDBLOCK: another process holds it).
int th_lock_file(int fd);

/// What an unprivileged process may still write to the filesystem of a path. 0 or -1 with errno.
int th_free_bytes(const char *_Nonnull path, uint64_t *_Nonnull bytes);

/// The size of an open regular file, or -1 with errno (EINVAL: another kind of file).
int64_t th_file_size(int fd);

/// open with O_CLOEXEC | O_NOFOLLOW. fd or -1 with errno.
int th_open_file(const char *_Nonnull path, int writing, int create, int exclusive, mode_t mode);

/// Sets or clears O_DIRECT: with it, later writes bypass the page cache, and need whole blocks in aligned memory. 0 or -1
/// with errno (EINVAL: the file system cannot).
int th_bypass_cache(int fd, int bypass);

/// pwritev2 of one piece, once more after EINTR; with `durable` it returns when the bytes are on the disk (RWF_DSYNC). The
/// bytes written, or -1 with errno.
ssize_t th_write_blocks(int fd, const void *_Nonnull bytes, size_t count, int64_t offset, int durable);
