# SPDX-License-Identifier: GPL-2.0
# Closes a verdict table: rows in order of verdict and of the size of their
# change, the verdict over all of them, one sentence, the exit code. Exporters
# read nothing else than this table; results/README.md has its columns.
#
#	awk -f ../export/label.awk -f stats.awk -f overall.awk JUDGED
#
# A run that could not be judged never passes: an error, an inconclusive row
# and an empty table all end as exit code 3.

BEGIN {
	FS = OFS = "\t"
	for (i = 1; i <= verdicts; i++)
		rank[verdict_order[i]] = i
	limits["insn"] = "The instruction lane is blind to cache and TLB misses, to the cost of atomics and IPIs and to contention; `rep stos` counts every iteration."
	limits["time"] = "The time lane sees only what exceeds the scatter from boot to boot."
}

$1 == "run" { run[$2] = $3; run_key[++run_keys] = $2 }
$1 == "note" { notes[++note_count] = $2 }
$1 == "error" || $1 == "unjudged" { error[++errors] = $2 }
$1 == "rare" || $1 == "touch" { rare[++rares] = $0 }
$1 == "row" {
	rows++
	row[rows] = $0
	size[rows] = $8 <= -100 ? 1e9 : log(1 + $8 / 100)
	if (size[rows] < 0)
		size[rows] = -size[rows]
	verdict[rows] = $13
	verdict_at[$2, $3, $4] = $13
}

# Every figure once: see is_twin().
function count_figures(    i, f, pattern) {
	for (i = 1; i <= rows; i++) {
		split(row[i], f, "\t")
		if (is_twin(f[2], f[3], f[4]))
			continue
		figures++
		count[f[13]]++
		pattern = pattern_of(f[2])
		patterns += !(pattern in known_pattern)
		known_pattern[pattern] = 1
		count[f[13], pattern]++
		own += f[13] == "UNGATED" && f[15] ~ /^within .*own code/
	}
}

# Worse, could not be judged, better, and the rest; the largest change first. Insertion sort: equal ones keep their order.
function sort_rows(    i, j, x) {
	for (i = 1; i <= rows; i++) {
		x = i
		for (j = i - 1; j >= 1 && goes_before(x, place[j]); j--)
			place[j + 1] = place[j]
		place[j + 1] = x
	}
}

function goes_before(x, y) {
	if (verdict[x] != verdict[y])
		return rank[verdict[x]] < rank[verdict[y]]
	return size[x] > size[y]
}

# " (pair 12, churn 4)": how many of the rows with that verdict are of which pattern, where there are several.
function by_pattern(v,    i, n, name, text) {
	n = split(label_patterns, name, " ")
	for (i = 1; i <= n && patterns > 1; i++)
		if (count[v, name[i]])
			text = text (text == "" ? "" : ", ") name[i] " " count[v, name[i]]
	return text == "" ? "" : " (" text ")"
}

function plural(n, noun) {
	return n " " noun (n == 1 ? "" : "s")
}

function settle(verdict, code, sentence) {
	print "run", "overall", verdict
	print "run", "exit", code
	print "run", "sentence", verdict ": " sentence
}

function conclude(    judged) {
	count_figures()
	judged = figures - count["UNGATED"]
	if (errors)
		return settle("ERROR", 3, error[1] (errors > 1 ? " (and " errors - 1 " more)" : "") ".")
	if (count["REGRESSION"])
		return settle("FAIL", 1, plural(count["REGRESSION"], "figure") " of " figures " worse" by_pattern("REGRESSION") ", " \
			count["IMPROVEMENT"] + 0 " better" by_pattern("IMPROVEMENT") ", " count["INCONCLUSIVE"] + 0 " could not be judged" within_own() ".")
	if (run["same"] != "" && rows && !count["INCONCLUSIVE"])
		return settle("SAME", 0, "nothing was compared: kernel image, module and command line are the same on both sides" \
			(run["same"] == "equal" ? ", and so is every result." : "; no figure differs by more than boots do."))
	if (!judged)
		return settle("ERROR", 3, "nothing could be compared" within_own() ".")
	if (count["INCONCLUSIVE"])
		return settle("INCONCLUSIVE", 3, plural(count["INCONCLUSIVE"], "figure") " of " figures " could not be judged" why() ".")
	return settle("PASS", 0, "none of " plural(judged, "figure") " is worse, " count["IMPROVEMENT"] + 0 " better" by_pattern("IMPROVEMENT") within_own() ".")
}

function within_own() {
	return own ? ", " own " within what the module's own code changed by" : ""
}

# What the rows that could not be judged lack: so many pairs, or what most of
# them say.
function why(    i, f, need, n, said, most) {
	for (i = 1; i <= rows; i++) {
		split(row[i], f, "\t")
		if (f[13] != "INCONCLUSIVE")
			continue
		if (f[14] != "-")
			need[++n] = f[14] + 0
		if (f[15] != "-" && ++said[f[15]] > said[most] + 0)
			most = f[15]
	}
	if (n)
		return pairs_wanted(need, n)
	if (most ~ / phases /)
		most = most "; ci.sh measures as many"
	return most == "" ? "" : ": " most
}

# The largest number alone would be that of the figure nearest to the change that counts.
function pairs_wanted(need, n,    half) {
	sort_numbers(need, n)
	half = need[int((n + 1) / 2)]
	return half == need[n] ? "; needs " half " pairs" : "; half of them need up to " half " pairs, the last " need[n]
}

END {
	print "kallocbench-verdict 1"
	for (i = 1; i <= run_keys; i++)
		print "run", run_key[i], run[run_key[i]]
	print "run", "limits", limits[run["lane"]]
	conclude()
	for (i = 1; i <= errors; i++)
		print "error", error[i]
	for (i = 1; i <= note_count; i++)
		print "note", notes[i]
	sort_rows()
	for (i = 1; i <= rows; i++)
		print row[place[i]]
	for (i = 1; i <= rares; i++)
		print rare[i]
	print "end", rows + 0
}
