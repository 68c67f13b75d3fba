// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the program under test used between two moments.
#pragma once
#include <stdint.h>

struct meter {
    int counters[256];
    int count;
    double cpu;
    double started;
    uint64_t instructions;
    double wall;
};

// cpuacct.usage of the program's group, in nanoseconds; NULL: the times of `meter_pids` from /proc.
extern const char *meter_cpu_file;
// Comma-separated.
extern const char *meter_pids;

double clock_now(void);
void meter_start(struct meter *meter);
void meter_stop(struct meter *meter);
const char *meter_text(const struct meter *meter);
