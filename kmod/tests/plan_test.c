// SPDX-License-Identifier: GPL-2.0
/*
 * plan: what is accepted and what it becomes, what is refused and where the
 * caret goes, and properties over many made-up lines.
 */
#include "unit.h"

#include <errno.h>

#include "golden.h"
#include "key.h"
#include "plan.h"
#include "sample_vocab.h"

static struct plan plan;
static struct plan_error error;

static int parse(const char *line)
{
	memset(&plan, 0xa5, sizeof(plan));
	memset(&error, 0, sizeof(error));
	return plan_parse(&plan, &sample_vocab, line, strlen(line), &error);
}

static void accept(const char *line)
{
	int err = parse(line);

	if (err)
		fail_msg("\"%s\" refused: %s", line, error.text);
}

#define DEFAULTS "allocs=kmalloc,vmalloc sizes=8..4M flags=GFP_KERNEL patterns=pair " \
	"contexts=process cpus=1 node=any timing=op calls=100 touch=none depth=64 " \
	"order=fifo mix=1 share=40 bytes=auto samples=10000 warmup=256 rounds=1 " \
	"budget_ms=1000 seed=1"

static void an_empty_line_runs_the_defaults(void **state)
{
	static const char *const empty[] = { "", "\n", " ", "\t \t\n" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(empty); i++) {
		accept(empty[i]);
		assert_string_equal(plan.line, DEFAULTS);
		assert_int_equal(plan.n_cells, 2 * 20);
		assert_int_equal(plan.n_cpus, 1);
		assert_true(plan.cpus[0] == BIT(1));
		assert_true(plan.number[PLAN_NODE] == PLAN_ANY);
		assert_true(plan.number[PLAN_BYTES] == PLAN_AUTO);
	}
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
	char line[128];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(row); i++) {
		snprintf(line, sizeof(line), "%s sizes=8 %s=%llu", row[i].with, row[i].name, row[i].lo);
		accept(line);
		assert_true(plan.number[row[i].key] == row[i].lo);
		snprintf(line, sizeof(line), "%s sizes=8 %s=%llu", row[i].with, row[i].name, row[i].hi);
		accept(line);
		assert_true(plan.number[row[i].key] == row[i].hi);
		if (row[i].lo) {
			snprintf(line, sizeof(line), "%s sizes=8 %s=%llu", row[i].with, row[i].name,
				 row[i].lo - 1);
			assert_int_equal(parse(line), -EINVAL);
		}
		if (row[i].hi != U64_MAX) {
			snprintf(line, sizeof(line), "%s sizes=8 %s=%llu", row[i].with, row[i].name,
				 row[i].hi + 1);
			assert_int_equal(parse(line), -EINVAL);
		}
	}
}

/* A number that wraps was once taken for 1, elsewhere. */
static void numbers_do_not_wrap(void **state)
{
	static const char *const keys[] = {
		"samples", "seed", "sizes", "rounds", "warmup", "budget_ms", "cpus", "node",
	};
	static const char *const numbers[] = {
		"18446744073709551616", "18446744073709551617", "36893488147419103233",
		"184467440737095516160", "99999999999999999999999999999999999999",
		"9223372036854775808",
	};
	char line[128];
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		for (j = 0; j < ARRAY_SIZE(numbers); j++) {
			/* 2^63 is a good seed. */
			if (!strcmp(keys[i], "seed") && strlen(numbers[j]) < 20)
				continue;
			snprintf(line, sizeof(line), "%s=%s", keys[i], numbers[j]);
			if (parse(line) != -EINVAL)
				fail_msg("\"%s\" was taken", line);
			assert_int_equal(error.column, strlen(keys[i]) + 2);
			assert_int_equal(error.width, strlen(numbers[j]));
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
		assert_true(plan_cell(&plan, i).size == want[i]);
}

static void sizes_mean_what_they_say(void **state)
{
	check_sizes("1", (u64[]){ 1 }, 1);
	check_sizes("1T", (u64[]){ 1ULL << 40 }, 1);
	check_sizes("1024G", (u64[]){ 1ULL << 40 }, 1);
	check_sizes("3K,2M", (u64[]){ 3072, 2 << 20 }, 2);
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

static void cells_multiply_in_order(void **state)
{
	unsigned int id = 0, round, alloc, size, flags, pattern, context;

	accept("allocs=vmalloc,kmalloc sizes=8,16 flags=GFP_ATOMIC,GFP_KERNEL|__GFP_ZERO "
	       "patterns=churn,pair contexts=softirq,process rounds=3");
	assert_int_equal(plan.n_cells, 3 * 32);
	for (round = 0; round < 3; round++)
		for (alloc = 0; alloc < 2; alloc++)
			for (size = 8; size <= 16; size += 8)
				for (flags = 0; flags < 2; flags++)
					for (pattern = 0; pattern < 2; pattern++)
						for (context = 0; context < 2; context++) {
							struct plan_cell c = plan_cell(&plan, id);

							assert_int_equal(c.id, id++);
							assert_int_equal(c.round, round);
							assert_int_equal(c.alloc, 1 - alloc);
							assert_int_equal(c.size, size);
							assert_true(c.flags == &plan.flags[flags]);
							assert_int_equal(c.pattern, pattern ? 0 : 2);
							assert_int_equal(c.context, 1 - context);
						}
	assert_true(plan.flags[0].bits == 0x820);
	assert_true(plan.flags[1].bits == (0xcc0 | 0x100));
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

static void limits_of_a_plan(void **state)
{
	static char line[8192];

	accept("allocs=null sizes=1..65536+1");
	assert_int_equal(plan.n_cells, 65536);
	assert_int_equal(parse("allocs=null sizes=1..65537+1"), -E2BIG);
	assert_int_equal(parse("sizes=1..1T+1"), -E2BIG);
	assert_int_equal(parse("sizes=1..1T+1 rounds=1000 allocs=all patterns=all contexts=all"), -E2BIG);
	assert_int_equal(parse("sizes=1..32768+1 rounds=2"), -E2BIG);

	memset(line, ' ', sizeof(line) - 1);
	strcpy(line + PLAN_LINE_MAX - 7, "sizes=8");
	accept(line);
	line[PLAN_LINE_MAX] = '\n';
	line[PLAN_LINE_MAX + 1] = '\0';
	accept(line);
	line[PLAN_LINE_MAX] = ' ';
	line[PLAN_LINE_MAX + 1] = '\0';
	assert_int_equal(parse(line), -E2BIG);
	line[PLAN_LINE_MAX + 1] = '\n';
	line[PLAN_LINE_MAX + 2] = '\0';
	assert_int_equal(parse(line), -E2BIG);
	memset(line, ',', sizeof(line) - 1);
	assert_int_equal(parse(line), -E2BIG);
}

/* A default that no longer fits beside the user's words is a refusal, too. */
static void the_canonical_line_fits(void **state)
{
	static char line[PLAN_LINE_MAX + 1];
	size_t len = snprintf(line, sizeof(line), "allocs=null sizes=1");
	unsigned int size = 2;

	while (len < PLAN_LINE_MAX - 8)
		len += snprintf(line + len, sizeof(line) - len, ",%u", size++);
	assert_int_equal(parse(line), -E2BIG);
	assert_non_null(strstr(error.text, "default"));
}

static void nothing_is_read_behind_the_line(void **state)
{
	char *line = malloc(7);

	memcpy(line, "seed=12", 7);
	assert_int_equal(plan_parse(&plan, &sample_vocab, line, 7, &error), 0);
	assert_int_equal(plan.number[PLAN_SEED], 12);
	assert_int_equal(plan_parse(&plan, &sample_vocab, line, 6, &error), 0);
	assert_int_equal(plan.number[PLAN_SEED], 1);
	assert_int_equal(plan_parse(&plan, &sample_vocab, line, 0, &error), 0);
	free(line);
}

#define REFUSED(line, column, width) { line, sizeof(line) - 1, column, width }

/* Column and width of the word at fault; the sentences are in the golden file. */
static const struct refused {
	const char *line;
	size_t len;
	unsigned int column;
	unsigned int width;
} refused[] = {
	REFUSED("bogus=1", 1, 5),
	REFUSED("sizes=8 bogus", 9, 5),
	REFUSED("  samples", 3, 7),
	REFUSED("samples=", 1, 8),
	REFUSED("=5", 1, 0),
	REFUSED("samples=1 samples=1", 11, 9),
	REFUSED("samples=0", 9, 1),
	REFUSED("samples=-1", 9, 2),
	REFUSED("samples=+1", 9, 2),
	REFUSED("samples=1x", 9, 2),
	REFUSED("samples=0x10", 9, 4),
	REFUSED("samples=10K", 9, 3),
	REFUSED("Samples=10", 1, 7),
	REFUSED("samples==10", 9, 3),
	REFUSED("allocs=", 1, 7),
	REFUSED("allocs=,", 8, 0),
	REFUSED("allocs=kmalloc,", 16, 0),
	REFUSED("allocs=,kmalloc", 8, 0),
	REFUSED("allocs=kmalloc,,vmalloc", 16, 0),
	REFUSED("allocs=kmaloc", 8, 6),
	REFUSED("allocs=kmalloc,kmalloc", 16, 7),
	REFUSED("allocs=kmalloc,all", 16, 3),
	REFUSED("allocs=vmalloc_huge", 8, 12),
	REFUSED("sizes=0", 7, 1),
	REFUSED("sizes=9223372036854775808", 7, 19),
	REFUSED("sizes=2T", 7, 2),
	REFUSED("sizes=8k", 7, 2),
	REFUSED("sizes=K", 7, 1),
	REFUSED("sizes=8KB", 7, 3),
	REFUSED("sizes=8,,16", 9, 0),
	REFUSED("sizes=8,8", 9, 1),
	REFUSED("sizes=8..64,32", 13, 2),
	REFUSED("sizes=1K,1024", 10, 4),
	REFUSED("sizes=24..96", 7, 6),
	REFUSED("sizes=64..8", 7, 5),
	REFUSED("sizes=8..", 10, 0),
	REFUSED("sizes=..8", 7, 0),
	REFUSED("sizes=8..64+", 13, 0),
	REFUSED("sizes=8..64+0", 13, 1),
	REFUSED("sizes=8...64", 10, 3),
	REFUSED("sizes=8..16..32", 10, 6),
	REFUSED("sizes=10..30+10,20..40+20", 17, 9),
	REFUSED("flags=", 1, 6),
	REFUSED("flags=GFP_KERNEL|", 18, 0),
	REFUSED("flags=|GFP_KERNEL", 7, 0),
	REFUSED("flags=GFP_KERNEL|NOPE", 18, 4),
	REFUSED("flags=GFP_KERNEL,GFP_KERNEL", 18, 10),
	REFUSED("flags=GFP_DMA|__GFP_ZERO,__GFP_ZERO|GFP_DMA", 26, 18),
	REFUSED("flags=gfp_kernel", 7, 10),
	REFUSED("patterns=pear", 10, 4),
	REFUSED("contexts=nmi", 10, 3),
	REFUSED("cpus=0", 6, 1),
	REFUSED("cpus=4", 6, 1),
	REFUSED("cpus=1-5", 6, 3),
	REFUSED("cpus=6", 6, 1),
	REFUSED("cpus=3-1", 6, 3),
	REFUSED("cpus=1,1", 8, 1),
	REFUSED("cpus=1-2,2", 10, 1),
	REFUSED("cpus=1,", 8, 0),
	REFUSED("cpus=-1", 6, 0),
	REFUSED("cpus=1-", 8, 0),
	REFUSED("node=1", 6, 1),
	REFUSED("node=3", 6, 1),
	REFUSED("node=all", 6, 3),
	REFUSED("timing=ops", 8, 3),
	REFUSED("touch=byte", 7, 4),
	REFUSED("order=lilo", 7, 4),
	REFUSED("depth=65", 7, 2),
	REFUSED("calls=7", 7, 1),
	REFUSED("bytes=1M", 7, 2),
	REFUSED("patterns=churn bytes=1M", 22, 2),
	REFUSED("patterns=exhaust bytes=4095", 24, 4),
	REFUSED("timing=batch touch=page", 20, 4),
	REFUSED("seed=18446744073709551616", 6, 20),
	REFUSED("seed=1\nx", 8, 1),
	REFUSED("seed=1\n\n", 8, 1),
	REFUSED("\n\n", 2, 1),
	REFUSED("seed=1\r\n", 7, 1),
	REFUSED("seed=1\0", 7, 1),
	REFUSED("\0", 1, 1),
	REFUSED("allocs=\xff", 8, 1),
	REFUSED("seed=1 \x1b[31m", 8, 1),
	REFUSED("caf\xc3\xa9=1", 4, 1),
};

static void refusals_point_at_the_word(void **state)
{
	static char buf[1 << 16];
	struct text said;
	size_t i;

	text_init(&said, buf, sizeof(buf));
	for (i = 0; i < ARRAY_SIZE(refused); i++) {
		const struct refused *r = &refused[i];
		int err;

		memset(&error, 0, sizeof(error));
		err = plan_parse(&plan, &sample_vocab, r->line, r->len, &error);
		if (err != -EINVAL || error.err != err)
			fail_msg("\"%s\": %d", r->line, err);
		if (error.column != r->column || error.width != r->width)
			fail_msg("\"%s\": column %u width %u, want %u and %u", r->line,
				 error.column, error.width, r->column, r->width);
		assert_true(strlen(error.text) > 5);
		text_printf(&said, "%zu ", i);
		text_word(&said, r->line);
		text_printf(&said, "\n\t%u+%u: %s\n", error.column, error.width, error.text);
	}
	assert_false(text_overflowed(&said));
	golden("refused.txt", buf);
}

static void help_names_every_key_and_word(void **state)
{
	static char buf[1 << 14];
	struct text help;
	unsigned int i;

	text_init(&help, buf, sizeof(buf));
	key_help(&help, &sample_vocab);
	assert_false(text_overflowed(&help));
	for (i = 0; i < PLAN_KEYS; i++)
		assert_non_null(strstr(buf, plan_keys[i].name));
	assert_non_null(strstr(buf, "vmalloc_huge() is not exported"));
	golden("help.txt", buf);
}

static void same_plan(const struct plan *a, const struct plan *b)
{
	unsigned int id;

	assert_int_equal(a->n_cells, b->n_cells);
	assert_memory_equal(a->cpus, b->cpus, sizeof(a->cpus));
	assert_memory_equal(a->number + PLAN_NODE, b->number + PLAN_NODE,
			    (PLAN_KEYS - PLAN_NODE) * sizeof(*a->number));
	for (id = 0; id < a->n_cells; id += 1 + a->n_cells / 50) {
		struct plan_cell x = plan_cell(a, id), y = plan_cell(b, id);

		assert_true(x.alloc == y.alloc && x.size == y.size && x.round == y.round);
		assert_true(x.pattern == y.pattern && x.context == y.context);
		assert_true(x.flags->bits == y.flags->bits);
	}
}

/* Writing the canonical line back repeats the run: the same plan, the same line. */
static void canonical_lines_round_trip(void **state)
{
	static const char *const lines[] = {
		"", "sizes=8..64,96 samples=7", "cpus=all node=2 seed=18446744073709551615",
		"flags=GFP_ATOMIC|__GFP_ZERO,GFP_DMA patterns=churn depth=1000000 mix=3",
		"allocs=all patterns=all contexts=all sizes=1..3+1 rounds=2 touch=line",
		"timing=batch calls=5 order=lifo patterns=batch", "\tbytes=2G  patterns=exhaust\n",
	};
	struct plan *again = malloc(sizeof(*again));
	size_t i;

	assert_non_null(again);
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		accept(lines[i]);
		memset(again, 0x5a, sizeof(*again));
		if (plan_parse(again, &sample_vocab, plan.line, strlen(plan.line), &error))
			fail_msg("\"%s\" refused: %s", plan.line, error.text);
		assert_string_equal(again->line, plan.line);
		same_plan(&plan, again);
	}
	free(again);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(an_empty_line_runs_the_defaults),
	cmocka_unit_test(numbers_keep_their_range),
	cmocka_unit_test(numbers_do_not_wrap),
	cmocka_unit_test(sizes_mean_what_they_say),
	cmocka_unit_test(cells_multiply_in_order),
	cmocka_unit_test(all_is_what_the_kernel_has),
	cmocka_unit_test(limits_of_a_plan),
	cmocka_unit_test(the_canonical_line_fits),
	cmocka_unit_test(nothing_is_read_behind_the_line),
	cmocka_unit_test(refusals_point_at_the_word),
	cmocka_unit_test(help_names_every_key_and_word),
	cmocka_unit_test(canonical_lines_round_trip),
};

int main(void)
{
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
