/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_LOOPS_H
#define KALLOCBENCH_LOOPS_H

/*
 * loops - the timed loops.
 *
 * Each is inlined into a function of its own for every row of allocs.def, and so
 * are the row's calls, which are its arguments: no function pointer and no branch
 * on a parameter is left inside a timed region. All that varies was decided
 * before the loop.
 */

#include <linux/compiler.h>
#include <linux/types.h>

#include "clock.h"
#include "counters.h"
#include "result.h"

struct alloc_state;
struct counters;

/**
 * struct ask - what every call of a loop is asked for
 * @size: bytes
 * @gfp: flags
 * @node: NUMA node, or NUMA_NO_NODE
 * @state: what the allocator keeps for this worker and cell
 */
struct ask {
	size_t size;
	gfp_t gfp;
	int node;
	const struct alloc_state *state;
};

/**
 * struct burst - arguments and results of one run of a loop
 * @ask: what to ask for
 * @count: calls, or stretches of @calls pairs; slots to fill or to empty
 * @calls: pairs in a stretch
 * @counters: read before and after a stretch; NULL for none
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
 * @failed: allocations that returned NULL; slots that held nothing to free
 */
struct burst {
	struct ask ask;
	unsigned int count;
	unsigned int calls;
	struct counters *counters;
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

/*
 * A call of a row: what comes before its allocation, the allocation, what undoes
 * the former when the latter fails, the free. @p is the object, or what came
 * before it. Rows need not have the first and the third.
 */
typedef void *(*row_call)(const struct ask ask, u64 *cookie, void *p);

/* All of what was tried and is no sample has failed. */
static __always_inline void loop_end(struct burst *b, unsigned int done,
				     unsigned int samples)
{
	b->done = done;
	b->samples = samples;
	b->failed = done - samples;
}

/* The allocation, and what undoes what came before it when it fails. */
static __always_inline void *loop_try(const struct ask ask, u64 *cookie, void *q,
				      row_call alloc, row_call undo)
{
	void *p = alloc(ask, cookie, q);

	OPTIMIZER_HIDE_VAR(p);
	if (undo && unlikely(!p))
		undo(ask, cookie, q);
	return p;
}

/* A timed allocation from @start to @end, with what comes before it. */
static __always_inline void *loop_alloc(const struct ask ask, u64 *cookie,
					row_call before, row_call alloc,
					row_call undo, u64 *start, u64 *end)
{
	void *p, *q = NULL;

	if (before)
		q = before(ask, cookie, NULL);
	if (before && unlikely(!q)) {
		*end = clock_now();
		return NULL;
	}
	*start = clock_begin(OP_ALLOC);
	p = alloc(ask, cookie, q);
	*end = clock_end(OP_ALLOC);
	OPTIMIZER_HIDE_VAR(p);
	if (undo && unlikely(!p))
		undo(ask, cookie, q);
	return p;
}

/*
 * A stretch begins. Where something is counted, the clock is read where that is:
 * from there on both see the same. It ends likewise, but after the usual read:
 * no branch is left in what is timed.
 */
static __always_inline u64 loop_begin(struct burst *b, const unsigned int op)
{
	return unlikely(b->counters) ? kab_counters_begin(b->counters) :
				       clock_begin(op);
}

/* Allocate and free at once, each call timed. */
static __always_inline void loop_pair(struct burst *b, row_call before,
				      row_call alloc, row_call undo,
				      row_call free)
{
	const struct ask ask = b->ask;
	const unsigned int count = b->count;
	const u64 deadline = b->deadline;
	u64 *const cookie = b->cookies;
	u64 *const allocs = b->alloc, *const frees = b->free;
	unsigned int i, samples = 0;
	u64 start, end = 0;
	void *p;

	for (i = 0; i < count && end < deadline; i++) {
		p = loop_alloc(ask, cookie, before, alloc, undo, &start, &end);
		if (unlikely(!p))
			continue;
		allocs[samples] = end - start;
		start = clock_begin(OP_FREE);
		free(ask, cookie, p);
		end = clock_end(OP_FREE);
		frees[samples++] = end - start;
	}
	loop_end(b, i, samples);
}

/* Fill the slots, each call timed. */
static __always_inline void loop_fill(struct burst *b, row_call before,
				      row_call alloc, row_call undo)
{
	const struct ask ask = b->ask;
	const unsigned int count = b->count, words = b->cookie_words;
	const u64 deadline = b->deadline;
	void **const slots = b->slots;
	u64 *const ticks = b->alloc;
	unsigned int i, samples = 0;
	u64 *cookie = b->cookies;
	u64 start, end = 0;

	for (i = 0; i < count && end < deadline; i++, cookie += words) {
		slots[i] = loop_alloc(ask, cookie, before, alloc, undo, &start,
				      &end);
		if (likely(slots[i]))
			ticks[samples++] = end - start;
	}
	loop_end(b, i, samples);
}

/* Empty the slots, each call timed. What the deadline leaves is the caller's. */
static __always_inline void loop_empty(struct burst *b, row_call free)
{
	const struct ask ask = b->ask;
	const unsigned int count = b->count, words = b->cookie_words;
	const u64 deadline = b->deadline;
	const u32 *const index = b->index;
	void **const slots = b->slots;
	u64 *const ticks = b->free;
	unsigned int i, at, samples = 0;
	u64 start, end = 0;
	u64 *cookie;
	void *p;

	for (i = 0; i < count && end < deadline; i++) {
		at = index ? index[i] : i;
		cookie = b->cookies + (size_t)at * words;
		p = slots[at];
		slots[at] = NULL;
		if (unlikely(!p))
			continue;
		start = clock_begin(OP_FREE);
		free(ask, cookie, p);
		end = clock_end(OP_FREE);
		ticks[samples++] = end - start;
	}
	loop_end(b, i, samples);
}

/*
 * A sample is b->calls pairs without a clock read between them. What a row does
 * before its call would be timed with it: such rows are not asked to.
 */
static __always_inline void loop_pair_stretch(struct burst *b, row_call before,
					      row_call alloc, row_call undo,
					      row_call free)
{
	const struct ask ask = b->ask;
	const unsigned int count = b->count, calls = b->calls;
	const u64 deadline = b->deadline;
	u64 *const cookie = b->cookies;
	u64 *const ticks = b->alloc;
	unsigned int i, left, samples = 0;
	u64 start, end = 0;
	void *p, *q = NULL;

	for (i = 0; i < count && end < deadline; i++) {
		start = loop_begin(b, OP_PAIR);
		for (left = calls; left; left--) {
			if (before)
				q = before(ask, cookie, NULL);
			p = loop_try(ask, cookie, q, alloc, undo);
			if (unlikely(!p))
				break;
			free(ask, cookie, p);
		}
		end = clock_end(OP_PAIR);
		if (unlikely(b->counters))
			end = kab_counters_end(b->counters, OP_PAIR, samples);
		if (likely(!left))
			ticks[samples++] = end - start;
	}
	loop_end(b, i, samples);
}

/* Undo what came before the allocation of the slots from @first to @end. */
static __always_inline void loop_undo(struct burst *b, unsigned int first,
				      unsigned int end, row_call undo)
{
	unsigned int i;
	void *q;

	for (i = first; i < end; i++) {
		q = b->slots[i];
		b->slots[i] = NULL;
		undo(b->ask, b->cookies + (size_t)i * b->cookie_words, q);
	}
}

/* What comes before the allocation, for all slots: none, or all of them. */
static __always_inline bool loop_before(struct burst *b, row_call before,
					row_call undo)
{
	const struct ask ask = b->ask;
	unsigned int i;

	for (i = 0; i < b->count; i++) {
		b->slots[i] = before(ask, b->cookies + (size_t)i * b->cookie_words,
				     NULL);
		if (unlikely(!b->slots[i])) {
			loop_undo(b, 0, i, undo);
			loop_end(b, 1, 0);
			return false;
		}
	}
	return true;
}

/*
 * One sample: all slots filled without a clock read between the calls. It ends
 * with the first that fails: one that reclaims takes long, and nothing looks at
 * the budget before the end. A row that does something before its call has done
 * it for all of them before the clock is read, and finds the result in the slot.
 */
static __always_inline void loop_fill_stretch(struct burst *b, row_call before,
					      row_call alloc, row_call undo)
{
	const struct ask ask = b->ask;
	const unsigned int count = b->count, words = b->cookie_words;
	void **const slots = b->slots;
	u64 *cookie = b->cookies;
	bool failed = false;
	u64 start, end;
	unsigned int i;

	if (before && !loop_before(b, before, undo))
		return;
	start = loop_begin(b, OP_ALLOC);
	for (i = 0; i < count && !failed; i++, cookie += words) {
		slots[i] = loop_try(ask, cookie, before ? slots[i] : NULL,
				    alloc, undo);
		failed = !slots[i];
	}
	end = clock_end(OP_ALLOC);
	if (unlikely(b->counters))
		end = kab_counters_end(b->counters, OP_ALLOC, 0);
	if (!failed)
		b->alloc[0] = end - start;
	if (before)
		loop_undo(b, i, count, undo);
	loop_end(b, i, i - failed);
	/* Of the whole, not of each call. */
	b->samples = !failed;
}

/* One sample: all slots emptied without a clock read between the calls. */
static __always_inline void loop_empty_stretch(struct burst *b, row_call free)
{
	const struct ask ask = b->ask;
	const unsigned int count = b->count, words = b->cookie_words;
	void **const slots = b->slots;
	u64 *cookie = b->cookies;
	unsigned int i, failed = 0;
	u64 start, end;
	void *p;

	start = loop_begin(b, OP_FREE);
	for (i = 0; i < count; i++, cookie += words) {
		p = slots[i];
		slots[i] = NULL;
		if (unlikely(!p))
			failed++;
		else
			free(ask, cookie, p);
	}
	end = clock_end(OP_FREE);
	if (unlikely(b->counters))
		end = kab_counters_end(b->counters, OP_FREE, 0);
	if (!failed)
		b->free[0] = end - start;
	loop_end(b, i, i - failed);
	/* Of the whole, not of each call. */
	b->samples = !failed;
}

/* Writes a byte every @step bytes of each memory, timed for each. Returns the samples. */
static __always_inline unsigned int
loop_touch(void *const *memory, unsigned int count, size_t size, size_t step,
	   u64 *ticks, enum result_op op)
{
	unsigned int i, samples = 0;
	u64 start;
	size_t at;

	for (i = 0; i < count; i++) {
		u8 *const p = memory[i];

		if (!p)
			continue;
		start = clock_begin(op);
		for (at = 0; at < size; at += step)
			WRITE_ONCE(p[at], 1);
		ticks[samples++] = clock_end(op) - start;
	}
	return samples;
}

#endif
