/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_ALLOC_STATE_H
#define KALLOCBENCH_ALLOC_STATE_H

#include <linux/types.h>

/* Objects in one call of the bulk interfaces, and the most they take here. */
#define ALLOC_BULK	16

struct device;
struct dma_pool;
struct gen_pool;
struct kmem_cache;
struct page;
struct page_frag_cache;
struct platform_device;

/**
 * struct alloc_need - what an allocator has to be prepared for
 * @size: bytes of an object
 * @gfp: flags
 * @objects: live objects of all workers together
 */
struct alloc_need {
	size_t size;
	gfp_t gfp;
	u64 objects;
};

/**
 * struct alloc_state - what an allocator needs beside the arguments of a call
 * @order: page order that holds the size
 * @n_pages: pages that hold the size
 * @pages: so many pages
 * @cache: cache of its own
 * @buckets: kmalloc caches of its own
 * @pool: mempool
 * @gen: pool of pieces of @area
 * @area: memory set aside
 * @device: a device of the module's own
 * @dev: the same
 * @dma: pool of the device
 * @frag: the worker's page fragments
 *
 * Prepared by a row's open, the same for all workers but for @frag. The timed
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
	struct platform_device *device;
	struct device *dev;
	struct dma_pool *dma;
	struct page_frag_cache *frag;
};

/**
 * struct alloc_setup - how a struct alloc_state is prepared for a cell
 * @open: makes it ready; on failure nothing is left behind
 * @close: undoes @open, or NULL when there is nothing to undo
 * @reserve: objects that @open takes by itself
 *
 * Both are called from process context and may sleep.
 */
struct alloc_setup {
	int (*open)(struct alloc_state *s, const struct alloc_need *need);
	void (*close)(struct alloc_state *s);
	unsigned int reserve;
};

extern const struct alloc_setup setup_order;
extern const struct alloc_setup setup_n_pages;
extern const struct alloc_setup setup_pages;
extern const struct alloc_setup setup_cache;
extern const struct alloc_setup setup_cache_ctor;
extern const struct alloc_setup setup_cache_align;
extern const struct alloc_setup setup_cache_ctor_align;
extern const struct alloc_setup setup_buckets;
extern const struct alloc_setup setup_mempool;
extern const struct alloc_setup setup_gen_pool;
extern const struct alloc_setup setup_device;
extern const struct alloc_setup setup_dma_pool;

/**
 * alloc_state_open() - prepare an allocator
 * @s: zeroed; filled
 * @setup: how, NULL when it needs nothing
 * @need: for what
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno.
 */
static inline int alloc_state_open(struct alloc_state *s,
				   const struct alloc_setup *setup,
				   const struct alloc_need *need)
{
	return setup ? setup->open(s, need) : 0;
}

/**
 * alloc_state_close() - undo alloc_state_open()
 * @s: state
 * @setup: how it was prepared
 *
 * Context: process, may sleep.
 */
static inline void alloc_state_close(struct alloc_state *s,
				     const struct alloc_setup *setup)
{
	if (setup && setup->close)
		setup->close(s);
}

#endif
