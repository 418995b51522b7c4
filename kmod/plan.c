// SPDX-License-Identifier: GPL-2.0
/*
 * plan - text -> plan -> cells. Pure.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/string.h>

#include "hint.h"
#include "key.h"
#include "plan.h"
#include "range.h"
#include "text.h"

/*
 * What a line says of each key before it is understood; @cpu is a default, @n
 * are all words, @defaults is the one that stands for none of them.
 */
struct words {
	unsigned int n;
	struct span defaults;
	struct span value[PLAN_KEYS];
	bool given[PLAN_KEYS];
	char cpu[12];
};

/**
 * plan_refuse() - note why a whole line is refused
 * @error: filled
 * @err: negative errno
 * @fmt: a sentence without a full stop
 *
 * Context: any.
 * Return: @err.
 */
int plan_refuse(struct plan_error *error, int err, const char *fmt, ...)
{
	va_list args;

	error->err = err;
	error->column = 0;
	error->width = 0;
	va_start(args, fmt);
	vsnprintf(error->text, sizeof(error->text), fmt, args);
	va_end(args);
	return err;
}

/* @whole: there is no = in the word. */
static int unknown_key(const struct value_parse *p, struct span name, bool whole)
{
	unsigned int i, alike, most = 0;
	const char *meant = NULL;
	char known[200];
	struct text t;

	text_init(&t, known, sizeof(known));
	for (i = 0; i < PLAN_KEYS; i++) {
		text_printf(&t, "%s%s", i ? ", " : "", plan_rows[i].name);
		alike = hint_alike(name, plan_rows[i].name);
		if (alike > most) {
			most = alike;
			meant = plan_rows[i].name;
		}
	}
	if (!name.len)
		return value_refuse(p, name, "no key before the =; known are %s", known);
	if (whole && !meant)
		return value_refuse(p, name, "no = in this word; keys are %s", known);
	return value_refuse(p, name, "unknown key%s%s%s known are %s",
			    meant ? ", did you mean " : "", meant ?: "",
			    meant ? "?" : ";", known);
}

static int take_word(const struct value_parse *p, struct span word,
		     struct words *words)
{
	struct span value = word, name;
	unsigned int i;

	value_next(&value, "=", &name);
	for (i = 0; i < PLAN_KEYS; i++) {
		if (value_is(name, plan_rows[i].name))
			break;
	}
	if (i == PLAN_KEYS)
		return unknown_key(p, name, !value.at);
	if (!value.at)
		return value_refuse(p, word, "%s needs a value: %s=%s",
				    plan_rows[i].name, plan_rows[i].name,
				    plan_rows[i].initial ?: "0");
	if (words->given[i])
		return value_refuse(p, word, "%s is given twice", plan_rows[i].name);
	if (!value.len)
		return value_refuse(p, word, "empty value; leave %s out for its default",
				    plan_rows[i].name);
	words->given[i] = true;
	words->value[i] = value;
	return 0;
}

/* A newline by itself may be all that a shell got rid of: it runs nothing. */
static int check_words(const struct value_parse *p, const struct words *words)
{
	if (!words->n)
		return plan_refuse(p->error, -EINVAL,
				   "the line is empty; write `defaults` to run the defaults");
	if (words->defaults.len && words->n > 1)
		return value_refuse(p, words->defaults,
				    "it stands alone: keys left out have their defaults anyway");
	return 0;
}

static int split_line(const struct value_parse *p, struct span line,
		      struct words *words)
{
	struct span word;
	int err = 0;

	while (!err && value_next(&line, " \t", &word)) {
		if (!word.len)
			continue;
		words->n++;
		if (value_is(word, "defaults"))
			words->defaults = word;
		else
			err = take_word(p, word, words);
	}
	return err ?: check_words(p, words);
}

static int read_values(const struct value_parse *p, struct words *words)
{
	unsigned int i, first = 0;
	int err;

	while (first < p->vocab->nr_cpus && !test_bit(first, p->vocab->cpus))
		first++;
	snprintf(words->cpu, sizeof(words->cpu), "%u", first);

	for (i = 0; i < PLAN_KEYS; i++) {
		if (!words->given[i]) {
			const char *initial = plan_rows[i].initial ?: words->cpu;

			words->value[i] = (struct span){ initial, strlen(initial) };
		}
		err = plan_rows[i].parse(p, words->value[i], &plan_rows[i].rule,
				    &p->plan->number[i]);
		if (err)
			return err;
	}
	return 0;
}

/* Keys that some pattern or timing takes, and no selected one does. */
static u64 keys_without_use(const struct value_parse *p)
{
	const struct vocab_list *patterns = &p->vocab->patterns;
	const struct plan *plan = p->plan;
	u64 some = BIT(PLAN_CALLS), used = 0;
	unsigned int i;

	for (i = 0; i < patterns->n; i++)
		some |= patterns->words[i].bits;
	for (i = 0; i < plan->patterns.n; i++)
		used |= patterns->words[plan->patterns.index[i]].bits;
	if (plan->number[PLAN_TIMING] == TIMING_BATCH)
		used |= BIT(PLAN_CALLS);
	return some & ~used;
}

/* Nothing is accepted and ignored. */
static int check_use(const struct value_parse *p, const struct words *words)
{
	const u64 unused = keys_without_use(p);
	const struct plan *plan = p->plan;
	unsigned int i;

	for (i = 0; i < PLAN_KEYS; i++) {
		if ((unused & BIT(i)) && words->given[i] &&
		    !value_is(words->value[i], plan_rows[i].initial))
			return value_refuse(p, words->value[i],
					    "%s has no use here: no selected pattern or timing takes it",
					    plan_rows[i].name);
	}
	if (plan->number[PLAN_TIMING] == TIMING_BATCH &&
	    plan->number[PLAN_TOUCH] != TOUCH_NONE)
		return value_refuse(p, words->value[PLAN_TOUCH],
				    "touching is timed call by call: it needs timing=op");
	return 0;
}

static int write_line(const struct value_parse *p, const struct words *words)
{
	struct plan *plan = p->plan;
	struct text t;
	unsigned int i;

	text_init(&t, plan->line, sizeof(plan->line));
	for (i = 0; i < PLAN_KEYS; i++)
		text_printf(&t, "%s%s=%.*s", i ? " " : "", plan_rows[i].name,
			    (int)words->value[i].len, words->value[i].at);
	if (!text_overflowed(&t))
		return 0;
	return plan_refuse(p->error, -E2BIG,
			   "with its defaults the line has %zu bytes, at most %d",
			   t.len, PLAN_LINE_MAX);
}

static int count_cells(const struct value_parse *p)
{
	struct plan *plan = p->plan;
	const u64 factors[] = {
		plan->allocs.n, plan->total_sizes, plan->n_flags,
		plan->patterns.n, plan->contexts.n, plan->number[PLAN_ROUNDS],
	};
	u64 cells = 1;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(factors); i++) {
		cells *= factors[i];
		if (cells > PLAN_CELLS_MAX)
			return plan_refuse(p->error, -E2BIG,
					   "the plan has at least %llu cells, at most %d",
					   cells, PLAN_CELLS_MAX);
	}
	plan->n_cells = cells;
	return 0;
}

static int check_characters(const struct value_parse *p, struct span *line)
{
	const char *newline = memchr(line->at, '\n', line->len);
	unsigned int i;

	if (newline) {
		struct span rest = { newline + 1,
				     line->at + line->len - newline - 1 };

		if (rest.len)
			return value_refuse(p, rest, "bytes after the newline");
		line->len--;
	}
	for (i = 0; i < line->len; i++) {
		struct span rest = { line->at + i, line->len - i };
		int err = hint_character(p, rest);

		if (err)
			return err;
	}
	return 0;
}

/**
 * plan_parse() - understand a parameter line
 * @plan: filled; keeps a copy of the line
 * @vocab: what can be named on this machine; must outlive @plan
 * @line: the line, not terminated
 * @len: bytes at @line, with or without a final newline
 * @error: filled when the line is refused
 *
 * Context: any; does not sleep. A hostile line of lists costs some million
 * divisions.
 * Return: 0, -EINVAL, or -E2BIG for a long line or too many cells.
 */
int plan_parse(struct plan *plan, const struct vocab *vocab, const char *line,
	       size_t len, struct plan_error *error)
{
	const struct value_parse p = { plan, vocab, error };
	struct span input = { plan->input, len };
	struct words words = {};
	int err;

	if (len > PLAN_LINE_MAX + (len && line[len - 1] == '\n'))
		return plan_refuse(error, -E2BIG,
				   "the line has %zu bytes, at most %d", len,
				   PLAN_LINE_MAX);
	memcpy(plan->input, line, len);

	err = check_characters(&p, &input);
	if (!err)
		err = hint_blanks(&p, input);
	if (!err)
		err = split_line(&p, input, &words);
	if (!err)
		err = read_values(&p, &words);
	if (!err)
		err = check_use(&p, &words);
	if (!err)
		err = write_line(&p, &words);
	if (!err)
		err = count_cells(&p);
	return err;
}

static unsigned int peel(u64 *rest, unsigned int n)
{
	u64 quotient = div_u64(*rest, n);
	unsigned int digit = *rest - quotient * n;

	*rest = quotient;
	return digit;
}

/**
 * plan_cell() - a cell of a plan
 * @plan: plan
 * @id: which, below @plan->n_cells
 *
 * Context: any.
 * Return: its coordinates; they point into @plan.
 */
struct plan_cell plan_cell(const struct plan *plan, unsigned int id)
{
	const struct plan_sizes *sizes = plan->sizes;
	struct plan_cell cell = { .id = id };
	u64 rest = id;
	u64 size;

	/* The innermost dimension is the last digit of a mixed-radix number. */
	cell.context = plan->contexts.index[peel(&rest, plan->contexts.n)];
	cell.pattern = plan->patterns.index[peel(&rest, plan->patterns.n)];
	cell.flags = &plan->flags[peel(&rest, plan->n_flags)];
	size = peel(&rest, plan->total_sizes);
	cell.alloc = plan->allocs.index[peel(&rest, plan->allocs.n)];
	cell.round = rest;

	for (; size >= sizes->count; sizes++)
		size -= sizes->count;
	cell.size = range_value(sizes, size);
	return cell;
}
