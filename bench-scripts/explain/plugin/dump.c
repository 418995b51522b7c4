// SPDX-License-Identifier: GPL-2.0
/*
 * What was counted, as text, one record a line, a kind and then key=value words:
 *
 *	kallocbench-explain 1
 *	path cell=0 op=alloc set=14ee n=954 sum=111618 min=117 max=117
 *	count node=3 insns=72504 calls=954
 *	insn addr=ffffffff813cabb0 n=954		(with insns=on)
 *	function id=30943 addr=ffffffff813cabb0 interrupt=0 name=__kmalloc_noprof
 *	node id=3 function=30943 parent=0
 *	error SENTENCE					(the markers do not fit)
 *	end cells=1 samples=1000 torn=0 lost=0
 *
 * A path is the samples of one op of one cell that ran through the same
 * functions (set is a hash of them) and took equally many instructions; where a
 * cell has more than 512 lengths, the others share a path per set. The count and
 * insn lines after it are its own. cell counts the measured cells of the boot
 * from 0, in order; instructions include those of the clock read. interrupt=1
 * marks what the processor enters without a call, and what continues in another
 * task; functions stand in the order of their numbers, and one that the samples
 * only passed on the way has no line. A node is a function as reached through
 * one chain of callers, parent=- the function that holds the timed region. torn
 * counts clock reads out of order, lost calls too deep for the tree: only the
 * tree suffers from those, not the sums.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "dump.h"
#include "sample.h"

static FILE *out;
static bool with_insns;

static void write_functions(void)
{
	const struct function *f;

	for (size_t i = 0; (f = symbols_function(i)); i++)
		if (f->used)
			fprintf(out, "function id=%u addr=%" PRIx64
				" interrupt=%d name=%s\n", f->id, f->start,
				f->interrupt || f->switches, f->name);
}

static void write_nodes(void)
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

static void write_counts(const struct path *path)
{
	struct tally_slot *slots;
	size_t n = tally_sorted(&path->insns, &slots);

	for (size_t i = 0; i < n; i++)
		fprintf(out, "count node=%" PRIu64 " insns=%" PRIu64
			" calls=%" PRIu64 "\n", slots[i].key, slots[i].count,
			tally_get(&path->calls, slots[i].key));
	free(slots);
}

static void write_insns(const struct path *path)
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

/**
 * dump_open() - begin the dump
 * @path: file to write
 * @insns: write every instruction too, by address
 *
 * Return: 0, or -1 when the file cannot be written.
 */
int dump_open(const char *path, bool insns)
{
	out = fopen(path, "w");
	with_insns = insns;
	return out && fprintf(out, "kallocbench-explain 1\n") > 0 ? 0 : -1;
}

/**
 * dump_cell() - write all paths of a cell
 * @cell: number of the cell in the order in which cells were measured
 */
void dump_cell(uint32_t cell)
{
	const struct path *path;

	if (!out)
		return;
	for (uint32_t i = 0; (path = sample_path(i)); i++) {
		fprintf(out, "path cell=%u op=%s set=%" PRIx64 " n=%" PRIu64
			" sum=%" PRIu64 " min=%" PRIu64 " max=%" PRIu64 "\n",
			cell, path->op, path->set, path->n, path->sum,
			path->min, path->max);
		write_counts(path);
		if (with_insns)
			write_insns(path);
	}
}

/**
 * dump_close() - write the names and the end
 * @end: what to say there
 *
 * Return: 0, or -1 when the file could not be written whole.
 */
int dump_close(const struct dump_end *end)
{
	bool failed;

	if (!out)
		return 0;
	write_functions();
	write_nodes();
	if (end->error)
		fprintf(out, "error %s\n", end->error);
	fprintf(out, "end cells=%u samples=%" PRIu64 " torn=%" PRIu64
		" lost=%" PRIu64 "\n", end->cells, end->samples, end->torn,
		tree_lost());
	failed = ferror(out);
	return fclose(out) || failed ? -1 : 0;
}
