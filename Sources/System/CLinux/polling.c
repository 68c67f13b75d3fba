// SPDX-License-Identifier: EUPL-1.2
// Torhaus: see polling.h.
#define _GNU_SOURCE
#include "polling.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <linux/sockios.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>

int th_epoll_wait(int epoll, th_ready *out, int capacity, int timeout_ms) {
    struct epoll_event events[512];
    if (capacity > 512) capacity = 512;
    int count = epoll_wait(epoll, events, capacity, timeout_ms);
    for (int i = 0; i < count; i++) {
        out[i].events = events[i].events;
        out[i].token = events[i].data.u64;
    }
    return count;
}

int th_epoll_ctl(int epoll, int operation, int fd, uint32_t events, uint64_t token) {
    struct epoll_event event = {.events = events, .data.u64 = token};
    return epoll_ctl(epoll, operation, fd, &event);
}

static void to_mapped(const struct sockaddr_storage *from, uint8_t address[16], uint16_t *port) {
    memset(address, 0, 16);
    *port = 0;
    if (from->ss_family == AF_INET6) {
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)from;
        memcpy(address, &six->sin6_addr, 16);
        *port = ntohs(six->sin6_port);
    } else if (from->ss_family == AF_INET) {
        const struct sockaddr_in *four = (const struct sockaddr_in *)from;
        address[10] = address[11] = 0xff;
        memcpy(address + 12, &four->sin_addr, 4);
        *port = ntohs(four->sin_port);
    }
}

static int is_mapped(const uint8_t address[16]) {
    static const uint8_t prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    return memcmp(address, prefix, 12) == 0;
}

static socklen_t from_mapped(const uint8_t address[16], uint32_t scope, uint16_t port, struct sockaddr_storage *to) {
    memset(to, 0, sizeof *to);
    if (is_mapped(address)) {
        struct sockaddr_in *four = (struct sockaddr_in *)to;
        four->sin_family = AF_INET;
        four->sin_port = htons(port);
        memcpy(&four->sin_addr, address + 12, 4);
        return sizeof *four;
    }
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)to;
    six->sin6_family = AF_INET6;
    six->sin6_port = htons(port);
    six->sin6_scope_id = scope;
    memcpy(&six->sin6_addr, address, 16);
    return sizeof *six;
}

int th_accept_tcp(int listener, uint8_t address[16], uint16_t *port) {
    struct sockaddr_storage peer;
    socklen_t length = sizeof peer;
    memset(&peer, 0, sizeof peer);
    int fd = accept4(listener, (struct sockaddr *)&peer, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) to_mapped(&peer, address, port);
    return fd;
}

static int close_keeping_errno(int fd) {
    int saved = errno;
    close(fd);
    errno = saved;
    return -1;
}

int th_connect_tcp(const uint8_t address[16], uint32_t scope, uint16_t port) {
    struct sockaddr_storage to;
    socklen_t length = from_mapped(address, scope, port, &to);
    int fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof one);
    if (connect(fd, (struct sockaddr *)&to, length) != 0 && errno != EINPROGRESS) return close_keeping_errno(fd);
    return fd;
}

int th_connect_unix(const char *path) {
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof to.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(to.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0) return close_keeping_errno(fd);
    return fd;
}

int th_listen_tcp(const uint8_t address[16], uint16_t port, int reuse_port, int backlog) {
    struct sockaddr_storage at;
    socklen_t length = from_mapped(address, 0, port, &at);
    int fd = socket(at.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    int one = 1;
    int zero = 0;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (reuse_port) setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
    // The unspecified IPv6 address takes IPv4 clients too; a specific one stays what it says.
    if (at.ss_family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof zero);
    if (bind(fd, (struct sockaddr *)&at, length) != 0 || listen(fd, backlog) != 0) return close_keeping_errno(fd);
    return fd;
}

int th_local_address(int fd, uint8_t address[16], uint16_t *port) {
    struct sockaddr_storage local;
    socklen_t length = sizeof local;
    memset(&local, 0, sizeof local);
    if (getsockname(fd, (struct sockaddr *)&local, &length) != 0) return -1;
    to_mapped(&local, address, port);
    return 0;
}

int th_unacknowledged(int fd) {
    int pending = 0;
    return ioctl(fd, SIOCOUTQ, &pending) == 0 ? pending : -1;
}

int th_resolve(const char *host, uint8_t *addresses, uint32_t *scopes, int capacity) {
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
    struct addrinfo *list = NULL;
    struct in_addr four;
    struct in6_addr six;
    // AI_ADDRCONFIG hides loopback addresses on a machine without others; a literal needs no configuration.
    if (inet_pton(AF_INET, host, &four) == 1 || inet_pton(AF_INET6, host, &six) == 1) hints.ai_flags = AI_NUMERICHOST;
    int code = getaddrinfo(host, NULL, &hints, &list);
    if (code == EAI_NONAME && hints.ai_flags == AI_ADDRCONFIG) {
        hints.ai_flags = 0;
        code = getaddrinfo(host, NULL, &hints, &list);
    }
    if (code != 0) return -1 - abs(code);
    int count = 0;
    for (struct addrinfo *each = list; each != NULL && count < capacity; each = each->ai_next) {
        uint16_t port;
        struct sockaddr_storage copy;
        memset(&copy, 0, sizeof copy);
        if (each->ai_addrlen > sizeof copy) continue;
        memcpy(&copy, each->ai_addr, each->ai_addrlen);
        to_mapped(&copy, addresses + 16 * count, &port);
        scopes[count] =
            each->ai_family == AF_INET6 ? ((struct sockaddr_in6 *)each->ai_addr)->sin6_scope_id : 0;
        count++;
    }
    freeaddrinfo(list);
    return count;
}

int th_ticker(void) {
    return timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
}

int th_ticker_set(int fd, unsigned milliseconds) {
    struct timespec step = {milliseconds / 1000, (long)(milliseconds % 1000) * 1000000};
    struct itimerspec timer = {step, step};
    return timerfd_settime(fd, 0, &timer, NULL);
}

struct thread_start {
    char name[16];
    int nice;
    unsigned slice_us;
    void *context;
    void (*body)(void *);
};

// sched_setattr(2) has no wrapper in the C library, and its structure is in a header that clashes with <sched.h>.
struct schedule {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    // Of a normal thread: its slice in nanoseconds, since Linux 6.12; older kernels ignore it.
    uint64_t runtime, deadline, period;
};

// On Linux a nice value belongs to the thread, not to the process.
static void set_schedule(int nice, unsigned slice_us) {
    struct schedule wish = {.size = sizeof wish, .nice = nice, .runtime = (uint64_t)slice_us * 1000};
    if (syscall(SYS_sched_setattr, 0, &wish, 0) != 0) setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), nice);
}

static void *thread_main(void *argument) {
    struct thread_start start = *(struct thread_start *)argument;
    free(argument);
    pthread_setname_np(pthread_self(), start.name);
    if (start.nice != 0 || start.slice_us != 0) set_schedule(start.nice, start.slice_us);
    start.body(start.context);
    return NULL;
}

int th_thread_start(const char *name, int nice, unsigned slice_us, void *context, void (*body)(void *)) {
    struct thread_start *start = calloc(1, sizeof *start);
    if (start == NULL) return ENOMEM;
    strncpy(start->name, name, sizeof start->name - 1);
    start->nice = nice;
    start->slice_us = slice_us;
    start->context = context;
    start->body = body;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_t thread;
    int code = pthread_create(&thread, &attributes, thread_main, start);
    pthread_attr_destroy(&attributes);
    if (code != 0) free(start);
    return code;
}

void th_tune_client_socket(int fd, unsigned user_timeout_ms) {
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof one);
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &user_timeout_ms, sizeof user_timeout_ms);
}
