// SPDX-License-Identifier: GPL-2.0
/*
 * report - results -> text for machines: result format version 1, which
 * results/README.md describes. Pure.
 */
#include <linux/bitops.h>
#include <linux/kernel.h>

#include "report.h"

/**
 * report_op() - name of an op in the result format
 * @op: op
 *
 * Context: any.
 * Return: a word.
 */
const char *report_op(enum result_op op)
{
	static const char *const names[OPS] = {
		[OP_ALLOC] = "alloc",
		[OP_TOUCH] = "touch",
		[OP_RETOUCH] = "retouch",
		[OP_FREE] = "free",
		[OP_PAIR] = "pair",
		[OP_SETTLE] = "settle",
	};

	return names[op];
}

/**
 * report_state() - name of a cell's state in the result format
 * @state: state
 *
 * Context: any.
 * Return: a word.
 */
const char *report_state(enum result_state state)
{
	static const char *const names[] = {
		[STATE_OK] = "ok",
		[STATE_SHORT] = "short",
		[STATE_FAILED] = "failed",
		[STATE_ABORTED] = "aborted",
		[STATE_SKIPPED] = "skipped",
		[STATE_IDLE] = "idle",
	};

	return names[state];
}

/**
 * report_run_state() - name of a run's state in the result format
 * @state: state
 *
 * Context: any.
 * Return: a word.
 */
const char *report_run_state(enum result_state state)
{
	return state == STATE_OK ? "done" : report_state(state);
}

/**
 * report_cause() - name of a cause in the result format
 * @cause: cause
 *
 * Context: any.
 * Return: a word.
 */
const char *report_cause(enum tail_cause cause)
{
	static const char *const names[TAIL_CAUSES] = {
		[TAIL_INTERRUPT] = "interrupt",
		[TAIL_SWITCH] = "switch",
		[TAIL_MIGRATION] = "migration",
		[TAIL_SLAB] = "slab",
	};

	return names[cause];
}

/**
 * report_head() - begin a report
 * @t: text to append to
 * @head: what precedes the cells
 *
 * Context: any.
 */
void report_head(struct text *t, const struct result_head *head)
{
	const struct result_clock *clock = &head->clock;

	text_printf(t, "kallocbench 1\nmeta kernel=");
	text_word(t, head->release);
	text_printf(t, " arch=");
	text_word(t, head->arch);
	text_printf(t, "%s\n", head->meta);
	if (*head->param)
		text_printf(t, "param %s\n", head->param);
	text_printf(t, "clock name=%s khz=%llu overhead=%llu", clock->name,
		    clock->khz, clock->overhead);
	text_printf(t, " overhead_p50=%llu overhead_max=%llu unit=%s\n",
		    clock->overhead_p50, clock->overhead_max,
		    clock->insn ? "insn" : "tick");
}

static void print_percentile(struct text *t, const char *name,
			     const struct hist *h, unsigned int basis_points)
{
	if (hist_resolves(h, basis_points))
		text_printf(t, " %s=%llu", name,
			    hist_percentile(h, basis_points));
	else
		text_printf(t, " %s=-", name);
}

static void print_values(struct text *t, const struct hist *h)
{
	if (!h->n) {
		text_printf(t, " n=0 sum=- min=- p50=- p90=- p99=- p999=- max=- under=-");
		return;
	}
	text_printf(t, " n=%llu sum=%llu min=%llu", h->n, h->sum, h->min);
	print_percentile(t, "p50", h, HIST_P50);
	print_percentile(t, "p90", h, HIST_P90);
	print_percentile(t, "p99", h, HIST_P99);
	print_percentile(t, "p999", h, HIST_P999);
	text_printf(t, " max=%llu under=%llu", h->max, h->under);
}

static void print_buckets(struct text *t, const struct hist *h)
{
	unsigned int i;

	for (i = hist_first(h); i <= hist_last(h); i++) {
		if (h->bucket[i])
			text_printf(t, " %llu-%llu:%llu", hist_lowest(i),
				    hist_highest(i), h->bucket[i]);
	}
}

/* What a value is for, where that is not one call for one object. */
static void print_units(struct text *t, const struct result_cell *cell,
			const struct result_worker *of, enum result_op op)
{
	if (op == OP_SETTLE) {
		text_printf(t, " objects=%llu", cell->settles);
		return;
	}
	if (cell->calls)
		text_printf(t, " calls=%llu overhead=%llu", cell->calls,
			    of->overhead[op]);
	if (cell->objects)
		text_printf(t, " objects=%u", cell->objects);
	if (cell->pieces)
		text_printf(t, " pieces=%u", cell->pieces);
}

/* @worker is NULL for the merged lines. */
static void print_op(struct text *t, const struct result_cell *cell,
		     enum result_op op, const struct result_worker *worker)
{
	const struct result_worker *of = worker ?: &cell->merged;
	const struct hist *h = of->hist[op];
	char coordinates[64];
	struct text c;

	if (!h)
		return;

	text_init(&c, coordinates, sizeof(coordinates));
	text_printf(&c, " cell=%u op=%s", cell->at.id, report_op(op));
	if (worker)
		text_printf(&c, " cpu=%u", worker->cpu);

	text_printf(t, "op%s", coordinates);
	print_values(t, h);
	print_units(t, cell, of, op);
	text_printf(t, "\n");
	if (!h->n)
		return;
	text_printf(t, "hist%s", coordinates);
	print_buckets(t, h);
	text_printf(t, "\n");
}

static void print_causes(struct text *t, const char *prefix,
			 const unsigned int *counts)
{
	enum tail_cause cause;

	for (cause = 0; cause < TAIL_CAUSES; cause++)
		text_printf(t, " %s%s=%u", prefix, report_cause(cause),
			    counts[cause]);
}

static void print_tail(struct text *t, const struct result_cell *cell,
		       enum result_op op)
{
	const struct tail_shares *shares = &cell->tails[op];
	const char *comma = "";
	enum tail_cause cause;

	if (!shares->chunks)
		return;
	text_printf(t, "tail cell=%u op=%s above=%s chunks=%u of=%u",
		    cell->at.id, report_op(op),
		    shares->basis_points == HIST_P999 ? "p999" : "p99",
		    shares->chunks, shares->all);
	print_causes(t, "", shares->by);
	print_causes(t, "all_", shares->of_all);
	text_printf(t, " blamed=%s", shares->blamed ? "" : "-");
	for (cause = 0; cause < TAIL_CAUSES; cause++) {
		if (!(shares->blamed & BIT(cause)))
			continue;
		text_printf(t, "%s%s", comma, report_cause(cause));
		comma = ",";
	}
	text_printf(t, " unexplained=%u unseen=%u\n", shares->unexplained,
		    shares->unseen);
}

/**
 * report_cell() - add a cell to a report
 * @t: text to append to
 * @cell: cell
 *
 * Context: any.
 */
void report_cell(struct text *t, const struct result_cell *cell)
{
	const struct plan_cell *at = &cell->at;
	enum result_op op;
	unsigned int i;

	text_printf(t, "cell id=%u alloc=%s size=%llu flags=%.*s", at->id,
		    cell->alloc, at->size, (int)at->flags->name.len,
		    at->flags->name.at);
	text_printf(t, " context=%s pattern=%s cpus=%s round=%u state=%s fail=%llu",
		    cell->context, cell->pattern, cell->cpus, at->round,
		    report_state(cell->state), cell->fail);
	if (cell->state != STATE_OK) {
		text_printf(t, " reason=");
		text_word(t, cell->reason);
	}
	if (cell->wall)
		text_printf(t, " wall=%llu", cell->wall);
	if (cell->charge != CHARGE_UNASKED)
		text_printf(t, " charged=%d", cell->charge == CHARGE_GROUP);
	text_printf(t, "%s\n", cell->notes);

	for (op = 0; op < OPS; op++) {
		print_op(t, cell, op, NULL);
		for (i = 0; i < cell->n_workers; i++)
			print_op(t, cell, op, &cell->workers[i]);
		print_tail(t, cell, op);
	}
	text_printf(t, "%s", cell->lines);
}

/**
 * report_end() - end a report
 * @t: text to append to
 * @total: what the run added up to
 *
 * Context: any.
 */
void report_end(struct text *t, const struct result_total *total)
{
	text_printf(t, "end cells=%u state=%s\n", total->cells,
		    report_run_state(total->state));
}
