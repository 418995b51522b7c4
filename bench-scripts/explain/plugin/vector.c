// SPDX-License-Identifier: GPL-2.0
/*
 * What a sample does besides running instructions, as text, one record a line:
 *
 *	kallocbench-vector 1
 *	vector cell=0 op=alloc n=1000 insns=123:123:123:123000 loads=... spins=...
 *	part cell=0 op=alloc function=kfree lines=9000 ... indirect=0	(with parts)
 *	error SENTENCE					(the markers do not fit)
 *	end cells=1 samples=1000 torn=0
 *
 * A vector is all samples of one op of one cell: of each metric the least, the
 * median (the nearest rank), the most and the sum. Those of the clock read are
 * in it. A part is what one function added to the sums, a line being that of
 * the function that touched it first; functions that added nothing have none.
 *
 * Nothing here knows a cache: a line is 64 bytes of virtual addresses, and the
 * same one counts once in a sample. A string instruction of x86 is a load or a
 * store of all its bytes, and each clearing of a line by arm64's dc zva, which
 * QEMU does not report, a store to a line of its own.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "set.h"
#include "tally.h"
#include "vector.h"

#define LINE_SHIFT 6
#define OPS_MAX 8

enum metric {
	INSNS, LOADS, STORES, BYTES, LINES, WRITTEN, CODE, LOCKED, IRQ, TLB,
	SERIAL, DIV, INDIRECT, SPINS, METRICS
};

static const char *const names[METRICS] = {
	[INSNS] = "insns", [LOADS] = "loads", [STORES] = "stores",
	[BYTES] = "bytes", [LINES] = "lines", [WRITTEN] = "written",
	[CODE] = "code", [LOCKED] = "locked", [IRQ] = "irq", [TLB] = "tlb",
	[SERIAL] = "serial", [DIV] = "div", [INDIRECT] = "indirect",
	[SPINS] = "spins",
};

/* The traits that are metrics. */
static const struct {
	enum trait trait;
	enum metric metric;
} counted[] = {
	{ TRAIT_LOCKED, LOCKED }, { TRAIT_IRQ, IRQ }, { TRAIT_TLB, TLB },
	{ TRAIT_SERIAL, SERIAL }, { TRAIT_DIV, DIV }, { TRAIT_INDIRECT, INDIRECT },
};

/* Of what a function has its part; the rest explain knows better, or nobody asks. */
static const enum metric parted[] = {
	LINES, WRITTEN, LOCKED, IRQ, TLB, SERIAL, DIV, INDIRECT,
};

/**
 * struct op - the samples of one op of the present cell
 * @name: its name
 * @n: samples
 * @sums: of each metric
 * @values: samples by value, of each metric
 * @parts: of the sums, by function and metric
 */
struct op {
	const char *name;
	uint64_t n;
	uint64_t sums[METRICS];
	struct tally values[METRICS];
	struct tally parts;
};

/**
 * struct run - accesses of string instructions, one behind the other
 * @function: what they belong to, NULL without a run
 * @first: lowest address
 * @end: address behind the highest
 */
struct run {
	struct function *function;
	uint64_t first;
	uint64_t end;
};

static FILE *out;
static bool with_parts;
static struct op ops[OPS_MAX];
static size_t nr_ops;

/* The present sample; @op is NULL outside of one. */
static struct {
	struct op *op;
	uint64_t values[METRICS];
	struct set lines, written, code;
	struct run runs[2];	/* of loads, of stores */
} now;

/**
 * vector_init() - begin the file
 * @path: its name
 * @parts: say what functions have of it, too
 *
 * Return: 0, or -1 when the file cannot be written.
 */
int vector_init(const char *path, bool parts)
{
	out = fopen(path, "w");
	with_parts = parts;
	return out && fprintf(out, "kallocbench-vector 1\n") > 0 ? 0 : -1;
}

static struct op *find_op(const char *name)
{
	for (size_t i = 0; i < nr_ops; i++)
		if (!strcmp(ops[i].name, name))
			return &ops[i];
	if (nr_ops == OPS_MAX)
		abort();
	ops[nr_ops].name = name;
	return &ops[nr_ops++];
}

/**
 * vector_open() - begin a sample
 * @op: its op, a name that stays
 */
void vector_open(const char *op)
{
	if (!out)
		return;
	now.op = find_op(op);
	memset(now.values, 0, sizeof(now.values));
	memset(now.runs, 0, sizeof(now.runs));
	set_clear(&now.lines);
	set_clear(&now.written);
	set_clear(&now.code);
}

static void add(const struct function *f, enum metric metric, uint64_t count)
{
	now.values[metric] += count;
	if (with_parts && count)
		tally_add(&now.op->parts, (uint64_t)f->id * METRICS + metric,
			  count);
}

static void touch(const struct function *f, uint64_t addr, uint64_t end,
		  bool store)
{
	for (uint64_t line = addr >> LINE_SHIFT; line <= (end - 1) >> LINE_SHIFT;
	     line++) {
		if (set_add(&now.lines, line))
			add(f, LINES, 1);
		if (store && set_add(&now.written, line))
			add(f, WRITTEN, 1);
	}
}

/* All that lies between two addresses was read or written, at once. */
static void access(const struct function *f, uint64_t addr, uint64_t end,
		   bool store)
{
	now.values[store ? STORES : LOADS]++;
	now.values[BYTES] += end - addr;
	touch(f, addr, end, store);
}

/**
 * vector_access() - memory was read or written
 * @f: the function that did it
 * @addr: first byte
 * @size: number of bytes
 * @store: whether it was written
 */
void vector_access(struct function *f, uint64_t addr, unsigned int size,
		   bool store)
{
	if (now.op)
		access(f, addr, addr + size, store);
}

static void finish_run(struct run *run)
{
	if (run->function)
		access(run->function, run->first, run->end, run == &now.runs[1]);
	run->function = NULL;
}

/**
 * vector_bulk() - one round of a string instruction read or wrote memory
 * @f: the function it is of
 * @addr: first byte
 * @size: number of bytes
 * @store: whether it was written
 *
 * Upwards or downwards: what follows the last round, or precedes it, is of one
 * run. Most of the time that is all there is to do, a billion times in a boot.
 */
void vector_bulk(struct function *f, uint64_t addr, unsigned int size,
		 bool store)
{
	struct run *run = &now.runs[store];

	if (!now.op)
		return;
	if (run->function == f && run->end == addr) {
		run->end += size;
	} else if (run->function == f && run->first == addr + size) {
		run->first = addr;
	} else {
		finish_run(run);
		*run = (struct run) { f, addr, addr + size };
	}
}

static void add_traits(const struct block *b, uint64_t times)
{
	const uint64_t cleared = b->having[TRAIT_ZERO] * times;

	for (size_t i = 0; i < sizeof(counted) / sizeof(counted[0]); i++)
		add(b->function, counted[i].metric,
		    b->having[counted[i].trait] * times);
	now.values[STORES] += cleared;
	now.values[BYTES] += cleared << LINE_SHIFT;
	add(b->function, LINES, cleared);
	add(b->function, WRITTEN, cleared);
}

/**
 * vector_block() - a block ran
 * @b: the block; of no instructions, where its first one faulted
 * @times: how often, one after the other
 */
void vector_block(const struct block *b, uint64_t times)
{
	if (!now.op || !b->n)
		return;
	now.values[INSNS] += b->n * times;
	for (uint64_t line = b->insns[0] >> LINE_SHIFT;
	     line <= (b->end - 1) >> LINE_SHIFT; line++)
		now.values[CODE] += set_add(&now.code, line);
	now.values[SPINS] += b->entry && b->function->locks;
	if (!b->plain)
		add_traits(b, times);
}

/**
 * vector_close() - end the present sample
 */
void vector_close(void)
{
	struct op *op = now.op;

	if (!op)
		return;
	finish_run(&now.runs[0]);
	finish_run(&now.runs[1]);
	op->n++;
	for (size_t i = 0; i < METRICS; i++) {
		op->sums[i] += now.values[i];
		tally_add(&op->values[i], now.values[i], 1);
	}
	now.op = NULL;
}

/* " name=least:median:most:sum" */
static void write_metric(const struct op *op, enum metric metric)
{
	struct tally_slot *slots;
	size_t n = tally_sorted(&op->values[metric], &slots), i = 0;
	uint64_t seen = slots[0].count;

	while (seen < (op->n + 1) / 2)
		seen += slots[++i].count;
	fprintf(out, " %s=%" PRIu64 ":%" PRIu64 ":%" PRIu64 ":%" PRIu64,
		names[metric], slots[0].key, slots[i].key, slots[n - 1].key,
		op->sums[metric]);
	free(slots);
}

static void write_part(uint32_t cell, const struct op *op,
		       const struct function *f)
{
	fprintf(out, "part cell=%u op=%s function=%s", cell, op->name, f->name);
	for (size_t i = 0; i < sizeof(parted) / sizeof(parted[0]); i++)
		fprintf(out, " %s=%" PRIu64, names[parted[i]],
			tally_get(&op->parts,
				  (uint64_t)f->id * METRICS + parted[i]));
	fputc('\n', out);
}

static void write_parts(uint32_t cell, const struct op *op)
{
	struct tally_slot *slots;
	size_t n = tally_sorted(&op->parts, &slots);

	for (size_t i = 0; i < n; i++)
		if (!i || slots[i].key / METRICS != slots[i - 1].key / METRICS)
			write_part(cell, op,
				   symbols_function(slots[i].key / METRICS));
	free(slots);
}

static void forget(struct op *op)
{
	for (size_t i = 0; i < METRICS; i++)
		free(op->values[i].slots);
	free(op->parts.slots);
	memset(op, 0, sizeof(*op));
}

/**
 * vector_cell() - write the vectors of a cell, and forget them
 * @cell: number of the cell in the order in which cells were measured
 */
void vector_cell(uint32_t cell)
{
	for (size_t i = 0; i < nr_ops; i++) {
		struct op *op = &ops[i];

		if (op->n) {
			fprintf(out, "vector cell=%u op=%s n=%" PRIu64, cell,
				op->name, op->n);
			for (size_t m = 0; m < METRICS; m++)
				write_metric(op, m);
			fputc('\n', out);
			write_parts(cell, op);
		}
		forget(op);
	}
	nr_ops = 0;
	now.op = NULL;
}

/**
 * vector_end() - write the end
 * @end: what to say there
 *
 * Return: 0, or -1 when the file could not be written whole.
 */
int vector_end(const struct dump_end *end)
{
	bool failed;

	if (!out)
		return 0;
	if (end->error)
		fprintf(out, "error %s\n", end->error);
	fprintf(out, "end cells=%u samples=%" PRIu64 " torn=%" PRIu64 "\n",
		end->cells, end->samples, end->torn);
	failed = ferror(out);
	return fclose(out) || failed ? -1 : 0;
}
