// SPDX-License-Identifier: GPL-2.0
/*
 * How long a run takes to stop: what busybox has no clock for.
 *
 *   stopwatch [-s SIGNAL] [-h CPU] DELAY_MS LINE
 *
 * A child writes LINE to run. DELAY_MS after the write began, this process
 * writes to abort, or sends SIGNAL to the child; -h has a thread of SCHED_FIFO
 * 99 turn round and round on a CPU from then on, until the write is back.
 * Prints `RESULT LATE_US FREED_US`: ok or the errno's name of the write; how
 * long after it was told to stop it returned; how long after that results
 * could be read. LATE_US is - where the write was over before.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define DIR_PATH "/sys/kernel/debug/kallocbench/"

/* What the child says, in memory that both see. */
struct shared {
	atomic_int began;
	atomic_int over;
	long long end;
	int error;
};

static long long now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static int open_file(const char *name, int mode)
{
	char path[100];

	snprintf(path, sizeof(path), DIR_PATH "%s", name);
	return open(path, mode | O_CLOEXEC);
}

/* Arriving is all a signal has to do. */
static void take_signal(int sig)
{
	(void)sig;
}

/* A process that only waits must not wait for a CPU. */
static void go_first(int priority)
{
	struct sched_param param = { .sched_priority = priority };

	sched_setscheduler(0, priority ? SCHED_FIFO : SCHED_OTHER, &param);
}

static void write_line(struct shared *s, const char *line)
{
	struct sigaction action = { .sa_handler = take_signal };
	int fd = open_file("run", O_WRONLY);
	ssize_t got;

	/* But who writes is anybody. */
	go_first(0);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGUSR1, &action, NULL);
	s->began = 1;
	got = write(fd, line, strlen(line));
	s->end = now_us();
	s->error = got < 0 ? errno : 0;
	s->over = 1;
	_exit(0);
}

static pid_t start_hog(int cpu)
{
	cpu_set_t set;
	pid_t child = fork();

	if (child)
		return child;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
	go_first(99);
	for (;;)
		;
}

/* Microseconds from now until whoever opens results gets them. */
static long long wait_for_results(void)
{
	const long long since = now_us();
	int fd = open_file("results", O_RDONLY);

	if (fd < 0)
		return -1;
	close(fd);
	return now_us() - since;
}

static int stop(pid_t child, int sig)
{
	int fd;

	if (sig)
		return kill(child, sig);
	fd = open_file("abort", O_WRONLY);
	return write(fd, "1", 1) == 1 ? close(fd) : -1;
}

static void report(const struct shared *s, int late, long long told)
{
	printf("%s ", s->error ? strerrorname_np(s->error) : "ok");
	if (late)
		printf("- ");
	else
		printf("%lld ", s->end - told);
	printf("%lld\n", wait_for_results());
}

static int measure(struct shared *s, const char *line, long delay_ms, int sig, int cpu)
{
	pid_t hog = 0, child = fork();
	long long told;
	int late;

	if (!child)
		write_line(s, line);
	while (!s->began)
		usleep(100);
	usleep(delay_ms * 1000);
	if (cpu >= 0) {
		hog = start_hog(cpu);
		usleep(20000);
	}
	late = s->over;
	told = now_us();
	if (stop(child, sig))
		return 1;
	waitpid(child, NULL, 0);
	if (hog > 0) {
		kill(hog, SIGKILL);
		waitpid(hog, NULL, 0);
	}
	report(s, late, told);
	return 0;
}

int main(int argc, char **argv)
{
	struct shared *s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int opt, sig = 0, cpu = -1;

	while ((opt = getopt(argc, argv, "+s:h:")) != -1) {
		if (opt == 's')
			sig = atoi(optarg);
		else if (opt == 'h')
			cpu = atoi(optarg);
	}
	if (argc - optind != 2 || s == MAP_FAILED) {
		fprintf(stderr, "stopwatch: wrong use, see the head of its source\n");
		return 2;
	}
	go_first(1);
	return measure(s, argv[optind + 1], atol(argv[optind]), sig, cpu);
}
