# SPDX-License-Identifier: GPL-2.0
# tables.awk - reads the tables of points.awk and costs.awk by the names of their columns, for whoever draws or speaks:
#
#	awk -f units.awk -f heads.awk -f tables.awk -f PROGRAM [set=NAME] COSTS [set=NAME] COSTS...
#
# SET is the name given before the file, or "" for the only one. Of each set:
#   about[SET, KEY], warning[SET, 1..warnings[SET]]
#   slice_at[SET, 1..slices[SET]]: flags context pattern cpus variant, one blank between; usual[SET] is the one people ask
#     about, plain[SET] the same without touch= or depth=, written[SET] the one with the first write
#   alloc_at[SET, 1..allocs[SET]], size_at[SET, 1..sizes[SET]] in order
#   cost(SET, SLICE, ALLOC, SIZE, OP), or "-"; OP is cost for alloc and free together, written with the first write
#     besides, or an op by itself; value(COLUMN, SET, SLICE, ALLOC, SIZE, OP): any column of that row

BEGIN {
	warnings[""] = 0
}

$1 == "about" && $2 == "warning" {
	warning[set, ++warnings[set]] = $3
	next
}

$1 == "about" { about[set, $2] = $3 }

$1 == "slices" {
	slice_at[set, ++slices[set]] = at("slice")
	known[set, at("slice")] = 1
	if (at("usual") == "yes") usual[set] = at("slice")
	if (at("plain") == "yes") plain[set] = at("slice")
	if (at("written") == "yes") written[set] = at("slice")
}

$1 == "costs" {
	key = set SUBSEP at("slice") SUBSEP at("alloc") SUBSEP at("size") SUBSEP at("op")
	cost_of[key] = at("cost")
	line_of[key] = $0
	remember_name(at("alloc"))
	remember_size(at("size") + 0)
	if (at("objects") != "-")
		objects[set, at("alloc")] = at("objects")
}

$1 == "hists" {
	key = set SUBSEP at("slice") SUBSEP at("alloc") SUBSEP at("size") SUBSEP at("op")
	buckets[key] = at("buckets")
	bucket_scale[key] = at("scale")
}

function remember_name(alloc) {
	if (has(set, alloc))
		return
	known_alloc[set, alloc] = 1
	alloc_at[set, ++allocs[set]] = alloc
}

function remember_size(size,    j) {
	if ((set, size) in known_size)
		return
	known_size[set, size] = 1
	for (j = ++sizes[set]; j > 1 && size_at[set, j - 1] > size; j--)
		size_at[set, j] = size_at[set, j - 1]
	size_at[set, j] = size
}

function has(set, alloc) {
	return (set, alloc) in known_alloc
}

function cost(set, slice, alloc, size, op,    key) {
	key = set SUBSEP slice SUBSEP alloc SUBSEP size SUBSEP (op == "" ? "cost" : op)
	return (key in cost_of) ? cost_of[key] : "-"
}

# Any column, "-" where there is no such row. The last row is kept taken apart.
function value(name, set, slice, alloc, size, op,    key) {
	key = set SUBSEP slice SUBSEP alloc SUBSEP size SUBSEP (op == "" ? "cost" : op)
	if (!(key in line_of))
		return "-"
	if (key != part_of)
		split(line_of[key], part, FS)
	part_of = key
	return part[col["costs", name]]
}

# The cell is in the plan, whether it has a cost or not.
function planned(set, slice, alloc, size) {
	return (set, slice, alloc, size, "cost") in cost_of
}

function is_limited(set, slice, alloc, size) {
	return value("limited", set, slice, alloc, size) == "yes"
}

# How often as much as kmalloc; ~ where both cost the same.
function ratio_text(set, slice, alloc, size, op,    ratio) {
	ratio = value("ratio", set, slice, alloc, size, op)
	return ratio == "-" ? ratio : value("winner", set, slice, alloc, size, op) == "same" ? "~" : times(ratio)
}

# Histograms are taken apart when they are looked at: most never are. bin_lo bin_hi bin_n[1..bins], bin_total.
function unpack(key,    i, b, word) {
	bins = split(buckets[key], word, " ")
	bin_total = 0
	for (i = 1; i <= bins; i++) {
		split(word[i], b, /[-:]/)
		bin_lo[i] = b[1] * bucket_scale[key]
		bin_hi[i] = b[2] * bucket_scale[key]
		bin_n[i] = b[3]
		bin_total += b[3]
	}
}

function has_cost(set, slice, alloc,    i) {
	for (i = 1; i <= sizes[set]; i++)
		if (cost(set, slice, alloc, size_at[set, i]) != "-")
			return 1
	return 0
}
