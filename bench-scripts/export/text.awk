# SPDX-License-Identifier: GPL-2.0
# The verdict table for a mailing list: at most 72 columns, largest change
# first, what did not change folded into a count unless all=1.

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

function verdict_word(i) {
	if (cell[i, "verdict"] == "REGRESSION")
		return "REGRESSION"
	if (cell[i, "verdict"] == "IMPROVEMENT")
		return "better"
	if (cell[i, "verdict"] == "EQUIVALENT")
		return "~"
	if (cell[i, "verdict"] == "UNGATED")
		return "-"
	return cell[i, "need"] == "-" ? "unclear" : "needs " cell[i, "need"]
}

function op_name(i) {
	return cell[i, "op"] (cell[i, "figure"] == "mode" || cell[i, "figure"] == "p50" ? "" : " " cell[i, "figure"])
}

# A minimum that equals the mode on both sides, with the same verdict.
function says_the_same(i,    j) {
	for (j = 1; j <= rows && cell[i, "figure"] == "min"; j++)
		if (cell[j, "figure"] == "mode" && cell[j, "label"] == cell[i, "label"] && cell[j, "op"] == cell[i, "op"])
			return cell[j, "a"] == cell[i, "a"] && cell[j, "b"] == cell[i, "b"] && cell[j, "verdict"] == cell[i, "verdict"]
	return 0
}

# The last column but one: what the change was held against.
function held_against(i,    x) {
	x = run["lane"] == "insn" ? cell[i, "tolerance"] : cell[i, "p"]
	if (x == "-" || run["lane"] == "insn")
		return x == "-" ? x : sprintf("%d", x)
	x = sprintf("%.3f", x)
	sub(/^0/, "", x)
	return x
}

function print_line(label, op, a, b, change, tol, verdict) {
	sub(/ +$/, "", verdict)
	printf "%-18s %-11s %8s %8s %6s %5s %s\n", label, op, a, b, change, tol, verdict
}

function print_row(i,    label) {
	label = cell[i, "label"]
	if (length(label) > 18) {
		print substr(label, 1, 72)
		label = ""
	}
	if (cell[i, "a"] == "-") {
		print_line(label, op_name(i), "-", "-", "-", "-", verdict_word(i))
		wrap("  " cell[i, "remark"])
		return
	}
	print_line(label, op_name(i), short_number(cell[i, "a"]), short_number(cell[i, "b"]), \
		short_percent(cell[i, "percent"]), held_against(i), verdict_word(i))
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
	wrap("A: " run["a"])
	wrap("B: " run["b"])
	wrap(lane_name() (run["phases"] == "" ? "" : ", " run["phases"] " phases") \
		(run["pairs"] == "" ? "" : ", " run["pairs"] " pairs") ", clock cost " run["clock_overhead"])
	print ""
}

function print_rare(    i, f) {
	for (i = 1; i <= rares && i <= 10; i++) {
		split(rare[i], f, "\t")
		wrap(f[4] " path (not gated): " f[2] " " f[3] ": " f[5] " of " f[6] " samples, about " f[7] " each")
	}
	if (rares > 10)
		print rares - 10 " more such paths in the verdict table"
	if (rares)
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
	print_heading()
	if (rows)
		print_line("cell", "op", "A", "B", "change", run["lane"] == "insn" ? "tol" : "p", "verdict")
	for (i = 1; i <= rows; i++)
		if (!all && row_same(i))
			equal++
		else if (!all && cell[i, "verdict"] == "EQUIVALENT")
			folded++
		else if (all || !says_the_same(i))
			print_row(i)
		else
			twins++
	if (twins)
		print twins " minima that equal the mode are not shown (--all)"
	if (folded)
		print folded " more without a change that counts (--all)"
	if (equal)
		print equal " figures of the same kernel: nothing was compared (--all)"
	if (rows)
		print ""
	print_rare()
	for (i = 1; i <= errors; i++)
		wrap("error: " error[i])
	for (i = 1; i <= notes; i++)
		wrap("note: " note[i])
	print_floors()
	wrap(run["limits"])
	wrap(run["sentence"])
	print "Reproduce: " run["command"]
}
