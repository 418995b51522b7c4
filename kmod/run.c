// SPDX-License-Identifier: GPL-2.0
/*
 * run - plan -> cells -> reports.
 */
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/utsname.h>

#include "clock.h"
#include "report.h"
#include "run.h"
#include "worker.h"

#define CALIBRATION_SAMPLES	10000

/* Short enough to stop within 100 ms, and for interrupts to be kept off. */
#define BURST_US_PROCESS	5000
#define BURST_US_ATOMIC		50

/**
 * struct run - a plan on its way
 * @plan: what to do
 * @progress: what can be seen from outside
 * @error: why it failed
 * @out: reports
 * @clock: calibrated
 * @job: the cell that is being done
 * @workers: one for each CPU of the plan
 * @recorded: their samples, as the report wants them
 * @merged: the samples of all
 * @n_workers: entries of @workers
 * @cpus: the CPUs as a list
 * @total: sums
 * @previous: the cell before, for the headings of the summary
 * @any: there is a @previous
 * @err: what the write will return
 */
struct run {
	const struct plan *plan;
	struct run_progress *progress;
	struct plan_error *error;
	struct run_output *out;
	struct result_clock clock;
	struct job job;
	struct worker **workers;
	struct result_worker *recorded;
	struct result_worker merged;
	unsigned int n_workers;
	char cpus[128];
	struct result_total total;
	struct plan_cell previous;
	bool any;
	int err;
};

/**
 * run_patterns() - list the patterns for the parser
 * @words: room for patterns_count words
 *
 * Context: any.
 * Return: the list, which refers to @words.
 */
struct vocab_list run_patterns(struct vocab_word *words)
{
	unsigned int i;

	for (i = 0; i < patterns_count; i++) {
		words[i].name = patterns[i].name;
		words[i].about = patterns[i].about;
		words[i].bits = patterns[i].keys;
	}
	return (struct vocab_list){ "pattern", words, patterns_count };
}

/**
 * run_contexts() - list the contexts for the parser
 * @words: room for contexts_count words
 *
 * Context: any.
 * Return: the list, which refers to @words.
 */
struct vocab_list run_contexts(struct vocab_word *words)
{
	unsigned int i;

	for (i = 0; i < contexts_count; i++) {
		words[i].name = contexts[i].name;
		words[i].about = contexts[i].about;
	}
	return (struct vocab_list){ "context", words, contexts_count };
}

/* Whether a cell cannot be measured; @why gets the rule that forbids it. */
static bool cell_refused(const struct plan *plan, const struct plan_cell *at,
			 struct text *why)
{
	const struct allocator *a = &allocs[at->alloc];

	if (allocs_refuse(a, at->size, (__force gfp_t)at->flags->bits, why))
		return true;
	if ((a->traits & ALLOC_REFERENCE) &&
	    plan->number[PLAN_TOUCH] != TOUCH_NONE) {
		text_printf(why, "%s has no memory to touch", a->name);
		return true;
	}
	return false;
}

/**
 * run_check() - whether anything of a plan can be measured
 * @plan: plan
 * @error: filled when not
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int run_check(const struct plan *plan, struct plan_error *error)
{
	unsigned int i;
	char why[160];
	struct text t;

	for (i = 0; i < plan->n_cells; i++) {
		struct plan_cell at = plan_cell(plan, i);

		text_init(&t, why, sizeof(why));
		if (!cell_refused(plan, &at, &t))
			return 0;
	}
	return plan_refuse(error, -EINVAL, "no cell would be left: %s", why);
}

static u64 held_bytes(const struct plan *plan)
{
	u64 most = 0;
	unsigned int i;
	struct text t;

	for (i = 0; i < plan->n_cells; i++) {
		struct plan_cell at = plan_cell(plan, i);
		u64 bytes;

		text_init(&t, NULL, 0);
		if (cell_refused(plan, &at, &t))
			continue;
		bytes = allocs_footprint(&allocs[at.alloc], at.size);
		most = max(most, bytes * plan->n_cpus);
	}
	return most;
}

/**
 * run_admit() - whether a plan fits into memory
 * @plan: plan
 * @progress: gets what it would take
 * @error: filled when it does not fit
 *
 * Context: any.
 * Return: 0 or -ENOMEM.
 */
int run_admit(const struct plan *plan, struct run_progress *progress,
	      struct plan_error *error)
{
	u64 half = (u64)si_mem_available() << PAGE_SHIFT >> 1;

	progress->held_bytes = held_bytes(plan);
	progress->recorder_bytes = sizeof(*plan) + OPS * sizeof(struct hist) +
				   plan->n_cpus * worker_bytes();
	if (progress->held_bytes + progress->recorder_bytes <= half)
		return 0;
	return plan_refuse(error, -ENOMEM,
			   "the plan would hold %llu bytes and record into %llu; half of the available memory is %llu",
			   progress->held_bytes, progress->recorder_bytes, half);
}

static u64 us_to_ticks(const struct run *run, u64 us)
{
	return div_u64(us * run->clock.khz, 1000);
}

/* Runs the job on the first @n workers. A signal to the writer stops it. */
static void do_job(struct run *run, unsigned int n)
{
	struct job *job = &run->job;
	unsigned int i;

	job->abort = &run->progress->abort;
	job->n_workers = n;
	atomic_set(&job->warm, n);
	atomic_set(&job->busy, n);
	atomic_set(&job->left, n);
	init_completion(&job->done);
	kab_mark_cell();
	for (i = 0; i < n; i++)
		worker_start(run->workers[i], job);
	if (wait_for_completion_interruptible(&job->done)) {
		WRITE_ONCE(run->progress->abort, true);
		wait_for_completion(&job->done);
	}
}

static int fail_run(struct run *run, const char *why)
{
	if (!run->err)
		run->err = plan_refuse(run->error, -EIO, "%s", why);
	return run->err;
}

/* The smallest cost of an empty region comes off every sample. */
static int calibrate(struct run *run)
{
	const char *refusal = clock_refusal();
	const struct hist *h;

	if (refusal)
		return fail_run(run, refusal);

	run->clock.name = CLOCK_NAME;
	run->clock.khz = clock_khz();
	run->job = (struct job){
		.alloc = allocs_null, .pattern = &patterns[0],
		.context = &contexts[0], .size = 1, .gfp = GFP_KERNEL,
		.node = NUMA_NO_NODE, .samples = CALIBRATION_SAMPLES,
		.warmup = CALIBRATION_SAMPLES / 10,
		.burst_ticks = us_to_ticks(run, BURST_US_PROCESS),
		.budget_ticks = us_to_ticks(run, USEC_PER_SEC),
	};
	do_job(run, 1);

	h = run->workers[0]->recorded.hist[OP_ALLOC];
	if (!h->n || h->max > run->workers[0]->wall)
		return fail_run(run, "the clock does not run evenly: it could not be calibrated");
	run->clock.overhead = min(h->min, run->workers[0]->recorded.hist[OP_FREE]->min);
	run->clock.overhead_p50 = hist_percentile(h, HIST_P50);
	return 0;
}

static void fill_job(struct run *run, const struct plan_cell *at)
{
	static const size_t steps[] = {
		[TOUCH_PAGE] = PAGE_SIZE,
		[TOUCH_LINE] = SMP_CACHE_BYTES,
	};
	const struct context *context = &contexts[at->context];
	const u64 *number = run->plan->number;

	run->job = (struct job){
		.alloc = &allocs[at->alloc],
		.pattern = &patterns[at->pattern],
		.context = context,
		.size = at->size,
		.gfp = (__force gfp_t)at->flags->bits | __GFP_NOWARN,
		.node = number[PLAN_NODE] == PLAN_ANY ? NUMA_NO_NODE :
							(int)number[PLAN_NODE],
		.touch_step = number[PLAN_TOUCH] == TOUCH_NONE ? 0 :
				steps[number[PLAN_TOUCH]],
		.samples = number[PLAN_SAMPLES],
		.warmup = number[PLAN_WARMUP],
		.overhead = run->clock.overhead,
		.burst_ticks = us_to_ticks(run, context->traits & CONTEXT_ATOMIC ?
					   BURST_US_ATOMIC : BURST_US_PROCESS),
		.budget_ticks = us_to_ticks(run, number[PLAN_BUDGET_MS] *
						 USEC_PER_MSEC),
	};
}

/* Self-checks: a sentence on the first that does not hold, or NULL. */
static const char *check_worker(const struct worker *w)
{
	const struct job *job = w->job;
	u64 sum = 0;
	enum result_op op;

	if (w->stop == WORKER_CPU_GONE)
		return "a CPU went away during the run";
	if (w->stop == WORKER_CLOCK)
		return "the clock ran backwards";
	if (w->stop == WORKER_CONTEXT)
		return "the context of the calls was not the one asked for";
	if (w->stop == WORKER_RUNS && w->tried != job->samples)
		return "self-check: fewer samples than requested";
	if (w->recorded.hist[OP_ALLOC]->n + w->fail != w->tried)
		return "self-check: samples and failures are not the calls that were made";
	if (w->gets != w->puts)
		return "self-check: allocations and frees differ";
	for (op = 0; op < OPS; op++) {
		if (w->recorded.hist[op]->max > w->wall ||
		    w->recorded.hist[op]->spilled)
			return "self-check: a sample is longer than the run";
		sum += w->recorded.hist[op]->sum;
	}
	return sum > w->wall ? "self-check: the samples take longer than the run" :
			       NULL;
}

static void judge(struct run *run, struct result_cell *cell, char *reason,
		  size_t room)
{
	const u64 *number = run->plan->number;
	enum worker_stop stop = WORKER_RUNS;
	const char *broken = NULL;
	u64 tried = 0;
	unsigned int i;

	for (i = 0; i < run->n_workers; i++) {
		const struct worker *w = run->workers[i];

		broken = broken ?: check_worker(w);
		stop = max(stop, w->stop);
		tried += w->tried;
		cell->fail += w->fail;
		cell->wall += w->wall;
	}
	cell->reason = reason;
	if (broken) {
		cell->state = STATE_FAILED;
		cell->reason = broken;
		fail_run(run, broken);
	} else if (stop == WORKER_ABORTED) {
		cell->state = STATE_ABORTED;
		snprintf(reason, room, "stopped after %llu of %llu calls", tried,
			 number[PLAN_SAMPLES] * run->n_workers);
	} else if (tried && tried == cell->fail) {
		cell->state = STATE_FAILED;
		snprintf(reason, room, "every allocation failed");
	} else if (stop == WORKER_WARM_BUDGET) {
		cell->state = STATE_SHORT;
		snprintf(reason, room, "half of budget_ms=%llu was over before warmup=%llu was",
			 number[PLAN_BUDGET_MS], number[PLAN_WARMUP]);
	} else if (stop == WORKER_BUDGET) {
		cell->state = STATE_SHORT;
		snprintf(reason, room, "budget_ms=%llu was over after %llu of %llu calls",
			 number[PLAN_BUDGET_MS], tried,
			 number[PLAN_SAMPLES] * run->n_workers);
	}
}

static bool cell_has(const struct run *run, enum result_op op)
{
	switch (op) {
	case OP_TOUCH:
	case OP_RETOUCH:
		return run->job.touch_step;
	case OP_PAIR:
		return false;
	default:
		return true;
	}
}

static void gather(struct run *run, struct result_cell *cell)
{
	enum result_op op;
	unsigned int i;

	for (op = 0; op < OPS; op++) {
		if (!cell_has(run, op))
			continue;
		hist_init(run->merged.hist[op]);
		cell->merged.hist[op] = run->merged.hist[op];
		for (i = 0; i < run->n_workers; i++)
			hist_merge(run->merged.hist[op],
				   run->workers[i]->recorded.hist[op]);
		run->total.outside -= run->merged.hist[op]->sum;
	}
	run->total.outside += cell->wall;
	run->total.pairs += run->merged.hist[OP_ALLOC]->n;
	if (run->n_workers == 1)
		return;

	for (i = 0; i < run->n_workers; i++) {
		run->recorded[i].cpu = run->workers[i]->cpu;
		for (op = 0; op < OPS; op++)
			run->recorded[i].hist[op] = cell_has(run, op) ?
				run->workers[i]->recorded.hist[op] : NULL;
	}
	cell->workers = run->recorded;
	cell->n_workers = run->n_workers;
}

static void emit(struct run *run, const struct result_cell *cell)
{
	struct run_output *out = run->out;

	store_write(out->results, report_cell, cell);
	store_write(out->summary, report_summary_cell, cell,
		    run->any ? &run->previous : NULL, &run->clock);
	run->previous = cell->at;
	run->any = true;
	run->total.cells++;
	if (out->results->full || out->summary->full)
		fail_run(run, "the results do not fit into the memory there is");
}

static void run_cell(struct run *run, unsigned int id)
{
	char reason[160];
	struct text why;
	struct result_cell cell = {
		.at = plan_cell(run->plan, id), .cpus = run->cpus,
		.notes = "", .lines = "", .reason = reason,
	};

	cell.alloc = allocs[cell.at.alloc].name;
	cell.pattern = patterns[cell.at.pattern].name;
	cell.context = contexts[cell.at.context].name;

	text_init(&why, reason, sizeof(reason));
	if (cell_refused(run->plan, &cell.at, &why)) {
		cell.state = STATE_SKIPPED;
	} else if (run->err || READ_ONCE(run->progress->abort)) {
		cell.state = STATE_ABORTED;
		cell.reason = "not started";
	} else {
		fill_job(run, &cell.at);
		do_job(run, run->n_workers);
		judge(run, &cell, reason, sizeof(reason));
		if (!run->err)
			gather(run, &cell);
	}
	emit(run, &cell);
	WRITE_ONCE(run->progress->cell, id + 1);
}

static void run_close(struct run *run)
{
	enum result_op op;
	unsigned int i;

	for (i = 0; i < run->n_workers; i++)
		worker_destroy(run->workers[i]);
	for (op = 0; op < OPS; op++)
		kvfree(run->merged.hist[op]);
	kvfree(run->recorded);
	kvfree(run->workers);
}

static int run_open(struct run *run)
{
	const struct plan *plan = run->plan;
	unsigned int cpu, n = 0;
	enum result_op op;
	bool whole;

	run->workers = kvcalloc(plan->n_cpus, sizeof(*run->workers), GFP_KERNEL);
	run->recorded = kvcalloc(plan->n_cpus, sizeof(*run->recorded), GFP_KERNEL);
	whole = run->workers && run->recorded;
	for (op = 0; op < OPS; op++) {
		run->merged.hist[op] = kvmalloc(sizeof(struct hist), GFP_KERNEL);
		whole &= !!run->merged.hist[op];
	}
	if (whole) {
		run->n_workers = plan->n_cpus;
		for_each_set_bit(cpu, plan->cpus, PLAN_CPUS_MAX) {
			run->workers[n] = worker_create(cpu);
			whole &= !IS_ERR(run->workers[n++]);
		}
	}
	if (whole)
		return 0;
	run_close(run);
	return plan_refuse(run->error, -ENOMEM,
			   "the recorders of %llu bytes do not fit into memory",
			   run->progress->recorder_bytes);
}

static struct result_head make_head(const struct result_clock *clock,
				    const char *param, const char *meta)
{
	return (struct result_head){
		.release = init_utsname()->release,
		.arch = init_utsname()->machine,
		.meta = meta, .param = param, .clock = *clock,
	};
}

static void write_head(struct run_output *out, const struct result_clock *clock,
		       const char *param)
{
	struct result_head head = make_head(clock, param, "");

	store_write(out->results, report_head, &head);
	store_write(out->summary, report_summary_head, &head);
}

static void write_end(struct run *run)
{
	store_write(run->out->results, report_end, &run->total);
	store_write(run->out->summary, report_summary_end, &run->total,
		    &run->clock);
}

/**
 * run_plan() - measure the cells of a plan
 * @plan: plan, admitted by run_check() and run_admit()
 * @insn: the machine counts instructions: the module was told so
 * @progress: kept up to date; its abort stops the run
 * @out: two empty stores, filled; a run that fails half-way leaves its
 *	finished cells there
 * @error: filled on failure
 *
 * Context: process, may sleep; a signal to the caller stops the run.
 * Return: 0, -ECANCELED, -EIO; or -ENOMEM, with nothing written to @out.
 */
int run_plan(const struct plan *plan, bool insn, struct run_progress *progress,
	     struct run_output *out, struct plan_error *error)
{
	struct run *run = kzalloc(sizeof(*run), GFP_KERNEL);
	unsigned int i;
	int err;

	if (!run)
		return plan_refuse(error, -ENOMEM, "out of memory");

	run->plan = plan;
	run->progress = progress;
	run->error = error;
	run->out = out;
	run->clock.insn = insn;
	snprintf(run->cpus, sizeof(run->cpus), "%*pbl", PLAN_CPUS_MAX,
		 plan->cpus);
	err = run_open(run);
	if (err)
		goto free_run;

	calibrate(run);
	write_head(out, &run->clock, plan->line);
	for (i = 0; i < plan->n_cells; i++)
		run_cell(run, i);
	if (run->err)
		run->total.state = STATE_FAILED;
	else if (progress->abort)
		run->total.state = STATE_ABORTED;
	write_end(run);
	err = run->err;
	if (run->total.state == STATE_ABORTED)
		err = plan_refuse(error, -ECANCELED,
				  "the run was stopped; what it finished is in results");
	run_close(run);
free_run:
	kfree(run);
	return err;
}

/**
 * run_idle() - write the report of no run
 * @insn: as for run_plan()
 * @out: two empty stores, filled
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int run_idle(bool insn, struct run_output *out)
{
	const struct result_clock clock = {
		.name = CLOCK_NAME, .khz = clock_khz(), .insn = insn,
	};
	const struct result_total total = { .state = STATE_IDLE };

	write_head(out, &clock, "");
	store_write(out->results, report_end, &total);
	store_write(out->summary, report_summary_end, &total, &clock);
	return out->results->full || out->summary->full ? -ENOMEM : 0;
}
