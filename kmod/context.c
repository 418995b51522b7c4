// SPDX-License-Identifier: GPL-2.0
/*
 * context - the ways into the contexts that calls are made from.
 */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/preempt.h>

#include "context.h"
#include "worker.h"

static bool in_process(void)
{
	return !in_interrupt();
}

const struct context contexts[] = {
	{ .name = "process", .about = "a pinned kernel thread that may sleep",
	  .call = worker_burst, .holds = in_process },
};

const unsigned int contexts_count = ARRAY_SIZE(contexts);
