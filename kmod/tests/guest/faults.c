// SPDX-License-Identifier: GPL-2.0
/*
 * Every allocation the module makes for itself fails once, in its turn: the
 * first, the second and so on until none is left; then every place in the
 * module that allocates, for as long as it asks. After each the module must
 * still work.
 *
 *   faults MODULE.ko LINE...
 *
 * Needs a kernel with FAILSLAB, FAIL_PAGE_ALLOC and the stack trace filter.
 * Prints `stage faults results` for each stage, `site FUNCTION+OFFSET` for each
 * place in the module that allocates, how many of them were made to fail, and
 * `violation: ...` for what may not be. Exit 1 if there was one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "acts.h"
#include "inject.h"
#include "sites.h"

#define FAULT_PATH "/sys/kernel/debug/"
/* More than any stage has; reached only if a fault is never used up. */
#define MOST 3000

static const char *module_path;
static int faults;

/* On the console, too: who waits for a slow guest sees that it lives. */
static void report(const char *stage, const char *arg, int n, int failed)
{
	printf("stage=%s arg='%s' faults=%d refused=%d tolerated=%d\n", stage,
	       arg, n, failed, n - failed);
	fflush(stdout);
	fprintf(stderr, "faults: %s '%.20s': %d\n", stage, arg, n);
}

/*
 * The nth allocation of @task during the act fails, n counting up from @first
 * until none is left.
 */
static void sweep_task(const char *stage, const char *path, int first,
		       act_t act, const char *arg)
{
	int task = open_number(path), n, ret, failed = 0, err;

	for (n = first; n < MOST; n++) {
		put_number(task, n);
		ret = act(arg);
		err = errno;
		if (get_number(task)) {
			put_number(task, 0);
			break;
		}
		put_number(task, 0);
		failed += !!ret;
		errno = err;
		judge(stage, arg, n, ret);
	}
	if (!strcmp(stage, "load") && n < MOST)
		act_unload();
	if (n == MOST)
		violation(stage, "faults without end", n);
	close(task);
	n -= first;
	faults += n;
	report(stage, arg, n, failed);
}

/* Each allocation of init; those of the kernel's loader are not ours. */
static void sweep_load(void)
{
	if (act_load(module_path))
		violation("load", "without a fault", 0);
	inject_confine_next();
	act_unload();
	sweep_task("load", "/proc/self/fail-nth", 1, act_load, module_path);
	inject_confine(0);
}

/* The same for whoever works for the module: one fault, at every nth chance. */
static void sweep_workers(const char *kind, const char *line)
{
	char times[100], interval[100];
	int n, ret, failed = 0, hits = 0, err;

	snprintf(times, sizeof(times), FAULT_PATH "%s/times", kind);
	snprintf(interval, sizeof(interval), FAULT_PATH "%s/interval", kind);
	for (n = 1; n < MOST; n += n < 20 ? 1 : n / 3) {
		put_number_at(interval, n);
		put_number_at(times, 1);
		inject_attribute("probability", "100");
		ret = act_run(line);
		err = errno;
		inject_attribute("probability", "0");
		/* The interval counts on from run to run: a miss is no end. */
		if (get_number_at(times))
			continue;
		hits++;
		failed += !!ret;
		errno = err;
		judge(kind, line, n, ret);
	}
	put_number_at(times, -1);
	faults += hits;
	report(kind, line, hits, failed);
}

static void sweep_files(void)
{
	static const char *const files[] = {
		"run", "results", "summary", "properties", "status", "error",
		"help",
	};
	char path[100];
	unsigned int i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), DIR_PATH "%s", files[i]);
		sweep_task("read", "/proc/self/fail-nth", 1, act_read, path);
	}
}

int main(int argc, char **argv)
{
	int i;

	if (argc < 3) {
		fprintf(stderr, "usage: faults MODULE.ko LINE...\n");
		return 2;
	}
	module_path = argv[1];
	inject_setup();
	sites_list(module_path);
	sweep_load();
	if (act_load(module_path))
		violation("load", "without a fault", 0);
	/* A line that is refused anyway would test nothing but the parser. */
	for (i = 2; i < argc; i++) {
		if (act_run(argv[i]) && !strstr(argv[i], "wrong"))
			violation("line", argv[i], 0);
	}
	inject_confine(1);
	for (i = 2; i < argc; i++)
		sweep_task("writer", "/proc/self/fail-nth", 1, act_run, argv[i]);
	sweep_files();
	for (i = 2; i < argc - 1; i++) {
		sweep_workers("failslab", argv[i]);
		sweep_workers("fail_page_alloc", argv[i]);
	}
	inject_confine(0);
	/* kthreadd makes the workers: it has the module nowhere in its stack. */
	sweep_task("kthreadd", "/proc/2/fail-nth", 1, act_run, argv[2]);
	reach_all(argv + 2, argc - 3);
	act_unload();
	/* A slab that needs a page is one more allocation, and the next is passed over. */
	for (i = 0; i < 5 && reach_loaded(); i++)
		sweep_load();
	reach_print();
	printf("faults=%d\nviolations=%d\n", faults, violations);
	return !!violations;
}
