# SPDX-License-Identifier: GPL-2.0
# What a verdict table (results/README.md) calls a change, for explain --called: a row per figure.
#
#	awk -f ../export/label.awk -f called.awk VERDICT.TSV

BEGIN {
	FS = OFS = "\t"
	for (i = 1; i <= columns; i++)
		at[column[i]] = i + 1
	print "label", "op", "called", "sentence"
}

$1 == "row" && $(at["verdict"]) ~ /^(REGRESSION|IMPROVEMENT)$/ {
	label = $(at["label"])
	# Lines of a plan that differ in nothing a label shows are numbered there; here all of them are shown, and on one CPU.
	sub(/ plan=[0-9]+$/, "", label)
	sub(/ cpus=[^ ]+/, "", label)
	what = $(at["figure"])
	# Others are metrics of a vector.
	what = what ~ /^(mode|min)$/ ? "the " what ", median over all boots" : what ", of a call"
	print label, $(at["op"]), $(at["verdict"]), sprintf("%s of %s: %s -> %s, %+d; below, one boot", $(at["verdict"]), what, $5, $6, $7)
}
