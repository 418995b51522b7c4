# SPDX-License-Identifier: GPL-2.0
# From the tables of results.awk to what the gates judge: one key per cell and
# op, its rounds merged by adding counts, its place in the design (side, boot).
#
#	awk -f stats.awk -f rows.awk MAP TABLES
#
# MAP:    file side unit        (side A, B or R; unit: a boot or a phase)
# TABLES: results.awk -v table=param,clock,cells,ops,hist
# Prints, tab-separated:
#	cell key label                     the cell's name for people
#	state key side unit state reason fail      once a round; fail: calls that failed
#	sum key op side unit n min max sum calls
#	bucket key op side unit lo hi count
#	clock side khz overhead unit
#	round key op side unit number lo hi count     only with -v per_round=1

BEGIN {
	FS = OFS = "\t"
	# A word of the parameter line is part of a cell's name when it changes
	# what is timed and is not the default.
	split("touch timing calls node depth order mix share bytes", shown_keys, " ")
	default_of["touch"] = "none"
	default_of["timing"] = "op"
	default_of["calls"] = 100
	default_of["node"] = "any"
	default_of["depth"] = 64
	default_of["order"] = "fifo"
	default_of["mix"] = 1
	default_of["share"] = 40
	default_of["bytes"] = "auto"
}

function short_size(bytes,    unit) {
	for (unit = 0; bytes >= 1024 && bytes % 1024 == 0 && unit < 4; unit++)
		bytes /= 1024
	return bytes substr(" KMGT", unit + 1, unit > 0)
}

function cell_label(file,    i, label, key) {
	label = $4 " " short_size($5)
	if ($6 != "GFP_KERNEL")
		label = label " " $6
	if ($8 != "pair")
		label = label " " $8
	if ($7 != "process")
		label = label " " $7
	if ($9 ~ /[,-]/)
		label = label " cpus=" $9
	for (i = 1; i in shown_keys; i++) {
		key = shown_keys[i]
		if (((file, key) in param) && param[file, key] != default_of[key])
			label = label " " key "=" param[file, key]
	}
	return label
}

# Parameter lines are numbered as they are met; a cell is the same cell in
# another boot when its parameter line is the same, whatever the file's name.
function plan_of(file) {
	if (!(line[file] in plan_number))
		plan_number[line[file]] = ++plans
	return plan_number[line[file]]
}

function remember_cell(file,    key, label) {
	plan[file] = plan_of(file)
	key = plan[file] "/" $4 "/" $5 "/" $6 "/" $7 "/" $8 "/" $9
	key_of[file, $3] = key
	if (!(key in label_of)) {
		label = cell_label(file)
		if (label in label_taken)
			label = label " plan=" plan[file]
		label_taken[label] = 1
		label_of[key] = label
		print "cell", key, label
	}
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
}

function add_bucket(file,    at) {
	at = key_of[file, $3] OFS $10 OFS side[file] OFS unit[file]
	if (!((at, $12) in bucket)) {
		bounds[at] = bounds[at] " " $12
		top[at, $12] = $13
	}
	bucket[at, $12] += $14
	if (per_round)
		print "round", at, $9, $12, $13, $14
}

FNR == NR {
	side[$1] = $2
	unit[$1] = $3
	next
}

$2 == "file" { next }
$1 == "param" { param[$2, $3] = $4; line[$2] = line[$2] " " $3 "=" $4 }
$1 == "cells" { remember_cell($2) }
$1 == "ops" && $12 == "-" { add_op($2) }
$1 == "hist" && $11 == "-" { add_bucket($2) }
$1 == "clock" && !((side[$2], $3) in clock) { clock[side[$2], $3] = $4 }

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
	m = split("A B R", sides, " ")
	for (i = 1; i <= m; i++)
		if ((sides[i], "khz") in clock) {
			overhead = ((sides[i], "overhead_p50") in clock) ? clock[sides[i], "overhead_p50"] : clock[sides[i], "overhead"]
			print "clock", sides[i], clock[sides[i], "khz"], overhead, clock[sides[i], "unit"]
		}
}
