// SPDX-License-Identifier: GPL-2.0
/*
 * text - append to a buffer that is fixed, and know what did not fit; or to one
 * that grows, and is shared when it is done. Pure.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "text.h"

#define TEXT_FIRST	4096
/* Kept back for the last record, so that it fits when nothing else does. */
#define TEXT_LAST	256

/**
 * kab_text_init() - start an empty text in a buffer
 * @t: text
 * @buf: room for it, may be NULL when @cap is 0
 * @cap: bytes at @buf
 *
 * Context: any.
 */
void kab_text_init(struct text *t, char *buf, size_t cap)
{
	*t = (struct text){ .buf = buf, .cap = cap };
	if (cap)
		*buf = '\0';
}

/**
 * kab_text_create() - make an empty text that grows
 * @limit: bytes it may grow to
 *
 * Context: process, may sleep.
 * Return: a text with one reference, or NULL.
 */
struct text *kab_text_create(size_t limit)
{
	struct text *t = kvmalloc(sizeof(*t), OWN_GFP);
	char *buf = kvmalloc(TEXT_FIRST, OWN_GFP);

	if (!t || !buf) {
		kvfree(buf);
		kvfree(t);
		return NULL;
	}
	kab_text_init(t, buf, TEXT_FIRST - TEXT_LAST);
	t->limit = max_t(size_t, limit, TEXT_FIRST);
	refcount_set(&t->ref, 1);
	return t;
}

/**
 * kab_text_put() - drop a reference
 * @t: text that kab_text_create() made, may be NULL
 *
 * Context: process, may sleep.
 */
void kab_text_put(struct text *t)
{
	if (!t || !refcount_dec_and_test(&t->ref))
		return;
	kvfree(t->buf);
	kvfree(t);
}

/* Room for @more characters. Without it the record so far is cut off. */
static bool text_grow(struct text *t, size_t more)
{
	const size_t cap = min(max(2 * t->cap, t->len + more + 1), t->limit);
	char *buf = NULL;

	if (!t->limit)
		return false;

	if (cap > t->len + more)
		buf = kvmalloc(cap + TEXT_LAST, OWN_GFP);
	if (!buf) {
		t->full = true;
		t->len = t->whole;
		t->buf[t->len] = '\0';
		return false;
	}
	memcpy(buf, t->buf, t->len);
	kvfree(t->buf);
	t->buf = buf;
	t->cap = cap;
	return true;
}

/**
 * kab_text_printf() - append formatted text
 * @t: text
 * @fmt: as for snprintf()
 *
 * Context: any; may sleep where @t grows.
 */
void kab_text_printf(struct text *t, const char *fmt, ...)
{
	size_t room, len;
	va_list args;

	if (t->full)
		return;
	do {
		room = text_overflowed(t) ? 0 : t->cap - t->len;
		va_start(args, fmt);
		len = vsnprintf(room ? t->buf + t->len : NULL, room, fmt, args);
		va_end(args);
	} while (len >= room && text_grow(t, len));
	if (!t->full)
		t->len += len;
}

/**
 * kab_text_word() - append a value of the result format
 * @t: text
 * @word: value; what would end a word is escaped as in /proc/mounts
 *
 * Context: as kab_text_printf().
 */
void kab_text_word(struct text *t, const char *word)
{
	for (; *word; word++) {
		if (strchr(" \t\n\\", *word))
			kab_text_printf(t, "\\%03o", (unsigned char)*word);
		else
			kab_text_printf(t, "%c", *word);
	}
}

/**
 * kab_text_last() - make room for the last record
 * @t: text that kab_text_create() made, full or not; once
 *
 * Whatever fits into 255 characters can then be written.
 *
 * Context: any.
 */
void kab_text_last(struct text *t)
{
	t->cap += TEXT_LAST;
	t->full = false;
}
