// SPDX-License-Identifier: GPL-2.0
/*
 * Makes each site fail, and nothing else: all that the kernel allocates while
 * the site's return address is in the stack. So the call fails whatever it
 * falls back to, kvmalloc() too, and whether the kernel's log shows it or not.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "acts.h"
#include "inject.h"
#include "sites.h"

#define MANY 1000000

static const char *const kinds[] = { "failslab", "fail_page_alloc" };

static const char *const files[] = { "results", "help" };

static void path_of(const char *kind, char path[64])
{
	snprintf(path, 64, "/sys/kernel/debug/%s/times", kind);
}

static void allow(long faults)
{
	char path[64];
	unsigned int i;

	for (i = 0; i < 2; i++) {
		path_of(kinds[i], path);
		put_number_at(path, faults);
	}
}

static long used(void)
{
	char path[64];
	unsigned int i;
	long n = 0;

	for (i = 0; i < 2; i++) {
		path_of(kinds[i], path);
		n += MANY - get_number_at(path);
	}
	return n;
}

/* Returns whether the act came to the site, and what it got there was nothing. */
static int try(struct site *site, unsigned long address, act_t act,
	       const char *arg)
{
	int ret, err;

	inject_range(address, address + 1);
	allow(MANY);
	inject_attribute("probability", "100");
	ret = act(arg);
	err = errno;
	inject_attribute("probability", "0");
	if (!used())
		return 0;
	snprintf(site->by, sizeof(site->by), "%s", strstr(arg, "allocs=") ?: arg);
	site->refused = !!ret;
	errno = err;
	judge("site", arg, 1, ret);
	return 1;
}

/* The line that came to the last site comes to its neighbour most of the time. */
static void reach(struct site *site, char *const *lines, int n_lines)
{
	const unsigned long address = site_address(site);
	static int first;
	char path[64];
	int i;

	if (!address)
		return;
	for (i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), DIR_PATH "%s", files[i]);
		if (try(site, address, act_read, path))
			return;
	}
	for (i = 0; i < n_lines; i++) {
		if (try(site, address, act_run, lines[(first + i) % n_lines])) {
			first = (first + i) % n_lines;
			return;
		}
	}
}

/*
 * What nothing but a load comes to has no address before: the log has to tell.
 * Returns how many sites nothing has come to yet.
 */
int reach_loaded(void)
{
	int i, missed = 0;

	for (i = 0; i < nr_sites; i++) {
		if (!*sites[i].by && sites[i].logged)
			snprintf(sites[i].by, sizeof(sites[i].by), "insmod");
		missed += !*sites[i].by;
	}
	return missed;
}

/* Of a loaded module. */
void reach_all(char *const *lines, int n_lines)
{
	int i;

	inject_attribute("interval", "1");
	for (i = 0; i < nr_sites; i++) {
		reach(&sites[i], lines, n_lines);
		fprintf(stderr, "faults: %s: %.20s\n", sites[i].where, sites[i].by);
	}
	allow(-1);
	inject_confine(0);
}

void reach_print(void)
{
	const int taken = nr_sites - reach_loaded();
	int i;

	for (i = 0; i < nr_sites; i++) {
		const struct site *site = &sites[i];

		printf("site=%s call=%s %s by='%s'\n", site->where, site->call,
		       !*site->by ? "not-taken" :
		       site->refused ? "refused" : "tolerated", site->by);
	}
	printf("sites=%d of %d\n", taken, nr_sites);
}
