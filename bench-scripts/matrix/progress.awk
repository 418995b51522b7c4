# SPDX-License-Identifier: GPL-2.0
# progress.awk - what the jobs of matrix.sh say as they end (STATE FOLDER SECONDS HOST, a tab between), for a person:
#
#	awk -f progress.awk -v total=N -v at_once=N
#
# The time left is what a job took in the mean, times those that are left, by so many at a time.

BEGIN {
	FS = "\t"
}

$1 != "done" && $1 != "failed" {
	print "matrix.sh: " $0
	next
}

{
	ended++
	failed += $1 == "failed"
	took += $3
	left = took / ended * (total - ended) / at_once
	print "matrix.sh: " ended " of " total (failed ? ", " failed " failed" : "") ", " time_text(left) " left: " $2 \
		($1 == "failed" ? " FAILED" : "") " (" $3 " s on " $4 ")"
	fflush()
}

function time_text(x) {
	return x < 90 ? int(x + 0.5) " s" : x < 5400 ? int(x / 60 + 0.5) " min" : sprintf("%.1f h", x / 3600)
}
