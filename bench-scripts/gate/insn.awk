# SPDX-License-Identifier: GPL-2.0
# The instruction lane's gate: no statistics, but phases. Per cell and op the
# mode and the minimum over all phases of A and B are compared; twice the way
# a figure moves between the phases of one side is its tolerance.
#
#	awk -f stats.awk -f rows.awk MAP TABLES | awk -f insn.awk [-v threshold=5|2%] [-v identical=1]
#
# Prints rows of the verdict table (results/README.md) and `rare`
# lines. Means, high percentiles and rare paths are shown, never gated.

BEGIN {
	FS = OFS = "\t"
	# With fewer phases on both sides nobody knows what a harmless change of
	# the boot does to this cell.
	min_phases = 3
	# Five phases show a part of the spread there is. With the bare spread, 6 of
	# 20 comparisons of stock 6.12 with itself raised an alarm, by up to 1.25
	# times the spread. A cell that no phase moves keeps the tolerance 0.
	spread_factor = 2
}

$1 == "cell" { label[$2] = $3; keys[++cells] = $2 }
$1 == "state" { note_state($2, $3, $4, $5, $6) }
$1 == "sum" { note_sum($2 SUBSEP $3, $4, $5, $6, $7) }
$1 == "bucket" { note_bucket($2 SUBSEP $3, $4, $5, $6, $7, $8) }

function note_state(key, side, unit, state, reason) {
	if (!((side, unit) in unit_seen)) {
		unit_seen[side, unit] = ++units[side]
		unit_name[side, units[side]] = unit
	}
	if (state != "ok" && state != "short")
		state_of[key, side] = state ": " reason
}

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
	seen_in[where, lo]++
}

# Sets merged_mode, mode_width, merged_min and the two spreads of one side.
function side_figures(at, side,    i, where, lo, u, m, low_mode, high_mode, high_min, count) {
	where = at SUBSEP side
	count = 0
	for (i = 1; i <= bounds[where]; i++) {
		lo = bound[where, i]
		if (merged[where, lo] > count || merged[where, lo] == count && lo + 0 < merged_mode) {
			count = merged[where, lo]
			merged_mode = top[where, lo]
			mode_width = top[where, lo] - lo
		}
	}
	phases = 0
	for (i = 1; i <= units[side]; i++) {
		u = at SUBSEP side SUBSEP unit_name[side, i]
		if (!(u in mode))
			continue
		m = mode[u]
		if (!phases++) {
			low_mode = high_mode = m
			merged_min = high_min = least[u]
		}
		if (m < low_mode) low_mode = m
		if (m > high_mode) high_mode = m
		if (least[u] < merged_min) merged_min = least[u]
		if (least[u] > high_min) high_min = least[u]
	}
	mode_spread = phases ? high_mode - low_mode : 0
	min_spread = phases ? high_min - merged_min : 0
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
function print_row(at, figure, a, b, tolerance, most_phases,    part, verdict, known) {
	split(at, part, SUBSEP)
	tolerance = loosened(tolerance, a)
	verdict = judge(a, b, tolerance, most_phases)
	known = most_phases >= min_phases || threshold != ""
	print "row", label[part[1]], part[2], figure, a, b, b - a, sprintf("%.4f", percent(a, b)), \
		(known ? sprintf("%.10g", tolerance) : "-"), "-", "-", "-", verdict, "-", remark
}

function print_unjudged(at, why,    part) {
	split(at, part, SUBSEP)
	print "row", label[part[1]], part[2], "mode", "-", "-", "-", 0, "-", "-", "-", "-", "INCONCLUSIVE", "-", why
}

# The figures of A are kept aside: side_figures() works on one side at a time.
function compare_op(at,    a_mode, a_min, a_width, a_spread, a_min_spread, a_phases, tolerance, wide) {
	side_figures(at, "A")
	a_phases = phases
	if (!a_phases)
		return print_unjudged(at, "no samples in A")
	a_mode = merged_mode; a_min = merged_min; a_width = mode_width
	a_spread = mode_spread; a_min_spread = min_spread
	side_figures(at, "B")
	if (!phases)
		return print_unjudged(at, "no samples in B")
	tolerance = spread_factor * larger(a_spread, mode_spread)
	# A bucket wider than one instruction cannot tell its neighbours apart.
	wide = larger(a_width, mode_width)
	print_row(at, "mode", a_mode, merged_mode, larger(tolerance, wide ? wide + 1 : 0), larger(a_phases, phases))
	print_row(at, "min", a_min, merged_min, larger(tolerance, spread_factor * larger(a_min_spread, min_spread)), larger(a_phases, phases))
	rare_paths(at, "A", "B", "vanished", a_mode)
	rare_paths(at, "B", "A", "new", merged_mode)
}

# A path is a quarter of an octave wide here: a refill, a purge and a tick lie
# far apart, one path's own scatter does not.
function path_of(value) {
	return int(4 * log(value + 1) / log(2))
}

# Paths away from the mode that every phase of `side` took and no phase of
# `other` took: by count and mean cost.
function rare_paths(at, side, other, what, usual,    i, lo, p, where, part, phase_count, count, cost, total, seen_there) {
	where = at SUBSEP side
	for (i = 1; i <= bounds[where]; i++) {
		lo = bound[where, i]
		total += merged[where, lo]
		p = path_of(lo)
		count[p] += merged[where, lo]
		cost[p] += merged[where, lo] * top[where, lo]
		if (seen_in[where, lo] > phase_count[p])
			phase_count[p] = seen_in[where, lo]
	}
	for (i = 1; i <= bounds[at, other]; i++)
		seen_there[path_of(bound[at, other, i])] = 1
	split(at, part, SUBSEP)
	for (p in count) {
		if (phase_count[p] < units[side] || p - path_of(usual) <= 1 && path_of(usual) - p <= 1)
			continue
		if ((p in seen_there) || ((p - 1) in seen_there) || ((p + 1) in seen_there))
			continue
		if (count[p] * 20 <= total)
			print "rare", label[part[1]], part[2], what, count[p], total, sprintf("%.0f", cost[p] / count[p])
	}
}

# A cell that one side could not run is no cell both sides agree to skip.
function missing_cells(    i, key, a, b) {
	for (i = 1; i <= cells; i++) {
		key = keys[i]
		a = state_of[key, "A"]
		b = state_of[key, "B"]
		if (a != "" && b != "" && a ~ /^skipped/ && b ~ /^skipped/)
			continue
		if (a != "" || b != "")
			print_unjudged(key SUBSEP "-", a != "" ? "A " a : "B " b)
	}
}

END {
	for (i = 1; i <= ops; i++) {
		split(op_list[i], part, SUBSEP)
		if (!((part[1], "A") in state_of) && !((part[1], "B") in state_of))
			compare_op(op_list[i])
	}
	missing_cells()
}
