# SPDX-License-Identifier: GPL-2.0
# A verdict table with those rows only for which a filter holds; the line `run hidden` says how many do not. What was
# decided of all rows stays as it is.
#
#	awk -f label.awk -f ../lib/filter.awk -f shown.awk -v filter=QUESTION VERDICT
#
# Without a table it only reads the question. Where it cannot: one sentence, and 2.

BEGIN {
	FS = OFS = "\t"
	if (!filter_read("shown", filter, filter_all)) {
		print "--filter: " filter_error > "/dev/stderr"
		exit 2
	}
}

# A path beside the usual one has no figure of both sides.
function rare_wanted(    name) {
	for (name in filter_cell)
		filter_cell[name] = "-"
	filter_label($2, $3, "-")
	return filter_holds("shown")
}

function row_wanted(    i) {
	for (i = 1; i <= columns; i++)
		filter_cell[column[i]] = $(i + 1)
	filter_cell["change"] = filter_cell["base"] == "-" ? "-" : filter_cell["percent"]
	filter_label($2, $3, $4)
	return filter_holds("shown")
}

$1 == "rare" && !rare_wanted() { next }
$1 == "row" && !row_wanted() { hidden++; next }
$1 == "row" { rows++ }
$1 == "end" {
	print "run", "hidden", hidden + 0
	$2 = rows + 0
}
{ print }
