// SPDX-License-Identifier: GPL-2.0
/*
 * rules - what an allocator takes, and where it may be called.
 */
#include <linux/bitops.h>
#include <linux/cpumask.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/mm.h>

#include "allocs.h"
#include "compat.h"
#include "contexts.h"

#define GFP(flag, text)	{ .name = #flag, .bits = (__force u64)(flag), .about = text }

static const struct vocab_word gfps[] = {
	GFP(GFP_KERNEL, "may sleep, reclaim and start I/O"),
	GFP(GFP_ATOMIC, "must not sleep; may use reserves"),
	GFP(GFP_NOWAIT, "must not sleep"),
	GFP(GFP_NOIO, "may sleep, must not start I/O"),
	GFP(GFP_NOFS, "may sleep, must not enter a file system"),
	GFP(GFP_DMA, "from the lowest zone"),
	GFP(GFP_DMA32, "from below 4 GiB"),
	GFP(__GFP_ZERO, "zeroed"),
	GFP(__GFP_NOWARN, "no message when it fails; always added"),
	GFP(__GFP_NORETRY, "give up early"),
	GFP(__GFP_RETRY_MAYFAIL, "try hard, but not for ever"),
	GFP(__GFP_ACCOUNT, "charged to the writer's memory cgroup, unless that is the root"),
	GFP(__GFP_RECLAIMABLE, "from the reclaimable slabs or blocks"),
	GFP(__GFP_NOMEMALLOC, "never from the reserves"),
	GFP(__GFP_HIGH, "may use part of the reserves"),
};

const struct vocab_list allocs_gfps = {
	.kind = "GFP flag", .words = gfps, .n = ARRAY_SIZE(gfps),
};

static const char *name_of(gfp_t bits)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(gfps); i++) {
		/* Single bits are named; GFP_DMA and GFP_DMA32 are single. */
		if (hweight64(gfps[i].bits) == 1 &&
		    (gfps[i].bits & (__force u64)bits))
			return gfps[i].name;
	}
	return "one of these flags";
}

/**
 * allocs_footprint() - memory that a live object takes at most
 * @a: allocator
 * @size: bytes asked for
 *
 * Context: any.
 * Return: bytes, rounded up the way the allocator does.
 */
u64 allocs_footprint(const struct allocator *a, u64 size)
{
	if (a->traits & ALLOC_REFERENCE)
		return 0;
	if (a->traits & ALLOC_PAGED)
		size = max_t(u64, size, PAGE_SIZE);
	/* The pointer may need the next power of two: 16K has a slab of 32K. */
	if (a->traits & ALLOC_CTOR)
		size += sizeof(void *);
	if (a->traits & ALLOC_HUGE)
		size = ALIGN(size, compat_huge_bytes(size));
	if (a->traits & ALLOC_DOUBLES)
		size = roundup_pow_of_two(max_t(u64, size, 8));
	else
		/* A page for the page tables and what describes a mapping. */
		size = ALIGN(size, PAGE_SIZE) + PAGE_SIZE;
	/*
	 * A block of eight objects stays until the last of them is freed: where
	 * frees are random, 1 + 1/2 + ... + 1/8 = 2.7 times what lives is held.
	 */
	if (a->traits & ALLOC_SHARES)
		size += PAGE_SIZE;
	if (a->traits & ALLOC_BULKS)
		size *= ALLOC_BULK;
	if (a->traits & ALLOC_PER_CPU)
		size *= num_possible_cpus();
	return size;
}

static bool size_refused(const struct allocator *a, u64 size, struct text *why)
{
	if (size > a->max)
		text_printf(why, "%s takes at most %llu bytes", a->name, a->max);
	else if (size < a->min)
		text_printf(why, "%s takes at least %llu bytes", a->name, a->min);
	else if (!allocs_loops(a, size))
		text_printf(why, "%s takes powers of two from 8 to %llu only",
			    a->name, a->max);
	return why->len;
}

static bool flags_refused(const struct allocator *a,
			  const struct alloc_call *call, struct text *why)
{
	gfp_t gfp = call->gfp & ~__GFP_NOWARN;

	if (hweight32((__force u32)(gfp & (__GFP_DMA | __GFP_DMA32))) > 1)
		text_printf(why, "GFP_DMA and GFP_DMA32 exclude each other");
	else if ((a->traits & ALLOC_NO_FLAGS) && gfp != GFP_KERNEL)
		text_printf(why, "%s takes no flags: it is measured under GFP_KERNEL only",
			    a->name);
	else if (!(a->traits & ALLOC_NO_FLAGS) && (gfp & ~a->takes))
		text_printf(why, "%s does not take %s", a->name,
			    name_of(gfp & ~a->takes));
	else if (a->needs & ~gfp)
		text_printf(why, "%s sleeps: its flags need __GFP_DIRECT_RECLAIM, as in GFP_KERNEL",
			    a->name);
	else if (call->node && !(a->traits & ALLOC_NODE))
		text_printf(why, "%s takes no node", a->name);
	return why->len;
}

/**
 * struct place - a rule about where an allocator must not be called
 * @applies: a condition of the kernel
 * @in: it is about contexts that have this trait
 * @unless: but not about those that have this one
 * @of: it is about allocators that have this trait; 0 for all
 * @but: but not about those that have one of these
 * @gfp: it is about calls with one of these flags; 0 for all
 * @above: it is about larger sizes only
 * @why: a sentence, of the names of allocator and context
 */
struct place {
	bool applies;
	unsigned int in;
	unsigned int unless;
	unsigned int of;
	unsigned int but;
	gfp_t gfp;
	u64 above;
	const char *why;
};

static const struct place places[] = {
	{ true, CONTEXT_ATOMIC, .of = ALLOC_SLEEPS,
	  .why = "%s may sleep: not in context %s" },
	{ true, CONTEXT_ATOMIC, .but = ALLOC_NO_FLAGS, .gfp = __GFP_DIRECT_RECLAIM,
	  .why = "%.0sthese flags may sleep: context %s takes GFP_ATOMIC or GFP_NOWAIT" },
	{ true, CONTEXT_ATOMIC, .of = ALLOC_FALLS, .above = PAGE_SIZE,
	  .why = "%s may become vmalloc above a page: not in context %s" },
	{ true, CONTEXT_IRQ, .of = ALLOC_NO_IRQ,
	  .why = "%s must not be called with interrupts off on this kernel: not in context %s" },
	/* Bottom halves and softirqs are threads there. */
	{ COMPAT_RT, CONTEXT_ATOMIC, .unless = CONTEXT_LOCKS, .but = ALLOC_NO_LOCK,
	  .why = "on PREEMPT_RT %s takes locks that sleep: not in context %s" },
};

static bool place_forbids(const struct place *p, const struct allocator *a,
			  const struct alloc_call *call)
{
	return p->applies && (call->traits & p->in) &&
	       !(call->traits & p->unless) && !(a->traits & p->but) &&
	       (!p->of || (a->traits & p->of)) &&
	       (!p->gfp || (call->gfp & p->gfp)) && call->size > p->above;
}

static bool context_refused(const struct allocator *a,
			    const struct alloc_call *call, struct text *why)
{
	unsigned int i;

	if (a->traits & ALLOC_REFERENCE)
		return false;
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		if (!place_forbids(&places[i], a, call))
			continue;
		text_printf(why, places[i].why, a->name, call->context);
		return true;
	}
	return false;
}

/**
 * allocs_refuse() - whether an allocator cannot be called so
 * @a: allocator
 * @call: how
 * @why: empty; gets the rule that forbids it
 *
 * Stock kernels stay silent about most calls that are wrong, so the rules are
 * here. They were found by calling everything everywhere on a kernel with
 * DEBUG_ATOMIC_SLEEP and PROVE_LOCKING, and in the allocators' documentation.
 *
 * Context: any.
 * Return: true if the call must not be made.
 */
bool allocs_refuse(const struct allocator *a, const struct alloc_call *call,
		   struct text *why)
{
	return size_refused(a, call->size, why) ||
	       flags_refused(a, call, why) || context_refused(a, call, why);
}
