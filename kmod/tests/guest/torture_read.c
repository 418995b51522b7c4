// SPDX-License-Identifier: GPL-2.0
/* The readers: every file, at odd places and in odd portions, while runs go on. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "torture.h"

/* What one open of results gives is one run, whole. */
static void read_whole(const char *name, char *buf, size_t size, size_t step)
{
	int fd = open_file(name, O_RDONLY);
	size_t len = 0;
	ssize_t n;
	char *end;

	if (fd < 0)
		return violation("open %s: %s", name, strerror(errno));
	while (len + step < size && (n = read(fd, buf + len, step)) > 0)
		len += n;
	close(fd);
	BUMP(whole);
	buf[len] = '\0';
	if (strcmp(name, "results"))
		return;
	end = memrchr(buf, '\n', len ? len - 1 : 0);
	if (strncmp(buf, "kallocbench 1\n", 14) || !end ||
	    strncmp(end, "\nend cells=", 11) || buf[len - 1] != '\n')
		violation("results are not whole: %.40s ... %s", buf, end ? end : "");
}

static void read_oddly(struct rng *r, const char *name, char *buf)
{
	int fd = open_file(name, O_RDONLY);
	int i;

	if (fd < 0)
		return violation("open %s: %s", name, strerror(errno));
	for (i = rng_below(r, 6); i >= 0; i--) {
		size_t step = rng_below(r, rng_below(r, 3) ? 20 : 100000);
		off_t at = rng_next(r) >> rng_below(r, 64);
		ssize_t n = pread(fd, buf, step, at);

		if (n < 0 && errno != EINVAL)
			violation("pread %s at %ld: %s", name, (long)at, strerror(errno));
		total->read_bytes += n > 0 ? n : 0;
		BUMP(reads);
		lseek(fd, rng_next(r) >> rng_below(r, 64), rng_below(r, 5));
		if (read(fd, buf, step) < 0 && errno != EINVAL)
			violation("read %s: %s", name, strerror(errno));
	}
	if (mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0) != MAP_FAILED)
		violation("%s can be mapped", name);
	if (write(fd, "x", 1) >= 0)
		violation("%s opened for reading can be written", name);
	close(fd);
}

int reader(uint64_t seed)
{
	static const char *const files[] = {
		"run", "results", "summary", "status", "error", "help", "results",
		"properties",
	};
	const size_t size = 16 << 20;
	struct rng r = { seed };
	char *buf = malloc(size + 1);

	while (!total->done) {
		const char *name = files[rng_below(&r, COUNT(files))];

		if (rng_below(&r, 2))
			read_oddly(&r, name, buf);
		else
			read_whole(name, buf, size, rng_below(&r, 9000) + 1);
		usleep(rng_below(&r, 3000));
	}
	free(buf);
	return 0;
}

