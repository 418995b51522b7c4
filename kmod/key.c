// SPDX-License-Identifier: GPL-2.0
/*
 * key - the parameter table, and help. Pure.
 */
#include <linux/kernel.h>
#include <linux/limits.h>

#include "key.h"
#include "name.h"
#include "range.h"

static const char *const timings[] = { "op", "batch", NULL };
static const char *const touches[] = { "none", "page", "line", NULL };
static const char *const orders[] = { "fifo", "lifo", "random", NULL };
static const char *const facts[] = { "none", "size", "all", NULL };

static int parse_allocs(const struct value_parse *p, struct span s,
			const struct value_rule *rule, u64 *unused)
{
	return name_list(p, s, &p->vocab->allocs, &p->plan->allocs);
}

static int parse_patterns(const struct value_parse *p, struct span s,
			  const struct value_rule *rule, u64 *unused)
{
	return name_list(p, s, &p->vocab->patterns, &p->plan->patterns);
}

static int parse_contexts(const struct value_parse *p, struct span s,
			  const struct value_rule *rule, u64 *unused)
{
	return name_list(p, s, &p->vocab->contexts, &p->plan->contexts);
}

static int parse_sizes(const struct value_parse *p, struct span s,
		       const struct value_rule *rule, u64 *unused)
{
	return range_sizes(p, s, rule);
}

static int parse_flags(const struct value_parse *p, struct span s,
		       const struct value_rule *rule, u64 *unused)
{
	return name_flags(p, s);
}

static int parse_cpus(const struct value_parse *p, struct span s,
		      const struct value_rule *rule, u64 *unused)
{
	return range_cpus(p, s);
}

static int parse_node(const struct value_parse *p, struct span s,
		      const struct value_rule *rule, u64 *node)
{
	return value_node(p, s, node);
}

const struct plan_row plan_rows[PLAN_KEYS] = {
	[PLAN_ALLOCS] = { "allocs", "kmalloc,vmalloc", parse_allocs, {},
		"list of allocators, or all" },
	[PLAN_SIZES] = { "sizes", "8..4M", parse_sizes, { 1, 1ULL << 40 },
		"list of bytes, 1..1T, suffix K M G T k m g t; lo..hi doubles, lo..hi+step adds" },
	[PLAN_FLAGS] = { "flags", "GFP_KERNEL", parse_flags, {},
		"list of GFP flags, or-ed by |" },
	[PLAN_PATTERNS] = { "patterns", "pair", parse_patterns, {},
		"list of patterns, or all" },
	[PLAN_CONTEXTS] = { "contexts", "process", parse_contexts, {},
		"list of contexts, or all" },
	[PLAN_CPUS] = { "cpus", NULL, parse_cpus, {},
		"one pinned worker on each: a list as in cpuset files, or all" },
	[PLAN_NODE] = { "node", "any", parse_node, {},
		"NUMA node to allocate on: any, or a number" },
	[PLAN_TIMING] = { "timing", "op", value_choice, { .choices = timings },
		"op: a sample is a call; batch: a sample is a stretch of calls" },
	[PLAN_CALLS] = { "calls", "100", value_number, { 1, 100000 },
		"calls in a stretch of timing=batch" },
	[PLAN_TOUCH] = { "touch", "none", value_choice, { .choices = touches },
		"write once per page or cache line after allocating, timed apart" },
	[PLAN_DEPTH] = { "depth", "64", value_number, { 1, 1000000 },
		"live objects" },
	[PLAN_ORDER] = { "order", "fifo", value_choice, { .choices = orders },
		"order in which live objects are freed" },
	[PLAN_MIX] = { "mix", "1", value_number, { 1, 16 },
		"sizes drawn from: the size, its half, its quarter, ..." },
	[PLAN_SHARE] = { "share", "40", value_number, { 1, 45 },
		"percent of the free memory that fragmented may pin" },
	[PLAN_BYTES] = { "bytes", "auto", value_size,
		{ 4096, 1ULL << 40, "auto", PLAN_AUTO },
		"most memory to take; auto is a quarter of what is available" },
	[PLAN_FACTS] = { "facts", "size", value_choice, { .choices = facts },
		"look at real objects of each size; all: find the largest size, too" },
	[PLAN_SAMPLES] = { "samples", "10000", value_number, { 1, 10000000 },
		"samples per cell and worker" },
	[PLAN_WARMUP] = { "warmup", "256", value_number, { 0, 10000000 },
		"calls before the first sample, at least" },
	[PLAN_ROUNDS] = { "rounds", "1", value_number, { 1, 1000 },
		"the whole plan so many times" },
	[PLAN_BUDGET_MS] = { "budget_ms", "1000", value_number, { 1, 3600000 },
		"a cell ends when its time is up, with the samples it has" },
	[PLAN_SEED] = { "seed", "1", value_number, { 0, U64_MAX },
		"for everything random" },
};

static void help_key(struct text *t, const struct plan_row *key)
{
	unsigned int i;

	text_printf(t, "  %-11s%s\n  %-11sdefault %s", key->name, key->about,
		    "", key->initial ?: "the first online CPU");
	if (key->rule.choices) {
		for (i = 0; key->rule.choices[i]; i++)
			text_printf(t, "%s%s", i ? ", " : "; ",
				    key->rule.choices[i]);
	} else if (key->parse == value_number || key->parse == value_size) {
		text_printf(t, "; %llu..%llu", key->rule.lo, key->rule.hi);
	}
	text_printf(t, "\n");
}

static void help_list(struct text *t, const char *key,
		      const struct vocab_list *list)
{
	unsigned int i;

	text_printf(t, "\n%s:\n", key);
	for (i = 0; i < list->n; i++) {
		const struct vocab_word *w = &list->words[i];

		text_printf(t, "  %-22s%s%s\n", w->name,
			    w->absent ? "not on this kernel: " : "",
			    w->absent ?: w->about);
	}
}

/**
 * key_help() - say what a parameter line may hold
 * @t: text to append to
 * @vocab: names of this machine
 *
 * Context: any.
 */
void key_help(struct text *t, const struct vocab *vocab)
{
	unsigned int i;

	text_printf(t,
		    "Write a line of key=value words to run, then read results or summary:\n"
		    "  echo \"allocs=kmalloc,vmalloc sizes=8..4M\" > run; cat summary\n"
		    "  echo \"allocs=kmalloc sizes=64,96 flags=GFP_KERNEL,GFP_ATOMIC|__GFP_ZERO\" > run\n"
		    "  echo \"allocs=kvmalloc sizes=4K..64K+4K touch=page samples=1000\" > run\n"
		    "  echo defaults > run\n"
		    "\nkeys:\n");
	for (i = 0; i < PLAN_KEYS; i++)
		help_key(t, &plan_rows[i]);
	help_list(t, "flags", &vocab->gfps);
	help_list(t, "patterns", &vocab->patterns);
	help_list(t, "contexts", &vocab->contexts);
	help_list(t, "allocs", &vocab->allocs);
}
