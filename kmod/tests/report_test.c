// SPDX-License-Identifier: GPL-2.0
/*
 * report: golden texts of every kind of cell, which are also what the scripts'
 * tests read, and columns that stay within 80 whatever the numbers.
 */
#include "unit.h"

#include <linux/bitops.h>

#include "golden.h"
#include "report.h"
#include "summary.h"

/* Of the golden files. */
#define CELLS	11
#define WORKERS	3

static char buf[1 << 20];

static const struct result_clock insn = {
	.name = "tsc", .khz = 1000000, .overhead = 4, .overhead_p50 = 4, .overhead_max = 4,
	.insn = true,
};

static const struct result_clock ticks = {
	.name = "tsc", .khz = 2300000, .overhead = 46, .overhead_p50 = 48, .overhead_max = 46,
};

static const struct word_flags gfp_kernel = { .bits = 0xcc0, .name = "GFP_KERNEL" };

static void write_meta(struct text *t)
{
	kab_text_printf(t, " init_on_alloc=0 preempt=voluntary");
}

static void warn(struct text *t, void (*say)(struct text *t, const char *sentence))
{
	say(t, "init_on_alloc=1 clears every object");
}

static struct result_head head_of(const struct result_clock *clock)
{
	return (struct result_head){
		.release = "6.12.117+deb12-cloud-amd64", .arch = "x86_64",
		.meta = write_meta, .warn = warn,
		.param = "allocs=kmalloc sizes=64 samples=2000 seed=1", .clock = *clock,
	};
}

static void end(struct result_cell *cell, enum result_state state, const char *reason)
{
	cell->state = state;
	assert_true(strlen(reason) < sizeof(cell->reason));
	strcpy(cell->reason, reason);
}

static struct result_cell cell_of(unsigned int id, const char *alloc, u64 size)
{
	return (struct result_cell){
		.at = { .id = id, .size = size, .flags = &gfp_kernel },
		.alloc = alloc, .pattern = "pair", .context = "process", .cpus = "0",
	};
}

/* A distribution with a body, a tail, and a last value of its own. */
static struct hist *samples(u64 body, unsigned int n, u64 last)
{
	struct hist *h = calloc(1, sizeof(*h));
	unsigned int i;

	assert_non_null(h);
	kab_hist_clear(h);
	for (i = 0; i < n; i++) {
		u64 value = i == n - 1 ? last : body + (i % 50 ? i % 3 : body / 2);

		kab_hist_fold(h, &value, 1, 0);
	}
	return h;
}

static void free_hists(struct result_worker *worker)
{
	enum result_op op;
	unsigned int i;

	for (op = 0; op < OPS; op++) {
		free(worker->hist[op]);
		for (i = 0; i < COUNTERS; i++)
			free(worker->counts[op][i].hist);
	}
}

/* Two workers whose samples add up to the merged ones. */
static void two_workers(struct result_cell *cell, struct result_worker *workers)
{
	static const enum result_op ops[] = { OP_ALLOC, OP_FREE };
	unsigned int i, k;

	for (i = 0; i < 2; i++)
		workers[i].cpu = i;
	for (k = 0; k < 2; k++) {
		cell->merged.hist[ops[k]] = samples(0, 0, 0);
		for (i = 0; i < 2; i++) {
			workers[i].hist[ops[k]] = samples(2470 - 1073 * k, 1000 + 10 * i, 9000);
			kab_hist_merge(cell->merged.hist[ops[k]], workers[i].hist[ops[k]]);
		}
	}
	cell->cpus = "0-1";
	cell->wall = 20000000;
	cell->workers = workers;
	cell->n_workers = 2;
}

static void touched(struct result_cell *cell)
{
	end(cell, STATE_SHORT, "budget_ms=1000 was over after 15 of 2000 calls");
	cell->merged.hist[OP_ALLOC] = samples(140000, 12, 150000);
	cell->merged.hist[OP_TOUCH] = samples(900, 12, 4500);
	cell->merged.hist[OP_RETOUCH] = samples(300, 12, 300);
	cell->merged.hist[OP_FREE] = samples(5000, 12, 6000);
	cell->fail = 3;
	cell->wall = 9000000;
}

static void stretches(struct result_cell *cell)
{
	cell->merged.hist[OP_PAIR] = samples(19100, 2000, 25000);
	cell->calls = 100;
	cell->merged.overhead[OP_PAIR] = 409;
	cell->merged.counts[OP_PAIR][0] = (struct result_count){
		"instructions", samples(18100, 2000, 18400), 1203,
	};
	cell->merged.counts[OP_PAIR][1] = (struct result_count){
		"dtlb-misses", samples(0, 2000, 3), 0,
	};
	cell->wall = 90000000;
	cell->charge = CHARGE_NOBODY;
	cell->fact = (struct result_fact){
		.found = true, .usable = 64, .waste = 4, .slot = 67, .align = 64,
		.promised = 8, .extents = 1, .pages = 1, .searched = true, .fails = true,
		.largest = 4194304,
	};
	cell->estimate = 6400;
	cell->taken = 12800;
}

/* Known: 535 / 16 = 33 and 1197 / 16 = 75, where one object costs 91 and 101. */
static void bulk(struct result_cell *cell)
{
	cell->merged.hist[OP_ALLOC] = samples(535, 2000, 900);
	cell->merged.hist[OP_FREE] = samples(1197, 2000, 1800);
	cell->objects = 16;
	cell->wall = 9000000;
}

static void scattered(struct result_cell *cell)
{
	cell->merged.hist[OP_ALLOC] = samples(4000, 2000, 9000);
	cell->merged.hist[OP_FREE] = samples(3000, 2000, 9000);
	cell->pieces = 16;
	cell->wall = 90000000;
}

static const struct result_zone zones[] = {
	{ .node = 0, .name = "DMA32", .orders = 3, .free = { 4, 0, 1 } },
	{ .node = 1, .name = "Normal", .orders = 11,
	  .free = { 100, 50, 25, 12, 6, 3, 1, 0, 0, 0, 7 } },
};

static void fragmented(struct result_cell *cell)
{
	enum result_when when;

	end(cell, STATE_SHORT, "7 free blocks of order 10 were left for others");
	cell->pattern = "fragmented";
	cell->merged.hist[OP_ALLOC] = samples(4000, 2000, 9000);
	cell->merged.hist[OP_FREE] = samples(3000, 2000, 9000);
	cell->frag = (struct result_frag){
		.done = true, .order = 10, .pinned = 40960, .left = 7,
	};
	for (when = 0; when < WHENS; when++) {
		cell->frag.zones[when] = zones;
		cell->frag.n_zones[when] = when == WHEN_PINNED ? 1 : 2;
	}
	cell->looks = true;
	cell->fell = 1999;
	cell->looked = 2000;
	cell->fact = (struct result_fact){
		.found = true, .usable = 8192, .waste = 49, .align = 4096, .promised = 4096,
		.extents = 2, .pages = 2, .zeroed = true, .mapped = true, .node = -1,
		.searched = true, .largest = 1 << 30,
	};
}

/* A worker alone: the merged samples are its own. */
static void exhausting(struct result_cell *cell, struct result_worker *worker)
{
	cell->pattern = "exhaust";
	worker->hist[OP_ALLOC] = samples(117, 900, 4200);
	worker->allocs = 1000;
	worker->frees = 998;
	worker->last = (struct result_last){ .n = 104, .sum = 13000, .max = 4200 };
	worker->ended = "others";
	cell->merged = *worker;
	cell->workers = worker;
	cell->n_workers = 1;
	cell->fact.found = true;
	cell->fact.extents = 1;
	cell->fact.pages = 1;
}

/* The cells of the golden files: one of each kind. Returns how many. */
static unsigned int make_cells(struct result_cell *cells, struct result_worker *workers)
{
	cells[0] = cell_of(0, "kmalloc", 64);
	cells[0].merged.hist[OP_ALLOC] = samples(117, 20000, 4200);
	cells[0].merged.hist[OP_FREE] = samples(78, 20000, 78);
	cells[0].merged.hist[OP_FREE]->under = 2;
	cells[0].wall = 9000000;
	cells[0].tails[OP_ALLOC] = (struct tail_shares){
		.basis_points = HIST_P999, .chunks = 8, .all = 157,
		.by = { [TAIL_INTERRUPT] = 4, [TAIL_SLAB] = 1 },
		.of_all = { [TAIL_INTERRUPT] = 6, [TAIL_SLAB] = 20 },
		.blamed = BIT(TAIL_INTERRUPT), .unexplained = 4,
	};
	cells[1] = cell_of(1, "kvmalloc", 1 << 20);
	touched(&cells[1]);
	cells[2] = cell_of(2, "vmalloc", 4096);
	two_workers(&cells[2], workers);
	cells[3] = cell_of(3, "kmalloc", 8 << 20);
	end(&cells[3], STATE_SKIPPED, "kmalloc takes at most 4194304 bytes");
	cells[4] = cell_of(4, "vmalloc", 4000);
	end(&cells[4], STATE_FAILED, "every allocation failed");
	cells[4].fail = 2000;
	cells[4].merged.hist[OP_ALLOC] = samples(0, 0, 0);
	cells[4].merged.hist[OP_FREE] = samples(0, 0, 0);
	cells[5] = cell_of(5, "kmalloc", 64);
	cells[5].at.round = 1;
	stretches(&cells[5]);
	cells[6] = cell_of(6, "vmalloc", 4096);
	cells[6].at.round = 1;
	end(&cells[6], STATE_ABORTED, "not started");
	cells[7] = cell_of(7, "kmem_cache_bulk", 64);
	bulk(&cells[7]);
	cells[8] = cell_of(8, "alloc_pages_bulk", 65536);
	scattered(&cells[8]);
	cells[9] = cell_of(9, "kvmalloc", 4097);
	fragmented(&cells[9]);
	cells[10] = cell_of(10, "kmalloc", 64);
	exhausting(&cells[10], &workers[2]);
	return CELLS;
}

static void free_cells(struct result_cell *cells, unsigned int n, struct result_worker *workers)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		free_hists(&cells[i].merged);
	free_hists(&workers[0]);
	free_hists(&workers[1]);
}

static void results_are_golden(void **state)
{
	struct result_worker workers[WORKERS] = {};
	struct result_head head = head_of(&insn);
	struct result_total total = { .state = STATE_ABORTED };
	struct result_cell cells[CELLS];
	unsigned int i;
	struct text t;

	kab_text_init(&t, buf, sizeof(buf));
	total.cells = make_cells(cells, workers);
	kab_report_head(&t, &head);
	for (i = 0; i < total.cells; i++)
		kab_report_cell(&t, &cells[i]);
	kab_report_end(&t, &total);
	assert_false(text_overflowed(&t));
	golden("results.txt", buf);
	free_cells(cells, total.cells, workers);
}

static void summarise(struct text *t, const struct result_clock *clock)
{
	struct result_worker workers[WORKERS] = {};
	struct result_head head = head_of(clock);
	struct result_total total = {
		.state = STATE_ABORTED, .unstarted = 3, .outside = 2310, .pairs = 30,
	};
	struct result_cell cells[CELLS];
	unsigned int i;

	total.cells = make_cells(cells, workers);
	kab_summary_head(t, &head);
	for (i = 0; i < total.cells; i++)
		kab_summary_cell(t, &cells[i], i ? &cells[i - 1].at : NULL, clock);
	kab_summary_end(t, &total, clock);
	free_cells(cells, total.cells, workers);
}

static void check_columns(const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		if (len > 80)
			fail_msg("%zu columns: %.*s", len, (int)len, text);
		text += len + !!text[len];
	}
}

static void summaries_are_golden(void **state)
{
	struct text t;

	kab_text_init(&t, buf, sizeof(buf));
	summarise(&t, &insn);
	golden("summary-insn.txt", buf);
	check_columns(buf);
	kab_text_init(&t, buf, sizeof(buf));
	summarise(&t, &ticks);
	assert_false(text_overflowed(&t));
	golden("summary-time.txt", buf);
	check_columns(buf);
}

/* 1 of 16 objects, also where a value is a stretch of calls. */
static void an_object_of_a_call_is_said(void **state)
{
	struct result_cell cell = cell_of(0, "kmem_cache_bulk", 64);
	struct text t;

	bulk(&cell);
	kab_text_init(&t, buf, sizeof(buf));
	kab_summary_cell(&t, &cell, NULL, &insn);
	assert_non_null(strstr(buf, "    16 objects a call: 34 an object at the median\n"));
	cell.calls = 10;
	kab_text_init(&t, t.buf, t.cap);
	kab_summary_cell(&t, &cell, NULL, &insn);
	assert_non_null(strstr(buf, "    16 objects a call: 3 an object at the median\n"));
	free_hists(&cell.merged);
}

/* Nothing says "per call" above values that are for many. */
static void a_stretch_is_no_call(void **state)
{
	struct result_head head = head_of(&insn);
	struct text t;

	kab_text_init(&t, buf, sizeof(buf));
	kab_summary_head(&t, &head);
	assert_non_null(strstr(buf, "kallocbench, in instructions per call\n"));
	head.param = "allocs=kmalloc sizes=64 node=any timing=batch calls=100 seed=1";
	kab_text_init(&t, t.buf, t.cap);
	kab_summary_head(&t, &head);
	assert_non_null(strstr(buf, "kallocbench, in instructions\n"));
}

/* The widest of everything: ten million samples, an hour in one of them. */
static void wide_numbers_keep_their_columns(void **state)
{
	static const char long_flags[] = "GFP_KERNEL|__GFP_ZERO|__GFP_NORETRY|__GFP_ACCOUNT";
	const struct word_flags flags = { .name = long_flags };
	struct result_cell cell = cell_of(65535, "kmem_cache_ctor_align_huge", (1ULL << 40) - 1);
	const struct result_total total = { .cells = 65536, .outside = 1ULL << 62, .pairs = 1 };
	struct result_head head = head_of(&ticks);
	struct text t;

	head.release = "6.12.117+deb12-cloud-amd64-with-a-name-of-its-own-v7";
	cell.at.flags = &flags;
	cell.at.round = 999;
	cell.cpus = "0,2,4,6,8,10,12,14,16,18,20,22,24,26,28,30";
	cell.context = "preempt_off";
	cell.pattern = "fragmented";
	cell.calls = 100000;
	cell.objects = 16;
	cell.pieces = 1024;
	end(&cell, STATE_SHORT,
	    "budget_ms=3600000 was over after 9999999 of 10000000 calls of a slow one");
	cell.merged.hist[OP_RETOUCH] = samples(1ULL << 43, 2000, 1ULL << 45);
	cell.merged.hist[OP_RETOUCH]->n = 10000000;
	cell.tails[OP_RETOUCH] = (struct tail_shares){
		.basis_points = HIST_P99, .chunks = 2000000, .all = 2097151,
		.by = { 1990000, 1980000, 1970000, 1960000 },
		.of_all = { 2000000, 2000000, 2000000, 2000000 },
		.blamed = ~0U, .unexplained = 1000000,
	};
	kab_text_init(&t, buf, sizeof(buf));
	kab_summary_head(&t, &head);
	kab_summary_cell(&t, &cell, NULL, &ticks);
	kab_summary_end(&t, &total, &ticks);
	check_columns(buf);
	free_hists(&cell.merged);
}

/* What may stand in a meta value or a reason never breaks a line or a word. */
static void values_are_escaped(void **state)
{
	struct result_cell cell = cell_of(0, "kmalloc", 64);
	struct result_head head = head_of(&insn);
	struct text t;

	head.release = "6.12 of\tmine\n\\";
	end(&cell, STATE_FAILED, "a reason\nwith two lines");
	kab_text_init(&t, buf, sizeof(buf));
	kab_report_head(&t, &head);
	assert_non_null(strstr(buf, "kernel=6.12\\040of\\011mine\\012\\134 arch="));
	kab_text_init(&t, t.buf, t.cap);
	kab_report_cell(&t, &cell);
	assert_non_null(strstr(buf, " reason=a\\040reason\\012with\\040two\\040lines\n"));
}

static void a_run_without_cells_is_whole(void **state)
{
	const struct result_total total = { .state = STATE_IDLE };
	struct text t;

	kab_text_init(&t, buf, sizeof(buf));
	kab_report_end(&t, &total);
	assert_string_equal(buf, "end cells=0 state=idle\n");
}

/* Rows for people, of those cells that were looked at. */
static void properties_are_golden(void **state)
{
	struct result_worker workers[WORKERS] = {};
	struct result_cell cells[CELLS];
	unsigned int i, n = make_cells(cells, workers);
	struct text t;

	kab_text_init(&t, buf, sizeof(buf));
	kab_summary_fact_head(&t);
	for (i = 0; i < n; i++)
		kab_summary_fact(&t, &cells[i]);
	golden("properties.txt", buf);
	free_cells(cells, n, workers);
}

/* Five equal rows of one allocator say nothing. */
static void properties_say_their_flags(void **state)
{
	static const struct word_flags atomic = { .name = "GFP_ATOMIC" };
	struct result_cell cell = cell_of(0, "kvmalloc", 64);
	struct text t;

	cell.fact.found = true;
	cell.fact.searched = true;
	kab_text_init(&t, buf, sizeof(buf));
	kab_summary_fact(&t, &cell);
	assert_null(strstr(buf, "with"));
	cell.at.flags = &atomic;
	kab_text_init(&t, buf, sizeof(buf));
	kab_summary_fact(&t, &cell);
	assert_non_null(strstr(buf, " direct, with GFP_ATOMIC\n"));
	assert_non_null(strstr(buf, " now, at least, with GFP_ATOMIC\n"));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(results_are_golden),
	cmocka_unit_test(summaries_are_golden),
	cmocka_unit_test(properties_are_golden),
	cmocka_unit_test(properties_say_their_flags),
	cmocka_unit_test(an_object_of_a_call_is_said),
	cmocka_unit_test(a_stretch_is_no_call),
	cmocka_unit_test(wide_numbers_keep_their_columns),
	cmocka_unit_test(values_are_escaped),
	cmocka_unit_test(a_run_without_cells_is_whole),
};

int main(void)
{
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
