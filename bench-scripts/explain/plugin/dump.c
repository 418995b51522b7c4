// SPDX-License-Identifier: GPL-2.0
/* What was counted, as text; the format is described in ../dump.py. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "dump.h"
#include "sample.h"

static void write_functions(FILE *out)
{
	const struct function *f;

	for (size_t i = 0; (f = symbols_function(i)); i++)
		if (f->used)
			fprintf(out, "function id=%u addr=%" PRIx64 " name=%s\n",
				f->id, f->start, f->name);
}

static void write_nodes(FILE *out)
{
	for (uint32_t i = 0; i < tree_size(); i++) {
		const struct node *node = tree_by_id(i);

		fprintf(out, "node id=%u function=%u parent=", node->id,
			node->function->id);
		if (node->parent)
			fprintf(out, "%u\n", node->parent->id);
		else
			fputs("-\n", out);
	}
}

static void write_counts(FILE *out, const struct path *path)
{
	struct tally_slot *slots;
	size_t n = tally_sorted(&path->insns, &slots);

	for (size_t i = 0; i < n; i++)
		fprintf(out, "count node=%" PRIu64 " insns=%" PRIu64
			" calls=%" PRIu64 "\n", slots[i].key, slots[i].count,
			tally_get(&path->calls, slots[i].key));
	free(slots);
}

static void write_insns(FILE *out, const struct path *path)
{
	struct tally by_addr = { 0 };
	struct tally_slot *slots;
	size_t n = tally_sorted(&path->blocks, &slots);

	for (size_t i = 0; i < n; i++) {
		const struct block *b = block_by_id(slots[i].key);

		for (uint32_t k = 0; k < b->n; k++)
			tally_add(&by_addr, b->insns[k], slots[i].count);
	}
	free(slots);
	n = tally_sorted(&by_addr, &slots);
	for (size_t i = 0; i < n; i++)
		fprintf(out, "insn addr=%" PRIx64 " n=%" PRIu64 "\n",
			slots[i].key, slots[i].count);
	free(slots);
	free(by_addr.slots);
}

static uint32_t write_paths(FILE *out, bool insns)
{
	const struct path *path;
	uint32_t i;

	for (i = 0; (path = sample_path(i)); i++) {
		fprintf(out, "path id=%u cell=%u op=%s n=%" PRIu64 " sum=%"
			PRIu64 " min=%" PRIu64 " max=%" PRIu64 "\n", i,
			path->cell, path->op, path->n, path->sum, path->min,
			path->max);
		write_counts(out, path);
		if (insns)
			write_insns(out, path);
	}
	return i;
}

/**
 * dump_write() - write everything that was counted
 * @path: file to write
 * @meta: what to say besides
 * @insns: every instruction too, by address
 *
 * Return: 0, or -1 when the file could not be written whole.
 */
int dump_write(const char *path, const struct dump_meta *meta, bool insns)
{
	FILE *out = fopen(path, "w");
	uint32_t n;

	if (!out)
		return -1;
	fprintf(out, "kallocbench-explain 1\n");
	fprintf(out, "meta api=%d lost=%" PRIu64 " torn=%" PRIu64 "\n",
		meta->api, tree_lost(), meta->torn);
	if (meta->error)
		fprintf(out, "error %s\n", meta->error);
	write_functions(out);
	write_nodes(out);
	n = write_paths(out, insns);
	fprintf(out, "end paths=%u samples=%" PRIu64 "\n", n, meta->samples);
	return fclose(out) ? -1 : 0;
}
