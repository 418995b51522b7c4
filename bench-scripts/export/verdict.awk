# SPDX-License-Identifier: GPL-2.0
# Reads a verdict table for an exporter, which is loaded behind it and prints
# everything in its END: awk -f label.awk -f verdict.awk -f groups.awk -f NAME.awk VERDICT
#
# run[key]; note[1..notes]; error[1..errors]; row columns as arrays over
# 1..rows; rare[1..rares] and touch[1..touches] as whole lines with their columns.

BEGIN {
	FS = OFS = "\t"
}

NR == 1 && $0 != "kallocbench-verdict 1" {
	print FILENAME ":1: not a verdict table" > "/dev/stderr"
	failed = 1
	exit 2
}
# A table of an earlier day calls base a, and new b.
$1 == "run" { run[$2 == "a" ? "base" : $2 == "b" ? "new" : $2] = $3 }
$1 == "note" { note[++notes] = $2 }
$1 == "error" { error[++errors] = $2 }
$1 == "rare" { rare[++rares] = $0 }
$1 == "touch" { touch[++touches] = $0 }
$1 == "row" {
	rows++
	for (i = 1; i <= columns; i++)
		cell[rows, column[i]] = $(i + 1)
}

# The full name of a row, one word per part: kmalloc 64 alloc mode.
function row_name(i) {
	return cell[i, "label"] " " cell[i, "op"] " " cell[i, "figure"]
}

# The same as an identifier: blanks and what else systems choke on become '-'.
function row_id(i,    name) {
	name = row_name(i)
	gsub(/[^A-Za-z0-9_.=|]+/, "-", name)
	gsub(/[=|]/, "_", name)
	return name
}

# Nothing was compared here: kernel, module and command line are the same on both sides.
function row_same(i) {
	return cell[i, "verdict"] == "UNGATED" && cell[i, "remark"] ~ /^nothing was compared/
}

# The module's own code changed by as much: other compilers, or other flags of the kernel.
function row_own(i) {
	return cell[i, "verdict"] == "UNGATED" && cell[i, "remark"] ~ /^within the .*own code/
}

function row_failed(i) {
	return cell[i, "verdict"] == "REGRESSION"
}

# A count of something else than instructions, from a vector: the figure says of what.
function row_vector(i) {
	return run["lane"] == "insn" && cell[i, "figure"] !~ /^(mode|min)$/
}

# A figure for a chart of new over time, which has no place for a verdict: where
# it was not judged, or the whole run could not be, a gap is better than a wrong
# point. What is the same on both sides is new's cost all the same.
function row_plotted(i) {
	return !errors && !row_vector(i) && cell[i, "new"] != "-" && cell[i, "verdict"] != "INCONCLUSIVE" && (cell[i, "verdict"] != "UNGATED" || row_same(i))
}

# One line of plain words: what changed, by how much, and why it counts.
function row_sentence(i,    text) {
	if (cell[i, "base"] == "-")
		return cell[i, "remark"]
	text = cell[i, "base"] " -> " cell[i, "new"] " " (row_vector(i) ? cell[i, "figure"] : run["unit"]) sprintf(" (%+.2f%%)", cell[i, "percent"])
	if (run["lane"] == "insn")
		text = text ", tolerance " cell[i, "tolerance"]
	else
		text = text ", 95% interval " shown(cell[i, "low"]) " to " shown(cell[i, "high"]) "%, p=" cell[i, "p"]
	return text (cell[i, "remark"] == "-" ? "" : ", " cell[i, "remark"])
}

# A path beside the usual one that only one side takes, or that moved.
function rare_text(i,    f) {
	split(rare[i], f, "\t")
	return f[4] " path (not gated): " f[2] " " f[3] ": " f[5] " of " f[6] " samples, about " f[7] " each"
}

# Lines or bytes of memory that a call touches, and are not gated.
function touch_text(i,    f) {
	split(touch[i], f, "\t")
	return f[2] " " f[3] ": " f[4] " " f[5] " -> " f[6] sprintf(" (%+.1f%%)", f[7])
}

function shown(percent) {
	return percent == "-" ? "?" : sprintf("%+.2f", percent)
}

# Every char of a text by another text. Awks do not agree on what a backslash is
# in a replacement of gsub().
function replaced(text, char, by,    n, part, i, out) {
	n = split(text, part, char)
	out = part[1]
	for (i = 2; i <= n; i++)
		out = out by part[i]
	return out
}

# A JSON string with its quotes; other control characters cannot stand in a
# verdict table, since results.awk refuses them. "&&" is the match twice in each
# awk, see replaced().
function json(text) {
	gsub(/\\/, "&&", text)
	text = replaced(replaced(text, "\"", "\\\""), "\t", "\\t")
	gsub(/[[:cntrl:]]/, " ", text)
	return "\"" text "\""
}

function json_number(x) {
	return x == "-" || x == "" ? "null" : x
}
