// SPDX-License-Identifier: GPL-2.0
/*
 * fact_text - facts -> text.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>

#include "fact.h"

static const char *region(const struct fact *f)
{
	return f->mapped ? "vmalloc" : "direct";
}

/* Percent of what is taken that was not asked for. */
static size_t waste(const struct fact_query *q, const struct fact *f)
{
	const size_t taken = max(f->usable, f->slot);

	return 100 * (taken - q->size) / taken;
}

/**
 * fact_line() - a fact for machines
 * @q: what was looked at
 * @f: what was seen
 * @t: text to append a line to
 *
 * Context: any.
 */
void fact_line(const struct fact_query *q, const struct fact *f,
	       struct text *t)
{
	text_printf(t, "fact alloc=%s size=%zu flags=%.*s", q->alloc->name,
		    q->size, (int)q->flags->name.len, q->flags->name.at);
	if (f->usable)
		text_printf(t, " usable=%zu waste=%zu", f->usable,
			    waste(q, f));
	if (f->slot)
		text_printf(t, " slot=%zu", f->slot);
	text_printf(t, " align=%zu promised=%zu extents=%lu contiguous=%d zeroed=%d",
		    f->align, f->promised, f->extents, f->extents == 1,
		    f->zeroed);
	text_printf(t, " region=%s pages=%lu node=%d\n", region(f),
		    f->pages, f->node);
}

/**
 * fact_row() - a fact for people
 * @q: what was looked at
 * @f: what was seen
 * @t: text to append a row to
 *
 * Context: any.
 */
void fact_row(const struct fact_query *q, const struct fact *f,
	      struct text *t)
{
	text_printf(t, "%-21s %10zu ", q->alloc->name, q->size);
	if (f->usable)
		text_printf(t, "%10zu %4zu%%", f->usable, waste(q, f));
	else
		text_printf(t, "%10s %5s", "-", "-");
	text_printf(t, " %8zu %7zu %7lu %-3s %4d %s\n", f->promised, f->align,
		    f->extents,
		    f->zeroed ? "yes" : "no", f->node, region(f));
}

/**
 * fact_largest() - the largest size that works
 * @q: what was tried
 * @works: bytes
 * @fails: the next byte does not; else the search ended there
 * @lines: text to append a line for machines to
 * @properties: text to append a row for people to
 *
 * Context: any.
 */
void fact_largest(const struct fact_query *q, u64 works, bool fails,
		  struct text *lines, struct text *properties)
{
	text_printf(lines, "fact alloc=%s largest=%s%llu\n", q->alloc->name,
		    fails ? "" : ">=", works);
	text_printf(properties, "%-21s %10llu largest that works now%s\n",
		    q->alloc->name, works, fails ? "" : ", at least");
}

/**
 * fact_head() - begin the table for people
 * @properties: text to append to
 *
 * Context: any.
 */
void fact_head(struct text *properties)
{
	text_printf(properties, "%-21s %10s %10s %5s %8s %7s %7s %-3s %4s %s\n",
		    "allocator", "size", "usable", "waste", "promised", "aligned", "extents",
		    "0?", "node", "from");
}
