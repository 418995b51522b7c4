// SPDX-License-Identifier: GPL-2.0
/*
 * As much of QEMU as the plugin sees, driven by a script on stdin:
 *
 *	tb NAME ADDR BYTES...	code: hexadecimal bytes, a word an instruction; behind
 *				it @ADDR, r or w, and the shift of the size is what it
 *				reads or writes, + or - the next time one size on
 *	run NAME [N]		execute it, or begin only its first N instructions
 *	end			QEMU exits
 *
 * Usage: fake_qemu PLUGIN-ARGUMENT... <SCRIPT
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../explain/plugin/qemu.h"

#define MAX 64

struct qemu_plugin_insn {
	uint64_t addr;
	uint8_t bytes[16];
	size_t size;
	uint64_t *counters[2];
	uint64_t add;
	qemu_plugin_vcpu_mem_cb_t on_access;
	void *data;
	/* What it does to memory, if kind is r or w. */
	unsigned long long memory;
	char kind;
	unsigned int shift;
	char step;
};

struct qemu_plugin_tb {
	char name[32];
	struct qemu_plugin_insn insns[MAX];
	size_t n;
	unsigned int epoch;	/* translated in, 0 is never */
	qemu_plugin_vcpu_udata_cb_t cb;
	void *data;
};

static struct qemu_plugin_tb tbs[MAX];
static size_t nr_tbs;
static unsigned int epoch = 1;
static qemu_plugin_vcpu_tb_trans_cb_t translate;
static qemu_plugin_udata_cb_t at_exit;
static qemu_plugin_simple_cb_t after_reset;

void qemu_plugin_reset(qemu_plugin_id_t id, qemu_plugin_simple_cb_t cb)
{
	(void)id;
	after_reset = cb;
}

void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id,
				    qemu_plugin_udata_cb_t cb, void *data)
{
	(void)id;
	(void)data;
	at_exit = cb;
}

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
					   qemu_plugin_vcpu_tb_trans_cb_t cb)
{
	(void)id;
	translate = cb;
}

void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb,
					  qemu_plugin_vcpu_udata_cb_t cb,
					  enum qemu_plugin_cb_flags flags,
					  void *data)
{
	(void)flags;
	tb->cb = cb;
	tb->data = data;
}

#if QEMU_API == 1
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn,
						enum qemu_plugin_op op,
						void *ptr, uint64_t imm)
{
	(void)op;
	insn->counters[!!insn->counters[0]] = ptr;
	insn->add = imm;
}
#else
/* The entry of the one virtual CPU. */
struct qemu_plugin_scoreboard {
	uint64_t entry;
	struct qemu_plugin_scoreboard *next;
};

struct qemu_plugin_scoreboard *qemu_plugin_scoreboard_new(size_t size)
{
	static struct qemu_plugin_scoreboard *boards;
	struct qemu_plugin_scoreboard *board = calloc(1, sizeof(*board));

	if (size != sizeof(board->entry) || !board)
		abort();
	/* Where the sanitizer sees them. */
	board->next = boards;
	boards = board;
	return board;
}

uint64_t qemu_plugin_u64_get(qemu_plugin_u64 entry, unsigned int cpu)
{
	if (cpu || entry.offset)
		abort();
	return entry.score->entry;
}

void
qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(struct qemu_plugin_insn *insn,
						    enum qemu_plugin_op op,
						    qemu_plugin_u64 entry,
						    uint64_t imm)
{
	(void)op;
	insn->counters[!!insn->counters[0]] = &entry.score->entry;
	insn->add = imm;
}
#endif

void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn,
				      qemu_plugin_vcpu_mem_cb_t cb,
				      enum qemu_plugin_cb_flags flags,
				      enum qemu_plugin_mem_rw rw, void *data)
{
	(void)flags;
	(void)rw;
	insn->on_access = cb;
	insn->data = data;
}

/* Ours: the shift, and above it whether it is a store. */
unsigned int qemu_plugin_mem_size_shift(qemu_plugin_meminfo_t info)
{
	return info & 15;
}

bool qemu_plugin_mem_is_store(qemu_plugin_meminfo_t info)
{
	return info & 16;
}

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb)
{
	return tb->n;
}

uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb)
{
	return tb->insns[0].addr;
}

struct qemu_plugin_insn *
qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index)
{
	return (struct qemu_plugin_insn *)&tb->insns[index];
}

#if QEMU_API < 3
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn)
{
	return insn->bytes;
}
#else
size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *to,
			     size_t size)
{
	if (size > insn->size)
		size = insn->size;
	memcpy(to, insn->bytes, size);
	return size;
}
#endif

size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn)
{
	return insn->size;
}

uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn)
{
	return insn->addr;
}

static void read_insn(struct qemu_plugin_insn *insn, const char *hex)
{
	unsigned int byte;

	insn->size = strcspn(hex, "@") / 2;
	sscanf(hex + 2 * insn->size, "@%llx%c%u%c", &insn->memory, &insn->kind,
	       &insn->shift, &insn->step);
	for (size_t i = 0; i < insn->size && sscanf(hex + 2 * i, "%2x", &byte); i++)
		insn->bytes[i] = byte;
}

static void define(char *words)
{
	struct qemu_plugin_tb *tb = &tbs[nr_tbs++];
	uint64_t addr;
	char *word;

	snprintf(tb->name, sizeof(tb->name), "%s", strtok(words, " "));
	addr = strtoull(strtok(NULL, " "), NULL, 16);
	while ((word = strtok(NULL, " "))) {
		struct qemu_plugin_insn *insn = &tb->insns[tb->n++];

		insn->addr = addr;
		read_insn(insn, word);
		addr += insn->size;
	}
}

static struct qemu_plugin_tb *find(const char *name)
{
	for (size_t i = 0; i < nr_tbs; i++)
		if (!strcmp(tbs[i].name, name))
			return &tbs[i];
	fprintf(stderr, "fake_qemu: no block %s\n", name);
	exit(2);
}

static void execute(struct qemu_plugin_insn *insn)
{
	for (int i = 0; i < 2; i++)
		if (insn->counters[i])
			*insn->counters[i] += insn->add;
	if (!insn->kind)
		return;
	if (insn->on_access)
		insn->on_access(0, insn->shift | (insn->kind == 'w' ? 16 : 0),
				insn->memory, insn->data);
	if (insn->step)
		insn->memory += insn->step == '+' ? 1LL << insn->shift : -(1LL << insn->shift);
}

static void run(char *words)
{
	struct qemu_plugin_tb *tb = find(strtok(words, " "));
	const char *word = strtok(NULL, " ");
	size_t n = word ? strtoul(word, NULL, 10) : tb->n;

	if (tb->epoch != epoch) {
		tb->epoch = epoch;
		tb->cb = NULL;
		for (size_t i = 0; i < tb->n; i++) {
			tb->insns[i].counters[0] = NULL;
			tb->insns[i].counters[1] = NULL;
			tb->insns[i].on_access = NULL;
		}
		translate(0, tb);
	}
	if (tb->cb)
		tb->cb(0, tb->data);
	for (size_t i = 0; i < n; i++)
		execute(&tb->insns[i]);
	if (after_reset) {
		epoch++;
		translate = NULL;
		at_exit = NULL;
		after_reset(0);
		after_reset = NULL;
	}
}

int main(int argc, char **argv)
{
	qemu_info_t info = {
		.target_name = getenv("FAKE_TARGET") ?: "x86_64",
		.system_emulation = true,
		.version = { .min = getenv("FAKE_MIN") ? 7 : 0, .cur = 7 },
		.system = { 1, 1 },
	};
	char line[512];

	if (qemu_plugin_install(0, &info, argc - 1, argv + 1))
		return 1;
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "tb ", 3))
			define(line + 3);
		else if (!strncmp(line, "run ", 4))
			run(line + 4);
	}
	at_exit(0, NULL);
	return 0;
}
