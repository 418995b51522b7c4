// SPDX-License-Identifier: GPL-2.0
/*
 * gather - what the workers have recorded -> one cell of the report.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "gather.h"
#include "room.h"
#include "tail.h"

/**
 * gather_close() - give the room back
 * @g: room
 *
 * Context: process, may sleep.
 */
void gather_close(struct gather *g)
{
	enum result_op op;

	for (op = 0; op < OPS; op++)
		kvfree(g->merged.hist[op]);
	kvfree(g->workers);
}

/**
 * gather_open() - make room
 * @g: filled
 * @n_workers: most workers of a cell
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM, with nothing left behind.
 */
int gather_open(struct gather *g, unsigned int n_workers)
{
	enum result_op op;
	bool whole = true;

	for (op = 0; op < OPS; op++) {
		struct hist *h = kvmalloc(sizeof(*h), ROOM_OWN);

		if (h)
			hist_init(h);
		g->merged.hist[op] = h;
		whole &= !!h;
	}
	g->workers = kvcalloc(n_workers, sizeof(*g->workers), ROOM_OWN);
	if (whole && g->workers)
		return 0;
	gather_close(g);
	return -ENOMEM;
}

static bool has_op(const struct job *job, enum result_op op)
{
	const bool pairs = job->calls && !(job->pattern->traits & PATTERN_TURNS);

	switch (op) {
	case OP_TOUCH:
	case OP_RETOUCH:
		return job->touch_step;
	case OP_PAIR:
		return pairs;
	case OP_SETTLE:
		return job->alloc->traits & ALLOC_SETTLES;
	default:
		return !pairs;
	}
}

static void note_workers(struct gather *g, const struct crew *crew,
			 struct result_cell *cell)
{
	enum result_op op;
	unsigned int i;

	for (i = 0; i < crew->n; i++) {
		const struct worker *w = crew->workers[i];

		g->workers[i].cpu = w->cpu;
		for (op = 0; op < OPS; op++)
			g->workers[i].hist[op] = has_op(w->job, op) ?
				w->recorded.hist[op] : NULL;
		memcpy(g->workers[i].overhead, w->recorded.overhead,
		       sizeof(w->recorded.overhead));
	}
	cell->workers = g->workers;
	cell->n_workers = crew->n;
}

static void note_parts(const struct job *job, struct result_cell *cell)
{
	const unsigned int traits = job->alloc->traits;

	cell->settles = job->depth;
	if (traits & ALLOC_BULKS)
		cell->objects = ALLOC_BULK;
	else if ((traits & ALLOC_SCATTERS) && job->state.n_pages > 1)
		cell->pieces = job->state.n_pages;
}

/* Of what was taken off on each CPU, the least is known of all of them. */
static void merge(struct result_worker *into, const struct result_worker *from,
		  enum result_op op)
{
	hist_merge(into->hist[op], from->hist[op]);
	into->overhead[op] = min(into->overhead[op], from->overhead[op]);
}

/**
 * gather_cell() - merge the samples of all workers
 * @g: room
 * @crew: workers that have done a cell
 * @cell: gets what they recorded; refers to @g and @crew
 * @total: grows
 *
 * Context: any.
 */
void gather_cell(struct gather *g, const struct crew *crew,
		 struct result_cell *cell, struct result_total *total)
{
	const struct job *job = crew->workers[0]->job;
	u64 accounted = 0, pairs = 0;
	enum result_op op;
	unsigned int i;

	for (op = 0; op < OPS; op++) {
		struct hist *h = g->merged.hist[op];

		if (!has_op(job, op))
			continue;
		hist_clear(h);
		cell->merged.hist[op] = h;
		cell->merged.overhead[op] = U64_MAX;
		for (i = 0; i < crew->n; i++)
			merge(&cell->merged, &crew->workers[i]->recorded, op);
		accounted += h->sum;
		pairs = max(pairs, h->n);
	}
	for (i = 0; i < crew->n; i++) {
		cell->fail += crew->workers[i]->fail;
		cell->wall += crew->workers[i]->wall;
	}
	cell->calls = job->calls;
	note_parts(job, cell);
	total->outside += cell->wall - accounted;
	total->pairs += pairs * max(job->calls, 1U);
	if (crew->n > 1)
		note_workers(g, crew, cell);
}

static void find_tail(const struct crew *crew, const struct hist *h,
		      enum result_op op, struct tail_shares *shares)
{
	u64 above;
	unsigned int i;

	shares->basis_points = hist_resolves(h, HIST_P999) ?
			       HIST_P999 : HIST_P99;
	above = hist_percentile(h, shares->basis_points);
	for (i = 0; i < crew->n; i++)
		tail_add(shares, crew->workers[i]->tail, op, above);
	tail_blame(shares);
	for (i = 0; i < crew->n; i++)
		tail_add_unexplained(shares, crew->workers[i]->tail, op, above);
}

/**
 * gather_tails() - say why the slow samples of a cell were slow
 * @crew: workers that have done it
 * @cell: filled by gather_cell()
 *
 * Context: any.
 */
void gather_tails(const struct crew *crew, struct result_cell *cell)
{
	enum result_op op;

	for (op = 0; op < OPS; op++) {
		const struct hist *h = cell->merged.hist[op];

		if (h && hist_resolves(h, HIST_P99))
			find_tail(crew, h, op, &cell->tails[op]);
	}
}
