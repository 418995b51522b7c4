// SPDX-License-Identifier: GPL-2.0
/*
 * value - text -> numbers, sizes, words of a choice. Pure.
 *
 * Every parser takes a span of the line and refuses it with a sentence that
 * says what would be right; none of them corrects anything.
 */
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/string.h>

#include "hint.h"
#include "value.h"

/**
 * value_refuse() - note why a word is refused
 * @p: parse
 * @word: the word at fault; no column is noted where it is a default, and not
 *	part of the plan's input
 * @fmt: a sentence without the word itself and without a full stop
 *
 * Context: any.
 * Return: -EINVAL, for the caller to return.
 */
int value_refuse(const struct value_parse *p, struct span word,
		 const char *fmt, ...)
{
	const char *input = p->plan->input;
	const bool given = word.at >= input &&
			   word.at < input + sizeof(p->plan->input);
	struct plan_error *error = p->error;
	va_list args;

	error->err = -EINVAL;
	error->column = given ? word.at - input + 1 : 0;
	error->width = given ? word.len : 0;
	va_start(args, fmt);
	vsnprintf(error->text, sizeof(error->text), fmt, args);
	va_end(args);
	return error->err;
}

/**
 * value_is() - whether a span is a certain word
 * @word: span
 * @name: word
 *
 * Context: any.
 * Return: true if they are equal.
 */
bool value_is(struct span word, const char *name)
{
	return strlen(name) == word.len && !memcmp(word.at, name, word.len);
}

/**
 * value_next() - cut the first part off a span
 * @rest: what is left, @rest->at is NULL when nothing is
 * @separators: characters that end a part
 * @word: the part, without its separator; may be empty
 *
 * Context: any.
 * Return: false when nothing was left.
 */
bool value_next(struct span *rest, const char *separators, struct span *word)
{
	unsigned int i = 0;

	if (!rest->at)
		return false;

	while (i < rest->len &&
	       !(rest->at[i] && strchr(separators, rest->at[i])))
		i++;
	word->at = rest->at;
	word->len = i;
	if (i == rest->len) {
		rest->at = NULL;
		rest->len = 0;
	} else {
		rest->at += i + 1;
		rest->len -= i + 1;
	}
	return true;
}

/* Returns the characters used; @wide: the number does not fit into a u64. */
static unsigned int scan_digits(struct span word, u64 *number, bool *wide)
{
	unsigned int i;

	*number = 0;
	*wide = false;
	for (i = 0; i < word.len; i++) {
		unsigned int digit = (unsigned char)word.at[i] - '0';

		if (digit > 9)
			break;
		*wide |= *number > div_u64(U64_MAX - digit, 10);
		*number = *number * 10 + digit;
	}
	return i;
}

/**
 * value_number() - understand a decimal number
 * @p: parse
 * @word: span
 * @rule: range, and perhaps a word beside it
 * @number: result
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int value_number(const struct value_parse *p, struct span word,
		 const struct value_rule *rule, u64 *number)
{
	bool wide;
	unsigned int used = scan_digits(word, number, &wide);

	if (rule->word && value_is(word, rule->word)) {
		*number = rule->word_value;
		return 0;
	}
	if (!used || used < word.len)
		return hint_number(p, word, rule, used);
	if (wide || *number < rule->lo || *number > rule->hi)
		return value_refuse(p, word, "out of range %llu..%llu",
				    rule->lo, rule->hi);
	return 0;
}

/**
 * value_size() - understand a number of bytes with a suffix, in either case
 * @p: parse
 * @word: span
 * @rule: range in bytes, and perhaps a word beside it
 * @bytes: result
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int value_size(const struct value_parse *p, struct span word,
	       const struct value_rule *rule, u64 *bytes)
{
	static const char suffixes[] = "KMGT";
	const char *suffix = NULL;
	bool wide;
	unsigned int used = scan_digits(word, bytes, &wide);

	if (rule->word && value_is(word, rule->word)) {
		*bytes = rule->word_value;
		return 0;
	}
	if (used + 1 == word.len && word.at[used])
		suffix = strchr(suffixes, toupper(word.at[used]));
	if (!used || used + !!suffix < word.len)
		return hint_size(p, word, used);
	if (suffix) {
		unsigned int shift = 10 * (suffix - suffixes + 1);

		wide |= *bytes > U64_MAX >> shift;
		*bytes <<= shift;
	}
	if (wide || *bytes < rule->lo || *bytes > rule->hi)
		return value_refuse(p, word, "out of range %llu..%lluG bytes",
				    rule->lo, rule->hi >> 30);
	return 0;
}

/**
 * value_choice() - understand one of a few words
 * @p: parse
 * @word: span
 * @rule: the words
 * @choice: result, index of the word
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int value_choice(const struct value_parse *p, struct span word,
		 const struct value_rule *rule, u64 *choice)
{
	char known[64];
	struct text t;
	u64 i;

	text_init(&t, known, sizeof(known));
	for (i = 0; rule->choices[i]; i++) {
		if (value_is(word, rule->choices[i])) {
			*choice = i;
			return 0;
		}
		text_printf(&t, "%s%s", i ? ", " : "", rule->choices[i]);
	}
	return value_refuse(p, word, "not one of %s", known);
}

/**
 * value_node() - understand a NUMA node
 * @p: parse
 * @word: span, "any" or a number
 * @node: result, PLAN_ANY for any
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int value_node(const struct value_parse *p, struct span word, u64 *node)
{
	const struct value_rule rule = {
		.hi = p->vocab->nr_nodes - 1, .word = "any",
		.word_value = PLAN_ANY,
	};
	int err = value_number(p, word, &rule, node);

	if (err)
		return err;
	if (*node != PLAN_ANY && !test_bit(*node, p->vocab->nodes))
		return value_refuse(p, word, "no such node is online");
	return 0;
}
