// SPDX-License-Identifier: GPL-2.0
/*
 * tail - why was that one slow? What counters prove about the chunks that hold
 * samples above p99; everything else is unexplained, and called so.
 */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/vmstat.h>

#include "compat.h"
#include "tail.h"

/**
 * tail_read() - read the counters
 * @now: filled
 * @cpu: the caller's
 *
 * Slab pages are the whole machine's, and per-CPU batches hide the last few:
 * a cause that is seen is real, one that is missed stays unexplained.
 *
 * Context: process, pinned to @cpu.
 */
void tail_read(struct tail_counters *now, unsigned int cpu)
{
	now->count[TAIL_INTERRUPT] = compat_irqs(cpu);
	now->count[TAIL_SWITCH] = current->nivcsw;
	now->count[TAIL_MIGRATION] = current->se.nr_migrations;
	now->count[TAIL_SLAB] =
		global_node_page_state_pages(NR_SLAB_UNRECLAIMABLE_B) +
		global_node_page_state_pages(NR_SLAB_RECLAIMABLE_B);
}

/**
 * tail_note() - remember a chunk
 * @tail: where
 * @before: counters before it
 * @after: counters after it
 * @max: its largest sample in ticks, by op
 *
 * Context: any.
 */
void tail_note(struct tail *tail, const struct tail_counters *before,
	       const struct tail_counters *after, const u64 *max)
{
	struct tail_chunk *chunk;
	enum tail_cause cause;

	if (tail->n++ >= TAIL_CHUNKS)
		return;

	chunk = &tail->chunk[tail->n - 1];
	memcpy(chunk->max, max, sizeof(chunk->max));
	chunk->causes = 0;
	for (cause = 0; cause < TAIL_CAUSES; cause++) {
		if (after->count[cause] != before->count[cause])
			chunk->causes |= BIT(cause);
	}
}

/**
 * tail_add() - count the chunks above a value
 * @shares: sums, grow
 * @tail: chunks of one worker
 * @op: op
 * @p99: ticks
 *
 * Context: any.
 */
void tail_add(struct tail_shares *shares, const struct tail *tail,
	      enum result_op op, u64 p99)
{
	unsigned int n = min_t(unsigned int, tail->n, TAIL_CHUNKS);
	enum tail_cause cause;
	unsigned int i;

	shares->unseen += tail->n - n;
	for (i = 0; i < n; i++) {
		const struct tail_chunk *chunk = &tail->chunk[i];

		if (chunk->max[op] <= p99)
			continue;
		shares->chunks++;
		shares->unexplained += !chunk->causes;
		for (cause = 0; cause < TAIL_CAUSES; cause++)
			shares->by[cause] += !!(chunk->causes & BIT(cause));
	}
}
