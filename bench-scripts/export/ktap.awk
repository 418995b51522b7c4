# SPDX-License-Identifier: GPL-2.0
# KTAP version 1 (Documentation/dev-tools/ktap.rst): a test per figure. What
# could not be judged is no pass: it is reported as not ok.

# '#' would start a directive.
function description(text) {
	gsub(/#/, " ", text)
	return text
}

END {
	if (failed)
		exit 2
	print "KTAP version 1"
	print "1.." rows + (rows + run["hidden"] == 0 || errors > 0)
	for (i = 1; i <= rows; i++) {
		v = cell[i, "verdict"]
		ok = v == "EQUIVALENT" || v == "IMPROVEMENT" || v == "UNGATED"
		print (ok ? "ok " : "not ok ") i " " description(row_name(i)) (v == "UNGATED" ? " # SKIP " description(cell[i, "remark"]) : "")
		if (v != "UNGATED")
			print "# " v ": " row_sentence(i)
	}
	if (run["overall"] == "SAME")
		print "# " run["sentence"]
	if (rows + run["hidden"] == 0 || errors > 0) {
		print "not ok " rows + 1 " the run could be judged"
		print "# " run["sentence"]
	}
}
