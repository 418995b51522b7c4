/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_COUNTERS_H
#define KALLOCBENCH_COUNTERS_H

/*
 * counters - what the processor counts itself while a stretch runs: hardware
 * events of one CPU, read before the clock and after it.
 */

#include <linux/types.h>

#include "plan.h"
#include "refusal.h"
#include "result.h"

/* Samples of an op that a worker takes between two recordings, at most. */
#define COUNTERS_CHUNK	128

struct counters;

size_t kab_counters_bytes(const struct plan *plan);
int kab_counters_check(const struct plan *plan, struct refusal *error);
struct counters *kab_counters_open(const struct plan *plan, unsigned int cpu,
				   const unsigned int *n, struct refusal *error);
void kab_counters_close(struct counters *c);
void kab_counters_prepare(struct counters *c, unsigned int ops,
			  struct result_worker *r);
u64 kab_counters_begin(struct counters *c);
u64 kab_counters_end(struct counters *c, enum result_op op, unsigned int at);
void kab_counters_tare(struct counters *c, enum result_op op,
		       struct result_worker *r);
void kab_counters_record(struct counters *c, struct result_worker *r);

#endif
