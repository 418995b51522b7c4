// SPDX-License-Identifier: GPL-2.0
/*
 * plan: what is accepted, and what it becomes.
 */
#include "unit.h"

#include <errno.h>

#include "golden.h"
#include "plan.h"
#include "parse.h"

/* A shell whose long write was refused writes the newline alone: that must not run anything. */
static void an_empty_line_is_refused(void **state)
{
	static const char *const empty[] = { "", "\n", " ", "\t \t\n" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(empty); i++) {
		assert_int_equal(parse(empty[i]), -EINVAL);
		assert_int_equal(error.column, 0);
		assert_non_null(strstr(error.text, "write `defaults` to run the defaults"));
	}
}

static void the_word_defaults_runs_them(void **state)
{
	static const char *const alone[] = { "defaults", "defaults\n", " \tdefaults  " };
	static const char *const others[] = {
		"defaults sizes=8", "sizes=8 defaults", "defaults defaults",
	};
	char line[PLAN_WHOLE_LINE + 1];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(alone); i++) {
		accept(alone[i]);
		snprintf(line, sizeof(line), "%s\n", plan.line);
		golden("defaults.txt", line);
		assert_int_equal(plan.n_cells, 2 * 20);
		assert_int_equal(plan.n_cpus, 1);
		assert_true(plan.cpus[0] == BIT(1));
		assert_true(plan.number[PLAN_NODE] == PLAN_ANY);
		assert_true(plan.number[PLAN_BYTES] == PLAN_AUTO);
	}
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		assert_int_equal(parse(others[i]), -EINVAL);
		assert_int_equal(error.width, strlen("defaults"));
		assert_non_null(strstr(error.text, "alone"));
	}
	assert_int_equal(parse("defaults=1"), -EINVAL);
	assert_int_equal(parse("default"), -EINVAL);
	assert_int_equal(parse("sizes=8 defaults"), -EINVAL);
	assert_int_equal(error.column, 9);
}

/* The last CPU may go while a line is read: the default is then at fault, which nobody wrote. */
static void a_default_has_no_column(void **state)
{
	static const unsigned long nowhere;
	struct vocab vocab = sample_vocab;

	vocab.cpus = &nowhere;
	assert_int_equal(kab_plan_parse(&plan, &vocab, "sizes=8", 7, &error), -EINVAL);
	assert_int_equal(error.column, 0);
	assert_int_equal(error.width, 0);
	assert_true(*error.text);
}

static int parse_number(const char *with, const char *name, u64 number)
{
	char line[128];

	snprintf(line, sizeof(line), "%s sizes=8 %s=%llu", with, name, number);
	return parse(line);
}

/* Every key, at both ends of its range, and one step outside. */
static void numbers_keep_their_range(void **state)
{
	static const struct {
		const char *name;
		enum plan_key key;
		u64 lo, hi;
		const char *with;
	} row[] = {
		{ "calls", PLAN_CALLS, 1, 100000, "timing=batch" },
		{ "depth", PLAN_DEPTH, 1, 1000000, "patterns=churn" },
		{ "samples", PLAN_SAMPLES, 1, 10000000, "" },
		{ "warmup", PLAN_WARMUP, 0, 10000000, "" },
		{ "rounds", PLAN_ROUNDS, 1, 1000, "" },
		{ "budget_ms", PLAN_BUDGET_MS, 1, 3600000, "" },
		{ "bytes", PLAN_BYTES, 4096, 1ULL << 40, "patterns=exhaust" },
		{ "seed", PLAN_SEED, 0, U64_MAX, "" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(row); i++) {
		assert_int_equal(parse_number(row[i].with, row[i].name, row[i].lo), 0);
		assert_true(plan.number[row[i].key] == row[i].lo);
		assert_int_equal(parse_number(row[i].with, row[i].name, row[i].hi), 0);
		assert_true(plan.number[row[i].key] == row[i].hi);
		if (row[i].lo)
			assert_int_equal(parse_number(row[i].with, row[i].name, row[i].lo - 1),
					 -EINVAL);
		if (row[i].hi != U64_MAX)
			assert_int_equal(parse_number(row[i].with, row[i].name, row[i].hi + 1),
					 -EINVAL);
	}
}

static void check_sizes(const char *value, const u64 *want, unsigned int n)
{
	char line[128];
	unsigned int i;

	snprintf(line, sizeof(line), "allocs=null sizes=%s", value);
	accept(line);
	assert_int_equal(plan.n_cells, n);
	for (i = 0; i < n; i++)
		assert_true(kab_plan_cell(&plan, i).size == want[i]);
}

static void sizes_mean_what_they_say(void **state)
{
	check_sizes("1", (u64[]){ 1 }, 1);
	check_sizes("1T", (u64[]){ 1ULL << 40 }, 1);
	check_sizes("1024G", (u64[]){ 1ULL << 40 }, 1);
	check_sizes("3K,2M", (u64[]){ 3072, 2 << 20 }, 2);
	check_sizes("3k,2m,1g,1t", (u64[]){ 3072, 2 << 20, 1 << 30, 1ULL << 40 }, 4);
	check_sizes("4k..8K+2k", (u64[]){ 4096, 6144, 8192 }, 3);
	check_sizes("8..64", (u64[]){ 8, 16, 32, 64 }, 4);
	check_sizes("512..2K", (u64[]){ 512, 1024, 2048 }, 3);
	check_sizes("64..64", (u64[]){ 64 }, 1);
	check_sizes("100..400+100", (u64[]){ 100, 200, 300, 400 }, 4);
	check_sizes("100..399+100", (u64[]){ 100, 200, 300 }, 3);
	check_sizes("8..64,96,192", (u64[]){ 8, 16, 32, 64, 96, 192 }, 6);
	check_sizes("4K..8K+2K,1", (u64[]){ 4096, 6144, 8192, 1 }, 4);
	check_sizes("5..5+1", (u64[]){ 5 }, 1);
	check_sizes("1..9+1T", (u64[]){ 1 }, 1);
}

/* The same order as the contract says it, counted the slow way. */
static void count_up(struct plan_cell *want)
{
	static const unsigned int patterns[] = { 2, 0 };

	want->context = !want->context;
	if (!want->context)
		return;
	want->pattern = patterns[want->pattern == 2];
	if (want->pattern != 2)
		return;
	want->flags = want->flags == plan.flags.member ? want->flags + 1 : plan.flags.member;
	if (want->flags != plan.flags.member)
		return;
	want->size = want->size == 8 ? 16 : 8;
	if (want->size != 8)
		return;
	want->alloc = !want->alloc;
	want->round += want->alloc;
}

#define PRODUCT "allocs=vmalloc,kmalloc sizes=8,16 flags=GFP_ATOMIC,GFP_KERNEL|__GFP_ZERO " \
	"patterns=churn,pair contexts=softirq,process rounds=3"

static void cells_multiply_in_order(void **state)
{
	struct plan_cell want = {
		.alloc = 1, .size = 8, .flags = plan.flags.member, .pattern = 2, .context = 1,
	};
	unsigned int id;

	accept(PRODUCT);
	assert_int_equal(plan.n_cells, 3 * 32);
	for (id = 0; id < plan.n_cells; id++) {
		struct plan_cell c = kab_plan_cell(&plan, id);

		assert_int_equal(c.id, id);
		assert_int_equal(c.round, want.round);
		assert_int_equal(c.alloc, want.alloc);
		assert_int_equal(c.size, want.size);
		assert_true(c.flags == want.flags);
		assert_int_equal(c.pattern, want.pattern);
		assert_int_equal(c.context, want.context);
		count_up(&want);
	}
	assert_int_equal(want.round, 3);
	assert_true(plan.flags.member[0].bits == 0x820);
	assert_true(plan.flags.member[1].bits == (0xcc0 | 0x100));
}

static void all_is_what_the_kernel_has(void **state)
{
	accept("allocs=all patterns=all contexts=all cpus=all sizes=64");
	assert_int_equal(plan.allocs.n, 3);
	assert_int_equal(plan.patterns.n, 4);
	assert_int_equal(plan.contexts.n, 2);
	assert_int_equal(plan.n_cpus, 4);
	assert_true(plan.cpus[0] == sample_cpus);
	accept("cpus=1-3,5 sizes=64");
	assert_true(plan.cpus[0] == sample_cpus);
	accept("cpus=2 node=2 sizes=64");
	assert_true(plan.cpus[0] == BIT(2));
	assert_int_equal(plan.number[PLAN_NODE], 2);
}

static void nothing_is_read_behind_the_line(void **state)
{
	char *line = malloc(7);

	memcpy(line, "seed=12", 7);
	assert_int_equal(kab_plan_parse(&plan, &sample_vocab, line, 7, &error), 0);
	assert_int_equal(plan.number[PLAN_SEED], 12);
	assert_int_equal(kab_plan_parse(&plan, &sample_vocab, line, 6, &error), 0);
	assert_int_equal(plan.number[PLAN_SEED], 1);
	assert_int_equal(kab_plan_parse(&plan, &sample_vocab, line, 0, &error), -EINVAL);
	free(line);
}

static void same_plan(const struct plan *a, const struct plan *b)
{
	unsigned int id;

	assert_int_equal(a->n_cells, b->n_cells);
	assert_memory_equal(a->cpus, b->cpus, sizeof(a->cpus));
	assert_memory_equal(a->number + PLAN_NODE, b->number + PLAN_NODE,
			    (PLAN_KEYS - PLAN_NODE) * sizeof(*a->number));
	for (id = 0; id < a->n_cells; id += 1 + a->n_cells / 50) {
		struct plan_cell x = kab_plan_cell(a, id), y = kab_plan_cell(b, id);

		assert_true(x.alloc == y.alloc && x.size == y.size && x.round == y.round);
		assert_true(x.pattern == y.pattern && x.context == y.context);
		assert_true(x.flags->bits == y.flags->bits);
	}
}

/* Writing the canonical line back repeats the run: the same plan, the same line. */
static void canonical_lines_round_trip(void **state)
{
	static const char *const lines[] = {
		"defaults", "sizes=8..64,96 samples=7", "cpus=all node=2 seed=18446744073709551615",
		"flags=GFP_ATOMIC|__GFP_ZERO,GFP_DMA patterns=churn depth=1000000 mix=3",
		"allocs=all patterns=all contexts=all sizes=1..3+1 rounds=2 touch=line",
		"timing=batch calls=5 order=lifo patterns=batch",
		"timing=batch counters=cycles,dtlb-misses", "\tbytes=2G  patterns=exhaust\n",
	};
	struct plan *again = malloc(sizeof(*again));
	size_t i;

	assert_non_null(again);
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		accept(lines[i]);
		memset(again, 0x5a, sizeof(*again));
		if (kab_plan_parse(again, &sample_vocab, plan.line, strlen(plan.line), &error))
			fail_msg("\"%s\" refused: %s", plan.line, error.text);
		assert_string_equal(again->line, plan.line);
		same_plan(&plan, again);
	}
	free(again);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(an_empty_line_is_refused),
	cmocka_unit_test(the_word_defaults_runs_them),
	cmocka_unit_test(a_default_has_no_column),
	cmocka_unit_test(numbers_keep_their_range),
	cmocka_unit_test(sizes_mean_what_they_say),
	cmocka_unit_test(cells_multiply_in_order),
	cmocka_unit_test(all_is_what_the_kernel_has),
	cmocka_unit_test(nothing_is_read_behind_the_line),
	cmocka_unit_test(canonical_lines_round_trip),
};

int main(void)
{
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
