// SPDX-License-Identifier: GPL-2.0
/*
 * session - the one run there may be, and what the last one left.
 *
 * All state that lasts from one run to the next is here, under one mutex. The
 * mutex is not held while a run goes on: only the word that says so is.
 *
 * A run is done by a thread of the module's own, the runner, and the writer
 * waits for it. So nothing is done within the writer's limits (memory policy,
 * cgroup, priority) but what __GFP_ACCOUNT asks for; and who stops a run is not
 * kept while gigabytes are freed.
 */
#include <linux/build_bug.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kref.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/math64.h>
#include <linux/memcontrol.h>
#include <linux/mutex.h>
#include <linux/nodemask.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#include "admit.h"
#include "allocs.h"
#include "compat.h"
#include "contexts.h"
#include "patterns.h"
#include "plan.h"
#include "room.h"
#include "rules.h"
#include "run.h"
#include "session.h"

#define SHOW_LIMIT	(64 * 1024)

/*
 * How long a writer waits for a run that was stopped. README says 100 ms: the
 * rest is for those who have the CPU meanwhile.
 */
#define LEAVE_MS	20

#define FREEING		"is freeing what it held; status says when it is done"

/*
 * A line on its way from its writer to the runner and back; either may be the
 * last to hold it.
 */
struct errand {
	struct kref ref;
	struct kthread_work work;
	struct mem_cgroup *memcg;	/* who pays for __GFP_ACCOUNT */
	struct plan plan;
	size_t len;			/* of the line at plan.input */
	unsigned int aborts;		/* that came before the line */
	struct run_progress progress;
	struct refusal error;		/* how it ended */
	bool done;			/* and the results are there */
};

static struct session {
	struct mutex lock;		/* guards all that follows */
	struct kthread_worker *runner;
	struct wait_queue_head wait;	/* for those who wait for an end */
	bool insn;
	unsigned int aborts;		/* written so far */
	struct errand *now;		/* the run that goes on, or NULL */
	bool freeing;			/* it was stopped, its writer has left */
	bool rest;			/* the newline of a refused line may come */
	const char *state;		/* for status, while no run goes on */
	char line[WORD_LINE_MAX + 1];	/* of the last run */
	char error[2 * WORD_LINE_MAX + 512];
	struct output last;
	struct vocab vocab;
} session = {
	.lock = __MUTEX_INITIALIZER(session.lock),
	.wait = __WAIT_QUEUE_HEAD_INITIALIZER(session.wait),
	.state = "idle",
};

/**
 * kab_session_close() - drop the module's state
 *
 * Waits for a run that was stopped and is still freeing.
 *
 * Context: process, may sleep; no open file.
 */
void kab_session_close(void)
{
	if (!IS_ERR_OR_NULL(session.runner))
		kthread_destroy_worker(session.runner);
	kab_output_put(&session.last);
}

/**
 * kab_session_open() - prepare the module's state
 * @insn: the machine counts instructions: the module was told so
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno, with nothing left behind.
 */
int kab_session_open(bool insn)
{
	int err;

	BUILD_BUG_ON(sizeof(struct cpumask) > sizeof_field(struct plan, cpus));
	session.insn = insn;
	session.vocab = (struct vocab){
		.gfps = kab_rules_gfps, .allocs = kab_allocs_list,
		.patterns = kab_patterns_list, .contexts = kab_contexts_list,
		.cpus = cpumask_bits(cpu_online_mask), .nr_cpus = nr_cpu_ids,
		.nodes = nodes_addr(node_states[N_MEMORY]),
		.nr_nodes = nr_node_ids,
	};
	err = kab_output_idle(&session.last, insn);
	if (!err) {
		session.runner = compat_worker();
		err = PTR_ERR_OR_ZERO(session.runner);
	}
	if (err)
		kab_session_close();
	return err;
}

static void note_refusal(const struct refusal *error, const char *line,
			 size_t len)
{
	struct text t;

	lockdep_assert_held(&session.lock);
	kab_text_init(&t, session.error, sizeof(session.error));
	kab_refusal_explain(&t, error, line, len);
}

/**
 * kab_session_refuse() - note a refusal that no line is needed for
 * @err: negative errno
 * @why: a sentence
 *
 * Context: process, may sleep.
 * Return: @err.
 */
int kab_session_refuse(int err, const char *why)
{
	struct refusal error;

	kab_refuse(&error, err, "%s", why);
	guard(mutex)(&session.lock);
	note_refusal(&error, NULL, 0);
	session.rest = true;
	return err;
}

/*
 * A shell whose long write was refused writes the newline by itself. What was
 * said about the line stays: nothing better can be said about its newline.
 */
static bool rest_of_refused(const char *line, size_t len)
{
	bool rest;

	guard(mutex)(&session.lock);
	rest = session.rest && len == 1 && *line == '\n';
	session.rest = false;
	return rest;
}

/* A long line takes a while to parse: an abort that came meanwhile is for it. */
static int claim(struct errand *e)
{
	lockdep_assert_held(&session.lock);
	if (session.now)
		return kab_refuse(&e->error, -EBUSY, session.freeing ?
				  "the last run was stopped and " FREEING :
				  "a run is going on; write to abort to stop it");
	session.now = e;
	e->plan.stop = session.aborts != e->aborts;
	e->progress.cells = e->plan.n_cells;
	e->progress.started_ns = ktime_get_ns();
	session.error[0] = '\0';
	return 0;
}

static int check(struct errand *e)
{
	const char *line = e->plan.input;
	int err;

	e->aborts = READ_ONCE(session.aborts);
	err = kab_plan_parse(&e->plan, &session.vocab, line, e->len, &e->error);
	if (!err)
		err = kab_rules_cells(&e->plan, &e->error);

	guard(mutex)(&session.lock);
	if (!err)
		err = claim(e);
	if (err) {
		note_refusal(&e->error, line, e->len);
		session.rest = !e->len || line[e->len - 1] != '\n';
	}
	return err;
}

static void errand_free(struct kref *ref)
{
	struct errand *e = container_of(ref, struct errand, ref);

	mem_cgroup_put(e->memcg);
	kvfree(e);
}

/* The next run may be claimed as soon as the lock is released. */
static void release(struct errand *e, struct output *out)
{
	const int err = e->error.err;

	scoped_guard(mutex, &session.lock) {
		/* Who stopped it has been told so, and may have written a line since. */
		if (err && !(session.freeing && err == -ECANCELED))
			note_refusal(&e->error, e->plan.input, e->len);
		session.now = NULL;
		WRITE_ONCE(session.freeing, false);
		/* Where it never began, everything is as it was. */
		if (e->progress.began) {
			strscpy(session.line, e->plan.line, sizeof(session.line));
			session.state = !err ? "done" :
					err == -ECANCELED ? "aborted" : "failed";
			swap(session.last, *out);
		}
		WRITE_ONCE(e->done, true);
	}
	wake_up_all(&session.wait);
	kab_output_put(out);
}

/* Whether the plan fits, and whether there is room for its results. */
static int prepare(struct errand *e, struct output *out)
{
	struct admit_memory memory = {};
	int err = kab_admit_memory(&e->plan, &memory, &e->error);

	if (err)
		return err;
	scoped_guard(mutex, &session.lock)
		e->progress.memory = memory;
	if (kab_output_create(out))
		return kab_refuse(&e->error, -ENOMEM,
				       "no memory for the results");
	return 0;
}

static void run_errand(struct kthread_work *work)
{
	struct errand *e = container_of(work, struct errand, work);
	struct mem_cgroup *before = set_active_memcg(e->memcg);
	struct output out = {};

	if (!prepare(e, &out))
		kab_run_plan(&e->plan, session.insn, &e->progress, &out,
			     &e->error);
	set_active_memcg(before);
	release(e, &out);
	kref_put(&e->ref, errand_free);
}

/*
 * What the write returns. A run that was stopped and has not ended by now frees
 * what it holds without its writer.
 */
static int leave(struct errand *e)
{
	struct refusal error = {};

	guard(mutex)(&session.lock);
	if (e->done)
		return e->error.err;
	kab_refuse(&error, -ECANCELED, "the run was stopped and " FREEING);
	note_refusal(&error, e->plan.input, e->len);
	WRITE_ONCE(session.freeing, true);
	return error.err;
}

/* A signal stops a run as abort does. */
static int send(struct errand *e)
{
	kref_get(&e->ref);
	kthread_init_work(&e->work, run_errand);
	/* Only the writer's cgroup is known, and only it has asked for it. */
	e->memcg = get_mem_cgroup_from_mm(current->mm);
	kthread_queue_work(session.runner, &e->work);

	if (wait_event_interruptible(session.wait, READ_ONCE(e->done) ||
				     READ_ONCE(e->plan.stop)))
		WRITE_ONCE(e->plan.stop, true);
	wait_event_timeout(session.wait, READ_ONCE(e->done),
			   msecs_to_jiffies(LEAVE_MS));
	return leave(e);
}

/**
 * kab_session_run() - check a parameter line, and run it
 * @from: the line
 * @len: bytes at @from
 *
 * Context: process, may sleep for as long as the run takes; a signal ends it.
 * Return: 0 or one of the contract's errnos, with a sentence in the error file.
 */
int kab_session_run(const char __user *from, size_t len)
{
	struct errand *e;
	int err;

	might_sleep();
	if (len > WORD_LINE_MAX + 1)
		return kab_session_refuse(-E2BIG,
					  "the line is too long: at most 4095 bytes");
	e = kvzalloc(sizeof(*e), ROOM_OWN);
	if (!e)
		return kab_session_refuse(-ENOMEM, "no memory for the plan");

	kref_init(&e->ref);
	e->len = len;
	if (copy_from_user(e->plan.input, from, len))
		err = kab_session_refuse(-EFAULT,
					 "the line could not be copied from the writer's memory");
	else if (rest_of_refused(e->plan.input, len))
		err = -EINVAL;
	else
		err = check(e) ?: send(e);
	kref_put(&e->ref, errand_free);
	return err;
}

/**
 * kab_session_abort() - stop the run that goes on, and lines that are being parsed
 * @from: whatever was written
 * @len: bytes at @from
 *
 * Context: process, may sleep.
 * Return: 0.
 */
int kab_session_abort(const char __user *from, size_t len)
{
	scoped_guard(mutex, &session.lock) {
		WRITE_ONCE(session.aborts, session.aborts + 1);
		if (session.now)
			WRITE_ONCE(session.now->plan.stop, true);
	}
	wake_up_all(&session.wait);
	return 0;
}

static void write_line(struct text *t)
{
	const char *line = session.now ? session.now->plan.line : session.line;

	if (*line)
		kab_text_printf(t, "%s\n", line);
}

static void write_last_error(struct text *t)
{
	kab_text_printf(t, "%s", session.error);
}

static void write_status(struct text *t)
{
	const struct run_progress *p;
	unsigned int cell;
	u64 ms;

	lockdep_assert_held(&session.lock);
	if (!session.now || session.freeing) {
		kab_text_printf(t, "state=%s\n",
				session.freeing ? "freeing" : session.state);
		return;
	}
	p = &session.now->progress;
	cell = READ_ONCE(p->cell);
	ms = div_u64(ktime_get_ns() - p->started_ns, NSEC_PER_MSEC);
	kab_text_printf(t, "state=running cell=%u/%u percent=%u eta_ms=%llu",
			cell, p->cells, cell * 100 / p->cells,
			cell ? div_u64(ms * (p->cells - cell), cell) : 0);
	kab_text_printf(t, " held_bytes=%llu recorder_bytes=%llu",
			p->memory.held, p->memory.recorder);
	if (kab_admit_differs(p->memory.held, p->memory.estimate))
		kab_text_printf(t, " estimate_bytes=%llu", p->memory.estimate);
	kab_text_printf(t, "\n");
}

static void write_help(struct text *t)
{
	kab_plan_help(t, &session.vocab);
}

/* Small files are written when they are opened; the reports are there. */
static const struct {
	void (*write)(struct text *t);
	struct text *const *last;
} files[] = {
	[SESSION_LINE] = { .write = write_line },
	[SESSION_RESULTS] = { .last = &session.last.results },
	[SESSION_SUMMARY] = { .last = &session.last.summary },
	[SESSION_PROPERTIES] = { .last = &session.last.properties },
	[SESSION_STATUS] = { .write = write_status },
	[SESSION_ERROR] = { .write = write_last_error },
	[SESSION_HELP] = { .write = write_help },
};

/* NULL where there is no memory for all of it. */
static struct text *write_small(void (*write)(struct text *t))
{
	struct text *t = kab_text_create(SHOW_LIMIT);

	if (!t)
		return NULL;
	write(t);
	if (!t->full)
		return t;
	kab_text_put(t);
	return NULL;
}

/**
 * kab_session_read() - what a file holds now
 * @file: which
 *
 * The write that was stopped may have returned before its results are there:
 * who asks for them then waits.
 *
 * Context: process, may sleep.
 * Return: a text that does not change any more, with a reference for the
 * caller; or an ERR_PTR().
 */
struct text *kab_session_read(enum session_file file)
{
	struct text *t;

	might_sleep();
	if (files[file].last &&
	    wait_event_interruptible(session.wait, !READ_ONCE(session.freeing)))
		return ERR_PTR(-ERESTARTSYS);
	guard(mutex)(&session.lock);
	t = files[file].last ? kab_text_get(*files[file].last) :
			       write_small(files[file].write);
	return t ?: ERR_PTR(-ENOMEM);
}
