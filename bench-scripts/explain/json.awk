# SPDX-License-Identifier: GPL-2.0
# explain.json: explain.tsv for programs that read JSON.
#
#	awk -f figure.awk -f table.awk -f json.awk EXPLAIN.TSV
#
# One kernel:
#
#	{"format": "kallocbench-explain 1", "kind": "one", "kernel": RELEASE,
#	 "ops": [{
#	   "label": "kmalloc 64 pair", "plan": 0, "alloc": "kmalloc", "size": 64,
#	   "flags": "GFP_KERNEL", "context": "process", "pattern": "pair",
#	   "round": 0, "op": "alloc",
#	   "n": 1000, "sum": 117000,           samples; instructions of all, net
#	   "mode": [117, 117],                 bounds of the fullest bucket
#	   "functions": [{"name": F, "insns": I, "calls": C}, ...],
#	   "routes": [{"n", "sum", "min", "max", "through": [F, ...],
#	               "functions": [...]}, ...],
#	   "flame": "flame/NAME.svg", "folded": "folded/NAME.folded"}, ...]}
#
# functions are totals over the n samples beside them and add up to the sum
# beside them; the first route is the usual one. Two kernels:
#
#	{"format": "kallocbench-explain 1", "kind": "two",
#	 "base": RELEASE, "new": RELEASE,
#	 "ops": [{... "label" to "op" as above ...,
#	   "mode": {"base": 131, "new": 117, "change": -14, "functions": [
#	      {"name": "old -> new", "base_name": F or "", "new_name": F or "",
#	       "base": 93, "new": 76, "change": -17}, ...]},
#	   "mean": {the same over all samples}, "flame", "folded"}, ...]}

function string(text) {
	gsub(/["\\]/, "\\\\&", text)
	return "\"" text "\""
}

# open NAME BRACKET, closed again by close_to(): commas go before all but the first.
function put(name, value) {
	printf "%s%s%s", (need_comma ? ", " : ""), (name == "" ? "" : string(name) ": "), value
	need_comma = 1
}

function open(name, bracket) {
	put(name, bracket)
	open_brackets[++depth] = bracket
	need_comma = 0
}

function close_to(level) {
	for (; depth > level; depth--) {
		printf "%s", (open_brackets[depth] == "{" ? "}" : "]")
		need_comma = 1
	}
}

function put_numbers(names,    n, name, i) {
	n = split(names, name, " ")
	for (i = 1; i <= n; i++)
		put(name[i], field(name[i]))
}

function put_names(name, names,    n, word, i, level) {
	level = depth
	open(name, "[")
	n = names == "-" ? 0 : split(names, word, " ")
	for (i = 1; i <= n; i++)
		put("", string(word[i]))
	close_to(level)
}

function exact(sum, n) {
	return sprintf(sum % n ? "%.17g" : "%.0f", sum / n)
}

# base, new and change of a row that has sums, over these samples.
function put_change(base_n, new_n) {
	put("base", exact(field("base_sum"), base_n))
	put("new", exact(field("new_sum"), new_n))
	put("change", field("delta") ~ /\./ ? sprintf("%.17g", field("new_sum") / new_n - field("base_sum") / base_n) : \
		field("delta") + 0)
}

# Depths: 1 the whole, 2 ops, 3 an op, 4 its routes or a figure, 5 a route or functions.
function end_op() {
	if (slug == "")
		return
	close_to(3)
	put("flame", string("flame/" slug ".svg"))
	put("folded", string("folded/" slug ".folded"))
	close_to(2)
	printf "\n"
	route = ""
}

# What leads all ops, when the first comes, or none.
function begin(    n, key, i) {
	if (begun++)
		return
	open("", "{")
	put("format", string("kallocbench-explain 1"))
	put("kind", string(about["kind"]))
	n = split(about["kind"] == "one" ? "kernel" : "base new", key, " ")
	for (i = 1; i <= n; i++)
		put(key[i], string(about[key[i]]))
	open("ops", "[")
	printf "\n"
}

$1 == "ops" {
	end_op()
	begin()
	open("", "{")
	put("label", string(field("label")))
	put("plan", field("plan"))
	put("alloc", string(field("alloc")))
	put("size", field("size"))
	put("flags", string(field("flags")))
	put("context", string(field("context")))
	put("pattern", string(field("pattern")))
	put("round", field("round"))
	put("op", string(field("name")))
	slug = field("slug")
	if (about["kind"] == "one") {
		put_numbers("n sum")
		put("mode", "[" field("low") ", " field("high") "]")
		open("routes", "[")
	}
}

$1 == "routes" {
	close_to(4)
	open("", "{")
	put_numbers("n sum min max")
	put_names("through", field("through"))
	open("functions", "[")
}

$1 == "functions" {
	# The first of all samples, after the last of a route.
	if (field("route") == "all" && route != "all") {
		close_to(3)
		open("functions", "[")
	}
	route = field("route")
	open("", "{")
	put("name", string(field("function")))
	put("insns", field("insns"))
	put("calls", field("calls") == "-" ? 0 : field("calls"))
	close_to(depth - 1)
}

$1 == "figures" {
	figure = field("figure")
	base_n = field("base_n")
	new_n = field("new_n")
	if (figure != "mode" && figure != "mean")
		next
	close_to(3)
	open(figure, "{")
	put_change(base_n, new_n)
	open("functions", "[")
}

$1 == "changes" && (figure == "mode" || figure == "mean") {
	base = field("base_name") == "-" ? "" : field("base_name")
	new = field("new_name") == "-" ? "" : field("new_name")
	open("", "{")
	put("name", string(base == "" ? new " (new)" : new == "" ? base " (gone)" : base == new ? new : base " -> " new))
	put("base_name", string(base))
	put("new_name", string(new))
	put_change(base_n, new_n)
	close_to(depth - 1)
}

END {
	begin()
	end_op()
	close_to(0)
	printf "\n"
}
