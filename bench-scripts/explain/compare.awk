# SPDX-License-Identifier: GPL-2.0
# Where the differences between two kernels went, out of what join.awk prints of each with two=1.
#
#	awk -f figure.awk -f compare.awk -v renames=renames.tsv [-v alike=1] side=base BASE side=new NEW
#
# Prints tables as join.awk does, new's about, ops (in the order of the report: what got worse first; with a verdict, what
# it calls a regression), gate and left_out among them. base_... of ops are base's; like: the number of the op before
# whose functions changed by as much, with alike=1 (other sizes and rounds of one thing). And:
#
# figures   mode (the bucket with the most samples, as compare.sh judges), least (the shortest), mean (of all, rare paths
#           included), source (of mode, with places); base, new, delta: a sample's, whole where they are, else with two
#           decimals; same: the same functions changed as in mode, by as much a sample
# changes   of a figure by function (or by source file and function), and add up to it, what grew first; rank 1 changed
#           most, up or down; note: the dearest source lines in new
# touches   of each metric the median of a sample and the sum of all, base's and new's
# shares    what functions have of those sums, a row for each that has any
# shades    functions of new that changed, over all samples, by their share of the largest change, -1 to 1

BEGIN {
	FS = OFS = "\t"
	while ((getline line < renames) > 0)
		if (line !~ /^#/ && split(line, word, "\t") == 2)
			renamed[word[1]] = word[2]
	nr_figures = split("mode least mean", figure, " ")
}

# canonical NAME: the same for the same function of any kernel: without what compilers add to the name of a part or a copy
# of it, renamed, and without the suffix of allocation functions under the tagging macros from 6.10 on.
function canonical(name,    same, steps) {
	if (name in canonical_of)
		return canonical_of[name]
	same = name
	sub(/(\.(isra|constprop|part|cold|llvm)(\.[0-9]+)?)+$/, "", same)
	# A table in a circle ends, too.
	for (steps = 0; same in renamed && steps < 100; steps++)
		same = renamed[same]
	sub(/_noprof$/, "", same)
	return canonical_of[name] = same
}

# The first line of a table names its columns; both sides have the same ones.
!(($1, 2) in head) {
	for (i = 2; i <= NF; i++) {
		head[$1, i] = $i
		at[$1, $i] = i
	}
	next
}

$2 == head[$1, 2] && $NF == head[$1, NF] {
	next
}

function field(column) {
	return $(at[$1, column])
}

$1 == "about" {
	about[side, field("key")] = field("value")
}

$1 == "ops" {
	n = ++ops[side]
	key = field("slug") SUBSEP field("label")
	if (side == "base")
		base_of[key] = n
	for (i = 2; i <= NF; i++)
		op[side, n, head["ops", i]] = $i
}

$1 == "sums" {
	sum_n[side, field("op"), field("figure")] = field("n") + 0
	sum[side, field("op"), field("figure")] = field("sum") + 0
}

$1 == "parts" {
	k = ++parts[side, field("op"), field("figure")]
	part_name[side, field("op"), field("figure"), k] = field("function")
	part[side, field("op"), field("figure"), k] = field("insns") + 0
}

# By function, for lines move from one kernel to the next.
$1 == "lines" {
	o = field("op")
	name = field("file") " (" field("function") ")"
	if (!((side, o, name) in source)) {
		source[side, o, name] = k = ++parts[side, o, "source"]
		part_name[side, o, "source", k] = name
		sum_n[side, o, "source"] = sum_n[side, o, "mode"]
	}
	part[side, o, "source", source[side, o, name]] += field("insns")
	sum[side, o, "source"] += field("insns")
	if (side == "new" && field("line") != "-" && noted[o, name]++ < 3)
		note[o, name] = note[o, name] (noted[o, name] > 1 ? ", " : "") \
			mean(field("insns"), sum_n[side, o, "mode"]) " at line " field("line")
}

$1 == "gate" && side == "new" {
	k = ++gates[field("op")]
	gate[field("op"), k] = field("sentence")
	if (field("called") == "REGRESSION")
		worse[field("op")] = 1
	judged = 1
}

$1 == "touches" {
	if (!((field("metric")) in metric_seen)) {
		metric_seen[field("metric")] = 1
		metric[++metrics] = field("metric")
	}
	touches[side, field("op"), field("metric")] = field("n") OFS field("median") OFS field("sum")
}

# By the name that both kernels know it by.
$1 == "shares" {
	k = side SUBSEP field("op") SUBSEP field("metric")
	owner[k, ++owners[k]] = field("function")
	owned[k, canonical(field("function"))] += field("sum")
}

$1 == "left_out" && !(field("sentence") in left_out_seen) {
	left_out[++nr_left_out] = field("sentence")
	left_out_seen[field("sentence")] = 1
}

# add_side SIDE OP FIGURE: its functions to f_...[1..nr_functions]; of several parts the dearest, the first, gives the name.
function add_side(side, o, f,    i, name, same, k) {
	for (i = 1; i <= parts[side, o, f]; i++) {
		name = part_name[side, o, f, i]
		same = f == "source" ? name : canonical(name)
		if (!(same in f_number)) {
			k = f_number[same] = ++nr_functions
			f_name["base", k] = f_name["new", k] = "-"
			f_sum["base", k] = f_sum["new", k] = 0
		}
		k = f_number[same]
		if (f_name[side, k] == "-")
			f_name[side, k] = name
		f_sum[side, k] += part[side, o, f, i]
	}
}

# compare BASE-OP NEW-OP FIGURE: f_..., f_order and f_rank; what changed as a text, empty where nothing did.
function compare(b, o, f,    i, k, text) {
	split("", f_number)
	nr_functions = 0
	add_side("base", b, f)
	add_side("new", o, f)
	base_n = sum_n["base", b, f]
	new_n = sum_n["new", o, f]
	for (k = 1; k <= nr_functions; k++) {
		f_delta[k] = delta(f_sum["base", k], base_n, f_sum["new", k], new_n)
		# Equal changes are equal, whatever is lost in a division.
		f_value[k] = f_delta[k] == "0" ? 0 : sprintf("%.9f", f_sum["new", k] / new_n - f_sum["base", k] / base_n) + 0
		sort_text[k] = f_name["base", k] SUBSEP f_name["new", k]
		sort_value[k] = f_value[k] < 0 ? -f_value[k] : f_value[k]
	}
	sort_by(nr_functions)
	for (i = 1; i <= nr_functions; i++)
		f_rank[order[i]] = i
	most = nr_functions ? sort_value[order[1]] : 0
	for (k = 1; k <= nr_functions; k++)
		sort_value[k] = f_value[k]
	sort_by(nr_functions)
	for (i = 1; i <= nr_functions; i++) {
		f_order[i] = order[i]
		if (f_delta[order[i]] != "0")
			text = text sort_text[order[i]] SUBSEP f_value[order[i]] "\n"
	}
	return text
}

# What must agree for two ops to be one thing at another size or in another round.
function thing(o) {
	return op["new", o, "alloc"] SUBSEP op["new", o, "flags"] SUBSEP op["new", o, "context"] SUBSEP \
		op["new", o, "pattern"] SUBSEP op["new", o, "more"] SUBSEP op["new", o, "name"]
}

# Of every op of both: what moved in mode, whom it is like, and its place in the order: 1 for what got worse.
function find_pairs(    o, b, key, value) {
	for (o = 1; o <= ops["new"]; o++) {
		key = op["new", o, "slug"] SUBSEP op["new", o, "label"]
		if (!(key in base_of))
			continue
		b = base_of[key]
		if (!(("base", b, "mode") in sum_n) || !(("new", o, "mode") in sum_n)) {
			left_out[++nr_left_out] = op["new", o, "title"] ": too many lengths to tell the most frequent one apart"
			continue
		}
		pair[++pairs] = o
		moved[o] = compare(b, o, "mode")
		value = sum["new", o, "mode"] / new_n - sum["base", b, "mode"] / base_n
		rank[o] = judged ? 2 - worse[o] : value > 0 ? 1 : value < 0 ? 2 : 3
		like[o] = o
		key = thing(o) SUBSEP moved[o]
		if (alike && moved[o] != "" && key in first) {
			like[o] = first[key]
			if (rank[o] < rank[like[o]])
				rank[like[o]] = rank[o]
		} else
			first[key] = o
	}
}

# Those that are alike follow the first of them.
function order_pairs(    r, i, k) {
	for (r = 1; r <= 3; r++)
		for (i = 1; i <= pairs; i++)
			if (like[pair[i]] == pair[i] && rank[pair[i]] == r)
				for (k = i; k <= pairs; k++)
					if (like[pair[k]] == pair[i]) {
						in_order[++placed] = pair[k]
						number[pair[k]] = placed
					}
}

function print_op(o, b,    i, text, n, name) {
	text = "ops" OFS number[o]
	for (i = 3; ("ops", i) in head; i++)
		text = text OFS op["new", o, head["ops", i]]
	n = split("n sum overhead low high", name, " ")
	for (i = 1; i <= n; i++)
		text = text OFS op["base", b, name[i]]
	print text, (like[o] == o ? "-" : number[like[o]])
	for (i = 1; i <= gates[o]; i++)
		print "gate", number[o], gate[o, i]
}

function print_figure(o, b, f,    text, i, k) {
	if (!(("base", b, f) in sum_n) || !(("new", o, f) in sum_n))
		return
	text = compare(b, o, f)
	print "figures", number[o], f, base_n, sum["base", b, f], new_n, sum["new", o, f], mean(sum["base", b, f], base_n),
		mean(sum["new", o, f], new_n), delta(sum["base", b, f], base_n, sum["new", o, f], new_n),
		(text == moved[o] ? "yes" : "no")
	for (i = 1; i <= nr_functions; i++) {
		k = f_order[i]
		print "changes", number[o], f, f_rank[k], f_name["base", k], f_name["new", k], f_sum["base", k], f_sum["new", k],
			mean(f_sum["base", k], base_n), mean(f_sum["new", k], new_n), f_delta[k],
			(f == "source" && (o, f_name["new", k]) in note ? note[o, f_name["new", k]] : "-")
	}
}

function print_touches(o, b,    i, m) {
	for (i = 1; i <= metrics; i++) {
		m = metric[i]
		if (!(("base", b, m) in touches) || !(("new", o, m) in touches))
			continue
		print "touches", number[o], m, touches["base", b, m], touches["new", o, m]
		print_shares(o, b, m)
	}
}

function print_shares(o, b, m,    base, new, k, same, done) {
	base = "base" SUBSEP b SUBSEP m
	new = "new" SUBSEP o SUBSEP m
	for (k = 1; k <= owners[new] + owners[base]; k++) {
		same = k <= owners[new] ? owner[new, k] : owner[base, k - owners[new]]
		if (done[canonical(same)]++)
			continue
		print "shares", number[o], same, m, owned[base, canonical(same)] + 0, owned[new, canonical(same)] + 0
	}
}

# Of the figure that was compared last.
function print_shades(o, f,    i, k, name) {
	for (i = 1; i <= parts["new", o, f]; i++) {
		name = part_name["new", o, f, i]
		k = f_number[canonical(name)]
		if (f_delta[k] != "0")
			printf "shades\t%s\t%s\t%.6f\n", number[o], name, f_value[k] / most
	}
}

function print_heads(    i, text) {
	print "about", "key", "value"
	text = "ops" OFS "op"
	for (i = 3; ("ops", i) in head; i++)
		text = text OFS head["ops", i]
	print text, "base_n", "base_sum", "base_overhead", "base_low", "base_high", "like"
	print "gate", "op", "sentence"
	print "figures", "op", "figure", "base_n", "base_sum", "new_n", "new_sum", "base", "new", "delta", "same"
	print "changes", "op", "figure", "rank", "base_name", "new_name", "base_sum", "new_sum", "base", "new", "delta", "note"
	print "touches", "op", "metric", "base_n", "base", "base_sum", "new_n", "new", "new_sum"
	print "shares", "op", "function", "metric", "base_sum", "new_sum"
	print "shades", "op", "function", "share"
	print "left_out", "sentence"
}

function kernel(side) {
	return about[side, "kernel"] (about["base", "kernel"] == about["new", "kernel"] ? ", image " about[side, "image"] : "")
}

END {
	print_heads()
	print "about", "kind", "two"
	print "about", "base", kernel("base")
	print "about", "new", kernel("new")
	find_pairs()
	order_pairs()
	for (i = 1; i <= pairs; i++) {
		o = in_order[i]
		b = base_of[op["new", o, "slug"] SUBSEP op["new", o, "label"]]
		print_op(o, b)
		for (j = 1; j <= nr_figures; j++)
			print_figure(o, b, figure[j])
		print_shades(o, "mean")
		print_touches(o, b)
		print_figure(o, b, "source")
	}
	for (i = 1; i <= nr_left_out; i++)
		print "left_out", left_out[i]
}
