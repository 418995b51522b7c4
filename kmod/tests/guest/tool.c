// SPDX-License-Identifier: GPL-2.0
/*
 * One system call on a file, and its errno by name: what a shell cannot say.
 *
 *   tool [-u UID] [-a MS] write FILE STRING      one write(2)
 *   tool [-u UID] [-a MS] send FILE INPUT        one write(2) of a whole file
 *   tool ... pwrite FILE OFFSET STRING           one write at an offset
 *   tool ... twice FILE STRING STRING            two writes, one descriptor
 *   tool ... split FILE STRING STRING            one writev of two parts
 *   tool ... read FILE BYTES OFFSET              one read, data to stdout
 *   tool ... open FILE r|w|rw                    just the open
 *   tool ... fault FILE BYTES                    one write(2) of memory that is not there
 *
 * -u drops to a user first; -a has SIGALRM arrive after that many ms, with a
 * handler and SA_RESTART, so that a call the kernel would restart is seen to;
 * -n repeats the call, and the last one counts.
 * Prints `RESULT COUNT MS`: ok or the errno's name, what the call returned,
 * how long it took; on stderr for `read`, whose stdout is the data.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

struct command {
	const char *name;
	int args;
	int mode;
	ssize_t (*call)(int fd, char **args);
};

/* Arriving is all a signal has to do here. */
static void take_signal(int sig)
{
	(void)sig;
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static ssize_t do_write(int fd, char **args)
{
	return write(fd, args[0], strlen(args[0]));
}

static ssize_t do_send(int fd, char **args)
{
	int in = open(args[0], O_RDONLY);
	struct stat st;
	char *data;
	ssize_t got;

	if (in < 0 || fstat(in, &st))
		return -1;
	data = malloc(st.st_size + 1);
	if (!data || read(in, data, st.st_size) != st.st_size) {
		errno = ENODATA;
		return -1;
	}
	got = write(fd, data, st.st_size);
	free(data);
	return got;
}

static ssize_t do_pwrite(int fd, char **args)
{
	return pwrite(fd, args[1], strlen(args[1]), atoll(args[0]));
}

static ssize_t do_twice(int fd, char **args)
{
	ssize_t first = write(fd, args[0], strlen(args[0]));

	return first < 0 ? first : write(fd, args[1], strlen(args[1]));
}

static ssize_t do_split(int fd, char **args)
{
	struct iovec part[] = {
		{ args[0], strlen(args[0]) },
		{ args[1], strlen(args[1]) },
	};

	return writev(fd, part, 2);
}

static ssize_t do_read(int fd, char **args)
{
	size_t size = strtoull(args[0], NULL, 0);
	char *data = malloc(size + 1);
	ssize_t got;

	if (!data)
		return -1;
	got = pread(fd, data, size, atoll(args[1]));
	if (got > 0)
		fwrite(data, 1, got, stdout);
	free(data);
	return got;
}

static ssize_t do_fault(int fd, char **args)
{
	/* The page at 8 is never mapped. */
	return write(fd, (void *)8, atoll(args[0]));
}

static ssize_t do_open(int fd, char **args)
{
	(void)fd;
	(void)args;
	return 0;
}

static const struct command commands[] = {
	{ "write", 1, O_WRONLY, do_write },
	{ "send", 1, O_WRONLY, do_send },
	{ "pwrite", 2, O_WRONLY, do_pwrite },
	{ "twice", 2, O_WRONLY, do_twice },
	{ "split", 2, O_WRONLY, do_split },
	{ "read", 2, O_RDONLY, do_read },
	{ "open", 1, -1, do_open },
	{ "fault", 1, O_WRONLY, do_fault },
	{ }
};

static int open_mode(const struct command *command, const char *word)
{
	if (command->mode >= 0)
		return command->mode;
	if (!strcmp(word, "rw"))
		return O_RDWR;
	return *word == 'w' ? O_WRONLY : O_RDONLY;
}

static void arm(long ms)
{
	struct sigaction action = { .sa_handler = take_signal, .sa_flags = SA_RESTART };
	struct itimerval timer = { .it_value = { ms / 1000, ms % 1000 * 1000 } };

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
}

static int execute(const struct command *command, char **args, long times)
{
	FILE *report = command->call == do_read ? stderr : stdout;
	long start = now_ms();
	ssize_t got = -1;
	int error, fd;

	fd = open(args[0], open_mode(command, args[1]));
	while (fd >= 0 && times--)
		got = command->call(fd, args + 1);
	error = errno;
	fprintf(report, "%s %zd %ld\n", got < 0 ? strerrorname_np(error) : "ok", got,
		now_ms() - start);
	return got < 0;
}

/* Signals back to their defaults: a shell starts its jobs with SIGINT ignored. */
static void reset_signals(void)
{
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
}

int main(int argc, char **argv)
{
	const struct command *command;
	long times = 1;
	int opt;

	reset_signals();
	while ((opt = getopt(argc, argv, "+u:a:n:")) != -1) {
		if (opt == 'u' && setuid(atoi(optarg)))
			return 3;
		if (opt == 'a')
			arm(atol(optarg));
		if (opt == 'n')
			times = atol(optarg);
	}
	argc -= optind;
	argv += optind;
	for (command = commands; command->name; command++)
		if (argc == command->args + 2 && !strcmp(argv[0], command->name))
			return execute(command, argv + 1, times);
	fprintf(stderr, "tool: wrong use, see the head of its source\n");
	return 2;
}
