// SPDX-License-Identifier: GPL-2.0
/*
 * allocs - the allocators: their loops, their table, and what they take.
 */
#include <linux/bitops.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "allocs.h"
#include "compat.h"

/* Inlining decides what the timed region holds, so it is not left to a guess. */
#define DEFINE_CALLS(name, before, undo, get, put)			\
static __always_inline void *name##_prepare(size_t size, gfp_t gfp,	\
					    int node,			\
					    const struct alloc_state *s,	\
					    u64 *cookie)		\
{									\
	return before;							\
}									\
									\
static __always_inline void name##_undo(size_t size, gfp_t gfp, int node,	\
					const struct alloc_state *s,	\
					u64 *cookie, void *q)		\
{									\
	undo;								\
}									\
									\
static __always_inline void *name##_get(size_t size, gfp_t gfp, int node,	\
					const struct alloc_state *s,	\
					u64 *cookie, void *q)		\
{									\
	return get;							\
}									\
									\
static __always_inline void name##_put(size_t size,			\
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
#include "allocs.def"
#undef ROW
#undef ROW_AFTER

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
	.max = SIZE_MAX, .takes = ~(gfp_t)0, .traits = ALLOC_REFERENCE
/* GFP_SLAB_BUG_MASK: __GFP_DMA32 and __GFP_HIGHMEM print a splat. */
#define SLAB								\
	.max = KMALLOC_MAX_SIZE, .traits = ALLOC_DOUBLES,		\
	.takes = GFP_BASE | GFP_EFFORT | __GFP_DMA | __GFP_RECLAIMABLE
/* vmalloc's documentation: no zone modifiers, of the reclaim modifiers none. */
#define VMALLOC								\
	.max = SIZE_MAX, .takes = GFP_BASE | __GFP_HIGH,		\
	.needs = COMPAT_VMALLOC_NEEDS, .traits = ALLOC_SLEEPS
/* kvmalloc's documentation; above INT_MAX it warns. */
#define KVMALLOC							\
	.max = INT_MAX,							\
	.takes = GFP_BASE | __GFP_HIGH | __GFP_RETRY_MAYFAIL

#define TABLE_ROW(row, ...)						\
	{								\
		.name = #row, .pair = row##_pair,			\
		.get = row##_get_burst, .put = row##_put_burst,		\
		.pair_stretch = row##_pair_stretch,			\
		.get_stretch = row##_get_stretch,			\
		.put_stretch = row##_put_stretch,			\
		__VA_ARGS__						\
	},
#define ROW(row, get, put, ...)		TABLE_ROW(row, __VA_ARGS__)
#define ROW_AFTER(row, before, undo, get, put, ...)			\
	TABLE_ROW(row, __VA_ARGS__)

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
		return roundup_pow_of_two(max_t(u64, size, 8));
	/* A page for the page tables and what describes the mapping. */
	return ALIGN(size, PAGE_SIZE) + PAGE_SIZE;
}

/**
 * allocs_refuse() - whether an allocator cannot be called so
 * @a: allocator
 * @size: bytes
 * @gfp: flags
 * @why: gets the rule that forbids it
 *
 * Context: any.
 * Return: true if the call must not be made.
 */
bool allocs_refuse(const struct allocator *a, u64 size, gfp_t gfp,
		   struct text *why)
{
	if (size > a->max)
		text_printf(why, "%s takes at most %llu bytes", a->name, a->max);
	else if (gfp & ~a->takes)
		text_printf(why, "%s does not take %s", a->name,
			    name_of(gfp & ~a->takes));
	else if (a->needs & ~gfp)
		text_printf(why, "%s sleeps: its flags need __GFP_DIRECT_RECLAIM, as in GFP_KERNEL",
			    a->name);
	else
		return false;
	return true;
}
