// SPDX-License-Identifier: GPL-2.0
/*
 * Writes a made-up result with known answers, by the module's own report.c: what
 * the scripts' tests read is what a kernel prints.
 *
 * A call of an allocator costs base + slope * size ticks, and above the size `step`
 * jump + above * size more; a free costs 0.6 of it, and every pattern but pair 1.2
 * times. With --noise a call costs up to some percent more, and one in a hundred
 * much more. Equal words give equal bytes.
 */
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <linux/string.h>

#include "report.h"

#define LIST_MAX	64
/* What the loop around the calls takes, for each of them. */
#define OUTSIDE		60

struct model {
	const char *alloc;
	double base, slope, step, jump, above;
};

struct list {
	char *word[LIST_MAX];
	unsigned int n;
};

enum { ALLOCS, SIZES, FLAGS, PATTERNS, LISTS };

static struct {
	const char *words[LISTS], *lane, *kernel, *noise_text;
	unsigned int samples, rounds, seed;
	bool touch;
} opts = {
	.words = {
		[ALLOCS] = "kmalloc,vmalloc",
		[FLAGS] = "GFP_KERNEL",
		[PATTERNS] = "pair",
	},
	.lane = "insn", .kernel = "6.12.0-made-up", .noise_text = "0.05",
	.samples = 1000, .rounds = 1, .seed = 1,
};

static struct list lists[LISTS];

/* Those of --model stand before these, and the last one is for all others. */
static struct model models[LIST_MAX];
static unsigned int n_models;

static const struct model known[] = {
	{ "null" },
	{ "kzalloc", 130, 0.17, 8192, 900, 1 },
	{ "kvmalloc", 144, 0, 8192, 900, 0.02 },
	{ "vmalloc", 2500, 0.03 },
	{ "kmalloc", 120, 0, 8192, 900, 0.02 },
};

static char buf[1 << 20];
static u64 random_state;

static void fail(const char *why, const char *word)
{
	fprintf(stderr, "sample: %s: '%s'\n", why, word);
	exit(2);
}

static u64 random_next(void)
{
	u64 x = random_state += 0x9e3779b97f4a7c15;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
	return x ^ (x >> 31);
}

static double random_share(void)
{
	return ldexp(random_next() >> 11, -53);
}

/* FNV-1a: every cell draws for itself, whatever stands before it. */
static void random_seed(const char *words)
{
	random_state = 0xcbf29ce484222325 + opts.seed;
	for (; *words; words++)
		random_state = (random_state ^ *words) * 0x100000001b3;
}

static struct list split(const char *text)
{
	struct list list = {};
	char *word = strtok(strdup(text), ",");

	for (; word; word = strtok(NULL, ",")) {
		if (list.n == LIST_MAX)
			fail("more than 64 words", text);
		list.word[list.n++] = word;
	}
	return list;
}

static double cost_of(const char *alloc, double size)
{
	const struct model *m = models;

	while (m < models + n_models - 1 && strcmp(m->alloc, alloc))
		m++;
	return m->base + m->slope * size +
	       (m->step > 0 && size > m->step ? m->jump + m->above * size : 0);
}

/* Its ticks are part of the wall time. */
static struct hist *draw(struct result_cell *cell, double cost)
{
	struct hist *h = calloc(1, sizeof(*h));
	double noise = atof(opts.noise_text);
	unsigned int i;

	kab_hist_clear(h);
	for (i = 0; i < opts.samples; i++) {
		double value = cost;
		u64 ticks;

		if (noise && cost) {
			value *= 1 - noise * log1p(-random_share());
			if (random_share() < 0.01)
				value += 6 * cost + 800 * random_share();
		}
		ticks = llrint(value);
		kab_hist_fold(h, &ticks, 1, 0);
	}
	cell->wall += h->sum + OUTSIDE * (u64)opts.samples;
	return h;
}

static void measure(struct result_cell *cell)
{
	double cost = cost_of(cell->alloc, cell->at.size);
	u64 pages = cell->at.size / 4096;

	if (strcmp(cell->pattern, "pair"))
		cost *= 1.2;
	cell->merged.hist[OP_ALLOC] = draw(cell, cost);
	cell->merged.hist[OP_FREE] = draw(cell, cost * 0.6);
	if (opts.touch)
		cell->merged.hist[OP_TOUCH] = draw(cell, 40.0 * (pages ? pages : 1));
}

/* at[LIST] is the index of its word. */
static void print_cell(unsigned int id, unsigned int round, const unsigned int *at)
{
	const char *alloc = lists[ALLOCS].word[at[ALLOCS]];
	const char *size = lists[SIZES].word[at[SIZES]];
	const char *pattern = lists[PATTERNS].word[at[PATTERNS]];
	struct word_flags gfp = { .name = lists[FLAGS].word[at[FLAGS]] };
	struct result_cell cell = {
		.at = { .id = id, .round = round, .size = strtoull(size, NULL, 10), .flags = &gfp },
		.alloc = alloc, .pattern = pattern, .context = "process", .cpus = "0",
	};
	enum result_op op;
	struct text t;

	if (!strcmp(alloc, "kmalloc") && cell.at.size > 4 << 20) {
		cell.state = STATE_SKIPPED;
		strcpy(cell.reason, "size is above the maximum 4194304");
	} else {
		snprintf(buf, sizeof(buf), "%s %s %s %s %u", alloc, size, gfp.name, pattern, round);
		random_seed(buf);
		measure(&cell);
	}
	kab_text_init(&t, buf, sizeof(buf));
	kab_report_cell(&t, &cell);
	fputs(buf, stdout);
	for (op = 0; op < OPS; op++)
		free(cell.merged.hist[op]);
}

static unsigned int print_round(unsigned int id, unsigned int round)
{
	unsigned int at[LISTS] = {};
	int i;

	do {
		print_cell(id++, round, at);
		for (i = LISTS - 1; i >= 0 && ++at[i] == lists[i].n; i--)
			at[i] = 0;
	} while (i >= 0);
	return id;
}

/* What the module says of its kernel, and what a collector adds. */
static void write_meta(struct text *t)
{
	kab_text_printf(t, " init_on_alloc=0 lane=%s accel=%s qemu=7.2 made_up=yes",
			opts.lane, strcmp(opts.lane, "insn") ? "none" : "tcg-icount");
}

static void warn(struct text *t, void (*say)(struct text *t, const char *sentence))
{
}

static void print_head(void)
{
	char param[2048];
	struct result_head head = {
		.release = opts.kernel, .arch = "x86_64", .param = param,
		.meta = write_meta, .warn = warn,
		.clock = {
			.name = "tsc", .khz = 1000000,
			.overhead = 4, .overhead_p50 = 4, .overhead_max = 4,
			.insn = !strcmp(opts.lane, "insn"),
		},
	};
	struct text t;

	snprintf(param, sizeof(param),
		 "allocs=%s sizes=%s flags=%s patterns=%s contexts=process cpus=0 node=any timing=op touch=%s depth=64 order=fifo samples=%u warmup=256 rounds=%u budget_ms=1000 seed=%u",
		 opts.words[ALLOCS], opts.words[SIZES], opts.words[FLAGS], opts.words[PATTERNS],
		 opts.touch ? "page" : "none", opts.samples, opts.rounds, opts.seed);
	kab_text_init(&t, buf, sizeof(buf));
	kab_report_head(&t, &head);
	fputs(buf, stdout);
}

/* ALLOC=BASE,SLOPE,STEP,JUMP,ABOVE */
static void add_model(char *text)
{
	struct model *m = &models[n_models++];
	char *equals = strchr(text, '=');

	if (!equals || sscanf(equals, "=%lf,%lf,%lf,%lf,%lf", &m->base, &m->slope, &m->step,
			      &m->jump, &m->above) != 5)
		fail("--model is ALLOC=BASE,SLOPE,STEP,JUMP,ABOVE", text);
	*equals = '\0';
	m->alloc = text;
}

static const struct {
	const char *name;
	const char **text;
	unsigned int *number;
} options[] = {
	{ "allocs", &opts.words[ALLOCS] },
	{ "sizes", &opts.words[SIZES] },
	{ "flags", &opts.words[FLAGS] },
	{ "patterns", &opts.words[PATTERNS] },
	{ "lane", &opts.lane },
	{ "kernel", &opts.kernel },
	{ "noise", &opts.noise_text },
	{ "samples", NULL, &opts.samples },
	{ "rounds", NULL, &opts.rounds },
	{ "seed", NULL, &opts.seed },
	{ "model" },
	{ "touch" },
};

static void take_options(int argc, char **argv)
{
	struct option long_options[ARRAY_SIZE(options) + 1] = {};
	int i;

	for (i = 0; i < ARRAY_SIZE(options); i++)
		long_options[i] = (struct option){
			options[i].name, strcmp(options[i].name, "touch") != 0, NULL, i + 1,
		};
	while ((i = getopt_long(argc, argv, "", long_options, NULL)) > 0) {
		if (i > ARRAY_SIZE(options))
			exit(2);
		if (options[i - 1].text)
			*options[i - 1].text = optarg;
		else if (options[i - 1].number)
			*options[i - 1].number = strtoul(optarg, NULL, 10);
		else if (optarg)
			add_model(optarg);
		else
			opts.touch = true;
	}
	if (optind < argc)
		fail("not an option", argv[optind]);
}

/* 8 to 4M in powers of two. */
static const char *usual_sizes(void)
{
	static char text[200];
	unsigned int size, n = 0;

	for (size = 8; size <= 4 << 20; size *= 2)
		n += sprintf(text + n, "%s%u", n ? "," : "", size);
	return text;
}

int main(int argc, char **argv)
{
	struct result_total total = { .state = STATE_DONE };
	unsigned int i, round;
	struct text t;

	opts.words[SIZES] = usual_sizes();
	take_options(argc, argv);
	memcpy(models + n_models, known, sizeof(known));
	n_models += ARRAY_SIZE(known);
	for (i = 0; i < LISTS; i++)
		lists[i] = split(opts.words[i]);
	print_head();
	for (round = 0; round < opts.rounds; round++)
		total.cells = print_round(total.cells, round);
	kab_text_init(&t, buf, sizeof(buf));
	kab_report_end(&t, &total);
	fputs(buf, stdout);
	return 0;
}
