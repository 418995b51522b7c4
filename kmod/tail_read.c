// SPDX-License-Identifier: GPL-2.0
/*
 * tail_read - the counters that move when something comes between.
 */
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/vmstat.h>

#include "compat.h"
#include "tail.h"

/**
 * tail_read() - read the counters
 * @now: filled
 * @cpu: the caller's
 *
 * Slab pages are the whole machine's, and per-CPU batches hide the last few:
 * a cause that is seen is real, one that is missed stays unexplained.
 *
 * Context: process, pinned to @cpu.
 */
void tail_read(struct tail_counters *now, unsigned int cpu)
{
	now->count[TAIL_INTERRUPT] = compat_irqs(cpu);
	now->count[TAIL_SWITCH] = current->nivcsw;
	now->count[TAIL_MIGRATION] = current->se.nr_migrations;
	now->count[TAIL_SLAB] =
		global_node_page_state_pages(NR_SLAB_UNRECLAIMABLE_B) +
		global_node_page_state_pages(NR_SLAB_RECLAIMABLE_B);
}
