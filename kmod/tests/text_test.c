// SPDX-License-Identifier: GPL-2.0
/*
 * text: what fits, what does not, and nothing ever behind the end.
 */
#include "unit.h"

#include "text.h"

#define GUARD 0x5a

static void appends_and_cuts(void **state)
{
	char buf[64];
	struct text t;

	text_init(&t, buf, sizeof(buf));
	assert_string_equal(buf, "");
	text_printf(&t, "a=%d", 1);
	text_printf(&t, " b=%s", "two");
	assert_string_equal(buf, "a=1 b=two");
	assert_int_equal(t.len, 9);
	text_fill(&t, '-', 3);
	assert_string_equal(buf, "a=1 b=two---");
	text_fill(&t, '-', 0);
	text_cut(&t, 3);
	assert_string_equal(buf, "a=1");
	text_printf(&t, "!");
	assert_string_equal(buf, "a=1!");
	assert_false(text_overflowed(&t));
}

static void escapes_what_ends_a_word(void **state)
{
	char buf[64];
	struct text t;

	text_init(&t, buf, sizeof(buf));
	text_word(&t, "a b\tc\n1\\e~");
	assert_string_equal(buf, "a\\040b\\011c\\0121\\134e~");
	text_cut(&t, 0);
	text_word(&t, "");
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
		text_init(&t, buf, cap);
		text_printf(&t, "%s", "abcd");
		text_fill(&t, 'x', 2);
		text_word(&t, "y z");
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

	text_init(&t, buf, sizeof(buf));
	text_printf(&t, "abcd");
	assert_false(text_overflowed(&t));
	assert_string_equal(buf, "abcd");
	text_printf(&t, "e");
	assert_true(text_overflowed(&t));
	assert_string_equal(buf, "abcd");
}

static void measures_without_a_buffer(void **state)
{
	struct text t;

	text_init(&t, NULL, 0);
	text_printf(&t, "%u", 1234);
	text_word(&t, " ");
	text_fill(&t, '.', 1);
	assert_int_equal(t.len, 4 + 4 + 1);
	assert_true(text_overflowed(&t));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(appends_and_cuts),
	cmocka_unit_test(escapes_what_ends_a_word),
	cmocka_unit_test(counts_what_did_not_fit),
	cmocka_unit_test(full_is_not_overflowed),
	cmocka_unit_test(measures_without_a_buffer),
};

int main(void)
{
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
