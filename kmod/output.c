// SPDX-License-Identifier: GPL-2.0
/*
 * output - the reports of a run, written as it goes on.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/utsname.h>

#include "clock.h"
#include "env.h"
#include "output.h"
#include "report.h"
#include "summary.h"

/**
 * output_put() - drop the reports
 * @out: reports, may be NULL pointers
 *
 * Context: process, may sleep.
 */
void output_put(struct output *out)
{
	text_put(out->results);
	text_put(out->summary);
	text_put(out->properties);
}

/**
 * output_create() - make empty reports
 * @out: filled
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM, with nothing left behind.
 */
int output_create(struct output *out)
{
	const u64 limit = ((u64)si_mem_available() << PAGE_SHIFT) / 16;

	out->results = text_create(limit);
	out->summary = text_create(limit);
	out->properties = text_create(limit);
	if (out->results && out->summary && out->properties)
		return 0;
	output_put(out);
	memset(out, 0, sizeof(*out));
	return -ENOMEM;
}

/**
 * output_full() - whether something did not fit
 * @out: reports
 *
 * Context: any.
 * Return: true if there was no memory for all of it.
 */
bool output_full(const struct output *out)
{
	return out->results->full || out->summary->full ||
	       out->properties->full;
}

/**
 * output_head() - begin the reports
 * @out: empty reports
 * @clock: calibrated
 * @param: canonical parameter line, empty when there is none
 *
 * Context: process, may sleep.
 */
void output_head(struct output *out, const struct result_clock *clock,
		 const char *param)
{
	const struct result_head head = {
		.release = init_utsname()->release,
		.arch = init_utsname()->machine,
		.param = param, .meta = env_meta, .warn = env_warn,
		.clock = *clock,
	};

	report_head(out->results, &head);
	text_seal(out->results);
	summary_head(out->summary, &head);
	text_seal(out->summary);
	summary_fact_head(out->properties);
	text_seal(out->properties);
}

/**
 * output_cell() - add a cell; the summary only counts those that were not started
 * @out: reports
 * @cell: cell
 * @previous: the one before, or NULL
 * @clock: clock of the run
 *
 * Context: process, may sleep.
 */
void output_cell(struct output *out, const struct result_cell *cell,
		 const struct plan_cell *previous,
		 const struct result_clock *clock)
{
	report_cell(out->results, cell);
	text_seal(out->results);
	if (!cell->unstarted)
		summary_cell(out->summary, cell, previous, clock);
	text_seal(out->summary);
	summary_fact(out->properties, cell);
	text_seal(out->properties);
}

/**
 * output_end() - end the reports
 * @out: reports
 * @total: what the run added up to
 * @clock: clock of the run
 *
 * Context: process, may sleep.
 */
void output_end(struct output *out, const struct result_total *total,
		const struct result_clock *clock)
{
	text_last(out->results);
	text_last(out->summary);
	report_end(out->results, total);
	summary_end(out->summary, total, clock);
}

/**
 * output_idle() - write the reports of no run
 * @out: empty reports
 * @insn: the machine counts instructions: the module was told so
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int output_idle(struct output *out, bool insn)
{
	const struct result_clock clock = {
		.name = CLOCK_NAME, .khz = clock_khz(), .insn = insn,
	};
	const struct result_total total = { .state = STATE_IDLE };

	output_head(out, &clock, "");
	if (output_full(out))
		return -ENOMEM;
	output_end(out, &total, &clock);
	return 0;
}
