// SPDX-License-Identifier: EUPL-1.2
// Torhaus: see unix_sockets.h.
#include "unix_sockets.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static int make_address(const char *path, struct sockaddr_un *address) {
    size_t length = strlen(path);
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    if (length == 0 || sizeof address->sun_path <= length) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(address->sun_path, path, length);
    return 0;
}

static int close_with(int fd, int code) {
    close(fd);
    errno = code;
    return -1;
}

int th_unix_connect(const char *path) {
    struct sockaddr_un address;
    if (make_address(path, &address) < 0) return -1;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -1;
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) return close_with(fd, errno);
    return fd;
}

/// Removes a socket that nobody listens on; any other kind of file stays, and bind reports it.
static int remove_dead(const char *path) {
    struct stat status;
    if (lstat(path, &status) < 0 || !S_ISSOCK(status.st_mode)) return 0;
    int probe = th_unix_connect(path);
    if (0 <= probe || errno == EAGAIN) {
        if (0 <= probe) close(probe);
        errno = EADDRINUSE;
        return -1;
    }
    return errno == ECONNREFUSED ? unlink(path) : 0;
}

int th_unix_listen(const char *path, mode_t mode, int backlog) {
    struct sockaddr_un address;
    if (make_address(path, &address) < 0 || remove_dead(path) < 0) return -1;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -1;
    // Closed to all until the mode is set.
    mode_t before = umask(0777);
    int bound = bind(fd, (struct sockaddr *)&address, sizeof address);
    int code = errno;
    umask(before);
    if (bound < 0) return close_with(fd, code);
    if (listen(fd, backlog) < 0 || chmod(path, mode) < 0) return close_with(fd, errno);
    return fd;
}

int th_unix_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK); }

int th_unix_pair(int pair[2]) { return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair); }

int th_unix_peer(int fd, uid_t *uid, gid_t *gid, pid_t *pid) {
    struct ucred peer;
    socklen_t size = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0) return -1;
    *uid = peer.uid;
    *gid = peer.gid;
    *pid = peer.pid;
    return 0;
}

ssize_t th_receive_now(int fd, void *bytes, size_t count) {
    ssize_t result;
    do {
        result = recv(fd, bytes, count, MSG_DONTWAIT);
    } while (result < 0 && errno == EINTR);
    return result;
}

ssize_t th_send_now(int fd, const void *bytes, size_t count) {
    ssize_t result;
    do {
        result = send(fd, bytes, count, MSG_DONTWAIT | MSG_NOSIGNAL);
    } while (result < 0 && errno == EINTR);
    return result;
}

int th_shutdown_sending(int fd) { return shutdown(fd, SHUT_WR); }

typedef union {
    char room[CMSG_SPACE(sizeof(int))];
    struct cmsghdr header;
} descriptor_room;

int th_send_descriptor(int socket, int descriptor) {
    char byte = 1;
    struct iovec part = {&byte, 1};
    descriptor_room control;
    memset(&control, 0, sizeof control);
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
    ssize_t sent;
    do {
        sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent == 1 ? 0 : -1;
}

int th_receive_descriptor(int socket) {
    char byte = 0;
    struct iovec part = {&byte, 1};
    descriptor_room control;
    memset(&control, 0, sizeof control);
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room};
    ssize_t count;
    do {
        count = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    } while (count < 0 && errno == EINTR);
    if (count < 0) return -1;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (count == 0 || !header || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS ||
        header->cmsg_len != CMSG_LEN(sizeof(int))) {
        errno = EPROTO;
        return -1;
    }
    int descriptor;
    memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
    // The room fits one descriptor only, and the kernel closes the ones that do not fit.
    if (message.msg_flags & MSG_CTRUNC) return close_with(descriptor, EPROTO);
    return descriptor;
}
