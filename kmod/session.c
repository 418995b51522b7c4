// SPDX-License-Identifier: GPL-2.0
/*
 * session - the one run there may be, and what the last one left.
 *
 * All state that lasts from one run to the next is here, under one mutex. The
 * mutex is not held while a run goes on: only the word that says so is.
 */
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/mutex.h>
#include <linux/nodemask.h>
#include <linux/slab.h>

#include "admit.h"
#include "allocs.h"
#include "context.h"
#include "key.h"
#include "output.h"
#include "pattern.h"
#include "plan.h"
#include "probe.h"
#include "refusal.h"
#include "run.h"
#include "session.h"

#define SHOW_LIMIT	(64 * 1024)

/**
 * struct session - what lasts from one run to the next
 * @lock: guards all that follows
 * @insn: the machine counts instructions
 * @running: a run goes on
 * @state: word for status while none does
 * @progress: of the run that goes on, or of the last
 * @line: canonical line of the last accepted run
 * @line_before: of the one before, should this one never begin
 * @error: the last refusal, or an empty string
 * @last: reports of the last finished run
 * @vocab: names for the parser
 * @words: storage of @vocab
 */
static struct session {
	struct mutex lock; /* guards all that follows */
	bool insn;
	bool running;
	const char *state;
	struct run_progress progress;
	char line[PLAN_LINE_MAX + 1];
	char line_before[PLAN_LINE_MAX + 1];
	char error[2 * PLAN_LINE_MAX + 512];
	struct output last;
	struct vocab vocab;
	struct vocab_word *words;
} session = {
	.lock = __MUTEX_INITIALIZER(session.lock),
	.state = "idle",
};

static int name_all(struct vocab *vocab)
{
	struct vocab_word *words;

	words = kcalloc(allocs_count + patterns_count + contexts_count,
			sizeof(*words), GFP_KERNEL);
	if (!words)
		return -ENOMEM;

	session.words = words;
	*vocab = (struct vocab){
		.gfps = allocs_gfps, .allocs = allocs_list(words),
		.patterns = pattern_list(words + allocs_count),
		.contexts = context_list(words + allocs_count + patterns_count),
		.cpus = cpumask_bits(cpu_online_mask), .nr_cpus = nr_cpu_ids,
		.nodes = nodes_addr(node_states[N_MEMORY]),
		.nr_nodes = nr_node_ids,
	};
	return 0;
}

/**
 * session_close() - drop the module's state
 *
 * Context: process, may sleep; no run, no open file.
 */
void session_close(void)
{
	output_put(&session.last);
	kfree(session.words);
}

/**
 * session_open() - prepare the module's state
 * @insn: the machine counts instructions: the module was told so
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM, with nothing left behind.
 */
int session_open(bool insn)
{
	int err = name_all(&session.vocab);

	session.insn = insn;
	if (!err)
		err = output_create(&session.last);
	if (!err)
		err = output_idle(&session.last, insn);
	if (err)
		session_close();
	return err;
}

/* Under the lock. */
static void note_refusal(const struct plan_error *error, const char *line,
			 size_t len)
{
	struct text t;

	text_init(&t, session.error, sizeof(session.error));
	refusal_write(&t, error, line, len);
}

static int refuse(const struct plan_error *error, const char *line, size_t len)
{
	mutex_lock(&session.lock);
	note_refusal(error, line, len);
	mutex_unlock(&session.lock);
	return error->err;
}

/**
 * session_refuse() - note a refusal that no line is needed for
 * @err: negative errno
 * @why: a sentence
 *
 * Context: process, may sleep.
 * Return: @err.
 */
int session_refuse(int err, const char *why)
{
	struct plan_error error;

	plan_refuse(&error, err, "%s", why);
	return refuse(&error, NULL, 0);
}

static int claim(const struct plan *plan, struct plan_error *error)
{
	struct run_progress progress = {
		.cells = plan->n_cells, .started_ns = ktime_get_ns(),
	};
	struct admit_memory memory = {};
	int err;

	mutex_lock(&session.lock);
	err = session.running ?
	      plan_refuse(error, -EBUSY,
			  "a run is going on; write to abort to stop it") :
	      admit_memory(plan, &memory, error);
	if (!err) {
		progress.held_bytes = memory.held;
		progress.estimate_bytes = memory.estimate;
		progress.recorder_bytes = memory.recorder;
		session.running = true;
		session.progress = progress;
		session.error[0] = '\0';
		strscpy(session.line_before, session.line,
			sizeof(session.line_before));
		strscpy(session.line, plan->line, sizeof(session.line));
	}
	mutex_unlock(&session.lock);
	return err;
}

/* The next run may be claimed as soon as the lock is given back. */
static void release(struct output *out, const struct plan_error *error,
		    const char *line, size_t len)
{
	const int err = error->err;

	mutex_lock(&session.lock);
	session.running = false;
	if (err)
		note_refusal(error, line, len);
	if (!session.progress.began) {
		/* Everything is as it was. */
		strscpy(session.line, session.line_before,
			sizeof(session.line));
	} else {
		session.state = !err ? "done" :
				err == -ECANCELED ? "aborted" : "failed";
		swap(session.last, *out);
	}
	mutex_unlock(&session.lock);
	output_put(out);
}

static int do_run(const struct plan *plan, struct plan_error *error,
		  const char *line, size_t len)
{
	struct output out = {};
	int err = output_create(&out);

	if (err)
		plan_refuse(error, err, "no memory for the results");
	else
		err = run_plan(plan, session.insn, &session.progress, &out,
			       error);
	release(&out, error, line, len);
	return err;
}

/**
 * session_run() - check a parameter line, and run it
 * @line: the line
 * @len: bytes at @line
 *
 * Context: process, may sleep for as long as the run takes; a signal ends it.
 * Return: 0 or one of the contract's errnos, with a sentence in the error file.
 */
int session_run(const char *line, size_t len)
{
	struct plan_error error = {};
	struct plan *plan = kvzalloc(sizeof(*plan), GFP_KERNEL);
	int err;

	if (!plan)
		return session_refuse(-ENOMEM, "no memory for the plan");

	err = plan_parse(plan, &session.vocab, line, len, &error);
	if (!err)
		err = admit_cells(plan, &error);
	if (!err)
		err = claim(plan, &error);
	if (err)
		refuse(&error, line, len);
	else
		err = do_run(plan, &error, line, len);
	kvfree(plan);
	return err;
}

/**
 * session_abort() - stop the run that goes on, if one does
 * Context: process, may sleep.
 */
void session_abort(void)
{
	mutex_lock(&session.lock);
	if (session.running)
		WRITE_ONCE(session.progress.abort, true);
	mutex_unlock(&session.lock);
}

static void write_line(struct text *t)
{
	if (*session.line)
		text_printf(t, "%s\n", session.line);
}

static void write_last_error(struct text *t)
{
	text_printf(t, "%s", session.error);
}

static void write_status(struct text *t)
{
	const struct run_progress *p = &session.progress;
	unsigned int cell = READ_ONCE(p->cell);
	u64 ms = div_u64(ktime_get_ns() - p->started_ns, NSEC_PER_MSEC);

	if (!session.running) {
		text_printf(t, "state=%s\n", session.state);
		return;
	}
	text_printf(t, "state=running cell=%u/%u percent=%u eta_ms=%llu",
		    cell, p->cells, cell * 100 / p->cells,
		    cell ? div_u64(ms * (p->cells - cell), cell) : 0);
	text_printf(t, " held_bytes=%llu recorder_bytes=%llu", p->held_bytes,
		    p->recorder_bytes);
	if (probe_differs(p->held_bytes, p->estimate_bytes))
		text_printf(t, " estimate_bytes=%llu", p->estimate_bytes);
	text_printf(t, "\n");
}

static void write_help(struct text *t)
{
	key_help(t, &session.vocab);
}

/* Small files are written when they are opened; the reports are there. */
static const struct {
	void (*write)(struct text *t);
	struct store *const *last;
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
static struct store *write_small(void (*write)(struct text *t))
{
	struct store *store = store_create(SHOW_LIMIT);

	if (!store)
		return NULL;
	store_write(store, write);
	if (!store->full)
		return store;
	store_put(store);
	return NULL;
}

/**
 * session_read() - what a file holds now
 * @file: which
 *
 * Context: process, may sleep.
 * Return: a store that does not change any more, with a reference for the
 * caller; or an ERR_PTR().
 */
struct store *session_read(enum session_file file)
{
	struct store *store;

	mutex_lock(&session.lock);
	store = files[file].last ? store_get(*files[file].last) :
				   write_small(files[file].write);
	mutex_unlock(&session.lock);
	return store ?: ERR_PTR(-ENOMEM);
}
