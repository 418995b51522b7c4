// SPDX-License-Identifier: GPL-2.0
/*
 * text - append to a bounded buffer and know what did not fit. Pure.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "text.h"

/**
 * text_init() - start an empty text
 * @t: text
 * @buf: room for it, may be NULL when @cap is 0
 * @cap: bytes at @buf
 *
 * Context: any.
 */
void text_init(struct text *t, char *buf, size_t cap)
{
	t->buf = buf;
	t->cap = cap;
	text_cut(t, 0);
}

/**
 * text_cut() - drop everything behind a position
 * @t: text
 * @len: characters to keep, at most @t->len
 *
 * Context: any.
 */
void text_cut(struct text *t, size_t len)
{
	t->len = len;
	if (len < t->cap)
		t->buf[len] = '\0';
}

/**
 * text_printf() - append formatted text
 * @t: text
 * @fmt: as for snprintf()
 *
 * Context: any.
 */
void text_printf(struct text *t, const char *fmt, ...)
{
	size_t room = text_overflowed(t) ? 0 : t->cap - t->len;
	va_list args;

	va_start(args, fmt);
	t->len += vsnprintf(room ? t->buf + t->len : NULL, room, fmt, args);
	va_end(args);
}

/**
 * text_fill() - append one character many times
 * @t: text
 * @c: character
 * @count: how often
 *
 * Context: any.
 */
void text_fill(struct text *t, char c, size_t count)
{
	while (count--)
		text_printf(t, "%c", c);
}

/**
 * text_word() - append a value of the result format
 * @t: text
 * @word: value; what would end a word is escaped as in /proc/mounts
 *
 * Context: any.
 */
void text_word(struct text *t, const char *word)
{
	for (; *word; word++) {
		if (strchr(" \t\n\\", *word))
			text_printf(t, "\\%03o", (unsigned char)*word);
		else
			text_printf(t, "%c", *word);
	}
}
