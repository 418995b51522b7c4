/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_TEXT_H
#define KALLOCBENCH_TEXT_H

#include <linux/compiler.h>
#include <linux/types.h>

/**
 * struct text - bounded buffer that text is appended to
 * @buf: the characters, always terminated when @cap is not 0
 * @cap: bytes at @buf, the terminator included
 * @len: characters that the text has, or would have if it fitted
 *
 * snprintf()'s contract carried over several calls: nothing is written past
 * the end, and @len tells afterwards how much room would have been enough.
 */
struct text {
	char *buf;
	size_t cap;
	size_t len;
};

void text_init(struct text *t, char *buf, size_t cap);
void text_cut(struct text *t, size_t len);
__printf(2, 3) void text_printf(struct text *t, const char *fmt, ...);
void text_fill(struct text *t, char c, size_t count);
void text_word(struct text *t, const char *word);

/**
 * text_overflowed() - whether the text is longer than its buffer
 * @t: text
 *
 * Context: any.
 * Return: true if characters were lost; @t->len + 1 bytes would have been
 * enough.
 */
static inline bool text_overflowed(const struct text *t)
{
	return t->len >= t->cap;
}

#endif
