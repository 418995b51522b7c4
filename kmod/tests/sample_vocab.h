/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A machine for the tests: CPUs 1, 2, 3 and 5 of 6, nodes 0 and 2 of 3, and an
 * allocator that this kernel lacks. A hole at the start and one inside, since
 * "the first online CPU" and "the numbers in between" are easy to get wrong.
 */
#ifndef SAMPLE_VOCAB_H
#define SAMPLE_VOCAB_H

#include "plan.h"

static const struct vocab_word sample_allocs[] = {
	{ "kmalloc", "the slab allocator" },
	{ "vmalloc", "pages mapped side by side" },
	{ "null", "does nothing" },
	{ "vmalloc_huge", "huge pages", 0, "vmalloc_huge() is not exported" },
};

static const struct vocab_word sample_gfps[] = {
	{ "GFP_KERNEL", "may sleep", 0xcc0 },
	{ "GFP_ATOMIC", "may not sleep", 0x820 },
	{ "GFP_DMA", "zone DMA", 0x1 },
	{ "__GFP_ZERO", "zeroed", 0x100 },
	{ "__GFP_NOWARN", "silent", 0x2000 },
};

static const struct vocab_word sample_patterns[] = {
	{ "pair", "alloc, free" },
	{ "batch", "many, then none", BIT(PLAN_DEPTH) | BIT(PLAN_ORDER) },
	{ "churn", "replace one", BIT(PLAN_DEPTH) | BIT(PLAN_MIX) },
	{ "exhaust", "until failure", BIT(PLAN_BYTES) },
};

/* Rows that hold more than a word, as those of the module's tables do. */
static const struct {
	struct vocab_word word;
	u64 more;
} sample_contexts[] = {
	{ { "process", "a kernel thread" }, U64_MAX },
	{ { "softirq", "a tasklet" }, U64_MAX },
};

static const unsigned long sample_cpus = BIT(1) | BIT(2) | BIT(3) | BIT(5);
static const unsigned long sample_nodes = BIT(0) | BIT(2);

static const struct vocab sample_vocab = {
	.allocs = VOCAB_LIST("allocator", sample_allocs, sample_allocs[0]),
	.gfps = VOCAB_LIST("GFP flag", sample_gfps, sample_gfps[0]),
	.patterns = VOCAB_LIST("pattern", sample_patterns, sample_patterns[0]),
	.contexts = VOCAB_LIST("context", sample_contexts, sample_contexts[0].word),
	.cpus = &sample_cpus,
	.nr_cpus = 6,
	.nodes = &sample_nodes,
	.nr_nodes = 3,
};

#endif
