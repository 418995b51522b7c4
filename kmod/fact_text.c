// SPDX-License-Identifier: GPL-2.0
/*
 * fact_text - facts -> text.
 */
#include <linux/kernel.h>

#include "fact.h"

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
			    100 * (f->usable - q->size) / f->usable);
	text_printf(t, " align=%zu extents=%lu contiguous=%d zeroed=%d",
		    f->align, f->extents, f->extents == 1, f->zeroed);
	text_printf(t, " region=%s pages=%lu node=%d\n",
		    f->mapped ? "vmalloc" : "direct", f->pages, f->node);
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
		text_printf(t, "%10zu %4zu%%", f->usable,
			    100 * (f->usable - q->size) / f->usable);
	else
		text_printf(t, "%10s %5s", "-", "-");
	text_printf(t, " %7zu %7lu %-3s %-7s %d\n", f->align, f->extents,
		    f->zeroed ? "yes" : "no", f->mapped ? "vmalloc" : "direct",
		    f->node);
}

/**
 * fact_head() - begin the table for people
 * @properties: text to append to
 *
 * Context: any.
 */
void fact_head(struct text *properties)
{
	text_printf(properties, "%-21s %10s %10s %5s %7s %7s %-3s %-7s %s\n",
		    "allocator", "size", "usable", "waste", "align", "extents",
		    "0?", "region", "n");
}
