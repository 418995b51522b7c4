# SPDX-License-Identifier: GPL-2.0
# live.awk - one frame of collect.sh --live: how far the run is, and the histograms of the cells finished last.
#
#	awk -f results.awk -v table=clock,cells,ops,hist RESULT >TABLES
#	awk -f live.awk -v at=3 -v of=48 -v seconds=12 -v now="allocs=vmalloc ..." [-v width=80] TABLES
#
# TABLES may be empty: before the first cell is done there is only progress.

BEGIN {
	FS = "\t"
	if (!width) width = 80
	rows_wanted = 8
}

$1 == "clock" { clock[$3] = $4 }

# clock, cells and hist lines are led by the table's name and the file.
$1 == "cells" && $2 != "file" {
	name[$3] = sprintf("%s %s %s %s %s", $4, $5, $6, $7, $8)
	if ($11 != "ok") name[$3] = name[$3] "  (" $11 ": " $13 ")"
	last = $3
}

$1 == "ops" && $12 == "-" {
	median[$3, $11] = $16
	tail[$3, $11] = $18
	greatest[$3, $11] = $20
}

$1 == "hist" && $2 != "file" && $11 == "-" {
	key = $3 SUBSEP $10
	if (!(key in buckets)) ops[$3] = ops[$3] " " $10
	n = ++buckets[key]
	lo[key, n] = $12 + 0
	hi[key, n] = $13 + 0
	count[key, n] = $14 + 0
	total[key] += $14
}

function bar(share, wide,    s) {
	while (length(s) < int(share * wide + 0.5)) s = s "#"
	return s
}

# Ticks as a person reads them.
function shown(ticks) {
	if (ticks == "-") return ticks
	if (clock["unit"] == "insn") return ticks ""
	return sprintf("%.0f", ticks * 1000000 / clock["khz"])
}

# The bucket below which a share of the samples lies: where the picture ends.
function end_of(key, share,    i, sum) {
	for (i = 1; i < buckets[key]; i++) {
		sum += count[key, i]
		if (sum >= share * total[key]) break
	}
	return hi[key, i]
}

# Rows of equal width from the least value to the 98th percentile, and one for all above.
function draw(key, op,    i, row, first, top, wide, in_row, most) {
	first = lo[key, 1]
	top = end_of(key, 0.98)
	wide = int((top - first) / rows_wanted) + 1
	for (i = 1; i <= buckets[key]; i++) {
		row = hi[key, i] > top ? rows_wanted : int((lo[key, i] - first) / wide)
		in_row[row] += count[key, i]
		if (in_row[row] > most) most = in_row[row]
	}
	printf "  %s: %d samples, %s: p50 %s, p99 %s, max %s\n", op, total[key],
		clock["unit"] == "insn" ? "instructions" : "ns", shown(median[key]), shown(tail[key]), shown(greatest[key])
	for (row = 0; row <= rows_wanted; row++) {
		if (!in_row[row]) continue
		printf "  %9s%s %s\n", shown(row < rows_wanted ? first + row * wide : top),
			row < rows_wanted ? " " : "+", bar(in_row[row] / most, width - 14)
	}
}

END {
	left = at > 1 ? int(seconds * (of - at + 1) / (at - 1) + 0.5) " s left" : "estimating"
	printf "[%-" (width - 32) "s] %d of %d, %s\n", bar((at - 1) / of, width - 32), at, of, left
	print "now:  " substr(now, 1, width - 6)
	if (last == "") exit
	print "last: " substr(name[last], 1, width - 6)
	n = split(ops[last], op_of, " ")
	for (i = 1; i <= n; i++) draw(last SUBSEP op_of[i], op_of[i])
}
