// SPDX-License-Identifier: GPL-2.0
/*
 * run - plan -> cells -> reports.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "admit.h"
#include "allocs.h"
#include "calibrate.h"
#include "cell.h"
#include "contexts.h"
#include "crew.h"
#include "demand.h"
#include "fact.h"
#include "gather.h"
#include "patterns.h"
#include "room.h"
#include "rules.h"
#include "run.h"

/*
 * Lines about a cell beside its ops: facts; three times those of frag_report()
 * for each node; one of pattern exhaust for each worker.
 */
#define LINES_BYTES		4096
#define LINES_BYTES_NODE	4096
#define LINES_BYTES_WORKER	256

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
 * @notes: more words for its line
 * @remarks: a sentence on its samples
 * @notes_buf: storage of @notes
 * @remarks_buf: storage of @remarks
 * @lines_bytes: its size
 * @gather: room for what the workers record
 * @cpus: the CPUs as a list
 * @evict: memory to read to evict the caches, or NULL
 * @evict_bytes: bytes at @evict
 * @probe: what objects take
 * @total: sums
 * @previous: the cell before, for the headings of the summary
 * @err: what the write will return
 */
struct run {
	const struct plan *plan;
	struct run_progress *progress;
	struct plan_error *error;
	struct output *out;
	struct result_clock clock;
	struct crew crew;
	struct job job;
	struct verdict verdict;
	struct text lines;
	char *lines_buf;
	struct text notes;
	struct text remarks;
	char notes_buf[128];
	char remarks_buf[160];
	size_t lines_bytes;
	struct gather gather;
	char *cpus;
	u8 *evict;
	size_t evict_bytes;
	struct admit_last probe;
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

/* What does not fit is left out whole: the end line counts what is there. */
static void emit(struct run *run, const struct result_cell *cell)
{
	if (!output_full(run->out)) {
		output_cell(run->out, cell,
			    run->total.cells ? &run->previous : NULL,
			    &run->clock);
		run->total.cells += !run->out->results->full;
	}
	run->total.unstarted += cell->unstarted;
	run->previous = cell->at;
	if (text_overflowed(&run->lines))
		fail_run(run, "a cell has more to say than there is room for");
	if (output_full(run->out))
		fail_run(run, "the results do not fit into the memory there is");
	if (cell->state == STATE_ABORTED && !run->err)
		run->total.state = STATE_ABORTED;
}

/* The first cell of an allocator, a size and flags; and of an allocator. */
static bool first_of(const struct plan *plan, unsigned int id, u64 cells)
{
	const u64 inner = (u64)plan->patterns.n * plan->contexts.n;

	return plan_cell(plan, id).round == 0 && !(id % (u32)(inner * cells));
}

static u64 what_it_takes(struct run *run, const struct plan_cell *at)
{
	return admit_each(&run->probe, run->plan, at, &run->progress->abort);
}

/* Both, where what is thought and what is so differ. */
static void note_memory(struct run *run, const struct plan_cell *at, u64 each)
{
	const u64 estimate = demand_footprint(&allocs[at->alloc], at->size);

	if (admit_differs(each, estimate))
		text_printf(&run->lines, "memory cell=%u estimate=%llu taken=%llu\n",
			    at->id, demand_of(run->plan, at, estimate).held,
			    demand_of(run->plan, at, each).held);
}

static void find_facts(struct run *run, const struct plan_cell *at)
{
	const struct plan *plan = run->plan;
	const bool all = plan->number[PLAN_FACTS] == FACTS_ALL &&
			 first_of(plan, at->id, plan->total_sizes * plan->n_flags);
	const struct demand need = demand_of(plan, at, what_it_takes(run, at));
	const struct fact_query query = {
		.alloc = &allocs[at->alloc], .size = at->size,
		.flags = at->flags, .room = need.room,
		.bytes = all ? need.bytes : 0,
		.abort = &run->progress->abort,
	};
	char rows[256];
	struct text t;

	if (plan->number[PLAN_FACTS] == FACTS_NONE ||
	    !first_of(plan, at->id, 1) || !rules_process(plan, at))
		return;
	text_init(&t, rows, sizeof(rows));
	fact_find(&query, &run->lines, &t);
	text_printf(run->out->properties, "%s", rows);
	text_seal(run->out->properties);
}

static void measure(struct run *run, struct result_cell *cell)
{
	const struct cell c = {
		.plan = run->plan, .at = &cell->at, .clock = &run->clock,
		.crew = &run->crew, .each = what_it_takes(run, &cell->at),
		.evict = run->evict,
		.evict_bytes = run->evict_bytes,
		.lines = &run->lines, .notes = &run->notes,
		.remarks = &run->remarks, .verdict = &run->verdict,
	};
	bool worked;

	note_memory(run, &cell->at, c.each);
	worked = cell_measure(&c, &run->job);

	cell->charge = run->job.charge;
	cell->state = run->verdict.state;
	cell->reason = run->verdict.reason;
	if (run->verdict.broken) {
		fail_run(run, run->verdict.reason);
	} else if (worked) {
		gather_cell(&run->gather, &run->crew, cell, &run->total);
		gather_tails(&run->crew, cell);
	}
}

static void run_cell(struct run *run, unsigned int id)
{
	struct result_cell cell = {
		.at = plan_cell(run->plan, id), .cpus = run->cpus,
		.notes = run->notes_buf, .remarks = run->remarks_buf,
		.lines = run->lines_buf,
	};
	struct text why;

	cell.alloc = allocs[cell.at.alloc].name;
	cell.pattern = patterns[cell.at.pattern].name;
	cell.context = contexts[cell.at.context].name;
	cond_resched();
	text_init(&run->lines, run->lines_buf, run->lines_bytes);
	text_init(&run->notes, run->notes_buf, sizeof(run->notes_buf));
	text_init(&run->remarks, run->remarks_buf, sizeof(run->remarks_buf));
	if (!run->err && !aborted(run))
		find_facts(run, &cell.at);
	text_init(&why, run->verdict.reason, sizeof(run->verdict.reason));

	/* There may be tens of thousands: nothing is asked about them. */
	if (run->err || aborted(run)) {
		cell.state = STATE_ABORTED;
		cell.reason = "not started";
		cell.unstarted = true;
	} else if (rules_refuse(run->plan, &cell.at, &why)) {
		cell.state = STATE_SKIPPED;
		cell.reason = run->verdict.reason;
	} else {
		measure(run, &cell);
	}
	emit(run, &cell);
	WRITE_ONCE(run->progress->cell, id + 1);
}

static void run_close(struct run *run)
{
	gather_close(&run->gather);
	kvfree(run->evict);
	kvfree(run->lines_buf);
	kfree(run->cpus);
}

static int run_open(struct run *run)
{
	const struct plan *plan = run->plan;

	if (gather_open(&run->gather, plan->n_cpus))
		goto refuse;
	run->cpus = kasprintf(GFP_KERNEL, "%*pbl", PLAN_CPUS_MAX, plan->cpus);
	run->lines_bytes = LINES_BYTES + LINES_BYTES_WORKER * plan->n_cpus +
			   LINES_BYTES_NODE * num_online_nodes();
	run->lines_buf = kvmalloc(run->lines_bytes, ROOM_OWN);
	if (!run->cpus || !run->lines_buf)
		goto close_run;
	run->evict_bytes = demand_evict_bytes(plan);
	if (run->evict_bytes) {
		run->evict = kvzalloc(run->evict_bytes, ROOM_OWN);
		if (!run->evict)
			goto close_run;
	}
	if (!crew_open(&run->crew, plan, &run->progress->abort))
		return 0;

close_run:
	run_close(run);
refuse:
	return plan_refuse(run->error, -ENOMEM,
			   "the recorders of %llu bytes do not fit into memory",
			   run->progress->recorder_bytes);
}

static void go(struct run *run)
{
	const char *refusal = calibrate_clock(&run->crew, &run->job,
					      &run->clock);
	unsigned int i;

	WRITE_ONCE(run->progress->began, true);
	if (refusal)
		fail_run(run, refusal);
	output_head(run->out, &run->clock, run->plan->line);
	for (i = 0; i < run->plan->n_cells; i++)
		run_cell(run, i);
	if (run->err)
		run->total.state = STATE_FAILED;
	/* Its writer may have been told so, even if all cells are there. */
	else if (aborted(run))
		run->total.state = STATE_ABORTED;
	if (run->total.state == STATE_ABORTED)
		run->err = plan_refuse(run->error, -ECANCELED,
				       "the run was stopped; what it finished is in results");
	output_end(run->out, &run->total, &run->clock);
}

static int do_run(struct run *run)
{
	int err = run_open(run);

	if (err)
		return err;
	go(run);
	crew_close(&run->crew);
	run_close(run);
	return run->err;
}

/**
 * run_plan() - measure the cells of a plan
 * @plan: plan, admitted by rules_cells() and admit_memory()
 * @insn: the machine counts instructions: the module was told so
 * @progress: kept up to date; its abort stops the run
 * @out: empty texts, filled; a run that fails half-way leaves its
 *	finished cells there
 * @error: filled on failure
 *
 * Context: a kernel thread, may sleep; what charges memory charges its active
 * cgroup.
 * Return: 0, -ECANCELED, -EIO or -ENOMEM; nothing is written to @out while
 * @progress does not say that the run began.
 */
int run_plan(const struct plan *plan, bool insn, struct run_progress *progress,
	     struct output *out, struct plan_error *error)
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
	err = do_run(run);
	kfree(run);
	return err;
}
