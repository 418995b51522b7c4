// SPDX-License-Identifier: GPL-2.0
/*
 * plan: what is refused, with which sentence, and where the caret goes.
 */
#include "unit.h"

#include <errno.h>

#include "golden.h"
#include "plan.h"
#include "parse.h"

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

static void limits_of_a_plan(void **state)
{
	static char line[8192];

	accept("allocs=null sizes=1..65536+1");
	assert_int_equal(plan.n_cells, 65536);
	assert_int_equal(parse("allocs=null sizes=1..65537+1"), -E2BIG);
	assert_int_equal(parse("sizes=1..1T+1"), -E2BIG);
	assert_int_equal(parse("sizes=1..1T+1 rounds=1000 allocs=all patterns=all"), -E2BIG);
	assert_int_equal(parse("sizes=1..32768+1 rounds=2"), -E2BIG);

	memset(line, ' ', sizeof(line) - 1);
	memcpy(line + WORD_LINE_MAX - 7, "sizes=8", 8);
	accept(line);
	line[WORD_LINE_MAX] = '\n';
	line[WORD_LINE_MAX + 1] = '\0';
	accept(line);
	line[WORD_LINE_MAX] = ' ';
	line[WORD_LINE_MAX + 1] = '\0';
	assert_int_equal(parse(line), -E2BIG);
	line[WORD_LINE_MAX + 1] = '\n';
	line[WORD_LINE_MAX + 2] = '\0';
	assert_int_equal(parse(line), -E2BIG);
	memset(line, ',', sizeof(line) - 1);
	assert_int_equal(parse(line), -E2BIG);
}

/* A default that no longer fits beside the user's words is a refusal, too. */
static void the_canonical_line_fits(void **state)
{
	static char line[WORD_LINE_MAX + 1];
	size_t len = snprintf(line, sizeof(line), "allocs=null sizes=1");
	unsigned int size = 2;

	while (len < WORD_LINE_MAX - 8)
		len += snprintf(line + len, sizeof(line) - len, ",%u", size++);
	assert_int_equal(parse(line), -E2BIG);
	assert_non_null(strstr(error.text, "default"));
}

#define REFUSED(line, column, width) { line, sizeof(line) - 1, column, width }

/* Column and width of the word at fault; the sentences are in the golden file. */
static const struct refused {
	const char *line;
	size_t len;
	unsigned int column;
	unsigned int width;
} refused[] = {
	REFUSED("", 0, 0),
	REFUSED("\n", 0, 0),
	REFUSED("defaults sizes=8", 1, 8),
	REFUSED("sizes=8 defaults", 9, 8),
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
	REFUSED("sizes=8..16..32", 7, 9),
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
	REFUSED("counters=cycles", 10, 6),
	REFUSED("timing=batch counters=cycle", 23, 5),
	REFUSED("timing=batch counters=cycles,none", 30, 4),
	REFUSED("timing=batch counters=cycles,cycles", 30, 6),
	REFUSED("timing=batch cpus=all counters=instructions", 32, 12),
	REFUSED("seed=18446744073709551616", 6, 20),
	REFUSED("facts=some", 7, 4),
	REFUSED("seed=1\nx", 8, 1),
	REFUSED("seed=1\n\n", 8, 1),
	REFUSED("\n\n", 2, 1),
	REFUSED("seed=1\r\n", 7, 1),
	REFUSED("seed=1\0", 7, 1),
	REFUSED("\0", 1, 1),
	REFUSED("allocs=\xff", 8, 1),
	REFUSED("seed=1 \x1b[31m", 8, 1),
	REFUSED("caf\xc3\xa9=1", 4, 1),
	/* What people type, each with what would be right. */
	REFUSED("allocs=kmalloc, vmalloc sizes=64", 16, 1),
	REFUSED("allocs=kmalloc \t,vmalloc", 15, 2),
	REFUSED("flags=GFP_KERNEL | __GFP_ZERO", 17, 1),
	REFUSED("sizes=8 .. 64", 8, 1),
	REFUSED("sizes=8..64 +8", 12, 1),
	REFUSED("cpus=1 - 3", 7, 1),
	REFUSED("samples = 5", 8, 1),
	REFUSED("samples= 5", 9, 1),
	REFUSED("samples= sizes=8", 1, 8),
	REFUSED("allocs=kmalloc, sizes=64", 16, 0),
	REFUSED("flags=GFP_KERNEL,", 18, 0),
	REFUSED("size=64", 1, 4),
	REFUSED("alloc=kmalloc", 1, 5),
	REFUSED("SIZES=64", 1, 5),
	REFUSED("cpu=1", 1, 3),
	REFUSED("budget=5", 1, 6),
	REFUSED("kmalloc 64", 1, 7),
	REFUSED("sizes=8 -v", 8, 1),
	REFUSED("sizes=8 --samples=5", 9, 9),
	REFUSED("allocs=vmaloc", 8, 6),
	REFUSED("allocs=KMALLOC", 8, 7),
	REFUSED("flags=GFP_USER", 7, 8),
	REFUSED("flags=GFP_KERNEL+__GFP_ZERO", 7, 21),
	REFUSED("sizes=64KB", 7, 4),
	REFUSED("sizes=4KiB", 7, 4),
	REFUSED("sizes=4kib", 7, 4),
	REFUSED("sizes=4mb", 7, 3),
	REFUSED("sizes=64B", 7, 3),
	REFUSED("sizes=4Ki", 7, 3),
	REFUSED("sizes=1e3", 7, 3),
	REFUSED("sizes=0x40", 7, 4),
	REFUSED("sizes=1.5K", 7, 4),
	REFUSED("sizes=1_000", 7, 5),
	REFUSED("sizes=8-64", 7, 4),
	REFUSED("sizes=all", 7, 3),
	REFUSED("samples=1e3", 9, 3),
	REFUSED("samples=10k", 9, 3),
	REFUSED("samples=1,2", 9, 3),
	REFUSED("samples=1-2", 9, 3),
	REFUSED("samples=.5", 9, 2),
	REFUSED("budget_ms=5s", 11, 2),
	REFUSED("cpus=1-3:2", 8, 3),
	REFUSED("cpus=1..3", 6, 4),
	REFUSED("cpus=all,1", 6, 3),
	REFUSED("cpus=1\xe2\x80\x93\063", 7, 3),
	REFUSED("sizes=8\xe2\x80\xa6\066\064", 8, 3),
	REFUSED("sizes=8\xc2\xa0samples=5", 8, 2),
	REFUSED("\xef\xbb\xbfsizes=8", 1, 3),
	REFUSED("allocs=\xe2\x80\x9ckmalloc\xe2\x80\x9d", 8, 3),
	REFUSED("allocs='kmalloc'", 8, 1),
	REFUSED("\"allocs=kmalloc\"", 1, 1),
	REFUSED("sizes=8\r", 8, 1),
	REFUSED("sizes=8\xe2\x80", 8, 1),
};

static void refusals_point_at_the_word(void **state)
{
	static char buf[1 << 16];
	struct text said;
	size_t i;

	kab_text_init(&said, buf, sizeof(buf));
	for (i = 0; i < ARRAY_SIZE(refused); i++) {
		const struct refused *r = &refused[i];
		int err;

		memset(&error, 0, sizeof(error));
		err = kab_plan_parse(&plan, &sample_vocab, r->line, r->len, &error);
		if (err != -EINVAL || error.err != err)
			fail_msg("\"%s\": %d", r->line, err);
		if (error.column != r->column || error.width != r->width)
			fail_msg("\"%s\": column %u width %u, want %u and %u", r->line,
				 error.column, error.width, r->column, r->width);
		assert_true(strlen(error.text) > 5);
		kab_text_printf(&said, "%zu ", i);
		kab_text_word(&said, r->line);
		kab_text_printf(&said, "\n\t%u+%u: %s\n", error.column, error.width, error.text);
	}
	assert_false(text_overflowed(&said));
	golden("refused.txt", buf);
}

/* What the error file says: a sentence, the line, and the caret. */
static const char *said(const char *line, size_t len)
{
	static char buf[3 * WORD_LINE_MAX];
	struct text t;

	memset(&error, 0, sizeof(error));
	assert_true(kab_plan_parse(&plan, &sample_vocab, line, len, &error) < 0);
	kab_text_init(&t, buf, sizeof(buf));
	kab_refusal_explain(&t, &error, line, len);
	assert_false(text_overflowed(&t));
	return buf;
}

static void the_caret_stands_under_the_word(void **state)
{
	static char line[WORD_LINE_MAX + 9];
	const char *text;

	assert_string_equal(said("sizes=8 samples\n", 16),
			    "column 9: \"samples\": samples needs a value: samples=10000\n"
			    "sizes=8 samples\n        ^^^^^^^\n");
	assert_string_equal(said("sizes=8,", 8),
			    "column 9: \"\": empty list member: a comma too many\n"
			    "sizes=8,\n        ^\n");
	assert_string_equal(said("seed=1\t\x1b[m", 10),
			    "column 8: \"?\": byte 0x1b is not printable ASCII\n"
			    "seed=1??[m\n       ^\n");
	assert_non_null(strstr(said("sizes=1..1T+1", 13), "cells"));
	/* A word as long as a line is quoted short, and underlined whole. */
	memset(line, 'x', WORD_LINE_MAX);
	text = said(line, WORD_LINE_MAX);
	assert_non_null(strstr(text, "xxx...\": no = in this word"));
	assert_true(strlen(text) < 2 * WORD_LINE_MAX + 512);
	assert_string_equal(text + strlen(text) - 3, "^^\n");
}

/* Names of every length, for each leaves another rest of the room. */
static void a_long_list_says_where_the_rest_is(void **state)
{
	static const char end[] = ", ... (all of them: help)";
	struct vocab vocab = sample_vocab;
	struct vocab_word words[40];
	char name[32];
	size_t len, said;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		words[i] = (struct vocab_word){ .name = name };
	vocab.patterns = (struct vocab_list)VOCAB_LIST("pattern", words, words[0]);
	for (len = 4; len < sizeof(name); len++) {
		memset(name, 'n', len);
		name[len] = '\0';
		assert_true(kab_plan_parse(&plan, &vocab, "patterns=no", 11, &error) < 0);
		said = strlen(error.text);
		assert_true(said > sizeof(end));
		assert_string_equal(error.text + said - (sizeof(end) - 1), end);
	}
}

#define KEY(id, name, ...) name,
static const char *const keys[] = {
#include "keys.def"
};

static void help_names_every_key_and_word(void **state)
{
	static char buf[1 << 14];
	struct text help;
	unsigned int i;

	kab_text_init(&help, buf, sizeof(buf));
	kab_plan_help(&help, &sample_vocab);
	assert_false(text_overflowed(&help));
	for (i = 0; i < PLAN_KEYS; i++)
		assert_non_null(strstr(buf, keys[i]));
	assert_non_null(strstr(buf, "vmalloc_huge() is not exported"));
	golden("help.txt", buf);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(numbers_do_not_wrap),
	cmocka_unit_test(limits_of_a_plan),
	cmocka_unit_test(the_canonical_line_fits),
	cmocka_unit_test(refusals_point_at_the_word),
	cmocka_unit_test(the_caret_stands_under_the_word),
	cmocka_unit_test(a_long_list_says_where_the_rest_is),
	cmocka_unit_test(help_names_every_key_and_word),
};

int main(void)
{
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
