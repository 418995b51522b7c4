// SPDX-License-Identifier: GPL-2.0
/* The kernel's fault injection: its knobs, and what its log says about who was hit. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inject.h"
#include "sites.h"

#define FAULT_PATH "/sys/kernel/debug/"
#define NEXT_LOAD (16UL << 20)

int violations;

static int kmsg;

void violation(const char *stage, const char *what, int nth)
{
	printf("violation: %s, allocation %d: %s: %s\n", stage, nth, what,
	       strerror(errno));
	violations++;
}

int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));
	int err = errno;

	close(fd);
	errno = err;
	return n < 0 ? -1 : 0;
}

/*
 * The open file is kept: opening it would use up a fault of its own. Files of
 * debugfs do not seek, and a fault meant for others is not used up here.
 */
void put_number(int fd, long n)
{
	char text[32];
	int len = snprintf(text, sizeof(text), "%ld", n);

	if (pwrite(fd, text, len, 0) != len)
		violation("setting", "fault injection", n);
}

long get_number(int fd)
{
	char text[32] = "";

	if (pread(fd, text, sizeof(text) - 1, 0) < 0)
		violation("reading", "fault injection", 0);
	return strtol(text, NULL, 0);
}

int open_number(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		violation("opening", path, 0);
	return fd;
}

void put_number_at(const char *path, long n)
{
	char text[32];

	snprintf(text, sizeof(text), "%ld", n);
	if (put(path, text))
		violation("setting", path, n);
}

long get_number_at(const char *path)
{
	char text[32] = "";
	int fd = open_number(path);

	if (read(fd, text, sizeof(text) - 1) < 0)
		violation("reading", path, 0);
	close(fd);
	return strtol(text, NULL, 0);
}

void inject_attribute(const char *name, const char *value)
{
	static const char *const kinds[] = { "failslab", "fail_page_alloc" };
	char path[100];
	unsigned int i;

	for (i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), FAULT_PATH "%s/%s", kinds[i], name);
		if (put(path, value) && strcmp(name, "min-order") &&
		    strcmp(name, "cache-filter") && strcmp(name, "ignore-gfp-highmem"))
			fprintf(stderr, "faults: %s: %s\n", path, strerror(errno));
	}
}

/* Only allocations with a return address from @start up to @end in their stack. */
void inject_range(unsigned long start, unsigned long end)
{
	char text[40];

	snprintf(text, sizeof(text), "%lu", end);
	inject_attribute("require-end", text);
	snprintf(text, sizeof(text), "%lu", start);
	inject_attribute("require-start", text);
}

/* Where the loaded module is; 0 when it is not. */
static unsigned long module_at(unsigned long *size)
{
	unsigned long start = 0;
	char line[300];
	FILE *f = fopen("/proc/modules", "r");

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, "kallocbench ", 12))
			sscanf(line, "%*s %lu %*s %*s %*s %lx", size, &start);
	if (f)
		fclose(f);
	return start;
}

/* Only allocations with the module's text in their stack, or all. */
void inject_confine(int confined)
{
	unsigned long size = 0, start = confined ? module_at(&size) : 0;

	inject_range(start, confined ? start + size : -1UL);
}

/* The same for the next load, wherever it goes: modules lie close together. */
void inject_confine_next(void)
{
	unsigned long size, start = module_at(&size);

	inject_range(start - NEXT_LOAD, start + NEXT_LOAD);
}

/* The first frame of ours below a forced failure is the place that asked. */
static void note_site(const char *line, int refused)
{
	const char *end = strstr(line, " [kallocbench]");
	const char *name = end;

	while (name > line && name[-1] != ' ' && name[-1] != ';')
		name--;
	site_logged(name, strcspn(name, "/ "), refused);
}

/* What gives memory back may ask for some itself; the module has no part in that. */
static int gives_back(const char *line)
{
	return strstr(line, "_destroy+") || strstr(line, "_unregister+");
}

void inject_read_log(int refused)
{
	static int looking, giving_back;
	char line[1024];
	ssize_t n;

	while ((n = read(kmsg, line, sizeof(line) - 1)) > 0 ||
	       (n < 0 && errno == EPIPE)) {
		if (n < 0)
			continue;
		line[n] = '\0';
		if (strstr(line, "FAULT_INJECTION"))
			looking = 1;
		if (!looking || strstr(line, " ? "))
			continue;
		if (strstr(line, " [kallocbench]")) {
			if (!giving_back)
				note_site(line, refused);
			looking = 0;
		}
		giving_back = gives_back(line);
	}
}

void inject_setup(void)
{
	static const char *const settings[][2] = {
		{ "probability", "0" }, { "times", "-1" },
		{ "ignore-gfp-wait", "N" }, { "ignore-gfp-highmem", "N" },
		{ "min-order", "0" }, { "task-filter", "N" }, { "verbose", "2" },
		{ "verbose_ratelimit_interval_ms", "0" },
	};
	unsigned int i;

	kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	lseek(kmsg, 0, SEEK_END);
	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		inject_attribute(settings[i][0], settings[i][1]);
	inject_confine(0);
}
