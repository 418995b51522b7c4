# SPDX-License-Identifier: GPL-2.0
# Joins what the plugin counted (plugin/dump.c) with what the guest measured, and checks it to the instruction: one side
# of explain.
#
#	awk -f ../draw/units.awk -f figure.awk -f measured.awk -f join.awk -v folded=DIR [-v two=1] [-v cells=FILE] [-v places=FILE] \
#		FS='\t' phase=tables TABLES FS='[ =]' phase=names DUMP [phase=vectors VECTOR] phase=counts DUMP
#
# TABLES: results.awk -v table=meta,clock,cells,ops,hist. DUMP twice, for the names stand at its end. cells: only these
# ops, tab-separated under a header with any of alloc size flags context pattern op label ("-" is any); what a verdict
# called them goes along (called.awk). places: what addr2line -a -f says of the addresses.
#
# Prints tables, each line led by the name of its table, the first of each with the names of its columns; "-" is none.
# All instructions are net of the clock read, and whole numbers over n samples.
#
# about     key value: kind (one), kernel, image
# ops       op: number; label, title, slug: for people, and for files; plan: number of the result; name: alloc or free;
#           each: sample or stretch; low, high: bounds of the bucket with the most samples; more: CPUs, words of the plan
# routes    samples by set of functions, the most frequent first, which is the usual one; through: the functions by which
#           it leaves that one, with blanks between; interrupted: other work got in
# functions of a route, or of all samples (route "all"), the dearest first; calls "-" holds the timed region
# touches   with VECTOR (plugin/vector.c): of each metric the median of a sample, and the sum of all n
# shares    what a function has of that sum, where it has any; a line is that of who touched it first, a spin lock that
#           of who called the function that takes it
# lines     with places: by source line, the dearest first
# gate      what a verdict said of an op
# left_out  sentences on what cannot be explained
#
# With two=1, for compare.awk, in place of routes and functions:
# sums      n, sum of mode (the bucket with the most samples, as compare.sh judges), least (the shortest), mean (of all)
# parts     what they are made of
# and lines are those of mode; touches and shares stand there, too.
#
# Writes DIR/SLUG.folded: instructions by chain of functions. Exit: 3 where something does not add up.

BEGIN {
	OFS = "\t"
	present = "none"
	OUTSIDE = "outside vmlinux" SUBSEP "-" SUBSEP "the module"
	print "about", "key", "value"
	print "ops", "op", "label", "title", "slug", "plan", "alloc", "size", "flags", "context", "pattern", "round", "name", "each",
		"n", "sum", "overhead", "low", "high", "more"
	print "gate", "op", "called", "sentence"
	print "lines", "op", "file", "line", "function", "insns"
	if (two) {
		print "sums", "op", "figure", "n", "sum"
		print "parts", "op", "figure", "function", "insns"
	} else {
		print "routes", "op", "route", "n", "sum", "min", "max", "interrupted", "through"
		print "functions", "op", "route", "function", "insns", "calls"
	}
	print "touches", "op", "metric", "n", "median", "sum"
	print "shares", "op", "function", "metric", "sum"
	print "left_out", "sentence"
	read_places()
}

# mm/slub.c of a path from the build machine.
function shorten(file,    n, part, i, at) {
	while ((at = index(file, "/./")))
		file = substr(file, at + 3)
	n = split("/mm/ /include/ /arch/ /kernel/ /lib/", part, " ")
	for (i = 1; i <= n; i++)
		if ((at = index(file, part[i])))
			return substr(file, at + 1)
	return file
}

# Of each address three lines: itself, the (perhaps inlined) function, FILE:LINE.
function read_places(    addr, inlined, where, line) {
	while (places != "" && (getline addr < places) > 0 && (getline inlined < places) > 0 && (getline where < places) > 0) {
		sub(/^0x0*/, "", addr)
		sub(/ \(.*/, "", where)
		line = where
		sub(/.*:/, "", line)
		sub(/:[^:]*$/, "", where)
		if (where !~ /^\?\?/)
			source[addr] = shorten(where) SUBSEP line SUBSEP inlined
	}
}

phase == "vectors" {
	read_vector()
	next
}

FNR == 1 {
	if ($0 != "kallocbench-explain 1")
		refuse(FILENAME ":1: not a dump of the explain plugin")
	if (phase == "counts")
		check_names()
	next
}

# fits PATTERN: of the line after its kind; what does not is no line of ours.
function fits(pattern) {
	if ($0 !~ pattern)
		refuse(FILENAME ":" FNR ": cannot read this line")
	return 1
}

phase == "names" && /^(count|insn) / {
	next
}

phase == "names" && $1 == "error" {
	sub(/^error /, "")
	refuse(FILENAME ":" FNR ": " $0 ": the symbols are not those of this boot")
}

phase == "names" && $1 == "function" && fits("^function id=[0-9]+ addr=[0-9a-f]+ interrupt=[01] name=.") {
	function_name[$3] = $9
	if ($7 == 1)
		interrupts[$9] = 1
}

# A function that the samples only passed on the way has no line.
phase == "names" && $1 == "node" && fits("^node id=[0-9]+ function=[0-9]+ parent=(-|[0-9]+)$") {
	if ($7 != "-" && !($7 in node_name))
		refuse(FILENAME ":" FNR ": cannot read this line")
	node_name[$3] = $5 in function_name ? function_name[$5] : "[unknown]"
	node_parent[$3] = $7
	chain[$3] = ($7 == "-" ? "" : chain[$7] ";") node_name[$3]
}

phase == "names" && $1 == "path" && fits("^path cell=[0-9]+ op=[^ ]+ set=[0-9a-f]+ n=[0-9]+ sum=[0-9]+ min=[0-9]+ max=[0-9]+$") {
	samples += $9
}

phase == "names" && $1 == "end" && fits("^end cells=[0-9]+ samples=[0-9]+ torn=[0-9]+ ") {
	ended = 1
	dump_cells = $3
	dump_samples = $5
	torn = $7
}

# check_names: what can be known before the first count.
function check_names(    extra, key, n, name, i) {
	n = split("meta clock cells ops hist", name, " ")
	for (i = 1; i <= n; i++)
		if (!(("table", name[i]) in at))
			refuse("the results have no table " name[i])
	if (!ended)
		refuse(FILENAME ": cut short: no end line")
	if (torn + 0)
		refuse(FILENAME ": " torn " clock reads out of order")
	if (samples != dump_samples)
		refuse(FILENAME ": the paths do not hold all samples")
	if (!(dump_cells + 0))
		refuse("the plugin met no cell: the symbols are of another boot")
	# The clock's calibration may lead each file, as a cell of its own.
	extra = dump_cells - measured
	if (extra && extra != results)
		refuse("the plugin saw " dump_cells " cells, the results have " measured + 0)
	for (key in in_cell)
		cell_key[cell[key, "number"] + (extra ? 1 + cell[key, "plan"] : 0)] = key
	print "about", "kind", "one"
	print "about", "kernel", ("kernel" in meta ? meta["kernel"] : "-")
	print "about", "image", ("kernel_sha256" in meta ? substr(meta["kernel_sha256"], 1, 12) : "-")
}

# What the plugin counted beside instructions, by cell and op as it numbers and names them.
function read_vector(    key, i) {
	if (FNR == 1 && $0 != "kallocbench-vector 1")
		refuse(FILENAME ":1: no vectors of the plugin")
	if ($1 != "vector" && $1 != "part")
		return
	key = $3 SUBSEP $5
	if ($1 == "part")
		owner[key, ++owners[key]] = $7
	for (i = 8; i < NF; i += 2)
		if ($1 == "vector") {
			metric[key, ++metrics[key]] = $i
			vector[key, $i] = $(i + 1)
		} else {
			owned[key, owners[key], $i] = $(i + 1)
		}
}

# Instructions by function are known better.
function print_touches(o,    key, i, k, x) {
	key = present SUBSEP op[o, "name"]
	for (i = 1; i <= metrics[key]; i++) {
		if (metric[key, i] == "insns")
			continue
		split(vector[key, metric[key, i]], x, ":")
		print "touches", number, metric[key, i], op[o, "n"], x[2], x[4]
		for (k = 1; k <= owners[key]; k++)
			if (owned[key, k, metric[key, i]] + 0)
				print "shares", number, owner[key, k], metric[key, i], owned[key, k, metric[key, i]]
		if (metric[key, i] == "spins")
			print_lock_takers(o)
	}
}

# Who called a function that takes a spin lock (those of plugin/symbols.c), in the order in which they are met.
function print_lock_takers(o,    p, k, n, caller, taken, name) {
	for (p = 1; p <= paths; p++)
		for (k = 1; path_op[p] == op[o, "name"] && k <= path_counts[p]; k++) {
			name = node_name[count_node[p, k]]
			if (name !~ /^(_raw_(spin|read|write)_(try)?lock|rt_spin_(try)?lock)/ || !count_calls[p, k])
				continue
			name = node_name[node_parent[count_node[p, k]]]
			if (!(name in taken))
				caller[++n] = name
			taken[name] += count_calls[p, k]
		}
	for (k = 1; k <= n; k++)
		print "shares", number, caller[k], "spins", taken[caller[k]]
}

phase != "counts" {
	next
}

# The paths of a cell stand together; each is followed by what it is made of.
$1 == "path" {
	check_path()
	if ($3 != present) {
		end_cell()
		present = $3
	}
	p = ++paths
	path_op[p] = $5
	path_set[p] = $7
	path_n[p] = $9 + 0
	path_sum[p] = $11 + 0
	path_min[p] = $13 + 0
	path_max[p] = $15 + 0
	path_counts[p] = path_insns[p] = path_interrupted[p] = left = left_insns = 0
	left = path_sum[p]
}

$1 == "count" && fits("^count node=[0-9]+ insns=[0-9]+ calls=[0-9]+$") {
	if (!($3 in node_name))
		refuse(FILENAME ": node " $3 " is not told")
	k = ++path_counts[p]
	count_node[p, k] = $3
	count_insns[p, k] = $5 + 0
	count_calls[p, k] = $7 + 0
	left -= $5
	if (node_name[$3] in interrupts)
		path_interrupted[p] = 1
}

$1 == "insn" && fits("^insn addr=[0-9a-f]+ n=[0-9]+$") {
	k = ++path_insns[p]
	insn_addr[p, k] = $3
	insn_n[p, k] = $5 + 0
	left_insns += $5
}

function check_path() {
	if (paths && left)
		refuse(FILENAME ": a path's functions do not add up")
	if (paths && path_insns[paths] && left_insns != path_sum[paths])
		refuse(FILENAME ": a path's instructions do not add up")
}

# end_cell: all paths of a cell are there.
function end_cell(    i, n, o) {
	if (present in cell_key) {
		n = split(in_cell[cell_key[present]], o, " ")
		for (i = 1; i <= n; i++)
			end_op(o[i])
	}
	paths = 0
}

# A call that failed is timed as any other, but it is no sample, and the plugin cannot tell the two apart.
function end_op(o) {
	told[o] = 1
	if (op[o, "fail"] != "0") {
		print "left_out", op[o, "label"] ": " op[o, "name"] ": " op[o, "fail"] " allocations failed"
		return
	}
	find_figures(o)
	agree(o)
	if (!is_wanted(o))
		return
	print_op(o)
	print_touches(o)
	if (two)
		print_sums(o)
	else {
		print_routes(o)
		print_parts("functions", "mean", "all")
	}
	print_folded(o)
	print_lines(o)
}

# add_path OP FIGURE PATH: to the sums of a figure, and to those by function.
function add_path(o, f, p,    k, name, own, low, high) {
	low = path_min[p] - op[o, "overhead"]
	high = path_max[p] - op[o, "overhead"]
	if (!(f in fig_n)) {
		fig_n[f] = fig_sum[f] = fig_names[f] = 0
		fig_min[f] = low
		fig_max[f] = high
	}
	fig_min[f] = low < fig_min[f] ? low : fig_min[f]
	fig_max[f] = high > fig_max[f] ? high : fig_max[f]
	fig_n[f] += path_n[p]
	fig_sum[f] += path_sum[p] - op[o, "overhead"] * path_n[p]
	for (k = 1; k <= path_counts[p]; k++) {
		name = node_name[count_node[p, k]]
		own = count_insns[p, k]
		if (node_parent[count_node[p, k]] == "-") {
			own -= op[o, "overhead"] * path_n[p]
			root = name
		}
		if (!((f, name) in insns))
			fig_name[f, ++fig_names[f]] = name
		insns[f, name] += own
		calls[f, name] += count_calls[p, k]
	}
}

# The figures of an op: all samples, the most frequent length, the shortest, and its routes.
function find_figures(o,    p, least, key) {
	split("", fig_n)
	split("", insns)
	split("", calls)
	split("", route_of)
	routes = 0
	least = -1
	for (p = 1; p <= paths; p++)
		if (path_op[p] == op[o, "name"] && (least < 0 || path_min[p] < least))
			least = path_min[p]
	for (p = 1; p <= paths; p++) {
		if (path_op[p] != op[o, "name"])
			continue
		add_path(o, "mean", p)
		if (two && is_mode(o, p))
			add_path(o, "mode", p)
		if (two && path_max[p] == least)
			add_path(o, "least", p)
		# Hardly two interrupts take the same path: all of them are one route.
		key = path_interrupted[p] ? "interrupted" : path_set[p]
		if (!(key in route_of)) {
			route_of[key] = ++routes
			route_set[routes] = path_set[p]
			route_interrupted[routes] = path_interrupted[p]
		}
		path_route[p] = route_of[key]
		if (!two)
			add_path(o, "route" route_of[key], p)
	}
}

# All of a path's samples are in the bucket with the most, by which compare.sh judges.
function is_mode(o, p) {
	return op[o, "low"] <= path_min[p] - op[o, "overhead"] && path_max[p] - op[o, "overhead"] <= op[o, "high"]
}

# The sums by function must be the op's own, to the instruction.
function agree(o,    counted, given) {
	if (op[o, "under"])
		refuse(op[o, "label"] " " op[o, "name"] ": " op[o, "under"] " samples below the clock's cost")
	counted = fig_n["mean"] ", " fig_sum["mean"] ", " fig_min["mean"] ", " fig_max["mean"]
	given = op[o, "n"] ", " op[o, "sum"] ", " op[o, "min"] ", " op[o, "max"]
	if (fig_n["mean"] != op[o, "n"] || fig_sum["mean"] != op[o, "sum"] || fig_min["mean"] != op[o, "min"] || \
		fig_max["mean"] != op[o, "max"])
		refuse(op[o, "label"] " " op[o, "name"] ": counted n, sum, min, max (" counted "), the guest measured (" given ")")
	if (op[o, "in_buckets"] != op[o, "n"])
		refuse(op[o, "title"] ": " op[o, "n"] " samples, " op[o, "in_buckets"] + 0 " in the histogram")
}

function print_op(o,    row) {
	number++
	print "ops", number, op[o, "label"], op[o, "title"], op[o, "slug"], op[o, "plan"], op[o, "alloc"], op[o, "size"],
		op[o, "flags"], op[o, "context"], op[o, "pattern"], op[o, "round"], op[o, "name"], op[o, "each"], op[o, "n"],
		op[o, "sum"], op[o, "overhead"], op[o, "low"], op[o, "high"], (op[o, "more"] == "" ? "-" : op[o, "more"])
	for (row = 1; row <= wanted_rows; row++)
		if ((row, "sentence") in wanted && row_wants(row, o))
			print "gate", number, wanted[row, "called"], wanted[row, "sentence"]
}

# print_parts TABLE FIGURE LABEL: by function, the dearest first; functions have their calls, too.
function print_parts(table, f, label,    i, name) {
	for (i = 1; i <= fig_names[f]; i++) {
		sort_text[i] = fig_name[f, i]
		sort_value[i] = insns[f, sort_text[i]]
	}
	sort_by(fig_names[f])
	for (i = 1; i <= fig_names[f]; i++) {
		name = fig_name[f, order[i]]
		if (table == "parts")
			print table, number, label, name, insns[f, name]
		else
			print table, number, label, name, insns[f, name], (name == root ? "-" : calls[f, name])
	}
}

function print_sums(o,    i, n, f) {
	n = split("mode least mean", f, " ")
	for (i = 1; i <= n; i++)
		if (f[i] in fig_n) {
			print "sums", number, f[i], fig_n[f[i]], fig_sum[f[i]]
			print_parts("parts", f[i], f[i])
		}
}

function print_routes(o,    i, r, by_rank, through) {
	for (i = 1; i <= routes; i++) {
		sort_text[i] = route_set[i]
		sort_value[i] = fig_n["route" i]
	}
	sort_by(routes)
	for (i = 1; i <= routes; i++)
		by_rank[i] = order[i]
	find_doors(o, "route" by_rank[1])
	for (i = 1; i <= routes; i++) {
		r = by_rank[i]
		through = doors_of(r)
		print "routes", number, i - 1, fig_n["route" r], fig_sum["route" r], fig_min["route" r], fig_max["route" r],
			(route_interrupted[r] ? "yes" : "no"), through
		print_parts("functions", "route" r, i - 1)
	}
}

# door NODE USUAL: the first node on the way to it that is in no function of the usual route, "-" where all are.
function door(node, usual) {
	if (!(node in doors))
		doors[node] = node_parent[node] != "-" && door(node_parent[node], usual) != "-" ? doors[node_parent[node]] : \
			(usual, node_name[node]) in insns ? "-" : node
	return doors[node]
}

function find_doors(o, usual,    p, k, r, name, node) {
	split("", doors)
	split("", door_insns)
	split("", nr_doors)
	for (p = 1; p <= paths; p++) {
		if (path_op[p] != op[o, "name"])
			continue
		r = path_route[p]
		for (k = 1; k <= path_counts[p]; k++) {
			node = door(count_node[p, k], usual)
			if (node == "-")
				continue
			name = node_name[node]
			if (!((r, name) in door_insns))
				door_name[r, ++nr_doors[r]] = name
			door_insns[r, name] += count_insns[p, k]
		}
	}
}

function doors_of(r,    i, text) {
	for (i = 1; i <= nr_doors[r]; i++) {
		sort_text[i] = door_name[r, i]
		sort_value[i] = door_insns[r, sort_text[i]]
	}
	sort_by(nr_doors[r] + 0)
	for (i = 1; i <= nr_doors[r]; i++)
		text = text (i > 1 ? " " : "") door_name[r, order[i]]
	return text == "" ? "-" : text
}

# Chains that differ in nothing but the number of a function are one.
function print_folded(o,    p, k, n, node, own, stack, file) {
	split("", stack)
	for (p = 1; p <= paths; p++)
		for (k = 1; path_op[p] == op[o, "name"] && k <= path_counts[p]; k++) {
			node = count_node[p, k]
			own = count_insns[p, k] - (node_parent[node] == "-" ? op[o, "overhead"] * path_n[p] : 0)
			stack[chain[node]] += own
		}
	for (k in stack) {
		sort_text[++n] = k
		sort_value[n] = 0
	}
	sort_by(n)
	file = folded "/" op[o, "slug"] ".folded"
	printf "" >file
	for (k = 1; k <= n; k++)
		if (stack[sort_text[order[k]]])
			print sort_text[order[k]] " " stack[sort_text[order[k]]] >file
	close(file)
}

# The clock is read in the module, and the module is not in vmlinux.
function print_lines(o,    p, k, n, addr, by, place) {
	split("", by)
	for (p = 1; places != "" && p <= paths; p++) {
		if (path_op[p] != op[o, "name"] || (two && !is_mode(o, p)))
			continue
		for (k = 1; k <= path_insns[p]; k++) {
			addr = insn_addr[p, k]
			by[addr in source ? source[addr] : OUTSIDE] += insn_n[p, k]
		}
		if (path_insns[p])
			by[OUTSIDE] -= op[o, "overhead"] * path_n[p]
	}
	for (k in by) {
		sort_text[++n] = k
		sort_value[n] = by[k]
	}
	sort_by(n + 0)
	for (k = 1; k <= n; k++) {
		split(sort_text[order[k]], place, SUBSEP)
		print "lines", number, place[1], place[2], place[3], sort_value[order[k]]
	}
}

END {
	if (failed)
		exit 3
	if (phase != "counts")
		refuse("not a dump of the explain plugin")
	check_path()
	end_cell()
	for (o = 1; o <= ops; o++)
		if (!told[o])
			refuse(op[o, "title"] ": the plugin saw nothing of it")
}
