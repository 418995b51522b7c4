// SPDX-License-Identifier: GPL-2.0
/*
 * kallocbench explain: counts the instructions between two clock reads of the
 * module, by function, call path and address.
 *
 *   -plugin explain.so,symbols=KALLSYMS[,out=FILE[,insns=on]][,vector=FILE]
 *
 * With vector= it also counts what they do to memory and to the processor, see
 * vector.c; without out= only that, and the instructions with them.
 *
 * Until the first cell nothing is instrumented but the call that announces it;
 * there the plugin asks QEMU to forget all translations, and from then on every
 * block tells that it starts and every instruction adds 1 to a counter. QEMU
 * decides at the start of a block whether to run it, so a block runs whole
 * unless one of its instructions faults: then the counter says which. A string
 * instruction of x86 is a block that runs a million times in a row; it has a
 * counter of its own in place of the call, which the next block asks.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compat.h"
#include "dump.h"
#include "qemu.h"
#include "sample.h"
#include "vector.h"

QEMU_EXPORT int qemu_plugin_version = QEMU_API;

static const char *symbols_path, *out_path, *vector_path;
static bool want_insns;
static qemu_plugin_id_t self;
static bool awake;
static uint64_t samples, torn;

/* Instructions begun, by the translated code itself. */
static struct insn_counter begun;

/**
 * struct bulk - a string instruction, as a block that tells of no start
 * @block: the block
 * @ran: how often it ran, by the translated code itself
 * @seen: how many of those are accounted for
 */
struct bulk {
	struct block *block;
	struct insn_counter ran;
	uint64_t seen;
};

static struct bulk **bulks;
static size_t nr_bulks;

/* Where the guest is. One virtual CPU, so one of everything. */
static struct {
	uint32_t cells;		/* announced so far */
	bool sampling;		/* not warming up */
	bool open;		/* inside a timed region */
	const char *op;		/* of that region */
	struct block *last;	/* running block, if it matters */
	uint64_t last_begun;	/* @begun when it started */
	uint64_t times;		/* it ran, all but always 1 */
	struct node *node;	/* of @last */
} guest;

/*
 * How much of the last block counts in the guest's clock, which does not count
 * an instruction that faulted. One that QEMU took out to run alone, because it
 * does input or output, did not fault: the guest goes on behind it.
 */
static uint32_t executed(const struct block *last, const struct block *next)
{
	uint32_t n = (uint32_t)(insn_counter_read(&begun) - guest.last_begun);
	uint32_t i = n;

	if (n >= last->total)
		return last->total;
	for (; last && i >= last->n; last = last->rest)
		i -= last->n;
	return last && last->insns[i] == next->insns[0] ? n : n - 1;
}

/* Who asks for the vector only has no use for call tree and paths. */
static void add_block(struct block *b)
{
	vector_block(b, guest.times);
	if (out_path)
		sample_add(b, guest.node, guest.times);
}

static void step(const struct block *from, const struct block *to)
{
	if (out_path)
		guest.node = tree_step(from, to);
}

static void count_last(const struct block *next, uint32_t n)
{
	struct block *b = guest.last;

	while (n >= b->n && b->rest) {
		add_block(b);
		n -= b->n;
		step(b, b->rest);
		b = b->rest;
	}
	if (n < b->n)
		b = block_prefix(b, n);
	add_block(b);
	if (next)
		step(b, next);
}

/* How often a string instruction ran since it was last asked. */
static uint64_t bulk_ran(struct bulk *bulk)
{
	uint64_t ran = insn_counter_read(&bulk->ran), since = ran - bulk->seen;

	bulk->seen = ran;
	return since;
}

static void begin(const struct marker *m, struct block *next)
{
	if (guest.open)
		torn++;
	guest.open = guest.cells && guest.sampling;
	if (!guest.open)
		return;
	guest.op = m->op;
	for (size_t i = 0; i < nr_bulks; i++)
		bulk_ran(bulks[i]);
	vector_open(m->op);
	if (!out_path)
		return;
	sample_open(m->op);
	guest.node = tree_enter(next->function);
}

static void end(const struct marker *m)
{
	if (!guest.open)
		return;
	if (strcmp(guest.op, m->op))
		torn++;
	vector_close();
	if (out_path)
		sample_close();
	samples++;
	guest.open = false;
}

/* The last block is over: only now is it known how much of it ran. */
static void finish_last(struct block *next)
{
	const struct marker *m = guest.last->marker;
	uint32_t n = executed(guest.last, next);
	bool whole = n == guest.last->total;
	bool closes = whole && m && m->mark == MARK_END;

	if (guest.open)
		count_last(closes ? NULL : next, n);
	if (closes)
		end(m);
	else if (whole && m && m->mark == MARK_BEGIN)
		begin(m, next);
}

/* Between the last block and the next string instructions ran: as if each had told of its start. */
static void finish_bulks(void)
{
	for (size_t i = 0; i < nr_bulks; i++) {
		uint64_t ran = bulk_ran(bulks[i]);

		if (!ran)
			continue;
		finish_last(bulks[i]->block);
		guest.last = bulks[i]->block;
		guest.times = ran;
	}
}

static void write_cell(void)
{
	if (!guest.cells)
		return;
	dump_cell(guest.cells - 1);
	vector_cell(guest.cells - 1);
}

static void next_cell(void)
{
	write_cell();
	sample_forget();
	guest.cells++;
}

static void announce(enum mark mark)
{
	if (mark == MARK_CELL)
		next_cell();
	if (mark == MARK_CELL || mark == MARK_WARMUP)
		guest.sampling = false;
	if (mark == MARK_SAMPLE)
		guest.sampling = true;
}

static void on_block(unsigned int cpu, void *data)
{
	struct block *b = data;

	(void)cpu;
	if (guest.last && insn_counter_read(&begun) - guest.last_begun > guest.last->total)
		finish_bulks();
	if (guest.last)
		finish_last(b);
	if (b->marker)
		announce(b->marker->mark);
	guest.last = guest.open || b->marker ? b : NULL;
	guest.last_begun = insn_counter_read(&begun);
	guest.times = 1;
}

static void on_access(unsigned int cpu, qemu_plugin_meminfo_t info,
		      uint64_t addr, void *data)
{
	(void)cpu;
	vector_access(data, addr, 1U << qemu_plugin_mem_size_shift(info),
		      qemu_plugin_mem_is_store(info));
}

static void on_bulk_access(unsigned int cpu, qemu_plugin_meminfo_t info,
			   uint64_t addr, void *data)
{
	(void)cpu;
	vector_bulk(data, addr, 1U << qemu_plugin_mem_size_shift(info),
		    qemu_plugin_mem_is_store(info));
}

static void watch_accesses(struct qemu_plugin_insn *insn,
			   const struct block_insn *as)
{
	bool bulk = isa->traits_of(as->bytes, as->size) & TRAIT(BULK);

	qemu_plugin_register_vcpu_mem_cb(insn, bulk ? on_bulk_access : on_access,
					 QEMU_PLUGIN_CB_NO_REGS,
					 QEMU_PLUGIN_MEM_RW,
					 symbols_find(as->addr));
}

/* Its counter stays where it is: translated code adds to it. */
static struct bulk *bulk_of(struct block *b)
{
	struct bulk *bulk;

	for (size_t i = 0; i < nr_bulks; i++)
		if (bulks[i]->block == b)
			return bulks[i];
	bulk = calloc(1, sizeof(*bulk));
	bulks = realloc(bulks, (nr_bulks + 1) * sizeof(*bulks));
	if (!bulk || !bulks)
		abort();
	bulk->block = b;
	insn_counter_open(&bulk->ran);
	bulks[nr_bulks++] = bulk;
	return bulk;
}

static void watch_block(struct qemu_plugin_tb *tb, struct block *b)
{
	if (b->bulk)
		insn_counter_add(&bulk_of(b)->ran,
				 qemu_plugin_tb_get_insn(tb, 0));
	else
		qemu_plugin_register_vcpu_tb_exec_cb(tb, on_block,
						     QEMU_PLUGIN_CB_NO_REGS, b);
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	struct block_insn insns[BLOCK_MAX];
	size_t n = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (size_t i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);

		insns[i].addr = qemu_plugin_insn_vaddr(insn);
		insns[i].size = qemu_plugin_insn_size(insn);
		if (insns[i].size > INSN_MAX)
			abort();
		insn_copy(insn, insns[i].bytes, insns[i].size);
		insn_counter_add(&begun, insn);
		if (vector_path)
			watch_accesses(insn, &insns[i]);
	}
	watch_block(tb, block_get(insns, n));
}

static void on_end(qemu_plugin_id_t id, void *data)
{
	struct dump_end end = { .error = block_error() };

	(void)id;
	(void)data;
	write_cell();
	end.cells = guest.cells;
	end.samples = samples;
	end.torn = torn + guest.open;
	if (dump_close(&end))
		fprintf(stderr, "explain: cannot write %s\n", out_path);
	if (vector_end(&end))
		fprintf(stderr, "explain: cannot write %s\n", vector_path);
}

static void on_reset(qemu_plugin_id_t id)
{
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	qemu_plugin_register_atexit_cb(id, on_end, NULL);
}

static void on_first_cell(unsigned int cpu, void *data)
{
	(void)cpu;
	(void)data;
	if (awake)
		return;
	awake = true;
	announce(MARK_CELL);
	qemu_plugin_reset(self, on_reset);
}

/* Asleep: the boot runs at full speed. */
static void on_boot_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	const struct marker *m = symbols_marker(qemu_plugin_tb_vaddr(tb));

	(void)id;
	if (m && m->mark == MARK_CELL)
		qemu_plugin_register_vcpu_tb_exec_cb(tb, on_first_cell,
						     QEMU_PLUGIN_CB_NO_REGS,
						     NULL);
}

static bool take(const char *arg, const char *key, const char **value)
{
	size_t len = strlen(key);

	if (strncmp(arg, key, len) || arg[len] != '=')
		return false;
	*value = arg + len + 1;
	return true;
}

static int parse(int argc, char **argv)
{
	const char *insns = "off";

	for (int i = 0; i < argc; i++)
		if (!take(argv[i], "symbols", &symbols_path) &&
		    !take(argv[i], "out", &out_path) &&
		    !take(argv[i], "vector", &vector_path) &&
		    !take(argv[i], "insns", &insns))
			return fprintf(stderr, "explain: %s: unknown\n", argv[i]);
	if (!symbols_path || (!out_path && !vector_path))
		return fprintf(stderr, "explain: needs symbols=, and out= or vector=\n");
	want_insns = !strcmp(insns, "on");
	return 0;
}

/**
 * qemu_plugin_install() - QEMU loads the plugin
 * @id: who we are
 * @info: what QEMU is and runs
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: 0, or else QEMU does not start.
 */
int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info,
			int argc, char **argv)
{
	const char *wrong;

	if (info->version.min > QEMU_API || info->version.cur < QEMU_API)
		return fprintf(stderr, "explain: QEMU serves plugin API %d to %d, this is of %d\n",
			       info->version.min, info->version.cur, QEMU_API);
	if (!isa_choose(info->target_name))
		return fprintf(stderr, "explain: no instruction set is known here for %s\n",
			       info->target_name);
	if (!info->system_emulation || info->system.max_vcpus != 1)
		return fprintf(stderr, "explain: needs a guest with one CPU\n");
	if (parse(argc, argv))
		return 1;
	wrong = symbols_load(symbols_path);
	if (wrong)
		return fprintf(stderr, "explain: %s: %s\n", symbols_path, wrong);
	if (out_path && dump_open(out_path, want_insns))
		return fprintf(stderr, "explain: cannot write %s\n", out_path);
	if (vector_path && vector_init(vector_path, out_path))
		return fprintf(stderr, "explain: cannot write %s\n", vector_path);
	self = id;
	insn_counter_open(&begun);
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_boot_translation);
	qemu_plugin_register_atexit_cb(id, on_end, NULL);
	return 0;
}
