/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_HIST_H
#define KALLOCBENCH_HIST_H

#include <linux/types.h>

/*
 * Values below 2^HIST_EXACT_BITS have a bucket each. Above, every power of two
 * is cut into 2^HIST_SUB_BITS buckets of equal width, so that
 *
 *	error    (highest - lowest) * 2^HIST_SUB_BITS < lowest, below 0.8 %
 *	range    all of u64: there is no last bucket to fall out of
 *	memory   8 * (4,096 + 52 * 128) bytes = 84 KiB
 *
 * This is HdrHistogram's layout with a wide exact part: an instruction more on
 * a path of 117 must be seen, one more on a path of a million need not.
 */
#define HIST_EXACT_BITS	12
#define HIST_SUB_BITS	7
#define HIST_BUCKETS	((1 << HIST_EXACT_BITS) + \
			 ((64 - HIST_EXACT_BITS) << HIST_SUB_BITS))

/* p50, p90, p99 and p99.9 in 1/100 %: what a report shows of a distribution. */
#define HIST_P50	5000
#define HIST_P90	9000
#define HIST_P99	9900
#define HIST_P999	9990

/**
 * struct hist - distribution of clock values
 * @n: samples
 * @sum: ticks of all samples
 * @min: smallest sample in ticks, U64_MAX when there is none
 * @max: largest sample in ticks
 * @under: samples below the clock's own cost, which were counted as 0
 * @spilled: @sum is not to be trusted, it may have passed 2^64 ticks
 * @bucket: samples by kab_hist_index()
 */
struct hist {
	u64 n;
	u64 sum;
	u64 min;
	u64 max;
	u64 under;
	bool spilled;
	u64 bucket[HIST_BUCKETS];
};

void kab_hist_clear(struct hist *h);
u64 kab_hist_fold(struct hist *h, const u64 *ticks, unsigned int n, u64 overhead);
void kab_hist_merge(struct hist *into, const struct hist *from);
unsigned int kab_hist_index(u64 ticks);
u64 kab_hist_lowest(unsigned int index);
u64 kab_hist_highest(unsigned int index);
void kab_hist_percentiles(const struct hist *h, const unsigned int *basis_points,
			  u64 *values, unsigned int n);

/* The first bucket that may hold samples; above the last when there are none. */
static inline unsigned int hist_first(const struct hist *h)
{
	return kab_hist_index(h->min);
}

static inline unsigned int hist_last(const struct hist *h)
{
	return kab_hist_index(h->max);
}

/* A percentile that fewer than ten samples lie above is little more than @max. */
static inline bool hist_resolves(const struct hist *h, unsigned int basis_points)
{
	return h->n * (10000 - basis_points) >= 10 * 10000;
}

static inline u64 hist_percentile(const struct hist *h, unsigned int basis_points)
{
	u64 value;

	kab_hist_percentiles(h, &basis_points, &value, 1);
	return value;
}

#endif
