# SPDX-License-Identifier: GPL-2.0
# costs.awk - what each call costs, and who is cheaper where: the one table that every sentence, picture and page reads.
#
#	awk -f units.awk -f heads.awk -f costs.awk POINTS		(tables about, points and hists of points.awk)
#
# Prints tab-separated tables, each line led by the table's name, in the unit of the lane (instructions, or ns):
#   about   as it came, and boots
#   slices  slice usual plain written: how cells are called, see tables.awk
#   costs   a row for each op of a cell, one with op "cost" for alloc and free of an object together ("-": no median),
#           and one with op "written" where the first write was timed, too.
#           cost low high: p50, p1, p99; for alloc and free together only the cost. least most: the medians of the
#           boots; spread: what these differ by. usual, times: the cost in the plain slice, and this one as its multiple, "~" for the same.
#           ratio, winner: against kmalloc in the same slice; winner is the cheaper one's name, or "same". within: why.
#   hists   slice alloc size op scale buckets: lowest-highest:count, which times the scale are in the unit of the lane

BEGIN {
	split("min p10 p90 p99 p999 max", figure, " ")
}

function slice_here() {
	return at("flags") " " at("context") " " at("pattern") " " at("cpus") " " at("variant")
}

$1 == "about" {
	about["", $2] = $3
	lines[++abouts] = $0
}

$1 == "points" { remember_point(slice_here(), at("alloc"), at("size"), at("op"), at("calls") == "-" ? 1 : at("calls")) }

$1 == "hists" {
	hist[++hists] = slice_here() OFS at("alloc") OFS at("size") OFS at("op")
	hist_calls[hists] = at("calls") == "-" ? 1 : at("calls")
	hist_buckets[hists] = at("buckets")
}

# In the unit of the lane, for one object. Ten digits hold any count of instructions.
function scaled(ticks, calls) {
	return ticks == "-" ? "-" : sprintf("%.10g", ticks / calls * tick(""))
}

function remember_point(slice, alloc, size, op, calls,    cell, i, row) {
	cell = slice SUBSEP alloc SUBSEP size
	if (!(slice in known_slice))
		slice_at[known_slice[slice] = ++slices] = slice
	if (!(alloc in known_alloc)) {
		known_alloc[alloc] = 1
		alloc_at[++allocs] = alloc
	}
	if (!(size in known_size)) {
		known_size[size] = 1
		size_at[++sizes] = size
	}
	if (!(cell in state))
		cell_at[++cells] = cell
	state[cell] = at("state") OFS at("reason")
	objects[cell] = at("objects")
	if (at("boots") > about["", "boots"])
		about["", "boots"] = at("boots")
	if (at("n") == 0)
		return
	op_at[cell, ++ops[cell]] = op
	p50[cell, op] = scaled(at("p50"), calls)
	spread[cell, op] = at("boots") > 1 && at("p50") != "-" ? scaled(at("p50_high") - at("p50_low"), calls) : 0
	if (at("limited") == "yes" && op ~ /^(alloc|free|pair)$/)
		limited[cell] = 1
	for (i = 1; i in figure; i++)
		row = row OFS scaled(at(figure[i]), calls)
	rest[cell, op] = at("n") OFS p50[cell, op] OFS scaled(at("p1"), calls) OFS scaled(at("p99"), calls) row OFS spread[cell, op] OFS \
		scaled(at("p50_low"), calls) OFS scaled(at("p50_high"), calls) OFS at("boots") OFS at("limited")
}

function median(cell, op) {
	return ((cell, op) in p50) ? p50[cell, op] : "-"
}

# Of a pair of calls, "-" where there is none; with the first write besides.
function pair_cost(cell, with_write,    a, f, w) {
	if (median(cell, "pair") != "-")
		return with_write ? "-" : p50[cell, "pair"]
	a = median(cell, "alloc")
	f = median(cell, "free")
	w = with_write ? median(cell, "touch") : 0
	return a == "-" || f == "-" || w == "-" ? "-" : a + f + w
}

function pair_spread(cell) {
	return spread[cell, "pair"] + spread[cell, "alloc"] + spread[cell, "free"] + spread[cell, "touch"]
}

# The slice with most costs of kmalloc and vmalloc; where there are neither, of all.
function best_slice(with_write,    all, i, k, j, n, most, best) {
	all = !("kmalloc" in known_alloc) && !("vmalloc" in known_alloc)
	for (i = 1; i <= slices; i++) {
		n = 0
		for (k = 1; k <= allocs; k++)
			for (j = 1; j <= sizes && (all || alloc_at[k] ~ /^[kv]malloc$/); j++)
				n += pair_cost(slice_at[i] SUBSEP alloc_at[k] SUBSEP size_at[j], with_write) != "-"
		if (n > most) {
			most = n
			best = slice_at[i]
		}
	}
	return best
}

# The same without touch= or depth=, where that was measured: other flags, contexts and patterns seldom have these.
function plain_of(slice,    plain) {
	plain = slice
	sub(/[^ ]*$/, "-", plain)
	return plain in known_slice ? plain : slice
}

function yes(x) {
	return x ? "yes" : "no"
}

# Against the usual way to call, and against kmalloc: usual times ratio winner within.
function judged(cell, cost, with_write,    p, here, way, text) {
	split(cell, p, SUBSEP)
	here = plain SUBSEP p[2] SUBSEP p[3]
	way = pair_cost(here, with_write)
	if (cost == "-")
		return "-\t-\t-\t-\t-"
	if (way == "-" || way <= 0 || here == cell)
		text = way "\t-"
	else
		text = way OFS (same_cost("", cost, way, pair_spread(cell) + pair_spread(here)) == "" ? fine_times(cost / way) : "~")
	here = p[1] SUBSEP "kmalloc" SUBSEP p[3]
	way = pair_cost(here, with_write)
	if (way == "-" || way <= 0 || here == cell)
		return text "\t-\t-\t-"
	here = same_cost("", cost, way, pair_spread(cell) + pair_spread(here))
	return text OFS sprintf("%.10g", cost / way) OFS (here != "" ? "same" : cost < way ? p[2] : "kmalloc") OFS (here == "" ? "-" : here)
}

function print_cell(cell,    name, i, x, dashes) {
	name = cell
	gsub(SUBSEP, OFS, name)
	dashes = "-\t-\t-\t-\t-\t-\t-\t-"
	for (i = 1; i <= ops[cell]; i++)
		print "costs", name, op_at[cell, i], rest[cell, op_at[cell, i]], state[cell], objects[cell], "-\t-\t-\t-\t-"
	for (i = 0; i < 2; i++) {
		x = pair_cost(cell, i)
		if (i == 0 || x != "-")
			print "costs", name, (i ? "written" : "cost"), "-", x, dashes, pair_spread(cell), "-\t-\t-", yes(cell in limited), state[cell], \
				objects[cell], judged(cell, x, i)
	}
}

END {
	usual = best_slice(0)
	if (usual == "")
		usual = slice_at[1]
	plain = plain_of(usual)
	written = best_slice(1)
	print "about\tkey\tvalue"
	for (i = 1; i <= abouts; i++)
		print lines[i]
	print "about\tboots\t" about["", "boots"] + 0
	print "slices\tslice\tusual\tplain\twritten"
	for (i = 1; i <= slices; i++)
		print "slices", slice_at[i], yes(slice_at[i] == usual), yes(slice_at[i] == plain), yes(slice_at[i] == written)
	print "costs\tslice\talloc\tsize\top\tn\tcost\tlow\thigh\tmin\tp10\tp90\tp99\tp999\tmax\tspread\tleast\tmost\tboots\tlimited\tstate\treason\tobjects\tusual\ttimes\tratio\twinner\twithin"
	for (i = 1; i <= cells; i++)
		print_cell(cell_at[i])
	print "hists\tslice\talloc\tsize\top\tscale\tbuckets"
	for (i = 1; i <= hists; i++)
		print "hists", hist[i], scaled(1, hist_calls[i]), hist_buckets[i]
}
