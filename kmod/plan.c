// SPDX-License-Identifier: GPL-2.0
/*
 * plan - text -> plan -> cells; help, and why a line is refused. Pure.
 */
#include <linux/bitmap.h>
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "plan.h"

static_assert(WORD_SIZES_COMPARED >= PLAN_CELLS_MAX);
/* A pattern has a bit for each key that it uses. */
static_assert(PLAN_KEYS <= 64);

static const char *const timings[] = {
	[TIMING_OP] = "op", [TIMING_BATCH] = "batch", NULL
};

static const char *const touches[] = {
	[TOUCH_NONE] = "none", [TOUCH_PAGE] = "page", [TOUCH_LINE] = "line", NULL
};

static const char *const orders[] = {
	[ORDER_FIFO] = "fifo", [ORDER_LIFO] = "lifo", [ORDER_RANDOM] = "random",
	NULL
};

static const char *const facts[] = {
	[FACTS_NONE] = "none", [FACTS_SIZE] = "size", [FACTS_ALL] = "all", NULL
};

const struct vocab_word kab_plan_counters[] = {
	[COUNTER_CYCLES] = { "cycles", "at whatever speed the CPU runs" },
	[COUNTER_INSTRUCTIONS] = { "instructions", "retired" },
	[COUNTER_BRANCHES] = { "branches", "retired" },
	[COUNTER_BRANCH_MISSES] = { "branch-misses", "mispredicted" },
	[COUNTER_CACHE_MISSES] = { "cache-misses", "of the last level" },
	[COUNTER_L1D_MISSES] = { "l1d-misses", "reads that the first level lacks" },
	[COUNTER_DTLB_MISSES] = { "dtlb-misses", "reads whose page the TLB lacks" },
	[COUNTER_ITLB_MISSES] = { "itlb-misses", "code whose page the TLB lacks" },
};

static_assert(ARRAY_SIZE(kab_plan_counters) == COUNTERS);

static const struct vocab_list counter_list =
	VOCAB_LIST("counter", kab_plan_counters, kab_plan_counters[0]);

/* A row of keys.def. */
struct key {
	struct vocab_word word;
	const char *initial;
	struct word_rule rule;
};

#define LIST(lo, hi)			{ WORD_LIST, lo, hi }
#define NUMBER(lo, hi)			{ WORD_NUMBER, lo, hi }
#define SIZE_OR(lo, hi, word, number)	{ WORD_SIZE, lo, hi, word, number }
#define CHOICE(words)			{ WORD_CHOICE, .choices = words }

#define KEY(id, name, initial, values, about) { { name, about }, initial, values },
static const struct key keys[] = {
#include "keys.def"
};

static const struct vocab_list key_list = VOCAB_LIST("key", keys, keys[0].word);

/* A line on its way to become a plan. */
struct parse {
	struct plan *plan;
	const struct vocab *vocab;
	struct refusal *refusal;
	struct words value[PLAN_KEYS];	/* not cut yet, or what the plan points to */
	size_t len;			/* of the canonical line */
};

static int take_word(struct parse *p, const struct words *line, char *word)
{
	const size_t width = strlen(word);
	char *value = word;
	const char *name = strsep(&value, "=");
	const int key = vocab_find(&key_list, name);

	if (key < 0)
		return kab_refuse_key(line, name, !value, &key_list);
	if (!value)
		return refuse_word(line, name, "%s needs a value: %s=%s", name,
				   name, *keys[key].initial ? keys[key].initial : "0");
	if (p->value[key].start)
		return kab_refuse_at(line, name, width, "%s is given twice", name);
	if (!*value)
		return kab_refuse_at(line, name, width,
				     "empty value; leave %s out for its default", name);
	p->value[key] = (struct words){
		value, line->column + (value - line->start), p->refusal
	};
	return 0;
}

/*
 * A newline by itself may be all that a shell got rid of: it runs nothing. So
 * there is a word that stands for no word at all.
 */
static int split_line(struct parse *p, const struct words *line)
{
	const char *defaults = NULL;
	char *word, *rest = line->start;
	unsigned int n = 0;
	int err = 0;

	while (!err && (word = strsep(&rest, " \t"))) {
		if (!*word)
			continue;
		n++;
		if (!strcmp(word, "defaults"))
			defaults = word;
		else
			err = take_word(p, line, word);
	}
	if (err)
		return err;
	if (!n)
		return kab_refuse(p->refusal, -EINVAL,
				  "the line is empty; write `defaults` to run the defaults");
	if (defaults && n > 1)
		return refuse_word(line, defaults,
				   "it stands alone: keys left out have their defaults anyway");
	return 0;
}

/* Values are whole for the last time: what reads them cuts them. */
static void write_line(struct parse *p)
{
	const struct vocab *vocab = p->vocab;
	char cpu[12];
	struct text t;
	unsigned int i;

	snprintf(cpu, sizeof(cpu), "%lu", find_first_bit(vocab->cpus, vocab->nr_cpus));
	kab_text_init(&t, p->plan->line, sizeof(p->plan->line));
	for (i = 0; i < PLAN_KEYS; i++) {
		const char *initial = *keys[i].initial ? keys[i].initial : cpu;

		kab_text_printf(&t, "%s%s=%s", i ? " " : "", keys[i].word.name,
				p->value[i].start ?: initial);
	}
	p->len = t.len;
}

static int read_node(const struct words *w, const struct vocab *vocab, u64 *node)
{
	const struct word_rule rule = {
		.kind = WORD_NUMBER, .hi = vocab->nr_nodes - 1,
		.word = "any", .word_value = PLAN_ANY,
	};
	int err = kab_word_number(w, w->start, &rule, node);

	if (err)
		return err;
	if (*node != PLAN_ANY && !test_bit(*node, vocab->nodes))
		return refuse_word(w, w->start, "no such node is online");
	return 0;
}

static int read_counters(const struct words *w, struct plan *plan)
{
	int err = 0;

	plan->counters.n = 0;
	if (strcmp(w->start, "none"))
		err = kab_word_names(w, &counter_list, &plan->counters);
	plan->number[PLAN_COUNTERS] = plan->counters.n;
	return err;
}

static int read_value(const struct parse *p, enum plan_key key)
{
	const struct word_rule *rule = &keys[key].rule;
	const struct words *w = &p->value[key];
	const struct vocab *vocab = p->vocab;
	struct plan *plan = p->plan;

	switch (key) {
	case PLAN_ALLOCS:
		return kab_word_names(w, &vocab->allocs, &plan->allocs);
	case PLAN_SIZES:
		return kab_word_sizes(w, rule, &plan->sizes);
	case PLAN_FLAGS:
		return kab_word_flags(w, &vocab->gfps, &plan->flags);
	case PLAN_PATTERNS:
		return kab_word_names(w, &vocab->patterns, &plan->patterns);
	case PLAN_CONTEXTS:
		return kab_word_names(w, &vocab->contexts, &plan->contexts);
	case PLAN_COUNTERS:
		return read_counters(w, plan);
	case PLAN_CPUS:
		bitmap_zero(plan->cpus, PLAN_CPUS_MAX);
		return kab_word_cpus(w, vocab->cpus, vocab->nr_cpus, plan->cpus);
	case PLAN_NODE:
		return read_node(w, vocab, &plan->number[key]);
	default:
		return kab_word_number(w, w->start, rule, &plan->number[key]);
	}
}

/* The canonical line has them all, and in order. */
static int read_values(struct parse *p)
{
	char *rest = p->plan->words;
	unsigned int i;
	int err = 0;

	memcpy(p->plan->words, p->plan->line, sizeof(p->plan->words));
	for (i = 0; i < PLAN_KEYS && !err; i++) {
		p->value[i].start = strsep(&rest, " ") + strlen(keys[i].word.name) + 1;
		p->value[i].refusal = p->refusal;
		err = read_value(p, i);
	}
	p->plan->n_cpus = bitmap_weight(p->plan->cpus, PLAN_CPUS_MAX);
	return err;
}

/* Keys that some pattern or timing takes, and no selected one does. */
static u64 keys_without_use(const struct parse *p)
{
	const struct vocab_list *patterns = &p->vocab->patterns;
	const struct plan *plan = p->plan;
	u64 some = BIT_ULL(PLAN_CALLS), used = 0;
	unsigned int i;

	for (i = 0; i < patterns->n; i++)
		some |= vocab_at(patterns, i)->bits;
	for (i = 0; i < plan->patterns.n; i++)
		used |= vocab_at(patterns, plan->patterns.index[i])->bits;
	if (plan->number[PLAN_TIMING] == TIMING_BATCH)
		used |= BIT_ULL(PLAN_CALLS);
	return some & ~used;
}

/* Nothing is accepted and ignored. */
static int check_use(const struct parse *p)
{
	const struct words *touch = &p->value[PLAN_TOUCH];
	const struct words *counted = &p->value[PLAN_COUNTERS];
	const u64 unused = keys_without_use(p);
	const struct plan *plan = p->plan;
	unsigned int i;

	for (i = 0; i < PLAN_KEYS; i++) {
		const struct words *value = &p->value[i];

		if ((unused & BIT_ULL(i)) && strcmp(value->start, keys[i].initial))
			return refuse_word(value, value->start,
					   "%s has no use here: no selected pattern or timing takes it",
					   keys[i].word.name);
	}
	if (plan->number[PLAN_TIMING] == TIMING_BATCH &&
	    plan->number[PLAN_TOUCH] != TOUCH_NONE)
		return refuse_word(touch, touch->start,
				   "touching is timed call by call: it needs timing=op");
	if (plan->counters.n && plan->number[PLAN_TIMING] != TIMING_BATCH)
		return refuse_word(counted, counted->start,
				   "reading a counter takes longer than a call: counters= needs timing=batch");
	if (plan->counters.n && plan->n_cpus > 1)
		return refuse_word(counted, counted->start,
				   "counters are read on one CPU: cpus= with one");
	return 0;
}

static int count_cells(const struct parse *p)
{
	struct plan *plan = p->plan;
	const u64 factors[] = {
		plan->allocs.n, plan->sizes.total, plan->flags.n,
		plan->patterns.n, plan->contexts.n, plan->number[PLAN_ROUNDS],
	};
	u64 cells = 1;
	unsigned int i;

	if (p->len > WORD_LINE_MAX)
		return kab_refuse(p->refusal, -E2BIG,
				  "with its defaults the line has %zu bytes, at most %d",
				  p->len, WORD_LINE_MAX);
	for (i = 0; i < ARRAY_SIZE(factors); i++) {
		cells *= factors[i];
		if (cells > PLAN_CELLS_MAX)
			return kab_refuse(p->refusal, -E2BIG,
					  "the plan has at least %llu cells, at most %d",
					  cells, PLAN_CELLS_MAX);
	}
	plan->n_cells = cells;
	return 0;
}

/**
 * kab_plan_parse() - understand a parameter line
 * @plan: filled; keeps a copy of the line
 * @vocab: what can be named on this machine; must outlive @plan
 * @line: the line, not terminated; may be there already
 * @len: bytes at @line, with or without a final newline
 * @refusal: filled when the line is refused
 *
 * Context: any; does not sleep. A hostile line of lists costs some million
 * divisions.
 * Return: 0, -EINVAL, or -E2BIG for a long line or too many cells.
 */
int kab_plan_parse(struct plan *plan, const struct vocab *vocab, const char *line,
		   size_t len, struct refusal *refusal)
{
	struct parse p = { .plan = plan, .vocab = vocab, .refusal = refusal };
	const struct words whole = { plan->words, 1, refusal };
	int err;

	if (len > WORD_LINE_MAX + (len && line[len - 1] == '\n'))
		return kab_refuse(refusal, -E2BIG,
				  "the line has %zu bytes, at most %d", len,
				  WORD_LINE_MAX);
	memmove(plan->input, line, len);
	memcpy(plan->words, line, len);
	plan->words[len] = '\0';

	err = kab_refuse_characters(&whole, len);
	if (!err)
		err = split_line(&p, &whole);
	if (err)
		return err;
	write_line(&p);
	err = read_values(&p);
	if (!err)
		err = check_use(&p);
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
 * kab_plan_cell() - a cell of a plan
 * @plan: plan
 * @id: which, below @plan->n_cells
 *
 * Context: any.
 * Return: its coordinates; they point into @plan.
 */
struct plan_cell kab_plan_cell(const struct plan *plan, unsigned int id)
{
	const struct word_range *range = plan->sizes.range;
	struct plan_cell cell = { .id = id };
	u64 rest = id;
	u64 size;

	/* The innermost dimension is the last digit of a mixed-radix number. */
	cell.context = plan->contexts.index[peel(&rest, plan->contexts.n)];
	cell.pattern = plan->patterns.index[peel(&rest, plan->patterns.n)];
	cell.flags = &plan->flags.member[peel(&rest, plan->flags.n)];
	size = peel(&rest, plan->sizes.total);
	cell.alloc = plan->allocs.index[peel(&rest, plan->allocs.n)];
	cell.round = rest;

	for (; size >= range->count; range++)
		size -= range->count;
	cell.size = word_range_size(range, size);
	return cell;
}

static void help_key(struct text *t, unsigned int i)
{
	const struct key *key = &keys[i];
	const char *const *choice = key->rule.choices;

	kab_text_printf(t, "  %-11s%s\n  %-11sdefault %s", key->word.name,
			key->word.about, "",
			*key->initial ? key->initial : "the first online CPU");
	for (; choice && *choice; choice++)
		kab_text_printf(t, "%s%s", choice == key->rule.choices ? "; " : ", ",
				*choice);
	if (key->rule.kind != WORD_LIST && !choice)
		kab_text_printf(t, "; %llu..%llu", key->rule.lo, key->rule.hi);
	kab_text_printf(t, "\n");
}

static void help_list(struct text *t, const char *key,
		      const struct vocab_list *list)
{
	unsigned int i;

	kab_text_printf(t, "\n%s:\n", key);
	for (i = 0; i < list->n; i++) {
		const struct vocab_word *w = vocab_at(list, i);

		kab_text_printf(t, "  %-22s%s%s\n", w->name,
				w->absent ? "not on this kernel: " : "",
				w->absent ?: w->about);
	}
}

/**
 * kab_plan_help() - say what a parameter line may hold
 * @t: text to append to
 * @vocab: names of this machine
 *
 * Context: as kab_text_printf().
 */
void kab_plan_help(struct text *t, const struct vocab *vocab)
{
	unsigned int i;

	kab_text_printf(t,
			"Write a line of key=value words to run, then read results or summary:\n"
			"  echo \"allocs=kmalloc,vmalloc sizes=8..4M\" > run; cat summary\n"
			"  echo \"allocs=kmalloc sizes=64,96 flags=GFP_KERNEL,GFP_ATOMIC|__GFP_ZERO\" > run\n"
			"  echo \"allocs=kvmalloc sizes=4K..64K+4K touch=page samples=1000\" > run\n"
			"  echo defaults > run\n"
			"\nkeys:\n");
	for (i = 0; i < PLAN_KEYS; i++)
		help_key(t, i);
	help_list(t, "flags", &vocab->gfps);
	help_list(t, "patterns", &vocab->patterns);
	help_list(t, "contexts", &vocab->contexts);
	help_list(t, "counters", &counter_list);
	help_list(t, "allocs", &vocab->allocs);
}
