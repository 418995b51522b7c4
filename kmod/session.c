// SPDX-License-Identifier: GPL-2.0
/*
 * session - the one run there may be, and what the last one left.
 *
 * All state of the module that changes is here, under one mutex. The mutex is
 * not held while a run goes on: only the word that says so is.
 */
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/nodemask.h>
#include <linux/slab.h>

#include "admit.h"
#include "allocs.h"
#include "context.h"
#include "key.h"
#include "pattern.h"
#include "plan.h"
#include "run.h"
#include "session.h"

/* Small files are built whole when they are opened: see show(). */
#define SHOW_LIMIT	(64 * 1024)

/**
 * struct session - what lasts from one run to the next
 * @lock: guards all that follows
 * @insn: the machine counts instructions
 * @running: a run goes on
 * @state: word for status while none does
 * @progress: of the run that goes on, or of the last
 * @line: canonical line of the last accepted run
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
	char error[2 * PLAN_LINE_MAX + 512];
	struct run_output last;
	struct vocab vocab;
	struct vocab_word *words;
} session = {
	.lock = __MUTEX_INITIALIZER(session.lock),
	.state = "idle",
};

static void output_put(struct run_output *out)
{
	store_put(out->results);
	store_put(out->summary);
	store_put(out->properties);
}

static int output_create(struct run_output *out)
{
	const u64 limit = ((u64)si_mem_available() << PAGE_SHIFT) / 16;

	out->results = store_create(limit);
	out->summary = store_create(limit);
	out->properties = store_create(limit);
	if (out->results && out->summary && out->properties)
		return 0;
	output_put(out);
	memset(out, 0, sizeof(*out));
	return -ENOMEM;
}

static int name_all(struct vocab *vocab)
{
	struct vocab_word *words;

	words = kcalloc(allocs_count + patterns_count + contexts_count,
			sizeof(*words), GFP_KERNEL);
	if (!words)
		return -ENOMEM;

	session.words = words;
	vocab->gfps = allocs_gfps;
	vocab->allocs = allocs_list(words);
	vocab->patterns = pattern_list(words + allocs_count);
	vocab->contexts = context_list(words + allocs_count + patterns_count);
	vocab->cpus = cpumask_bits(cpu_online_mask);
	vocab->nr_cpus = nr_cpu_ids;
	vocab->nodes = nodes_addr(node_states[N_MEMORY]);
	vocab->nr_nodes = nr_node_ids;
	return 0;
}

/**
 * session_open() - prepare the module's state
 * @insn: the machine counts instructions: the module was told so
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int session_open(bool insn)
{
	int err = name_all(&session.vocab);

	if (err)
		return err;
	session.insn = insn;
	err = output_create(&session.last);
	if (err)
		goto free_words;
	err = run_idle(insn, &session.last);
	if (err)
		goto put_output;
	return 0;

put_output:
	output_put(&session.last);
free_words:
	kfree(session.words);
	return err;
}

/**
 * session_close() - drop the module's state
 *
 * Context: process, may sleep; no run and no open file is left.
 */
void session_close(void)
{
	output_put(&session.last);
	kfree(session.words);
}

/* What is not printable must not reach a terminal. */
static void write_printable(struct text *t, const char *s, size_t len)
{
	for (; len && *s != '\n'; s++, len--)
		text_printf(t, "%c", *s < ' ' || *s > '~' ? '?' : *s);
}

/* A sentence, the line, and a caret under the word. */
static void write_error(struct text *t, const struct plan_error *error,
			const char *line, size_t len)
{
	const size_t quoted = min_t(size_t, error->width, 40);

	if (!error->column) {
		text_printf(t, "%s\n", error->text);
		return;
	}
	text_printf(t, "column %u: \"", error->column);
	write_printable(t, line + error->column - 1, quoted);
	text_printf(t, "%s\": %s\n", quoted < error->width ? "..." : "",
		    error->text);
	write_printable(t, line, len);
	text_printf(t, "\n");
	text_fill(t, ' ', error->column - 1);
	text_fill(t, '^', max(error->width, 1U));
	text_printf(t, "\n");
}

static int refuse(const struct plan_error *error, const char *line, size_t len)
{
	struct text t;

	mutex_lock(&session.lock);
	text_init(&t, session.error, sizeof(session.error));
	write_error(&t, error, line, len);
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
	if (session.running)
		err = plan_refuse(error, -EBUSY,
				  "a run is going on; write to abort to stop it");
	else
		err = admit_memory(plan, &memory, error);
	if (!err) {
		progress.held_bytes = memory.held;
		progress.recorder_bytes = memory.recorder;
		session.running = true;
		session.progress = progress;
		session.error[0] = '\0';
		strscpy(session.line, plan->line, sizeof(session.line));
	}
	mutex_unlock(&session.lock);
	return err;
}

static void release(struct run_output *out, int err)
{
	mutex_lock(&session.lock);
	session.running = false;
	session.state = !err ? "done" : err == -ECANCELED ? "aborted" : "failed";
	if (err != -ENOMEM)
		swap(session.last, *out);
	mutex_unlock(&session.lock);
	output_put(out);
}

static int do_run(const struct plan *plan, struct plan_error *error)
{
	struct run_output out = {};
	int err = output_create(&out);

	if (err)
		plan_refuse(error, err, "no memory for the results");
	else
		err = run_plan(plan, session.insn, &session.progress, &out,
			       error);
	release(&out, err);
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
	if (!err)
		err = do_run(plan, &error);
	if (err)
		refuse(&error, line, len);
	kvfree(plan);
	return err;
}

/**
 * session_abort() - stop the run that goes on, if one does
 *
 * Context: process, may sleep.
 */
void session_abort(void)
{
	mutex_lock(&session.lock);
	if (session.running)
		WRITE_ONCE(session.progress.abort, true);
	mutex_unlock(&session.lock);
}

static struct store *show(void (*write)(struct text *t))
{
	struct store *store = store_create(SHOW_LIMIT);

	if (!store)
		return ERR_PTR(-ENOMEM);
	mutex_lock(&session.lock);
	store_write(store, write);
	mutex_unlock(&session.lock);
	return store;
}

static struct store *share(struct store **last)
{
	struct store *store;

	mutex_lock(&session.lock);
	store = store_get(*last);
	mutex_unlock(&session.lock);
	return store;
}

/**
 * session_results() - report of the last finished run for machines
 *
 * Context: process, may sleep.
 * Return: a store with a reference for the caller.
 */
struct store *session_results(void)
{
	return share(&session.last.results);
}

/**
 * session_summary() - report of the last finished run for people
 *
 * Context: process, may sleep.
 * Return: a store with a reference for the caller.
 */
struct store *session_summary(void)
{
	return share(&session.last.summary);
}

/**
 * session_properties() - what the last finished run found out about objects
 *
 * Context: process, may sleep.
 * Return: a store with a reference for the caller.
 */
struct store *session_properties(void)
{
	return share(&session.last.properties);
}

static void write_line(struct text *t)
{
	if (*session.line)
		text_printf(t, "%s\n", session.line);
}

/**
 * session_line() - canonical line of the last accepted run
 *
 * Context: process, may sleep.
 * Return: a store with a reference for the caller, or an ERR_PTR().
 */
struct store *session_line(void)
{
	return show(write_line);
}

static void write_last_error(struct text *t)
{
	text_printf(t, "%s", session.error);
}

/**
 * session_error() - the last refusal
 *
 * Context: process, may sleep.
 * Return: a store with a reference for the caller, or an ERR_PTR().
 */
struct store *session_error(void)
{
	return show(write_last_error);
}

static void write_status(struct text *t)
{
	const struct run_progress *p = &session.progress;
	unsigned int cell = READ_ONCE(p->cell);
	u64 ms = div_u64(ktime_get_ns() - p->started_ns, NSEC_PER_MSEC);

	text_printf(t, "state=%s", session.running ? "running" : session.state);
	if (session.running)
		text_printf(t, " cell=%u/%u percent=%u eta_ms=%llu held_bytes=%llu recorder_bytes=%llu",
			    cell, p->cells, cell * 100 / p->cells,
			    cell ? div_u64(ms * (p->cells - cell), cell) : 0,
			    p->held_bytes, p->recorder_bytes);
	text_printf(t, "\n");
}

/**
 * session_status() - what goes on
 *
 * Context: process, may sleep.
 * Return: a store with a reference for the caller, or an ERR_PTR().
 */
struct store *session_status(void)
{
	return show(write_status);
}

static void write_help(struct text *t)
{
	key_help(t, &session.vocab);
}

/**
 * session_help() - what a parameter line may hold on this machine
 *
 * Context: process, may sleep.
 * Return: a store with a reference for the caller, or an ERR_PTR().
 */
struct store *session_help(void)
{
	return show(write_help);
}
