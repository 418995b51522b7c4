/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_CELL_H
#define KALLOCBENCH_CELL_H

#include "crew.h"
#include "plan.h"
#include "result.h"
#include "text.h"
#include "verdict.h"

/**
 * struct cell - a cell to be measured, and where to
 * @plan: its plan
 * @at: its coordinates
 * @clock: calibrated
 * @crew: the workers
 * @each: bytes that one of its objects takes
 * @evict: memory to read to evict the caches, or NULL
 * @evict_bytes: bytes at @evict
 * @lines: empty; gets what there is to say besides the samples
 * @notes: empty; gets more words for the cell line
 * @remarks: empty; gets what a person has to know of the samples, a sentence
 * @verdict: gets how it ended
 */
struct cell {
	const struct plan *plan;
	const struct plan_cell *at;
	const struct result_clock *clock;
	struct crew *crew;
	u64 each;
	const u8 *evict;
	size_t evict_bytes;
	struct text *lines;
	struct text *notes;
	struct text *remarks;
	struct verdict *verdict;
};

u64 cell_ticks(const struct result_clock *clock, u64 us);
bool cell_measure(const struct cell *c, struct job *job);

#endif
