# SPDX-License-Identifier: GPL-2.0
# What the gates of both lanes have in common: the cells and what became of
# them, and the rows of the verdict table. Loaded before a gate:
#
#	awk -f label.awk -f stats.awk -f judge.awk -f insn.awk|time.awk|single.awk ROWS
#
# Where a row is judged, `need` and `remark` are set beside its verdict.

BEGIN {
	FS = OFS = "\t"
	# Below this many times the clock's own cost a figure says more about the
	# clock. The cost is taken off: at 3 times it was a quarter of what was
	# timed, and where it is a tenth more in one boot than in another the
	# figure moves by 3 %, more than the default delta. points.awk marks the
	# same figures.
	clock_factor = 3
}

$1 == "cell" { label[$2] = $3; keys[++cells] = $2 }
$1 == "state" { note_state($2, $3, $4, $5, $6, $7) }
$1 == "sum" { sampled[$2, $4] = 1 }
$1 == "batch" { batch_cell[$2] = $3 }

# Once a round. A cell is unusable where a round of any boot is.
function note_state(key, side, unit, state, reason, fail) {
	if (!((side, unit) in unit_seen)) {
		unit_seen[side, unit] = ++units[side]
		unit_name[side, units[side]] = unit
	}
	failures[key, side, unit] += fail
	if (state != "ok" && state != "short")
		unusable[key, side] = state ": " reason
	if (state != "skipped")
		tried[key, side] = 1
	if (state == "short")
		cut_short[key, side] = reason
}

# A key is PLAN/ALLOC/SIZE/FLAGS/CONTEXT/PATTERN/CPUS (rows.awk).
function alloc_of(key,    part) {
	split(key, part, "/")
	return part[2]
}

# They call no allocator: what moves them is the machine, or our own loop.
function is_reference(key) {
	return alloc_of(key) ~ /^(null|delay|control)$/
}

function both_usable(key) {
	return !((key, "base") in unusable) && !((key, "new") in unusable)
}

# same: kernel image, module and command line are those of the other side, and
# the results are equal, unequal, or of other settings. Then nothing is compared
# that could have changed; a change can only be the boot's, or a fault.
function despite_sameness(verdict) {
	if (same == "equal") {
		need = "-"
		remark = "nothing was compared: the same on both sides"
		return "UNGATED"
	}
	if (same == "" || verdict != "REGRESSION" && verdict != "IMPROVEMENT")
		return verdict
	need = "-"
	remark = "false alarm: the same kernel, module and command line on both sides"
	return "INCONCLUSIVE"
}

# Of all boots of the side.
function failed_calls(key, side,    i, sum) {
	sum = 0
	for (i = 1; i <= units[side]; i++)
		sum += failures[key, side, unit_name[side, i]]
	return sum
}

# Calls that failed are not among the samples: where one side has more of them,
# the figures speak of different calls. What new does worse in spite of failing
# more stays called.
function despite_failures(verdict, a, b) {
	if (a == b)
		return verdict
	need = "-"
	remark = b " calls failed in new, " a " in base"
	return verdict == "REGRESSION" && b > a ? verdict : "INCONCLUSIVE"
}

# A cell that ran out of its budget in new only: what it has is no full evidence,
# and a stall does not show in a median.
function despite_budget(verdict, key) {
	if (!((key, "new") in cut_short) || ((key, "base") in cut_short) || verdict == "REGRESSION")
		return verdict
	need = "-"
	remark = "short in new only: " cut_short[key, "new"]
	return "INCONCLUSIVE"
}

function as_percent(ln) {
	return ln == "-" ? "-" : 100 * (exp(ln) - 1)
}

function start_row(row, key, op, figure) {
	row["label"] = label[key]
	row["op"] = op
	row["figure"] = figure
}

# row[COLUMN]; '-' for what is not there.
function print_verdict_row(row,    i, line) {
	line = "row"
	for (i = 1; i <= columns; i++)
		line = line OFS ((column[i] in row) ? row[column[i]] : "-")
	print line
}

function unjudged(key, op, figure, why, verdict,    row) {
	start_row(row, key, op, figure)
	row["percent"] = 0
	row["verdict"] = verdict == "" ? "INCONCLUSIVE" : verdict
	row["remark"] = why
	print_verdict_row(row)
}

# The same cell measured in stretches is judged in its stead.
function clock_unjudged(key, op, figure) {
	if (key in batch_cell)
		unjudged(key, op, figure, "clock-limited: see timing=batch", "UNGATED")
	else
		unjudged(key, op, figure, "clock-limited: add timing=batch")
}

# A cell that ran out of its budget before its first sample.
function empty(key, side) {
	return (key, side) in cut_short && !((key, side) in sampled) && !((key, side) in unusable)
}

# A cell that one side could not run is no cell both sides agree to skip.
function missing_cells(figure,    i, a, b) {
	for (i = 1; i <= cells; i++) {
		if (empty(keys[i], "base") && empty(keys[i], "new"))
			unjudged(keys[i], "-", figure, "no sample: " cut_short[keys[i], "new"])
		a = unusable[keys[i], "base"]
		b = unusable[keys[i], "new"]
		if (a b == "" || !((keys[i], "base") in tried) && !((keys[i], "new") in tried) && a != "" && b != "")
			continue
		unjudged(keys[i], "-", figure, a != "" ? "base " a : "new " b)
	}
}
