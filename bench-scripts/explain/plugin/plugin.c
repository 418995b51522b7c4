// SPDX-License-Identifier: GPL-2.0
/*
 * kallocbench explain: counts the instructions between two clock reads of the
 * module, by function, call path and address.
 *
 *   -plugin explain.so,symbols=KALLSYMS,out=FILE[,insns=on]
 *
 * Until the first cell nothing is instrumented but the call that announces it;
 * there the plugin asks QEMU to forget all translations, and from then on every
 * block tells that it starts and every instruction adds 1 to a counter. QEMU
 * decides at the start of a block whether to run it, so a block runs whole
 * unless one of its instructions faults: then the counter says which.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compat.h"
#include "dump.h"
#include "qemu.h"
#include "sample.h"

QEMU_EXPORT int qemu_plugin_version = QEMU_API;

static const char *symbols_path, *out_path;
static bool want_insns;
static qemu_plugin_id_t self;
static bool awake;
static uint64_t samples, torn;

/* Instructions begun, by the translated code itself. */
static struct insn_counter begun;

/* Where the guest is. One virtual CPU, so one of everything. */
static struct {
	uint32_t cells;		/* announced so far */
	bool sampling;		/* not warming up */
	bool open;		/* inside a timed region */
	const char *op;		/* of that region */
	struct block *last;	/* running block, if it matters */
	uint64_t last_begun;	/* @begun when it started */
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

static void count_last(const struct block *next, uint32_t n)
{
	struct block *b = guest.last;

	while (n >= b->n && b->rest) {
		sample_add(b, guest.node);
		n -= b->n;
		guest.node = tree_step(b, b->rest);
		b = b->rest;
	}
	if (n < b->n)
		b = block_prefix(b, n);
	sample_add(b, guest.node);
	if (next)
		guest.node = tree_step(b, next);
}

static void begin(const struct marker *m, struct block *next)
{
	if (guest.open)
		torn++;
	guest.open = guest.cells && guest.sampling;
	if (!guest.open)
		return;
	guest.op = m->op;
	sample_open(m->op);
	guest.node = tree_enter(next->function);
}

static void end(const struct marker *m)
{
	if (!guest.open)
		return;
	if (strcmp(guest.op, m->op))
		torn++;
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

static void next_cell(void)
{
	if (guest.cells)
		dump_cell(guest.cells - 1);
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
	if (guest.last)
		finish_last(b);
	if (b->marker)
		announce(b->marker->mark);
	guest.last = guest.open || b->marker ? b : NULL;
	guest.last_begun = insn_counter_read(&begun);
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
	}
	qemu_plugin_register_vcpu_tb_exec_cb(tb, on_block,
					     QEMU_PLUGIN_CB_NO_REGS,
					     block_get(insns, n));
}

static void on_end(qemu_plugin_id_t id, void *data)
{
	struct dump_end end = { .error = block_error() };

	(void)id;
	(void)data;
	if (guest.cells)
		dump_cell(guest.cells - 1);
	end.cells = guest.cells;
	end.samples = samples;
	end.torn = torn + guest.open;
	if (dump_close(&end))
		fprintf(stderr, "explain: cannot write %s\n", out_path);
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
		    !take(argv[i], "insns", &insns))
			return fprintf(stderr, "explain: %s: unknown\n", argv[i]);
	if (!symbols_path || !out_path)
		return fprintf(stderr, "explain: needs symbols= and out=\n");
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
	if (dump_open(out_path, want_insns))
		return fprintf(stderr, "explain: cannot write %s\n", out_path);
	self = id;
	insn_counter_open(&begun);
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_boot_translation);
	qemu_plugin_register_atexit_cb(id, on_end, NULL);
	return 0;
}
