// SPDX-License-Identifier: EUPL-1.2
// Torhaus: CPU time of the program under test, and its retired instructions where the kernel counts them.
#define _GNU_SOURCE
#include "meter.h"
#include <dirent.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

const char *meter_cpu_file;
const char *meter_pids;

double clock_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double cpu_of_process(int pid) {
    char path[64], line[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *file = fopen(path, "r");
    if (!file) return 0;
    char *got = fgets(line, sizeof line, file);
    fclose(file);
    char *after = got ? strrchr(line, ')') : NULL;
    unsigned long user = 0, system = 0;
    if (after) sscanf(after + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static double cpu_now(void) {
    if (meter_cpu_file) {
        FILE *file = fopen(meter_cpu_file, "r");
        unsigned long long nanoseconds = 0;
        if (file) {
            if (fscanf(file, "%llu", &nanoseconds) != 1) nanoseconds = 0;
            fclose(file);
        }
        return (double)nanoseconds / 1e9;
    }
    double sum = 0;
    for (const char *at = meter_pids; at && *at; at = strchr(at, ',') ? strchr(at, ',') + 1 : "") sum += cpu_of_process(atoi(at));
    return sum;
}

static void count_thread(struct meter *meter, int thread) {
    struct perf_event_attr attr = {.type = PERF_TYPE_HARDWARE, .size = sizeof attr, .inherit = 1};
    attr.config = PERF_COUNT_HW_INSTRUCTIONS;
    attr.exclude_hv = 1;
    int fd = (int)syscall(SYS_perf_event_open, &attr, thread, -1, -1, 0);
    if (fd >= 0 && meter->count < 256) meter->counters[meter->count++] = fd;
}

void meter_start(struct meter *meter) {
    memset(meter, 0, sizeof *meter);
    for (const char *at = meter_pids; at && *at; at = strchr(at, ',') ? strchr(at, ',') + 1 : "") {
        char path[64];
        snprintf(path, sizeof path, "/proc/%d/task", atoi(at));
        DIR *tasks = opendir(path);
        for (struct dirent *entry; tasks && (entry = readdir(tasks));)
            if (entry->d_name[0] != '.') count_thread(meter, atoi(entry->d_name));
        if (tasks) closedir(tasks);
    }
    meter->cpu = cpu_now();
    meter->started = clock_now();
}

void meter_stop(struct meter *meter) {
    meter->cpu = cpu_now() - meter->cpu;
    meter->wall = clock_now() - meter->started;
    for (int i = 0; i < meter->count; i++) {
        uint64_t value = 0;
        if (read(meter->counters[i], &value, sizeof value) == sizeof value) meter->instructions += value;
        close(meter->counters[i]);
    }
}

const char *meter_text(const struct meter *meter) {
    static char text[128];
    snprintf(text, sizeof text, "cpu=%.6f wall=%.6f instructions=%llu", meter->cpu, meter->wall,
             (unsigned long long)meter->instructions);
    return text;
}
