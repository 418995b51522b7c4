// SPDX-License-Identifier: GPL-2.0
/*
 * run - plan -> cells -> reports.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/time64.h>
#include <linux/utsname.h>
#include <linux/vmalloc.h>

#include "admit.h"
#include "cell.h"
#include "clock.h"
#include "crew.h"
#include "env.h"
#include "fact.h"
#include "report.h"
#include "run.h"

#define CALIBRATION_SAMPLES	10000
#define CALIBRATION_SECONDS	10

/* Lines about a cell beside its ops: those of frag_report() are the longest. */
#define LINES_BYTES		8192
#define META_BYTES		2048

/**
 * struct run - a plan on its way
 * @plan: what to do
 * @progress: what can be seen from outside
 * @error: why it failed
 * @out: reports
 * @clock: calibrated
 * @crew: workers
 * @job: what they do
 * @verdict: how the cell ended
 * @lines: more about it
 * @lines_buf: storage of @lines
 * @meta: what the kernel is like
 * @recorded: the workers' samples, as the report wants them
 * @merged: the samples of all
 * @cpus: the CPUs as a list
 * @evict: memory to read to evict the caches, or NULL
 * @total: sums
 * @previous: the cell before, for the headings of the summary
 * @err: what the write will return
 */
struct run {
	const struct plan *plan;
	struct run_progress *progress;
	struct plan_error *error;
	struct run_output *out;
	struct result_clock clock;
	struct crew crew;
	struct job job;
	struct verdict verdict;
	struct text lines;
	char lines_buf[LINES_BYTES];
	char meta[META_BYTES];
	struct result_worker *recorded;
	struct result_worker merged;
	char *cpus;
	u8 *evict;
	struct result_total total;
	struct plan_cell previous;
	int err;
};

static bool aborted(const struct run *run)
{
	return READ_ONCE(run->progress->abort);
}

static void fail_run(struct run *run, const char *why)
{
	if (!run->err)
		run->err = plan_refuse(run->error, -EIO, "%s", why);
}

static void read_calibration(struct run *run)
{
	const struct worker *w = run->crew.workers[0];
	const struct hist *gets = w->recorded.hist[OP_ALLOC];
	const struct hist *puts = w->recorded.hist[OP_FREE];

	if (aborted(run))
		return;
	if (w->stop == WORKER_CPU_GONE)
		fail_run(run, "a CPU went away during the run");
	else if (w->stop != WORKER_RUNS || gets->max > w->wall)
		fail_run(run, "the clock does not run evenly: it could not be calibrated");
	run->clock.overhead = min(gets->min, puts->min);
	run->clock.overhead_p50 = hist_percentile(gets, HIST_P50);
}

/* The smallest cost of an empty region comes off every sample. */
static void calibrate(struct run *run)
{
	const char *refusal = clock_refusal();

	run->clock.name = CLOCK_NAME;
	run->clock.khz = clock_khz();
	if (refusal) {
		fail_run(run, refusal);
		return;
	}
	run->job = (struct job){
		.alloc = allocs_null, .loops = &allocs_null->loops,
		.pattern = &patterns[0], .context = &contexts[0],
		.size = 1, .gfp = GFP_KERNEL, .node = NUMA_NO_NODE,
		.slots = 1, .depth = 1, .mix = 1,
		.samples = CALIBRATION_SAMPLES,
		.warmup = CALIBRATION_SAMPLES / 10,
		.burst_ticks = cell_ticks(&run->clock, USEC_PER_MSEC),
		.budget_ticks = cell_ticks(&run->clock, CALIBRATION_SECONDS *
							USEC_PER_SEC),
		.abort = run->crew.abort,
	};
	if (crew_prepare(&run->crew, &run->job, 1)) {
		fail_run(run, "no memory to calibrate the clock");
		return;
	}
	/* To those who follow the marks it is a cell like any other. */
	kab_mark_cell();
	crew_work(&run->crew, &run->job, 1);
	read_calibration(run);
}

static bool cell_has(const struct run *run, enum result_op op)
{
	const struct job *job = &run->job;
	const bool pairs = job->calls && !(job->pattern->traits & PATTERN_TURNS);

	switch (op) {
	case OP_TOUCH:
	case OP_RETOUCH:
		return job->touch_step;
	case OP_PAIR:
		return pairs;
	default:
		return !pairs;
	}
}

static void note_workers(struct run *run, struct result_cell *cell)
{
	enum result_op op;
	unsigned int i;

	for (i = 0; i < run->crew.n; i++) {
		const struct worker *w = run->crew.workers[i];

		run->recorded[i].cpu = w->cpu;
		for (op = 0; op < OPS; op++)
			run->recorded[i].hist[op] = cell_has(run, op) ?
				w->recorded.hist[op] : NULL;
	}
	cell->workers = run->recorded;
	cell->n_workers = run->crew.n;
}

static void gather(struct run *run, struct result_cell *cell)
{
	struct worker *const *workers = run->crew.workers;
	u64 accounted = 0, pairs = 0;
	enum result_op op;
	unsigned int i;

	for (op = 0; op < OPS; op++) {
		struct hist *h = run->merged.hist[op];

		if (!cell_has(run, op))
			continue;
		hist_init(h);
		cell->merged.hist[op] = h;
		for (i = 0; i < run->crew.n; i++)
			hist_merge(h, workers[i]->recorded.hist[op]);
		accounted += h->sum;
		pairs = max(pairs, h->n);
	}
	for (i = 0; i < run->crew.n; i++) {
		cell->fail += workers[i]->fail;
		cell->wall += workers[i]->wall;
	}
	cell->calls = run->job.calls;
	run->total.outside += cell->wall - accounted;
	run->total.pairs += pairs * max(run->job.calls, 1U);
	if (run->crew.n > 1)
		note_workers(run, cell);
}

static void emit(struct run *run, const struct result_cell *cell)
{
	const struct plan_cell *previous = run->total.cells ? &run->previous :
							      NULL;
	struct run_output *out = run->out;

	store_write(out->results, report_cell, cell);
	store_write(out->summary, report_summary_cell, cell, previous,
		    &run->clock);
	run->previous = cell->at;
	if (out->results->full || out->summary->full)
		fail_run(run, "the results do not fit into the memory there is");
	else
		run->total.cells++;
	if (cell->state == STATE_ABORTED && !run->err)
		run->total.state = STATE_ABORTED;
}

/* The first cell of an allocator, a size and flags; and of an allocator. */
static bool first_of(const struct plan *plan, unsigned int id, u64 cells)
{
	const u64 inner = (u64)plan->patterns.n * plan->contexts.n;

	return plan_cell(plan, id).round == 0 && !(id % (u32)(inner * cells));
}

static void find_facts(struct run *run, const struct plan_cell *at)
{
	const struct plan *plan = run->plan;
	const u64 node = plan->number[PLAN_NODE];
	const bool all = plan->number[PLAN_FACTS] == FACTS_ALL &&
			 first_of(plan, at->id, plan->total_sizes * plan->n_flags);
	const struct fact_query query = {
		.alloc = &allocs[at->alloc], .size = at->size,
		.flags = at->flags,
		.node = node == PLAN_ANY ? NUMA_NO_NODE : (int)node,
		.bytes = all ? admit_bytes(plan) : 0,
	};
	char row[128];
	struct text t;

	if (plan->number[PLAN_FACTS] == FACTS_NONE ||
	    !first_of(plan, at->id, 1) || !admit_process(plan, at))
		return;
	text_init(&t, row, sizeof(row));
	fact_find(&query, &run->lines, &t);
	store_write(run->out->properties, text_printf, "%s", row);
}

static void explain_tails(struct run *run, const struct result_cell *cell)
{
	enum result_op op;
	unsigned int i;

	for (op = 0; op < OPS; op++) {
		const struct hist *h = cell->merged.hist[op];
		struct tail_shares shares = {};

		if (!h || !hist_resolves(h, HIST_P99))
			continue;
		for (i = 0; i < run->crew.n; i++)
			tail_add(&shares, run->crew.workers[i]->tail, op,
				 hist_percentile(h, HIST_P99));
		if (shares.chunks)
			tail_report(&run->lines, cell->at.id, op, &shares);
	}
}

static void measure(struct run *run, struct result_cell *cell)
{
	const struct cell c = {
		.plan = run->plan, .at = &cell->at, .clock = &run->clock,
		.crew = &run->crew, .evict = run->evict,
		.lines = &run->lines, .verdict = &run->verdict,
	};
	bool worked = cell_measure(&c, &run->job);

	cell->state = run->verdict.state;
	cell->reason = run->verdict.reason;
	if (run->verdict.broken) {
		fail_run(run, run->verdict.reason);
	} else if (worked) {
		gather(run, cell);
		explain_tails(run, cell);
	}
}

static void run_cell(struct run *run, unsigned int id)
{
	struct result_cell cell = {
		.at = plan_cell(run->plan, id), .cpus = run->cpus,
		.notes = "", .lines = run->lines_buf,
	};
	struct text why;

	cell.alloc = allocs[cell.at.alloc].name;
	cell.pattern = patterns[cell.at.pattern].name;
	cell.context = contexts[cell.at.context].name;
	text_init(&run->lines, run->lines_buf, sizeof(run->lines_buf));
	text_init(&why, run->verdict.reason, sizeof(run->verdict.reason));

	if (!run->err && !aborted(run))
		find_facts(run, &cell.at);
	if (admit_refuse(run->plan, &cell.at, &why)) {
		cell.state = STATE_SKIPPED;
		cell.reason = run->verdict.reason;
	} else if (run->err || aborted(run)) {
		cell.state = STATE_ABORTED;
		cell.reason = "not started";
	} else {
		measure(run, &cell);
	}
	emit(run, &cell);
	WRITE_ONCE(run->progress->cell, id + 1);
}

static void run_close(struct run *run)
{
	enum result_op op;

	for (op = 0; op < OPS; op++)
		kvfree(run->merged.hist[op]);
	kvfree(run->recorded);
	kvfree(run->evict);
	kfree(run->cpus);
}

static bool needs_evict(const struct plan *plan)
{
	unsigned int i;

	for (i = 0; i < plan->patterns.n; i++) {
		if (patterns[plan->patterns.index[i]].traits & PATTERN_COLD)
			return true;
	}
	return false;
}

static int run_open(struct run *run)
{
	const struct plan *plan = run->plan;
	enum result_op op;
	bool whole = true;

	for (op = 0; op < OPS; op++) {
		run->merged.hist[op] = kvmalloc(sizeof(struct hist), GFP_KERNEL);
		whole &= !!run->merged.hist[op];
	}
	run->recorded = kvcalloc(plan->n_cpus, sizeof(*run->recorded),
				 GFP_KERNEL);
	run->cpus = kasprintf(GFP_KERNEL, "%*pbl", PLAN_CPUS_MAX, plan->cpus);
	whole &= run->recorded && run->cpus;
	if (needs_evict(plan)) {
		run->evict = kvzalloc(admit_evict_bytes(), GFP_KERNEL);
		whole &= !!run->evict;
	}
	if (whole && !crew_open(&run->crew, plan, &run->progress->abort))
		return 0;

	run_close(run);
	return plan_refuse(run->error, -ENOMEM,
			   "the recorders of %llu bytes do not fit into memory",
			   run->progress->recorder_bytes);
}

static void write_head(struct run_output *out, const struct result_clock *clock,
		       const char *param, char *meta)
{
	const struct result_head head = {
		.release = init_utsname()->release,
		.arch = init_utsname()->machine,
		.meta = meta, .param = param, .clock = *clock,
	};

	struct text t;

	text_init(&t, meta, META_BYTES);
	env_meta(&t);
	store_write(out->results, report_head, &head);
	store_write(out->summary, report_summary_head, &head);
	store_write(out->summary, env_warn);
	store_write(out->properties, fact_head);
}

static void write_end(struct run_output *out, const struct result_total *total,
		      const struct result_clock *clock)
{
	store_last(out->results);
	store_last(out->summary);
	store_write(out->results, report_end, total);
	store_write(out->summary, report_summary_end, total, clock);
}

static void go(struct run *run)
{
	unsigned int i;

	calibrate(run);
	write_head(run->out, &run->clock, run->plan->line, run->meta);
	for (i = 0; i < run->plan->n_cells; i++)
		run_cell(run, i);
	if (run->err)
		run->total.state = STATE_FAILED;
	else if (run->total.state == STATE_ABORTED)
		run->err = plan_refuse(run->error, -ECANCELED,
				       "the run was stopped; what it finished is in results");
	write_end(run->out, &run->total, &run->clock);
}

/**
 * run_plan() - measure the cells of a plan
 * @plan: plan, admitted by admit_cells() and admit_memory()
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
	int err;

	if (!run)
		return plan_refuse(error, -ENOMEM, "no memory for the run");

	run->plan = plan;
	run->progress = progress;
	run->error = error;
	run->out = out;
	run->clock.insn = insn;
	err = run_open(run);
	if (err)
		goto free_run;

	go(run);
	err = run->err;
	crew_close(&run->crew);
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
	char *meta = kmalloc(META_BYTES, GFP_KERNEL);

	if (!meta)
		return -ENOMEM;
	write_head(out, &clock, "", meta);
	write_end(out, &total, &clock);
	kfree(meta);
	return out->results->full || out->summary->full ? -ENOMEM : 0;
}
