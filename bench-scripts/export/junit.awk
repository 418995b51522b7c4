# SPDX-License-Identifier: GPL-2.0
# JUnit XML as Jenkins and GitLab read it: a regression is a failure, what
# could not be judged is an error, an ungated row is skipped.

function open_case(name) {
	printf "    <testcase classname=\"kallocbench.%s\" name=\"%s\" time=\"0\">", escaped(run["lane"]), escaped(name)
}

END {
	if (failed)
		exit 2
	for (i = 1; i <= rows; i++) {
		failures += cell[i, "verdict"] == "REGRESSION"
		unjudged += cell[i, "verdict"] == "INCONCLUSIVE"
		skipped += cell[i, "verdict"] == "UNGATED"
	}
	extra = rows + run["hidden"] == 0 || errors > 0
	print "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
	print "<testsuites>"
	printf "  <testsuite name=\"kallocbench\" tests=\"%d\" failures=\"%d\" errors=\"%d\" skipped=\"%d\" time=\"0\">\n", \
		rows + extra, failures, unjudged + extra, skipped
	for (i = 1; i <= rows; i++) {
		open_case(row_name(i))
		text = escaped(row_sentence(i))
		v = cell[i, "verdict"]
		if (v == "REGRESSION")
			printf "<failure type=\"regression\" message=\"%s\"/>", text
		else if (v == "INCONCLUSIVE")
			printf "<error type=\"inconclusive\" message=\"%s\"/>", text
		else if (v == "UNGATED")
			printf "<skipped message=\"%s\"/>", escaped(cell[i, "remark"])
		else
			printf "<system-out>%s</system-out>", v ": " text
		print "</testcase>"
	}
	if (extra) {
		open_case("the run could be judged")
		printf "<error type=\"unjudged\" message=\"%s\"/></testcase>\n", escaped(run["sentence"])
	}
	print "  </testsuite>"
	print "</testsuites>"
}
