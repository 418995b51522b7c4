// SPDX-License-Identifier: GPL-2.0
/*
 * sharing: which virtual CPU ran how many instructions of the module, and
 * which cache lines it read and wrote with them.
 *
 *   -plugin explain.so,symbols=FILE,out=FILE
 *
 * The symbols are those of the module alone, with one behind its end: all
 * other code is none of ours, and is not instrumented. A virtual CPU samples
 * from a call of kab_mark_sample() to its next of kab_mark_warmup(). With
 * -icount one thread runs all virtual CPUs in turn, so nothing here is locked.
 *
 * Per cell, that is from one call of kab_mark_cell() to the next, as text:
 *
 *   chunks cell= cpu= n=		calls of kab_mark_sample()
 *   insns cell= cpu= phase= function= n=	begun while sampling
 *   access cell= cpu= phase= function= kind= line= n=	any while sampling,
 *					else stores; line: its first address
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "isa.h"
#include "memory.h"
#include "symbols.h"
#include "tally.h"

#define CPUS_MAX	16
#define LINE_SHIFT	6
/* Kernel addresses have 48 bits that differ. */
#define LINE_BITS	42

QEMU_EXPORT int qemu_plugin_version = QEMU_API;

static const char *symbols_path, *out_path;
static FILE *out;
static bool sampling[CPUS_MAX];
static uint64_t chunks[CPUS_MAX];
static struct tally insns, accesses;
static unsigned int cells;

/* Who did it, as a number for the tallies, and back. */
static uint64_t actor(unsigned int cpu, const struct function *f)
{
	return (uint64_t)f->id << 5 | sampling[cpu] << 4 | cpu;
}

static void print_actor(const char *what, uint64_t who)
{
	fprintf(out, "%s cell=%u cpu=%u phase=%s function=%s", what, cells,
		(unsigned int)(who & (CPUS_MAX - 1)),
		who & CPUS_MAX ? "sample" : "other",
		symbols_function(who >> 5)->name);
}

static void print_insns(void)
{
	struct tally_slot *slots;
	size_t n = tally_sorted(&insns, &slots);

	for (size_t i = 0; i < n; i++) {
		print_actor("insns", slots[i].key);
		fprintf(out, " n=%" PRIu64 "\n", slots[i].count);
	}
	free(slots);
}

static void print_accesses(void)
{
	struct tally_slot *slots;
	size_t n = tally_sorted(&accesses, &slots);

	for (size_t i = 0; i < n; i++) {
		const uint64_t key = slots[i].key;

		print_actor("access", key >> (LINE_BITS + 1));
		fprintf(out, " kind=%s line=%012" PRIx64 " n=%" PRIu64 "\n",
			key & 1 ? "store" : "load",
			(key >> 1 & (UINT64_MAX >> (64 - LINE_BITS))) << LINE_SHIFT,
			slots[i].count);
	}
	free(slots);
}

static void print_chunks(void)
{
	for (unsigned int cpu = 0; cpu < CPUS_MAX; cpu++)
		if (chunks[cpu])
			fprintf(out, "chunks cell=%u cpu=%u n=%" PRIu64 "\n",
				cells, cpu, chunks[cpu]);
}

static void forget(struct tally *t)
{
	free(t->slots);
	*t = (struct tally) { 0 };
}

/* What came before the first cell is nobody's. */
static void next_cell(void)
{
	if (cells) {
		print_chunks();
		print_insns();
		print_accesses();
	}
	memset(chunks, 0, sizeof(chunks));
	memset(sampling, 0, sizeof(sampling));
	forget(&insns);
	forget(&accesses);
	cells++;
}

static void on_marker(unsigned int cpu, void *data)
{
	const struct marker *m = data;

	if (m->mark == MARK_CELL)
		next_cell();
	if (m->mark == MARK_WARMUP)
		sampling[cpu] = false;
	if (m->mark == MARK_SAMPLE) {
		sampling[cpu] = true;
		chunks[cpu]++;
	}
}

static void on_insn(unsigned int cpu, void *data)
{
	if (sampling[cpu])
		tally_add(&insns, actor(cpu, data), 1);
}

static void on_access(unsigned int cpu, qemu_plugin_meminfo_t info,
		      uint64_t vaddr, void *data)
{
	const bool store = qemu_plugin_mem_is_store(info);
	const uint64_t line = vaddr >> LINE_SHIFT & (UINT64_MAX >> (64 - LINE_BITS));

	if (store || sampling[cpu])
		tally_add(&accesses, actor(cpu, data) << (LINE_BITS + 1) |
			  line << 1 | store, 1);
}

/* Callbacks of an instruction run in the order in which they are asked for. */
static void watch(struct qemu_plugin_insn *insn)
{
	const uint64_t addr = qemu_plugin_insn_vaddr(insn);
	const struct marker *m = symbols_marker(addr);
	struct function *f = symbols_find(addr);

	/* "[user]", "[unknown]" and "[end]": no name of C has a bracket. */
	if (f->name[0] == '[')
		return;
	if (m)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_marker,
						       QEMU_PLUGIN_CB_NO_REGS,
						       (void *)m);
	qemu_plugin_register_vcpu_insn_exec_cb(insn, on_insn,
					       QEMU_PLUGIN_CB_NO_REGS, f);
	qemu_plugin_register_vcpu_mem_cb(insn, on_access,
					 QEMU_PLUGIN_CB_NO_REGS,
					 QEMU_PLUGIN_MEM_RW, f);
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	const size_t n = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (size_t i = 0; i < n; i++)
		watch(qemu_plugin_tb_get_insn(tb, i));
}

static void on_end(qemu_plugin_id_t id, void *data)
{
	(void)id;
	(void)data;
	next_cell();
	fputs("end\n", out);
	if (fclose(out))
		fprintf(stderr, "sharing: cannot write %s\n", out_path);
}

static const char *value(const char *arg, const char *key)
{
	const size_t len = strlen(key);

	return strncmp(arg, key, len) ? NULL : arg + len;
}

static int parse(int argc, char **argv)
{
	for (int i = 0; i < argc; i++) {
		symbols_path = value(argv[i], "symbols=") ?: symbols_path;
		out_path = value(argv[i], "out=") ?: out_path;
	}
	if (!symbols_path || !out_path)
		return fprintf(stderr, "sharing: needs symbols= and out=\n");
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

	if (info->version.min > QEMU_API ||
	    info->version.cur < QEMU_API)
		return fprintf(stderr, "sharing: QEMU does not serve API 1\n");
	if (!info->system_emulation || info->system.max_vcpus > CPUS_MAX)
		return fprintf(stderr, "sharing: too many CPUs\n");
	if (parse(argc, argv))
		return 1;
	if (!isa_choose(info->target_name))
		return fprintf(stderr, "sharing: an unknown machine\n");
	wrong = symbols_load(symbols_path);
	if (wrong)
		return fprintf(stderr, "sharing: %s: %s\n", symbols_path, wrong);
	out = fopen(out_path, "w");
	if (!out)
		return fprintf(stderr, "sharing: cannot write %s\n", out_path);
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	qemu_plugin_register_atexit_cb(id, on_end, NULL);
	return 0;
}
