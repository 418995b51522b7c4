// SPDX-License-Identifier: GPL-2.0
/*
 * insn - does this clock count instructions? Nobody's word is taken for it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/minmax.h>

#include "clock.h"
#include "insn.h"

/* The cheapest of them met no interrupt and no other virtual CPU. */
#define INSN_TRIES	100

/* What is compared: so many instructions more in the longer of two loops. */
#define INSN_MORE	1000

static __always_inline u64 least_ticks(void (*const spin)(unsigned int),
				       unsigned int turns)
{
	u64 since, least = U64_MAX;
	unsigned long flags;
	unsigned int i;

	for (i = 0; i < INSN_TRIES; i++) {
		local_irq_save(flags);
		since = clock_now();
		spin(turns);
		least = min(least, clock_now() - since);
		local_irq_restore(flags);
	}
	return least;
}

/*
 * One and the same code with two arguments: what the compiler put around the
 * loop is in both, and the difference is INSN_MORE instructions and no more.
 */
static noinline u64 dense_ticks(unsigned int turns)
{
	return least_ticks(clock_spin, turns);
}

static noinline u64 nop_ticks(unsigned int turns)
{
	return least_ticks(clock_spin_nops, turns);
}

/**
 * kab_insn_check() - see whether a tick is an instruction
 *
 * No real CPU runs both loops at a tick an instruction: one is limited by its
 * jumps, the other by how many nops it retires at once. With several virtual
 * CPUs the clock counts the others' instructions, too, but not in the cheapest
 * of many tries: QEMU runs one CPU for much longer than a try.
 *
 * A clock that cannot be used at all is refused by the run.
 *
 * Context: process.
 * Return: 0, or -EINVAL with a sentence in the kernel's log.
 */
int kab_insn_check(void)
{
	u64 dense, nops;

	if (clock_refusal())
		return 0;
	dense = dense_ticks(2 * INSN_MORE / CLOCK_SPIN) -
		dense_ticks(INSN_MORE / CLOCK_SPIN);
	nops = nop_ticks(2 * INSN_MORE / CLOCK_SPIN_NOPS) -
	       nop_ticks(INSN_MORE / CLOCK_SPIN_NOPS);
	if (dense == INSN_MORE && nops == INSN_MORE)
		return 0;
	pr_err("lane=insn: this clock does not count instructions: %u of them took %lld ticks, %u others %lld; load with lane=time, or under QEMU's %s\n",
	       INSN_MORE, (s64)dense, INSN_MORE, (s64)nops, CLOCK_COUNTING);
	return -EINVAL;
}
