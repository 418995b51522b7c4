// SPDX-License-Identifier: GPL-2.0
/*
 * alloc_state - what has to be there before an allocator can be called.
 *
 * Every open either succeeds or leaves nothing behind; a close undoes it. Both
 * run once per cell, far from any timed region.
 */
#include <linux/atomic.h>
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
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "alloc_state.h"
#include "compat.h"
#include "room.h"

static int open_order(struct alloc_state *s, const struct alloc_need *need)
{
	s->order = get_order(need->size);
	return 0;
}

static int open_n_pages(struct alloc_state *s, const struct alloc_need *need)
{
	s->n_pages = DIV_ROUND_UP(need->size, PAGE_SIZE);
	return 0;
}

static void close_pages(struct alloc_state *s)
{
	unsigned int i;

	for (i = 0; i < s->n_pages && s->pages[i]; i++)
		__free_page(s->pages[i]);
	kvfree(s->pages);
}

static int open_pages(struct alloc_state *s, const struct alloc_need *need)
{
	unsigned int i;

	open_n_pages(s, need);
	s->pages = kvcalloc(s->n_pages, sizeof(*s->pages), ROOM_OWN);
	if (!s->pages)
		return -ENOMEM;
	for (i = 0; i < s->n_pages; i++) {
		s->pages[i] = alloc_page(ROOM_OWN);
		if (!s->pages[i]) {
			close_pages(s);
			return -ENOMEM;
		}
	}
	return 0;
}

static void construct(void *object)
{
	*(u64 *)object = 0;
}

static int create_cache(struct alloc_state *s, const struct alloc_need *need,
			slab_flags_t flags, void (*ctor)(void *))
{
	static atomic_t serial;
	char name[32];

	/* A name of its own: the last one may still be on its way out. */
	snprintf(name, sizeof(name), "kallocbench-%u",
		 (unsigned int)atomic_inc_return(&serial));
	s->cache = compat_cache_create(name, max_t(size_t, need->size, 8),
				       flags, ctor);
	return s->cache ? 0 : -ENOMEM;
}

static int open_cache(struct alloc_state *s, const struct alloc_need *need)
{
	return create_cache(s, need, 0, NULL);
}

static int open_cache_ctor(struct alloc_state *s, const struct alloc_need *need)
{
	return create_cache(s, need, 0, construct);
}

static int open_cache_align(struct alloc_state *s,
			    const struct alloc_need *need)
{
	return create_cache(s, need, SLAB_HWCACHE_ALIGN, NULL);
}

static int open_cache_ctor_align(struct alloc_state *s,
				 const struct alloc_need *need)
{
	return create_cache(s, need, SLAB_HWCACHE_ALIGN, construct);
}

static void close_cache(struct alloc_state *s)
{
	kmem_cache_destroy(s->cache);
}

static int open_buckets(struct alloc_state *s, const struct alloc_need *need)
{
	s->buckets = compat_buckets_create();
	return s->buckets ? 0 : -ENOMEM;
}

static void close_buckets(struct alloc_state *s)
{
	compat_buckets_destroy(s->buckets);
}

static int open_mempool(struct alloc_state *s, const struct alloc_need *need)
{
	/* As mempool_create_kmalloc_pool(), which complains when it fails. */
	s->pool = mempool_create_node(ALLOC_BULK, mempool_kmalloc,
				      mempool_kfree, (void *)need->size,
				      ROOM_OWN, NUMA_NO_NODE);
	return s->pool ? 0 : -ENOMEM;
}

static void close_mempool(struct alloc_state *s)
{
	mempool_destroy(s->pool);
}

static void close_gen_pool(struct alloc_state *s)
{
	if (COMPAT_HAS_GEN_POOL)
		gen_pool_destroy(s->gen);
	kvfree(s->area);
}

static int open_gen_pool(struct alloc_state *s, const struct alloc_need *need)
{
	const size_t room = (need->objects + 1) * ALIGN(need->size, 8);

	/* Its row says so; without this the module would not link. */
	if (!COMPAT_HAS_GEN_POOL)
		return -EOPNOTSUPP;

	s->gen = gen_pool_create(ilog2(8), NUMA_NO_NODE);
	if (!s->gen)
		return -ENOMEM;
	/* kvmalloc() takes INT_MAX bytes at most. */
	s->area = room > INT_MAX ?
		  __vmalloc(room, GFP_KERNEL | __GFP_NOWARN) :
		  kvmalloc(room, ROOM_OWN);
	if (!s->area ||
	    gen_pool_add(s->gen, (unsigned long)s->area, room, NUMA_NO_NODE)) {
		close_gen_pool(s);
		return -ENOMEM;
	}
	return 0;
}

static void close_device(struct alloc_state *s)
{
	platform_device_unregister(s->device);
}

static int open_device(struct alloc_state *s, const struct alloc_need *need)
{
	int err;

	s->device = platform_device_register_simple("kallocbench",
						    PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(s->device))
		return PTR_ERR(s->device);
	s->dev = &s->device->dev;
	err = dma_coerce_mask_and_coherent(s->dev, DMA_BIT_MASK(64));
	if (err)
		close_device(s);
	return err;
}

static void close_dma_pool(struct alloc_state *s)
{
	dma_pool_destroy(s->dma);
	close_device(s);
}

static int open_dma_pool(struct alloc_state *s, const struct alloc_need *need)
{
	int err = open_device(s, need);

	if (err)
		return err;
	s->dma = dma_pool_create("kallocbench", s->dev,
				 max_t(size_t, need->size, 8), 8, 0);
	if (s->dma)
		return 0;
	close_device(s);
	return -ENOMEM;
}

const struct alloc_setup setup_order = { open_order };
const struct alloc_setup setup_n_pages = { open_n_pages };
const struct alloc_setup setup_pages = { open_pages, close_pages, 1 };
const struct alloc_setup setup_cache = { open_cache, close_cache };
const struct alloc_setup setup_cache_ctor = { open_cache_ctor, close_cache };
const struct alloc_setup setup_cache_align = { open_cache_align, close_cache };
const struct alloc_setup setup_cache_ctor_align = {
	open_cache_ctor_align, close_cache
};

const struct alloc_setup setup_buckets = { open_buckets, close_buckets };
const struct alloc_setup setup_mempool = {
	open_mempool, close_mempool, ALLOC_BULK
};

const struct alloc_setup setup_gen_pool = { open_gen_pool, close_gen_pool };
const struct alloc_setup setup_device = { open_device, close_device };
const struct alloc_setup setup_dma_pool = { open_dma_pool, close_dma_pool };
