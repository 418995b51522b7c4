# SPDX-License-Identifier: GPL-2.0
# The gate of what a call does beside taking instructions: from the vectors of a boot of either side to rows of the verdict.
#
#	awk -f ../draw/units.awk -f label.awk -f stats.awk -f sums.awk -f draws.awk -f vector.awk -v lines=1 MAP JUDGED TABLES
#
# MAP:    file side
# JUDGED: what the gate of the lane said, whose tolerances are those of the lines
# TABLES: results.awk -v table=vector; lines: fail on lines and bytes, too
#
# Every round is a draw, see draws.awk. What is counted whole (locked, irq, tlb, serial) has no tolerance, but for a cell
# that moves from round to round: there all draws of one side must lie above all of the other. Lines and bytes may move as far as the cell's instructions may, in percent.
#
# Prints a row where one of the former changed, its figure named after the metric; lines "touch label op metric base new
# percent tolerance" where one of the latter did, or rows with lines=1; and what was compared as "run vector". The cells
# null, delay and control call no allocator: by what they changed any cell may.

BEGIN {
	FS = OFS = "\t"
	split("locked irq tlb serial", name, " ")
	for (i in name)
		gated[name[i]] = 1
	shown["lines"] = shown["bytes"] = 1
}

FNR == 1 {
	part++
}

part == 1 {
	side[$1] = $2
	next
}

part == 2 {
	if ($1 == "run" && $2 == "same")
		same = $3
	if ($1 == "row" && $4 == "mode" && $9 != "-" && $5 + 0 > 0)
		loose[$2, $3] = $9 / $5
	next
}

FNR == 1 {
	for (i = 1; i <= NF; i++)
		place[$i] = i
	next
}

(at("metric") in gated) || (at("metric") in shown) {
	add_draw(side[at("file")])
}

function at(column) {
	return $(place[column])
}

function add_draw(s,    where) {
	where = cell_here() SUBSEP at("op") SUBSEP at("metric")
	if (!(where in known)) {
		known[where] = 1
		list[++figures] = where
		allocator[where] = at("alloc")
	}
	samples[where, s] += at("n")
	take_draw(where SUBSEP s)
}

function side_figure(where, s) {
	figure[s] = middle_draw(where SUBSEP s)
	low[s] = lowest_draw
	high[s] = highest_draw
}

# The sides have the same evidence of it.
function alike(where) {
	return draws[where, "base"] && draws[where, "base"] == draws[where, "new"] && samples[where, "base"] == samples[where, "new"]
}

# By how much the module's own code changed: own[METRIC].
function note_own(    i, part) {
	for (i = 1; i <= figures; i++) {
		if (allocator[list[i]] !~ /^(null|delay|control)$/ || !alike(list[i]))
			continue
		split(list[i], part, SUBSEP)
		side_figure(list[i], "base")
		side_figure(list[i], "new")
		own[part[3]] = larger(own[part[3]], away(figure["base"], figure["new"]))
	}
}

# What a harmless change may do to lines and bytes of a cell: what it may do to its instructions, and what rounds do.
function tolerance_of(label, op,    most) {
	most = larger(high["base"] - low["base"], high["new"] - low["new"])
	if (most)
		most = larger(most, least_known(figure["base"]))
	if ((label, op) in loose)
		most = larger(most, loose[label, op] * figure["base"])
	return int(most)
}

# All draws of one side above all of the other, or neither has moved.
function apart() {
	return low["new"] > high["base"] || high["new"] < low["base"]
}

function judge(i,    part, change, tolerance) {
	if (!alike(list[i]))
		return
	split(list[i], part, SUBSEP)
	compared[part[1], part[2]] = 1
	side_figure(list[i], "base")
	side_figure(list[i], "new")
	change = away(figure["base"], figure["new"])
	tolerance = own[part[3]] + 0
	if (part[3] in shown)
		tolerance += tolerance_of(part[1], part[2])
	if (!apart() || change <= tolerance)
		return
	if ((part[3] in gated) || lines)
		print_row(part[1], part[2], part[3], tolerance)
	else
		print "touch", part[1], part[2], part[3], figure["base"], figure["new"], sprintf("%.4f", percent(figure["base"], figure["new"])), tolerance
}

# Where kernel and module are the same on both sides, no kernel changed.
function print_row(label, op, metric, tolerance,    row, i, line) {
	row["label"] = label
	row["op"] = op
	row["figure"] = metric
	row["base"] = figure["base"]
	row["new"] = figure["new"]
	row["diff"] = figure["new"] - figure["base"]
	row["percent"] = sprintf("%.4f", percent(figure["base"], figure["new"]))
	row["tolerance"] = tolerance
	row["verdict"] = same != "" ? "INCONCLUSIVE" : figure["new"] > figure["base"] ? "REGRESSION" : "IMPROVEMENT"
	if (same != "")
		row["remark"] = "false alarm: the same kernel, module and command line on both sides"
	line = "row"
	for (i = 1; i <= columns; i++)
		line = line OFS ((column[i] in row) ? row[column[i]] : "-")
	print line
}

END {
	note_own()
	for (i = 1; i <= figures; i++)
		judge(i)
	for (i in compared)
		ops++
	print "run", "vector", ops + 0
}
