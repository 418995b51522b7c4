// SPDX-License-Identifier: GPL-2.0
/* The writers: lines from lines.c, by every road into a file, and what may come back. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#include "torture.h"

/* Whatever a slip made of a line: its run is cut short by a signal. */
static void alarm_in(long ms)
{
	struct itimerval t = {
		.it_value = { .tv_sec = ms / 1000,
			      .tv_usec = ms % 1000 * 1000 },
		/* Again and again, for a signal may come before the call. */
		.it_interval = { .tv_usec = ms ? 200000 : 0 },
	};

	setitimer(ITIMER_REAL, &t, NULL);
}

/* The road a line takes; @fit when the module sees it whole and alone. */
static ssize_t send_line(struct rng *r, int fd, char *buf, size_t len, int *fit)
{
	size_t at = len ? rng_below(r, len) : 0;
	struct iovec parts[] = { { buf, at }, { buf + at, len - at } };
	static const off_t offsets[] = { 1, 5, 4095, 4096, 1LL << 40 };
	ssize_t n;

	*fit = 0;
	switch (rng_below(r, 20)) {
	case 0:
		n = pwrite(fd, buf, len, offsets[rng_below(r, COUNT(offsets))]);
		if (len && (n >= 0 || errno != EINVAL))
			violation("pwrite at an offset: %zd %s", n, strerror(errno));
		return n;
	case 1:
		return writev(fd, parts, 2);
	case 2:
		n = write(fd, buf, at);
		return n < 0 ? n : write(fd, buf + at, len - at);
	case 3:
		n = write(fd, NULL, len + 1);
		if (n >= 0)
			violation("a write from nowhere succeeded");
		return n;
	case 4:
		return ioctl(fd, (unsigned long)rng_next(r), rng_next(r));
	default:
		*fit = 1;
		/* Others are at it: wait for a turn now and then. */
		for (at = rng_below(r, 20); ; at--) {
			n = write(fd, buf, len);
			if (n >= 0 || errno != EBUSY || !at)
				return n;
			usleep(5000);
		}
	}
}

static void judge(enum line_kind kind, const char *buf, size_t len, ssize_t n,
		  int err, int fit, long took)
{
	static const int allowed[] = { EINVAL, E2BIG, EBUSY, ENOMEM, ECANCELED };
	char why[150];
	size_t i;

	if (took > LATE_MS)
		violation("a write took %ld ms", took);
	if (n >= 0) {
		BUMP(accepted);
		if (fit && kind == LINE_HOSTILE)
			violation("accepted %zu hostile bytes: %.60s", len, buf);
		if (fit && (size_t)n != len)
			violation("accepted %zd of %zu bytes", n, len);
		return;
	}
	BUMP(refused[err < 200 ? err : 199]);
	if (!fit)
		return;
	if (kind == LINE_HOSTILE && err != EINVAL && err != E2BIG)
		violation("%zu hostile bytes: %s", len, strerror(err));
	for (i = 0; i < COUNT(allowed); i++)
		if (err == allowed[i])
			return;
	n = pread(open_file("error", O_RDONLY), why, sizeof(why) - 1, 0);
	violation("a write failed with %s: %.*s: %.*s", strerror(err),
		  (int)(len < 150 ? len : 150), buf, (int)(n > 0 ? n : 0), why);
}

/* A good line gets the time to end by itself, more often than not. */
static long patience(struct rng *r, enum line_kind kind)
{
	if (!rng_below(r, 4))
		return rng_below(r, 100) + 1;
	return kind == LINE_VALID ? 8000 : 500;
}

int writer(uint64_t seed, long writes)
{
	const size_t size = 8 << 20;
	struct rng r = { seed };
	char *buf = malloc(size);
	int fd = -1;

	while (writes-- > 0) {
		enum line_kind kind;
		size_t len;
		ssize_t n;
		long start;
		int fit, err;

		if (fd < 0 || !rng_below(&r, 16)) {
			close(fd);
			fd = open_file("run", rng_below(&r, 4) ? O_WRONLY : O_RDWR);
			if (fd < 0)
				violation("open run: %s", strerror(errno));
		}
		kind = line_make(&r, buf, size, &len);
		start = now_ms();
		alarm_in(patience(&r, kind));
		n = send_line(&r, fd, buf, len, &fit);
		err = errno;
		alarm_in(0);
		BUMP(writes);
		BUMP(by_kind[kind]);
		judge(kind, buf, len, n, err, fit, now_ms() - start);
	}
	close(fd);
	free(buf);
	return 0;
}

