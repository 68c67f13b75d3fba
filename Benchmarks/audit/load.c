// SPDX-License-Identifier: EUPL-1.2
// Torhaus: producers of audit records, each of which waits for its receipt before the next; one thread, few lines.
// usage: load SOCKET PRODUCERS CONNECTIONS SECONDS [people]      prints records a second and milliseconds p50, p99, max
// With `people` every record is the sign-in of somebody who was not there before.
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { most_lines = 64, most_producers = 4096, reply_bytes = 22 };

struct line {
    int fd;
    uint8_t in[65536];
    size_t used;
};

static struct line lines[most_lines];
static double begun[most_producers];
static float *samples;
static size_t sample_count, sample_room;
static uint64_t serial;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void die(const char *what) {
    perror(what);
    exit(1);
}

static bool people;

static int sign_in(char *body, size_t room) {
    return snprintf(
        body, room,
        "\"event_code\":\"GW1001I\",\"event\":\"sign-in.succeeded\",\"category\":\"sign-in\",\"outcome\":\"success\","
        "\"severity\":\"info\",\"retention\":\"access\",\"actor\":\"person.%llu@county.example\","
        "\"municipality\":\"rhoenblick\",\"src_ip\":\"198.51.100.%llu\",\"salt\":\"%032llx\"}",
        (unsigned long long)serial, (unsigned long long)(serial % 250),
        (unsigned long long)(serial * 11400714819323198485u));
}

static size_t message(uint8_t *out, uint32_t producer) {
    char body[1024];
    serial++;
    int length = people ? sign_in(body, sizeof body) : snprintf(
        body, sizeof body,
        "\"event_code\":\"GW3001I\",\"event\":\"session.opened\",\"category\":\"session\",\"outcome\":\"success\","
        "\"severity\":\"info\",\"retention\":\"session\",\"actor\":\"p-%032llx\",\"municipality\":\"rhoenblick\","
        "\"pool\":\"buero\",\"desktop\":\"rb-%04llu\",\"target\":\"10.20.30.40:3389\",\"way\":\"native\","
        "\"ticket\":\"%012llx\",\"rule\":\"group:rhoenblick-desktop\",\"salt\":\"%032llx\"}",
        (unsigned long long)(serial * 2654435761u), (unsigned long long)(serial % 2500),
        (unsigned long long)(serial * 40503u), (unsigned long long)(serial * 11400714819323198485u));
    struct timespec wall;
    clock_gettime(CLOCK_REALTIME, &wall);
    uint64_t milliseconds = (uint64_t)wall.tv_sec * 1000 + (uint64_t)wall.tv_nsec / 1000000;
    uint32_t frame = (uint32_t)(2 + 8 + 8 + 2 + length);
    uint64_t number = producer;
    uint16_t size = (uint16_t)length;
    uint8_t *at = out;
    memcpy(at, &frame, 4), at += 4;
    *at++ = 1, *at++ = 0xC1;
    memcpy(at, &number, 8), at += 8;
    memcpy(at, &milliseconds, 8), at += 8;
    memcpy(at, &size, 2), at += 2;
    memcpy(at, body, (size_t)length), at += length;
    return (size_t)(at - out);
}

static void post(struct line *line, uint32_t producer, uint8_t *out, size_t *used) {
    (void)line;
    begun[producer] = now();
    *used += message(out + *used, producer);
}

static void send_all(int fd, const uint8_t *bytes, size_t count) {
    while (count > 0) {
        ssize_t sent = send(fd, bytes, count, MSG_NOSIGNAL);
        if (sent < 0) die("send");
        bytes += sent, count -= (size_t)sent;
    }
}

static int by_size(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

int main(int count, char **words) {
    people = count == 6 && strcmp(words[5], "people") == 0;
    if (count != 5 && !people) return fprintf(stderr, "usage: load SOCKET PRODUCERS CONNECTIONS SECONDS [people]\n"), 64;
    // Two runs against one log have different people.
    struct timespec wall;
    clock_gettime(CLOCK_REALTIME, &wall);
    if (people) serial = (uint64_t)wall.tv_sec * 1000000;
    uint32_t producers = (uint32_t)atoi(words[2]);
    int connections = atoi(words[3]);
    double seconds = atof(words[4]);
    if (producers > most_producers || connections > most_lines || connections < 1) return 64;
    static uint8_t out[most_producers * 1100];
    struct pollfd polls[most_lines];
    for (int i = 0; i < connections; i++) {
        struct sockaddr_un to = {.sun_family = AF_UNIX};
        strncpy(to.sun_path, words[1], sizeof to.sun_path - 1);
        lines[i].fd = socket(AF_UNIX, SOCK_STREAM, 0);
        if (connect(lines[i].fd, (struct sockaddr *)&to, sizeof to) != 0) die("connect");
        polls[i] = (struct pollfd){.fd = lines[i].fd, .events = POLLIN};
    }
    sample_room = 1 << 24;
    samples = malloc(sample_room * sizeof *samples);
    double start = now(), end = start + seconds;
    for (int i = 0; i < connections; i++) {
        size_t used = 0;
        for (uint32_t p = (uint32_t)i; p < producers; p += (uint32_t)connections) post(&lines[i], p, out, &used);
        send_all(lines[i].fd, out, used);
    }
    while (now() < end) {
        if (poll(polls, (nfds_t)connections, 1000) < 0) die("poll");
        for (int i = 0; i < connections; i++) {
            if (!(polls[i].revents & POLLIN)) continue;
            struct line *line = &lines[i];
            ssize_t got = recv(line->fd, line->in + line->used, sizeof line->in - line->used, 0);
            if (got <= 0) die("recv");
            line->used += (size_t)got;
            size_t at = 0, used = 0;
            double arrived = now();
            for (; at + reply_bytes <= line->used; at += reply_bytes) {
                uint64_t number;
                memcpy(&number, line->in + at + 6, 8);
                if (line->in[at + 5] != 0xE1) return fprintf(stderr, "a record was refused\n"), 1;
                if (sample_count < sample_room) samples[sample_count++] = (float)((arrived - begun[number]) * 1e3);
                post(line, (uint32_t)number, out, &used);
            }
            memmove(line->in, line->in + at, line->used - at);
            line->used -= at;
            send_all(line->fd, out, used);
        }
    }
    double took = now() - start;
    if (sample_count == 0) return fprintf(stderr, "nothing was answered\n"), 1;
    qsort(samples, sample_count, sizeof *samples, by_size);
    printf("%.0f %.3f %.3f %.3f\n", (double)sample_count / took, samples[sample_count / 2],
           samples[sample_count * 99 / 100], samples[sample_count - 1]);
    return 0;
}
