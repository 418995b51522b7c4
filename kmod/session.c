// SPDX-License-Identifier: GPL-2.0
/*
 * session - the files in debugfs, the one run there may be, and what the last one
 * left.
 *
 * All state that lasts from one run to the next is here, under one mutex. The
 * mutex is not held during a run: session.now says that there is one.
 *
 * A thread of the module's own, the runner, executes the run, and the writer
 * waits for it. So the writer's limits (memory policy, cgroup, priority) apply
 * only to what __GFP_ACCOUNT asks for; and a writer that stops a run need not
 * wait until gigabytes are freed.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/build_bug.h>
#include <linux/cpumask.h>
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kref.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/math64.h>
#include <linux/memcontrol.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/nodemask.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#include "admit.h"
#include "compat.h"
#include "counters.h"
#include "plan.h"
#include "rows.h"
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
	struct errand *now;		/* the active run, or NULL */
	bool freeing;			/* it was stopped, its writer has left */
	bool rest;			/* the newline of a refused line may come */
	const char *state;		/* for status, between runs */
	char line[WORD_LINE_MAX + 1];	/* of the last run */
	char error[2 * WORD_LINE_MAX + 512];
	struct output last;
	struct vocab vocab;
	struct dentry *directory;
} session = {
	.lock = __MUTEX_INITIALIZER(session.lock),
	.wait = __WAIT_QUEUE_HEAD_INITIALIZER(session.wait),
	.state = "idle",
};

static void note_refusal(const struct refusal *error, const char *line,
			 size_t len)
{
	struct text t;

	lockdep_assert_held(&session.lock);
	kab_text_init(&t, session.error, sizeof(session.error));
	kab_refusal_explain(&t, error, line, len);
}

/* Notes a refusal that no line is needed for. */
static int refuse(int err, const char *why)
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
	if (!err)
		err = kab_counters_check(&e->plan, &e->error);

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

/* Whether the plan fits into memory. */
static int weigh(struct errand *e)
{
	struct admit_memory memory = {};
	int err = kab_admit_memory(&e->plan, &memory, &e->error);

	guard(mutex)(&session.lock);
	e->progress.memory = memory;
	return err;
}

static void run_errand(struct kthread_work *work)
{
	struct errand *e = container_of(work, struct errand, work);
	struct mem_cgroup *before = set_active_memcg(e->memcg);
	struct output out = {};

	if (!weigh(e))
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

/* Checks a parameter line, and runs it. */
static int run_line(const char __user *from, size_t len)
{
	struct errand *e;
	int err;

	might_sleep();
	if (len > WORD_LINE_MAX + 1)
		return refuse(-E2BIG, "the line is too long: at most 4095 bytes");
	e = kvzalloc(sizeof(*e), OWN_GFP);
	if (!e)
		return refuse(-ENOMEM, "no memory for the plan");

	kref_init(&e->ref);
	e->len = len;
	if (copy_from_user(e->plan.input, from, len))
		err = refuse(-EFAULT,
			     "the line could not be copied from the writer's memory");
	else if (rest_of_refused(e->plan.input, len))
		err = -EINVAL;
	else
		err = check(e) ?: send(e);
	kref_put(&e->ref, errand_free);
	return err;
}

/* Stops the active run, and lines that are being parsed. */
static int abort_run(const char __user *from, size_t len)
{
	scoped_guard(mutex, &session.lock) {
		WRITE_ONCE(session.aborts, session.aborts + 1);
		if (session.now)
			WRITE_ONCE(session.now->plan.stop, true);
	}
	wake_up_all(&session.wait);
	return 0;
}

static void show_line(struct text *t)
{
	const char *line = session.now ? session.now->plan.line : session.line;

	if (*line)
		kab_text_printf(t, "%s\n", line);
}

static void show_error(struct text *t)
{
	kab_text_printf(t, "%s", session.error);
}

static void show_status(struct text *t)
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
	if (admit_differs(p->memory.held, p->memory.estimate))
		kab_text_printf(t, " estimate_bytes=%llu", p->memory.estimate);
	kab_text_printf(t, "\n");
}

static void show_help(struct text *t)
{
	kab_plan_help(t, &session.vocab);
}

/* One of @show and @report is what is read; small files are written when they are opened. */
static const struct file_row {
	const char *name;
	umode_t mode;
	int (*write)(const char __user *from, size_t len);
	void (*show)(struct text *t);
	struct text *const *report;
} rows[] = {
	{ "run", 0600, run_line, show_line },
	{ "results", 0400, .report = &session.last.results },
	{ "summary", 0400, .report = &session.last.summary },
	{ "properties", 0400, .report = &session.last.properties },
	{ "status", 0400, .show = show_status },
	{ "error", 0400, .show = show_error },
	{ "abort", 0200, abort_run },
	{ "help", 0400, .show = show_help },
};

/* NULL where there is no memory for all of it. */
static struct text *small_text(void (*show)(struct text *t))
{
	struct text *t = kab_text_create(SHOW_LIMIT);

	if (!t)
		return NULL;
	show(t);
	if (!t->full)
		return t;
	kab_text_put(t);
	return NULL;
}

/*
 * The write that was stopped may have returned before its results are there: who
 * asks for them then waits.
 */
static struct text *text_now(const struct file_row *row)
{
	struct text *t;

	might_sleep();
	if (row->report &&
	    wait_event_interruptible(session.wait, !READ_ONCE(session.freeing)))
		return ERR_PTR(-ERESTARTSYS);
	guard(mutex)(&session.lock);
	t = row->report ? text_get(*row->report) : small_text(row->show);
	return t ?: ERR_PTR(-ENOMEM);
}

/* An open file shows what it held when it was opened, from first to last byte. */
static int debugfs_open(struct inode *inode, struct file *file)
{
	const struct file_row *row = inode->i_private;
	struct text *t = NULL;

	if ((row->show || row->report) && (file->f_mode & FMODE_READ))
		t = text_now(row);
	if (IS_ERR(t))
		return PTR_ERR(t);
	file->private_data = t;
	return 0;
}

static int debugfs_release(struct inode *inode, struct file *file)
{
	kab_text_put(file->private_data);
	return 0;
}

static ssize_t debugfs_read(struct file *file, char __user *to, size_t len,
			    loff_t *pos)
{
	const struct text *t = file->private_data;

	if (!t)
		return -EINVAL;
	return simple_read_from_buffer(to, len, pos, t->buf, t->len);
}

/* Each write(2) is whole by itself: the position never advances. */
static ssize_t debugfs_write(struct file *file, const char __user *from,
			     size_t len, loff_t *pos)
{
	const struct file_row *row = file_inode(file)->i_private;

	if (!row->write)
		return -EINVAL;
	if (*pos)
		return refuse(-EINVAL, "a line is written at offset 0, in one write");
	if (!len)
		return 0;
	return row->write(from, len) ?: len;
}

static const struct file_operations debugfs_fops = {
	.owner = THIS_MODULE,
	.open = debugfs_open,
	.release = debugfs_release,
	.read = debugfs_read,
	.write = debugfs_write,
	.llseek = default_llseek,
};

/* The only way in: without it there is nothing to load. */
static int create_files(void)
{
	struct dentry *entry = debugfs_create_dir(KBUILD_MODNAME, NULL);
	unsigned int i;

	session.directory = entry;
	for (i = 0; i < ARRAY_SIZE(rows) && !IS_ERR(entry); i++)
		entry = debugfs_create_file(rows[i].name, rows[i].mode,
					    session.directory, (void *)&rows[i],
					    &debugfs_fops);
	if (IS_ERR(entry))
		pr_err("debugfs does not take our files: error %ld\n", PTR_ERR(entry));
	return PTR_ERR_OR_ZERO(entry);
}

/**
 * kab_session_close() - remove the files, and what they are about
 *
 * Waits for a run that was stopped and is still freeing.
 *
 * Context: process, may sleep; no open file.
 */
void kab_session_close(void)
{
	debugfs_remove(session.directory);
	if (!IS_ERR_OR_NULL(session.runner))
		kthread_destroy_worker(session.runner);
	kab_output_put(&session.last);
}

/**
 * kab_session_open() - create the files
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
	if (!err)
		err = create_files();
	if (err)
		kab_session_close();
	return err;
}
