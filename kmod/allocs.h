/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_ALLOCS_H
#define KALLOCBENCH_ALLOCS_H

#include <linux/bitops.h>
#include <linux/gfp.h>
#include <linux/types.h>

#include "alloc_state.h"
#include "loops.h"
#include "text.h"
#include "vocab.h"

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
#define ALLOC_CTOR	BIT(16)	/* its slabs keep a pointer behind each object */
#define ALLOC_HUGE	BIT(17)	/* takes huge pages where they fit */
#define ALLOC_AFTER	BIT(18)	/* its call needs another before it, not timed */
#define ALLOC_SHARES	BIT(19)	/* a block stays until the last of its objects is freed */
#define ALLOC_SETTLES	BIT(20)	/* each batch waits until what it freed is back */

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
 * struct alloc_const - loops for a size that the compiler knows
 * @name: of the allocator
 * @size: bytes
 * @loops: the loops
 */
struct alloc_const {
	const char *name;
	size_t size;
	struct alloc_loops loops;
};

/**
 * struct allocator - a row of allocs.def
 * @name: in parameter lines and results
 * @about: half a line for help
 * @absent: why this kernel does not have it, or NULL
 * @min: smallest size in bytes
 * @max: largest size in bytes
 * @takes: flags that mean something to it and are legal
 * @needs: flags it cannot do without
 * @adds: flags it adds by itself that choose a zone
 * @traits: ALLOC_ bits
 * @cookies: words of u64 that it keeps beside each object
 * @loops: the timed loops; all NULL where they depend on the size
 * @setup: makes ready what it needs for a cell, or NULL
 * @address: where the memory of an object is, NULL when the object tells
 * @promise: alignment that is promised for a size, in bytes; NULL for
 *	what is no memory
 */
struct allocator {
	const char *name;
	const char *about;
	const char *absent;
	u64 min;
	u64 max;
	gfp_t takes;
	gfp_t needs;
	gfp_t adds;
	unsigned int traits;
	unsigned int cookies;
	struct alloc_loops loops;
	const struct alloc_setup *setup;
	void *(*address)(void *object);
	size_t (*promise)(size_t size);
};

/**
 * struct alloc_call - a call that somebody would like to make
 * @size: bytes
 * @gfp: flags
 * @node: a node was asked for
 * @context: name of the context
 * @traits: its CONTEXT_ bits
 */
struct alloc_call {
	u64 size;
	gfp_t gfp;
	bool node;
	const char *context;
	unsigned int traits;
};

extern const struct allocator allocs[];
extern const unsigned int allocs_count;
extern const struct allocator *const allocs_null;
extern const struct vocab_list allocs_gfps;

struct vocab_list allocs_list(struct vocab_word *words);
const struct alloc_loops *allocs_loops(const struct allocator *a, u64 size);
u64 allocs_footprint(const struct allocator *a, u64 size);
bool allocs_refuse(const struct allocator *a, const struct alloc_call *call,
		   struct text *why);

#endif
