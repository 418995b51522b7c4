// SPDX-License-Identifier: GPL-2.0
/*
 * demand - what a cell needs: stretches, slots, memory.
 */
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sizes.h>

#include "allocs.h"
#include "compat.h"
#include "context.h"
#include "demand.h"
#include "frag.h"
#include "pattern.h"
#include "worker.h"

/* A slot of pattern exhaust costs its pointer. */
#define SLOT_BYTES	sizeof(void *)

/* Of a slab of 32 objects these are half: most draws look alike. */
#define DEMAND_MOVES	16
/* What the slab allocator does not hand on to the page allocator. */
#define SLAB_LARGEST	(2 * PAGE_SIZE)

/**
 * demand_available() - memory that can be had without taking it from somebody
 *
 * Context: any.
 * Return: bytes.
 */
u64 demand_available(void)
{
	return (u64)si_mem_available() << PAGE_SHIFT;
}

/**
 * demand_calls() - calls in a stretch
 * @plan: plan
 * @at: cell
 *
 * Patterns that hold a number of live objects are cut into equal stretches.
 *
 * Context: any.
 * Return: calls; 0 when every call is timed, or when there is no equal cut.
 */
unsigned int demand_calls(const struct plan *plan, const struct plan_cell *at)
{
	const u64 calls = plan->number[PLAN_CALLS];
	const u64 depth = plan->number[PLAN_DEPTH];

	if (plan->number[PLAN_TIMING] != TIMING_BATCH)
		return 0;
	if (!(patterns[at->pattern].keys & BIT(PLAN_DEPTH)))
		return calls;
	if (depth <= calls)
		return depth;
	return div64_u64(depth, calls) * calls == depth ? calls : 0;
}

/**
 * demand_touch() - most that is written to at a time
 * @at: cell
 *
 * Nothing else may run meanwhile, in process context because the CPU is not
 * given away.
 *
 * Context: any.
 * Return: bytes.
 */
u64 demand_touch(const struct plan_cell *at)
{
	const bool atomic = contexts[at->context].traits & CONTEXT_ATOMIC;

	return atomic ? SZ_64K : SZ_64M;
}

/**
 * demand_chunk() - calls a worker makes before it looks at anything else
 * @plan: plan
 * @at: cell
 *
 * Patterns that fill and empty in turns touch the objects of a chunk together.
 * What a stretch frees for later is looked at behind each.
 *
 * Context: any.
 * Return: allocations, or stretches where those are timed.
 */
unsigned int demand_chunk(const struct plan *plan, const struct plan_cell *at)
{
	const struct pattern *p = &patterns[at->pattern];
	const unsigned int most = p->chunk ?: WORKER_CHUNK;

	if ((allocs[at->alloc].traits & ALLOC_DEFERS) && demand_calls(plan, at))
		return 1;
	if (plan->number[PLAN_TOUCH] == TOUCH_NONE ||
	    !(p->traits & PATTERN_TURNS))
		return most;
	return clamp_t(u64, div64_u64(demand_touch(at), at->size), 1, most);
}

/**
 * demand_bytes() - what bytes= stands for now
 * @plan: plan
 *
 * Context: any.
 * Return: bytes.
 */
u64 demand_bytes(const struct plan *plan)
{
	const u64 bytes = plan->number[PLAN_BYTES];

	return bytes == PLAN_AUTO ? demand_available() / 4 : bytes;
}

/**
 * demand_moves() - objects a worker holds in turn, so that others are hot
 * @at: cell
 *
 * A pattern that frees and allocates the same object again and again measures
 * one object. Whether that lies in the first page of its slab is an
 * instruction more or less to kfree(), its cache sets are those of one address,
 * and which object it is depends on how the machine was booted. So the samples
 * of small objects of the slab allocator are spread over DEMAND_MOVES of them.
 *
 * Context: any.
 * Return: objects.
 */
unsigned int demand_moves(const struct plan_cell *at)
{
	/* kfree_rcu() gives back too late for any object to be the same. */
	const unsigned int others = ALLOC_DEFERS | ALLOC_WAITS;
	const unsigned int traits = allocs[at->alloc].traits;

	if ((traits & (ALLOC_SLAB | others)) != ALLOC_SLAB ||
	    !(patterns[at->pattern].traits & PATTERN_SAME) ||
	    at->size > SLAB_LARGEST)
		return 0;
	return DEMAND_MOVES;
}

/**
 * demand_slots() - slots that a worker needs for a cell
 * @plan: plan
 * @at: cell
 *
 * Context: any.
 * Return: slots.
 */
u64 demand_slots(const struct plan *plan, const struct plan_cell *at)
{
	const struct allocator *a = &allocs[at->alloc];
	const struct pattern *p = &patterns[at->pattern];
	u64 depth = plan->number[PLAN_DEPTH];
	u64 each;

	if (p->traits & PATTERN_FILLS) {
		each = allocs_footprint(a, at->size) + SLOT_BYTES +
		       a->cookies * sizeof(u64);
		depth = div64_u64(demand_bytes(plan), each * plan->n_cpus);
		depth = min(depth, plan->number[PLAN_SAMPLES]);
	}
	return p->slots(depth) + demand_moves(at);
}

/**
 * demand_evict_bytes() - memory to read to evict the caches
 *
 * Context: any.
 * Return: bytes: twice the largest cache of this CPU, another may differ; 4 MiB
 * at least, 1 GiB at most.
 */
size_t demand_evict_bytes(void)
{
	return clamp_t(size_t, 2 * compat_cache_bytes(), SZ_4M, SZ_1G);
}

/* Objects that the chunk of a worker may have freed and not given back. */
static u64 deferred(const struct plan *plan, const struct plan_cell *at)
{
	if (!(allocs[at->alloc].traits & ALLOC_DEFERS))
		return 0;
	return demand_calls(plan, at) + WORKER_CHUNK;
}

/**
 * demand_held() - memory that the live objects of a cell take at most
 * @plan: plan
 * @at: cell
 *
 * Context: any.
 * Return: bytes, with all that its pattern needs besides.
 */
u64 demand_held(const struct plan *plan, const struct plan_cell *at)
{
	const struct pattern *p = &patterns[at->pattern];
	const struct allocator *a = &allocs[at->alloc];
	u64 slots = (demand_slots(plan, at) + deferred(plan, at)) * plan->n_cpus;
	u64 each = allocs_footprint(a, at->size) + SLOT_BYTES +
		   a->cookies * sizeof(u64);
	u64 bytes;

	/* bytes=auto is looked up anew, and may be next to nothing by now. */
	if (slots && each > div64_u64(U64_MAX / 2, slots))
		return U64_MAX / 2;
	bytes = each * slots;
	if (p->traits & PATTERN_FRAGS)
		bytes += frag_bytes(plan->number[PLAN_SHARE]);
	if (p->traits & PATTERN_COLD)
		bytes += demand_evict_bytes();
	return bytes;
}
