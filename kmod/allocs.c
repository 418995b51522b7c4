// SPDX-License-Identifier: GPL-2.0
/*
 * allocs - the allocators: their loops, what has to be there before they can be
 * called, and their table.
 */
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/cache.h>
#include <linux/cpumask.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/dmapool.h>
#include <linux/err.h>
#include <linux/genalloc.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/mempool.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/platform_device.h>
#include <linux/rcupdate.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "compat.h"
#include "loops.h"
#include "rows.h"
#include "words.h"

#define CONTROL_STEPS	8

/*
 * The work of row control: each step needs the one before, and the compiler
 * knows no value. What two compilers make of it shows what they may make of the
 * inline functions of the kernel's headers, which the timed regions hold.
 */
static __always_inline void *control_work(unsigned long x)
{
	unsigned int i;

	for (i = 0; i < CONTROL_STEPS; i++) {
		asm volatile("" : "+r" (x));
		x = x & 1 ? x / 2 + CONTROL_STEPS : x * 3 + i;
		asm volatile("" : "+r" (x));
	}
	return (void *)(x | 1);
}

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

/* What the bulk interface returned, one of which stands for all. */
static void *address_of_first(void *object)
{
	return *(void **)object;
}

static void *address_on_cpu(void *object)
{
	return per_cpu_ptr(compat_to_percpu(object), raw_smp_processor_id());
}

/*
 * The alignment that an allocator's documentation promises. What is seen is often
 * more, and may be gone in the next version, or with slub_debug=.
 */

/* kmalloc()'s documentation: powers of two; from 6.12 on what divides the size. */
static size_t promise_kmalloc(size_t size)
{
	if (COMPAT_KMALLOC_DIVISOR || is_power_of_2(size))
		return max_t(size_t, size & -size, ARCH_KMALLOC_MINALIGN);
	return ARCH_KMALLOC_MINALIGN;
}

/* kmalloc()'s, or a page where it becomes vmalloc(), which it may above one. */
static size_t promise_kvmalloc(size_t size)
{
	return size > PAGE_SIZE ? min_t(size_t, promise_kmalloc(size), PAGE_SIZE) :
				  promise_kmalloc(size);
}

/* SLAB_HWCACHE_ALIGN's: a cache line, or its half, its quarter for small ones. */
static size_t promise_line(size_t size)
{
	size_t line = cache_line_size();

	while (size <= line / 2)
		line /= 2;
	return max_t(size_t, line, ARCH_SLAB_MINALIGN);
}

/* A block of the page allocator lies on a multiple of itself, coherent memory too. */
static size_t promise_order(size_t size)
{
	return PAGE_SIZE << get_order(size);
}

/*
 * What a row says, as functions that a loop takes as arguments. Inlining decides
 * what the timed region holds, so it is not left to a guess.
 */
#define CALL(name, statements)						\
static __always_inline void *name(const struct ask ask, u64 *cookie, void *p) \
{									\
	const struct alloc_state *const s __maybe_unused = ask.state;	\
	const size_t size __maybe_unused = ask.size;			\
	const gfp_t gfp __maybe_unused = ask.gfp;			\
	const int node __maybe_unused = ask.node;			\
									\
	statements;							\
}

#define LOOP(row, name, ...)						\
static noinline void row##_##name(struct burst *b)			\
{									\
	loop_##name(b, __VA_ARGS__);					\
}

#define ROW_LOOPS(row, before, undo, alloc_call, free_call)		\
CALL(row##_do_alloc, return alloc_call)					\
CALL(row##_do_free, free_call; return NULL)				\
LOOP(row, pair, before, row##_do_alloc, undo, row##_do_free)		\
LOOP(row, fill, before, row##_do_alloc, undo)				\
LOOP(row, empty, row##_do_free)						\
LOOP(row, pair_stretch, before, row##_do_alloc, undo, row##_do_free)	\
LOOP(row, fill_stretch, before, row##_do_alloc, undo)			\
LOOP(row, empty_stretch, row##_do_free)

#define ROW(row, alloc_call, free_call, ...)				\
	ROW_LOOPS(row, NULL, NULL, alloc_call, free_call)
#define ROW_UNDO(row, undo_call, alloc_call, free_call, ...)		\
	CALL(row##_undo, undo_call; return NULL)			\
	ROW_LOOPS(row, NULL, row##_undo, alloc_call, free_call)
#define ROW_AFTER(row, before_call, undo_call, alloc_call, free_call, ...) \
	CALL(row##_before, return before_call)				\
	CALL(row##_undo, undo_call; return NULL)			\
	ROW_LOOPS(row, row##_before, row##_undo, alloc_call, free_call)
#define ROW_CONST(row, bytes, ...)	ROW(row##_##bytes, __VA_ARGS__)
#include "allocs.def"

/**
 * kab_allocs_close() - undo kab_allocs_open()
 * @s: state
 *
 * Context: process, may sleep.
 */
void kab_allocs_close(struct alloc_state *s)
{
	unsigned int i;

	might_sleep();
	for (i = 0; s->pages && i < s->n_pages && s->pages[i]; i++)
		__free_page(s->pages[i]);
	kvfree(s->pages);
	kmem_cache_destroy(s->cache);
	if (s->buckets)
		compat_buckets_destroy(s->buckets);
	mempool_destroy(s->pool);
	if (COMPAT_HAS_GEN_POOL && s->gen)
		gen_pool_destroy(s->gen);
	kvfree(s->area);
	dma_pool_destroy(s->dma);
	if (s->dev)
		platform_device_unregister(to_platform_device(s->dev));
	*s = (struct alloc_state){ .frag = s->frag };
}

/*
 * What opens a row: once per cell, far from any timed region. A failure may leave
 * something, which kab_allocs_open() closes.
 */

/* The order and the number of pages are all it needs. */
static int open_size(const struct allocator *a, struct alloc_state *s,
		     size_t size, u64 objects)
{
	return 0;
}

static int open_pages(const struct allocator *a, struct alloc_state *s,
		      size_t size, u64 objects)
{
	unsigned int i;

	s->pages = kvcalloc(s->n_pages, sizeof(*s->pages), OWN_GFP);
	for (i = 0; s->pages && i < s->n_pages; i++) {
		s->pages[i] = alloc_page(OWN_GFP);
		if (!s->pages[i])
			return -ENOMEM;
	}
	return s->pages ? 0 : -ENOMEM;
}

static void construct(void *object)
{
	*(u64 *)object = 0;
}

static int open_cache(const struct allocator *a, struct alloc_state *s,
		      size_t size, u64 objects)
{
	static atomic_t serial;
	char name[32];

	/* A name of its own: the last one may still be on its way out. */
	snprintf(name, sizeof(name), "kallocbench-%u",
		 (unsigned int)atomic_inc_return(&serial));
	s->cache = compat_cache_create(name, max_t(size_t, size, 8),
				       a->traits & ALLOC_ALIGNED ?
				       SLAB_HWCACHE_ALIGN : 0,
				       a->traits & ALLOC_CTOR ?
				       construct : NULL);
	return s->cache ? 0 : -ENOMEM;
}

/* Unused where a row is not there. */
static int __maybe_unused open_buckets(const struct allocator *a,
				       struct alloc_state *s,
				       size_t size, u64 objects)
{
	s->buckets = compat_buckets_create();
	return s->buckets ? 0 : -ENOMEM;
}

static int open_mempool(const struct allocator *a, struct alloc_state *s,
			size_t size, u64 objects)
{
	/* As mempool_create_kmalloc_pool(), which complains when it fails. */
	s->pool = mempool_create_node(a->reserve, mempool_kmalloc,
				      mempool_kfree, (void *)size, OWN_GFP,
				      NUMA_NO_NODE);
	return s->pool ? 0 : -ENOMEM;
}

/* Unused where the kernel has no row for it. */
static int __maybe_unused open_gen_pool(const struct allocator *a,
					struct alloc_state *s, size_t size,
					u64 objects)
{
	const size_t room = (objects + 1) * ALIGN(size, 8);

	/* Its row says so; without this the module would not link. */
	if (!COMPAT_HAS_GEN_POOL)
		return -EOPNOTSUPP;

	/* kvmalloc() takes INT_MAX bytes at most. */
	s->area = room > INT_MAX ?
		  __vmalloc(room, GFP_KERNEL | __GFP_NOWARN) :
		  kvmalloc(room, OWN_GFP);
	s->gen = s->area ? gen_pool_create(ilog2(8), NUMA_NO_NODE) : NULL;
	return s->gen ? gen_pool_add(s->gen, (unsigned long)s->area, room,
				     NUMA_NO_NODE) : -ENOMEM;
}

static int open_device(const struct allocator *a, struct alloc_state *s,
		       size_t size, u64 objects)
{
	struct platform_device *device;

	device = platform_device_register_simple("kallocbench",
						 PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(device))
		return PTR_ERR(device);
	s->dev = &device->dev;
	return dma_coerce_mask_and_coherent(s->dev, DMA_BIT_MASK(64));
}

static int open_dma_pool(const struct allocator *a, struct alloc_state *s,
			 size_t size, u64 objects)
{
	int err = open_device(a, s, size, objects);

	if (err)
		return err;
	s->dma = dma_pool_create("kallocbench", s->dev,
				 max_t(size_t, size, 8), 8, 0);
	return s->dma ? 0 : -ENOMEM;
}

/**
 * kab_allocs_open() - prepare an allocator for a cell
 * @a: allocator
 * @s: zeroed but for its frag; filled
 * @size: bytes of an object
 * @objects: live objects of all workers together
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno, with nothing left.
 */
int kab_allocs_open(const struct allocator *a, struct alloc_state *s, size_t size,
		    u64 objects)
{
	int err;

	might_sleep();
	s->order = get_order(size);
	s->n_pages = DIV_ROUND_UP(size, PAGE_SIZE);
	err = a->open ? a->open(a, s, size, objects) : 0;
	if (err)
		kab_allocs_close(s);
	return err;
}

/* What GFP_KERNEL, GFP_NOFS, GFP_NOIO, GFP_NOWAIT and GFP_ATOMIC are made of. */
#define GFP_BASE	(GFP_KERNEL | GFP_ATOMIC | GFP_NOWAIT | \
			 __GFP_ZERO | __GFP_NOWARN | __GFP_ACCOUNT)
#define GFP_EFFORT	(__GFP_NORETRY | __GFP_RETRY_MAYFAIL | \
			 __GFP_NOMEMALLOC | __GFP_HIGH)

/*
 * What the rows of one kind have in common. They differ in some traits, and in
 * the alignment that is promised: .promised, or .promise where the size decides.
 */
#define REFERENCE							\
	.max = SIZE_MAX, .takes = ~(gfp_t)0,				\
	.traits = ALLOC_REFERENCE | ALLOC_NO_LOCK
/* GFP_SLAB_BUG_MASK: __GFP_DMA32 and __GFP_HIGHMEM print a splat. */
#define SLAB_UP_TO(most, bits, aligned)					\
	.max = most, aligned,						\
	.traits = ALLOC_DOUBLES | ALLOC_SLAB | (bits),			\
	.takes = GFP_BASE | GFP_EFFORT | __GFP_DMA | __GFP_RECLAIMABLE
#define SLAB(bits)							\
	SLAB_UP_TO(KMALLOC_MAX_SIZE, bits, .promise = promise_kmalloc)
/* krealloc() promises nothing: what lies there may have been asked for smaller. */
#define KREALLOC							\
	SLAB_UP_TO(KMALLOC_MAX_SIZE, ALLOC_AFTER,			\
		   .promised = ARCH_KMALLOC_MINALIGN)
/* What waits for a grace period adds up: small objects only. */
#define SLAB_RCU(bits)							\
	.min = sizeof(struct alloc_rcu),				\
	.max = PAGE_SIZE, .promise = promise_kmalloc,			\
	.traits = ALLOC_DOUBLES | ALLOC_DEFERS | ALLOC_SLAB | (bits),	\
	.takes = GFP_BASE | GFP_EFFORT
/* kvmalloc's documentation; above INT_MAX it warns. */
#define KVMALLOC							\
	.max = INT_MAX, .promise = promise_kvmalloc,			\
	.traits = ALLOC_DOUBLES | ALLOC_SLAB | ALLOC_GUARDED |		\
		  COMPAT_KVMALLOC_TRAITS,				\
	.takes = GFP_BASE | __GFP_HIGH | __GFP_RETRY_MAYFAIL
/* vmalloc's documentation: no zone modifiers, of the reclaim modifiers none. */
#define VMALLOC(bits)							\
	.max = SIZE_MAX, .promised = PAGE_SIZE,				\
	.takes = GFP_BASE | __GFP_HIGH, .needs = COMPAT_VMALLOC_NEEDS,	\
	.traits = ALLOC_SLEEPS | ALLOC_GUARDED | (bits)
#define VMALLOC_PLAIN(bits)						\
	.max = SIZE_MAX, .promised = PAGE_SIZE,				\
	.traits = ALLOC_SLEEPS | ALLOC_NO_FLAGS | ALLOC_GUARDED | (bits)
#define MAPPING								\
	.max = SZ_64M, .traits = ALLOC_SLEEPS | ALLOC_NO_FLAGS,		\
	.open = open_pages, .reserve = 1, .promised = PAGE_SIZE
/* Zone and mobility are the cache's, not the call's. */
#define CACHE_UP_TO(most, bits, aligned)				\
	.min = 8, .max = most, aligned,				\
	.open = open_cache,						\
	.traits = ALLOC_DOUBLES | ALLOC_SLAB | (bits),			\
	.takes = (GFP_BASE | GFP_EFFORT) & ~__GFP_ZERO
#define CACHE(bits)							\
	CACHE_UP_TO(SZ_1M, bits, .promised = ARCH_SLAB_MINALIGN)
#define CACHE_ALIGNED(bits)						\
	CACHE_UP_TO(SZ_1M, ALLOC_ALIGNED | (bits), .promise = promise_line)
#define CACHE_BULK							\
	CACHE_UP_TO(SZ_256K, ALLOC_BULKS | ALLOC_SCATTERS |		\
		    COMPAT_BULK_TRAITS, .promised = ARCH_SLAB_MINALIGN)
/* mempool_alloc() adds to the effort flags by itself, and refuses zeroing. */
#define MEMPOOL								\
	.max = KMALLOC_MAX_SIZE / 4, .promise = promise_kmalloc,	\
	.traits = ALLOC_DOUBLES | ALLOC_SLAB | ALLOC_WAITS,		\
	.takes = (GFP_BASE | __GFP_HIGH) & ~__GFP_ZERO
#define PAGES(aligned)							\
	.max = KMALLOC_MAX_SIZE, aligned,				\
	.traits = ALLOC_DOUBLES | ALLOC_PAGED,				\
	.takes = GFP_BASE | GFP_EFFORT | __GFP_DMA | __GFP_DMA32 |	\
		 __GFP_RECLAIMABLE
#define PAGES_BULK							\
	.max = ALLOC_BULK * PAGE_SIZE, .traits = ALLOC_SCATTERS,	\
	.promised = PAGE_SIZE,						\
	.takes = GFP_BASE | GFP_EFFORT | __GFP_DMA32
#define FRAGMENT							\
	.max = PAGE_SIZE, .traits = ALLOC_SHARES, .promised = 1,	\
	.takes = GFP_BASE & ~(__GFP_ZERO | __GFP_ACCOUNT)
/* pcpu_alloc() passes these on and drops all others. */
#define PERCPU								\
	.max = SZ_32K, .traits = ALLOC_PER_CPU, .promised = 8,		\
	.takes = GFP_KERNEL | GFP_NOWAIT | __GFP_NORETRY |		\
		 __GFP_NOWARN | __GFP_ACCOUNT
#define GEN_POOL							\
	.max = SZ_4M, .traits = ALLOC_NO_FLAGS | ALLOC_NO_LOCK,	\
	.promised = 8
/*
 * dma_alloc_coherent() strips the zone and zeroes by itself; dma_free_coherent()
 * warns with interrupts off, from 6.1 to 7.3.
 */
#define DMA								\
	.max = KMALLOC_MAX_SIZE, .takes = GFP_KERNEL | GFP_ATOMIC | __GFP_NOWARN, \
	.promise = promise_order,					\
	.traits = ALLOC_DOUBLES | ALLOC_PAGED | ALLOC_NO_IRQ
#define DMA_POOL							\
	.max = SZ_64K, .takes = GFP_KERNEL | GFP_ATOMIC | __GFP_NOWARN,	\
	.promised = 8, .traits = ALLOC_DOUBLES

#define LOOPS(row)							\
	{								\
		row##_pair, row##_fill, row##_empty,			\
		row##_pair_stretch, row##_fill_stretch, row##_empty_stretch \
	}

/* Loops for a size that the compiler knows. */
struct alloc_const {
	const char *name;
	size_t size;
	struct alloc_loops loops;
};

#define ROW(...)
#define ROW_CONST(row, bytes, ...)	{ #row, bytes, LOOPS(row##_##bytes) },
static const struct alloc_const consts[] = {
#include "allocs.def"
};

#define ROW(row, alloc_call, free_call, about, ...)			\
	{ .word = { #row, about }, .loops = LOOPS(row), __VA_ARGS__ },
#define ROW_IF_0(row, why, ...)	{ .word = { #row, .absent = why } },
#define ROW_CONSTS(row, about, ...)	{ .word = { #row, about }, __VA_ARGS__ },
const struct allocator kab_allocs[] = {
#include "allocs.def"
};

static_assert(ARRAY_SIZE(kab_allocs) <= WORD_NAMES_MAX);

const struct vocab_list kab_allocs_list =
	VOCAB_LIST("allocator", kab_allocs, kab_allocs[0].word);

/* Places of the rows. */
#define ROW(row, ...)		INDEX_##row,
#define ROW_IF_0(row, ...)	INDEX_##row,
#define ROW_CONSTS(row, ...)	INDEX_##row,
enum {
#include "allocs.def"
};

/* The clock is calibrated with the loop of the allocator that does nothing. */
const struct allocator *const kab_allocs_null = &kab_allocs[INDEX_null];

/**
 * kab_allocs_loops() - the loops that call an allocator for a size
 * @a: allocator
 * @size: bytes
 *
 * Context: any.
 * Return: loops, or NULL when there are none for this size.
 */
const struct alloc_loops *kab_allocs_loops(const struct allocator *a, u64 size)
{
	unsigned int i;

	if (a->loops.pair)
		return &a->loops;
	for (i = 0; i < ARRAY_SIZE(consts); i++) {
		if (consts[i].size == size && !strcmp(consts[i].name, a->word.name))
			return &consts[i].loops;
	}
	return NULL;
}
