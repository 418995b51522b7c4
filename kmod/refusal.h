/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_REFUSAL_H
#define KALLOCBENCH_REFUSAL_H

#include <linux/compiler.h>
#include <linux/string.h>
#include <linux/types.h>

#include "text.h"
#include "vocab.h"

/**
 * struct refusal - why a line was refused
 * @err: negative errno
 * @column: where the offending word begins, from 1; 0 when no word is at fault
 * @width: characters of that word
 * @text: a sentence
 */
struct refusal {
	int err;
	unsigned int column;
	unsigned int width;
	char text[240];
};

/**
 * struct words - a text that is cut into words, and its place in the line
 * @start: first character
 * @column: of @start in the line, from 1; 0 for a default, which nobody wrote
 * @refusal: filled when a word is refused
 */
struct words {
	char *start;
	unsigned int column;
	struct refusal *refusal;
};

/* What a whole number is written with. */
#define WORD_DIGITS	"0123456789"

/* Refuses a C string: see kab_refuse_at(). */
#define refuse_word(w, word, fmt, ...)					\
	kab_refuse_at(w, word, strlen(word), fmt, ##__VA_ARGS__)

__printf(3, 4) int kab_refuse(struct refusal *r, int err, const char *fmt, ...);
__printf(4, 5) int kab_refuse_at(const struct words *w, const char *word,
				 size_t width, const char *fmt, ...);
int kab_refuse_characters(const struct words *w, size_t len);
int kab_refuse_name(const struct words *w, const char *word,
		    const struct vocab_list *list);
int kab_refuse_key(const struct words *w, const char *word, bool whole,
		   const struct vocab_list *keys);
int kab_refuse_number(const struct words *w, const char *word, const char *other);
int kab_refuse_size(const struct words *w, const char *word);
void kab_refusal_explain(struct text *t, const struct refusal *refusal,
			 const char *line, size_t len);

#endif
