// SPDX-License-Identifier: GPL-2.0
/*
 * A command in a plight: what a process, or the machine, may have to live with.
 *
 *   plight pipes MIB COMMAND...	of MIB of memory every second page is in use,
 *					and free memory lies in single pages
 *   plight bind NODE COMMAND...	memory from this node alone (MPOL_BIND)
 *
 * Ends as the command does; 3 when it cannot be brought about.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE		4096
/* What root may have in one pipe, and what that holds: a page a write. */
#define PIPE_BYTES	1048576
#define PIPE_PAGES	(PIPE_BYTES / PAGE)
#define MPOL_BIND	2

struct pipe {
	int out;
	int in;
};

static void fail(const char *what)
{
	fprintf(stderr, "plight: %s: %s\n", what, strerror(errno));
	exit(3);
}

static struct pipe *open_pipes(int n)
{
	struct rlimit files = { 2 * n + 64, 2 * n + 64 };
	struct pipe *pipes = calloc(n, sizeof(*pipes));
	int i;

	if (!pipes || setrlimit(RLIMIT_NOFILE, &files))
		fail("files");
	for (i = 0; i < n; i++) {
		if (pipe2((int *)&pipes[i], O_CLOEXEC | O_NONBLOCK) ||
		    fcntl(pipes[i].in, F_SETPIPE_SZ, PIPE_BYTES) < 0)
			fail("pipe");
	}
	return pipes;
}

/*
 * The kernel hands out neighbouring pages one after the other, so each page
 * goes into another pipe: emptying every second pipe frees no two neighbours.
 */
static long cut_up(struct pipe *pipes, int n)
{
	static char page[PAGE];
	long kept = 0;
	int i, k;

	for (k = 0; k < PIPE_PAGES; k++)
		for (i = 0; i < n; i++)
			kept += write(pipes[i].in, page, PAGE) == PAGE;
	for (i = 1; i < n; i += 2)
		while (read(pipes[i].out, page, PAGE) == PAGE)
			kept--;
	return kept;
}

/* The pipes live as long as this process, so the command is a child. */
static int in_pipes(int mib, char **command)
{
	struct pipe *pipes = open_pipes(mib);
	int status;
	pid_t pid;

	fprintf(stderr, "plight: %ld pages in pipes, as many free between them\n",
		cut_up(pipes, mib));
	pid = fork();
	if (!pid) {
		execvp(*command, command);
		fail(*command);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		fail("command");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int bound(int node, char **command)
{
	const unsigned long mask = 1UL << node;

	if (syscall(SYS_set_mempolicy, MPOL_BIND, &mask, 8 * sizeof(mask)))
		fail("set_mempolicy");
	execvp(*command, command);
	fail(*command);
	return 3;
}

int main(int argc, char **argv)
{
	if (argc >= 4 && !strcmp(argv[1], "pipes"))
		return in_pipes(atoi(argv[2]), argv + 3);
	if (argc >= 4 && !strcmp(argv[1], "bind"))
		return bound(atoi(argv[2]), argv + 3);
	fprintf(stderr, "plight: wrong use, see the head of its source\n");
	return 2;
}
