// SPDX-License-Identifier: GPL-2.0
/*
 * patterns - the orders in which calls follow each other.
 *
 * A pattern strings bursts together: which slots are filled, which emptied,
 * and when. It stands between the calls, never inside a timed region.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/processor.h>
#include <linux/sched.h>
#include <linux/sizes.h>

#include "calls.h"
#include "rows.h"

/* Which of the live objects is freed as the @i-th? */
static unsigned int batch_slot(const struct worker *w, unsigned int i)
{
	switch (w->job->need.order) {
	case ORDER_LIFO:
		return w->filled - 1 - i;
	case ORDER_RANDOM:
		return w->shuffled[i];
	default:
		return i;
	}
}

/*
 * Fisher and Yates, from the worker's seeded generator. Once for each time it is
 * full: were a burst over before its first free, drawing again would let the
 * clock decide what the seed decides.
 */
static void batch_between(struct worker *w)
{
	unsigned int i, other;

	if (w->job->need.order != ORDER_RANDOM || !w->full || w->drawn)
		return;
	for (i = 0; i < w->filled; i++)
		w->shuffled[i] = i;
	for (; i > 1; i--) {
		other = calls_random(w, i);
		swap(w->shuffled[i - 1], w->shuffled[other]);
	}
	w->drawn = true;
}

static void batch_fill(struct worker *w)
{
	const u64 room = w->job->need.depth - w->filled;
	const u64 calls = max(w->job->need.calls, 1U);
	/* Warm-up has U64_MAX left. */
	unsigned int depth = w->filled + min(room, min(w->left, room) * calls);
	unsigned int first = w->filled;

	while (w->filled < depth && calls_wanted(w))
		w->filled += kab_calls_fill(w, w->filled, depth - w->filled);
	kab_calls_touch(w, first, w->filled - first);
	w->full = w->filled >= depth;
}

/*
 * The next objects to go. All orders are freed by the same loop: one call after
 * the other, each from here, would find colder code than a burst does, and so
 * order=fifo would look cheaper than the others for that alone.
 */
static unsigned int batch_put(struct worker *w, unsigned int n)
{
	unsigned int i;

	if (w->job->need.order == ORDER_FIFO)
		return kab_calls_free(w, w, w->emptied,
				      w->job->need.calls ?: n, NULL);
	for (i = 0; i < n; i++)
		w->index[i] = batch_slot(w, w->emptied + i);
	return kab_calls_free(w, w, 0, n, w->index);
}

static void batch_empty(struct worker *w)
{
	unsigned int frees = 0;

	while (w->emptied < w->filled && frees < WORKER_CHUNK &&
	       clock_now() < w->burst.deadline) {
		unsigned int n = batch_put(w, min(w->filled - w->emptied,
						  WORKER_CHUNK - frees));

		w->emptied += n;
		frees += n;
	}
	if (w->emptied == w->filled) {
		w->filled = 0;
		w->emptied = 0;
		w->full = false;
		w->drawn = false;
	}
}

/* Allocates until the depth is reached, then frees until nothing is left. */
static void batch_burst(struct worker *w)
{
	if (w->full)
		batch_empty(w);
	else
		batch_fill(w);
}

/* Fills the one empty slot, then frees a random one, perhaps the same: the next turn's. */
static void churn_burst(struct worker *w)
{
	while (calls_wanted(w)) {
		if (!kab_calls_alloc(w, w->hole, 1))
			continue;
		w->hole = calls_random(w, w->job->need.depth + 1);
		kab_calls_free(w, w, w->hole, 1, NULL);
	}
}

/* Nobody times how the live objects come to be. */
static void churn_open(struct worker *w)
{
	kab_calls_prefill(w, w->job->need.depth);
	w->hole = w->job->need.depth;
}

static bool ring_full(const struct ring_segment *segment)
{
	/* Pairs with ring_give(): who sees the flag sees the slots. */
	return smp_load_acquire(&segment->full);
}

static void ring_give(struct ring_segment *segment, bool full)
{
	/* Pairs with ring_full(): the slots are written before the flag. */
	smp_store_release(&segment->full, full);
}

static void remote_fill(struct worker *w, struct ring_segment *out)
{
	const unsigned int slot = w->filled++ % WORKER_RING * WORKER_SEGMENT;

	kab_calls_alloc(w, slot, min_t(unsigned int, w->want, WORKER_SEGMENT));
	ring_give(out, true);
}

static void remote_empty(struct worker *w, struct ring_segment *in)
{
	const unsigned int slot = w->emptied % WORKER_RING * WORKER_SEGMENT;

	w->drained += kab_calls_free(w, w->neighbour, slot + w->drained,
				      WORKER_SEGMENT - w->drained, NULL);
	if (w->drained < WORKER_SEGMENT)
		return;
	w->drained = 0;
	w->emptied++;
	ring_give(in, false);
}

/* Fills its own next segment when that is empty, empties its neighbour's when that is full. */
static void remote_burst(struct worker *w)
{
	struct ring_segment *out = &w->ring[w->filled % WORKER_RING];
	struct ring_segment *in =
		&w->neighbour->ring[w->emptied % WORKER_RING];
	const bool fill = w->want && !ring_full(out);
	const bool empty = ring_full(in);

	if (fill)
		remote_fill(w, out);
	if (empty)
		remote_empty(w, in);
	/* Nothing to do for now: an emulator lets the neighbour run. */
	if (!fill && !empty)
		cpu_relax();
}

/* Reads so much that the caches hold nothing else. No warm-up times what has to be cold. */
static void cold_between(struct worker *w)
{
	const struct job *job = w->job;
	size_t i;

	if (w->left == U64_MAX)
		return;
	for (i = 0; i < job->evict_bytes; i += SMP_CACHE_BYTES) {
		READ_ONCE(job->evict[i]);
		if (i & (SZ_1M - 1))
			continue;
		if (job_ends(job))
			return;
		cond_resched();
	}
}

/* Fills until an allocation fails or the bytes are used up, then empties. */
static void exhaust_burst(struct worker *w)
{
	if (w->full) {
		batch_empty(w);
		w->over = !w->filled;
		return;
	}
	while (w->filled < w->job->need.slots && !w->failed && calls_wanted(w))
		w->filled += kab_calls_fill(w, w->filled, 1);
	w->full = w->failed || w->filled == w->job->need.slots || !w->left;
}

enum { PAIR };

const struct pattern kab_patterns[] = {
	[PAIR] = { .word = { "pair", "allocate and free at once" },
	  .traits = PATTERN_TOUCH | PATTERN_STRETCH | PATTERN_SAME,
	  .slots = 1, .burst = kab_calls_pair },
	{ .word = { "batch", "depth= allocations, then as many frees",
		    BIT(PLAN_DEPTH) | BIT(PLAN_ORDER) },
	  .traits = PATTERN_TOUCH | PATTERN_STRETCH | PATTERN_TURNS,
	  .between = batch_between, .burst = batch_burst },
	{ .word = { "churn", "depth= live objects, a random one replaced each time",
		    BIT(PLAN_DEPTH) | BIT(PLAN_MIX) },
	  /* The new object comes before the old one goes. */
	  .spare = 1,
	  .open = churn_open, .burst = churn_burst },
	{ .word = { "remote", "freed on another CPU than allocated on" },
	  .traits = PATTERN_REMOTE, .slots = WORKER_RING * WORKER_SEGMENT,
	  .burst = remote_burst },
	{ .word = { "cold", "pair, with the caches evicted before each" },
	  .traits = PATTERN_TOUCH | PATTERN_COLD | PATTERN_SAME, .chunk = 1,
	  .slots = 1, .between = cold_between, .burst = kab_calls_pair },
	{ .word = { "fragmented", "pair, with no free block of the size's order",
		    BIT(PLAN_SHARE) },
	  .traits = PATTERN_TOUCH | PATTERN_STRETCH | PATTERN_FRAGS |
		    PATTERN_SAME,
	  .slots = 1, .burst = kab_calls_pair },
	{ .word = { "exhaust", "allocate until bytes= are used up or a call fails",
		    BIT(PLAN_BYTES) },
	  .traits = PATTERN_ONCE | PATTERN_FILLS | PATTERN_TURNS,
	  .burst = exhaust_burst },
};

const struct pattern *const kab_patterns_pair = &kab_patterns[PAIR];

const struct vocab_list kab_patterns_list =
	VOCAB_LIST("pattern", kab_patterns, kab_patterns[0].word);
