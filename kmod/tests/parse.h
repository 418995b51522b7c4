/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_TESTS_PARSE_H
#define KALLOCBENCH_TESTS_PARSE_H

/* A line, parsed with the sample vocabulary into a plan that held garbage. */

#include <string.h>

#include "plan.h"
#include "sample_vocab.h"
#include "unit.h"

static struct plan plan;
static struct refusal error;

static int parse(const char *line)
{
	memset(&plan, 0xa5, sizeof(plan));
	memset(&error, 0, sizeof(error));
	return kab_plan_parse(&plan, &sample_vocab, line, strlen(line), &error);
}

static void accept(const char *line)
{
	int err = parse(line);

	if (err)
		fail_msg("\"%s\" refused: %s", line, error.text);
}

#endif
