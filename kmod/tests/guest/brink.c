// SPDX-License-Identifier: GPL-2.0
/*
 * Writes parameter lines as close to ENOMEM as they are admitted.
 *
 *   brink LINES OUT [FROM [TO]]
 *
 * A word key=@N of a line of the file LINES is lowered from N until the module
 * admits the line: what it then runs is just below what it refuses. A line
 * without such a word is written as it is. FROM and TO are numbers of lines.
 *
 * To the file OUT, a line each, with tabs:
 *   number, answer, value for @, held and half as the last refusal had them,
 *   the least MemAvailable meanwhile and MemAvailable before (KiB), ms, state
 *   of the cell, its reason, kills, failures, splats, first of them, the line
 * where answer is ok, an errno's name, or killed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "brink.h"

#define DIR_PATH	"/sys/kernel/debug/kallocbench/"
#define LINE_BYTES	512
#define TRIES_MAX	60
/* Who is killed before the kernel panics for want of victims. */
#define SPARES		4
/* Whom the killer may have: first who writes, then spares, this process never. */
#define ADJ_SAFE	-1000
#define ADJ_SPARE	900
#define ADJ_VICTIM	1000

/**
 * struct attempt - one line of the file, and what came of it
 * @text: the line with its @
 * @value: what stands for @N now, 0 without one
 * @answer: ok, an errno's name, or killed
 * @held: what the last refusal said that would be held, 0 before the first
 * @half: what it said that may be held
 * @before: MemAvailable in KiB
 * @least: the least of it meanwhile
 * @ms: how long the last write took
 * @harm: what the kernel said
 */
struct attempt {
	char text[LINE_BYTES];
	unsigned long long value;
	char answer[16];
	unsigned long long held;
	unsigned long long half;
	long before;
	long least;
	long ms;
	struct harm harm;
};

static pid_t spares[SPARES];

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void be_victim(int adj)
{
	char text[16];
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	snprintf(text, sizeof(text), "%d", adj);
	if (fd < 0 || write(fd, text, strlen(text)) < 0) {
		perror("brink: oom_score_adj");
		exit(3);
	}
	close(fd);
}

static void keep_spares(void)
{
	int i;

	for (i = 0; i < SPARES; i++) {
		if (spares[i] && waitpid(spares[i], NULL, WNOHANG) == 0)
			continue;
		spares[i] = fork();
		if (spares[i])
			continue;
		be_victim(ADJ_SPARE);
		for (;;)
			pause();
	}
}

static void end_spares(void)
{
	int i;

	for (i = 0; i < SPARES; i++) {
		kill(spares[i], SIGKILL);
		waitpid(spares[i], NULL, 0);
	}
}

static long available_kib(void)
{
	static int fd = -1;
	char text[512];
	const char *at;
	ssize_t n;

	if (fd < 0)
		fd = open("/proc/meminfo", O_RDONLY | O_CLOEXEC);
	n = pread(fd, text, sizeof(text) - 1, 0);
	text[n > 0 ? n : 0] = '\0';
	at = strstr(text, "MemAvailable:");
	return at ? atol(at + strlen("MemAvailable:")) : 0;
}

/* The first line of a file that begins with a word, or just the first. */
static void read_line(const char *name, const char *begins, char *line, int size)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), DIR_PATH "%s", name);
	file = fopen(path, "re");
	*line = '\0';
	while (file && fgets(line, size, file) && strncmp(line, begins, strlen(begins)))
		*line = '\0';
	line[strcspn(line, "\n")] = '\0';
	if (file)
		fclose(file);
}

/* The words of the line with a number for each @N. */
static void fill_in(const struct attempt *a, char *line)
{
	const char *from = a->text;
	char *end;

	while (*from) {
		if (*from != '@') {
			*line++ = *from++;
			continue;
		}
		line += sprintf(line, "%llu", a->value);
		strtoull(from + 1, &end, 10);
		from = end;
	}
	*line = '\0';
}

static int write_run(const char *line)
{
	int fd = open(DIR_PATH "run", O_WRONLY | O_CLOEXEC);

	be_victim(ADJ_VICTIM);
	if (fd < 0 || write(fd, line, strlen(line)) < 0)
		return errno;
	return 0;
}

/* Where the machine panics, the console has said at which line, and what was before. */
static void announce(const char *what, const char *line)
{
	int fd = open("/dev/console", O_WRONLY | O_CLOEXEC);

	dprintf(fd, "%s\t%s\n", what, line);
	close(fd);
}

static void write_once(struct attempt *a)
{
	char line[LINE_BYTES + 32];
	const long start = now_ms();
	int status = 0;
	pid_t pid;

	fill_in(a, line);
	announce("brink-try", line);
	a->before = available_kib();
	a->least = a->before;
	pid = fork();
	if (!pid)
		_exit(write_run(line));
	while (pid > 0 && waitpid(pid, &status, WNOHANG) == 0) {
		const long left = available_kib();

		if (left < a->least)
			a->least = left;
		usleep(10000);
	}
	a->ms = now_ms() - start;
	snprintf(a->answer, sizeof(a->answer), "%s",
		 pid < 0 || !WIFEXITED(status) ? "killed" :
		 !status ? "ok" : strerrorname_np(WEXITSTATUS(status)));
	harm_read(&a->harm);
}

/* "... would hold HELD bytes and record into N; half ... is HALF" */
static void read_refusal(struct attempt *a)
{
	char line[LINE_BYTES];
	unsigned long long number, n = 0;
	const char *at = line;
	char *end;

	read_line("error", "", line, sizeof(line));
	a->held = 0;
	while (*(at += strcspn(at, "0123456789"))) {
		number = strtoull(at, &end, 10);
		a->half = number;
		if (!n++)
			a->held = number;
		at = end;
	}
}

/* What is held grows with the value, or in steps: down by that ratio. */
static void lower(struct attempt *a)
{
	double ratio = 0.5;

	if (!strcmp(a->answer, "ENOMEM")) {
		read_refusal(a);
		if (a->held)
			ratio = (double)a->half / a->held;
		if (ratio > 0.99)
			ratio = 0.99;
	}
	a->value *= ratio;
}

/* A size may be more than the allocator knows: that is EINVAL. */
static int refused(const struct attempt *a)
{
	return !strcmp(a->answer, "ENOMEM") ||
	       (!strcmp(a->answer, "EINVAL") && strstr(a->text, "sizes=@"));
}

static void attempt(struct attempt *a)
{
	const char *at = strchr(a->text, '@');
	int tries = 0;

	a->value = at ? strtoull(at + 1, NULL, 10) : 0;
	write_once(a);
	while (refused(a) && at && tries++ < TRIES_MAX) {
		lower(a);
		if (!a->value)
			return;
		write_once(a);
	}
}

static void report(FILE *out, const struct attempt *a, int number)
{
	char line[LINE_BYTES + 32], cell[LINE_BYTES], row[3 * LINE_BYTES];
	const char *state = "", *reason = "";

	fill_in(a, line);
	read_line("results", "cell ", cell, sizeof(cell));
	if (!strcmp(a->answer, "ok")) {
		state = strstr(cell, " state=") ?: "";
		reason = strstr(cell, " reason=") ?: "";
	}
	snprintf(row, sizeof(row),
		 "%d\t%s\t%llu\t%llu\t%llu\t%ld\t%ld\t%ld\t%.*s\t%.*s\t%d\t%d\t%d\t%s\t%s",
		 number, a->answer, a->value, a->held, a->half, a->least,
		a->before, a->ms, (int)strcspn(state + !!*state, " "),
		state + !!*state, (int)strcspn(reason + !!*reason, " "),
		reason + !!*reason, a->harm.kills, a->harm.failures,
		a->harm.splats, a->harm.first, line);
	announce("brink-row", row);
	fprintf(out, "%s\n", row);
	fflush(out);
}

int main(int argc, char **argv)
{
	const int from = argc > 3 ? atoi(argv[3]) : 1;
	const int to = argc > 4 ? atoi(argv[4]) : 1 << 30;
	FILE *lines = argc > 2 ? fopen(argv[1], "re") : NULL;
	FILE *out = argc > 2 ? fopen(argv[2], "ae") : NULL;
	struct attempt a = {};
	int number = 0;

	if (!lines || !out) {
		fprintf(stderr, "brink: wrong use, see the head of its source\n");
		return 2;
	}
	be_victim(ADJ_SAFE);
	harm_open();
	while (fgets(a.text, sizeof(a.text), lines) && ++number <= to) {
		a.text[strcspn(a.text, "\n")] = '\0';
		if (number >= from) {
			keep_spares();
			attempt(&a);
			report(out, &a, number);
		}
		memset(&a, 0, sizeof(a));
	}
	end_spares();
	return 0;
}
