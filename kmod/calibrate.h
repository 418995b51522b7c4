/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_CALIBRATE_H
#define KALLOCBENCH_CALIBRATE_H

#include "crew.h"
#include "result.h"

const char *calibrate_clock(struct crew *crew, struct job *job,
			    struct result_clock *clock);

#endif
