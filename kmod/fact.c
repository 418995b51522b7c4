// SPDX-License-Identifier: GPL-2.0
/*
 * fact - what was really allocated: look at it, do not compute it.
 *
 * ksize() says what may be used. Nothing that is exported tells of red zones, the
 * owner's stack and what else slub_debug= puts next to an object. So we measure how
 * far apart real objects lie: that is the slot of each in its slab.
 */
#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/gcd.h>
#include <linux/kernel.h>
#include <linux/kfence.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/numa.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "compat.h"
#include "demand.h"
#include "fact.h"
#include "loops.h"
#include "room.h"
#include "rows.h"

/* Objects examined together: one may be aligned by chance. */
#define FACT_OBJECTS	8
/* Of slab objects so many: random places in a slab have no common divisor but the slot. */
#define FACT_MOST	64
/* The largest of slot_sizes. */
#define FACT_SLAB_BYTES	SZ_8K
/* Above this size one object has to do, and its beginning tells whether it is 0. */
#define FACT_BYTES	SZ_64K
/* Up to this size a slab is a page, whatever is added to its objects. */
#define FACT_FITS	SZ_1K
/* What is written to come back dirty; more would take too long. */
#define FACT_DIRTY	SZ_4M

/* No multiple of a word: what follows has room without any debugging. */
#define FACT_PROBE	100

/* The caches of kmalloc(). A size without one is served by the next. */
static const unsigned int slot_sizes[] = {
	8, 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, 8192,
};

/* Written by kab_fact_learn_slots(); bits are indices of slot_sizes. */
static bool slots_padded;
static unsigned long slots_padded_sizes;
static_assert(ARRAY_SIZE(slot_sizes) <= BITS_PER_LONG);

static unsigned long slot_distance(const void *a, const void *b)
{
	return a < b ? b - a : a - b;
}

/*
 * How many bytes of its slab each of these objects of one cache takes; those of
 * the slab where each has one of its own; 0 for what lies in no slab.
 */
static size_t slot_bytes(void *const *objects, unsigned int n)
{
	unsigned long slot = 0;
	size_t slab = 0;
	unsigned int i, k;

	for (i = 0; i < n; i++) {
		if (is_kfence_address(objects[i]))
			continue;
		if (!folio_test_slab(virt_to_folio(objects[i])))
			return 0;
		slab = folio_size(virt_to_folio(objects[i]));
		for (k = 0; k < i; k++) {
			if (virt_to_folio(objects[k]) == virt_to_folio(objects[i]))
				slot = gcd(slot, slot_distance(objects[i], objects[k]));
		}
	}
	return slot ?: slab;
}

/**
 * kab_fact_slots_padded() - whether debugging adds to the objects of all caches
 *
 * Context: any.
 * Return: 1 where slab debugging was asked for all of them.
 */
u64 kab_fact_slots_padded(void)
{
	return slots_padded;
}

/**
 * kab_fact_padded_sizes() - which objects of kmalloc() debugging adds to
 * @t: text to append sizes to, with commas between them
 *
 * Context: any.
 * Return: true if there are any.
 */
bool kab_fact_padded_sizes(struct text *t)
{
	const char *comma = "";
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(slot_sizes); i++) {
		if (!(slots_padded_sizes & BIT(i)))
			continue;
		kab_text_printf(t, "%s%u", comma, slot_sizes[i]);
		comma = ",";
	}
	return slots_padded_sizes;
}

/* Objects under examination. The loops are the timed ones: nobody reads @ticks. */
struct look {
	const struct allocator *alloc;
	size_t size;
	gfp_t gfp;
	struct room room;
	unsigned int n;
	struct alloc_state state;
	struct page_frag_cache frag;
	struct burst burst;
	void *slots[FACT_MOST];
	void *memory[FACT_MOST];
	u64 cookies[FACT_MOST * ALLOC_BULK];
	u64 ticks[2][FACT_MOST];
};

static void aim(struct look *l)
{
	l->state.frag = &l->frag;
	l->burst = (struct burst){
		.ask = { l->size, l->gfp | __GFP_NOWARN, l->room.node,
			 &l->state },
		.count = l->n, .deadline = U64_MAX,
		.slots = l->slots, .cookies = l->cookies,
		.cookie_words = l->alloc->cookies,
		.alloc = l->ticks[0], .free = l->ticks[1],
	};
}

/* All objects allocated, or none and false. */
static bool get_all(struct look *l)
{
	const struct alloc_loops *loops = kab_allocs_loops(l->alloc, l->size);

	aim(l);
	loops->fill(&l->burst);
	if (!l->burst.failed)
		return true;
	loops->empty(&l->burst);
	return false;
}

static void put_all(struct look *l)
{
	aim(l);
	kab_allocs_loops(l->alloc, l->size)->empty(&l->burst);
}

static void *memory_of(const struct allocator *a, void *object)
{
	return a->address ? a->address(object) : object;
}

static struct page *page_of(const void *p)
{
	if (is_vmalloc_addr(p))
		return vmalloc_to_page(p);
	return virt_addr_valid(p) ? virt_to_page(p) : NULL;
}

/* Counts pages and the places where the next page is not the next frame. */
static void walk(struct result_fact *f, const u8 *p, size_t size)
{
	const u8 *at = PTR_ALIGN_DOWN(p, PAGE_SIZE);
	unsigned long pages = 0, extents = 0, last = 0;

	for (; at < p + size; at += PAGE_SIZE, pages++) {
		struct page *page = page_of(at);
		unsigned long pfn = page ? page_to_pfn(page) : 0;

		if (!pages || !page || pfn != last + 1)
			extents++;
		last = pfn;
		cond_resched();
	}
	f->pages = max(f->pages, pages);
	f->extents = max(f->extents, extents);
}

/* Up to the guard page, which is not mapped. */
static size_t mapped_bytes(const u8 *p)
{
	size_t size = 0;

	while (is_vmalloc_addr(p + size) && vmalloc_to_page(p + size)) {
		size += PAGE_SIZE;
		cond_resched();
	}
	return size;
}

/* What only the allocator knows: nothing of it shows in the memory itself. */
static void ask(struct result_fact *f, const struct allocator *a, const u8 *p)
{
	/* ksize() knows the objects of the slab allocator and nothing else. */
	if ((a->traits & ALLOC_SLAB) && page_of(p) && !f->mapped)
		f->usable = ksize(p);
	else if ((a->traits & ALLOC_GUARDED) && f->mapped)
		f->usable = mapped_bytes(p);
}

/* What is taken may be more than what is usable. */
static void ask_for_slot(struct result_fact *f, struct look *l)
{
	unsigned int i;
	size_t taken;

	if (!f->usable)
		return;
	for (i = 0; i < l->n && !f->mapped; i++) {
		/* A bulk is examined whole: few of its first objects share a slab. */
		if (l->alloc->traits & ALLOC_SCATTERS)
			l->memory[i] = ((void **)l->slots[i / ALLOC_BULK])[i % ALLOC_BULK];
		else
			l->memory[i] = memory_of(l->alloc, l->slots[i]);
	}
	if (!f->mapped)
		f->slot = slot_bytes(l->memory, l->n);
	taken = max(f->usable, f->slot);
	f->waste = 100 * (taken - l->size) / taken;
}

static void look_at_all(struct result_fact *f, struct look *l)
{
	unsigned long bits = 0;
	unsigned int i;

	f->found = true;
	f->zeroed = true;
	f->node = NUMA_NO_NODE;
	for (i = 0; i < l->n; i++) {
		u8 *p = memory_of(l->alloc, l->slots[i]);
		struct page *page = page_of(p);

		bits |= (unsigned long)p;
		f->mapped = is_vmalloc_addr(p);
		f->zeroed &= !memchr_inv(p, 0, min_t(size_t, l->size, FACT_BYTES));
		ask(f, l->alloc, p);
		if (page && !i)
			f->node = page_to_nid(page);
		walk(f, p, l->size);
	}
	f->align = bits & -bits;
	f->promised = l->alloc->promise ? l->alloc->promise(l->size) :
					  l->alloc->promised;
	ask_for_slot(f, l);
}

static void get_and_look(struct result_fact *f, struct look *l)
{
	unsigned int i;

	/* What was never written to may be zero without any promise. */
	if (!get_all(l))
		return;
	for (i = 0; i < l->n; i++)
		memset(memory_of(l->alloc, l->slots[i]), 0xa5,
		       min_t(size_t, l->size, FACT_DIRTY));
	put_all(l);

	if (!get_all(l))
		return;
	look_at_all(f, l);
	put_all(l);
}

/*
 * Whether @n objects may be taken. What debugging adds to an object of the
 * slab allocator is not known here: any order may be needed that kills.
 */
static bool may_take(const struct look *l, u64 size, unsigned int n)
{
	const struct allocator *a = l->alloc;
	struct room room = l->room;
	enum room_kind lack;

	kab_demand_objects(&room, a, kab_demand_footprint(a, size));
	if ((a->traits & ALLOC_SLAB) && !(a->traits & ALLOC_GUARDED) &&
	    size > FACT_FITS)
		room.order = max_t(unsigned int, room.order,
				   PAGE_ALLOC_COSTLY_ORDER);
	room.takers = 1;
	room.piles = false;
	kab_room_keep(&room, 2);
	return kab_room_for(&room, n + a->reserve, &lack);
}

static void find(struct result_fact *f, struct look *l)
{
	const struct allocator *a = l->alloc;

	if (l->size > FACT_BYTES)
		l->n = 1;
	else if ((a->traits & ALLOC_SLAB) && l->size <= FACT_SLAB_BYTES)
		l->n = FACT_MOST;
	else
		l->n = FACT_OBJECTS;
	if (!may_take(l, l->size, l->n) ||
	    kab_allocs_open(a, &l->state, l->size, l->n))
		return;
	get_and_look(f, l);
	kab_allocs_close(&l->state);
}

static struct look *look_create(const struct allocator *a, size_t size, gfp_t gfp,
				const struct room *room)
{
	struct look *l = kzalloc(sizeof(*l), OWN_GFP);

	if (l) {
		l->alloc = a;
		l->size = size;
		l->gfp = gfp;
		l->room = *room;
	}
	return l;
}

static void look_destroy(struct look *l)
{
	compat_frag_drain(&l->frag);
	kfree(l);
}

/* What debugging adds to an object is usable by nobody. False where nothing was learnt. */
static bool is_padded(const char *row, size_t size)
{
	const struct allocator *a = &kab_allocs[vocab_find(&kab_allocs_list, row)];
	const struct room anywhere = { .gfp = OWN_GFP, .node = NUMA_NO_NODE };
	struct look *l = look_create(a, size, OWN_GFP, &anywhere);
	struct result_fact f = {};

	if (!l)
		return false;
	find(&f, l);
	look_destroy(l);
	return f.slot > f.usable;
}

/**
 * kab_fact_learn_slots() - find out whether debugging adds to objects
 *
 * A cache of our own shows what was asked of all caches; those of kmalloc() are
 * examined one by one. No kernel changes it after its boot. KASAN adds to objects
 * as well, and nothing tells it from slab debugging.
 *
 * Context: process, may sleep; once, before the functions below.
 */
void kab_fact_learn_slots(void)
{
	unsigned int i;

	might_sleep();
	slots_padded = IS_ENABLED(CONFIG_SLUB_DEBUG_ON);
	if (IS_ENABLED(CONFIG_KASAN))
		return;
	slots_padded = is_padded("kmem_cache", FACT_PROBE);
	for (i = 0; i < ARRAY_SIZE(slot_sizes); i++) {
		if (is_padded("kmalloc", slot_sizes[i]))
			slots_padded_sizes |= BIT(i);
	}
}

/* Whether an object of a size can be had. */
static bool works(struct look *l, u64 size)
{
	bool worked;

	if (size < l->alloc->min || size > l->alloc->max ||
	    !kab_allocs_loops(l->alloc, size))
		return false;
	l->size = size;
	l->n = 1;
	worked = get_all(l);
	if (worked)
		put_all(l);
	compat_frag_drain(&l->frag);
	cond_resched();
	return worked;
}

/* A call may take seconds at some gigabytes. */
static bool search_stopped(const struct plan *plan)
{
	return READ_ONCE(plan->stop) || signal_pending(current);
}

/*
 * The largest size that works right now, with at most @bytes; what needs
 * preparing is not tried. Stopped half-way it has found nothing.
 */
static void find_largest(struct result_fact *f, struct look *l, u64 bytes,
			 const struct plan *plan)
{
	const u64 most = min(bytes, kab_room_available(&l->room) / 4);
	u64 works_yet = 0, fails = 0, size;

	for (size = max_t(u64, l->alloc->min, 8);
	     !fails && !search_stopped(plan); size *= 2) {
		if (kab_demand_footprint(l->alloc, size) > most ||
		    !may_take(l, size, 1))
			break;
		if (works(l, size))
			works_yet = size;
		else
			fails = size;
	}
	while (fails && fails - works_yet > 1 && !search_stopped(plan)) {
		size = works_yet + (fails - works_yet) / 2;
		if (may_take(l, size, 1) && works(l, size))
			works_yet = size;
		else
			fails = size;
	}
	f->searched = !search_stopped(plan);
	f->largest = works_yet;
	f->fails = fails;
}

/**
 * kab_fact_find() - look at real objects
 * @plan: plan
 * @at: cell whose objects to look at; legal in process context
 * @each: bytes that one of them takes
 * @largest: look for the largest size that works, too
 * @f: zeroed; gets what was found
 *
 * Context: process, may sleep; current->active_memcg is the writer's.
 */
void kab_fact_find(const struct plan *plan, const struct plan_cell *at, u64 each,
		   bool largest, struct result_fact *f)
{
	const struct allocator *a = &kab_allocs[at->alloc];
	struct demand need;
	struct look *l;

	might_sleep();
	/* There is no memory to look at, or no one memory. */
	if ((a->traits & ALLOC_REFERENCE) ||
	    ((a->traits & ALLOC_SCATTERS) && !a->address))
		return;
	need = kab_demand_of(plan, at, each);
	l = look_create(a, at->size, (__force gfp_t)at->flags->bits, &need.room);
	if (!l)
		return;
	find(f, l);
	if (largest && !a->open)
		find_largest(f, l, need.bytes, plan);
	look_destroy(l);
}
