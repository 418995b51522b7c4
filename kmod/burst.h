/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_BURST_H
#define KALLOCBENCH_BURST_H

/*
 * burst - the timed loops that every allocator specialises.
 *
 * A burst is a short run of calls without a break. Its loops are stamped out
 * once per allocator, so that the compiler sees the call itself: no function
 * pointer and no branch on a parameter stands inside a timed region. All that
 * varies was decided before the burst.
 */

#include <linux/compiler.h>
#include <linux/gfp.h>
#include <linux/types.h>

#include "clock.h"

struct alloc_state;

/**
 * struct burst - arguments and results of one run of a loop
 * @size: bytes to ask for
 * @gfp: flags to ask with
 * @node: NUMA node to ask for, or NUMA_NO_NODE
 * @state: what the allocator keeps for this worker and cell
 * @count: calls, or stretches of @calls pairs; slots to fill or to empty
 * @calls: pairs in a stretch
 * @deadline: clock value after which no further call begins
 * @slots: live objects, NULL where there is none
 * @index: slots in the order in which they are emptied, NULL for as they stand
 * @cookies: @cookie_words words for each slot, for allocators whose free
 *	takes more than the object
 * @cookie_words: see @cookies
 * @alloc: ticks of each allocation, the clock's own cost included; of each
 *	stretch where stretches are timed
 * @free: ticks of each free, likewise
 * @done: how many of @count were tried
 * @samples: entries of @alloc, or of @free where the loop only frees
 * @failed: allocations that returned NULL
 */
struct burst {
	size_t size;
	gfp_t gfp;
	int node;
	const struct alloc_state *state;
	unsigned int count;
	unsigned int calls;
	u64 deadline;
	void **slots;
	const u32 *index;
	u64 *cookies;
	unsigned int cookie_words;
	u64 *alloc;
	u64 *free;
	unsigned int done;
	unsigned int samples;
	unsigned int failed;
};

typedef void (*burst_fn)(struct burst *b);

/* What the expressions of a row may name, loaded before the loop. */
#define BURST_LOAD(b)							\
	const struct alloc_state *const s = (b)->state;			\
	const gfp_t gfp = (b)->gfp;					\
	const size_t size = (b)->size;					\
	const int node = (b)->node;					\
	const unsigned int count = (b)->count;				\
	const u64 deadline = (b)->deadline;				\
	unsigned int i, samples = 0, failed = 0

#define BURST_STORE(b)							\
	do {								\
		(b)->done = i;						\
		(b)->samples = samples;					\
		(b)->failed = failed;					\
	} while (0)

/* Allocate and free at once, each call timed. */
#define BURST_PAIR(name)						\
static noinline void name##_pair(struct burst *b)			\
{									\
	u64 *const cookie = b->cookies;					\
	u64 *const alloc = b->alloc, *const free = b->free;		\
	u64 start, mid, end = 0;					\
	void *p, *q;							\
	BURST_LOAD(b);							\
									\
	for (i = 0; i < count && end < deadline; i++) {			\
		q = row_prepare_##name(size, gfp, node, s, cookie);		\
		if (row_prepares_##name && unlikely(!q)) {		\
			failed++;					\
			end = clock_now();				\
			continue;					\
		}							\
		start = clock_read(begin, alloc);			\
		p = row_get_##name(size, gfp, node, s, cookie, q);		\
		mid = clock_read(end, alloc);				\
		OPTIMIZER_HIDE_VAR(p);					\
		if (unlikely(!p)) {					\
			row_undo_##name(size, gfp, node, s, cookie, q);	\
			failed++;					\
			end = mid;					\
			continue;					\
		}							\
		alloc[samples] = mid - start;				\
		start = clock_read(begin, free);			\
		row_put_##name(size, s, cookie, p);				\
		end = clock_read(end, free);				\
		free[samples++] = end - start;				\
	}								\
	BURST_STORE(b);							\
}

/* Fill the slots, each call timed. */
#define BURST_GET(name)							\
static noinline void name##_get_burst(struct burst *b)			\
{									\
	const unsigned int words = b->cookie_words;			\
	void **const slots = b->slots;					\
	u64 *const alloc = b->alloc;					\
	u64 *cookie = b->cookies;					\
	u64 start, end = 0;						\
	void *p, *q;							\
	BURST_LOAD(b);							\
									\
	for (i = 0; i < count && end < deadline; i++, cookie += words) {	\
		q = row_prepare_##name(size, gfp, node, s, cookie);		\
		if (row_prepares_##name && unlikely(!q)) {		\
			slots[i] = NULL;				\
			failed++;					\
			end = clock_now();				\
			continue;					\
		}							\
		start = clock_read(begin, alloc);			\
		p = row_get_##name(size, gfp, node, s, cookie, q);		\
		end = clock_read(end, alloc);				\
		OPTIMIZER_HIDE_VAR(p);					\
		slots[i] = p;						\
		if (unlikely(!p)) {					\
			row_undo_##name(size, gfp, node, s, cookie, q);	\
			failed++;					\
			continue;					\
		}							\
		alloc[samples++] = end - start;				\
	}								\
	BURST_STORE(b);							\
}

/* Empty the slots, each call timed. What the deadline leaves is the caller's. */
#define BURST_PUT(name)							\
static noinline void name##_put_burst(struct burst *b)			\
{									\
	const unsigned int words = b->cookie_words;			\
	const u32 *const index = b->index;				\
	void **const slots = b->slots;					\
	u64 *const free = b->free;					\
	u64 start, end = 0;						\
	unsigned int at;						\
	u64 *cookie;							\
	void *p;							\
	BURST_LOAD(b);							\
									\
	for (i = 0; i < count && end < deadline; i++) {			\
		at = index ? index[i] : i;				\
		cookie = b->cookies + (size_t)at * words;		\
		p = slots[at];						\
		slots[at] = NULL;					\
		if (unlikely(!p))					\
			continue;					\
		start = clock_read(begin, free);			\
		row_put_##name(size, s, cookie, p);				\
		end = clock_read(end, free);				\
		free[samples++] = end - start;				\
	}								\
	BURST_UNUSED(gfp, node, node);					\
	BURST_STORE(b);							\
}

/*
 * A sample is b->calls pairs without a clock read between them. What a row does
 * before its call would be timed with it: such rows are not asked to.
 */
#define BURST_PAIR_STRETCH(name)					\
static noinline void name##_pair_stretch(struct burst *b)		\
{									\
	const unsigned int calls = b->calls;				\
	u64 *const cookie = b->cookies;					\
	u64 *const alloc = b->alloc;					\
	u64 start, end = 0;						\
	unsigned int left;						\
	void *p, *q;							\
	BURST_LOAD(b);							\
									\
	for (i = 0; i < count && end < deadline; i++) {			\
		start = clock_read(begin, pair);			\
		for (left = calls; left; left--) {			\
			q = row_prepare_##name(size, gfp, node, s, cookie);	\
			p = row_get_##name(size, gfp, node, s, cookie, q);	\
			OPTIMIZER_HIDE_VAR(p);				\
			if (unlikely(!p)) {				\
				row_undo_##name(size, gfp, node, s,		\
					    cookie, q);			\
				break;					\
			}						\
			row_put_##name(size, s, cookie, p);			\
		}							\
		end = clock_read(end, pair);				\
		if (unlikely(left))					\
			failed++;					\
		else							\
			alloc[samples++] = end - start;			\
	}								\
	BURST_STORE(b);							\
}

/* What a row does before its call, for all slots: none, or all of them. */
#define BURST_PREPARE(name)						\
static noinline bool name##_prepare_burst(struct burst *b)		\
{									\
	const unsigned int words = b->cookie_words;			\
	void **const slots = b->slots;					\
	u64 *cookie = b->cookies;					\
	void *q;							\
	BURST_LOAD(b);							\
									\
	for (i = 0; i < count; i++, cookie += words) {			\
		slots[i] = row_prepare_##name(size, gfp, node, s, cookie);	\
		if (unlikely(!slots[i]))				\
			break;						\
	}								\
	if (i == count)							\
		return true;						\
	for (failed = i; failed; failed--) {				\
		q = slots[failed - 1];					\
		slots[failed - 1] = NULL;				\
		cookie -= words;					\
		row_undo_##name(size, gfp, node, s, cookie, q);		\
	}								\
	b->done = 1;							\
	b->samples = 0;							\
	b->failed = 1;							\
	BURST_UNUSED(deadline, samples, node);				\
	return false;							\
}

/*
 * One sample: all slots filled without a clock read between the calls. It ends
 * with the first that fails: one that reclaims takes long, and nothing looks at
 * the budget before the end. A row that does something before its call has done
 * it for all of them before the clock is read, and finds the result in the slot.
 */
#define BURST_GET_STRETCH(name)						\
static noinline void name##_get_stretch(struct burst *b)		\
{									\
	const unsigned int words = b->cookie_words;			\
	void **const slots = b->slots;					\
	u64 *cookie = b->cookies;					\
	unsigned int k;							\
	u64 start, end;							\
	void *p, *q;							\
	BURST_LOAD(b);							\
									\
	if (row_prepares_##name && !name##_prepare_burst(b))		\
		return;							\
	start = clock_read(begin, alloc);				\
	for (i = 0; i < count; i++, cookie += words) {			\
		q = row_prepares_##name ? slots[i] :			\
			row_prepare_##name(size, gfp, node, s, cookie);	\
		p = row_get_##name(size, gfp, node, s, cookie, q);		\
		OPTIMIZER_HIDE_VAR(p);					\
		slots[i] = p;						\
		if (unlikely(!p)) {					\
			row_undo_##name(size, gfp, node, s, cookie, q);	\
			failed++;					\
			i++;						\
			break;						\
		}							\
	}								\
	end = clock_read(end, alloc);					\
	if (!failed)							\
		b->alloc[samples++] = end - start;			\
	for (k = i; row_prepares_##name && k < count; k++) {		\
		q = slots[k];						\
		slots[k] = NULL;					\
		row_undo_##name(size, gfp, node, s, cookie, q);		\
	}								\
	BURST_UNUSED(deadline, deadline, k);				\
	BURST_STORE(b);							\
}

/* One sample: all slots emptied without a clock read between the calls. */
#define BURST_PUT_STRETCH(name)						\
static noinline void name##_put_stretch(struct burst *b)		\
{									\
	const unsigned int words = b->cookie_words;			\
	void **const slots = b->slots;					\
	u64 *cookie = b->cookies;					\
	u64 start, end;							\
	void *p;							\
	BURST_LOAD(b);							\
									\
	start = clock_read(begin, free);				\
	for (i = 0; i < count; i++, cookie += words) {			\
		p = slots[i];						\
		slots[i] = NULL;					\
		if (unlikely(!p))					\
			failed++;					\
		else							\
			row_put_##name(size, s, cookie, p);			\
	}								\
	end = clock_read(end, free);					\
	if (!failed)							\
		b->free[samples++] = end - start;			\
	BURST_UNUSED(gfp, node, deadline);				\
	BURST_STORE(b);							\
}

#define BURST_UNUSED(a, b, c)	((void)(a), (void)(b), (void)(c))

/* Write one byte every @step bytes of each memory, timed for each of them. */
#define BURST_TOUCH(op)							\
noinline unsigned int burst_##op(void *const *memory, unsigned int count, \
				 size_t size, size_t step, u64 *ticks)	\
{									\
	unsigned int i, samples = 0;					\
	u64 start;							\
	size_t at;							\
									\
	for (i = 0; i < count; i++) {					\
		u8 *const p = memory[i];				\
									\
		if (!p)							\
			continue;					\
		start = clock_read(begin, op);				\
		for (at = 0; at < size; at += step)			\
			WRITE_ONCE(p[at], 1);				\
		ticks[samples++] = clock_read(end, op) - start;		\
	}								\
	return samples;							\
}

#endif
