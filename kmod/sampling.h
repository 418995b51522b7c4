/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_SAMPLING_H
#define KALLOCBENCH_SAMPLING_H

#include "worker.h"

void kab_sampling_run(struct crew *crew, struct job *job);

#endif
