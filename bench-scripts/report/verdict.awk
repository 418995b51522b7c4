# SPDX-License-Identifier: GPL-2.0
# verdict.awk - a verdict table as a report reads it, in groups of one change at several sizes:
#
#	awk -f label.awk -f verdict.awk (of ../export) -f groups.awk -f report/verdict.awk VERDICT
#
# Prints the tables verdict (key value), said (note and error as often as there are), rare: paths that are told and not
# judged, judged: the usual cost of each op that both sides have, and groups: those that people see, in the order of
# verdict_order. label is that of the cell that speaks for all.

function put(key, value) {
	print "verdict", key, value
}

function group_row(k,    g) {
	g = group_text(k, "row")
	print "groups", group_text(k, "verdict"), group_text(k, "pattern"), group_text(k, "alloc"), group_text(k, "sizes"), \
		group_text(k, "words"), group_text(k, "op"), group_text(k, "figure"), group_low(k, "base"), group_high(k, "base"), group_low(k, "new"), \
		group_high(k, "new"), group_text(k, "diff"), group_text(k, "percent"), group_text(k, "tolerance"), cell[g, "low"], cell[g, "high"], \
		cell[g, "p"], cell[g, "need"], cell[g, "remark"], group_members(k), cell[g, "label"]
}

# kmalloc 64, and what no other cell of its pattern has.
function judged_row(i,    words) {
	if (cell[i, "figure"] !~ /^(mode|p50)$/ || cell[i, "op"] !~ /^(alloc|free|pair)$/ || cell[i, "base"] == "-" || cell[i, "new"] == "-")
		return
	words = cell[i, "words"] == spoken[cell[i, "pattern"]] ? "" : " " cell[i, "words"]
	print "judged", cell[i, "pattern"], cell[i, "alloc"] " " cell[i, "size"] words, cell[i, "alloc"], bytes_of(cell[i, "size"]), cell[i, "op"], \
		cell[i, "base"], cell[i, "new"], cell[i, "verdict"]
}

function rare_row(i,    f) {
	split(rare[i], f, "\t")
	print "rare", f[4], f[2], f[3], f[5], f[6], f[7]
}

# What could not be judged, by what is missing: each reason once.
function say_unjudged(    i, why, n, count, order, text) {
	for (i = 1; i <= rows; i++) {
		if (cell[i, "verdict"] != "INCONCLUSIVE" || row_twin(i))
			continue
		why = cell[i, "need"] != "-" ? "needs more pairs" : cell[i, "remark"]
		if (!count[why]++)
			order[++n] = why
	}
	for (i = 1; i <= n; i++)
		text = text (i > 1 ? "; " : "Could not be judged: ") order[i] " (" count[order[i]] " figure" (count[order[i]] == 1 ? "" : "s") ")"
	if (n)
		print "said", "why", text "."
}

END {
	if (failed)
		exit 2
	make_groups()
	print "verdict", "key", "value"
	for (key in run)
		put(key, run[key])
	put("spoken", spoken_words())
	n = split(label_patterns, pattern, " ")
	for (i = 1; i <= n; i++)
		print "verdict", "spoken " pattern[i], spoken[pattern[i]]
	print "judged\tpattern\tname\talloc\tbytes\top\tbase\tnew\tverdict"
	for (i = 1; i <= rows; i++)
		judged_row(i)
	print "groups\tverdict\tpattern\talloc\tsizes\twords\top\tfigure\tbase_low\tbase_high\tnew_low\tnew_high\tdiff\tpercent\ttolerance\tlow\thigh\tp\tneed\tremark\tmembers\tlabel"
	for (k = 1; k <= groups; k++)
		group_row(k)
	print "said", "key", "value"
	for (i = 1; i <= errors; i++)
		print "said", "error", error[i]
	for (i = 1; i <= notes; i++)
		print "said", "note", note[i]
	for (i = 1; i <= folds; i++)
		if (fold_name[i] != "twins")
			print "said", "folded", fold_text[i]
	say_unjudged()
	print "rare\tpath\tcell\top\ttaken\tof\tcost"
	for (i = 1; i <= rares; i++)
		rare_row(i)
}
