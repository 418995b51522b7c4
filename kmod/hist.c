// SPDX-License-Identifier: GPL-2.0
/*
 * hist - samples -> buckets -> percentiles. Pure.
 */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "hist.h"

#define HIST_EXACT	BIT_ULL(HIST_EXACT_BITS)

/**
 * kab_hist_clear() - make a histogram empty
 * @h: histogram, or zeroes
 *
 * Of its 84 KiB only those are written that its samples lie between: a cell of
 * few samples is not to cost more than they do.
 *
 * Context: any.
 */
void kab_hist_clear(struct hist *h)
{
	if (h->n)
		memset(&h->bucket[hist_first(h)], 0,
		       (hist_last(h) - hist_first(h) + 1) * sizeof(*h->bucket));
	memset(h, 0, offsetof(struct hist, bucket));
	h->min = U64_MAX;
}

/**
 * kab_hist_index() - bucket of a value
 * @ticks: value
 *
 * Context: any.
 * Return: index below HIST_BUCKETS.
 */
unsigned int kab_hist_index(u64 ticks)
{
	unsigned int log2;

	if (ticks < HIST_EXACT)
		return ticks;

	/* The leading one and the HIST_SUB_BITS below it name the bucket. */
	log2 = fls64(ticks) - 1;
	return HIST_EXACT + ((log2 - HIST_EXACT_BITS) << HIST_SUB_BITS) +
	       ((ticks >> (log2 - HIST_SUB_BITS)) & ((1 << HIST_SUB_BITS) - 1));
}

/**
 * kab_hist_lowest() - smallest value of a bucket
 * @index: bucket, below HIST_BUCKETS
 *
 * Context: any.
 * Return: ticks.
 */
u64 kab_hist_lowest(unsigned int index)
{
	unsigned int octave, sub;

	if (index < HIST_EXACT)
		return index;

	octave = (index - HIST_EXACT) >> HIST_SUB_BITS;
	sub = (index - HIST_EXACT) & ((1 << HIST_SUB_BITS) - 1);
	return ((1ULL << HIST_SUB_BITS) + sub)
	       << (octave + HIST_EXACT_BITS - HIST_SUB_BITS);
}

/**
 * kab_hist_highest() - largest value of a bucket
 * @index: bucket, below HIST_BUCKETS
 *
 * Context: any.
 * Return: ticks.
 */
u64 kab_hist_highest(unsigned int index)
{
	return index == HIST_BUCKETS - 1 ? U64_MAX : kab_hist_lowest(index + 1) - 1;
}

/**
 * kab_hist_fold() - add samples
 * @h: histogram
 * @ticks: samples as the clock gave them, its own cost included
 * @n: how many
 * @overhead: ticks of the clock's own cost, taken off each sample
 *
 * Called once per chunk. Where a tick is an instruction most samples are those
 * before them: what is alike is counted together.
 *
 * Context: any.
 * Return: the largest of these samples in ticks, 0 when there are none.
 */
u64 kab_hist_fold(struct hist *h, const u64 *ticks, unsigned int n, u64 overhead)
{
	u64 min = h->min, max = 0, sum = h->sum;
	const u64 *const end = ticks + n;

	if (!n)
		return 0;

	while (ticks < end) {
		const u64 *const first = ticks;
		u64 v = *first - overhead, alike;

		while (++ticks < end && *ticks == *first)
			;
		alike = ticks - first;
		/* What fell below 0 is huge: one test for the usual sample. */
		if (likely(v < HIST_EXACT)) {
			h->bucket[v] += alike;
		} else {
			if (v > ~overhead) {
				h->under += alike;
				v = 0;
			}
			h->bucket[kab_hist_index(v)] += alike;
		}
		sum += v * alike;
		min = min(min, v);
		max = max(max, v);
	}
	if (max > div_u64(U64_MAX - h->sum, n))
		h->spilled = true;
	h->n += n;
	h->sum = sum;
	h->min = min;
	h->max = max(h->max, max);
	return max;
}

/**
 * kab_hist_merge() - add all samples of one histogram to another
 * @into: histogram that grows
 * @from: histogram that is added
 *
 * Context: any.
 */
void kab_hist_merge(struct hist *into, const struct hist *from)
{
	unsigned int i;

	into->n += from->n;
	into->spilled |= from->spilled || from->sum > U64_MAX - into->sum;
	into->sum += from->sum;
	into->min = min(into->min, from->min);
	into->max = max(into->max, from->max);
	into->under += from->under;
	for (i = hist_first(from); i <= hist_last(from); i++)
		into->bucket[i] += from->bucket[i];
}

/**
 * kab_hist_percentiles() - values that shares of the samples do not exceed
 * @h: histogram
 * @basis_points: shares in 1/100 %, so 9990 asks for p99.9; ascending
 * @values: gets ticks, the upper bound of a bucket, at most @h->max; 0 when empty
 * @n: how many
 *
 * Nearest rank, as in HdrHistogram: no value that is not in the histogram is
 * made up between two that are.
 *
 * Context: any.
 */
void kab_hist_percentiles(const struct hist *h, const unsigned int *basis_points,
			  u64 *values, unsigned int n)
{
	unsigned int bucket = hist_first(h), last = hist_last(h), i;
	u64 seen = 0;

	for (i = 0; i < n; i++) {
		u64 rank = div_u64(h->n * basis_points[i] + 9999, 10000);

		values[i] = 0;
		while (seen < rank && bucket <= last)
			seen += h->bucket[bucket++];
		if (seen)
			values[i] = min(kab_hist_highest(bucket - 1), h->max);
	}
}

