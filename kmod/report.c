// SPDX-License-Identifier: GPL-2.0
/*
 * report - results -> text for machines: result format version 1, which
 * results/README.md describes. Pure.
 */
#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/kernel.h>

#include "report.h"

const char *const kab_report_ops[] = {
	[OP_ALLOC] = "alloc",
	[OP_TOUCH] = "touch",
	[OP_RETOUCH] = "retouch",
	[OP_FREE] = "free",
	[OP_PAIR] = "pair",
	[OP_SETTLE] = "settle",
};

const char *const kab_report_states[] = {
	[STATE_OK] = "ok",
	[STATE_SHORT] = "short",
	[STATE_FAILED] = "failed",
	[STATE_ABORTED] = "aborted",
	[STATE_SKIPPED] = "skipped",
	[STATE_IDLE] = "idle",
	[STATE_DONE] = "done",
};

const char *const kab_report_causes[] = {
	[TAIL_INTERRUPT] = "interrupt",
	[TAIL_SWITCH] = "switch",
	[TAIL_MIGRATION] = "migration",
	[TAIL_SLAB] = "slab",
};

static_assert(ARRAY_SIZE(kab_report_ops) == OPS);
static_assert(ARRAY_SIZE(kab_report_states) == STATES);
static_assert(ARRAY_SIZE(kab_report_causes) == TAIL_CAUSES);

static void print_warning(struct text *t, const char *sentence)
{
	kab_text_printf(t, "warning text=");
	kab_text_word(t, sentence);
	kab_text_printf(t, "\n");
}

/**
 * kab_report_head() - begin a report
 * @t: text to append to
 * @head: what precedes the cells
 *
 * Context: any.
 */
void kab_report_head(struct text *t, const struct result_head *head)
{
	const struct result_clock *clock = &head->clock;

	kab_text_printf(t, "kallocbench 1\nmeta kernel=");
	kab_text_word(t, head->release);
	kab_text_printf(t, " arch=");
	kab_text_word(t, head->arch);
	head->meta(t);
	kab_text_printf(t, "\n");
	if (*head->param)
		kab_text_printf(t, "param %s\n", head->param);
	kab_text_printf(t,
			"clock name=%s khz=%llu overhead=%llu overhead_p50=%llu overhead_max=%llu unit=%s\n",
			clock->name, clock->khz, clock->overhead,
			clock->overhead_p50, clock->overhead_max,
			clock->insn ? "insn" : "tick");
	head->warn(t, print_warning);
}

/* A percentile that means little is not shown. */
static void print_percentiles(struct text *t, const struct hist *h)
{
	static const char *const names[] = { "p50", "p90", "p99", "p999" };
	static const unsigned int basis_points[] = {
		HIST_P50, HIST_P90, HIST_P99, HIST_P999,
	};
	u64 values[ARRAY_SIZE(names)];
	unsigned int i, n = 0;

	while (n < ARRAY_SIZE(names) && hist_resolves(h, basis_points[n]))
		n++;
	kab_hist_percentiles(h, basis_points, values, n);
	for (i = 0; i < n; i++)
		kab_text_printf(t, " %s=%llu", names[i], values[i]);
	for (; i < ARRAY_SIZE(names); i++)
		kab_text_printf(t, " %s=-", names[i]);
}

static void print_values(struct text *t, const struct hist *h)
{
	if (!h->n) {
		kab_text_printf(t, " n=0 sum=- min=- p50=- p90=- p99=- p999=- max=- under=-");
		return;
	}
	kab_text_printf(t, " n=%llu sum=%llu min=%llu", h->n, h->sum, h->min);
	print_percentiles(t, h);
	kab_text_printf(t, " max=%llu under=%llu", h->max, h->under);
}

static void print_buckets(struct text *t, const struct hist *h)
{
	unsigned int i;

	for (i = hist_first(h); i <= hist_last(h); i++) {
		if (h->bucket[i])
			kab_text_printf(t, " %llu-%llu:%llu", kab_hist_lowest(i),
					kab_hist_highest(i), h->bucket[i]);
	}
}

/* What a value is for, where that is not one call for one object. */
static void print_units(struct text *t, const struct result_cell *cell,
			const struct result_worker *of, enum result_op op)
{
	if (op == OP_SETTLE) {
		kab_text_printf(t, " objects=%llu", cell->settles);
		return;
	}
	if (cell->calls)
		kab_text_printf(t, " calls=%llu overhead=%llu", cell->calls,
				of->overhead[op]);
	if (cell->objects)
		kab_text_printf(t, " objects=%u", cell->objects);
	if (cell->pieces)
		kab_text_printf(t, " pieces=%u", cell->pieces);
}

static void print_op_kind(struct text *t, const char *kind,
			  const struct result_cell *cell, enum result_op op,
			  const struct result_worker *of)
{
	kab_text_printf(t, "%s cell=%u op=%s", kind, cell->at.id, kab_report_ops[op]);
	if (of != &cell->merged)
		kab_text_printf(t, " cpu=%u", of->cpu);
}

static void print_op(struct text *t, const struct result_cell *cell,
		     enum result_op op, const struct result_worker *of)
{
	const struct hist *h = of->hist[op];

	if (!h)
		return;
	print_op_kind(t, "op", cell, op, of);
	print_values(t, h);
	print_units(t, cell, of, op);
	kab_text_printf(t, "\n");
	if (!h->n)
		return;
	print_op_kind(t, "hist", cell, op, of);
	print_buckets(t, h);
	kab_text_printf(t, "\n");
}

static void print_counts(struct text *t, const struct result_cell *cell,
			 enum result_op op)
{
	const struct result_count *count = cell->merged.counts[op];
	unsigned int i;

	for (i = 0; i < COUNTERS && count[i].hist; i++) {
		print_op_kind(t, "counter", cell, op, &cell->merged);
		kab_text_printf(t, " name=%s", count[i].name);
		print_values(t, count[i].hist);
		kab_text_printf(t, " calls=%llu overhead=%llu\n", cell->calls,
				count[i].overhead);
	}
}

static void print_causes(struct text *t, const char *prefix,
			 const unsigned int *counts)
{
	enum tail_cause cause;

	for (cause = 0; cause < TAIL_CAUSES; cause++)
		kab_text_printf(t, " %s%s=%u", prefix, kab_report_causes[cause],
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
	kab_text_printf(t, "tail cell=%u op=%s above=%s chunks=%u of=%u",
			cell->at.id, kab_report_ops[op],
			shares->basis_points == HIST_P999 ? "p999" : "p99",
			shares->chunks, shares->all);
	print_causes(t, "", shares->by);
	print_causes(t, "all_", shares->of_all);
	kab_text_printf(t, " blamed=%s", shares->blamed ? "" : "-");
	for (cause = 0; cause < TAIL_CAUSES; cause++) {
		if (!(shares->blamed & BIT(cause)))
			continue;
		kab_text_printf(t, "%s%s", comma, kab_report_causes[cause]);
		comma = ",";
	}
	kab_text_printf(t, " unexplained=%u unseen=%u\n", shares->unexplained,
			shares->unseen);
}

static void print_cell(struct text *t, const struct result_cell *cell)
{
	const struct plan_cell *at = &cell->at;

	kab_text_printf(t, "cell id=%u alloc=%s size=%llu flags=%s", at->id,
			cell->alloc, at->size, at->flags->name);
	kab_text_printf(t, " context=%s pattern=%s cpus=%s round=%u state=%s fail=%llu",
			cell->context, cell->pattern, cell->cpus, at->round,
			kab_report_states[cell->state], cell->fail);
	if (cell->state != STATE_OK) {
		kab_text_printf(t, " reason=");
		kab_text_word(t, cell->reason);
	}
	if (cell->wall)
		kab_text_printf(t, " wall=%llu", cell->wall);
	if (cell->charge != CHARGE_UNASKED)
		kab_text_printf(t, " charged=%d", cell->charge == CHARGE_GROUP);
	if (cell->frag.done)
		kab_text_printf(t, " frag_order=%u frag_pinned=%llu frag_left=%lu",
				cell->frag.order, cell->frag.pinned,
				cell->frag.left);
	if (cell->looks)
		kab_text_printf(t, " fell=%llu looked=%llu", cell->fell,
				cell->looked);
	kab_text_printf(t, "\n");
}

static void print_fact(struct text *t, const struct result_cell *cell)
{
	const struct result_fact *f = &cell->fact;

	if (f->found) {
		kab_text_printf(t, "fact alloc=%s size=%llu flags=%s",
				cell->alloc, cell->at.size,
				cell->at.flags->name);
		if (f->usable)
			kab_text_printf(t, " usable=%zu waste=%zu", f->usable,
					f->waste);
		if (f->slot)
			kab_text_printf(t, " slot=%zu", f->slot);
		kab_text_printf(t, " align=%zu promised=%zu extents=%lu contiguous=%d zeroed=%d",
				f->align, f->promised, f->extents, f->extents == 1,
				f->zeroed);
		kab_text_printf(t, " region=%s pages=%lu node=%d\n",
				result_region(f), f->pages, f->node);
	}
	if (f->searched)
		kab_text_printf(t, "fact alloc=%s largest=%s%llu\n", cell->alloc,
				f->fails ? "" : ">=", f->largest);
}

static void print_zone(struct text *t, const struct result_cell *cell,
		       const char *when, const struct result_zone *zone)
{
	unsigned int order;

	kab_text_printf(t, "buddy cell=%u when=%s node=%d zone=%s free=",
			cell->at.id, when, zone->node, zone->name);
	for (order = 0; order < zone->orders; order++)
		kab_text_printf(t, "%s%lu", order ? "," : "", zone->free[order]);
	kab_text_printf(t, "\n");
}

static void print_zones(struct text *t, const struct result_cell *cell)
{
	static const char *const names[] = {
		[WHEN_BEFORE] = "before",
		[WHEN_PINNED] = "pinned",
		[WHEN_AFTER] = "after",
	};
	static_assert(ARRAY_SIZE(names) == WHENS);
	enum result_when when;
	unsigned int i;

	for (when = 0; when < WHENS; when++)
		for (i = 0; i < cell->frag.n_zones[when]; i++)
			print_zone(t, cell, names[when],
				   &cell->frag.zones[when][i]);
}

static void print_exhaust(struct text *t, const struct result_cell *cell)
{
	unsigned int i;

	for (i = 0; i < cell->n_workers; i++) {
		const struct result_worker *w = &cell->workers[i];

		if (!w->ended)
			continue;
		kab_text_printf(t,
				"exhaust cell=%u cpu=%u objects=%llu bytes=%llu returned=%llu ended=%s last=%llu last_sum=%llu last_max=%llu\n",
				cell->at.id, w->cpu, w->allocs,
				w->allocs * cell->at.size, w->frees, w->ended,
				w->last.n, w->last.sum, w->last.max);
	}
}

/**
 * kab_report_cell() - add a cell to a report
 * @t: text to append to
 * @cell: cell
 *
 * Context: any.
 */
void kab_report_cell(struct text *t, const struct result_cell *cell)
{
	enum result_op op;
	unsigned int i;

	print_cell(t, cell);
	for (op = 0; op < OPS; op++) {
		print_op(t, cell, op, &cell->merged);
		for (i = 0; cell->n_workers > 1 && i < cell->n_workers; i++)
			print_op(t, cell, op, &cell->workers[i]);
		print_counts(t, cell, op);
		print_tail(t, cell, op);
	}
	print_fact(t, cell);
	if (cell->taken)
		kab_text_printf(t, "memory cell=%u estimate=%llu taken=%llu\n",
				cell->at.id, cell->estimate, cell->taken);
	print_exhaust(t, cell);
	print_zones(t, cell);
}

/**
 * kab_report_end() - end a report
 * @t: text to append to
 * @total: what the run added up to
 *
 * Context: any.
 */
void kab_report_end(struct text *t, const struct result_total *total)
{
	kab_text_printf(t, "end cells=%u state=%s\n", total->cells,
			kab_report_states[total->state]);
}
