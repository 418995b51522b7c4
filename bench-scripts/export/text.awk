# SPDX-License-Identifier: GPL-2.0
# The verdict table for a mailing list: at most 72 columns, what is worse first,
# what did not change folded into a count unless all=1.

function short_number(x) {
	if (x == "-")
		return "-"
	if (x >= 10000000)
		return sprintf("%.4gM", x / 1000000)
	return x == int(x) || x >= 1000 ? sprintf("%d", x + 0.5) : sprintf("%.1f", x)
}

function short_percent(x) {
	if (x >= 1000)
		return sprintf("x%.0f", 1 + x / 100)
	return x >= 100 || x <= -100 ? sprintf("%+.0f%%", x) : sprintf("%+.1f%%", x)
}

function short_difference(x) {
	if (x > -100000 && x < 100000)
		return sprintf("%+d", x)
	return x > -1000000 && x < 1000000 ? sprintf("%+dK", x / 1000) : sprintf("%+.3gM", x / 1000000)
}

function op_name(k) {
	return group_text(k, "op") (group_text(k, "figure") ~ /^(mode|p50)$/ ? "" : " " group_text(k, "figure"))
}

# Of a group, which may have several.
function figure_text(k, side,    low, high) {
	low = short_number(group_low(k, side))
	high = short_number(group_high(k, side))
	return low == high ? low : low "-" high
}

# The last column: what the change was held against.
function held_against(k,    x) {
	x = run["lane"] == "insn" ? group_text(k, "tolerance") : cell[group_text(k, "row"), "p"]
	if (x == "-" || run["lane"] == "insn")
		return x == "-" ? x : sprintf("%d", x)
	x = sprintf("%.3f", x)
	sub(/^0/, "", x)
	return x
}

function print_line(label, op, a, b, difference, change, against, more,    line) {
	line = sprintf("%-23s %-9s %9s %9s ", label, op, a, b)
	if (length(op) > 9)
		line = sprintf("%-23s %-12s %7s %8s ", label, op, a, b)
	if (run["lane"] == "insn")
		line = line sprintf("%6s ", difference)
	line = line sprintf("%6s %4s %5s", change, against, more)
	sub(/ +$/, "", line)
	print line
}

# The pattern first: it says which path of the kernel is asked about.
function print_group(k,    label, need) {
	label = sprintf("%-6s %s %s", group_text(k, "pattern"), group_text(k, "alloc"), group_text(k, "sizes"))
	if (group_text(k, "words") != "")
		label = label " " group_text(k, "words")
	if (length(label) > 23) {
		print substr(label, 1, 72)
		label = ""
	}
	if (group_low(k, "base") == "-") {
		print_line(label, op_name(k), "-", "-", "-", "-", "-")
		wrap("  " cell[group_text(k, "row"), "remark"])
		return
	}
	need = cell[group_text(k, "row"), "need"]
	print_line(label, op_name(k), figure_text(k, "base"), figure_text(k, "new"), short_difference(group_text(k, "diff")), \
		short_percent(group_text(k, "percent")), held_against(k), need == "-" ? "" : need)
}

function print_groups(    k, verdict) {
	if (!groups)
		return
	print_line("cell", "op", "base", "new", "", "change", run["lane"] == "insn" ? "tol" : "p", \
		run["lane"] == "insn" ? "" : "needs")
	for (k = 1; k <= groups; k++) {
		if (!all && group_text(k, "verdict") != verdict) {
			verdict = group_text(k, "verdict")
			print verdict_title(verdict, shown_with(verdict))
		}
		print_group(k)
	}
}

function print_folded(    i) {
	for (i = 1; i <= folds; i++)
		print fold_text[i] (fold_name[i] == "hidden" ? " (--filter)" : " (--all)")
	if (spoken_words() != "")
		wrap(spoken_words())
	if (rows + run["hidden"])
		print ""
}

# Words that are longer than a line stand on a line of their own.
function wrap(text,    n, i, word, line) {
	n = split(text, word, " ")
	line = text ~ /^  / ? " " : ""
	for (i = 1; i <= n; i++) {
		if (length(line) + length(word[i]) + 1 > 72 && line !~ /^ *$/) {
			print line
			line = " "
		}
		line = line (line == "" ? "" : " ") word[i]
	}
	if (line !~ /^ *$/)
		print line
}

function lane_name() {
	return run["lane"] == "insn" ? "instruction lane, in instructions" : "time lane, in ns"
}

function print_heading() {
	wrap("base: " run["base"])
	wrap("new: " run["new"])
	wrap(lane_name() (run["phases"] == "" ? "" : ", " run["phases"] " phases") \
		(run["pairs"] == "" ? "" : ", " run["pairs"] " pairs") ", clock cost " run["clock_overhead"])
	if (run["vector"] != "")
		print "vectors of " run["vector"] " ops: locked, irq, tlb, serial"
	if (run["own"] != "")
		wrap("the module's own: " run["own"])
	print ""
}

function print_rare(    i) {
	for (i = 1; i <= rares && i <= 10; i++)
		wrap(rare_text(i))
	if (rares > 10)
		print rares - 10 " more such paths in the verdict table"
	if (rares)
		print ""
}

# Those that changed most are first.
function print_touches(    i, k, f, more, best, done, size) {
	if (!touches)
		return
	for (i = 1; i <= touches; i++) {
		split(touch[i], f, "\t")
		size[i] = f[7] < 0 ? -f[7] : f[7]
		more += f[7] > 0
	}
	print "memory touched, not gated (--lines): " more + 0 " more, " touches - more " less"
	for (k = 1; k <= touches && (all || k <= 6); k++) {
		best = 0
		for (i = 1; i <= touches; i++)
			if (!(i in done) && (!best || size[i] > size[best]))
				best = i
		done[best] = 1
		wrap("  " touch_text(best))
	}
	print ""
}

function print_floors(    key) {
	for (key in run)
		if (key ~ /^noise_floor_/)
			print "noise floor (worst A/A estimate) of " substr(key, 13, length(key) - 20) ": " sprintf("%.1f%%", run[key])
}

END {
	if (failed)
		exit 2
	make_groups()
	print_heading()
	print_groups()
	print_folded()
	print_rare()
	print_touches()
	for (i = 1; i <= errors; i++)
		wrap("error: " error[i])
	for (i = 1; i <= notes; i++)
		wrap("note: " note[i])
	print_floors()
	wrap(run["limits"])
	wrap(run["sentence"])
	print "Reproduce: " run["command"]
}
