/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_TAIL_H
#define KALLOCBENCH_TAIL_H

#include <linux/types.h>

#include "result.h"

/* Chunks that are remembered; later ones are counted, not explained. */
#define TAIL_CHUNKS	4096

/**
 * struct tail_chunk - what is remembered of a chunk
 * @max: largest sample in ticks, by op
 * @ops: BIT() of each op that it has samples of
 * @causes: BIT() of each cause that was seen
 */
struct tail_chunk {
	u64 max[OPS];
	unsigned int ops;
	unsigned int causes;
};

/**
 * struct tail - the chunks of a worker
 * @n: how many there were
 * @chunk: the first TAIL_CHUNKS of them
 */
struct tail {
	unsigned int n;
	struct tail_chunk chunk[TAIL_CHUNKS];
};

void kab_tail_note(struct tail *tail, const u64 *before, const u64 *after,
		   const u64 *max, const unsigned int *n);
void kab_tail_find(struct tail_shares *shares, const struct result_worker *workers,
		   unsigned int n, enum result_op op, u64 above);

#endif
