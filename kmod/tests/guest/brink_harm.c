// SPDX-License-Identifier: GPL-2.0
/* What the kernel's log says that somebody suffered, since it was last asked. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "brink.h"

static struct mark {
	const char *pattern;
	size_t counter;
	regex_t compiled;
} marks[] = {
	{ .counter = offsetof(struct harm, kills),
	  .pattern = "Killed process|Kernel panic" },
	{ .counter = offsetof(struct harm, failures),
	  .pattern = "allocation failure|vmalloc error|Unable to allocate|alloc(ation)? failed" },
	{ .counter = offsetof(struct harm, splats),
	  .pattern = "WARNING:|BUG:|kernel BUG|Oops|general protection|nable to handle|[Ll]ockup" },
	{ .counter = offsetof(struct harm, splats),
	  .pattern = "LOCKUP|scheduling while atomic|invalid context|blocked for more" },
	{ .counter = offsetof(struct harm, splats),
	  .pattern = "rcu.*(stall|self-detected)|corruption|Bad page|refcount_t:|UBSAN:|KASAN:" },
};

static int log_fd;

/**
 * harm_open() - read the kernel's log from here on
 */
void harm_open(void)
{
	unsigned int i;

	log_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (log_fd < 0 || lseek(log_fd, 0, SEEK_END)) {
		perror("brink: /dev/kmsg");
		exit(3);
	}
	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		regcomp(&marks[i].compiled, marks[i].pattern, REG_EXTENDED | REG_NOSUB);
}

static void judge_record(struct harm *harm, const char *text)
{
	unsigned int i;

	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (regexec(&marks[i].compiled, text, 0, NULL, 0))
			continue;
		++*(int *)((char *)harm + marks[i].counter);
		if (!*harm->first)
			snprintf(harm->first, sizeof(harm->first), "%.*s",
				 (int)strcspn(text, "\n"), text);
		return;
	}
}

/**
 * harm_read() - add what was logged since it was last called
 * @harm: counters
 *
 * Records that were overwritten unread count as a bug: nobody knows what was
 * in them.
 */
void harm_read(struct harm *harm)
{
	char record[1024];
	ssize_t n;
	char *text;

	while ((n = read(log_fd, record, sizeof(record) - 1)) > 0 || errno == EPIPE) {
		if (n < 0) {
			harm->splats++;
			snprintf(harm->first, sizeof(harm->first), "records were lost");
			continue;
		}
		record[n] = '\0';
		text = strchr(record, ';');
		if (text)
			judge_record(harm, text + 1);
	}
}
