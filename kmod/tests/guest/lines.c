// SPDX-License-Identifier: GPL-2.0
/*
 * Parameter lines out of a seed: good ones, good ones with a slip, and ones
 * that no tool should be shown. Every crash on record of the tools before us
 * is in here by kind.
 */
#include <stdio.h>
#include <string.h>

#include "lines.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* splitmix64, Steele, Lea, Flood 2014: any seed is a good one. */
uint64_t rng_next(struct rng *r)
{
	uint64_t z = (r->state += 0x9e3779b97f4a7c15ull);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

uint64_t rng_below(struct rng *r, uint64_t n)
{
	return rng_next(r) % n;
}

struct key {
	const char *name;
	const char *values[14];
};

/* Values that are right, and small enough to run thousands of times. */
static const struct key keys[] = {
	{ "allocs", { "kmalloc", "vmalloc", "kvmalloc,kmalloc", "null", "delay",
		      "all", "vmalloc,kmalloc" } },
	{ "sizes", { "8", "64", "1,2,3", "8..64", "4096", "32K..128K", "1M",
		     "64..256+24", "4M", "1T", "13,8191" } },
	{ "flags", { "GFP_KERNEL", "GFP_ATOMIC", "GFP_NOWAIT",
		     "GFP_KERNEL|__GFP_ZERO", "GFP_KERNEL,GFP_ATOMIC",
		     "GFP_KERNEL_ACCOUNT", "__GFP_ZERO|GFP_KERNEL" } },
	/* A key that no pattern uses is refused: they come together. */
	{ "patterns", { "pair", "all", "batch depth=8 order=lifo", "pair,batch",
			"churn depth=1000", "batch depth=100 order=random",
			"remote", "cold", "exhaust bytes=1M" } },
	{ "contexts", { "process", "all", "softirq", "process,irqs_off",
			"hardirq", "bh_off,preempt_off" } },
	{ "cpus", { "0", "all", "0-1", "1", "1,0" } },
	{ "node", { "any", "0" } },
	{ "timing", { "op", "batch" } },
	{ "touch", { "none", "page", "line" } },
	{ "warmup", { "0", "1", "20" } },
	{ "rounds", { "1", "2" } },
	{ "seed", { "0", "1", "18446744073709551615", "12345" } },
};

/* Numbers that wrap, do not fit, or are none. */
static const char *const odd_values[] = {
	"18446744073709551617", "18446744073709551615", "9223372036854775808",
	"4294967296", "4294967297", "2147483648", "-1", "-9223372036854775808",
	"0", "00", "0x10", "1e9", "1.5", "", "8..7", "8..24", "8..64+0", "0..8",
	"8..", "..8", "8...64", "1..1T+1", "1..1T+18446744073709551615",
	"2T", "1T1", "1KK", "99999999999999999999K", "16777217T", "K", "1k",
	"8,8", "8,", ",8", ",", "8,,16", "0-1023", "1-0", "0-", "-0", "0-0-0",
	"64", "1023", "99999999999", "all,all", "kmalloc,kmalloc", "kmallo",
	"kmallocc", "KMALLOC", "GFP_KERNEL|", "|", "GFP_KERNEL||__GFP_ZERO",
	"GFP_KERNEL|GFP_KERNEL", "__GFP_NOFAIL", "GFP_KERNEL|__GFP_NOFAIL",
	"__GFP_DMA", "GFP_DMA32", "0xcc0", "%s%n%p%x", "$(reboot)", "`id`",
	"../../etc/passwd", "\"8\"", "\\040", "8\v", "\xff\xfe", "\xc3\xa4",
};

static size_t add(char *buf, size_t size, size_t len, const char *text)
{
	size_t n = strlen(text);

	if (n > size - len)
		n = size - len;
	memcpy(buf + len, text, n);
	return len + n;
}

static const char *value_of(struct rng *r, const struct key *key)
{
	size_t n = 0;

	while (n < COUNT(key->values) && key->values[n])
		n++;
	return key->values[rng_below(r, n)];
}

/* The first keys bound a run; the rest come by chance, each at most once. */
static size_t make_valid(struct rng *r, char *buf, size_t size)
{
	uint64_t chosen = rng_next(r) & rng_next(r);
	char word[128];
	size_t len, i;

	snprintf(word, sizeof(word), "samples=%u budget_ms=%u",
		 (unsigned int)rng_below(r, 40) + 1,
		 (unsigned int)rng_below(r, 5) + 1);
	len = add(buf, size, 0, word);
	/* The default is twenty sizes: name some more often than not. */
	if (rng_below(r, 8))
		chosen |= 2;
	for (i = 0; i < COUNT(keys); i++) {
		if (!(chosen >> i & 1))
			continue;
		snprintf(word, sizeof(word), "%s%s=%s",
			 rng_below(r, 9) ? " " : " \t ", keys[i].name,
			 value_of(r, &keys[i]));
		len = add(buf, size, len, word);
	}
	return rng_below(r, 4) ? add(buf, size, len, "\n") : len;
}

static size_t cut(char *buf, size_t len, size_t at, size_t n)
{
	if (n > len - at)
		n = len - at;
	memmove(buf + at, buf + at + n, len - at - n);
	return len - n;
}

static size_t insert(char *buf, size_t size, size_t len, size_t at,
		     const char *text)
{
	size_t n = strlen(text);

	if (n > size - len)
		return len;
	memmove(buf + at + n, buf + at, len - at);
	memcpy(buf + at, text, n);
	return len + n;
}

static size_t slip(struct rng *r, char *buf, size_t size, size_t len)
{
	static const char *const bits[] = {
		"=", ",", "|", ".", "..", "+", "-", " ", "\n", "\t", "K", "T",
		"0", "9", "A", "_", "~", "\x7f", "\x80", "\r", "#", ";", "==",
	};
	size_t at = rng_below(r, len);
	char *eq;

	switch (rng_below(r, 7)) {
	case 0:
		return cut(buf, len, at, 1);
	case 1:
		return insert(buf, size, len, at, bits[rng_below(r, COUNT(bits))]);
	case 2:
		buf[at] = (char)rng_next(r);
		return len;
	case 3:
		return cut(buf, len, at, rng_below(r, 20));
	case 4:
		return insert(buf, size, len, 0,
			      rng_below(r, 2) ? "samples=3 " : "sise=8 ");
	default:
		eq = memchr(buf + at, '=', len - at);
		if (!eq)
			return cut(buf, len, 0, 1);
		at = eq + 1 - buf;
		len = cut(buf, len, at, strcspn(eq + 1, " \t\n"));
		return insert(buf, size, len, at,
			      odd_values[rng_below(r, COUNT(odd_values))]);
	}
}

static size_t fill(struct rng *r, char *buf, size_t len, int how)
{
	size_t i;

	for (i = 0; i < len; i++)
		buf[i] = how < 0 ? (char)rng_next(r) : (char)how;
	return len;
}

/* No seed makes a legal line of these: the first byte sees to it. */
static size_t make_hostile(struct rng *r, char *buf, size_t size)
{
	static const size_t lengths[] = {
		1, 7, 100, 4094, 4095, 4096, 4097, 8192, 65536, 1 << 20, 8 << 20
	};
	static const int with[] = { -1, -1, 0, 'a', '=', ',', '9', '%', 0xff };
	/* Most are short: it is their number that counts. */
	size_t n = lengths[rng_below(r, rng_below(r, 50) ? 4 : COUNT(lengths))];
	size_t len;

	if (n > size)
		n = size;
	len = fill(r, buf, n, with[rng_below(r, COUNT(with))]);
	buf[0] = "\1,=9a\xff"[rng_below(r, 6)];
	return len;
}

/* Writes a line of at most @size bytes; never terminated by NUL. */
enum line_kind line_make(struct rng *r, char *buf, size_t size, size_t *len)
{
	unsigned int i;

	switch (rng_below(r, 20)) {
	case 0:
		*len = make_valid(r, buf, size);
		return LINE_VALID;
	case 1:
	case 2:
	case 3:
	case 4:
		*len = make_hostile(r, buf, size);
		return LINE_HOSTILE;
	default:
		*len = make_valid(r, buf, size - 1);
		for (i = rng_below(r, 3) + 1; i && *len; i--) {
			buf[*len] = '\0';
			*len = slip(r, buf, size - 1, *len);
		}
		return LINE_NEARLY;
	}
}
