// SPDX-License-Identifier: GPL-2.0
/*
 * summary - results -> text of at most 80 columns for people. Pure.
 */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "report.h"
#include "summary.h"

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

static void print_warning(struct text *t, const char *sentence)
{
	kab_text_printf(t, "warning: %s\n", sentence);
}

/**
 * kab_summary_head() - begin a summary of at most 80 columns
 * @t: text to append to
 * @head: what precedes the cells
 *
 * Context: any.
 */
void kab_summary_head(struct text *t, const struct result_head *head)
{
	const struct result_clock *clock = &head->clock;

	/* Above the cells that are timed in stretches it says how many calls. */
	kab_text_printf(t, "kallocbench, in %s%s\nkernel %s\n", unit_name(clock),
			strstr(head->param, "timing=batch") ? "" : " per call",
			head->release);
	kab_text_printf(t, "arch %s, clock %s at %llu kHz\n", head->arch,
			clock->name, clock->khz);
	kab_text_printf(t, "the clock's own cost of %llu (median %llu) is taken off\n",
			to_unit(clock->overhead, clock),
			to_unit(clock->overhead_p50, clock));
	kab_text_printf(t, "__GFP_NOWARN is added to the flags that were asked for\n");
	head->warn(t, print_warning);
}

/* Eight columns. What is longer is cut to thousands, millions or billions. */
static void print_number(struct text *t, u64 number)
{
	static const char suffixes[] = " kMG";
	unsigned int i = 0;

	for (; number > (i ? 999999 : 9999999) && i < 3; i++)
		number = div_u64(number + 500, 1000);
	if (i)
		kab_text_printf(t, " %6llu%c", number, suffixes[i]);
	else
		kab_text_printf(t, " %7llu", number);
}

static void print_size(struct text *t, u64 size)
{
	static const char suffixes[] = " KMGT";
	unsigned int i;

	for (i = 0; size && !(size & 1023) && i < 4; i++)
		size >>= 10;
	if (size > 999999) {
		/* An odd size of many digits, rounded to thousands. */
		print_number(t, size);
		return;
	}
	kab_text_printf(t, i ? " %6llu%c" : "%7llu ", size, suffixes[i]);
}

/* A percentile that means little is not shown. */
static void print_percentiles(struct text *t, const struct hist *h,
			      const struct result_clock *clock)
{
	static const unsigned int shown[] = { HIST_P50, HIST_P99 };
	u64 values[ARRAY_SIZE(shown)];
	unsigned int i, n = 0;

	while (n < ARRAY_SIZE(shown) && hist_resolves(h, shown[n]))
		n++;
	kab_hist_percentiles(h, shown, values, n);
	for (i = 0; i < n; i++)
		print_number(t, to_unit(values[i], clock));
	for (; i < ARRAY_SIZE(shown); i++)
		kab_text_printf(t, " %7s", "-");
}

static void print_op(struct text *t, const struct result_cell *cell,
		     enum result_op op, const struct result_clock *clock)
{
	const struct hist *h = cell->merged.hist[op];

	kab_text_printf(t, "%-21.21s", cell->alloc);
	print_size(t, cell->at.size);
	kab_text_printf(t, " %-7s", kab_report_ops[op]);
	print_number(t, h->n);
	if (!h->n) {
		kab_text_printf(t, "  no call succeeded\n");
		return;
	}
	print_number(t, to_unit(h->min, clock));
	print_percentiles(t, h, clock);
	print_number(t, to_unit(h->max, clock));
	kab_text_printf(t, "\n");
}

/* What a value is for, where that is not one object in one piece. */
static void print_parts(struct text *t, const struct result_cell *cell,
			enum result_op op, const struct result_clock *clock)
{
	const struct hist *h = cell->merged.hist[op];
	const u64 objects = cell->objects * max(cell->calls, 1ULL);

	if (!h->n)
		return;
	if (op == OP_SETTLE) {
		kab_text_printf(t, "    until %llu objects are back, a grace period in it\n",
				cell->settles);
		return;
	}
	if (cell->pieces)
		kab_text_printf(t, "    in %u pieces\n", cell->pieces);
	if (!objects)
		return;
	kab_text_printf(t, "    %u objects a call", cell->objects);
	if (hist_resolves(h, HIST_P50))
		kab_text_printf(t, ": %llu an object at the median",
				div64_u64(to_unit(hist_percentile(h, HIST_P50),
						  clock) + objects / 2, objects));
	kab_text_printf(t, "\n");
}

static bool same_heading(const struct plan_cell *a, const struct plan_cell *b)
{
	return a->flags == b->flags && a->pattern == b->pattern &&
	       a->context == b->context && a->round == b->round;
}

static void print_heading(struct text *t, const struct result_cell *cell)
{
	const char *flags = cell->at.flags->name;

	kab_text_printf(t, "\nflags %.70s%s\n", flags,
			strlen(flags) > 70 ? "..." : "");
	if (cell->charge != CHARGE_UNASKED)
		kab_text_printf(t, "charged to %s\n", cell->charge == CHARGE_GROUP ?
				"the writer's cgroup" :
				"nobody: the writer is in the root cgroup, or nothing is accounted");
	kab_text_printf(t, "context %s, pattern %s, round %u, cpus %.20s%s\n",
			cell->context, cell->pattern, cell->at.round, cell->cpus,
			strlen(cell->cpus) > 20 ? "..." : "");
	if (cell->calls)
		kab_text_printf(t,
				"each value is the cost of %llu calls, less that of an empty loop\n",
				cell->calls);
	kab_text_printf(t, "%-21s%8s %-7s %7s %7s %7s %7s %7s\n", "allocator",
			"size ", "op", "n", "min", "p50", "p99", "max");
}

/* A reason is a sentence: it is wrapped, not cut. */
static void print_wrapped(struct text *t, const char *words)
{
	const size_t columns = 74;

	while (*words) {
		size_t n = strlen(words);

		if (n > columns) {
			for (n = columns; n && words[n] != ' '; n--)
				;
			n = n ?: columns;
		}
		kab_text_printf(t, "    %.*s\n", (int)n, words);
		words += n;
		while (*words == ' ')
			words++;
	}
}

/* Of a stretch, as the row above it: its median. */
static void print_counts(struct text *t, const struct result_cell *cell,
			 enum result_op op)
{
	const struct result_count *count = cell->merged.counts[op];
	struct text words;
	unsigned int i;
	char buf[240];

	kab_text_init(&words, buf, sizeof(buf));
	for (i = 0; i < COUNTERS && count[i].hist; i++) {
		if (hist_resolves(count[i].hist, HIST_P50))
			kab_text_printf(&words, "%s%s %llu", i ? ", " : "counted: ",
					count[i].name,
					hist_percentile(count[i].hist, HIST_P50));
	}
	print_wrapped(t, buf);
}

static void print_reason(struct text *t, const struct result_cell *cell)
{
	kab_text_printf(t, "%-21.21s", cell->alloc);
	print_size(t, cell->at.size);
	kab_text_printf(t, " %s:\n", kab_report_states[cell->state]);
	print_wrapped(t, cell->reason);
}

/*
 * How many chunks hold the slowest samples, and which causes these have more
 * often than all do: both shares, for one alone says nothing.
 */
static void print_tail_row(struct text *t, const struct result_cell *cell,
			   enum result_op op)
{
	const struct tail_shares *shares = &cell->tails[op];
	enum tail_cause cause;
	struct text words;
	char buf[240];

	if (!shares->chunks)
		return;
	kab_text_init(&words, buf, sizeof(buf));
	kab_text_printf(&words, "slow %s, %u of %u chunks:", kab_report_ops[op],
			shares->chunks, shares->all);
	for (cause = 0; cause < TAIL_CAUSES; cause++) {
		if (shares->blamed & BIT(cause))
			kab_text_printf(&words, " %s %u%% (of all %u%%),",
					kab_report_causes[cause],
					100 * shares->by[cause] / shares->chunks,
					100 * shares->of_all[cause] / shares->all);
	}
	kab_text_printf(&words, " unexplained %u%%",
			100 * shares->unexplained / shares->chunks);
	print_wrapped(t, buf);
}

/* What has to be known of the samples. */
static void print_remarks(struct text *t, const struct result_cell *cell)
{
	const struct result_frag *frag = &cell->frag;
	struct text words;
	char buf[160];

	kab_text_init(&words, buf, sizeof(buf));
	if (frag->done)
		kab_text_printf(&words, "%llu KiB pinned", frag->pinned >> 10);
	if (frag->done && frag->order)
		kab_text_printf(&words, ", %lu free blocks of order %u left",
				frag->left, frag->order);
	if (cell->looks)
		kab_text_printf(&words, "%s%llu of %llu objects came from vmalloc",
				frag->done ? "; " : "", cell->fell, cell->looked);
	print_wrapped(t, buf);
}

/**
 * kab_summary_cell() - add a cell to a summary
 * @t: text to append to
 * @cell: cell
 * @previous: the cell before it, NULL for the first: what they have in common
 *	is said once
 * @clock: clock of the run
 *
 * Context: any.
 */
void kab_summary_cell(struct text *t, const struct result_cell *cell,
		      const struct plan_cell *previous,
		      const struct result_clock *clock)
{
	enum result_op op;

	if (!previous || !same_heading(&cell->at, previous))
		print_heading(t, cell);
	if (cell->state != STATE_OK)
		print_reason(t, cell);
	for (op = 0; op < OPS; op++) {
		if (!cell->merged.hist[op])
			continue;
		print_op(t, cell, op, clock);
		print_parts(t, cell, op, clock);
		print_counts(t, cell, op);
		print_tail_row(t, cell, op);
	}
	print_remarks(t, cell);
}

/**
 * kab_summary_fact_head() - begin the table of facts
 * @t: text to append to
 *
 * Context: any.
 */
void kab_summary_fact_head(struct text *t)
{
	kab_text_printf(t, "%-21s %10s %10s %5s %8s %7s %7s %-3s %4s %s\n",
			"allocator", "size", "usable", "waste", "promised",
			"aligned", "extents", "0?", "node", "from");
}

/* Ends a row of the table: rows of several flags look alike without them. */
static void print_unusual_flags(struct text *t, const struct result_cell *cell)
{
	const char *flags = cell->at.flags->name;

	if (strcmp(flags, "GFP_KERNEL"))
		kab_text_printf(t, ", with %s", flags);
	kab_text_printf(t, "\n");
}

/**
 * kab_summary_fact() - add what a cell's objects are like, if they were examined
 * @t: text to append to
 * @cell: cell
 *
 * Context: any.
 */
void kab_summary_fact(struct text *t, const struct result_cell *cell)
{
	const struct result_fact *f = &cell->fact;

	if (f->found) {
		kab_text_printf(t, "%-21s %10llu ", cell->alloc, cell->at.size);
		if (f->usable)
			kab_text_printf(t, "%10zu %4zu%%", f->usable, f->waste);
		else
			kab_text_printf(t, "%10s %5s", "-", "-");
		kab_text_printf(t, " %8zu %7zu %7lu %-3s %4d %s", f->promised,
				f->align, f->extents, f->zeroed ? "yes" : "no",
				f->node, result_region(f));
		print_unusual_flags(t, cell);
	}
	if (f->searched) {
		kab_text_printf(t, "%-21s %10llu largest that works now%s",
				cell->alloc, f->largest,
				f->fails ? "" : ", at least");
		print_unusual_flags(t, cell);
	}
}

/**
 * kab_summary_end() - end a summary
 * @t: text to append to
 * @total: what the run added up to
 * @clock: clock of the run
 *
 * Context: any.
 */
void kab_summary_end(struct text *t, const struct result_total *total,
		     const struct result_clock *clock)
{
	kab_text_printf(t, "\n%u cells, %s\n", total->cells,
			kab_report_states[total->state]);
	if (total->unstarted)
		kab_text_printf(t, "%u of them were not started\n", total->unstarted);
	if (total->pairs)
		kab_text_printf(t, "outside the timed calls: %llu %s per alloc/free pair\n",
				to_unit(div64_u64(total->outside, total->pairs),
					clock), unit_name(clock));
}
