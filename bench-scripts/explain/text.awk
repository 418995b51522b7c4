# SPDX-License-Identifier: GPL-2.0
# explain.txt: one kernel by function, the usual path apart from the rare ones; or two in the layout of the kernel's
# scripts/bloat-o-meter, a table per figure.
#
#	awk -f figure.awk -f table.awk -f text.awk -f touches.awk [-v full=1] EXPLAIN.TSV
#
# Lines of at most 72 columns, but for names that are longer.

BEGIN {
	WIDTH = 72
	# The usual path is printed whole; of a rare one the dearest functions.
	RARE_ROWS = 8
	RARE_ROUTES = 6
	DOORS = 3
	LINES = 24
	# Unchanged functions are counted, not listed; small changes past these too.
	rows_of["mode"] = rows_of["source"] = 24
	rows_of["least"] = rows_of["mean"] = 10
	says["mode"] = "most frequent length"
	says["least"] = "shortest sample"
	says["mean"] = "mean of all samples, rare paths included"
	says["source"] = "most frequent length, by source"
	figures = split("mode least mean", figure_names, " ")
}

# wrap TEXT INDENT FIRST: in lines; the first begins with FIRST, those after it with INDENT.
function wrap(text, indent, first,    word, words, line, i) {
	words = split(text, word, " ")
	line = first word[1]
	for (i = 2; i <= words; i++)
		if (length(line " " word[i]) > WIDTH) {
			print line
			line = indent word[i]
		} else
			line = line " " word[i]
	print line
}

# 1234567 as 1,234,567.
function commas(text,    head, sign) {
	sign = sub(/^-/, "", text) ? "-" : ""
	head = text
	sub(/\..*/, "", head)
	text = substr(text, length(head) + 1)
	for (; length(head) > 3; head = substr(head, 1, length(head) - 3))
		text = "," substr(head, length(head) - 2) text
	return sign head text
}

function whole(value) {
	return commas(sprintf("%.0f", value))
}

function plural(n, word) {
	return whole(n) " " word (n == 1 ? "" : "s")
}

# Percent with one decimal, but never 100.0 or 0.0 by rounding.
function share(part, all,    percent) {
	if (part == all)
		return "100 %"
	percent = 100 * part / all
	return percent < 0.1 ? "< 0.1 %" : percent > 99.9 ? "> 99.9 %" : sprintf("%.1f %%", percent)
}

$1 == "ops" {
	if (about["kind"] == "two" && field("like") != "-") {
		note_alike(field("label") ": " field("name"))
		skip = 1
		next
	}
	print_op()
	skip = 0
	op_columns = split("title label name each n sum overhead high" (about["kind"] == "two" ? " base_high" : ""), name, " ")
	for (i = 1; i <= op_columns; i++)
		op[name[i]] = field(name[i])
}

$1 == "left_out" {
	left_out[++nr_left_out] = field("sentence")
}

skip {
	next
}

$1 == "gate" {
	gate[++gates] = field("sentence")
}

$1 == "lines" {
	source_line[++source_lines] = field("file") (field("line") == "-" ? "" : ":" field("line")) " (" field("function") ")"
	source_sum[source_lines] = field("insns")
}

$1 == "routes" {
	r = field("route")
	routes++
	route[r, "n"] = field("n")
	route[r, "sum"] = field("sum")
	route[r, "min"] = field("min") + 0
	route[r, "max"] = field("max") + 0
	route[r, "through"] = field("through")
	route[r, "interrupted"] = field("interrupted")
	route[r, "functions"] = 0
}

$1 == "functions" && field("route") != "all" {
	r = field("route")
	k = ++route[r, "functions"]
	route[r, k, "name"] = field("function")
	route[r, k, "insns"] = field("insns")
	route[r, k, "calls"] = field("calls")
}

$1 == "figures" {
	f = field("figure")
	n_of[f, "base"] = field("base_n")
	n_of[f, "new"] = field("new_n")
	total[f, "base"] = field("base")
	total[f, "new"] = field("new")
	total[f, "delta"] = field("delta")
	total[f, "base_sum"] = field("base_sum")
	total[f, "new_sum"] = field("new_sum")
	same[f] = field("same")
	changes[f] = 0
}

$1 == "changes" {
	f = field("figure")
	k = ++changes[f]
	change_columns = split("rank base_name new_name base_sum new_sum base new delta note", name, " ")
	for (i = 1; i <= change_columns; i++)
		change[f, k, name[i]] = field(name[i])
}

function lengths(r) {
	return whole(route[r, "min"]) (route[r, "min"] == route[r, "max"] ? "" : " to " whole(route[r, "max"])) " instructions"
}

function print_headline(r,    text, door, doors, i) {
	text = share(route[r, "n"], op["n"]) " of samples (" whole(route[r, "n"]) "): " lengths(r) ", " \
		plural(route[r, "functions"], "function")
	doors = route[r, "through"] == "-" ? 0 : split(route[r, "through"], door, " ")
	if (route[r, "interrupted"] == "no" && (!r || !doors)) {
		wrap(text, "  ")
		return
	}
	wrap(text ",", "  ")
	text = "interrupted or another task between"
	if (route[r, "interrupted"] == "no") {
		text = "through " door[1]
		for (i = 2; i <= doors && i <= DOORS; i++)
			text = text ", " door[i]
		if (doors > DOORS)
			text = text " and " doors - DOORS " more"
	}
	wrap(text, "    ", "  ")
}

function print_part(r, i,    calls) {
	calls = route[r, i, "calls"] == "-" ? "-" : commas(mean(route[r, i, "calls"], route[r, "n"]))
	printf "%12s %8s %8s  %s\n", commas(mean(route[r, i, "insns"], route[r, "n"])), calls,
		share(route[r, i, "insns"], route[r, "sum"]), route[r, i, "name"]
}

function print_route(r,    i, shown, rest) {
	print ""
	print_headline(r)
	printf "%12s %8s %8s  %s\n", "insns", "calls", "share", "function"
	shown = route[r, "functions"]
	if (r && !full && shown > RARE_ROWS + 1)
		shown = RARE_ROWS
	for (i = 1; i <= route[r, "functions"]; i++)
		if (i > shown)
			rest += route[r, i, "insns"]
		else
			print_part(r, i)
	if (shown < route[r, "functions"])
		printf "%12s %8s %8s  %s more\n", commas(mean(rest, route[r, "n"])), "", share(rest, route[r, "sum"]),
			route[r, "functions"] - shown
	printf "%12s %8s %8s  sum\n", commas(mean(route[r, "sum"], route[r, "n"])), "", ""
}

# The routes not shown, in a line.
function print_others(from,    r, n, low, high) {
	low = route[from, "min"]
	for (r = from; r < routes; r++) {
		n += route[r, "n"]
		low = route[r, "min"] < low ? route[r, "min"] : low
		high = route[r, "max"] > high ? route[r, "max"] : high
	}
	print ""
	wrap(share(n, op["n"]) " of samples (" whole(n) "): " whole(low) " to " whole(high) " instructions, on " \
		plural(routes - from, "other path"), "  ")
}

function print_lines(    i, rest) {
	if (!source_lines)
		return
	printf "%12s  source line of %s\n", "insns", op["title"]
	for (i = 1; i <= source_lines; i++)
		if (i > LINES)
			rest += source_sum[i]
		else
			printf "%12s  %s\n", commas(mean(source_sum[i], op["n"])), source_line[i]
	if (source_lines > LINES)
		printf "%12s  %s more\n", commas(mean(rest, op["n"])), source_lines - LINES
	print ""
}

function print_one(    r, shown) {
	wrap(plural(op["n"], op["each"]) ", " whole(op["sum"]) " instructions, all accounted for, the " op["overhead"] \
		" of each clock read taken off, as in the result", "")
	shown = full || routes <= RARE_ROUTES + 1 ? routes : RARE_ROUTES + 1
	for (r = 0; r < shown; r++)
		print_route(r)
	if (shown < routes)
		print_others(shown)
	print ""
	print_touches_one()
	print_lines()
}

# What became of a function: renamed, or not there ("-" in its column says so).
function label(f, k,    base, new) {
	base = change[f, k, "base_name"]
	new = change[f, k, "new_name"]
	return base == "-" || base == new ? new : new == "-" ? base : base " -> " new
}

# A name that takes more than its column has a line of its own.
function print_row(name, base, new, change,    room) {
	room = WIDTH - 3 * (digits + 1)
	if (length(name) > room) {
		print name
		name = ""
	}
	printf row_format, name, base, new, change
}

# Columns of one width, seven digits as in bloat-o-meter or as many as it takes.
function set_digits(f,    k, i, text, texts, wide) {
	digits = 7
	texts = split("base new delta", text, " ")
	for (i = 1; i <= texts; i++)
		for (k = 0; k <= changes[f]; k++) {
			wide = length(k ? change[f, k, text[i]] : total[f, text[i]])
			digits = wide > digits ? wide : digits
		}
	row_format = "%-" (WIDTH - 3 * (digits + 1)) "s %" digits "s %" digits "s %" digits "s\n"
}

# add/remove: functions only one kernel has; grow/shrink: those of both; up/down: the sums of what grew and shrank.
function count_changes(f,    k, kind) {
	count["add"] = count["remove"] = count["grow"] = count["shrink"] = 0
	sum["+", "base"] = sum["+", "new"] = sum["-", "base"] = sum["-", "new"] = 0
	for (k = 1; k <= changes[f]; k++) {
		kind = substr(change[f, k, "delta"], 1, 1)
		if (kind == "0")
			continue
		sum[kind, "base"] += change[f, k, "base_sum"]
		sum[kind, "new"] += change[f, k, "new_sum"]
		if (change[f, k, "base_name"] == "-")
			count["add"]++
		else if (change[f, k, "new_name"] == "-")
			count["remove"]++
		else
			count[kind == "+" ? "grow" : "shrink"]++
	}
	return count["add"] + count["remove"] + count["grow"] + count["shrink"]
}

function print_counts(f,    up, down, all) {
	up = delta(sum["+", "base"], n_of[f, "base"], sum["+", "new"], n_of[f, "new"])
	down = delta(sum["-", "base"], n_of[f, "base"], sum["-", "new"], n_of[f, "new"])
	all = total[f, "delta"]
	sub(/^\+/, "", up)
	sub(/^\+/, "", all)
	sub(/^0$/, "-0", down)
	printf "add/remove: %d/%d grow/shrink: %d/%d up/down: %s/%s (%s)\n", count["add"], count["remove"],
		count["grow"], count["shrink"], up, down, all
}

# What is not listed: the columns add up to the total.
function print_rest(f, left, some,    base, new) {
	base = left["base"]
	new = left["new"]
	print_row("(" plural(left["n"], "function") " " (some ? "with smaller changes or none" : "unchanged") ")",
		mean(base, n_of[f, "base"]), mean(new, n_of[f, "new"]),
		delta(base, n_of[f, "base"], new, n_of[f, "new"]))
}

function print_total(f,    base, new, change) {
	base = total[f, "base_sum"] / n_of[f, "base"]
	new = total[f, "new_sum"] / n_of[f, "new"]
	change = base ? sprintf(", chg %+.2f%%", 100 * (new - base) / base) : ""
	print "Total: base=" total[f, "base"] ", new=" total[f, "new"] change
}

# Of many the largest are listed, but all in one order: what grew first.
function print_changes(f,    k, left, some, limit) {
	limit = full ? changes[f] : rows_of[f]
	print_row(f == "source" ? "Source" : "Function", "base", "new", "delta")
	left["n"] = left["base"] = left["new"] = 0
	for (k = 1; k <= changes[f]; k++)
		if (change[f, k, "delta"] == "0" || change[f, k, "rank"] + 0 > limit) {
			left["n"]++
			left["base"] += change[f, k, "base_sum"]
			left["new"] += change[f, k, "new_sum"]
			some = some || change[f, k, "delta"] != "0"
		} else {
			print_row(label(f, k), change[f, k, "base_name"] == "-" ? "-" : change[f, k, "base"],
				change[f, k, "new_name"] == "-" ? "-" : change[f, k, "new"], change[f, k, "delta"])
			if (change[f, k, "note"] != "-")
				wrap(change[f, k, "note"], "    ", "    ")
		}
	if (left["n"])
		print_rest(f, left, some)
}

# Above 4,096 the result has buckets, and compare.sh takes upper bounds.
function print_bounds(    base, new, up) {
	base = op["base_high"]
	new = op["high"]
	if (total["mode", "base"] == base && total["mode", "new"] == new)
		return
	# What is missing up to the bound, of all samples.
	up["base"] = base * n_of["mode", "base"] - total["mode", "base_sum"]
	up["new"] = new * n_of["mode", "new"] - total["mode", "new_sum"]
	print_row("to the upper bounds of the buckets", delta(0, 1, up["base"], n_of["mode", "base"]),
		delta(0, 1, up["new"], n_of["mode", "new"]),
		delta(up["base"], n_of["mode", "base"], up["new"], n_of["mode", "new"]))
	print_row("as compare.sh takes them", base, new, delta(base, 1, new, 1))
}

function print_figure(f) {
	print says[f]
	set_digits(f)
	if (count_changes(f) || full) {
		print_counts(f)
		print_changes(f)
	} else
		print "none of " plural(changes[f], "function") " changed"
	print_total(f)
}

function print_two(    i, f) {
	for (i = 1; i <= gates; i++)
		wrap(gate[i], "    ")
	for (i = 1; i <= figures; i++) {
		f = figure_names[i]
		if (!(f in same) || (f != "mode" && same[f] == "yes"))
			continue
		if (f != "mode")
			print ""
		print_figure(f)
		if (f == "mode")
			print_bounds()
	}
	print ""
	if (alike != "") {
		wrap("the same functions by as much: " alike, "    ")
		print ""
	}
	print_touches_two()
	if ("source" in same && changes["source"]) {
		print_figure("source")
		print ""
	}
}

# A cell is named once, whatever number of its rounds are alike.
function note_alike(thing) {
	if (thing == op["label"] ": " op["name"] || (thing in told))
		return
	told[thing] = 1
	alike = alike (alike == "" ? "" : ", ") thing
}

function forget() {
	split("", route)
	split("", told)
	split("", change)
	split("", same)
	forget_touches()
	routes = gates = source_lines = 0
	alike = ""
}

function print_op() {
	if (!printed++)
		print_head()
	if (!("title" in op))
		return
	print "== " op["title"]
	if (about["kind"] == "one")
		print_one()
	else
		print_two()
	forget()
}

function print_head() {
	if (about["kind"] == "one")
		print "Instructions between the clock reads, by function: " about["kernel"]
	else {
		print "Instructions between the clock reads, by function"
		print "base: " about["base"]
		print "new:  " about["new"]
	}
	print ""
}

END {
	print_op()
	for (i = 1; i <= nr_left_out; i++)
		wrap("not explained: " left_out[i], "    ")
}
