// SPDX-License-Identifier: GPL-2.0
/*
 * Every allocation the module makes for itself fails once, in its turn: the
 * first, the second and so on until none is left. After each the module must
 * still work.
 *
 *   faults MODULE.ko LINE...
 *
 * Needs a kernel with FAILSLAB, FAIL_PAGE_ALLOC and the stack trace filter.
 * Prints `stage faults results` for each stage, `site FUNCTION+OFFSET` for each
 * place in the module whose allocation failed, `violation: ...` for what may
 * not be. Exit 1 if there was one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "inject.h"

#define DIR_PATH "/sys/kernel/debug/kallocbench/"
#define FAULT_PATH "/sys/kernel/debug/"
/* More than any stage has; reached only if a fault is never used up. */
#define MOST 3000

static const char *module_path;
static int faults;

/* What a stage does; 0 or -1 with errno. */
typedef int (*act_t)(const char *arg);

static int act_load(const char *arg)
{
	int fd = open(arg, O_RDONLY | O_CLOEXEC);
	int ret = syscall(SYS_finit_module, fd, "", 0);
	int err = errno;

	close(fd);
	errno = err;
	return ret;
}

static int act_read(const char *arg)
{
	static char buf[1 << 20];
	int fd = open(arg, O_RDONLY | O_CLOEXEC);
	ssize_t n;
	int err;

	if (fd < 0)
		return -1;
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		;
	err = errno;
	close(fd);
	errno = err;
	return n;
}

static int act_run(const char *arg)
{
	return put(DIR_PATH "run", arg);
}

static void unload(void)
{
	if (syscall(SYS_delete_module, "kallocbench", O_NONBLOCK) && errno != ENOENT)
		violation("unload", "refused", 0);
}

/* Whatever failed: what can be read is a whole report. */
static void check_whole(const char *stage, int nth)
{
	static char buf[1 << 20];
	int fd = open(DIR_PATH "results", O_RDONLY | O_CLOEXEC);
	ssize_t n, len = 0;
	char *end;

	while ((n = read(fd, buf + len, sizeof(buf) - 1 - len)) > 0)
		len += n;
	close(fd);
	buf[len] = '\0';
	end = memrchr(buf, '\n', len ? len - 1 : 0);
	errno = 0;
	if (strncmp(buf, "kallocbench 1\n", 14) || !end ||
	    strncmp(end, "\nend cells=", 11))
		violation(stage, "results are not whole", nth);
}

static void check_works(const char *stage, int nth)
{
	if (act_run("sizes=64 samples=20 budget_ms=500"))
		violation(stage, "a clean run after the fault", nth);
	if (act_read(DIR_PATH "results"))
		violation(stage, "reading results after the fault", nth);
}

/* A run that has begun ends with EIO when its results find no room. */
static int ran_out(void)
{
	char why[300] = "";
	int fd = open(DIR_PATH "error", O_RDONLY | O_CLOEXEC);

	if (read(fd, why, sizeof(why) - 1) < 0)
		violation("error", "cannot be read", 0);
	close(fd);
	return !!strstr(why, "memory");
}

static int allowed(const char *arg, int err)
{
	switch (err) {
	case ENOMEM:
	/* What fork() says for no memory of some kinds. */
	case EAGAIN:
		return 1;
	case EIO:
		return ran_out();
	case EINVAL:
		return !!strstr(arg, "wrong");
	default:
		return 0;
	}
}

/* A module that loads is whole. */
static void check_files(int nth)
{
	static const char *const files[] = {
		"run", "results", "summary", "properties", "status", "error",
		"abort", "help",
	};
	char path[100];
	unsigned int i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), DIR_PATH "%s", files[i]);
		if (access(path, F_OK))
			violation("load", path, nth);
	}
}

static void judge(const char *stage, const char *arg, int nth, int ret)
{
	if (ret && !allowed(arg, errno))
		violation(stage, "refused for another reason than memory", nth);
	if (!strcmp(stage, "load")) {
		if (!ret) {
			check_files(nth);
			unload();
		}
	} else {
		check_whole(stage, nth);
		/* A run takes a second on a debugging kernel: not after each. */
		if (nth % 8 == 1)
			check_works(stage, nth);
	}
	sites_read();
}

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
		unload();
	if (n == MOST)
		violation(stage, "faults without end", n);
	close(task);
	n -= first;
	faults += n;
	report(stage, arg, n, failed);
}

/* The kernel's loader allocates first, the module's init last: how many in all? */
static int count_load(void)
{
	int task = open_number("/proc/self/fail-nth"), left;

	put_number(task, MOST);
	if (act_load(module_path))
		violation("load", "without a fault", 0);
	left = get_number(task);
	put_number(task, 0);
	close(task);
	unload();
	return MOST - left;
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
	int i, n;

	if (argc < 3) {
		fprintf(stderr, "usage: faults MODULE.ko LINE...\n");
		return 2;
	}
	module_path = argv[1];
	inject_setup();
	n = count_load();
	sweep_task("load", "/proc/self/fail-nth", n > 80 ? n - 80 : 1, act_load,
		   module_path);
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
	unload();
	n = sites_print();
	printf("faults=%d\nsites=%d\nviolations=%d\n", faults, n, violations);
	return !!violations;
}
