# SPDX-License-Identifier: GPL-2.0
# The verdict table as GitHub-flavoured markdown, for a job summary.

function bar(text) {
	return replaced(text, "|", "\\|")
}

function range(k, side,    low, high) {
	low = group_low(k, side)
	high = group_high(k, side)
	return low == high ? low : low "-" high
}

function change(k) {
	if (group_low(k, "base") == "-")
		return "-"
	return (run["lane"] == "insn" ? sprintf("%+d, ", group_text(k, "diff")) : "") sprintf("%+.2f%%", group_text(k, "percent"))
}

function print_group(k,    words) {
	words = group_text(k, "words")
	print "| " group_text(k, "verdict") " | " group_text(k, "pattern") " | " group_text(k, "alloc") " " group_text(k, "sizes") \
		bar(words == "" ? "" : " " words) " | " group_text(k, "op") " " group_text(k, "figure") " | " range(k, "base") " | " \
		range(k, "new") " | " change(k) " | " bar(cell[group_text(k, "row"), "remark"]) " |"
}

END {
	if (failed)
		exit 2
	make_groups()
	print "### kallocbench: " run["overall"] "\n"
	print bar(run["sentence"]) "\n"
	print "- base: `" run["base"] "`"
	print "- new: `" run["new"] "`"
	print "- " (run["lane"] == "insn" ? "instruction lane, in instructions" : "time lane, in ns") ", clock cost " run["clock_overhead"]
	if (run["own"] != "")
		print "- the module's own: " run["own"]
	if (spoken_words() != "")
		print "- " bar(spoken_words())
	print "\n| verdict | pattern | cell | op | base | new | change | |"
	print "| --- | --- | --- | --- | ---: | ---: | ---: | --- |"
	for (k = 1; k <= groups; k++)
		print_group(k)
	for (i = 1; i <= folds; i++)
		print "\n" fold_text[i] (fold_name[i] == "hidden" ? " (--filter)." : ".")
	for (i = 1; i <= errors; i++)
		print "\n**error:** " bar(error[i])
	for (i = 1; i <= notes; i++)
		print "\nnote: " bar(note[i])
	print "\n" run["limits"]
	print "\nReproduce: `" run["command"] "`"
}
