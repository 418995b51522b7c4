# SPDX-License-Identifier: GPL-2.0
# What the plugin saw, held against what eight workers are to be: each the same
# as one alone, and none in another's cache lines. Reads the names of the cells
# (allocator, pattern, CPUs) and then the plugin's text; prints "ok NAME" and
# "not ok NAME", with figures behind "#". -v chunks=N: those of N*128 samples.

function verdict(good, name) { print (good ? "ok " : "not ok ") name }

# What is recorded depends on the values: another bucket of the histogram, a
# cause that was seen. It comes after the last sample of a chunk.
function folds(f) { return f == "kab_hist_fold" || f == "kab_tail_note" }

# The functions in which a worker differs from the one alone.
function differing(c, cpu, base,   f, text) {
	for (f in functions)
		if (!folds(f) && insns[c, cpu, f] != insns[base, 0, f])
			text = text sprintf(" %s %d instead of %d,", f, insns[c, cpu, f], insns[base, 0, f])
	return text
}

# The rounds of one worker in the cells called what. Those with the fewest
# chunks are whole: a chunk that was cut short leaves its rest to one more.
function worker(what, cpu, fewest, base,   i, c, whole, bad) {
	for (i = 1; i <= rounds[what]; i++) {
		c = cell_of[what, i]
		if (number[c, cpu] > fewest) {
			print "# " what ", CPU " cpu ", round " i ": cut short, not counted"
			continue
		}
		whole++
		if (strict[c, cpu] == strict[base, 0] && strict[c, cpu] > 0) continue
		bad++
		print "# " what ", CPU " cpu ", round " i ":" differing(c, cpu, base)
	}
	return whole && !bad
}

# fewest_alone WHAT: and base_cell becomes a cell that had no more.
function fewest_alone(what,   i, c, least) {
	for (i = 1; i <= rounds[what]; i++) {
		c = cell_of[what, i]
		if (!least || number[c, 0] < least) {
			least = number[c, 0]
			base_cell = c
		}
	}
	return least
}

function same_cost(calls,   fewest, cpu, good, n) {
	fewest = fewest_alone(calls " 0")
	n = chunks * 128
	good = fewest > 0 && worker(calls " 0", 0, fewest, base_cell)
	for (cpu = 0; cpu < 8; cpu++)
		good = worker(calls " 0-7", cpu, fewest, base_cell) && good
	printf "# %s: %d instructions for %d samples in %d chunks, %.2f each, %.2f of them in loops\n", calls,
		strict[base_cell, 0], n, fewest, strict[base_cell, 0] / n, loops[base_cell, 0] / n
	verdict(good, calls ": one worker and each of eight take the same instructions for a sample")
	if (calls == "null pair") verdict(fewest == chunks, calls ": 128 samples are a chunk")
	# Another object is hot in each.
	if (calls == "kmalloc pair") verdict(fewest == 16, calls ": a sixteenth of the samples is a chunk")
}

# Giving up the CPU between two chunks runs whatever the kernel has put off: what that writes to the struct pages
# (0xffffea... on amd64) of memory that others free is not the worker's.
function kernels(key, line) { return by[key] ~ /^ *stopped$/ && line ~ /^ea/ }

# How many lines of the cells called what one CPU wrote, and another touched.
function shared(what, phase, show,   line, key, part, n) {
	for (key in writers) {
		split(key, part, SUBSEP)
		if (name[part[1]] != what || part[2] != phase || touchers[key] < 2 || kernels(key, part[3])) continue
		n++
		if (show) print "# " what ": line " part[3] ", " touchers[key] " CPUs, written by " writers[key] ":" by[key]
	}
	return n + 0
}

function apart(calls,   n) {
	n = shared(calls " 0-7", "sample", 1)
	verdict(rounds[calls " 0-7"] && !n, calls ": eight workers write to no line in common while they sample")
}

# Lines that are meant to be shared must be seen, or nothing above says much.
function controls(   key, part, all) {
	verdict(shared("null remote 0-7", "sample", 0) >= 32, "remote: each of four segments goes from one CPU to the next")
	for (key in writers) {
		split(key, part, SUBSEP)
		all += name[part[1]] == "null pair 0-7" && part[2] == "other" && writers[key] == 8
	}
	verdict(all == rounds["null pair 0-7"], "the counters of the job are written by eight CPUs, between and after")
}

FNR == NR {
	name[FNR] = $0
	names = FNR
	cell_of[$0, ++rounds[$0]] = FNR
	next
}
{
	for (i = 2; i <= NF; i++) {
		at = index($i, "=")
		v[substr($i, 1, at - 1)] = substr($i, at + 1)
	}
	c = v["cell"]
	last = c
	cpu = v["cpu"]
}
$1 == "end" {
	whole = 1
	next
}
$1 == "chunks" { number[c, cpu] = v["n"] }
$1 == "insns" {
	f = v["function"]
	functions[f]
	insns[c, cpu, f] = v["n"]
	if (!folds(f)) strict[c, cpu] += v["n"]
	if (f ~ /^(null|kmalloc)_/) loops[c, cpu] += v["n"]
}
$1 == "access" {
	key = c SUBSEP v["phase"] SUBSEP v["line"]
	if (!((key, cpu) in touched)) {
		touched[key, cpu]
		touchers[key]++
	}
	if (v["kind"] == "store" && !((key, cpu) in wrote)) {
		wrote[key, cpu]
		writers[key]++
	}
	if (!((key, v["function"]) in known)) {
		known[key, v["function"]]
		by[key] = by[key] " " v["function"]
	}
}
END {
	verdict(whole && last == names, "the plugin saw every cell")
	split("null pair,kmalloc pair,null batch,kmalloc batch,null churn", calls, ",")
	for (i = 1; i in calls; i++) {
		same_cost(calls[i])
		apart(calls[i])
	}
	controls()
}
