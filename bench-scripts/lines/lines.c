// SPDX-License-Identifier: GPL-2.0
/*
 * lines - the module's own parser on the host: what it would refuse.
 *
 *	lines CPUS [canonical|cells] <LINES
 *
 * Reads a parameter line per line, and prints of each its canonical form, or
 * how many cells it makes, where that is asked for. Ends with 2 at the first
 * line that is refused, after its number and what the module's file error would
 * say of it. CPUS: how many the guest has, 0 where that is not known.
 *
 * What only the running kernel knows is taken: allocators it may lack, nodes,
 * which flags it is that some names stand for.
 */
#include "plan.c"
#include "refusal.c"
#include "text.c"
#include "words.c"

/* Made by words.awk. */
#include "words.h"

#define NODES	1024

/* What is part of another flag on every kernel; all else has a bit of its own. */
enum { RECLAIM = 1, IO = 2, FS = 4 };

static const struct {
	const char *name;
	u64 bits;
} parts[] = {
	{ "GFP_KERNEL", RECLAIM | IO | FS },
	{ "GFP_NOFS", RECLAIM | IO },
	{ "GFP_NOIO", RECLAIM },
};

static void give_bits(void)
{
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(gfps); i++) {
		gfps[i].bits = BIT(8 + i);
		for (j = 0; j < ARRAY_SIZE(parts); j++) {
			if (!strcmp(gfps[i].name, parts[j].name))
				gfps[i].bits = parts[j].bits;
		}
	}
}

static unsigned long cpus[BITS_TO_LONGS(PLAN_CPUS_MAX)];
static unsigned long nodes[BITS_TO_LONGS(NODES)];

static struct vocab vocab = {
	.allocs = VOCAB_LIST("allocator", allocs, allocs[0]),
	.gfps = VOCAB_LIST("GFP flag", gfps, gfps[0]),
	.patterns = VOCAB_LIST("pattern", patterns, patterns[0]),
	.contexts = VOCAB_LIST("context", contexts, contexts[0]),
	.cpus = cpus, .nodes = nodes, .nr_nodes = NODES,
};

static int check(unsigned int number, const char *line, size_t len, const char *what)
{
	static char said[3 * WORD_LINE_MAX];
	static struct plan plan;
	struct refusal error;
	struct text t;

	if (!kab_plan_parse(&plan, &vocab, line, len, &error)) {
		if (!strcmp(what, "canonical"))
			printf("%s\n", plan.line);
		if (!strcmp(what, "cells"))
			printf("%u\n", plan.n_cells);
		return 0;
	}
	kab_text_init(&t, said, sizeof(said));
	kab_refusal_explain(&t, &error, line, len);
	printf("%u\n%s", number, said);
	return 2;
}

int main(int argc, char **argv)
{
	unsigned int i, number = 0;
	char *line = NULL;
	size_t room = 0;
	ssize_t len;
	int err = 0;

	vocab.nr_cpus = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
	if (!vocab.nr_cpus || vocab.nr_cpus > PLAN_CPUS_MAX)
		vocab.nr_cpus = PLAN_CPUS_MAX;
	for (i = 0; i < vocab.nr_cpus; i++)
		__set_bit(i, cpus);
	memset(nodes, 0xff, sizeof(nodes));
	give_bits();
	while (!err && (len = getline(&line, &room, stdin)) >= 0)
		err = check(++number, line, len, argc > 2 ? argv[2] : "");
	free(line);
	return err;
}
