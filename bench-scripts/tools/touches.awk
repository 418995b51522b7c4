# SPDX-License-Identifier: GPL-2.0
# Vectors of several results side by side.
#
#	awk -f ../draw/units.awk -f ../gate/stats.awk -f ../lib/sums.awk -f ../lib/draws.awk -f touches.awk -v metrics=NAME,... TABLE
#
# TABLE: results.awk -v table=vector of several files.

BEGIN {
	FS = "\t"
	wanted = split(metrics, metric, ",")
}

FNR == 1 {
	for (i = 1; i <= NF; i++)
		place[$i] = i
	next
}

{
	if (!(at("file") in number))
		number[at("file")] = ++files
	op = cell_here() "\t" at("op")
	if (!(op in known)) {
		known[op] = 1
		list[++ops] = op
	}
	take_draw(op SUBSEP at("metric") SUBSEP number[at("file")])
	metric_known[at("metric")] = 1
}

function at(column) {
	return $(place[column])
}

# Of one metric, all files; empty where one lacks it.
function across(op, name,    i, text) {
	for (i = 1; i <= files; i++) {
		if (!draws[op, name, i])
			return ""
		text = text (i > 1 ? "->" : "") middle_draw(op SUBSEP name SUBSEP i)
	}
	return text
}

function make_row(op,    i, text, part, n) {
	split(op, part, "\t")
	sub(/ pair$/, "", part[1])
	cells[++rows, 0] = part[1] " " part[2]
	for (i = 1; i <= wanted; i++) {
		cells[rows, i] = across(op, metric[i])
		if (cells[rows, i] == "")
			return rows--
		note_width(i, cells[rows, i])
	}
	note_width(0, cells[rows, 0])
}

function note_width(i, text) {
	if (length(text) > width[i])
		width[i] = length(text)
}

function print_row(row,    i, line) {
	line = sprintf("%-" width[0] "s", row ? cells[row, 0] : "op")
	for (i = 1; i <= wanted; i++)
		line = line sprintf("  %" width[i] "s", row ? cells[row, i] : metric[i])
	print line
}

END {
	for (i = 1; i <= wanted; i++) {
		if (!(metric[i] in metric_known)) {
			print "touches.sh: no metric is called '" metric[i] "' in these results" > "/dev/stderr"
			exit 2
		}
		note_width(i, metric[i])
	}
	for (i = 1; i <= ops; i++)
		make_row(list[i])
	for (i = 0; i <= rows; i++)
		print_row(i)
}
