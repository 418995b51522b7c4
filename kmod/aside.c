// SPDX-License-Identifier: GPL-2.0
/*
 * aside - work that must not run under the limits of whoever asked for it.
 *
 * A memory policy, a cpuset, a memory cgroup, a scheduling class: the writer's
 * are the writer's, and allocations made for a plan are not. A kernel thread
 * has none of them. What it does know is whom __GFP_ACCOUNT charges.
 */
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/memcontrol.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/task.h>

#include "aside.h"

/**
 * struct aside - a call made elsewhere
 * @fn: function
 * @arg: its argument
 * @memcg: who is charged
 * @err: what @fn returned
 * @done: it has
 */
struct aside {
	int (*fn)(void *arg);
	void *arg;
	struct mem_cgroup *memcg;
	int err;
	struct completion done;
};

static int aside_main(void *data)
{
	struct aside *a = data;
	struct mem_cgroup *before = set_active_memcg(a->memcg);

	a->err = a->fn(a->arg);
	set_active_memcg(before);
	complete(&a->done);
	return 0;
}

/**
 * aside_call() - call a function in a kernel thread, and wait for it
 * @fn: function
 * @arg: its argument
 * @abort: set when a signal reaches the caller, for @fn to look at; or NULL
 *
 * In @fn current->active_memcg is the caller's cgroup.
 *
 * Context: process, may sleep.
 * Return: what @fn returned, -EINTR or -ENOMEM when it was not called.
 */
int aside_call(int (*fn)(void *arg), void *arg, bool *abort)
{
	struct aside a = { .fn = fn, .arg = arg };
	struct task_struct *task;

	init_completion(&a.done);
	task = kthread_create(aside_main, &a, "kallocbench");
	if (IS_ERR(task))
		return PTR_ERR(task);

	a.memcg = get_mem_cgroup_from_mm(current->mm);
	/* It may be gone before it is waited for: rmmod must not come first. */
	get_task_struct(task);
	wake_up_process(task);
	if (wait_for_completion_interruptible(&a.done)) {
		if (abort)
			WRITE_ONCE(*abort, true);
		wait_for_completion(&a.done);
	}
	/* Not before: a thread that is stopped before it begins never does. */
	kthread_stop(task);
	put_task_struct(task);
	mem_cgroup_put(a.memcg);
	return a.err;
}
