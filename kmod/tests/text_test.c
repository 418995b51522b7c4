// SPDX-License-Identifier: GPL-2.0
/*
 * text: what fits, what does not, and nothing ever behind the end.
 */
#include "unit.h"

#include <linux/slab.h>

#include "text.h"

#define GUARD 0x5a

static void fill(struct text *t, char c, size_t count)
{
	while (count--)
		kab_text_printf(t, "%c", c);
}

static void appends(void **state)
{
	char buf[64];
	struct text t;

	kab_text_init(&t, buf, sizeof(buf));
	assert_string_equal(buf, "");
	kab_text_printf(&t, "a=%d", 1);
	kab_text_printf(&t, " b=%s", "two");
	assert_string_equal(buf, "a=1 b=two");
	assert_int_equal(t.len, 9);
	fill(&t, '-', 3);
	assert_string_equal(buf, "a=1 b=two---");
	fill(&t, '-', 0);
	assert_false(text_overflowed(&t));
}

static void escapes_what_ends_a_word(void **state)
{
	char buf[64];
	struct text t;

	kab_text_init(&t, buf, sizeof(buf));
	kab_text_word(&t, "a b\tc\n1\\e~");
	assert_string_equal(buf, "a\\040b\\011c\\0121\\134e~");
	kab_text_init(&t, buf, sizeof(buf));
	kab_text_word(&t, "");
	assert_string_equal(buf, "");
}

/* As snprintf: the length it would have had, and a terminator inside. */
static void counts_what_did_not_fit(void **state)
{
	char buf[9];
	size_t cap;

	for (cap = 1; cap < sizeof(buf); cap++) {
		struct text t;

		memset(buf, GUARD, sizeof(buf));
		kab_text_init(&t, buf, cap);
		kab_text_printf(&t, "%s", "abcd");
		fill(&t, 'x', 2);
		kab_text_word(&t, "y z");
		assert_int_equal(t.len, 12);
		assert_true(text_overflowed(&t));
		assert_int_equal(strlen(buf), cap - 1);
		assert_int_equal(buf[cap], GUARD);
	}
}

static void full_is_not_overflowed(void **state)
{
	char buf[5];
	struct text t;

	kab_text_init(&t, buf, sizeof(buf));
	kab_text_printf(&t, "abcd");
	assert_false(text_overflowed(&t));
	assert_string_equal(buf, "abcd");
	kab_text_printf(&t, "e");
	assert_true(text_overflowed(&t));
	assert_string_equal(buf, "abcd");
}

static void measures_without_a_buffer(void **state)
{
	struct text t;

	kab_text_init(&t, NULL, 0);
	kab_text_printf(&t, "%u", 1234);
	kab_text_word(&t, " ");
	fill(&t, '.', 1);
	assert_int_equal(t.len, 4 + 4 + 1);
	assert_true(text_overflowed(&t));
}

/* A record of its number and of as many characters, of two calls. */
static void write_record(struct text *t, unsigned int number, size_t len)
{
	kab_text_printf(t, "%u:", number);
	fill(t, 'x', len);
	kab_text_printf(t, "\n");
	text_seal(t);
}

static void grows_to_its_limit_by_whole_records(void **state)
{
	const size_t limit = 100000;
	struct text *t = kab_text_create(limit);
	unsigned int n = 0, lines = 0;
	const char *line;

	assert_non_null(t);
	while (!t->full)
		write_record(t, n++, 1000);
	assert_in_range(t->len, limit - 1100, limit - 1);
	assert_int_equal(strlen(t->buf), t->len);
	for (line = t->buf; *line; line = strchr(line, '\n') + 1)
		assert_int_equal(atoi(line), lines++);
	assert_int_equal(lines, n - 1);
	/* What is short would fit: a gap would not show. */
	write_record(t, n, 1);
	assert_int_equal(strlen(t->buf), t->len);
	assert_int_equal(t->buf[t->len - 2], 'x');
	kab_text_put(t);
}

static void keeps_room_for_the_last_record(void **state)
{
	size_t len;

	for (len = 3000; len < 4096; len++) {
		struct text *t = kab_text_create(0);

		write_record(t, 0, len);
		write_record(t, 1, 2000);
		assert_true(t->full);
		kab_text_last(t);
		assert_false(t->full);
		fill(t, 'y', 255);
		assert_false(t->full);
		assert_int_equal(strlen(t->buf), t->len);
		assert_string_equal(strchr(t->buf, 'y') + 250, "yyyyy");
		kab_text_put(t);
	}
}

static void lives_as_long_as_its_last_reader(void **state)
{
	struct text *t = kab_text_create(1000);

	assert_ptr_equal(text_get(t), t);
	kab_text_put(t);
	kab_text_printf(t, "still there");
	assert_string_equal(t->buf, "still there");
	kab_text_put(t);
	assert_null(text_get(NULL));
	kab_text_put(NULL);
}

static void has_no_memory(void **state)
{
	struct text *t;
	unsigned int i;

	for (i = 1; i <= 2; i++) {
		shim_fails = i;
		assert_null(kab_text_create(1000000));
	}
	t = kab_text_create(1000000);
	shim_fails = 1;
	kab_text_printf(t, "%100000s", "long");
	assert_true(t->full);
	assert_string_equal(t->buf, "");
	kab_text_put(t);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(appends),
	cmocka_unit_test(escapes_what_ends_a_word),
	cmocka_unit_test(counts_what_did_not_fit),
	cmocka_unit_test(full_is_not_overflowed),
	cmocka_unit_test(measures_without_a_buffer),
	cmocka_unit_test(grows_to_its_limit_by_whole_records),
	cmocka_unit_test(keeps_room_for_the_last_record),
	cmocka_unit_test(lives_as_long_as_its_last_reader),
	cmocka_unit_test(has_no_memory),
};

int main(void)
{
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
