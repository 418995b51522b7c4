# SPDX-License-Identifier: GPL-2.0
# What the plugin counted beside instructions (plugin/vector.c) as lines of the results it belongs to.
#
#	awk -f ../draw/units.awk -f measured.awk -f vector.awk FS='\t' phase=tables TABLES FS=' ' phase=vector VECTOR
#
# TABLES: results.awk -v table=meta,clock,cells,ops. Prints FILE TAB LINE for each op that was measured, but those of
# cells where an allocation failed: such a call is timed and no sample, and the plugin cannot tell. Instructions are net of
# the clock's cost, as in the result, and must be those of the result: n, least, most and sum. Exit: 3 where one is not.

phase != "vector" {
	next
}

FNR == 1 {
	if ($0 != "kallocbench-vector 1")
		refuse(FILENAME ":1: no vectors of the plugin")
	next
}

$1 == "error" {
	sub(/^error /, "")
	refuse(FILENAME ": " $0 ": the symbols are not those of this boot")
}

$1 == "vector" {
	line[++lines] = $0
}

$1 == "end" {
	ended = 1
	for (i = 2; i <= NF; i++) {
		split($i, word, "=")
		end[word[1]] = word[2]
	}
}

# The clock's calibration may lead each file, as a cell of its own.
function number_cells(    extra, key) {
	if (!ended)
		refuse(FILENAME ": cut short: no end line")
	if (end["torn"] + 0)
		refuse(FILENAME ": " end["torn"] " clock reads out of order")
	extra = end["cells"] - measured
	if (extra && extra != results)
		refuse("the plugin saw " end["cells"] " cells, the results have " measured + 0)
	for (key in in_cell)
		cell_key[cell[key, "number"] + (extra ? 1 + cell[key, "plan"] : 0)] = key
}

# value_of WORD: behind its =.
function value_of(word) {
	return substr(word, index(word, "=") + 1)
}

function place(text,    word, n, i, key, part, o) {
	n = split(text, word, " ")
	key = cell_key[value_of(word[2])]
	if (key == "" || !((key, value_of(word[3])) in op_of))
		return
	o = op_of[key, value_of(word[3])]
	told[o] = 1
	if (op[o, "fail"] != "0")
		return
	split(key, part, SUBSEP)
	text = "vector cell=" part[2] " op=" op[o, "name"] " " word[4]
	for (i = 5; i <= n; i++)
		text = text " " (word[i] ~ /^insns=/ ? "insns=" net(o, value_of(word[i]), value_of(word[4])) : word[i])
	print part[1] "\t" text
}

# Least, median, most and sum without the clock's own, which the result must say, too.
function net(o, insns, n,    x, counted, given) {
	split(insns, x, ":")
	counted = n ", " x[4] - n * op[o, "overhead"] ", " x[1] - op[o, "overhead"] ", " x[3] - op[o, "overhead"]
	given = op[o, "n"] ", " op[o, "sum"] ", " op[o, "min"] ", " op[o, "max"]
	if (counted != given || op[o, "under"] + 0)
		refuse(op[o, "title"] ": counted n, sum, min, max (" counted "), the guest measured (" given ")")
	return x[1] - op[o, "overhead"] ":" x[2] - op[o, "overhead"] ":" x[3] - op[o, "overhead"] ":" \
		sprintf("%.0f", x[4] - n * op[o, "overhead"])
}

END {
	if (failed)
		exit 3
	number_cells()
	for (i = 1; i <= lines; i++)
		place(line[i])
	for (o = 1; o <= ops; o++)
		if (!told[o])
			refuse(op[o, "title"] ": the plugin counted no sample")
}
