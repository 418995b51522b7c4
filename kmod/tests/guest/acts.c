// SPDX-License-Identifier: GPL-2.0
/* What a user can do to the module, and what must hold whatever failed meanwhile. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "acts.h"
#include "inject.h"

int act_load(const char *arg)
{
	int fd = open(arg, O_RDONLY | O_CLOEXEC);
	int ret = syscall(SYS_finit_module, fd, "", 0);
	int err = errno;

	close(fd);
	errno = err;
	return ret;
}

int act_read(const char *arg)
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

int act_run(const char *arg)
{
	return put(DIR_PATH "run", arg);
}

void act_unload(void)
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

void judge(const char *stage, const char *arg, int nth, int ret)
{
	if (ret && !allowed(arg, errno))
		violation(stage, "refused for another reason than memory", nth);
	if (!strcmp(stage, "load")) {
		if (!ret) {
			check_files(nth);
			act_unload();
		}
	} else {
		check_whole(stage, nth);
		/* A run takes a second on a debugging kernel: not after each. */
		if (nth % 8 == 1)
			check_works(stage, nth);
	}
	inject_read_log(!!ret);
}
