// SPDX-License-Identifier: EUPL-1.2
// Torhaus: see files.h.
#define _GNU_SOURCE
#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

static int on_directory(const char *path, int (*call)(int)) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
    if (fd < 0) return -1;
    int result = call(fd);
    int saved = errno;
    close(fd);
    errno = saved;
    return result;
}

int th_sync_filesystem(const char *path) { return on_directory(path, syncfs); }

int th_sync_directory(const char *path) { return on_directory(path, fsync); }

ssize_t th_list_directory(const char *path, char *names, size_t capacity) {
    DIR *directory = opendir(path);
    if (directory == NULL) return -1;
    size_t used = 0;
    errno = 0;
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        size_t length = strlen(entry->d_name) + 1;
        if (names != NULL && length <= capacity && used <= capacity - length) memcpy(names + used, entry->d_name, length);
        used += length;
    }
    int failed = errno;
    closedir(directory);
    if (failed != 0) {
        errno = failed;
        return -1;
    }
    return (ssize_t)used;
}

int th_lock_file(int fd) { return flock(fd, LOCK_EX | LOCK_NB); }

int th_free_bytes(const char *path, uint64_t *bytes) {
    struct statvfs status;
    if (statvfs(path, &status) < 0) return -1;
    *bytes = (uint64_t)status.f_bavail * status.f_frsize;
    return 0;
}

int64_t th_file_size(int fd) {
    struct stat status;
    if (fstat(fd, &status) < 0) return -1;
    if (!S_ISREG(status.st_mode)) {
        errno = EINVAL;
        return -1;
    }
    return status.st_size;
}

int th_open_file(const char *path, int writing, int create, int exclusive, mode_t mode) {
    int flags = O_CLOEXEC | O_NOFOLLOW | (writing ? O_RDWR : O_RDONLY);
    if (create) flags |= O_CREAT;
    if (exclusive) flags |= O_EXCL;
    return open(path, flags, mode);
}

int th_bypass_cache(int fd, int bypass) {
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0) return -1;
    return fcntl(fd, F_SETFL, bypass ? flags | O_DIRECT : flags & ~O_DIRECT);
}

ssize_t th_write_blocks(int fd, const void *bytes, size_t count, int64_t offset, int durable) {
    struct iovec piece = {.iov_base = (void *)bytes, .iov_len = count};
    ssize_t written;
    do written = pwritev2(fd, &piece, 1, offset, durable ? RWF_DSYNC : 0);
    while (written < 0 && errno == EINTR);
    return written;
}
