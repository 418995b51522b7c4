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

int open_order(struct alloc_state *s, const struct alloc_need *need);
int open_n_pages(struct alloc_state *s, const struct alloc_need *need);
int open_pages(struct alloc_state *s, const struct alloc_need *need);
void close_pages(struct alloc_state *s);
int open_cache(struct alloc_state *s, const struct alloc_need *need);
int open_cache_ctor(struct alloc_state *s, const struct alloc_need *need);
int open_cache_align(struct alloc_state *s, const struct alloc_need *need);
int open_cache_ctor_align(struct alloc_state *s, const struct alloc_need *need);
void close_cache(struct alloc_state *s);
int open_buckets(struct alloc_state *s, const struct alloc_need *need);
void close_buckets(struct alloc_state *s);
int open_mempool(struct alloc_state *s, const struct alloc_need *need);
void close_mempool(struct alloc_state *s);
int open_gen_pool(struct alloc_state *s, const struct alloc_need *need);
void close_gen_pool(struct alloc_state *s);
int open_device(struct alloc_state *s, const struct alloc_need *need);
void close_device(struct alloc_state *s);
int open_dma_pool(struct alloc_state *s, const struct alloc_need *need);
void close_dma_pool(struct alloc_state *s);

#endif
