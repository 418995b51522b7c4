// SPDX-License-Identifier: GPL-2.0
/*
 * run - plan -> cells -> the three texts, written as it goes on.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/utsname.h>

#include "calibrate.h"
#include "cell.h"
#include "clock.h"
#include "demand.h"
#include "env.h"
#include "fact.h"
#include "report.h"
#include "rows.h"
#include "rules.h"
#include "run.h"
#include "summary.h"

/**
 * kab_output_put() - drop the texts of a run
 * @out: texts, may be NULL pointers
 *
 * Context: process, may sleep.
 */
void kab_output_put(struct output *out)
{
	kab_text_put(out->results);
	kab_text_put(out->summary);
	kab_text_put(out->properties);
}

static bool output_full(const struct output *out)
{
	return out->results->full || out->summary->full ||
	       out->properties->full;
}

static void output_seal(struct output *out)
{
	text_seal(out->results);
	text_seal(out->summary);
	text_seal(out->properties);
}

static void output_head(struct output *out, const struct result_clock *clock,
			const char *param)
{
	const struct result_head head = {
		.release = init_utsname()->release,
		.arch = init_utsname()->machine,
		.param = param, .meta = kab_env_meta, .warn = kab_env_warn,
		.clock = *clock,
	};

	kab_report_head(out->results, &head);
	kab_summary_head(out->summary, &head);
	kab_summary_fact_head(out->properties);
	output_seal(out);
}

/* The summary only counts the cells that were not started. */
static void output_cell(struct output *out, const struct result_cell *cell,
			const struct plan_cell *previous,
			const struct result_clock *clock)
{
	kab_report_cell(out->results, cell);
	if (!cell->unstarted)
		kab_summary_cell(out->summary, cell, previous, clock);
	kab_summary_fact(out->properties, cell);
	output_seal(out);
}

static void output_end(struct output *out, const struct result_total *total,
		       const struct result_clock *clock)
{
	kab_text_last(out->results);
	kab_text_last(out->summary);
	kab_report_end(out->results, total);
	kab_summary_end(out->summary, total, clock);
}

/* On failure @out has what is to be put. */
static int output_create(struct output *out)
{
	const u64 limit = ((u64)si_mem_available() << PAGE_SHIFT) / 16;

	out->results = kab_text_create(limit);
	out->summary = kab_text_create(limit);
	out->properties = kab_text_create(limit);
	return out->results && out->summary && out->properties ? 0 : -ENOMEM;
}

/**
 * kab_output_idle() - make the texts of no run
 * @out: filled; on failure with what is to be put
 * @insn: the machine counts instructions: the module was told so
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int kab_output_idle(struct output *out, bool insn)
{
	const struct result_clock clock = {
		.name = CLOCK_NAME, .khz = clock_khz(), .insn = insn,
	};
	const struct result_total total = { .state = STATE_IDLE };

	if (output_create(out))
		return -ENOMEM;
	output_head(out, &clock, "");
	if (output_full(out))
		return -ENOMEM;
	output_end(out, &total, &clock);
	return 0;
}

/* A plan that is being run. */
struct run {
	const struct plan *plan;
	struct run_progress *progress;
	struct refusal *error;
	struct output *out;
	struct cell_bench bench;
	struct admit_last probe;
	char *cpus;
	struct result_cell cell;
	struct plan_cell previous;	/* for the headings of the summary */
	struct result_total total;
};

/* No further cell is begun. */
static bool ends(const struct run *run)
{
	return run->error->err || READ_ONCE(run->plan->stop);
}

/* For a reason, or not where that is NULL. */
static void fail_run(struct run *run, const char *why)
{
	if (why && !run->error->err)
		kab_refuse(run->error, -EIO, "%s", why);
}

/* What does not fit is left out whole: the end line counts what is there. */
static void emit(struct run *run)
{
	const struct result_cell *cell = &run->cell;
	struct result_total *total = &run->total;

	if (!output_full(run->out)) {
		output_cell(run->out, cell, total->cells ? &run->previous : NULL,
			    &run->bench.clock);
		total->cells += !run->out->results->full;
	}
	total->unstarted += cell->unstarted;
	total->outside += cell->outside;
	total->pairs += cell->pairs;
	run->previous = cell->at;
	if (output_full(run->out))
		fail_run(run, "the results do not fit into the memory there is");
	WRITE_ONCE(run->progress->cell, cell->at.id + 1);
}

/* The first cell of an allocator, a size and flags; and of an allocator. */
static bool first_of(const struct plan *plan, const struct plan_cell *at,
		     u64 cells)
{
	const u64 inner = (u64)plan->patterns.n * plan->contexts.n;

	return at->round == 0 && !(at->id % (u32)(inner * cells));
}

static u64 what_it_takes(struct run *run)
{
	return kab_admit_each(&run->probe, run->plan, &run->cell.at);
}

static void find_facts(struct run *run)
{
	const struct plan *plan = run->plan;
	const struct plan_cell *at = &run->cell.at;
	const u64 facts = plan->number[PLAN_FACTS];

	if (facts == FACTS_NONE || !first_of(plan, at, 1) ||
	    !kab_rules_process(plan, at))
		return;
	kab_fact_find(plan, at, what_it_takes(run), facts == FACTS_ALL &&
		      first_of(plan, at, plan->sizes.total * plan->flags.n),
		      &run->cell.fact);
}

/* Bytes that an object takes; notes where that is not what was thought. */
static u64 weigh(struct run *run)
{
	struct result_cell *cell = &run->cell;
	const struct plan_cell *at = &cell->at;
	const u64 estimate = kab_demand_footprint(&kab_allocs[at->alloc], at->size);
	const u64 each = what_it_takes(run);

	if (admit_differs(each, estimate)) {
		cell->estimate = kab_demand_of(run->plan, at, estimate).held;
		cell->taken = kab_demand_of(run->plan, at, each).held;
	}
	return each;
}

/* Fills in what is known of a cell. Returns whether it is to be measured. */
static bool begin_cell(struct run *run, unsigned int id)
{
	struct result_cell *cell = &run->cell;
	struct text why;

	memset(cell, 0, sizeof(*cell));
	cell->at = kab_plan_cell(run->plan, id);
	cell->alloc = kab_allocs[cell->at.alloc].word.name;
	cell->pattern = kab_patterns[cell->at.pattern].word.name;
	cell->context = kab_contexts[cell->at.context].word.name;
	cell->cpus = run->cpus;
	cond_resched();
	if (!ends(run))
		find_facts(run);
	kab_text_init(&why, cell->reason, sizeof(cell->reason));
	/* There may be tens of thousands: nothing is asked about them. */
	if (ends(run)) {
		cell->state = STATE_ABORTED;
		cell->unstarted = true;
		kab_text_printf(&why, "not started");
		return false;
	}
	if (!kab_rules_refuse(run->plan, &cell->at, &why))
		return true;
	cell->state = STATE_SKIPPED;
	return false;
}

static void end_run(struct run *run)
{
	struct result_total *total = &run->total;

	total->state = STATE_DONE;
	if (run->error->err) {
		total->state = STATE_FAILED;
	} else if (ends(run)) {
		/* Its writer may have been told so, even if all cells are there. */
		total->state = STATE_ABORTED;
		kab_refuse(run->error, -ECANCELED,
			   "the run was stopped; what it finished is in results");
	}
	output_end(run->out, total, &run->bench.clock);
}

/**
 * kab_run_plan() - measure the cells of a plan
 * @plan: plan, admitted by kab_rules_cells() and kab_admit_memory()
 * @insn: the machine counts instructions: the module was told so
 * @progress: kept up to date
 * @out: zeroed, filled; a run that fails half-way leaves its finished cells there
 * @error: no error; filled with -ECANCELED, -EIO or -ENOMEM on failure
 *
 * Nothing is written to @out while @progress does not say that the run began.
 *
 * Context: a kernel thread, may sleep; what charges memory charges its active
 * cgroup.
 */
void kab_run_plan(const struct plan *plan, bool insn, struct run_progress *progress,
		  struct output *out, struct refusal *error)
{
	struct run *run = kzalloc(sizeof(*run), OWN_GFP);
	unsigned int i;

	if (!run || output_create(out)) {
		kab_refuse(error, -ENOMEM, "no memory for the results");
		goto free_run;
	}
	run->plan = plan;
	run->progress = progress;
	run->error = error;
	run->out = out;
	run->cpus = kasprintf(GFP_KERNEL, "%*pbl", PLAN_CPUS_MAX, plan->cpus);
	run->bench.clock.insn = insn;
	if (!run->cpus || kab_cell_open(&run->bench, plan)) {
		kab_refuse(error, -ENOMEM,
			   "the recorders of %llu bytes do not fit into memory",
			   progress->memory.recorder);
		goto free_cpus;
	}
	fail_run(run, kab_calibrate_clock(&run->bench));
	WRITE_ONCE(progress->began, true);
	output_head(out, &run->bench.clock, plan->line);
	for (i = 0; i < plan->n_cells; i++) {
		if (begin_cell(run, i) &&
		    kab_cell_measure(&run->bench, weigh(run), &run->cell))
			fail_run(run, run->cell.reason);
		emit(run);
	}
	end_run(run);
	kab_cell_close(&run->bench);
free_cpus:
	kfree(run->cpus);
free_run:
	kfree(run);
}
