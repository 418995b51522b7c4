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
 * kab_output_put() - drop the reports
 * @out: reports, may be NULL pointers
 *
 * Context: process, may sleep.
 */
void kab_output_put(struct output *out)
{
	kab_text_put(out->results);
	kab_text_put(out->summary);
	kab_text_put(out->properties);
}

/**
 * kab_output_create() - make empty reports
 * @out: filled
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM, with nothing left behind.
 */
int kab_output_create(struct output *out)
{
	const u64 limit = ((u64)si_mem_available() << PAGE_SHIFT) / 16;

	out->results = kab_text_create(limit);
	out->summary = kab_text_create(limit);
	out->properties = kab_text_create(limit);
	if (out->results && out->summary && out->properties)
		return 0;
	kab_output_put(out);
	memset(out, 0, sizeof(*out));
	return -ENOMEM;
}

/**
 * kab_output_full() - whether something did not fit
 * @out: reports
 *
 * Context: any.
 * Return: true if there was no memory for all of it.
 */
bool kab_output_full(const struct output *out)
{
	return out->results->full || out->summary->full ||
	       out->properties->full;
}

/**
 * kab_output_head() - begin the reports
 * @out: empty reports
 * @clock: calibrated
 * @param: canonical parameter line, empty when there is none
 *
 * Context: process, may sleep.
 */
void kab_output_head(struct output *out, const struct result_clock *clock,
		     const char *param)
{
	const struct result_head head = {
		.release = init_utsname()->release,
		.arch = init_utsname()->machine,
		.param = param, .meta = kab_env_meta, .warn = kab_env_warn,
		.clock = *clock,
	};

	kab_report_head(out->results, &head);
	text_seal(out->results);
	kab_summary_head(out->summary, &head);
	text_seal(out->summary);
	kab_summary_fact_head(out->properties);
	text_seal(out->properties);
}

/**
 * kab_output_cell() - add a cell; the summary only counts those that were not started
 * @out: reports
 * @cell: cell
 * @previous: the one before, or NULL
 * @clock: clock of the run
 *
 * Context: process, may sleep.
 */
void kab_output_cell(struct output *out, const struct result_cell *cell,
		     const struct plan_cell *previous,
		     const struct result_clock *clock)
{
	kab_report_cell(out->results, cell);
	text_seal(out->results);
	if (!cell->unstarted)
		kab_summary_cell(out->summary, cell, previous, clock);
	text_seal(out->summary);
	kab_summary_fact(out->properties, cell);
	text_seal(out->properties);
}

/**
 * kab_output_end() - end the reports
 * @out: reports
 * @total: what the run added up to
 * @clock: clock of the run
 *
 * Context: process, may sleep.
 */
void kab_output_end(struct output *out, const struct result_total *total,
		    const struct result_clock *clock)
{
	kab_text_last(out->results);
	kab_text_last(out->summary);
	kab_report_end(out->results, total);
	kab_summary_end(out->summary, total, clock);
}

/**
 * kab_output_idle() - write the reports of no run
 * @out: empty reports
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

	kab_output_head(out, &clock, "");
	if (kab_output_full(out))
		return -ENOMEM;
	kab_output_end(out, &total, &clock);
	return 0;
}
