/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_TEXT_H
#define KALLOCBENCH_TEXT_H

#include <linux/compiler.h>
#include <linux/refcount.h>
#include <linux/types.h>

/* The module's own memory, texts and tables: asking fails before others have to pay. */
#define OWN_GFP	(GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN)

/**
 * struct text - text that is appended to
 * @buf: the characters, always terminated when @cap is not 0
 * @cap: bytes at @buf, the terminator included
 * @len: characters that the text has, or would have if it fitted
 * @limit: bytes it may grow to; 0 for a buffer that stays as it is
 * @whole: where the record being written begins
 * @full: a record did not fit into the memory there was, and was cut off whole
 * @ref: readers that hold it
 *
 * A buffer that stays as it is keeps snprintf()'s contract over several calls:
 * nothing is written past the end, and @len tells afterwards how much room would
 * have been enough. One that grows holds whole records only, and takes nothing
 * more once it is full, but for the last record.
 */
struct text {
	char *buf;
	size_t cap;
	size_t len;
	size_t limit;
	size_t whole;
	bool full;
	refcount_t ref;
};

void kab_text_init(struct text *t, char *buf, size_t cap);
struct text *kab_text_create(size_t limit);
void kab_text_put(struct text *t);
__printf(2, 3) void kab_text_printf(struct text *t, const char *fmt, ...);
void kab_text_word(struct text *t, const char *word);
void kab_text_last(struct text *t);

/* Takes a reference, see kab_text_put(). */
static inline struct text *text_get(struct text *t)
{
	if (t)
		refcount_inc(&t->ref);
	return t;
}

/* Ends a record: what is written so far is whole. */
static inline void text_seal(struct text *t)
{
	t->whole = t->len;
}

/* Whether characters were lost: @t->len + 1 bytes would have been enough. */
static inline bool text_overflowed(const struct text *t)
{
	return t->len >= t->cap;
}

#endif
