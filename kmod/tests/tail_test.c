// SPDX-License-Identifier: GPL-2.0
/*
 * tail: known answers about causes that are there, that are not, and that have
 * nothing to do with it.
 */
#include "unit.h"

#include <linux/bitops.h>

#include "tail.h"

#define CHUNKS	79
#define BAR	100

static struct tail tail;

/* A chunk of op alloc with or without slow samples and causes. */
static void note(bool slow, unsigned int causes)
{
	const unsigned int n[OPS] = { [OP_ALLOC] = 128 };
	const u64 max[OPS] = { [OP_ALLOC] = slow ? BAR + 1 : BAR };
	u64 before[TAIL_CAUSES] = {}, after[TAIL_CAUSES] = {};
	enum tail_cause cause;

	for (cause = 0; cause < TAIL_CAUSES; cause++)
		after[cause] = !!(causes & BIT(cause));
	kab_tail_note(&tail, before, after, max, n);
}

static struct tail_shares judged(enum result_op op)
{
	const struct result_worker worker = { .tail = &tail };
	struct tail_shares shares = {};

	kab_tail_find(&shares, &worker, 1, op, BAR);
	return shares;
}

static int start(void **state)
{
	tail.n = 0;
	srand(1);
	return 0;
}

static void what_makes_slow_is_blamed(void **state)
{
	struct tail_shares shares;
	int i;

	/* Five interrupts, each in a slow chunk; two slow ones without. */
	for (i = 0; i < CHUNKS; i++)
		note(i < 7, i < 5 ? BIT(TAIL_INTERRUPT) : 0);
	shares = judged(OP_ALLOC);
	assert_int_equal(shares.all, CHUNKS);
	assert_int_equal(shares.chunks, 7);
	assert_int_equal(shares.by[TAIL_INTERRUPT], 5);
	assert_int_equal(shares.of_all[TAIL_INTERRUPT], 5);
	assert_int_equal(shares.blamed, BIT(TAIL_INTERRUPT));
	assert_int_equal(shares.unexplained, 2);
}

/* One slow chunk of 79, and the one interrupt in it: once in 79 by chance. */
static void the_only_one_is_blamed(void **state)
{
	int i;

	for (i = 0; i < CHUNKS; i++)
		note(i == 3, i == 3 ? BIT(TAIL_SWITCH) : 0);
	assert_int_equal(judged(OP_ALLOC).blamed, BIT(TAIL_SWITCH));
}

/* One of eight slow chunks has the one interrupt: once in ten by chance. */
static void one_of_many_is_not(void **state)
{
	struct tail_shares shares;
	int i;

	for (i = 0; i < CHUNKS; i++)
		note(i < 8, i == 3 ? BIT(TAIL_INTERRUPT) : 0);
	shares = judged(OP_ALLOC);
	assert_int_equal(shares.blamed, 0);
	assert_int_equal(shares.unexplained, 8);
}

/* 51 slow chunks of 79 and an interrupt in all of them. */
static void what_is_everywhere_is_not(void **state)
{
	int i;

	for (i = 0; i < CHUNKS; i++)
		note(i < 51, BIT(TAIL_INTERRUPT));
	assert_int_equal(judged(OP_ALLOC).blamed, 0);
	/* What slow chunks have less often is no cause either. */
	tail.n = 0;
	for (i = 0; i < CHUNKS; i++)
		note(i < 51, i < 20 || i > 55 ? BIT(TAIL_INTERRUPT) : 0);
	assert_int_equal(judged(OP_ALLOC).blamed, 0);
}

/* Chunks of op free are none of op alloc's. */
static void other_ops_do_not_count(void **state)
{
	int i;

	for (i = 0; i < CHUNKS; i++)
		note(i < 5, 0);
	assert_int_equal(judged(OP_FREE).all, 0);
	assert_int_equal(judged(OP_FREE).chunks, 0);
	assert_int_equal(judged(OP_FREE).blamed, 0);
}

static bool once_in(int n)
{
	return rand() % n == 0;
}

/*
 * Independent causes of every frequency, slow chunks of every number: of the
 * causes that were looked at, fewer than 2 in 100 are blamed.
 */
static void independent_causes_are_not_blamed(void **state)
{
	static const int often[] = { 2, 3, 10, 40 };
	int draws, i, blamed = 0, looked = 0;
	unsigned int k, causes;

	for (draws = 0; draws < 4000; draws++) {
		tail.n = 0;
		for (i = 0; i < CHUNKS; i++) {
			for (causes = 0, k = 0; k < TAIL_CAUSES; k++)
				causes |= once_in(often[k]) ? BIT(k) : 0;
			note(once_in(1 + draws % 10), causes);
		}
		looked += TAIL_CAUSES;
		blamed += __builtin_popcount(judged(OP_ALLOC).blamed);
	}
	if (blamed * 50 > looked)
		fail_msg("%d of %d independent causes are blamed", blamed, looked);
}

/* One in three chunks has a cause, and slow are half of these and one in 20 others. */
static void a_cause_among_many_chunks_is_found(void **state)
{
	int draws, i, found = 0;

	for (draws = 0; draws < 400; draws++) {
		tail.n = 0;
		for (i = 0; i < CHUNKS; i++) {
			bool cause = once_in(3);

			note(once_in(cause ? 2 : 20), cause ? BIT(TAIL_SLAB) : 0);
		}
		found += judged(OP_ALLOC).blamed == BIT(TAIL_SLAB);
	}
	assert_true(found > 380);
}

static void more_than_fit_are_counted(void **state)
{
	struct tail_shares shares;
	int i;

	for (i = 0; i < TAIL_CHUNKS + 5; i++)
		note(true, 0);
	shares = judged(OP_ALLOC);
	assert_int_equal(shares.unseen, 5);
	assert_int_equal(shares.all, TAIL_CHUNKS);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(what_makes_slow_is_blamed, start),
	cmocka_unit_test_setup(the_only_one_is_blamed, start),
	cmocka_unit_test_setup(one_of_many_is_not, start),
	cmocka_unit_test_setup(what_is_everywhere_is_not, start),
	cmocka_unit_test_setup(other_ops_do_not_count, start),
	cmocka_unit_test_setup(independent_causes_are_not_blamed, start),
	cmocka_unit_test_setup(a_cause_among_many_chunks_is_found, start),
	cmocka_unit_test_setup(more_than_fit_are_counted, start),
};

int main(void)
{
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
