// SPDX-License-Identifier: GPL-2.0
/*
 * report - results -> text, for machines and for people. Pure.
 *
 * The machine's text is result format version 1: results/README.md.
 */
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/minmax.h>

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

static const char *run_state(enum result_state state)
{
	return state == STATE_OK ? "done" : report_state(state);
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
	text_printf(t, "clock name=%s khz=%llu overhead=%llu overhead_p50=%llu unit=%s\n",
		    clock->name, clock->khz, clock->overhead,
		    clock->overhead_p50, clock->insn ? "insn" : "tick");
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

	for (i = 0; i < HIST_BUCKETS; i++) {
		if (h->bucket[i])
			text_printf(t, " %llu-%llu:%llu", hist_lowest(i),
				    hist_highest(i), h->bucket[i]);
	}
}

/* @worker is NULL for the merged lines. */
static void print_op(struct text *t, const struct result_cell *cell,
		     enum result_op op, const struct result_worker *worker)
{
	const struct hist *h = (worker ?: &cell->merged)->hist[op];
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
	if (cell->calls)
		text_printf(t, " calls=%llu", cell->calls);
	text_printf(t, "\n");
	if (!h->n)
		return;
	text_printf(t, "hist%s", coordinates);
	print_buckets(t, h);
	text_printf(t, "\n");
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

	text_printf(t, "cell id=%u alloc=%s size=%llu flags=%.*s context=%s pattern=%s cpus=%s round=%u state=%s fail=%llu",
		    at->id, cell->alloc, at->size, (int)at->flags->name.len,
		    at->flags->name.at, cell->context, cell->pattern,
		    cell->cpus, at->round, report_state(cell->state),
		    cell->fail);
	if (cell->state != STATE_OK) {
		text_printf(t, " reason=");
		text_word(t, cell->reason);
	}
	if (cell->wall)
		text_printf(t, " wall=%llu", cell->wall);
	text_printf(t, "%s\n", cell->notes);

	for (op = 0; op < OPS; op++) {
		print_op(t, cell, op, NULL);
		for (i = 0; i < cell->n_workers; i++)
			print_op(t, cell, op, &cell->workers[i]);
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
		    run_state(total->state));
}

static const char *unit_name(const struct result_clock *clock)
{
	return clock->insn ? "instructions" : "ns";
}

/* A summary speaks of ns, unless a tick is an instruction. */
static u64 to_unit(u64 ticks, const struct result_clock *clock)
{
	if (clock->insn || !clock->khz)
		return ticks;
	if (ticks > div_u64(U64_MAX, 1000000))
		return div64_u64(ticks, clock->khz) * 1000000;
	return div64_u64(ticks * 1000000 + clock->khz / 2, clock->khz);
}

/**
 * report_summary_head() - begin a summary of at most 80 columns
 * @t: text to append to
 * @head: what precedes the cells
 *
 * Context: any.
 */
void report_summary_head(struct text *t, const struct result_head *head)
{
	const struct result_clock *clock = &head->clock;

	text_printf(t, "kallocbench on %s (%s), in %s per call\n",
		    head->release, head->arch, unit_name(clock));
	text_printf(t, "clock %s at %llu kHz; its own cost of %llu (median %llu) is taken off\n",
		    clock->name, clock->khz, to_unit(clock->overhead, clock),
		    to_unit(clock->overhead_p50, clock));
	text_printf(t, "__GFP_NOWARN is added to the flags that were asked for\n");
}

static void print_size(struct text *t, u64 size)
{
	static const char suffixes[] = " KMGT";
	unsigned int i;

	for (i = 0; size && !(size & 1023) && i < 4; i++)
		size >>= 10;
	text_printf(t, i ? "%7llu%c" : "%7llu ", size, suffixes[i]);
}

static void print_summary_op(struct text *t, const struct result_cell *cell,
			     enum result_op op, const struct result_clock *clock)
{
	static const unsigned int shown[] = { HIST_P50, HIST_P99 };
	const struct hist *h = cell->merged.hist[op];
	unsigned int i;

	if (!h)
		return;

	text_printf(t, "%-18.18s", cell->alloc);
	print_size(t, cell->at.size);
	text_printf(t, " %-7s %9llu", report_op(op), h->n);
	if (!h->n) {
		text_printf(t, "  every call failed\n");
		return;
	}
	text_printf(t, " %8llu", to_unit(h->min, clock));
	for (i = 0; i < ARRAY_SIZE(shown); i++) {
		if (hist_resolves(h, shown[i]))
			text_printf(t, " %8llu",
				    to_unit(hist_percentile(h, shown[i]), clock));
		else
			text_printf(t, " %8s", "-");
	}
	text_printf(t, " %8llu\n", to_unit(h->max, clock));
}

static bool same_heading(const struct plan_cell *a, const struct plan_cell *b)
{
	return a->flags == b->flags && a->pattern == b->pattern &&
	       a->context == b->context && a->round == b->round;
}

static void print_heading(struct text *t, const struct result_cell *cell)
{
	text_printf(t, "\nflags %.*s, context %s, pattern %s, cpus %.20s, round %u\n",
		    min_t(int, cell->at.flags->name.len, 24),
		    cell->at.flags->name.at, cell->context, cell->pattern,
		    cell->cpus, cell->at.round);
	if (cell->calls)
		text_printf(t, "each value is the cost of %llu calls in a row\n",
			    cell->calls);
	text_printf(t, "%-18s%7s  %-7s %9s %8s %8s %8s %8s\n", "allocator",
		    "size", "op", "n", "min", "p50", "p99", "max");
}

static void print_reason(struct text *t, const struct result_cell *cell)
{
	text_printf(t, "%-18.18s", cell->alloc);
	print_size(t, cell->at.size);
	text_printf(t, " %s: %.*s\n", report_state(cell->state), 43,
		    cell->reason);
}

/**
 * report_summary_cell() - add a cell to a summary
 * @t: text to append to
 * @cell: cell
 * @previous: the cell before it, NULL for the first: what they have in common
 *	is said once
 * @clock: clock of the run
 *
 * Context: any.
 */
void report_summary_cell(struct text *t, const struct result_cell *cell,
			 const struct plan_cell *previous,
			 const struct result_clock *clock)
{
	enum result_op op;

	if (!previous || !same_heading(&cell->at, previous))
		print_heading(t, cell);
	if (cell->state != STATE_OK)
		print_reason(t, cell);
	for (op = 0; op < OPS; op++)
		print_summary_op(t, cell, op, clock);
}

/**
 * report_summary_end() - end a summary
 * @t: text to append to
 * @total: what the run added up to
 * @clock: clock of the run
 *
 * Context: any.
 */
void report_summary_end(struct text *t, const struct result_total *total,
			const struct result_clock *clock)
{
	text_printf(t, "%u cells, %s", total->cells, run_state(total->state));
	if (total->pairs)
		text_printf(t, "; outside the timed calls %llu %s per alloc/free pair",
			    to_unit(div64_u64(total->outside, total->pairs),
				    clock), unit_name(clock));
	text_printf(t, "\n");
}
