# SPDX-License-Identifier: GPL-2.0
# The instruction lane's gate: no statistics, but phases and rounds. Every round
# of every boot is a draw: its mode is what the call usually cost then. Per cell
# and op the median over the draws is compared, of their modes and of their
# minima. How far harmless changes move them is asked of the draws of either
# side; that is the tolerance. Where all draws of one side lie above all of the
# other, the upper side's own movement is no excuse.
#
#	awk -f ../draw/units.awk -f stats.awk -f rows.awk -v per_round=1 MAP TABLES |
#	awk -f label.awk -f filter.awk -f stats.awk -f tolerance.awk -f judge.awk -f insn.awk [-v threshold=5|2%] [-v same=equal|unequal|other]
#
# The cells null, delay and control call no allocator: what changes there is the
# module's own code, built by another compiler or with other flags of the kernel.
# As much may change in any cell, and is not judged.
#
# With few phases nobody knows how far a cell moves: beyond the most that is ever
# excused it is a change all the same, within that it is not called.
#
# Prints rows of the verdict table (results/README.md) and `rare` lines, which are
# shown and never gated. Means and high percentiles follow the rare paths.

BEGIN {
	# With fewer phases on both sides nobody knows what a harmless change of
	# the boot does to this cell.
	min_phases = 3
	# Five phases show a part of the spread there is. With the bare spread, 6 of
	# 20 comparisons of stock 6.12 with itself raised an alarm, by up to 1.25
	# times the spread. A cell that no phase moves keeps the tolerance 0.
	spread_factor = 2
	# What one side moves by excuses a rise of at most this share of the lower
	# side: of 1,722 comparisons of 6.12 with itself where the lower side did
	# not move at all, none rose by more than 9.9 %.
	most_excused = 0.25
}

$1 == "sum" { note_sum($2 SUBSEP $3, $4, $6) }
$1 == "bucket" { note_bucket($2 SUBSEP $3, $4, $5, $6, $7, $8) }
$1 == "round" { note_round($2 SUBSEP $3, $4, $5, $6, $7, $8, $9) }
$1 == "least" { least[$2, $3, $4, $5, $6] = $7 + 0 }

function note_sum(at, side, count) {
	if (!(at in known_op)) {
		known_op[at] = 1
		op_list[++ops] = at
	}
	samples[at, side] += count
}

function note_bucket(at, side, unit, lo, hi, count,    where) {
	where = at SUBSEP side
	if (!((where, lo) in merged)) {
		bound[where, ++bounds[where]] = lo
		top[where, lo] = hi + 0
	}
	merged[where, lo] += count
	taken[where, ++takes[where]] = lo
	taken_by[where, takes[where]] = unit
}

# The mode is the bucket with the most samples, the lowest of equals.
function note_round(at, side, unit, number, lo, hi, count,    where, draw) {
	where = at SUBSEP side SUBSEP unit
	draw = where SUBSEP number
	if (!(draw in most))
		round_of[where, ++rounds[where]] = draw
	if (count + 0 > most[draw] || count + 0 == most[draw] && hi + 0 < mode[draw]) {
		most[draw] = count + 0
		mode[draw] = hi + 0
		width[draw] = hi - lo
	}
}

# What is known of one side: figure[at, side, NAME], and how far it moves.
function side_figures(at, side,    where, i, j, n, m, u, here, modes, lows, low_here, boots, boot_lows) {
	where = at SUBSEP side
	for (i = 1; i <= units[side]; i++) {
		u = at SUBSEP side SUBSEP unit_name[side, i]
		if (!(u in rounds))
			continue
		m = 0
		for (j = 1; j <= rounds[u]; j++) {
			n++
			modes[n] = here[++m] = mode[round_of[u, j]]
			lows[n] = low_here[m] = least[round_of[u, j]]
			figure[where, "width"] = larger(figure[where, "width"], width[round_of[u, j]])
		}
		boots[++figure[where, "phases"]] = middle(here, m)
		boot_lows[figure[where, "phases"]] = middle(low_here, m)
	}
	if (!n)
		return
	figure[where, "draws"] = n
	figure[where, "mode"] = middle(modes, n)
	figure[where, "min"] = middle(lows, n)
	movement(where, "mode", modes, n, boots)
	movement(where, "min", lows, n, boot_lows)
}

# The lower of two in the middle: a median that some draw had. Sorts x.
function middle(x, n) {
	sort_numbers(x, n)
	return x[int((n + 1) / 2)]
}

# How far a figure moves by itself: twice as far as between boots, or as far as
# eight tenths of the draws do, whichever is more. The draws are sorted.
function movement(where, name, draws, n, boots,    phases, tail) {
	phases = figure[where, "phases"]
	sort_numbers(boots, phases)
	low[where, name] = draws[1]
	high[where, name] = draws[n]
	tail = int((n + 5) / 10)
	moves[where, name] = larger(spread_factor * (boots[phases] - boots[1]), draws[n - tail] - draws[1 + tail])
}

# What one side says a harmless change of the boot may do. The minimum moves no
# less than the usual cost does; a bucket wider than one instruction cannot tell
# its neighbours apart.
function harmless(at, side, name,    where, tolerance) {
	where = at SUBSEP side
	tolerance = moves[where, "mode"]
	if (name == "min")
		tolerance = larger(tolerance, moves[where, "min"])
	if (tolerance)
		tolerance = larger(tolerance, int(least_known(figure[where, name])))
	return name == "mode" && figure[where, "width"] ? larger(tolerance, figure[where, "width"] + 1) : tolerance
}

# The lower side speaks for itself; the upper one may have moved up by itself,
# but not where every draw of it lies above every draw of the lower one.
function tolerance_of(at, name,    lower, upper, own) {
	lower = figure[at, "base", name] <= figure[at, "new", name] ? "base" : "new"
	upper = lower == "base" ? "new" : "base"
	own = harmless(at, lower, name)
	if (low[at, upper, name] - high[at, lower, name] > own)
		return own
	return larger(own, smaller(harmless(at, upper, name), int(most_excused * figure[at, lower, name])))
}

# Sets own_change, the most that a figure of the reference cells changed, and says by how much their usual costs did.
function note_own_change(    i, at, part, text, who) {
	for (i = 1; i <= ops; i++) {
		at = op_list[i]
		split(at, part, SUBSEP)
		if (!is_reference(part[1]) || !figure[at, "base", "phases"] || !figure[at, "new", "phases"])
			continue
		own_change = larger(own_change, away(figure[at, "base", "mode"], figure[at, "new", "mode"]))
		own_change = larger(own_change, away(figure[at, "base", "min"], figure[at, "new", "min"]))
		text = text (part[1] == who ? "" : (text == "" ? "" : ",") " " alloc_of(part[1])) \
			sprintf(" %s %+d", part[2], figure[at, "new", "mode"] - figure[at, "base", "mode"])
		who = part[1]
	}
	if (text != "")
		print "run", "own", substr(text, 2)
}

# bound: of --threshold, or of the suite: instructions, or a share of base in percent.
function loosened(tolerance, a, bound) {
	if (bound ~ /%$/)
		return larger(tolerance, a * substr(bound, 1, length(bound) - 1) / 100)
	return larger(tolerance, bound + 0)
}

function judge(a, b, tolerance, few) {
	remark = "-"
	if (same != "")
		return judge_same(away(a, b), tolerance)
	if (own_change && away(a, b) <= own_change) {
		remark = "within the " own_change " by which the module's own code changed"
		return "UNGATED"
	}
	if (away(a, b) <= tolerance)
		return "EQUIVALENT"
	if (few && away(a, b) <= most_excused * smaller(a, b)) {
		remark = sprintf("up to %d%% may be the boot: needs %d phases of one side", 100 * most_excused, min_phases)
		return "INCONCLUSIVE"
	}
	return b > a ? "REGRESSION" : "IMPROVEMENT"
}

# Under other settings the same kernel may cost what those settings move, not more.
function judge_same(moved, tolerance) {
	if (!moved || same == "other" && moved <= tolerance) {
		remark = "nothing was compared: the same on both sides"
		return "UNGATED"
	}
	remark = same == "unequal" ? "nondeterministic: the same kernel, module and settings on both sides" : \
		"the same kernel and module on both sides: settings of the boot move it"
	return "INCONCLUSIVE"
}

# The spread of too few phases is no tolerance, and is not printed as one; what is called without them is beyond the
# most that is ever excused.
function print_row(at, name,    part, a, b, bound, tolerance, few, row) {
	split(at, part, SUBSEP)
	a = figure[at, "base", name]
	b = figure[at, "new", name]
	bound = tolerance_for(label[part[1]], part[2], name, threshold)
	few = larger(figure[at, "base", "phases"], figure[at, "new", "phases"]) < min_phases && bound == ""
	tolerance = loosened(tolerance_of(at, name), a, bound) + own_change
	start_row(row, part[1], part[2], name)
	row["base"] = a
	row["new"] = b
	row["diff"] = b - a
	row["percent"] = sprintf("%.4f", percent(a, b))
	row["verdict"] = despite_budget(judge(a, b, tolerance, few), part[1])
	row["remark"] = remark
	if (few)
		tolerance = larger(tolerance, most_excused * smaller(a, b))
	if (!few || row["verdict"] ~ /REGRESSION|IMPROVEMENT/)
		row["tolerance"] = sprintf("%.10g", tolerance)
	print_verdict_row(row)
	if (!few && row["verdict"] ~ /REGRESSION|IMPROVEMENT/ && tolerance > own_change && figure[at, "base", "draws"] == figure[at, "base", "phases"])
		one_round++
}

# Of all calls of the cell, in percent.
function failed_share(at, key, side,    failed) {
	failed = failed_calls(key, side)
	return failed ? 100 * failed / (failed + samples[at, side]) : 0
}

# Why the two sides do not have the same evidence of an operation, or "".
function lopsided(at, key,    side, i) {
	for (i = 1; i <= 2; i++) {
		side = i == 1 ? "base" : "new"
		if (!figure[at, side, "phases"])
			return "no samples in " side
		if (figure[at, side, "phases"] < units[side])
			return "no samples in " units[side] - figure[at, side, "phases"] " of " units[side] " phases of " side
	}
	# What fails is no sample: the rest speaks of another kind of call.
	if (failed_calls(key, "new") && (!failed_calls(key, "base") || failed_share(at, key, "new") > failed_share(at, key, "base") + 1))
		return failed_calls(key, "new") " allocations failed in new, " failed_calls(key, "base") " in base"
	return ""
}

function compare_op(at,    part, why) {
	split(at, part, SUBSEP)
	if (!both_usable(part[1]))
		return
	why = lopsided(at, part[1])
	if (why != "")
		return unjudged(part[1], part[2], "mode", why)
	print_row(at, "mode")
	print_row(at, "min")
	rare_paths(at, "base", "new", "vanished")
	rare_paths(at, "new", "base", "new")
	near_paths(at, "base", "new")
	near_paths(at, "new", "base")
	print_near(at)
}

# Costs beside the usual one that one side has in a twentieth of its samples or
# more and the other never: a branch that half of the calls take moves no median.
function near_paths(at, side, other,    i, where, u, usual, far) {
	where = at SUBSEP side
	usual = figure[where, "mode"]
	far = larger(harmless(at, side, "mode"), harmless(at, other, "mode"))
	near_count[side] = 0
	for (i = 1; i <= bounds[where]; i++) {
		u = bound[where, i]
		if (merged[where, u] * 20 >= samples[at, side] && away(path_of(u), path_of(usual)) <= 1 && \
		    away(top[where, u], usual) > far && away(top[where, u], figure[at, other, "mode"]) > far && \
		    !((at, other, u) in merged))
			near[side, ++near_count[side]] = u
	}
}

# A cost of one side and one of the other next to it, about as often, are one path that moved: neither vanished nor new.
function print_near(at,    i, k, part, a, b) {
	split(at, part, SUBSEP)
	for (k = 1; k <= near_count["new"]; k++) {
		b = near["new", k]
		for (i = 1; i <= near_count["base"]; i++) {
			a = near["base", i]
			if (a != "" && away(path_of(a), path_of(b)) <= 1 && like(merged[at, "base", a] / samples[at, "base"], merged[at, "new", b] / samples[at, "new"]))
				break
		}
		if (i <= near_count["base"]) {
			a = top[at, "new", b] - top[at, "base", near["base", i]]
			near["base", i] = ""
		}
		print "rare", label[part[1]], part[2], (i <= near_count["base"] ? sprintf("moved (%+d)", a) : "new"), merged[at, "new", b], \
			samples[at, "new"], top[at, "new", b]
	}
	for (i = 1; i <= near_count["base"]; i++)
		if (near["base", i] != "")
			print "rare", label[part[1]], part[2], "vanished", merged[at, "base", near["base", i]], samples[at, "base"], top[at, "base", near["base", i]]
}

function like(x, y) {
	return x <= 2 * y && y <= 2 * x
}

# A path is a quarter of an octave wide here: a refill, a purge and a tick lie
# far apart, one path's own scatter does not.
function path_of(value) {
	return int(4 * log(value + 1) / log(2))
}

# Paths away from the mode that every phase of `side` took and no phase of
# `other` took: by count and mean cost.
function rare_paths(at, side, other, what,    i, u, p, where, part, usual, seen_there, phase_count, count, cost, seen) {
	where = at SUBSEP side
	usual = path_of(figure[where, "mode"])
	for (i = 1; i <= bounds[at, other]; i++)
		seen_there[path_of(bound[at, other, i])] = 1
	for (i = 1; i <= bounds[where]; i++) {
		u = bound[where, i]
		p = path_of(u)
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
		print "rare", label[part[1]], part[2], what, count[p], samples[at, side], sprintf("%.0f", cost[p] / count[p])
	}
}

END {
	for (i = 1; i <= ops; i++) {
		side_figures(op_list[i], "base")
		side_figures(op_list[i], "new")
	}
	note_own_change()
	for (i = 1; i <= ops; i++)
		compare_op(op_list[i])
	missing_cells("mode")
	if (one_round)
		print "note", one_round " figures that move by themselves were called on one round a boot: rounds=5 would say how far they move"
}
