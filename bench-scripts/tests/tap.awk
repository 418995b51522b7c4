# SPDX-License-Identifier: GPL-2.0
# Judge the TAP output of one program that ended with status code.
# Prints "passed failed skipped", then each failure with the comment lines that follow it.
# A program that dies, promises another number of tests than it runs, or promises none, failed.

function close_failure() {
	in_failure = 0
}

function failed(text) {
	bad++
	report = report text "\n"
}

/^1\.\.[0-9]+/ {
	planned = substr($1, 4) + 0
	has_plan++
	if (planned == 0) skipped++
	next
}

/^ok([ \t]|$)/ {
	ran++
	close_failure()
	if (tolower($0) ~ /# *skip/) skipped++
	else good++
	next
}

/^not ok([ \t]|$)/ {
	ran++
	in_failure = 1
	failed($0)
	next
}

/^Bail out!/ { failed($0) }

in_failure && /^[ \t]*#/ { report = report $0 "\n"; next }

{ last = $0 }

END {
	if (has_plan != 1) failed("not ok - printed " has_plan + 0 " plans instead of one; last line: " last)
	else if (planned != ran) failed("not ok - planned " planned " tests, ran " ran + 0 "; last line: " last)
	if (code != 0 && !bad) failed("not ok - ended with status " code "; last line: " last)
	print good + 0, bad + 0, skipped + 0
	printf "%s", report
}
