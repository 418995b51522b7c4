// SPDX-License-Identifier: GPL-2.0
/*
 * sampling - what a worker does with a cell: warm up, take the samples, stay
 * loaded for the others, give everything back.
 */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/processor.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/vmstat.h>

#include "calls.h"
#include "compat.h"
#include "compat_state.h"
#include "counters.h"
#include "room.h"
#include "sampling.h"
#include "tail.h"

/* After this many calls the slowest clock has moved: it ticks once a microsecond. */
#define STILL_CALLS	100

/* Warm-up ends when two chunks agree, or after this many. */
#define WARM_CHUNKS_MAX	16

/*
 * Marks for those who follow the instructions from outside: the calibration or
 * the next measured cell begins, or a chunk of warm-up, or one of samples. They
 * do nothing, and say different things, or the compiler would make one of them.
 */
static noinline void kab_mark_cell(void)
{
	asm volatile("# cell");
}

static noinline void kab_mark_warmup(void)
{
	asm volatile("# warmup");
}

static noinline void kab_mark_sample(void)
{
	asm volatile("# sample");
}

static unsigned int room_for(struct worker *w, u64 unit)
{
	return kab_room_for(&w->job->need.room, unit, &w->lack);
}

/* Limits the chunk to the room there is. With none, exhaust starts freeing, and others stop. */
static bool limit_to_room(struct worker *w)
{
	const struct job *job = w->job;
	const bool piles = job->need.room.piles;
	unsigned int most;

	if (w->full || (w->room_checked && !job->watched))
		return true;
	w->room_checked = true;
	most = room_for(w, piles ? max(job->need.calls, 1U) : 1);
	if (piles)
		w->want = min(w->want, most);
	if (most)
		return true;
	w->low = true;
	if (job->pattern->traits & PATTERN_FILLS) {
		w->full = true;
		return true;
	}
	w->stop = max(w->stop, WORKER_LOW);
	return false;
}

/* Neither timed nor counted as the harness's cost. Returns whether calls may be made. */
static bool before_chunk(struct worker *w, u64 left)
{
	const struct pattern *pattern = w->job->pattern;

	w->left = left;
	w->want = min_t(u64, left, w->job->need.chunk);
	w->failed = 0;
	w->seen_mapped = 0;
	w->seen_all = 0;
	memset(w->n, 0, sizeof(w->n));
	if (!limit_to_room(w))
		return false;
	if (pattern->between)
		pattern->between(w);
	return true;
}

/* Waits for what a full batch has queued to be freed: the cost that kfree_rcu() puts off. */
static void settle(struct worker *w, bool full)
{
	u64 start;

	if (!(w->job->alloc->traits & ALLOC_SETTLES) || !full || w->filled)
		return;
	start = clock_begin(OP_SETTLE);
	compat_kfree_barrier();
	w->ticks[OP_SETTLE][0] = clock_end(OP_SETTLE) - start;
	w->n[OP_SETTLE] = 1;
}

/* A chunk of calls that nobody records. */
static void warm_chunk(struct worker *w)
{
	bool full;

	if (!before_chunk(w, U64_MAX))
		return;
	full = w->full;
	w->job->context->call(w);
	settle(w, full);
}

/* Objects that wait for a grace period are as good as held. The budget bounds the wait. */
static void breathe(struct worker *w, u64 since, u64 budget)
{
	budget = min(budget, w->job->budget_ticks);
	while ((w->job->alloc->traits & ALLOC_DEFERS) &&
	       !room_for(w, max_t(u64, w->job->need.calls, WORKER_CHUNK)) &&
	       !job_ends(w->job) && clock_now() - since < budget)
		msleep(20);
}

/*
 * WORKER_RUNS if the clock has moved, and forwards. One that is set back to
 * before its zero shows a huge value, which is not later all the same.
 */
static enum worker_stop check_clock(struct worker *w, u64 since, u64 now)
{
	u64 seen = w->seen ?: since;

	if (time_after64(since, seen))
		seen = since;
	w->seen = now;
	if (time_before64(now, seen))
		return WORKER_BACKWARDS;
	if (now != seen)
		w->still = 0;
	else
		w->still += 1 + w->n[OP_ALLOC] + w->n[OP_FREE] + w->n[OP_PAIR];
	return w->still > STILL_CALLS ? WORKER_STILL : WORKER_RUNS;
}

static enum worker_stop find_stop(struct worker *w, u64 since, u64 budget)
{
	const u64 now = clock_now();
	enum worker_stop stop;

	if (job_ends(w->job))
		return WORKER_ABORTED;
	if (raw_smp_processor_id() != w->cpu)
		return WORKER_CPU_GONE;
	stop = max(w->stop, check_clock(w, since, now));
	if (stop == WORKER_RUNS && now - since > budget)
		return WORKER_BUDGET;
	return stop;
}

/* Between two chunks: whether the worker has to leave. */
static bool stopped(struct worker *w, u64 since, u64 budget)
{
	cond_resched();
	breathe(w, since, budget);
	if (w->stop <= WORKER_BUDGET)
		w->stop = find_stop(w, since, budget);
	/* What the others measure is thrown away: they leave, too. */
	if (w->stop >= WORKER_IN_DOUBT)
		WRITE_ONCE(w->job->lost, true);
	return w->stop != WORKER_RUNS;
}

/*
 * While an idle CPU gets up to speed, reading the clock takes twice as many of
 * its ticks, which are all of one length: were that taken for the clock's cost,
 * it would be taken off all calls.
 */
static void spin(const struct job *job)
{
	const unsigned long until = jiffies + msecs_to_jiffies(job->spin_ms);

	while (job->spin_ms && time_before(jiffies, until) &&
	       !job_ends(job)) {
		clock_spin_1000();
		cond_resched();
	}
}

static u64 cheapest(const struct worker *w)
{
	enum result_op op = w->n[OP_PAIR] ? OP_PAIR : OP_ALLOC;
	u64 least = U64_MAX;
	unsigned int i;

	for (i = 0; i < w->n[op]; i++)
		least = min(least, w->ticks[op][i]);
	return least;
}

/* Nothing interrupts a stretch: calls are timed one by one first, and no long one is begun. */
static void try_stretch(struct worker *w)
{
	const struct job *job = w->job;
	unsigned int i, slow = 0;
	u64 most;

	if (!job->need.calls || w->stop != WORKER_RUNS)
		return;

	w->timing = true;
	warm_chunk(w);
	w->timing = false;
	most = div_u64(job->stretch_ticks, job->need.calls);
	for (i = 0; i < w->n[OP_ALLOC]; i++)
		slow += w->ticks[OP_ALLOC][i] + w->ticks[OP_FREE][i] > most;
	/* Most of them: one may have met an interrupt or a new slab. */
	if (slow > i / 2)
		w->stop = WORKER_STRETCH;
}

/* The calls asked for, then until two chunks agree on the cheapest: half the budget at most. */
static void warm_up(struct worker *w)
{
	const struct job *job = w->job;
	const u64 since = clock_now();
	unsigned int chunks = 0;
	u64 before = 0, least = 1, calls = 0;

	try_stretch(w);
	while (w->stop == WORKER_RUNS &&
	       (calls < job->warmup ||
		(calls && before != least && chunks < WARM_CHUNKS_MAX))) {
		kab_mark_warmup();
		warm_chunk(w);
		stopped(w, since, job->budget_ticks / 2);
		/* A chunk that only frees says nothing. */
		if (w->n[OP_ALLOC] + w->n[OP_PAIR] + w->failed == 0)
			continue;
		calls += (U64_MAX - w->left) * max(job->need.calls, 1U);
		chunks += calls >= job->warmup;
		before = least;
		least = cheapest(w);
	}
	if (w->stop == WORKER_BUDGET)
		w->stop = calls < job->warmup ? WORKER_WARM_BUDGET : WORKER_RUNS;
}

/* Another object shall be hot for each share of the samples. */
static void move_on(struct worker *w)
{
	const unsigned int moves = w->job->need.moves;

	if (w->moved == moves || w->tried * moves < w->moved * w->job->samples ||
	    !room_for(w, 2))
		return;
	kab_mark_warmup();
	kab_calls_move_on(w);
}

static unsigned int want_at_once(const struct worker *w)
{
	const unsigned int moves = w->job->need.moves;

	return moves ? min_t(u64, w->want,
			     DIV64_U64_ROUND_UP(w->job->samples, moves)) :
		       w->want;
}

/*
 * The first call after a chunk's bookkeeping finds less of itself in the caches
 * and predictors: in user space on an EPYC, with kab_hist_fold() and four system
 * calls between chunks of 128, malloc() and free() took 196 ticks there (p90
 * 269) and 172 (p90 196) at all other places; with one such call that nobody
 * records before it, 172. That would be 0.78 % of all samples, what lies above
 * p99.9. Patterns that do not get the same object again and again have no such
 * call: it would take the path that the sample is meant to see, a new slab.
 */
static void warm_call(struct worker *w)
{
	const struct job *job = w->job;

	if (!(job->pattern->traits & PATTERN_SAME) || job->need.calls ||
	    (job->pattern->traits & PATTERN_COLD))
		return;
	kab_mark_warmup();
	if (!before_chunk(w, U64_MAX))
		return;
	w->want = 1;
	job->context->call(w);
}

/* Per-CPU batches hide the last slab pages: a cause seen is real, one missed is unexplained. */
static void read_causes(u64 *now, unsigned int cpu)
{
	now[TAIL_INTERRUPT] = compat_irqs(cpu);
	now[TAIL_SWITCH] = current->nivcsw;
	now[TAIL_MIGRATION] = current->se.nr_migrations;
	now[TAIL_SLAB] =
		global_node_page_state_pages(NR_SLAB_UNRECLAIMABLE_B) +
		global_node_page_state_pages(NR_SLAB_RECLAIMABLE_B);
}

/* Adds the time of a chunk. A sample that is longer ends before it begins. */
static void add_wall(struct worker *w, const u64 *max, u64 took)
{
	bool backwards = (s64)took < 0;
	enum result_op op;

	w->wall += took;
	for (op = 0; op < OPS; op++)
		backwards |= max[op] > took;
	if (backwards && w->stop < WORKER_BACKWARDS)
		w->stop = WORKER_BACKWARDS;
}

/* Adds the samples of a chunk to the distributions; gets the largest of each op. */
static void record(struct worker *w, unsigned int tried, u64 *max)
{
	struct result_worker *r = &w->recorded;
	const struct hist *allocs = r->hist[OP_ALLOC];
	const u64 before = allocs ? allocs->sum : 0;
	enum result_op op;

	/* A neighbour that is still loaded sends more than was asked for. */
	if (w->job->pattern->traits & PATTERN_REMOTE)
		w->n[OP_FREE] = min_t(u64, w->n[OP_FREE],
				      w->job->samples - r->hist[OP_FREE]->n);
	kab_counters_record(w->counters, r);
	for (op = 0; op < OPS; op++)
		max[op] = w->n[op] ? kab_hist_fold(r->hist[op], w->ticks[op],
						   w->n[op], r->overhead[op]) : 0;
	if (w->n[OP_ALLOC])
		r->last = (struct result_last){
			w->n[OP_ALLOC], allocs->sum - before, max[OP_ALLOC]
		};
	w->tried += tried;
	w->fail += w->failed;
	w->fell += w->seen_mapped;
	w->examined += w->seen_all;
}

static void sample_chunk(struct worker *w)
{
	const u64 left = w->job->samples - w->tried;
	u64 before[TAIL_CAUSES], after[TAIL_CAUSES], max[OPS], since;
	bool full;

	move_on(w);
	warm_call(w);
	if (!before_chunk(w, left))
		return;
	w->want = want_at_once(w);
	full = w->full;
	read_causes(before, w->cpu);
	kab_mark_sample();
	since = clock_now();
	w->job->context->call(w);
	settle(w, full);
	record(w, left - w->left, max);
	add_wall(w, max, clock_now() - since);
	read_causes(after, w->cpu);
	kab_tail_note(w->tail, before, after, max, w->n);
}

static bool finished(const struct worker *w)
{
	if (w->over)
		return true;
	if (w->tried < w->job->samples)
		return false;
	if (w->job->pattern->traits & PATTERN_REMOTE)
		return w->recorded.hist[OP_FREE]->n + w->fail >= w->job->samples;
	return !w->filled;
}

/* Stay loaded until all workers are at the same point: they share caches. */
static void load_until(struct worker *w, atomic_t *waiting)
{
	const u64 since = clock_now();

	atomic_dec(waiting);
	while (atomic_read(waiting) > 0 && !stopped(w, since, U64_MAX)) {
		warm_chunk(w);
		cpu_relax();
	}
}

/* From the first look at the job to where a sample can be taken. */
static void begin(struct worker *w)
{
	struct job *job = w->job;
	enum result_op op;

	for (op = 0; op < OPS; op++)
		if (w->recorded.hist[op])
			kab_hist_clear(w->recorded.hist[op]);
	kab_mark_warmup();
	spin(job);
	kab_calls_tare(w);
	if (job->pattern->open)
		job->pattern->open(w);
	if (job->pattern->traits & PATTERN_ONCE)
		return;
	warm_up(w);
	load_until(w, &job->warm);
	if (job->pattern->traits & PATTERN_TURNS)
		kab_calls_drain(w);
}

/* After the last sample: what others wait for. */
static void end(struct worker *w)
{
	enum worker_stop stop;

	/* What comes now, the freeing of what is left, is nobody's sample. */
	kab_mark_warmup();
	if (w->stop == WORKER_BUDGET && finished(w))
		w->stop = WORKER_RUNS;
	if (w->stop == WORKER_RUNS && w->tried < w->job->samples)
		w->stop = WORKER_OVER;
	if (w->job->pattern->traits & PATTERN_ONCE)
		return;
	/* What happens while waiting for others does not taint the samples. */
	stop = w->stop;
	load_until(w, &w->job->busy);
	if (w->stop != WORKER_CPU_GONE)
		w->stop = stop;
}

static void clean_up(struct worker *w)
{
	struct job *job = w->job;

	/* Nobody frees his objects while another may still be at them. */
	atomic_dec(&job->inside);
	while (atomic_read(&job->inside) > 0) {
		cond_resched();
		cpu_relax();
	}
	kab_calls_drain(w);
	/* Or it would be freed while the next cell is measured, on its CPUs. */
	if ((job->alloc->traits & ALLOC_DEFERS) && !READ_ONCE(job->plan->stop))
		compat_kfree_settle();
	compat_frag_drain(&w->frag);
	if (atomic_dec_and_test(&job->left))
		complete(&job->done);
}

static void sampling_main(struct kthread_work *work)
{
	struct worker *w = container_of(work, struct worker, work);
	u64 since;

	begin(w);
	since = clock_now();
	while (w->stop == WORKER_RUNS && !finished(w)) {
		sample_chunk(w);
		stopped(w, since, w->job->budget_ticks);
	}
	end(w);
	clean_up(w);
}

/**
 * kab_sampling_run() - let all workers do a job, and wait until it is done
 * @crew: workers
 * @job: job that kab_crew_prepare() has seen
 *
 * Context: a kernel thread, may sleep. No signal reaches it, and who sleeps
 * interruptibly is not taken for a task that hangs.
 */
void kab_sampling_run(struct crew *crew, struct job *job)
{
	unsigned int i;

	kab_mark_cell();
	atomic_set(&job->warm, crew->n);
	atomic_set(&job->busy, crew->n);
	atomic_set(&job->inside, crew->n);
	atomic_set(&job->left, crew->n);
	init_completion(&job->done);
	for (i = 0; i < crew->n; i++) {
		kthread_init_work(&crew->workers[i]->work, sampling_main);
		kthread_queue_work(crew->workers[i]->thread,
				   &crew->workers[i]->work);
	}
	while (wait_for_completion_interruptible(&job->done))
		;
}
