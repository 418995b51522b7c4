// SPDX-License-Identifier: GPL-2.0
/*
 * pattern - the orders in which calls follow each other.
 *
 * A pattern strings bursts together: which slots are filled, which emptied,
 * and when. It stands between the calls, never inside a timed region.
 */
#include <linux/cache.h>
#include <linux/kernel.h>
#include <linux/mm.h>

#include "pattern.h"
#include "worker.h"

/* Fill one slot, write to it twice, empty it: touching follows its call. */
static void pair_touched(struct worker *w)
{
	while (worker_goes_on(w)) {
		if (!worker_get(w, 0, 1))
			continue;
		worker_touch(w, 0, 1);
		worker_put(w, 0, 1);
	}
}

static void pair_burst(struct worker *w)
{
	if (w->job->touch_step)
		pair_touched(w);
	else
		worker_pair(w);
}

const struct pattern patterns[] = {
	{ .name = "pair", .about = "allocate and free at once", .keys = 0,
	  .burst = pair_burst },
};

const unsigned int patterns_count = ARRAY_SIZE(patterns);
