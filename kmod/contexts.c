// SPDX-License-Identifier: GPL-2.0
/*
 * contexts - the ways into the contexts that calls are made from.
 */
#include <linux/bottom_half.h>
#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/preempt.h>

#include "calls.h"
#include "rows.h"

static bool in_process(void)
{
	return !in_interrupt() && !irqs_disabled();
}

static void call_preempt_off(struct worker *w)
{
	preempt_disable();
	kab_calls_burst(w);
	preempt_enable();
}

/* Without CONFIG_PREEMPT_COUNT nothing can tell. */
static bool in_preempt_off(void)
{
	return !IS_ENABLED(CONFIG_PREEMPT_COUNT) || !preemptible();
}

static void call_bh_off(struct worker *w)
{
	local_bh_disable();
	kab_calls_burst(w);
	local_bh_enable();
}

static bool in_bh_off(void)
{
	return in_softirq() && !in_serving_softirq();
}

static void call_irqs_off(struct worker *w)
{
	unsigned long flags;

	local_irq_save(flags);
	kab_calls_burst(w);
	local_irq_restore(flags);
}

static bool in_irqs_off(void)
{
	return irqs_disabled() && !in_interrupt();
}

/* Into an interrupt and back. */
struct way {
	struct worker *w;
	struct tasklet_struct tasklet;
	struct completion left;
	struct irq_work work;
};

static void softirq_entered(struct tasklet_struct *tasklet)
{
	struct way *way = container_of(tasklet, struct way, tasklet);

	kab_calls_burst(way->w);
	complete(&way->left);
}

/*
 * A tasklet, although these are on their way out: 6.1 has no BH workqueue, and
 * what surrounds a call is to be the same on all kernels that are compared. It
 * runs at once and here: enabling bottom halves runs those that are pending.
 */
static void call_softirq(struct worker *w)
{
	struct way way = {
		.w = w, .left = COMPLETION_INITIALIZER_ONSTACK(way.left),
	};

	tasklet_setup(&way.tasklet, softirq_entered);
	local_bh_disable();
	tasklet_schedule(&way.tasklet);
	local_bh_enable();
	/* ksoftirqd may have been faster. */
	wait_for_completion(&way.left);
	tasklet_unlock_wait(&way.tasklet);
}

static bool in_softirq_now(void)
{
	return in_serving_softirq();
}

static void hardirq_entered(struct irq_work *work)
{
	kab_calls_burst(container_of(work, struct way, work)->w);
}

static void call_hardirq(struct worker *w)
{
	struct way way = { .w = w, .work = IRQ_WORK_INIT_HARD(hardirq_entered) };

	irq_work_queue(&way.work);
	irq_work_sync(&way.work);
}

static bool in_hardirq_now(void)
{
	return in_hardirq();
}

/* The context of those who ask for none. */
enum { PROCESS };

const struct context kab_contexts[] = {
	[PROCESS] = { .word = { "process", "a pinned kernel thread that may sleep" },
	  .call = kab_calls_burst, .holds = in_process },
	{ .word = { "preempt_off", "the same between preempt_disable() and preempt_enable()" },
	  .traits = CONTEXT_ATOMIC,
	  .call = call_preempt_off, .holds = in_preempt_off },
	{ .word = { "bh_off", "the same between local_bh_disable() and local_bh_enable()" },
	  .traits = CONTEXT_ATOMIC | CONTEXT_LOCKS,
	  .call = call_bh_off, .holds = in_bh_off },
	{ .word = { "irqs_off", "the same with interrupts off" },
	  .traits = CONTEXT_ATOMIC | CONTEXT_IRQ,
	  .call = call_irqs_off, .holds = in_irqs_off },
	{ .word = { "softirq", "a tasklet" },
	  .traits = CONTEXT_ATOMIC | CONTEXT_LOCKS,
	  .call = call_softirq, .holds = in_softirq_now },
	{ .word = { "hardirq", "a hard irq_work" },
	  .traits = CONTEXT_ATOMIC | CONTEXT_IRQ,
	  .call = call_hardirq, .holds = in_hardirq_now },
};

const struct context *const kab_contexts_process = &kab_contexts[PROCESS];

const struct vocab_list kab_contexts_list =
	VOCAB_LIST("context", kab_contexts, kab_contexts[0].word);
