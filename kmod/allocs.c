// SPDX-License-Identifier: GPL-2.0
/*
 * allocs - the allocators: their loops, their table, and what they take.
 */
#include <linux/bitops.h>
#include <linux/cpumask.h>
#include <linux/dma-mapping.h>
#include <linux/dmapool.h>
#include <linux/genalloc.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/mempool.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "allocs.h"
#include "compat.h"

/* kfree_rcu() wants to know where the rcu_head is. */
struct alloc_rcu {
	struct rcu_head rcu;
};

static void free_bulk(struct page **pages, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		__free_page(pages[i]);
		/* The bulk interface fills what is NULL. */
		pages[i] = NULL;
	}
}

/* What is left when there were fewer pages than asked for. */
static void free_partial(struct page **pages, unsigned int n)
{
	while (n && !pages[n - 1])
		n--;
	free_bulk(pages, n);
}

static void *address_of_page(void *object)
{
	return page_address(object);
}

static void *address_on_cpu(void *object)
{
	return per_cpu_ptr((__force void __percpu *)object,
			   raw_smp_processor_id());
}

/* Inlining decides what the timed region holds, so it is not left to a guess. */
#define DEFINE_CALLS(name, before, undo, get, put)			\
static __always_inline void *row_prepare_##name(size_t size, gfp_t gfp,	\
					    int node,			\
					    const struct alloc_state *s,	\
					    u64 *cookie)		\
{									\
	return before;							\
}									\
									\
static __always_inline void row_undo_##name(size_t size, gfp_t gfp, int node,	\
					const struct alloc_state *s,	\
					u64 *cookie, void *q)		\
{									\
	undo;								\
}									\
									\
static __always_inline void *row_get_##name(size_t size, gfp_t gfp, int node,	\
					const struct alloc_state *s,	\
					u64 *cookie, void *q)		\
{									\
	return get;							\
}									\
									\
static __always_inline void row_put_##name(size_t size,			\
				       const struct alloc_state *s,	\
				       u64 *cookie, void *p)		\
{									\
	put;								\
}									\
									\
BURST_PAIR(name)							\
BURST_GET(name)								\
BURST_PUT(name)								\
BURST_PAIR_STRETCH(name)						\
BURST_GET_STRETCH(name)							\
BURST_PUT_STRETCH(name)

#define ROW(name, get, put, ...)					\
	DEFINE_CALLS(name, NULL, (void)q, get, put)
#define ROW_AFTER(name, before, undo, get, put, ...)			\
	DEFINE_CALLS(name, before, undo, get, put)
#define ROW_IF_0(name, get, put, ...)
#define ROW_IF_1(name, get, put, ...)					\
	DEFINE_CALLS(name, NULL, (void)q, get, put)
#define ROW_IF(condition, name, why, ...)				\
	CONCATENATE(ROW_IF_, condition)(name, __VA_ARGS__)
#define ROW_CONSTS(name, ...)
#define ROW_CONST(name, bytes, get, put)				\
	DEFINE_CALLS(name##_##bytes, NULL, (void)q, get, put)
#include "allocs.def"
#undef ROW
#undef ROW_AFTER
#undef ROW_IF_0
#undef ROW_IF_1
#undef ROW_CONSTS
#undef ROW_CONST

/*
 * burst_touch() and burst_retouch() - write to memory, see BURST_TOUCH: two
 * functions, for each has clock reads of its own name.
 */
BURST_TOUCH(touch)
BURST_TOUCH(retouch)

#define GFP_SLEEPS	__GFP_DIRECT_RECLAIM
/* What GFP_KERNEL, GFP_NOFS, GFP_NOIO, GFP_NOWAIT and GFP_ATOMIC are made of. */
#define GFP_BASE	(GFP_KERNEL | GFP_ATOMIC | GFP_NOWAIT | \
			 __GFP_ZERO | __GFP_NOWARN | __GFP_ACCOUNT)
#define GFP_EFFORT	(__GFP_NORETRY | __GFP_RETRY_MAYFAIL | \
			 __GFP_NOMEMALLOC | __GFP_HIGH)

/* What the rows of one kind have in common. */
#define REFERENCE							\
	.max = SIZE_MAX, .takes = ~(gfp_t)0,				\
	.traits = ALLOC_REFERENCE | ALLOC_NO_LOCK
/* GFP_SLAB_BUG_MASK: __GFP_DMA32 and __GFP_HIGHMEM print a splat. */
#define SLAB_KIND(bits)							\
	.max = KMALLOC_MAX_SIZE,					\
	.traits = ALLOC_DOUBLES | ALLOC_SLAB | (bits),			\
	.takes = GFP_BASE | GFP_EFFORT | __GFP_DMA | __GFP_RECLAIMABLE
#define SLAB		SLAB_KIND(0)
#define SLAB_NODE	SLAB_KIND(ALLOC_NODE)
#define SLAB_CONST							\
	.max = 8192, .traits = ALLOC_DOUBLES | ALLOC_SLAB,		\
	.takes = GFP_BASE | GFP_EFFORT | __GFP_DMA | __GFP_RECLAIMABLE
/* What waits for a grace period adds up: small objects only. */
#define SLAB_RCU							\
	.max = PAGE_SIZE,						\
	.traits = ALLOC_DOUBLES | ALLOC_DEFERS | ALLOC_SLAB,		\
	.takes = GFP_BASE | GFP_EFFORT
/* kvmalloc's documentation; above INT_MAX it warns. */
#define KVMALLOC							\
	.max = INT_MAX,						\
	.traits = ALLOC_DOUBLES | ALLOC_SLAB | ALLOC_GUARDED,		\
	.takes = GFP_BASE | __GFP_HIGH | __GFP_RETRY_MAYFAIL
/* vmalloc's documentation: no zone modifiers, of the reclaim modifiers none. */
#define VMALLOC								\
	.max = SIZE_MAX, .takes = GFP_BASE | __GFP_HIGH,		\
	.needs = COMPAT_VMALLOC_NEEDS,					\
	.traits = ALLOC_SLEEPS | ALLOC_GUARDED
#define VMALLOC_PLAIN							\
	.max = SIZE_MAX,						\
	.traits = ALLOC_SLEEPS | ALLOC_NO_FLAGS | ALLOC_GUARDED
#define VMALLOC_PLAIN_NODE						\
	.max = SIZE_MAX, .traits = ALLOC_SLEEPS | ALLOC_NO_FLAGS |	\
				   ALLOC_GUARDED | ALLOC_NODE
#define MAPPING								\
	.max = SZ_64M, .traits = ALLOC_SLEEPS | ALLOC_NO_FLAGS,		\
	.open = open_pages, .close = close_pages
/* Zone and mobility are the cache's, not the call's. */
#define CACHE								\
	.min = 8, .max = SZ_1M, .traits = ALLOC_DOUBLES | ALLOC_SLAB,	\
	.takes = (GFP_BASE | GFP_EFFORT) & ~__GFP_ZERO,			\
	.close = close_cache
#define CACHE_BULK							\
	.min = 8, .max = SZ_256K,					\
	.traits = ALLOC_DOUBLES | ALLOC_BULKS | ALLOC_SCATTERS |	\
		  COMPAT_BULK_TRAITS,					\
	.takes = (GFP_BASE | GFP_EFFORT) & ~__GFP_ZERO,			\
	.close = close_cache
/* mempool_alloc() adds to the effort flags by itself, and refuses zeroing. */
#define MEMPOOL								\
	.max = KMALLOC_MAX_SIZE / 4,					\
	.traits = ALLOC_DOUBLES | ALLOC_SLAB,				\
	.takes = (GFP_BASE | __GFP_HIGH) & ~__GFP_ZERO
#define PAGES								\
	.max = KMALLOC_MAX_SIZE, .traits = ALLOC_DOUBLES,		\
	.takes = GFP_BASE | GFP_EFFORT | __GFP_DMA | __GFP_DMA32 |	\
		 __GFP_RECLAIMABLE
#define PAGES_BULK							\
	.max = ALLOC_BULK * PAGE_SIZE, .traits = ALLOC_SCATTERS,	\
	.takes = GFP_BASE | GFP_EFFORT | __GFP_DMA32
#define FRAGMENT							\
	.max = PAGE_SIZE, .traits = 0,					\
	.takes = GFP_BASE & ~(__GFP_ZERO | __GFP_ACCOUNT)
/* pcpu_alloc() passes these on and drops all others. */
#define PERCPU								\
	.max = SZ_32K, .traits = ALLOC_PER_CPU,				\
	.takes = GFP_KERNEL | GFP_NOWAIT | __GFP_NORETRY |		\
		 __GFP_NOWARN | __GFP_ACCOUNT
#define GEN_POOL							\
	.max = SZ_4M, .traits = ALLOC_NO_FLAGS | ALLOC_NO_LOCK
/* dma_alloc_coherent() strips the zone and zeroes by itself. */
#define DMA								\
	.max = KMALLOC_MAX_SIZE, .takes = GFP_KERNEL | GFP_ATOMIC | __GFP_NOWARN, \
	.traits = ALLOC_DOUBLES | COMPAT_DMA_TRAITS
#define DMA_POOL							\
	.max = SZ_64K, .takes = GFP_KERNEL | GFP_ATOMIC | __GFP_NOWARN,	\
	.traits = ALLOC_DOUBLES

#define LOOPS(row)							\
	{								\
		row##_pair, row##_get_burst, row##_put_burst,		\
		row##_pair_stretch, row##_get_stretch, row##_put_stretch \
	}

#define ROW(row, get, put, ...)
#define ROW_AFTER(row, before, undo, get, put, ...)
#undef ROW_IF
#define ROW_IF(condition, row, why, get, put, ...)
#define ROW_CONSTS(row, ...)
#define ROW_CONST(row, bytes, get, put)					\
	{ #row, bytes, LOOPS(row##_##bytes) },

static const struct alloc_const consts[] = {
#include "allocs.def"
};

#undef ROW
#undef ROW_AFTER
#undef ROW_IF
#undef ROW_CONSTS
#undef ROW_CONST
#define ROW(row, get, put, ...)						\
	{ .name = #row, .loops = LOOPS(row), __VA_ARGS__ },
#define ROW_AFTER(row, before, undo, get, put, ...)			\
	{ .name = #row, .loops = LOOPS(row), __VA_ARGS__ },
#define ROW_IF_0(row, why, get, put, ...)				\
	{ .name = #row, .absent = why },
#define ROW_IF_1(row, why, get, put, ...)				\
	{ .name = #row, .loops = LOOPS(row), __VA_ARGS__ },
#define ROW_IF(condition, ...)	CONCATENATE(ROW_IF_, condition)(__VA_ARGS__)
#define ROW_CONSTS(row, ...)	{ .name = #row, __VA_ARGS__ },
#define ROW_CONST(row, bytes, get, put)

const struct allocator allocs[] = {
#include "allocs.def"
};

const unsigned int allocs_count = ARRAY_SIZE(allocs);

/* The clock is calibrated with the loop of the allocator that does nothing. */
const struct allocator *const allocs_null = &allocs[0];

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
	GFP(__GFP_ACCOUNT, "charged to the writer's memory cgroup"),
	GFP(__GFP_RECLAIMABLE, "from the reclaimable slabs or blocks"),
	GFP(__GFP_NOMEMALLOC, "never from the reserves"),
	GFP(__GFP_HIGH, "may use part of the reserves"),
};

const struct vocab_list allocs_gfps = {
	.kind = "GFP flag", .words = gfps, .n = ARRAY_SIZE(gfps),
};

/**
 * allocs_list() - list the allocators for the parser
 * @words: room for allocs_count words
 *
 * Context: any.
 * Return: the list, which refers to @words.
 */
struct vocab_list allocs_list(struct vocab_word *words)
{
	unsigned int i;

	for (i = 0; i < allocs_count; i++) {
		words[i].name = allocs[i].name;
		words[i].about = allocs[i].about;
		words[i].absent = allocs[i].absent;
	}
	return (struct vocab_list){ "allocator", words, allocs_count };
}

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
 * allocs_loops() - the loops that call an allocator for a size
 * @a: allocator
 * @size: bytes
 *
 * Context: any.
 * Return: loops, or NULL when there are none for this size.
 */
const struct alloc_loops *allocs_loops(const struct allocator *a, u64 size)
{
	unsigned int i;

	if (a->loops.pair)
		return &a->loops;
	for (i = 0; i < ARRAY_SIZE(consts); i++) {
		if (consts[i].size == size && !strcmp(consts[i].name, a->name))
			return &consts[i].loops;
	}
	return NULL;
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
	if (a->traits & ALLOC_DOUBLES)
		size = roundup_pow_of_two(max_t(u64, size, 8));
	else
		/* A page for the page tables and what describes a mapping. */
		size = ALIGN(size, PAGE_SIZE) + PAGE_SIZE;
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

	if ((a->traits & ALLOC_NO_FLAGS) && gfp != GFP_KERNEL)
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

static bool context_refused(const struct allocator *a,
			    const struct alloc_call *call, struct text *why)
{
	if (a->traits & ALLOC_REFERENCE)
		return false;

	if (call->atomic && (a->traits & ALLOC_SLEEPS))
		text_printf(why, "%s may sleep: not in context %s", a->name,
			    call->context);
	else if (call->atomic && !(a->traits & ALLOC_NO_FLAGS) &&
		 (call->gfp & GFP_SLEEPS))
		text_printf(why, "flags with __GFP_DIRECT_RECLAIM may sleep: in context %s take GFP_ATOMIC or GFP_NOWAIT",
			    call->context);
	else if (call->irqs_off && (a->traits & ALLOC_NO_IRQ))
		text_printf(why, "%s must not be called with interrupts off on this kernel",
			    a->name);
	else if (COMPAT_RT && call->atomic && !call->locks &&
		 !(a->traits & ALLOC_NO_LOCK))
		text_printf(why, "on PREEMPT_RT %s takes locks that sleep: not in context %s",
			    a->name, call->context);
	return why->len;
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
