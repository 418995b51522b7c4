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
	{ "kmalloc", 0, NULL, "the slab allocator" },
	{ "vmalloc", 0, NULL, "pages mapped side by side" },
	{ "null", 0, NULL, "does nothing" },
	{ "vmalloc_huge", 0, "vmalloc_huge() is not exported", "huge pages" },
};

static const struct vocab_word sample_gfps[] = {
	{ "GFP_KERNEL", 0xcc0, NULL, "may sleep" },
	{ "GFP_ATOMIC", 0x820, NULL, "may not sleep" },
	{ "GFP_DMA", 0x1, NULL, "zone DMA" },
	{ "__GFP_ZERO", 0x100, NULL, "zeroed" },
	{ "__GFP_NOWARN", 0x2000, NULL, "silent" },
};

static const struct vocab_word sample_patterns[] = {
	{ "pair", 0, NULL, "alloc, free" },
	{ "batch", BIT(PLAN_DEPTH) | BIT(PLAN_ORDER), NULL, "many, then none" },
	{ "churn", BIT(PLAN_DEPTH) | BIT(PLAN_MIX), NULL, "replace one" },
	{ "exhaust", BIT(PLAN_BYTES), NULL, "until failure" },
};

static const struct vocab_word sample_contexts[] = {
	{ "process", 0, NULL, "a kernel thread" },
	{ "softirq", 0, NULL, "a tasklet" },
};

static const unsigned long sample_cpus = BIT(1) | BIT(2) | BIT(3) | BIT(5);
static const unsigned long sample_nodes = BIT(0) | BIT(2);

static const struct vocab sample_vocab = {
	.allocs = { "allocator", sample_allocs, ARRAY_SIZE(sample_allocs) },
	.gfps = { "GFP flag", sample_gfps, ARRAY_SIZE(sample_gfps) },
	.patterns = { "pattern", sample_patterns, ARRAY_SIZE(sample_patterns) },
	.contexts = { "context", sample_contexts, ARRAY_SIZE(sample_contexts) },
	.cpus = &sample_cpus,
	.nr_cpus = 6,
	.nodes = &sample_nodes,
	.nr_nodes = 3,
};

#endif
