// SPDX-License-Identifier: GPL-2.0
/*
 * calls - what a pattern can ask of a worker: aim a timed loop at some slots,
 * and keep the books.
 */
#include <linux/irqflags.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sizes.h>

#include "calls.h"
#include "counters.h"
#include "room.h"
#include "rows.h"

/* Empty stretches that are measured; an interrupt may meet some of them. */
#define TARE_STRETCHES	16

static void aim(struct worker *w, struct worker *owner, unsigned int slot,
		unsigned int count)
{
	struct burst *b = &w->burst;

	b->count = count;
	b->ask.size = owner->sizes ? owner->sizes[slot] : w->job->size;
	b->slots = owner->slots + slot;
	b->index = NULL;
	b->cookies = owner->cookies + slot * b->cookie_words;
	b->alloc = w->ticks[OP_ALLOC] + w->n[OP_ALLOC];
	b->free = w->ticks[OP_FREE] + w->n[OP_FREE];
}

/* Others get the CPU between two calls that take long. */
static void pause(const struct worker *w)
{
	if (w->job->size >= SZ_1M && !(w->job->context->traits & CONTEXT_ATOMIC))
		cond_resched();
}

static void own_slot(void **slot)
{
	WRITE_ONCE(*slot, READ_ONCE(*slot));
}

/*
 * Fetches the slots of a burst for writing. A slot is written right before or
 * after a clock read, and neither LFENCE nor ISB waits for a store: were its
 * line another CPU's (pattern remote, one call in eight) or out of the caches
 * (a million slots), it would be fetched while the next call is timed, and the
 * first locked instruction of that call would wait for it. Between two cores of
 * an EPYC that takes 73 ticks: in user space a store and a locked add between
 * the reads took 147 where the line was the other core's, 74 elsewhere. With the
 * store before the first read it was 74 everywhere, for LFENCE, RDTSC and LFENCE
 * take long enough to hide it; between sockets they would not.
 */
static void own_slots(const struct burst *b)
{
	const unsigned int step = SMP_CACHE_BYTES / sizeof(void *);
	unsigned int i;

	for (i = 0; b->index && i < b->count; i++)
		own_slot(b->slots + b->index[i]);
	for (i = 0; !b->index && i < b->count; i += step)
		own_slot(b->slots + i);
	if (!b->index && b->count)
		own_slot(b->slots + b->count - 1);
	/* Until the lines are here. */
	smp_mb();
}

static void note_tries(struct worker *w, unsigned int tried,
		       unsigned int failed)
{
	w->want -= tried;
	w->left -= tried;
	w->failed += failed;
}

/* Between the calls, not in them: what is new in the slots. */
static void look_where(struct worker *w, unsigned int slot, unsigned int count)
{
	unsigned int i;

	if (!w->job->looks)
		return;
	for (i = slot; i < slot + count; i++) {
		if (!w->slots[i])
			continue;
		w->seen_all++;
		w->seen_mapped += is_vmalloc_addr(w->slots[i]);
	}
}

static void fill(struct worker *w, unsigned int slot, unsigned int count,
		 bool stretch)
{
	struct burst *b = &w->burst;

	aim(w, w, slot, count);
	own_slots(b);
	if (stretch)
		w->job->loops->fill_stretch(b);
	else
		w->job->loops->fill(b);
	note_tries(w, stretch ? 1 : b->done, b->failed);
	w->n[OP_ALLOC] += b->samples;
	w->recorded.allocs += b->done - b->failed;
	look_where(w, slot, b->done);
}

/**
 * kab_calls_alloc() - fill slots, each call timed
 * @w: worker
 * @slot: the first
 * @count: how many, at most @w->want; 1 where sizes differ
 *
 * Context: the cell's.
 * Return: how many slots hold an object now.
 */
unsigned int kab_calls_alloc(struct worker *w, unsigned int slot,
			     unsigned int count)
{
	if (w->sizes)
		w->sizes[slot] = max_t(size_t, w->job->alloc->min ?: 1,
				       w->job->size >>
				       calls_random(w, w->job->need.mix));
	fill(w, slot, count, false);
	return w->burst.samples;
}

/**
 * kab_calls_fill() - fill slots, each call or the whole stretch timed
 * @w: worker
 * @slot: the first
 * @count: how many; a stretch has as many as the job says
 *
 * Context: the cell's.
 * Return: how many slots are done with: all of a stretch, those after an
 * allocation that failed stay empty.
 */
unsigned int kab_calls_fill(struct worker *w, unsigned int slot,
			    unsigned int count)
{
	const unsigned int calls = w->job->need.calls;

	if (calls)
		fill(w, slot, calls, true);
	else
		kab_calls_alloc(w, slot, min(count, w->want));
	return calls ?: w->burst.done;
}

/**
 * kab_calls_free() - empty slots of any worker, in one burst
 * @w: worker that frees
 * @owner: worker that has the slots
 * @slot: the first
 * @count: how many; 1 where sizes differ
 * @index: in which order, counted from @slot, each call timed; NULL for as they
 *	stand, the whole stretch timed where the job says so
 *
 * Context: the cell's.
 * Return: how many slots were tried before the burst was to end.
 */
unsigned int kab_calls_free(struct worker *w, struct worker *owner,
			    unsigned int slot, unsigned int count,
			    const u32 *index)
{
	struct burst *b = &w->burst;

	aim(w, owner, slot, count);
	b->index = index;
	own_slots(b);
	if (w->job->need.calls && !index)
		w->job->loops->empty_stretch(b);
	else
		w->job->loops->empty(b);
	w->recorded.frees += b->done - b->failed;
	w->n[OP_FREE] += b->samples;
	return b->done;
}

/* Two functions, for the clock reads of each have their own marks. */
static noinline unsigned int touch_first(struct worker *w, unsigned int count,
					 u64 *ticks)
{
	return loop_touch(w->memory, count, w->job->size,
			  w->job->need.touch_step, ticks, OP_TOUCH);
}

static noinline unsigned int touch_again(struct worker *w, unsigned int count,
					 u64 *ticks)
{
	return loop_touch(w->memory, count, w->job->size,
			  w->job->need.touch_step, ticks, OP_RETOUCH);
}

/**
 * kab_calls_touch() - write to live objects, and once more, where the job says so
 * @w: worker
 * @slot: the first
 * @count: how many, at most WORKER_CHUNK
 *
 * Context: the cell's.
 */
void kab_calls_touch(struct worker *w, unsigned int slot, unsigned int count)
{
	const struct job *job = w->job;
	unsigned int i;

	if (!job->need.touch_step)
		return;
	for (i = 0; i < count; i++) {
		void *object = w->slots[slot + i];

		w->memory[i] = object && job->alloc->address ?
			       job->alloc->address(object) : object;
	}
	w->n[OP_TOUCH] += touch_first(w, count,
				      w->ticks[OP_TOUCH] + w->n[OP_TOUCH]);
	pause(w);
	w->n[OP_RETOUCH] += touch_again(w, count,
					w->ticks[OP_RETOUCH] + w->n[OP_RETOUCH]);
}

/* What is done to an object, looking or writing, stands between its calls. */
static void pair_singly(struct worker *w)
{
	while (calls_wanted(w)) {
		if (!kab_calls_alloc(w, 0, 1))
			continue;
		pause(w);
		kab_calls_touch(w, 0, 1);
		pause(w);
		kab_calls_free(w, w, 0, 1, NULL);
	}
}

/**
 * kab_calls_pair() - allocate and free as often as this chunk wants
 * @w: worker
 *
 * Context: the cell's.
 */
void kab_calls_pair(struct worker *w)
{
	const struct job *job = w->job;
	struct burst *b = &w->burst;

	if (!w->timing && (job->looks || job->need.touch_step)) {
		pair_singly(w);
		return;
	}
	aim(w, w, 0, w->want);
	if (job->need.calls && !w->timing) {
		b->calls = job->need.calls;
		b->alloc = w->ticks[OP_PAIR] + w->n[OP_PAIR];
		job->loops->pair_stretch(b);
		w->n[OP_PAIR] += b->samples;
	} else {
		job->loops->pair(b);
		w->n[OP_ALLOC] += b->samples;
		w->n[OP_FREE] += b->samples;
		w->recorded.allocs += b->samples;
		w->recorded.frees += b->samples;
	}
	note_tries(w, b->done, b->failed);
}

/**
 * kab_calls_burst() - make the calls of a chunk
 * @w: worker
 *
 * Context: the cell's; called by way of struct context.
 */
void kab_calls_burst(struct worker *w)
{
	const struct job *job = w->job;
	/* The references measure the ruler: nothing may come between. */
	const bool alone = (job->alloc->traits & ALLOC_REFERENCE) &&
			   !w->counters;
	struct mem_cgroup *before;
	unsigned long flags = 0;

	if (!job->context->holds()) {
		w->stop = WORKER_CONTEXT;
		return;
	}
	/* A kernel thread is charged to nobody unless it is told to whom. */
	before = set_active_memcg(job->need.room.memcg);
	if (alone)
		local_irq_save(flags);
	w->burst.deadline = clock_now() + job->burst_ticks;
	if (w->timing)
		kab_calls_pair(w);
	else
		job->pattern->burst(w);
	if (alone)
		local_irq_restore(flags);
	set_active_memcg(before);
}

/* Calls that nobody records: room for their samples is made again and again. */
static void unrecorded(struct worker *w)
{
	w->n[OP_ALLOC] = 0;
	w->n[OP_FREE] = 0;
	w->want = WORKER_CHUNK;
	w->left = U64_MAX;
	w->burst.deadline = U64_MAX;
	cond_resched();
}

/* An empty stretch of each kind that the pattern has: the least comes off. */
static void weigh_stretch(struct worker *w)
{
	const struct alloc_loops *empty = &kab_allocs_null->loops;
	const bool turns = w->job->pattern->traits & PATTERN_TURNS;
	const enum result_op op = turns ? OP_ALLOC : OP_PAIR;
	u64 *const tare = w->recorded.overhead;

	unrecorded(w);
	aim(w, w, 0, turns ? w->job->need.calls : 1);
	w->burst.calls = w->job->need.calls;
	if (turns) {
		empty->fill_stretch(&w->burst);
		empty->empty_stretch(&w->burst);
		tare[OP_FREE] = min(tare[OP_FREE], w->burst.free[0]);
		kab_counters_tare(w->counters, OP_FREE, &w->recorded);
	} else {
		empty->pair_stretch(&w->burst);
	}
	tare[op] = min(tare[op], w->burst.alloc[0]);
	kab_counters_tare(w->counters, op, &w->recorded);
}

/**
 * kab_calls_tare() - find what comes off the samples of a cell
 * @w: worker, prepared
 *
 * The clock's own cost off a call; what the loop costs, too, off a stretch: some
 * six instructions a call, which is 5 % of kmalloc(). That is measured with the
 * loop of the allocator that does nothing, and so a stretch of N calls is worth
 * N single ones.
 *
 * Context: process, may sleep.
 */
void kab_calls_tare(struct worker *w)
{
	enum result_op op;
	unsigned int i;

	for (op = 0; op < OPS; op++)
		w->recorded.overhead[op] = w->clock_overhead;
	if (!w->job->need.calls)
		return;
	w->recorded.overhead[OP_ALLOC] = U64_MAX;
	w->recorded.overhead[OP_FREE] = U64_MAX;
	w->recorded.overhead[OP_PAIR] = U64_MAX;
	for (i = 0; i < TARE_STRETCHES; i++)
		weigh_stretch(w);
}

/**
 * kab_calls_prefill() - fill the first slots before anything is timed
 * @w: worker; stops where the budget or the memory does not suffice
 * @count: how many
 *
 * May take half of the budget, as warming up may.
 *
 * Context: process, may sleep.
 */
void kab_calls_prefill(struct worker *w, unsigned int count)
{
	struct mem_cgroup *before = set_active_memcg(w->job->need.room.memcg);
	const u64 deadline = clock_now() + w->job->budget_ticks / 2;
	unsigned int i, room = 0;

	for (i = 0; i < count && w->stop == WORKER_RUNS; i++, room--) {
		if (job_ends(w->job))
			break;
		unrecorded(w);
		if (!room)
			room = min_t(unsigned int, WORKER_CHUNK,
				     kab_room_for(&w->job->need.room, 1,
						  &w->lack));
		if (time_after64(clock_now(), deadline))
			w->stop = WORKER_DEPTH_BUDGET;
		else if (!room)
			w->stop = WORKER_LOW;
		else if (!kab_calls_alloc(w, i, 1))
			w->stop = WORKER_DEPTH;
	}
	set_active_memcg(before);
}

/**
 * kab_calls_move_on() - hold the object that is hot, and warm the next one
 * @w: worker, whose slots after the first are for objects that are held
 *
 * Context: process, may sleep.
 */
void kab_calls_move_on(struct worker *w)
{
	struct mem_cgroup *before = set_active_memcg(w->job->need.room.memcg);

	unrecorded(w);
	kab_calls_alloc(w, ++w->moved, 1);
	if (kab_calls_alloc(w, 0, 1))
		kab_calls_free(w, w, 0, 1, NULL);
	set_active_memcg(before);
}

/**
 * kab_calls_drain() - free whatever is in the slots
 * @w: worker
 *
 * There may be a million, and somebody may wait for the CPU.
 *
 * Context: process, may sleep.
 */
void kab_calls_drain(struct worker *w)
{
	const u64 n = w->job->need.slots, at_once = w->sizes ? 1 : WORKER_CHUNK;
	u64 i;

	for (i = 0; i < n; i += w->burst.done) {
		unrecorded(w);
		aim(w, w, i, min(at_once, n - i));
		w->burst.deadline = clock_now() + w->job->burst_ticks;
		w->job->loops->empty(&w->burst);
		w->recorded.frees += w->burst.samples;
	}
	w->filled = 0;
	w->emptied = 0;
	w->full = false;
	w->drawn = false;
}
