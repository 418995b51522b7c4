/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_CELL_H
#define KALLOCBENCH_CELL_H

#include <linux/math64.h>

#include "plan.h"
#include "result.h"
#include "worker.h"

/**
 * struct cell_bench - what all cells of a plan are measured with
 * @plan: plan
 * @clock: calibrated
 * @crew: workers
 * @job: what they do now
 * @evict: memory to read to evict the caches, or NULL
 * @evict_bytes: bytes at @evict
 * @workers: what each of them has recorded
 * @merged: room for the samples of all, by op; NULL where there is one worker
 * @zones: room for the zones, @most_zones for each time
 * @most_zones: zones that there may be
 */
struct cell_bench {
	const struct plan *plan;
	struct result_clock clock;
	struct crew crew;
	struct job job;
	u8 *evict;
	size_t evict_bytes;
	struct result_worker *workers;
	struct hist *merged;
	struct result_zone *zones;
	unsigned int most_zones;
};

/* Microseconds as ticks of the clock. */
static inline u64 cell_ticks(const struct result_clock *clock, u64 us)
{
	return div_u64(us * clock->khz, 1000);
}

int kab_cell_open(struct cell_bench *b, const struct plan *plan);
void kab_cell_close(struct cell_bench *b);
const char *kab_cell_doubt(enum worker_stop stop);
int kab_cell_measure(struct cell_bench *b, u64 each, struct result_cell *cell);

#endif
