# SPDX-License-Identifier: GPL-2.0
# From the tables of results.awk to what the gates judge: one key per cell and
# op, its rounds merged by adding counts, its place in the design (side, boot).
#
#	awk -f ../draw/units.awk -f stats.awk -f rows.awk MAP TABLES
#
# MAP:    file side unit        (side base, new or aa; unit: a boot or a phase)
# TABLES: results.awk -v table=param,clock,cells,ops,hists[,counter]
# Prints, tab-separated:
#	cell key label                     the cell's name for people
#	state key side unit state reason fail      once a round; fail: calls that failed
#	sum key op side unit n min max sum calls
#	bucket key op side unit lo hi count
#	clock side unit khz overhead clock-unit       once a boot
#	count key op side unit name median            a call, of a hardware counter
#	batch key key                      a cell, and the same measured in stretches
#	round key op side unit number lo hi count     only with -v per_round=1
#	least key op side unit number min             only with -v per_round=1

BEGIN {
	FS = OFS = "\t"
}

# Parameter lines are numbered as they are met; a cell is the same cell in
# another boot when its parameter line is the same, whatever the file's name.
function plan_of(file) {
	if (!(line[file] in plan_number))
		plan_number[line[file]] = ++plans
	return plan_number[line[file]]
}

# What a cell and the same cell measured in stretches of calls have in common:
# all but the timing and the length of a stretch.
function remember_stem(key,    i, word, stem) {
	if (key in stem_of)
		return
	stem = $4 OFS $5 OFS $6 OFS $7 OFS $8 OFS $9
	split($15, word, ",")
	for (i = 1; i in word; i++)
		if (word[i] !~ /^(timing|calls)=|^-$/)
			stem = stem OFS word[i]
	stem_of[key] = stem
	keys[++key_count] = key
	if ($15 ~ /(^|,)timing=batch(,|$)/)
		batch_of[stem] = key
}

function remember_cell(file,    key, label) {
	plan[file] = plan_of(file)
	key = plan[file] "/" $4 "/" $5 "/" $6 "/" $7 "/" $8 "/" $9
	key_of[file, $3] = key
	if (!(key in label_of)) {
		label = cell_label($4, $5, $6, $7, $8, $9, $15)
		if (label in label_taken)
			label = label " plan=" plan[file]
		label_taken[label] = 1
		label_of[key] = label
		print "cell", key, label
	}
	remember_stem(key)
	print "state", key, side[file], unit[file], $11, $13, $12
}

# Column numbers are those of results.awk behind the table's name.
function add_op(file,    at) {
	at = key_of[file, $3] OFS $11 OFS side[file] OFS unit[file]
	if ($13 + 0 == 0)
		return
	if (!(at in n)) {
		order[++groups] = at
		low[at] = $15
	}
	n[at] += $13
	sum[at] += $14
	if ($15 + 0 < low[at] + 0)
		low[at] = $15
	if ($20 + 0 > high[at] + 0)
		high[at] = $20
	calls[at] = $22 == "-" ? 1 : $22
	if (per_round)
		print "least", at, $10, $15
}

function add_buckets(file,    at, n, i, word, b) {
	at = key_of[file, $3] OFS $10 OFS side[file] OFS unit[file]
	n = split($12, word, " ")
	for (i = 1; i <= n; i++) {
		split(word[i], b, /[-:]/)
		if (!((at, b[1]) in bucket)) {
			bounds[at] = bounds[at] " " b[1]
			top[at, b[1]] = b[2]
		}
		bucket[at, b[1]] += b[3]
		if (per_round)
			print "round", at, $9, b[1], b[2], b[3]
	}
}

# Every boot calibrates its clock anew; its first file speaks for it.
function remember_clock(at) {
	if ((at, $3) in clock)
		return
	if ($3 == "khz")
		clock_at[++clocks] = at
	clock[at, $3] = $4
}

FNR == NR {
	side[$1] = $2
	unit[$1] = $3
	next
}

$2 == "file" { next }
$1 == "param" { line[$2] = line[$2] " " $3 "=" $4 }
$1 == "cells" { remember_cell($2) }
$1 == "ops" && $12 == "-" { add_op($2) }
$1 == "hists" && $11 == "-" { add_buckets($2) }
$1 == "counter" && $17 != "-" { print "count", key_of[$2, $3], $11, side[$2], unit[$2], $13, $17 / $19 }
$1 == "clock" { remember_clock(side[$2] OFS unit[$2]) }

END {
	for (i = 1; i <= groups; i++) {
		at = order[i]
		print "sum", at, n[at], low[at], high[at], sum[at], calls[at]
		m = split(bounds[at], bound, " ")
		# Buckets come in order within a round only.
		sort_numbers(bound, m)
		for (j = 1; j <= m; j++)
			print "bucket", at, bound[j], top[at, bound[j]], bucket[at, bound[j]]
	}
	for (i = 1; i <= clocks; i++) {
		at = clock_at[i]
		overhead = ((at, "overhead_p50") in clock) ? clock[at, "overhead_p50"] : clock[at, "overhead"]
		print "clock", at, clock[at, "khz"], overhead, clock[at, "unit"]
	}
	for (i = 1; i <= key_count; i++)
		if ((stem_of[keys[i]] in batch_of) && batch_of[stem_of[keys[i]]] != keys[i])
			print "batch", keys[i], batch_of[stem_of[keys[i]]]
}
