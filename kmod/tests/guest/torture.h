/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_TEST_TORTURE_H
#define KALLOCBENCH_TEST_TORTURE_H

#include <stdint.h>

#include "lines.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
/*
 * A run ends a chunk after its signal. A debugging kernel in an emulator that
 * has a tenth of a CPU to itself took 19 s for it; a hang takes for ever.
 */
#define LATE_MS 60000

/* Shared by all processes, bumped by atomics. */
struct totals {
	long writes, accepted, by_kind[LINE_KINDS];
	long refused[200];
	long reads, read_bytes, whole, aborts, killed, unloads;
	long violations;
	int done;
};

extern struct totals *total;

#define BUMP(what) __atomic_fetch_add(&total->what, 1, __ATOMIC_RELAXED)

void violation(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int open_file(const char *name, int flags);
long now_ms(void);

/* Each runs in a process of its own and returns its exit code. */
int writer(uint64_t seed, long writes);
int reader(uint64_t seed);

#endif
