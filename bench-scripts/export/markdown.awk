# SPDX-License-Identifier: GPL-2.0
# The verdict table as GitHub-flavoured markdown, for a job summary.

function bar(text) {
	return replaced(text, "|", "\\|")
}

END {
	if (failed)
		exit 2
	print "### kallocbench: " run["overall"] "\n"
	print bar(run["sentence"]) "\n"
	print "- A: `" run["a"] "`"
	print "- B: `" run["b"] "`"
	print "- " (run["lane"] == "insn" ? "instruction lane, in instructions" : "time lane, in ns") ", clock cost " run["clock_overhead"] "\n"
	print "| cell | op | A | B | change | verdict | |"
	print "| --- | --- | ---: | ---: | ---: | --- | --- |"
	for (i = 1; i <= rows; i++)
		if (row_same(i) && !all)
			equal++
		else if (all || cell[i, "verdict"] != "EQUIVALENT")
			print "| " bar(cell[i, "label"]) " | " cell[i, "op"] " " cell[i, "figure"] " | " cell[i, "a"] " | " cell[i, "b"] \
				" | " (cell[i, "a"] == "-" ? "-" : sprintf("%+.2f%%", cell[i, "percent"])) " | " cell[i, "verdict"] " | " bar(cell[i, "remark"]) " |"
		else
			folded++
	if (folded)
		print "\n" folded " figures without a change that counts."
	if (equal)
		print "\n" equal " figures of the same kernel: nothing was compared."
	for (i = 1; i <= errors; i++)
		print "\n**error:** " bar(error[i])
	for (i = 1; i <= notes; i++)
		print "\nnote: " bar(note[i])
	print "\n" run["limits"]
	print "\nReproduce: `" run["command"] "`"
}
