/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_CONTEXT_H
#define KALLOCBENCH_CONTEXT_H

#include <linux/types.h>

#include "vocab.h"

struct worker;

/* Traits of a context. */
#define CONTEXT_ATOMIC	BIT(0)	/* must not sleep */
#define CONTEXT_IRQ	BIT(1)	/* interrupts are off */
#define CONTEXT_LOCKS	BIT(2)	/* locks that sleep on PREEMPT_RT are legal */

/**
 * struct context - where calls are made
 * @name: in parameter lines and results
 * @about: half a line for help
 * @traits: CONTEXT_ bits
 * @call: calls worker_burst() there
 * @holds: whether the caller is in that context
 */
struct context {
	const char *name;
	const char *about;
	unsigned int traits;
	void (*call)(struct worker *w);
	bool (*holds)(void);
};

extern const struct context contexts[];
extern const unsigned int contexts_count;

struct vocab_list context_list(struct vocab_word *words);

#endif
