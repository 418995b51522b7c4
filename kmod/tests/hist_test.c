// SPDX-License-Identifier: GPL-2.0
/*
 * hist: known answers, then properties of the layout, then percentiles
 * against a sorted array.
 */
#include "unit.h"

#include "hist.h"

static struct hist *empty(void)
{
	struct hist *h = calloc(1, sizeof(*h));

	assert_non_null(h);
	kab_hist_clear(h);
	return h;
}

static void add(struct hist *h, u64 value)
{
	kab_hist_fold(h, &value, 1, 0);
}

static void empty_has_nothing(void **state)
{
	struct hist *h = empty();

	assert_int_equal(h->n, 0);
	assert_int_equal(h->sum, 0);
	assert_int_equal(h->max, 0);
	assert_true(h->min == U64_MAX);
	assert_int_equal(hist_percentile(h, HIST_P50), 0);
	assert_false(hist_resolves(h, HIST_P50));
	kab_hist_fold(h, NULL, 0, 7);
	assert_int_equal(h->n, 0);
	assert_true(h->min == U64_MAX);
	free(h);
}

static void known_sums(void **state)
{
	const u64 ticks[] = { 121, 4, 3, 5, 4100 };
	struct hist *h = empty();

	kab_hist_fold(h, ticks, 5, 4);
	assert_int_equal(h->n, 5);
	assert_int_equal(h->sum, 117 + 0 + 0 + 1 + 4096);
	assert_int_equal(h->min, 0);
	assert_int_equal(h->max, 4096);
	assert_int_equal(h->under, 1);
	assert_int_equal(h->bucket[0], 2);
	assert_int_equal(h->bucket[1], 1);
	assert_int_equal(h->bucket[117], 1);
	assert_int_equal(h->bucket[4096], 1);
	assert_false(h->spilled);
	free(h);
}

static void known_buckets(void **state)
{
	static const struct {
		u64 value;
		unsigned int index;
		u64 lowest;
		u64 highest;
	} row[] = {
		{ 0, 0, 0, 0 },
		{ 4095, 4095, 4095, 4095 },
		{ 4096, 4096, 4096, 4127 },
		{ 4127, 4096, 4096, 4127 },
		{ 4128, 4097, 4128, 4159 },
		{ 8191, 4096 + 127, 8160, 8191 },
		{ 8192, 4096 + 128, 8192, 8255 },
		{ 1000000, 4096 + 7 * 128 + 116, 999424, 1003519 },
		{ U64_MAX, HIST_BUCKETS - 1, 0xff00000000000000ULL, U64_MAX },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(row); i++) {
		assert_int_equal(kab_hist_index(row[i].value), row[i].index);
		assert_true(kab_hist_lowest(row[i].index) == row[i].lowest);
		assert_true(kab_hist_highest(row[i].index) == row[i].highest);
	}
}

/* Buckets cover all of u64 without a gap, each as narrow as the contract says. */
static void buckets_tile_the_range(void **state)
{
	u64 next = 0;
	unsigned int i;

	for (i = 0; i < HIST_BUCKETS; i++) {
		u64 lowest = kab_hist_lowest(i), highest = kab_hist_highest(i);

		assert_true(lowest == next);
		assert_true(highest >= lowest);
		if (highest < 4096)
			assert_true(lowest == highest);
		assert_true(highest - lowest <= lowest / 128);
		assert_int_equal(kab_hist_index(lowest), i);
		assert_int_equal(kab_hist_index(highest), i);
		next = highest + 1;
	}
	assert_true(next == 0);
}

static void powers_of_two_start_a_bucket(void **state)
{
	unsigned int bit;

	for (bit = 0; bit < 64; bit++) {
		u64 power = 1ULL << bit;
		unsigned int index = kab_hist_index(power);

		assert_true(kab_hist_lowest(index) == power);
		assert_int_equal(kab_hist_index(power - 1), index - 1);
	}
}

static void random_values_lie_in_their_bucket(void **state)
{
	u64 seed = 1;
	int i;

	for (i = 0; i < 200000; i++) {
		u64 value = unit_random(&seed) >> (unit_random(&seed) % 64);
		unsigned int index = kab_hist_index(value);

		assert_true(index < HIST_BUCKETS);
		assert_true(kab_hist_lowest(index) <= value);
		assert_true(kab_hist_highest(index) >= value);
	}
}

/* Nothing saturates silently: the largest value is counted, a lost sum is told. */
static void largest_value_is_counted(void **state)
{
	struct hist *h = empty();

	add(h, U64_MAX);
	assert_true(h->max == U64_MAX);
	assert_true(h->min == U64_MAX);
	assert_true(h->sum == U64_MAX);
	assert_true(hist_percentile(h, HIST_P50) == U64_MAX);
	assert_int_equal(h->bucket[HIST_BUCKETS - 1], 1);
	assert_false(h->spilled);
	add(h, 1);
	assert_true(h->spilled);
	assert_int_equal(h->n, 2);
	free(h);
}

static void a_spilled_sum_stays_known(void **state)
{
	const u64 half[] = { 1ULL << 63, 1ULL << 63 };
	struct hist *a = empty(), *b = empty();

	kab_hist_fold(a, half, 1, 0);
	assert_false(a->spilled);
	kab_hist_fold(b, half, 1, 0);
	kab_hist_merge(a, b);
	assert_true(a->spilled);
	kab_hist_clear(a);
	kab_hist_fold(a, half, 2, 0);
	assert_true(a->spilled);
	kab_hist_merge(b, a);
	assert_true(b->spilled);
	free(a);
	free(b);
}

static void resolves_at_ten_samples_above(void **state)
{
	static const struct {
		unsigned int bp;
		u64 least;
	} row[] = {
		{ HIST_P50, 20 }, { HIST_P90, 100 }, { HIST_P99, 1000 }, { HIST_P999, 10000 },
	};
	struct hist *h = empty();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(row); i++) {
		h->n = row[i].least - 1;
		assert_false(hist_resolves(h, row[i].bp));
		h->n = row[i].least;
		assert_true(hist_resolves(h, row[i].bp));
	}
	free(h);
}

static int compare(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

/* The nearest rank counted by hand: the smallest value that q of n reach. */
static u64 nearest_rank(const u64 *sorted, unsigned int n, unsigned int basis_points)
{
	unsigned int rank = 1;

	while ((u64)rank * 10000 < (u64)n * basis_points)
		rank++;
	return sorted[rank - 1];
}

static void check_percentiles(const struct hist *h, const u64 *sorted, unsigned int n)
{
	static const unsigned int points[] = {
		1, 2500, HIST_P50, HIST_P90, HIST_P99, HIST_P999, 10000
	};
	u64 values[ARRAY_SIZE(points)];
	size_t i;

	kab_hist_percentiles(h, points, values, ARRAY_SIZE(points));
	for (i = 0; i < ARRAY_SIZE(points); i++) {
		u64 want = nearest_rank(sorted, n, points[i]);
		u64 got = hist_percentile(h, points[i]);

		assert_true(values[i] == got);
		assert_true(got == min(kab_hist_highest(kab_hist_index(want)), sorted[n - 1]));
		assert_true(got >= want);
	}
}

static void percentiles_match_brute_force(void **state)
{
	static u64 values[3000];
	struct hist *h = empty();
	u64 seed = 42;
	int round;

	for (round = 0; round < 60; round++) {
		unsigned int n = 1 + unit_random(&seed) % ARRAY_SIZE(values);
		unsigned int i;

		kab_hist_clear(h);
		for (i = 0; i < n; i++)
			values[i] = unit_random(&seed) >> (20 + unit_random(&seed) % 44);
		kab_hist_fold(h, values, n, 0);
		qsort(values, n, sizeof(*values), compare);
		assert_true(h->min == values[0]);
		assert_true(h->max == values[n - 1]);
		check_percentiles(h, values, n);
	}
	free(h);
}

static void same_counts(const struct hist *a, const struct hist *b)
{
	assert_true(a->n == b->n && a->sum == b->sum && a->under == b->under);
	assert_true(a->min == b->min && a->max == b->max);
	assert_memory_equal(a->bucket, b->bucket, sizeof(a->bucket));
}

/* However the samples are cut into chunks and workers, the result is one. */
static void merge_equals_one_histogram(void **state)
{
	struct hist *whole = empty(), *part = empty(), *sum = empty();
	static u64 values[5000];
	u64 seed = 7;
	unsigned int at = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(values); i++)
		values[i] = unit_random(&seed) >> (10 + unit_random(&seed) % 54);
	kab_hist_fold(whole, values, ARRAY_SIZE(values), 29);
	while (at < ARRAY_SIZE(values)) {
		unsigned int n = min_t(unsigned int, 1 + unit_random(&seed) % 900,
				       ARRAY_SIZE(values) - at);

		kab_hist_clear(part);
		kab_hist_fold(part, values + at, n, 29);
		kab_hist_merge(sum, part);
		at += n;
	}
	same_counts(whole, sum);
	free(whole);
	free(part);
	free(sum);
}

/* Samples that follow others like them are counted as those of a chunk of one. */
static void alike_is_counted_one_by_one(void **state)
{
	const u64 ticks[] = { 7, 7, 7, 3, 2, 2, 9000, 9000, 7, 0, 0, 0, 4098, 4098 };
	struct hist *whole = empty(), *one = empty();
	size_t i;

	assert_true(kab_hist_fold(whole, ticks, ARRAY_SIZE(ticks), 3) == 8997);
	for (i = 0; i < ARRAY_SIZE(ticks); i++)
		kab_hist_fold(one, &ticks[i], 1, 3);
	same_counts(whole, one);
	assert_int_equal(whole->under, 5);
	assert_int_equal(whole->bucket[4], 4);
	free(whole);
	free(one);
}

/* No sample of one cell is in the next. */
static void cleared_is_as_new(void **state)
{
	const u64 ends[] = { 0, 1, 4095, 4096, 1ULL << 40, U64_MAX };
	struct hist *fresh = empty(), *h = empty();
	static u64 values[300];
	u64 seed = 11;
	size_t i, round;

	for (round = 0; round < 50; round++) {
		for (i = 0; i < ARRAY_SIZE(values); i++)
			values[i] = unit_random(&seed) >> (unit_random(&seed) % 64);
		kab_hist_fold(h, values, ARRAY_SIZE(values), 3);
		kab_hist_clear(h);
		assert_memory_equal(h, fresh, sizeof(*h));
	}
	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		add(h, ends[i]);
		kab_hist_clear(h);
		assert_memory_equal(h, fresh, sizeof(*h));
	}
	kab_hist_clear(h);
	assert_memory_equal(h, fresh, sizeof(*h));
	free(fresh);
	free(h);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(empty_has_nothing),
	cmocka_unit_test(known_sums),
	cmocka_unit_test(known_buckets),
	cmocka_unit_test(buckets_tile_the_range),
	cmocka_unit_test(powers_of_two_start_a_bucket),
	cmocka_unit_test(random_values_lie_in_their_bucket),
	cmocka_unit_test(largest_value_is_counted),
	cmocka_unit_test(a_spilled_sum_stays_known),
	cmocka_unit_test(resolves_at_ten_samples_above),
	cmocka_unit_test(percentiles_match_brute_force),
	cmocka_unit_test(merge_equals_one_histogram),
	cmocka_unit_test(alike_is_counted_one_by_one),
	cmocka_unit_test(cleared_is_as_new),
};

int main(void)
{
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
