# SPDX-License-Identifier: GPL-2.0
# Signals that LAVA reads from a test's output: a test case per figure with the
# measurement of new, and the run itself as the last one. LAVA's own runner says
# which test definition this belongs to; here it is one set within that.

function result_of(verdict) {
	if (verdict == "REGRESSION")
		return "fail"
	return verdict == "INCONCLUSIVE" ? "unknown" : verdict == "UNGATED" ? "skip" : "pass"
}

END {
	if (failed)
		exit 2
	print "<LAVA_SIGNAL_TESTSET START kallocbench-" run["lane"] ">"
	for (i = 1; i <= rows; i++)
		print "<LAVA_SIGNAL_TESTCASE TEST_CASE_ID=" row_id(i) " RESULT=" result_of(cell[i, "verdict"]) \
			(cell[i, "new"] == "-" ? "" : " UNITS=" (row_vector(i) ? cell[i, "figure"] : run["unit"]) " MEASUREMENT=" cell[i, "new"]) ">"
	print "<LAVA_SIGNAL_TESTCASE TEST_CASE_ID=kallocbench-verdict RESULT=" \
		(run["overall"] == "SAME" ? "skip" : run["exit"] == 0 ? "pass" : run["exit"] == 1 ? "fail" : "unknown") ">"
	print "<LAVA_SIGNAL_TESTSET STOP kallocbench-" run["lane"] ">"
}
