# SPDX-License-Identifier: GPL-2.0
# The instruction lane's gate: no statistics, but phases. Per cell and op the
# mode and the minimum over all phases of A and B are compared. What a figure
# moves by between the phases of one side is its spread, and the tolerance is
# made of that. Where all phases of B lie above all phases of A, B's own spread
# is no excuse: only A's counts then.
#
#	awk -f stats.awk -f rows.awk MAP TABLES |
#	awk -f columns.awk -f stats.awk -f judge.awk -f insn.awk [-v threshold=5|2%] [-v identical=1]
#
# Prints rows of the verdict table (results/README.md) and `rare`
# lines. Means, high percentiles and rare paths are shown, never gated.

BEGIN {
	# With fewer phases on both sides nobody knows what a harmless change of
	# the boot does to this cell.
	min_phases = 3
	# Five phases show a part of the spread there is. With the bare spread, 6 of
	# 20 comparisons of stock 6.12 with itself raised an alarm, by up to 1.25
	# times the spread. A cell that no phase moves keeps the tolerance 0.
	spread_factor = 2
	# Sizes of one allocator whose costs are within a quarter of each other do
	# the same work, and five draws say less than five of each size: a boot
	# leaves vmalloc some tree of free areas, whose depth all small sizes pay
	# alike, and phases of one side may all have drawn a shallow one. So the
	# widest spread among them counts for each that moves at all. Without, 6
	# of 55 comparisons of 6.12 with itself call vmalloc 1K and 4K worse.
	alike = 4
}

$1 == "sum" { note_sum($2 SUBSEP $3, $4, $5, $6, $7) }
$1 == "bucket" { note_bucket($2 SUBSEP $3, $4, $5, $6, $7, $8) }

function note_sum(at, side, unit, count, low) {
	if (!(at in known_op)) {
		known_op[at] = 1
		op_list[++ops] = at
	}
	n[at, side, unit] = count
	least[at, side, unit] = low + 0
}

# The mode is the bucket with the most samples, the lowest of equals.
function note_bucket(at, side, unit, lo, hi, count,    where) {
	where = at SUBSEP side SUBSEP unit
	if (count + 0 > best[where] + 0) {
		best[where] = count
		mode[where] = hi + 0
	}
	where = at SUBSEP side
	if (!((where, lo) in merged)) {
		bound[where, ++bounds[where]] = lo
		top[where, lo] = hi + 0
	}
	merged[where, lo] += count
	taken[where, ++takes[where]] = lo
	taken_by[where, takes[where]] = unit
}

# What is known of one side: in figure[at, side, NAME] the mode and the minimum
# of all phases, of each the range over the phases (low, high) and its spread.
function side_figures(at, side,    i, where, lo, u, phases) {
	where = at SUBSEP side
	for (i = 1; i <= bounds[where]; i++) {
		lo = bound[where, i]
		# Of equals the lowest.
		if (merged[where, lo] > merged[where, "most"] + 0 ||
		    merged[where, lo] == merged[where, "most"] && lo + 0 < figure[where, "mode"]) {
			merged[where, "most"] = merged[where, lo]
			figure[where, "mode"] = top[where, lo]
			figure[where, "width"] = top[where, lo] - lo
		}
	}
	for (i = 1; i <= units[side]; i++) {
		u = at SUBSEP side SUBSEP unit_name[side, i]
		if (!(u in mode))
			continue
		widen(where, "mode", mode[u], !phases)
		widen(where, "min", least[u], !phases)
		phases++
	}
	figure[where, "phases"] = phases + 0
	figure[where, "min"] = low[where, "min"]
}

function widen(where, name, value, first) {
	if (first || value < low[where, name]) low[where, name] = value
	if (first || value > high[where, name]) high[where, name] = value
	spread[where, name] = high[where, name] - low[where, name]
}

# The cell without its size: what its neighbours have in common with it.
function family_of(at,    part, word) {
	split(at, part, SUBSEP)
	split(part[1], word, "/")
	return word[2] SUBSEP word[4] SUBSEP word[5] SUBSEP word[6] SUBSEP word[7] SUBSEP part[2]
}

# The widest spread of one side among cells that do the same work; 0 where this
# one does not move at all.
function shared_spread(at, side, name,    family, i, other, cost, theirs, widest) {
	widest = spread[at, side, name]
	cost = figure[at, side, "mode"]
	family = family_of(at)
	for (i = 1; widest && i <= members[family]; i++) {
		other = member[family, i]
		theirs = figure[other, side, "mode"]
		if (theirs >= cost - cost / alike && theirs <= cost + cost / alike)
			widest = larger(widest, spread[other, side, name])
	}
	return widest
}

# What one side says a harmless change of the boot may do. The minimum moves no
# less than the usual cost does.
function harmless(at, side, name,    tolerance) {
	tolerance = larger(spread_factor * spread[at, side, "mode"], shared_spread(at, side, "mode"))
	# A bucket wider than one instruction cannot tell its neighbours apart.
	if (name == "mode")
		return larger(tolerance, figure[at, side, "width"] ? figure[at, side, "width"] + 1 : 0)
	return larger(tolerance, larger(spread_factor * spread[at, side, "min"], shared_spread(at, side, "min")))
}

# Where every phase of one side lies above every phase of the other, by more
# than the lower side moves, the upper one cannot excuse that by moving itself.
function tolerance_of(at, name,    a, b) {
	a = harmless(at, "A", name)
	b = harmless(at, "B", name)
	if (low[at, "B", name] - high[at, "A", name] > a)
		return a
	if (low[at, "A", name] - high[at, "B", name] > b)
		return b
	return larger(a, b)
}

function larger(x, y) {
	return x > y ? x : y
}

# --threshold: instructions, or a share of A in percent.
function loosened(tolerance, a) {
	if (threshold ~ /%$/)
		return larger(tolerance, a * substr(threshold, 1, length(threshold) - 1) / 100)
	return larger(tolerance, threshold + 0)
}

function percent(a, b) {
	return a > 0 ? 100 * (b - a) / a : (b > a ? 100 : 0)
}

function judge(a, b, tolerance, most_phases) {
	remark = "-"
	if (b - a <= tolerance && a - b <= tolerance)
		return "EQUIVALENT"
	if (identical) {
		remark = "identical kernel, module and command line: no change can be called"
		return "EQUIVALENT"
	}
	if (most_phases < min_phases && threshold == "") {
		remark = "needs " min_phases " phases of one side"
		return "INCONCLUSIVE"
	}
	return b > a ? "REGRESSION" : "IMPROVEMENT"
}

# The spread of too few phases is no tolerance, and is not printed as one.
function print_row(at, name,    part, a, b, tolerance, most_phases, row) {
	split(at, part, SUBSEP)
	a = figure[at, "A", name]
	b = figure[at, "B", name]
	most_phases = larger(figure[at, "A", "phases"], figure[at, "B", "phases"])
	tolerance = loosened(tolerance_of(at, name), a)
	start_row(row, part[1], part[2], name)
	row["a"] = a
	row["b"] = b
	row["diff"] = b - a
	row["percent"] = sprintf("%.4f", percent(a, b))
	if (most_phases >= min_phases || threshold != "")
		row["tolerance"] = sprintf("%.10g", tolerance)
	row["verdict"] = judge(a, b, tolerance, most_phases)
	row["remark"] = remark
	print_verdict_row(row)
}

function compare_op(at,    part, failed) {
	split(at, part, SUBSEP)
	if (!both_usable(part[1]))
		return
	if (!figure[at, "A", "phases"] || !figure[at, "B", "phases"])
		return unjudged(part[1], part[2], "mode", "no samples in " (figure[at, "A", "phases"] ? "B" : "A"))
	# What fails is no sample: the rest speaks of another kind of call.
	failed = failed_calls(part[1], "B")
	if (failed && !failed_calls(part[1], "A"))
		return unjudged(part[1], part[2], "mode", failed " allocations failed in B, none in A")
	print_row(at, "mode")
	print_row(at, "min")
	rare_paths(at, "A", "B", "vanished")
	rare_paths(at, "B", "A", "new")
}

# A path is a quarter of an octave wide here: a refill, a purge and a tick lie
# far apart, one path's own scatter does not.
function path_of(value) {
	return int(4 * log(value + 1) / log(2))
}

# Paths away from the mode that every phase of `side` took and no phase of
# `other` took: by count and mean cost.
function rare_paths(at, side, other, what,    i, u, p, where, part, usual, seen_there, phase_count, count, cost, total, seen) {
	where = at SUBSEP side
	usual = path_of(figure[where, "mode"])
	for (i = 1; i <= bounds[at, other]; i++)
		seen_there[path_of(bound[at, other, i])] = 1
	for (i = 1; i <= bounds[where]; i++) {
		u = bound[where, i]
		p = path_of(u)
		total += merged[where, u]
		count[p] += merged[where, u]
		cost[p] += merged[where, u] * top[where, u]
	}
	for (i = 1; i <= takes[where]; i++) {
		u = taken_by[where, i]
		p = path_of(taken[where, i])
		if (!((p, u) in seen))
			phase_count[p]++
		seen[p, u] = 1
	}
	split(at, part, SUBSEP)
	for (p in count) {
		if (phase_count[p] < units[side] || p - usual <= 1 && usual - p <= 1)
			continue
		if ((p in seen_there) || ((p - 1) in seen_there) || ((p + 1) in seen_there))
			continue
		print "rare", label[part[1]], part[2], what, count[p], total, sprintf("%.0f", cost[p] / count[p])
	}
}

END {
	for (i = 1; i <= ops; i++) {
		side_figures(op_list[i], "A")
		side_figures(op_list[i], "B")
		family = family_of(op_list[i])
		member[family, ++members[family]] = op_list[i]
	}
	for (i = 1; i <= ops; i++)
		compare_op(op_list[i])
	missing_cells("mode")
}
