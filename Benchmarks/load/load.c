// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the load generator of the benchmarks. One thread and epoll, except where new handshakes are the load.
//
// load KIND --port N --framing raw|portal|tunnel [--sessions N] [--seconds S] [--rate R] [--threads T] [--cpu FILE] [--pids A,B]
// The result is one line of KEY=VALUE on standard output.
#define _GNU_SOURCE
#include "line.h"
#include "meter.h"
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <openssl/err.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static struct target target;
static unsigned sessions = 16, threads = 16;
static double seconds = 3, rate = 10;
static struct line *lines;
static int poller;

static void fail(const char *what) {
    fprintf(stderr, "load: %s\n", what);
    exit(1);
}

static void open_lines(struct order order) {
    lines = calloc(sessions, sizeof *lines);
    poller = epoll_create1(0);
    for (unsigned i = 0; i < sessions; i++) {
        if (line_open(&lines[i], &target, i) || line_order(&lines[i], &target, &order)) fail("cannot open a session");
    }
}

static void watch_lines(uint32_t interest) {
    for (unsigned i = 0; i < sessions; i++) {
        fcntl(lines[i].fd, F_SETFL, O_NONBLOCK);
        struct epoll_event event = {.events = interest, .data.u32 = i};
        epoll_ctl(poller, EPOLL_CTL_ADD, lines[i].fd, &event);
    }
}

// MARK: Bulk

// Records are counted and thrown away without being decrypted, so that the client is never the limit.
static void run_down(void) {
    static char waste[1 << 20];
    open_lines((struct order){.magic = ORDER_MAGIC, .kind = ORDER_DOWN});
    watch_lines(EPOLLIN);
    struct epoll_event ready[256];
    uint64_t bytes = 0;
    struct meter meter;
    double begin = clock_now() + 0.5, end = begin + seconds, now;
    int measuring = 0;
    while ((now = clock_now()) < end) {
        if (!measuring && now >= begin) {
            meter_start(&meter);
            measuring = 1;
            bytes = 0;
            begin = clock_now();
        }
        int count = epoll_wait(poller, ready, 256, 100);
        for (int i = 0; i < count; i++) {
            ssize_t got = recv(lines[ready[i].data.u32].fd, waste, sizeof waste, 0);
            if (got == 0 || (got < 0 && errno != EAGAIN)) fail("a session broke");
            if (got > 0) bytes += (uint64_t)got;
        }
    }
    meter_stop(&meter);
    printf("bytes=%llu seconds=%.3f %s\n", (unsigned long long)bytes, clock_now() - begin, meter_text(&meter));
}

static void run_up(void) {
    unsigned char plain[16366], wire[16384];
    fill_pattern(plain, sizeof plain);
    size_t size = line_wrap(target.framing, plain, sizeof plain, wire);
    open_lines((struct order){.magic = ORDER_MAGIC, .kind = ORDER_UP});
    watch_lines(EPOLLOUT);
    struct epoll_event ready[256];
    uint64_t bytes = 0;
    struct meter meter;
    double begin = clock_now() + 0.5, end = begin + seconds, now;
    int measuring = 0;
    while ((now = clock_now()) < end) {
        if (!measuring && now >= begin) {
            meter_start(&meter);
            measuring = 1;
            bytes = 0;
            begin = clock_now();
        }
        int count = epoll_wait(poller, ready, 256, 100);
        for (int i = 0; i < count; i++) {
            struct line *line = &lines[ready[i].data.u32];
            for (int turn = 0; turn < 8; turn++) {
                // One record a time: it is taken whole or not at all.
                int sent = SSL_write(line->ssl, wire, (int)size);
                if (sent <= 0) {
                    if (SSL_get_error(line->ssl, sent) != SSL_ERROR_WANT_WRITE) fail("a session broke");
                    ERR_clear_error();
                    break;
                }
                bytes += sizeof plain;
            }
        }
    }
    meter_stop(&meter);
    printf("bytes=%llu seconds=%.3f %s\n", (unsigned long long)bytes, clock_now() - begin, meter_text(&meter));
}

// MARK: Exchanges

static int compare(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static void run_exchange(uint32_t request, uint32_t answer) {
    unsigned char plain[4096];
    fill_pattern(plain, sizeof plain);
    open_lines((struct order){.magic = ORDER_MAGIC, .kind = ORDER_EXCHANGE, .request = request, .answer = answer});
    watch_lines(EPOLLIN);
    size_t capacity = (size_t)(sessions * rate * (seconds + 2)) + 1024, samples = 0;
    float *times = malloc(capacity * sizeof *times);
    double *asked = calloc(sessions, sizeof *asked);
    uint64_t *goal = calloc(sessions, sizeof *goal);
    struct epoll_event ready[256];
    struct meter meter;
    double step = 1.0 / (sessions * rate);
    double begin = clock_now() + 1, due = clock_now(), end = begin + seconds, now;
    unsigned next = 0;
    uint64_t late = 0;
    int measuring = 0;
    while ((now = clock_now()) < end) {
        if (!measuring && now >= begin) {
            meter_start(&meter);
            measuring = 1;
            samples = 0;
            late = 0;
        }
        while (due <= now) {
            if (goal[next] > lines[next].payload) {
                late++;
            } else {
                // From when it was due, not from when it was sent: a stalled generator is not kinder.
                asked[next] = due;
                goal[next] = lines[next].payload + answer;
                if (line_send(&lines[next], target.framing, plain, request)) fail("a session broke");
            }
            next = (next + 1) % sessions;
            due += step;
        }
        double wait = due - clock_now();
        struct timespec pause = {0, wait > 0 ? (long)(wait * 1e9) : 0};
        int count = epoll_pwait2(poller, ready, 256, &pause, NULL);
        for (int i = 0; i < count; i++) {
            unsigned number = ready[i].data.u32;
            struct line *line = &lines[number];
            uint64_t before = line->payload;
            int got;
            while ((got = line_read(line, target.framing, NULL, NULL)) > 0) {}
            if (got < 0) fail("a session broke");
            if (before < goal[number] && line->payload >= goal[number] && samples < capacity)
                times[samples++] = (float)((clock_now() - asked[number]) * 1e6);
        }
    }
    meter_stop(&meter);
    if (!samples) fail("no answers");
    qsort(times, samples, sizeof *times, compare);
    printf("exchanges=%zu late=%llu p50=%.1f p99=%.1f %s\n", samples, (unsigned long long)late,
           (double)times[samples / 2], (double)times[samples * 99 / 100], meter_text(&meter));
}

// MARK: New sessions

static _Atomic uint64_t opened, broken;
static _Atomic int stopping;
static double thread_rate;

// A whole session: connection, full handshake, connection to the desktop, one byte each way, close.
static int whole_session(unsigned number) {
    struct order order = {.magic = ORDER_MAGIC, .kind = ORDER_EXCHANGE, .request = 1, .answer = 1};
    struct line line;
    if (line_open(&line, &target, number)) return 0;
    int ok = !line_order(&line, &target, &order) && !line_send(&line, target.framing, (unsigned char *)"x", 1);
    unsigned char byte;
    ok = ok && SSL_read(line.ssl, &byte, 1) == 1;
    line_close(&line);
    return ok;
}

static void *open_and_close(void *argument) {
    unsigned number = (unsigned)(uintptr_t)argument;
    double due = clock_now() + number * (thread_rate > 0 ? 1 / thread_rate / threads : 0);
    for (unsigned i = number; !stopping; i += threads) {
        if (thread_rate > 0) {
            double wait = due - clock_now();
            if (wait > 0) usleep((useconds_t)(wait * 1e6));
            // What could not be done in time is not made up for: that would be a storm of another size.
            due = wait < -0.2 ? clock_now() : due + 1 / thread_rate;
        }
        if (whole_session(i)) opened++;
        else broken++;
    }
    return NULL;
}

static void run_handshakes(double total_rate) {
    thread_rate = total_rate / threads;
    pthread_t *running = calloc(threads, sizeof *running);
    for (unsigned i = 0; i < threads; i++) pthread_create(&running[i], NULL, open_and_close, (void *)(uintptr_t)i);
    usleep(500000);
    struct meter meter;
    uint64_t first = opened, first_broken = broken;
    double begin = clock_now();
    meter_start(&meter);
    usleep((useconds_t)(seconds * 1e6));
    meter_stop(&meter);
    uint64_t count = opened - first;
    double took = clock_now() - begin;
    printf("sessions=%llu broken=%llu seconds=%.3f %s\n", (unsigned long long)count,
           (unsigned long long)(broken - first_broken), took, meter_text(&meter));
    stopping = 1;
    for (unsigned i = 0; i < threads; i++) pthread_join(running[i], NULL);
}

// Exactly so many sessions, one after the other, so that two counts of the same number agree.
static void run_count(void) {
    double begin = clock_now();
    for (unsigned i = 0; i < sessions; i++)
        if (!whole_session(i)) fail("a session broke");
    printf("sessions=%u seconds=%.3f\n", sessions, clock_now() - begin);
}

// Whether the kernel counts instructions here: none in this process means no.
static void run_counters(void) {
    char self[16];
    snprintf(self, sizeof self, "%d", getpid());
    meter_pids = self;
    struct meter meter;
    meter_start(&meter);
    meter_stop(&meter);
    printf("%s\n", meter_text(&meter));
}

// MARK: Idle sessions

// Opens the sessions, three exchanges each, says "ready" and holds them until standard input ends.
static void run_idle(void) {
    unsigned char plain[1024];
    fill_pattern(plain, sizeof plain);
    open_lines((struct order){.magic = ORDER_MAGIC, .kind = ORDER_EXCHANGE, .request = 1024, .answer = 16384});
    for (int turn = 0; turn < 3; turn++) {
        for (unsigned i = 0; i < sessions; i++) {
            uint64_t goal = lines[i].payload + 16384;
            if (line_send(&lines[i], target.framing, plain, sizeof plain)) fail("a session broke");
            while (lines[i].payload < goal)
                if (line_read(&lines[i], target.framing, NULL, NULL) <= 0) fail("a session broke");
        }
    }
    printf("ready=%u\n", sessions);
    fflush(stdout);
    while (getchar() != EOF) {}
}

// MARK: Content

struct expectation {
    const unsigned char *bytes;
    uint64_t position, wrong;
};

static void check(struct line *line, const unsigned char *bytes, size_t length, void *context) {
    (void)line;
    struct expectation *e = context;
    for (size_t i = 0; i < length; i++) e->wrong += bytes[i] != e->bytes[(e->position + i) % PATTERN_PERIOD];
    e->position += length;
}

// Echoes of random sizes and 32 MB of the pattern, every byte compared.
static void run_verify(void) {
    unsigned char *pattern = malloc(2 * PATTERN_PERIOD);
    fill_pattern(pattern, 2 * PATTERN_PERIOD);
    uint64_t checked = 0, wrong = 0;
    srandom(1);
    for (unsigned i = 0; i < sessions; i++) {
        struct line line;
        struct expectation seen = {pattern, 0, 0};
        struct order order = {.magic = ORDER_MAGIC, .kind = ORDER_ECHO};
        if (line_open(&line, &target, i) || line_order(&line, &target, &order)) fail("cannot open a session");
        uint64_t sent = 0;
        for (int turn = 0; turn < 50; turn++) {
            // Small sizes as often as large ones: frame headers change form at 126 bytes.
            size_t part = (size_t)random() % (turn % 2 ? 200 : 60000) + 1;
            if (line_send(&line, target.framing, pattern + sent % PATTERN_PERIOD, part)) fail("a session broke");
            sent += part;
            while (seen.position < sent)
                if (line_read(&line, target.framing, check, &seen) <= 0) fail("echo missing");
        }
        line_close(&line);
        checked += seen.position;
        wrong += seen.wrong;
    }
    for (unsigned i = 0; i < 2; i++) {
        struct line line;
        struct expectation seen = {pattern, 0, 0};
        struct order order = {.magic = ORDER_MAGIC, .kind = ORDER_DOWN};
        if (line_open(&line, &target, i) || line_order(&line, &target, &order)) fail("cannot open a session");
        while (seen.position < 32 << 20)
            if (line_read(&line, target.framing, check, &seen) <= 0) fail("bytes missing");
        line_close(&line);
        checked += seen.position;
        wrong += seen.wrong;
    }
    printf("checked=%llu wrong=%llu\n", (unsigned long long)checked, (unsigned long long)wrong);
    if (wrong) exit(1);
}

int main(int argc, char **argv) {
    static const struct option options[] = {
        {"port", 1, 0, 'p'}, {"framing", 1, 0, 'f'}, {"sessions", 1, 0, 'n'}, {"seconds", 1, 0, 's'},
        {"rate", 1, 0, 'r'}, {"threads", 1, 0, 't'}, {"cpu", 1, 0, 'c'}, {"pids", 1, 0, 'i'}, {0, 0, 0, 0}};
    for (int o; (o = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (o) {
        case 'p': target.port = (uint16_t)atoi(optarg); break;
        case 'f':
            target.framing = !strcmp(optarg, "tunnel")  ? FRAMING_TUNNEL
                             : !strcmp(optarg, "portal") ? FRAMING_PORTAL
                                                         : FRAMING_RAW;
            break;
        case 'n': sessions = (unsigned)atoi(optarg); break;
        case 's': seconds = atof(optarg); break;
        case 'r': rate = atof(optarg); break;
        case 't': threads = (unsigned)atoi(optarg); break;
        case 'c': meter_cpu_file = optarg; break;
        case 'i': meter_pids = optarg; break;
        default: return 2;
        }
    }
    if (optind >= argc) return fprintf(stderr, "load: which kind?\n"), 2;
    signal(SIGPIPE, SIG_IGN);
    target.tls = client_context();
    const char *kind = argv[optind];
    if (!strcmp(kind, "down")) run_down();
    else if (!strcmp(kind, "up")) run_up();
    else if (!strcmp(kind, "burst")) run_exchange(1024, 16384);
    else if (!strcmp(kind, "ping")) run_exchange(64, 64);
    else if (!strcmp(kind, "direct-ping")) target.framing = FRAMING_DIRECT, run_exchange(64, 64);
    else if (!strcmp(kind, "direct-burst")) target.framing = FRAMING_DIRECT, run_exchange(1024, 16384);
    else if (!strcmp(kind, "handshakes")) run_handshakes(0);
    else if (!strcmp(kind, "count")) run_count();
    else if (!strcmp(kind, "counters")) run_counters();
    else if (!strcmp(kind, "storm")) run_handshakes(rate);
    else if (!strcmp(kind, "idle")) run_idle();
    else if (!strcmp(kind, "verify")) run_verify();
    else return fprintf(stderr, "load: unknown kind %s\n", kind), 2;
    return 0;
}
