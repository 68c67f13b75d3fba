// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the stand-in desktop of the benchmarks. One thread, plain TCP; it does what the first bytes of a connection say.
//
// Orders: 16 bytes = magic u32, kind u8, 3 unused, request bytes u32, answer bytes u32. A PROXY v2 header with an HTTP head behind it
// (the gate's relay to the control plane) is skipped before the order, so all programs under test talk to the same port.
#define _GNU_SOURCE
#include "orders.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD_LIMIT 4096
#define CHUNK (256 * 1024)

struct session {
    int fd;
    int started;
    uint32_t interest;
    struct order order;
    uint64_t received;  // of the current request
    uint64_t owed;      // bytes of answers not sent yet
    uint64_t position;  // in the pattern
    char *echo;         // bytes to send back that the socket did not take
    size_t echo_length;
    size_t head_length;
    char head[];
};

static int poller;
static unsigned char pattern[PATTERN_PERIOD + CHUNK];
static char chunk[CHUNK];

static void drop(struct session *s) {
    close(s->fd);
    free(s->echo);
    free(s);
}

static void want(struct session *s, uint32_t interest) {
    if (s->interest == interest) return;
    s->interest = interest;
    struct epoll_event event = {.events = interest, .data.ptr = s};
    epoll_ctl(poller, EPOLL_CTL_MOD, s->fd, &event);
}

// Zero: the session is gone.
static int answer(struct session *s) {
    for (int turn = 0; turn < 4 && (s->owed || s->order.kind == ORDER_DOWN); turn++) {
        size_t part = s->order.kind == ORDER_DOWN || s->owed > CHUNK ? CHUNK : (size_t)s->owed;
        ssize_t sent = send(s->fd, pattern + s->position % PATTERN_PERIOD, part, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN) break;
        if (sent <= 0) return drop(s), 0;
        s->position += (uint64_t)sent;
        if (s->order.kind != ORDER_DOWN) s->owed -= (uint64_t)sent;
        if ((size_t)sent < part) break;
    }
    want(s, EPOLLIN | (s->owed || s->order.kind == ORDER_DOWN ? EPOLLOUT : 0));
    return 1;
}

static int echo(struct session *s, const char *bytes, size_t length) {
    ssize_t sent = send(s->fd, bytes, length, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) return drop(s), 0;
    if (sent < 0) sent = 0;
    if ((size_t)sent < length) {
        char *rest = malloc(length - (size_t)sent);
        if (!rest) return drop(s), 0;
        memcpy(rest, bytes + sent, length - (size_t)sent);
        free(s->echo);
        s->echo = rest;
        s->echo_length = length - (size_t)sent;
        want(s, EPOLLOUT);
    } else {
        free(s->echo);
        s->echo = NULL;
        s->echo_length = 0;
        want(s, EPOLLIN);
    }
    return 1;
}

static int payload(struct session *s, const char *bytes, size_t length) {
    switch (s->order.kind) {
    case ORDER_ECHO: return length ? echo(s, bytes, length) : 1;
    case ORDER_EXCHANGE:
        s->received += length;
        while (s->received >= s->order.request) {
            s->received -= s->order.request;
            s->owed += s->order.answer;
        }
        return answer(s);
    case ORDER_DOWN: return answer(s);
    default: return 1;  // ORDER_UP: swallowed
    }
}

// Collects the head; zero: the session is gone.
static int begin(struct session *s, const char *bytes, size_t length) {
    static const char proxy[12] = "\r\n\r\n\0\r\nQUIT\n";
    if (length > HEAD_LIMIT - s->head_length) return drop(s), 0;
    memcpy(s->head + s->head_length, bytes, length);
    s->head_length += length;
    size_t offset = 0;
    if (s->head_length < 16) return 1;
    if (memcmp(s->head, proxy, sizeof proxy) == 0) {
        offset = 16 + ((size_t)(unsigned char)s->head[14] << 8 | (unsigned char)s->head[15]);
        if (offset >= s->head_length) return 1;
        char *end = memmem(s->head + offset, s->head_length - offset, "\r\n\r\n", 4);
        if (!end) return 1;
        offset = (size_t)(end - s->head) + 4;
    }
    if (s->head_length - offset < sizeof s->order) return 1;
    memcpy(&s->order, s->head + offset, sizeof s->order);
    offset += sizeof s->order;
    if (s->order.magic != ORDER_MAGIC || (s->order.kind == ORDER_EXCHANGE && !s->order.request)) {
        fprintf(stderr, "backend: a connection begins with something else\n");
        return drop(s), 0;
    }
    s->started = 1;
    return payload(s, s->head + offset, s->head_length - offset);
}

static void serve(struct session *s, uint32_t events) {
    if (s->echo && (events & EPOLLOUT) && !echo(s, s->echo, s->echo_length)) return;
    if (s->started && !s->echo && (events & EPOLLOUT) && !answer(s)) return;
    if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
        ssize_t count = recv(s->fd, chunk, s->started ? sizeof chunk : HEAD_LIMIT / 2, 0);
        if (count < 0 && errno == EAGAIN) return;
        if (count <= 0) return drop(s);
        if (s->started) payload(s, chunk, (size_t)count);
        else begin(s, chunk, (size_t)count);
    }
}

int main(int argc, char **argv) {
    if (argc != 2) return fprintf(stderr, "usage: backend PORT\n"), 2;
    signal(SIGPIPE, SIG_IGN);
    fill_pattern(pattern, sizeof pattern);
    int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1]))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 8192))
        return perror("backend"), 1;
    poller = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL}, ready[128];
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int count = epoll_wait(poller, ready, 128, -1);
        for (int i = 0; i < count; i++) {
            if (ready[i].data.ptr) {
                serve(ready[i].data.ptr, ready[i].events);
                continue;
            }
            int fd;
            while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
                // Closing with a reset leaves no TIME_WAIT behind after thousands of short sessions.
                struct linger reset = {1, 0};
                setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
                setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                struct session *s = calloc(1, sizeof *s + HEAD_LIMIT);
                if (!s) { close(fd); continue; }
                s->fd = fd;
                s->interest = EPOLLIN;
                struct epoll_event add = {.events = EPOLLIN, .data.ptr = s};
                epoll_ctl(poller, EPOLL_CTL_ADD, fd, &add);
            }
        }
    }
}
