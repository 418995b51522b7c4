// SPDX-License-Identifier: GPL-2.0
/*
 * fact - what was really allocated: look at it, do not compute it.
 */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/numa.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "allocs.h"
#include "compat.h"
#include "demand.h"
#include "fact.h"
#include "loops.h"
#include "slot.h"

/* Objects that are looked at together: one may be aligned by chance. */
#define FACT_OBJECTS	8
/* Of what lies in slabs so many that the distances between them tell the slot. */
#define FACT_MOST	SLOT_OBJECTS
#define FACT_SLAB_BYTES	SZ_8K
/* Above this size one object has to do, and its beginning tells whether it is 0. */
#define FACT_BYTES	SZ_64K
/* Up to this size a slab is a page, whatever is added to its objects. */
#define FACT_FITS	SZ_1K
/* What is written to come back dirty; more would take too long. */
#define FACT_DIRTY	SZ_4M

/* The loops are the timed ones; nobody looks at these ticks. */
struct looker {
	unsigned int n;
	struct alloc_state state;
	struct page_frag_cache frag;
	struct burst burst;
	void *slots[FACT_MOST];
	void *memory[FACT_MOST];
	u64 cookies[FACT_MOST * ALLOC_BULK];
	u64 ticks[2][FACT_MOST];
};

static void aim_looker(struct looker *l, const struct fact_query *q)
{
	l->state.frag = &l->frag;
	l->burst = (struct burst){
		.ask = { q->size, (__force gfp_t)q->flags->bits | __GFP_NOWARN,
			 q->room.node, &l->state },
		.count = l->n, .deadline = U64_MAX, .slots = l->slots, .cookies = l->cookies,
		.cookie_words = q->alloc->cookies,
		.alloc = l->ticks[0], .free = l->ticks[1],
	};
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
static void walk(struct fact *f, const u8 *p, size_t size)
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
static void ask(struct fact *f, const struct allocator *a, const u8 *p)
{
	/* ksize() knows the objects of the slab allocator and nothing else. */
	if ((a->traits & ALLOC_SLAB) && page_of(p) && !f->mapped) {
		f->usable = ksize(p);
	} else if ((a->traits & ALLOC_GUARDED) && f->mapped) {
		f->usable = mapped_bytes(p);
	}
}

/* What is taken may be more than what is usable. */
static void ask_for_slot(struct fact *f, const struct fact_query *q,
			 struct looker *l)
{
	unsigned int i;

	if (!f->usable || f->mapped)
		return;
	for (i = 0; i < l->n; i++) {
		/* A bulk is looked at whole: few of its first ones share a slab. */
		if (q->alloc->traits & ALLOC_SCATTERS)
			l->memory[i] = ((void **)l->slots[i / ALLOC_BULK])[i % ALLOC_BULK];
		else
			l->memory[i] = memory_of(q->alloc, l->slots[i]);
	}
	f->slot = kab_slot_bytes(l->memory, l->n);
}

static void look(struct fact *f, const struct fact_query *q, struct looker *l)
{
	unsigned long bits = 0;
	unsigned int i;

	*f = (struct fact){ .zeroed = true, .node = NUMA_NO_NODE };
	for (i = 0; i < l->n; i++) {
		u8 *p = memory_of(q->alloc, l->slots[i]);
		struct page *page = page_of(p);

		bits |= (unsigned long)p;
		f->mapped = is_vmalloc_addr(p);
		f->zeroed &= !memchr_inv(p, 0, min_t(size_t, q->size, FACT_BYTES));
		ask(f, q->alloc, p);
		if (page && !i)
			f->node = page_to_nid(page);
		walk(f, p, q->size);
	}
	f->align = bits & -bits;
	f->promised = q->alloc->promise(q->size);
	ask_for_slot(f, q, l);
}

static void dirty(const struct fact_query *q, struct looker *l)
{
	unsigned int i;

	for (i = 0; i < l->n; i++)
		memset(memory_of(q->alloc, l->slots[i]), 0xa5,
		       min_t(size_t, q->size, FACT_DIRTY));
}

/* All slots filled, or all empty and false. */
static bool get_all(const struct fact_query *q, struct looker *l)
{
	const struct alloc_loops *loops = allocs_loops(q->alloc, q->size);

	aim_looker(l, q);
	loops->fill(&l->burst);
	if (!l->burst.failed)
		return true;
	loops->empty(&l->burst);
	return false;
}

static void put_all(const struct fact_query *q, struct looker *l)
{
	aim_looker(l, q);
	allocs_loops(q->alloc, q->size)->empty(&l->burst);
}

static bool look_at_some(struct fact *f, const struct fact_query *q,
			 struct looker *l)
{
	/* What was never written to may be zero without any promise. */
	if (!get_all(q, l))
		return false;
	dirty(q, l);
	put_all(q, l);

	if (!get_all(q, l))
		return false;
	look(f, q, l);
	put_all(q, l);
	return true;
}

static unsigned int objects_of(const struct fact_query *q)
{
	if (q->size > FACT_BYTES)
		return 1;
	return (q->alloc->traits & ALLOC_SLAB) && q->size <= FACT_SLAB_BYTES ?
	       FACT_MOST : FACT_OBJECTS;
}

/*
 * Whether so many objects may be taken. What debugging adds to an object of the
 * slab allocator is not known here: any order may be needed that kills.
 */
static bool may_take(const struct fact_query *q, u64 size, unsigned int n)
{
	const struct allocator *a = q->alloc;
	struct room room = q->room;
	enum room_kind lack;

	demand_objects(&room, a, demand_footprint(a, size));
	if ((a->traits & ALLOC_SLAB) && !(a->traits & ALLOC_GUARDED) &&
	    size > FACT_FITS)
		room.order = max_t(unsigned int, room.order,
				   PAGE_ALLOC_COSTLY_ORDER);
	room.takers = 1;
	room.piles = false;
	room_keep(&room, 2);
	return room_for(&room, n + (a->setup ? a->setup->reserve : 0), &lack);
}

static bool find(struct fact *f, const struct fact_query *q)
{
	struct looker *l = kzalloc(sizeof(*l), ROOM_OWN);
	bool found = false;

	if (!l)
		return false;
	l->n = objects_of(q);
	if (may_take(q, q->size, l->n) &&
	    !allocs_open(q->alloc, &l->state, q->size, l->n)) {
		found = look_at_some(f, q, l);
		allocs_close(q->alloc, &l->state);
	}
	compat_frag_drain(&l->frag);
	kfree(l);
	return found;
}

static bool works(const struct fact_query *q, u64 size)
{
	struct fact_query one = *q;
	const struct alloc_loops *loops;
	bool worked = false;
	struct looker *l;

	if (size < q->alloc->min || size > q->alloc->max)
		return false;
	loops = allocs_loops(q->alloc, size);
	l = kzalloc(sizeof(*l), ROOM_OWN);
	if (loops && l) {
		one.size = size;
		l->n = 1;
		aim_looker(l, &one);
		loops->fill(&l->burst);
		worked = !l->burst.failed;
		loops->empty(&l->burst);
	}
	if (l)
		compat_frag_drain(&l->frag);
	kfree(l);
	cond_resched();
	return worked;
}

/* A call may take seconds at some gigabytes. */
static bool search_stopped(const struct fact_query *q)
{
	return READ_ONCE(*q->abort) || signal_pending(current);
}

/*
 * The largest size that works right now; what needs preparing is not tried.
 * Stopped half-way it has found nothing.
 */
static void find_largest(const struct fact_query *q, struct text *lines,
			 struct text *properties)
{
	const u64 most = min(q->bytes, room_available(&q->room) / 4);
	u64 works_yet = 0, fails = 0, size;

	for (size = max_t(u64, q->alloc->min, 8);
	     !fails && !search_stopped(q); size *= 2) {
		if (demand_footprint(q->alloc, size) > most ||
		    !may_take(q, size, 1))
			break;
		if (works(q, size))
			works_yet = size;
		else
			fails = size;
	}
	while (fails && fails - works_yet > 1 && !search_stopped(q)) {
		size = works_yet + (fails - works_yet) / 2;
		if (may_take(q, size, 1) && works(q, size))
			works_yet = size;
		else
			fails = size;
	}
	if (!search_stopped(q))
		fact_largest(q, works_yet, fails, lines, properties);
}

/**
 * fact_find() - look at real objects, and say what they are like
 * @query: what to look at; legal in process context
 * @lines: text to append fact lines to
 * @properties: text to append a row for people to
 *
 * Context: process, may sleep.
 */
void fact_find(const struct fact_query *query, struct text *lines,
	       struct text *properties)
{
	struct fact f;

	/* There is no memory to look at, or no one memory. */
	if ((query->alloc->traits & ALLOC_REFERENCE) ||
	    ((query->alloc->traits & ALLOC_SCATTERS) && !query->alloc->address))
		return;
	if (find(&f, query)) {
		fact_line(query, &f, lines);
		fact_row(query, &f, properties);
	}
	if (query->bytes && !query->alloc->setup)
		find_largest(query, lines, properties);
}
