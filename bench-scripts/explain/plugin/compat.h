/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the versions of QEMU's plugin interface differ, and nothing else knows
 * it: version 2 took away counters in memory of ours, in whose place each
 * virtual CPU has an entry of a scoreboard, and version 3 copies the bytes of
 * an instruction instead of pointing at them.
 */
#ifndef EXPLAIN_COMPAT_H
#define EXPLAIN_COMPAT_H

#include <string.h>

#include "qemu.h"

#if QEMU_API == 1

struct insn_counter {
	uint64_t count;
};

static inline void insn_counter_open(struct insn_counter *counter)
{
	counter->count = 0;
}

static inline void insn_counter_add(struct insn_counter *counter,
				    struct qemu_plugin_insn *insn)
{
	qemu_plugin_register_vcpu_insn_exec_inline(insn,
						   QEMU_PLUGIN_INLINE_ADD_U64,
						   &counter->count, 1);
}

static inline uint64_t insn_counter_read(const struct insn_counter *counter)
{
	return counter->count;
}

#else

struct insn_counter {
	qemu_plugin_u64 entry;
};

static inline void insn_counter_open(struct insn_counter *counter)
{
	counter->entry.score = qemu_plugin_scoreboard_new(sizeof(uint64_t));
}

static inline void insn_counter_add(struct insn_counter *counter,
				    struct qemu_plugin_insn *insn)
{
	qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(insn,
							    QEMU_PLUGIN_INLINE_ADD_U64,
							    counter->entry, 1);
}

/* There is one virtual CPU, see qemu_plugin_install(). */
static inline uint64_t insn_counter_read(const struct insn_counter *counter)
{
	return qemu_plugin_u64_get(counter->entry, 0);
}

#endif

static inline void insn_copy(const struct qemu_plugin_insn *insn, void *to,
			     size_t size)
{
#if QEMU_API < 3
	memcpy(to, qemu_plugin_insn_data(insn), size);
#else
	qemu_plugin_insn_data(insn, to, size);
#endif
}

#endif
