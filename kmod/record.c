// SPDX-License-Identifier: GPL-2.0
/*
 * record - the samples of a chunk -> what a worker keeps of them.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "worker.h"

static void note_last(struct worker *w)
{
	const u64 overhead = w->recorded.overhead[OP_ALLOC];
	unsigned int i;

	if (!w->n[OP_ALLOC])
		return;
	memset(&w->last, 0, sizeof(w->last));
	for (i = 0; i < w->n[OP_ALLOC]; i++) {
		u64 ticks = w->ticks[OP_ALLOC][i];

		ticks -= min(ticks, overhead);
		w->last.n++;
		w->last.sum += ticks;
		w->last.max = max(w->last.max, ticks);
	}
}

/**
 * worker_record() - add the samples of a chunk to the distributions
 * @w: worker
 * @tried: allocations that the chunk has tried
 * @max: gets the largest sample in ticks, by op
 *
 * Context: process; between two chunks.
 */
void worker_record(struct worker *w, unsigned int tried, u64 *max)
{
	struct hist *frees = w->recorded.hist[OP_FREE];
	enum result_op op;

	/* A neighbour that is still loaded sends more than was asked for. */
	if (w->job->pattern->traits & PATTERN_REMOTE)
		w->n[OP_FREE] = min_t(u64, w->n[OP_FREE],
				      w->job->samples - frees->n);
	for (op = 0; op < OPS; op++)
		max[op] = hist_fold(w->recorded.hist[op], w->ticks[op],
				    w->n[op], w->recorded.overhead[op]);
	if (w->job->pattern->traits & PATTERN_FILLS)
		note_last(w);
	w->tried += tried;
	w->fail += w->failed;
	w->fell += w->seen_mapped;
	w->examined += w->seen_all;
}

/**
 * worker_took() - add the time of a chunk, and see whether it can be true
 * @w: worker
 * @max: the largest sample in ticks, by op
 * @took: ticks of the chunk
 *
 * A sample is a part of its chunk: one that is longer ends before it begins.
 *
 * Context: process; between two chunks.
 */
void worker_took(struct worker *w, const u64 *max, u64 took)
{
	bool backwards = (s64)took < 0;
	enum result_op op;

	w->wall += took;
	for (op = 0; op < OPS; op++)
		backwards |= max[op] > took;
	if (backwards && w->stop < WORKER_BACKWARDS)
		w->stop = WORKER_BACKWARDS;
}
