// SPDX-License-Identifier: GPL-2.0
/*
 * Everything at once, out of one seed: writers of good and bad lines by every
 * road a byte can take into a file, readers of all files at odd places,
 * aborts, signals, attempts to unload. Bounded by the number of writes.
 *
 *   torture SEED WRITES WRITERS
 *
 * Prints `key=value` lines: what was done and what came back; one line
 * `violation: ...` for each thing that may not be. Exit 1 if there was one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "torture.h"

#define DIR_PATH "/sys/kernel/debug/kallocbench/"

struct totals *total;

void violation(const char *fmt, ...)
{
	char text[400];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (BUMP(violations) < 40)
		dprintf(1, "violation: %s\n", text);
}

int open_file(const char *name, int flags)
{
	char path[100];

	snprintf(path, sizeof(path), DIR_PATH "%s", name);
	return open(path, flags | O_CLOEXEC);
}

long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void ring(int sig)
{
	(void)sig;
}

/* A run killed from outside: the writer is gone at once, and the next may run. */
static void kill_a_writer(struct rng *r)
{
	static const int signals[] = { SIGINT, SIGKILL, SIGTERM, SIGSTOP };
	int sig = signals[rng_below(r, COUNT(signals))];
	long start;
	pid_t pid = fork();

	if (!pid) {
		int fd = open_file("run", O_WRONLY);

		signal(SIGINT, SIG_DFL);
		if (write(fd, "sizes=8 samples=10000000 budget_ms=60000", 40) < 0)
			exit(errno == EBUSY ? 0 : 2);
		exit(0);
	}
	usleep(rng_below(r, 60000));
	start = now_ms();
	kill(pid, sig);
	if (sig == SIGSTOP) {
		usleep(1000);
		kill(pid, SIGKILL);
	}
	waitpid(pid, NULL, 0);
	if (now_ms() - start > LATE_MS)
		violation("a killed writer stayed %ld ms", now_ms() - start);
	BUMP(killed);
}

static int disturber(uint64_t seed)
{
	int keep = open_file("status", O_RDONLY);
	struct rng r = { seed };

	while (!total->done) {
		int fd;

		/* Seldom enough for runs to end by themselves in between. */
		usleep(rng_below(&r, 600000));
		if (!syscall(SYS_delete_module, "kallocbench", O_NONBLOCK))
			violation("unloaded while a file is open");
		BUMP(unloads);
		if (rng_below(&r, 2))
			kill_a_writer(&r);
		if (rng_below(&r, 4))
			continue;
		fd = open_file("abort", O_WRONLY);
		if (fd < 0 || write(fd, "1", rng_below(&r, 2)) < 0)
			violation("abort: %s", strerror(errno));
		BUMP(aborts);
		close(fd);
	}
	close(keep);
	return 0;
}

static void print_totals(uint64_t seed)
{
	size_t i;

	printf("seed=%llu\nwrites=%ld\naccepted=%ld\n",
	       (unsigned long long)seed, total->writes, total->accepted);
	printf("valid=%ld\nnearly=%ld\nhostile=%ld\n", total->by_kind[LINE_VALID],
	       total->by_kind[LINE_NEARLY], total->by_kind[LINE_HOSTILE]);
	for (i = 0; i < COUNT(total->refused); i++)
		if (total->refused[i])
			printf("refused_%s=%ld\n", strerrorname_np(i), total->refused[i]);
	printf("reads=%ld\nwhole_reads=%ld\nread_bytes=%ld\n", total->reads,
	       total->whole, total->read_bytes);
	printf("aborts=%ld\nkilled_writers=%ld\nunload_attempts=%ld\n",
	       total->aborts, total->killed, total->unloads);
	printf("violations=%ld\n", total->violations);
}

int main(int argc, char **argv)
{
	struct sigaction sa = { .sa_handler = ring };
	uint64_t seed;
	long writes, writers, i;
	int status;

	if (argc != 4) {
		fprintf(stderr, "usage: torture SEED WRITES WRITERS\n");
		return 2;
	}
	seed = strtoull(argv[1], NULL, 0);
	writes = strtol(argv[2], NULL, 0);
	writers = strtol(argv[3], NULL, 0);
	total = mmap(NULL, sizeof(*total), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	/* No SA_RESTART: a run that is restarted by the kernel shows as one that never ends. */
	sigaction(SIGALRM, &sa, NULL);
	for (i = 0; i < 2; i++)
		if (!fork())
			return reader(seed + 1000 + i);
	if (!fork())
		return disturber(seed + 2000);
	for (i = 0; i < writers; i++)
		if (!fork())
			return writer(seed + i, writes / writers);
	/* The writers end by themselves, the others when told. */
	for (i = 0; i < writers + 3; i++) {
		if (wait(&status) > 0 && status)
			violation("a process of the test ended with %#x", status);
		if (i == writers - 1)
			total->done = 1;
	}
	print_totals(seed);
	return !!total->violations;
}
