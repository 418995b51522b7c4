// SPDX-License-Identifier: GPL-2.0
/*
 * slot - what an object of the slab allocator takes of its slab.
 *
 * ksize() says what may be used. Red zones, the owner's stack and what else
 * slub_debug= puts beside an object are told by nothing that is exported, not
 * even that there is any: looked at is how far apart real objects lie.
 */
#include <linux/gcd.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#include "compat.h"
#include "slot.h"

#define PROBE		"kallocbench-slot"

/* No multiple of a word: what follows has room without any debugging. */
#define PROBE_SIZE	100
#define PROBE_SLOT	ALIGN(PROBE_SIZE, sizeof(void *))

/* The caches of kmalloc(). A size without one is served by the next. */
static const unsigned int slot_sizes[] = {
	8, 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, 8192,
};

/* Written by kab_slot_learn(); bits are indices of slot_sizes. */
static bool slots_padded;
static unsigned long slots_padded_sizes;

static unsigned long slot_distance(const void *a, const void *b)
{
	return a < b ? b - a : a - b;
}

/**
 * kab_slot_bytes() - how many bytes of a slab each object takes
 * @objects: objects of one cache, none NULL
 * @n: at least 1; SLOT_OBJECTS to be sure
 *
 * Context: any.
 * Return: bytes; those of the slab where each object has one of its own; 0 for
 * what lies in no slab.
 */
size_t kab_slot_bytes(void *const *objects, unsigned int n)
{
	unsigned long slot = 0;
	size_t slab = 0;
	unsigned int i, k;

	for (i = 0; i < n; i++) {
		if (is_kfence_address(objects[i]))
			continue;
		if (!compat_in_slab(objects[i]))
			return 0;
		slab = folio_size(virt_to_folio(objects[i]));
		for (k = 0; k < i; k++) {
			if (virt_to_folio(objects[k]) == virt_to_folio(objects[i]))
				slot = gcd(slot, slot_distance(objects[i], objects[k]));
		}
	}
	return slot ?: slab;
}

/* @cache: of the module's own, or NULL for kmalloc(). */
static void *slot_get(struct kmem_cache *cache, size_t size)
{
	const gfp_t gfp = GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN;

	return cache ? kmem_cache_alloc(cache, gfp) : kmalloc(size, gfp);
}

/* 0 where nothing was learnt. */
static size_t slot_look(struct kmem_cache *cache, size_t size, size_t *usable)
{
	void *objects[SLOT_OBJECTS];
	size_t slot = 0;
	unsigned int n;

	for (n = 0; n < SLOT_OBJECTS; n++) {
		objects[n] = slot_get(cache, size);
		if (!objects[n])
			break;
	}
	if (n == SLOT_OBJECTS) {
		slot = kab_slot_bytes(objects, n);
		*usable = ksize(objects[0]);
	}
	while (n)
		kfree(objects[--n]);
	return slot;
}

static void learn_from_probe(void)
{
	struct kmem_cache *cache;
	size_t usable = PROBE_SLOT;

	cache = compat_cache_create(PROBE, PROBE_SIZE, 0, NULL);
	if (!cache)
		return;
	slots_padded = slot_look(cache, 0, &usable) > PROBE_SLOT || usable != PROBE_SLOT;
	kmem_cache_destroy(cache);
}

/**
 * kab_slot_learn() - find out whether something stands beside objects
 *
 * Both a cache of our own, which what is asked of all caches is asked of, and
 * those of kmalloc(), one by one. No kernel changes it after its boot. KASAN
 * puts something there as well, and is told from slab debugging by nothing.
 *
 * Context: process, may sleep; once, before the functions below.
 */
void kab_slot_learn(void)
{
	unsigned int i;

	slots_padded = IS_ENABLED(CONFIG_SLUB_DEBUG_ON);
	if (IS_ENABLED(CONFIG_KASAN))
		return;
	learn_from_probe();
	for (i = 0; i < ARRAY_SIZE(slot_sizes); i++) {
		size_t usable = 0;

		if (slot_look(NULL, slot_sizes[i], &usable) > usable)
			slots_padded_sizes |= BIT(i);
	}
}

/**
 * kab_slot_padded() - whether something stands beside the objects of all caches
 *
 * Context: any.
 * Return: true where slab debugging was asked for all of them.
 */
bool kab_slot_padded(void)
{
	return slots_padded;
}

/**
 * kab_slot_padded_some() - whether something stands beside some of kmalloc's
 *
 * Context: any.
 * Return: true where kab_slot_sizes() has sizes.
 */
bool kab_slot_padded_some(void)
{
	return slots_padded_sizes;
}

/**
 * kab_slot_sizes() - beside which objects of kmalloc() something stands
 * @t: text to append sizes to, with commas between them
 *
 * Context: any.
 */
void kab_slot_sizes(struct text *t)
{
	const char *comma = "";
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(slot_sizes); i++) {
		if (!(slots_padded_sizes & BIT(i)))
			continue;
		text_printf(t, "%s%u", comma, slot_sizes[i]);
		comma = ",";
	}
}
