// SPDX-License-Identifier: GPL-2.0
/*
 * refusal - why a line was refused -> text for people. Pure.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>

#include "refusal.h"

/* What is not printable must not reach a terminal. */
static void write_printable(struct text *t, const char *s, size_t len)
{
	for (; len && *s != '\n'; s++, len--)
		text_printf(t, "%c", *s < ' ' || *s > '~' ? '?' : *s);
}

/**
 * refusal_write() - a sentence, the line, and a caret under the word
 * @t: text to append to
 * @error: why the line was refused
 * @line: the line, not terminated; not looked at when no word is at fault
 * @len: bytes at @line
 *
 * Context: any.
 */
void refusal_write(struct text *t, const struct plan_error *error,
		   const char *line, size_t len)
{
	const size_t quoted = min_t(size_t, error->width, 40);

	if (!error->column) {
		text_printf(t, "%s\n", error->text);
		return;
	}
	text_printf(t, "column %u: \"", error->column);
	write_printable(t, line + error->column - 1, quoted);
	text_printf(t, "%s\": %s\n", quoted < error->width ? "..." : "",
		    error->text);
	write_printable(t, line, len);
	text_printf(t, "\n");
	text_fill(t, ' ', error->column - 1);
	text_fill(t, '^', max(error->width, 1U));
	text_printf(t, "\n");
}
