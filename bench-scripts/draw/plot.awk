# SPDX-License-Identifier: GPL-2.0
# plot.awk - which pictures plot.sh draws:
#
#	awk -f units.awk -f heads.awk -f tables.awk -f answer.awk -f pictures.awk -f changes.awk -f plot.awk -v pictures=FILE [-v sizes_wanted=LIST] [-v allocs_wanted=LIST] COSTS|VERDICT

# What was asked for and is not there.
function missing(what, name) {
	print "plot.sh: --" what ": no result of " name > "/dev/stderr"
	exit 2
}

function check_wanted(    i, n, want) {
	n = split(allocs_wanted, want, ",")
	for (i = 1; i <= n; i++)
		if (!has("", want[i]))
			missing("allocs", want[i])
	n = split(sizes_wanted, want, ",")
	for (i = 1; i <= n; i++)
		if (!has_hist("", usual[""], drawn_count, want[i]))
			missing("sizes", want[i])
}

END {
	if ("lane" in verdict) {
		picture_change("change")
		exit 0
	}
	say_all("")
	drawn_count = choose_drawn("", usual[""])
	check_wanted()
	if (!picture_latency("", "latency", usual[""], "alloc free", "Cost of one call by size"))
		exit 0
	picture_ratio("", "ratio")
	n = split(sizes_wanted == "" ? "64,4096,65536,1048576" : sizes_wanted, size, ",")
	for (i = 1; i <= n; i++) {
		picture_spread("", "distribution-" size[i], usual[""], size[i], "steps")
		picture_spread("", "bars-" size[i], usual[""], size[i], "bars")
	}
}
