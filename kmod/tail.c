// SPDX-License-Identifier: GPL-2.0
/*
 * tail - why was that one slow? What counters prove about the chunks that hold
 * the slowest samples; everything else is unexplained, and called so. Pure.
 *
 * A chunk of 128 samples holds one above p99 in 72 of 100 cases by arithmetic
 * alone (1 - 0.99^128), one above p99.9 in 12: so the latter are asked about
 * where there are enough samples. And what happens in every third chunk happens
 * in every third slow one, too: a cause is blamed only where the slow chunks
 * have it more often than a draw from all of them would, see chance().
 */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "tail.h"

/* One in this many innocent causes is blamed. */
#define TAIL_CHANCE	50
/* 1 as a share: with fewer than 2^21 chunks no product passes 2^63. */
#define TAIL_ONE	BIT_ULL(20)

/**
 * kab_tail_note() - remember a chunk
 * @tail: where
 * @before: what moves when something comes between, by cause, before it
 * @after: the same after it
 * @max: its largest sample in ticks, by op
 * @n: its samples, by op
 *
 * Context: any.
 */
void kab_tail_note(struct tail *tail, const u64 *before, const u64 *after,
		   const u64 *max, const unsigned int *n)
{
	struct tail_chunk *chunk;
	enum tail_cause cause;
	enum result_op op;

	if (tail->n++ >= TAIL_CHUNKS)
		return;

	chunk = &tail->chunk[tail->n - 1];
	memcpy(chunk->max, max, sizeof(chunk->max));
	chunk->ops = 0;
	chunk->causes = 0;
	for (op = 0; op < OPS; op++)
		chunk->ops |= n[op] ? BIT(op) : 0;
	for (cause = 0; cause < TAIL_CAUSES; cause++) {
		if (after[cause] != before[cause])
			chunk->causes |= BIT(cause);
	}
}

static unsigned int remembered(const struct tail *tail)
{
	return min_t(unsigned int, tail->n, TAIL_CHUNKS);
}

static void add(struct tail_shares *shares, const struct tail *tail,
		enum result_op op, u64 above)
{
	enum tail_cause cause;
	unsigned int i;

	shares->unseen += tail->n - remembered(tail);
	for (i = 0; i < remembered(tail); i++) {
		const struct tail_chunk *chunk = &tail->chunk[i];
		const bool slow = chunk->max[op] > above;

		if (!(chunk->ops & BIT(op)))
			continue;
		shares->all++;
		shares->chunks += slow;
		for (cause = 0; cause < TAIL_CAUSES; cause++) {
			if (!(chunk->causes & BIT(cause)))
				continue;
			shares->of_all[cause]++;
			shares->by[cause] += slow;
		}
	}
}

/*
 * An upper bound on the probability that @slow chunks drawn at random from @all,
 * @with of which have the cause, include at least @seen that have it. The expected
 * number of ways to choose j of those that have it is known: C(seen, j) ways
 * occur with a probability of at most (Markov)
 *
 *	product over i < j of (slow - i) (with - i) / ((seen - i) (all - i))
 *
 * for each j <= seen, and the factors are below 1 up to the best j.
 *
 * Return: a share of TAIL_ONE, rounded down.
 */
static u64 chance(u64 all, u64 with, u64 slow, u64 seen)
{
	u64 share = TAIL_ONE, i;

	for (i = 0; i < seen; i++) {
		if ((slow - i) * (with - i) >= (seen - i) * (all - i))
			break;
		share = div64_u64(share * (slow - i), seen - i);
		share = div64_u64(share * (with - i), all - i);
	}
	return share;
}

/* The causes that slow chunks have too often for chance. */
static unsigned int find_blamed(const struct tail_shares *shares)
{
	enum tail_cause cause;
	unsigned int blamed = 0;

	for (cause = 0; cause < TAIL_CAUSES; cause++) {
		u64 share = chance(shares->all, shares->of_all[cause],
				   shares->chunks, shares->by[cause]);

		if (share * TAIL_CHANCE < TAIL_ONE)
			blamed |= BIT(cause);
	}
	return blamed;
}

/* Slow chunks without a cause that is blamed. */
static unsigned int count_unexplained(const struct tail *tail,
				      enum result_op op, u64 above,
				      unsigned int blamed)
{
	unsigned int i, n = 0;

	for (i = 0; i < remembered(tail); i++)
		n += tail->chunk[i].max[op] > above &&
		     !(tail->chunk[i].causes & blamed);
	return n;
}

/**
 * kab_tail_find() - find what the slow chunks of an op have more often than all
 * @shares: zeroed but for its percentile; filled
 * @workers: workers with their chunks
 * @n: how many
 * @op: op
 * @above: ticks; a chunk with a larger sample is slow
 *
 * Context: any.
 */
void kab_tail_find(struct tail_shares *shares, const struct result_worker *workers,
		   unsigned int n, enum result_op op, u64 above)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		add(shares, workers[i].tail, op, above);
	shares->blamed = find_blamed(shares);
	for (i = 0; i < n; i++)
		shares->unexplained += count_unexplained(workers[i].tail, op,
							 above, shares->blamed);
}
