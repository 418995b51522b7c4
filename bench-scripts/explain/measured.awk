# SPDX-License-Identifier: GPL-2.0
# What the guest measured: the tables of results.awk, read with phase=tables; and which of its ops are wanted. Loaded
# behind draw/units.awk and before join.awk or vector.awk; me: who asks, explain.sh unless it says so.

BEGIN {
	read_cells()
}

function refuse(why) {
	print (me == "" ? "explain.sh" : me) ": " why > "/dev/stderr"
	failed = 1
	exit 3
}

function read_cells(    line, n, i, column, value) {
	while (cells != "" && (getline line < cells) > 0) {
		n = split(line, value, "\t")
		if (!wanted_columns) {
			wanted_columns = n
			for (i = 1; i <= n; i++)
				column[i] = value[i]
		} else {
			wanted_rows++
			for (i = 1; i <= wanted_columns; i++)
				wanted[wanted_rows, column[i]] = value[i]
		}
	}
}

function matches(row, column, value) {
	return wanted[row, column] == "" || wanted[row, column] == "-" || wanted[row, column] == value
}

function row_wants(row, o) {
	return matches(row, "alloc", op[o, "alloc"]) && matches(row, "flags", op[o, "flags"]) && \
		matches(row, "context", op[o, "context"]) && matches(row, "pattern", op[o, "pattern"]) && \
		matches(row, "op", op[o, "name"]) && matches(row, "label", op[o, "label"]) && \
		(matches(row, "size", op[o, "size"]) || matches(row, "size", short_size(op[o, "size"])))
}

function is_wanted(o,    row) {
	for (row = 1; row <= wanted_rows; row++)
		if (row_wants(row, o))
			return 1
	return cells == ""
}

phase == "tables" {
	if (!(("table", $1) in at)) {
		at["table", $1] = 1
		for (i = 2; i <= NF; i++)
			at[$1, $i] = i
		next
	}
	if ($1 == "meta" && !(field("key") in meta))
		meta[field("key")] = field("value")
	else if ($1 == "clock" && field("key") == "overhead")
		clock[field("file")] = field("value")
	else if ($1 == "cells")
		take_cell(field("file") SUBSEP field("cell"))
	else if ($1 == "ops" && field("cpu") == "-" && count_of("n"))
		take_op(field("file") SUBSEP field("cell"))
	else if ($1 == "hist" && field("cpu") == "-")
		take_bucket(field("file") SUBSEP field("cell") SUBSEP field("op"))
	next
}

# field COLUMN: of this row; optional ones are asked for with `in at`.
function field(column) {
	if (!(($1, column) in at) || at[$1, column] > NF)
		refuse(FILENAME ": a row of " $1 " has no " column)
	return $(at[$1, column])
}

function count_of(column,    value) {
	value = field(column)
	if (value !~ /^[0-9]+$/)
		refuse(FILENAME ": " column " of " $1 " is not a number: " value)
	return value + 0
}

# What names a cell beside its columns: its CPUs, where they are several, and words of the plan.
function more_of(cpus, variant) {
	gsub(/,/, " ", variant)
	return (cpus ~ /[,-]/ ? " cpus=" cpus : "") (variant == "-" ? "" : " " variant)
}

function take_cell(key) {
	if (!(field("file") in plan))
		plan[field("file")] = results++
	cell[key, "alloc"] = field("alloc")
	cell[key, "size"] = count_of("size")
	cell[key, "flags"] = field("flags")
	cell[key, "context"] = field("context")
	cell[key, "pattern"] = field("pattern")
	cell[key, "round"] = count_of("round")
	cell[key, "fail"] = field("fail")
	cell[key, "more"] = more_of(field("cpus"), field("variant"))
	cell[key, "plan"] = plan[field("file")]
	if (field("state") != "skipped")
		cell[key, "number"] = measured++
}

function take_op(key,    o, i, n, name) {
	if (!((key, "number") in cell))
		refuse(FILENAME ": an op of a cell that was not measured")
	o = ++ops
	op_of[key, field("op")] = o
	in_cell[key] = in_cell[key] " " o
	n = split("alloc size flags context pattern round plan more fail", name, " ")
	for (i = 1; i <= n; i++)
		op[o, name[i]] = cell[key, name[i]]
	op[o, "cell"] = key
	op[o, "name"] = field("op")
	n = split("n sum min max under", name, " ")
	for (i = 1; i <= n; i++)
		op[o, name[i]] = count_of(name[i])
	# A stretch has more taken off than the clock's own cost.
	op[o, "overhead"] = clock[field("file")] + 0
	if (("ops", "overhead") in at && field("overhead") != "-")
		op[o, "overhead"] = count_of("overhead")
	op[o, "each"] = "sample"
	if (("ops", "calls") in at && field("calls") !~ /^(-|1)$/)
		op[o, "each"] = "stretch"
	name_op(o)
}

# The label is that of a verdict table, which merges the rounds that the title tells apart.
function name_op(o,    label, slug) {
	label = op[o, "alloc"] " " short_size(op[o, "size"]) " " op[o, "pattern"]
	if (op[o, "flags"] != "GFP_KERNEL")
		label = label " " op[o, "flags"]
	if (op[o, "context"] != "process")
		label = label " " op[o, "context"]
	op[o, "label"] = label op[o, "more"]
	op[o, "title"] = op[o, "label"] (op[o, "round"] ? " round=" op[o, "round"] : "") ": " op[o, "name"]
	slug = op[o, "alloc"] "-" short_size(op[o, "size"]) "-" op[o, "flags"] "-" op[o, "pattern"] "-" op[o, "context"] \
		"-p" op[o, "plan"] "r" op[o, "round"] "-" op[o, "name"]
	gsub(/\|/, "+", slug)
	op[o, "slug"] = slug
}

# The bucket with the most samples, the lowest of equals.
function take_bucket(key,    o, n, low) {
	if (!(key in op_of))
		return
	o = op_of[key]
	n = count_of("count")
	low = count_of("lo")
	op[o, "in_buckets"] += n
	if (n > op[o, "most"] || (n == op[o, "most"] && low < op[o, "low"])) {
		op[o, "most"] = n
		op[o, "low"] = low
		op[o, "high"] = count_of("hi")
	}
}
