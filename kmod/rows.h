/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_ROWS_H
#define KALLOCBENCH_ROWS_H

/*
 * rows - what an allocator, a pattern and a context are. Their tables are in
 * allocs.c (allocs.def), patterns.c and contexts.c.
 */

#include <linux/bitops.h>
#include <linux/types.h>

#include "vocab.h"

struct allocator;
struct burst;
struct device;
struct dma_pool;
struct gen_pool;
struct kmem_cache;
struct page;
struct page_frag_cache;
struct worker;

/* Objects in one call of the bulk interfaces, and the most they take here. */
#define ALLOC_BULK	16

/* Traits of an allocator. */
#define ALLOC_SLEEPS	BIT(0)	/* may sleep whatever the flags say */
#define ALLOC_NO_FLAGS	BIT(1)	/* its call takes no gfp_t */
#define ALLOC_REFERENCE	BIT(2)	/* allocates nothing */
#define ALLOC_DOUBLES	BIT(3)	/* sizes are rounded up to a power of two */
#define ALLOC_NO_IRQ	BIT(4)	/* not with interrupts off */
#define ALLOC_NODE	BIT(5)	/* its call takes a node */
#define ALLOC_DEFERS	BIT(6)	/* memory comes back some time after the free */
#define ALLOC_PER_CPU	BIT(7)	/* takes its size on every possible CPU */
#define ALLOC_NO_LOCK	BIT(8)	/* takes no lock that sleeps on PREEMPT_RT */
#define ALLOC_BULKS	BIT(9)	/* a call is for ALLOC_BULK objects */
#define ALLOC_SCATTERS	BIT(10)	/* what a call returns is not one memory */
#define ALLOC_SLAB	BIT(11)	/* ksize() knows its objects */
#define ALLOC_GUARDED	BIT(12)	/* its mappings end with a guard page */
#define ALLOC_WAITS	BIT(13)	/* waits for a free rather than fail, if it may sleep */
#define ALLOC_FALLS	BIT(14)	/* falls back to vmalloc whatever the flags */
#define ALLOC_PAGED	BIT(15)	/* takes a page at least */
#define ALLOC_CTOR	BIT(16)	/* its slabs keep a pointer after each object */
#define ALLOC_HUGE	BIT(17)	/* takes huge pages where they fit */
#define ALLOC_AFTER	BIT(18)	/* its call needs another before it, not timed */
#define ALLOC_SHARES	BIT(19)	/* a block stays until the last of its objects is freed */
#define ALLOC_SETTLES	BIT(20)	/* each batch waits until what it freed is back */
#define ALLOC_ALIGNED	BIT(21)	/* its cache is SLAB_HWCACHE_ALIGN */

/**
 * struct alloc_loops - the timed loops of an allocator, see loops.h
 * @pair: allocates and frees
 * @fill: fills slots
 * @empty: empties slots
 * @pair_stretch: stretches of pairs
 * @fill_stretch: fills slots as one sample
 * @empty_stretch: empties slots as one sample
 */
struct alloc_loops {
	void (*pair)(struct burst *b);
	void (*fill)(struct burst *b);
	void (*empty)(struct burst *b);
	void (*pair_stretch)(struct burst *b);
	void (*fill_stretch)(struct burst *b);
	void (*empty_stretch)(struct burst *b);
};

/**
 * struct alloc_state - what an allocator needs besides the arguments of a call
 * @order: page order that holds the size
 * @n_pages: number of pages that hold the size
 * @pages: @n_pages pages
 * @cache: cache of its own
 * @buckets: kmalloc caches of its own
 * @pool: mempool
 * @gen: pool of pieces of @area
 * @area: memory set aside
 * @dev: a device of the module's own
 * @dma: pool of the device
 * @frag: the worker's page fragments
 *
 * Prepared by kab_allocs_open(), the same for all workers but for @frag. The timed
 * loops only read it.
 */
struct alloc_state {
	unsigned int order;
	unsigned int n_pages;
	struct page **pages;
	struct kmem_cache *cache;
	void *buckets;
	void *pool;
	struct gen_pool *gen;
	void *area;
	struct device *dev;
	struct dma_pool *dma;
	struct page_frag_cache *frag;
};

/**
 * struct allocator - a row of allocs.def
 * @word: its name, and why this kernel does not have it
 * @min: smallest size in bytes
 * @max: largest size in bytes
 * @takes: flags that mean something to it and are legal
 * @needs: flags it cannot do without
 * @adds: flags it adds by itself that choose a zone
 * @traits: ALLOC_ bits
 * @cookies: words of u64 that it keeps for each object
 * @loops: the timed loops; all NULL where they depend on the size
 * @open: makes a cell's state ready for the one size of its objects, whose @order
 *	and @n_pages are there, or NULL; called from process context, may sleep
 * @reserve: objects that @open takes by itself
 * @address: where the memory of an object is, NULL when the object tells
 * @promise: alignment that is promised for a size, in bytes; NULL where
 * @promised: is that of every size
 */
struct allocator {
	struct vocab_word word;
	u64 min;
	u64 max;
	gfp_t takes;
	gfp_t needs;
	gfp_t adds;
	unsigned int traits;
	unsigned int cookies;
	struct alloc_loops loops;
	int (*open)(const struct allocator *a, struct alloc_state *s,
		    size_t size, u64 objects);
	unsigned int reserve;
	void *(*address)(void *object);
	size_t (*promise)(size_t size);
	size_t promised;
};

extern const struct allocator kab_allocs[];
extern const struct vocab_list kab_allocs_list;
/* Does nothing: what a loop costs. */
extern const struct allocator *const kab_allocs_null;

const struct alloc_loops *kab_allocs_loops(const struct allocator *a, u64 size);
int kab_allocs_open(const struct allocator *a, struct alloc_state *s, size_t size,
		    u64 objects);
void kab_allocs_close(struct alloc_state *s);

/* Traits of a pattern. */
#define PATTERN_TOUCH	BIT(0)	/* can write to what it allocates */
#define PATTERN_STRETCH	BIT(1)	/* can be timed in stretches */
#define PATTERN_ONCE	BIT(2)	/* has no warm-up, and ends by itself */
#define PATTERN_REMOTE	BIT(3)	/* frees what another worker allocated */
#define PATTERN_COLD	BIT(4)	/* caches are evicted before each chunk */
#define PATTERN_FRAGS	BIT(5)	/* memory is fragmented before the cell */
#define PATTERN_FILLS	BIT(6)	/* holds up to bytes= of memory */
#define PATTERN_TURNS	BIT(7)	/* fills slots and empties them in turns */
#define PATTERN_SAME	BIT(8)	/* gets the same object again and again */

/**
 * struct pattern - an order of calls
 * @word: its name, and the keys that it uses
 * @traits: PATTERN_ bits
 * @chunk: allocations between two looks at the outside at most, 0 for the
 *	usual number
 * @slots: slots that a worker needs, 0 for as many as live objects
 * @spare: slots more than that
 * @open: fills what is there before the first call of a cell, or NULL
 * @between: what is done before each chunk, outside the cell's context, or NULL
 * @burst: makes calls; runs in the cell's context and must be short
 */
struct pattern {
	struct vocab_word word;
	unsigned int traits;
	unsigned int chunk;
	unsigned int slots;
	unsigned int spare;
	void (*open)(struct worker *w);
	void (*between)(struct worker *w);
	void (*burst)(struct worker *w);
};

extern const struct pattern kab_patterns[];
extern const struct vocab_list kab_patterns_list;
extern const struct pattern *const kab_patterns_pair;

/* Traits of a context. */
#define CONTEXT_ATOMIC	BIT(0)	/* must not sleep */
#define CONTEXT_IRQ	BIT(1)	/* interrupts are off */
#define CONTEXT_LOCKS	BIT(2)	/* locks that sleep on PREEMPT_RT are legal */

/**
 * struct context - where calls are made
 * @word: its name
 * @traits: CONTEXT_ bits
 * @call: calls kab_calls_burst() there
 * @holds: whether the caller is in that context
 */
struct context {
	struct vocab_word word;
	unsigned int traits;
	void (*call)(struct worker *w);
	bool (*holds)(void);
};

extern const struct context kab_contexts[];
extern const struct vocab_list kab_contexts_list;
extern const struct context *const kab_contexts_process;

#endif
