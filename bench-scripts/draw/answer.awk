# SPDX-License-Identifier: GPL-2.0
# answer.awk - which call to use, in sentences: functions over the tables of tables.awk. For the terminal see terminal.awk.
#
# say_all(SET) leaves sentence[SET, NAME] with NAME one of: warning crossover ratio alone missing kvmalloc touch flags
# contexts patterns tail caution; and crossings[SET], sizes with a blank between.

# Stretches of sizes with one winner, into run_*[]; returns how many.
function find_runs(set, slice, a, b, op,    i, size, who, n) {
	compared = 0
	for (i = 1; i <= sizes[set]; i++) {
		size = size_at[set, i]
		if (cost(set, slice, a, size, op) == "-" || (who = value("winner", set, slice, b, size, op)) == "-")
			continue
		if (!compared++)
			smallest = size
		largest = size
		if (!n || who != run_winner[n]) {
			run_winner[++n] = who
			run_first[n] = size
			run_sizes[n] = 0
			run_within[n] = ""
		}
		run_last[n] = size
		run_sizes[n]++
		run_within[n] = run_within[n] " " value("within", set, slice, b, size, op)
	}
	return n
}

function run_text(set, i, n,    who) {
	who = run_winner[i] == "same" ? "they cost the same (" within(set, run_within[i]) ")" : run_winner[i] " is cheaper"
	if (run_sizes[i] == 1 && i > 1 && i < n)
		return who " at " long_size(run_first[i])
	if (i == 1)
		return who " up to " long_size(run_last[i])
	return who " from " long_size(run_first[i]) (i == n ? " on" : " to " long_size(run_last[i]))
}

function crossover(set, slice, a, b, op,    n, i, text, won, range) {
	n = find_runs(set, slice, a, b, op)
	if (!n)
		return a " and " b " were measured at no common size."
	range = compared == 1 ? "the one size measured, " long_size(smallest) : \
		"every size measured, " long_size(smallest) " to " long_size(largest)
	if (n == 1 && run_winner[1] == "same")
		return a " and " b " cost the same (" within(set, run_within[1]) ") at " range "."
	if (n == 1)
		return run_winner[1] " is cheaper than " (run_winner[1] == a ? b : a) " at " range "."
	for (i = 1; i <= n; i++) {
		won[run_winner[i]] += run_sizes[i]
		text = text (i == 1 ? "" : i == n ? ", and " : ", ") run_text(set, i, n)
	}
	if (n > 5)
		return sprintf("No clear crossover from %s to %s: %s is cheaper at %d sizes, %s at %d, the same at %d.", \
			long_size(smallest), long_size(largest), a, won[a], b, won[b], won["same"])
	return text " (measured from " long_size(smallest) " to " long_size(largest) ")."
}

# Sizes at which one takes over from the other: where the line from one clear winner to the next passes ratio 1 on
# logarithmic axes. It passes through no gap, and a tie wins nothing.
function find_crossings(set, slice, a, b,    i, size, who, ratio, last, last_size, last_ratio, text) {
	for (i = 1; i <= sizes[set]; i++) {
		size = size_at[set, i]
		who = value("winner", set, slice, b, size)
		ratio = value("ratio", set, slice, b, size)
		if (who == "-" || ratio <= 0) {
			if (planned(set, slice, a, size) || planned(set, slice, b, size))
				last = ""
			continue
		}
		if (who == "same")
			continue
		if (last != "" && last != who)
			text = text (text == "" ? "" : " ") sprintf("%.0f", \
				exp(log(last_size) - log(size / last_size) * log(last_ratio) / log(ratio / last_ratio)))
		last = who
		last_size = size
		last_ratio = ratio
	}
	return text
}

# vmalloc against kmalloc at 4 KiB, or at the measured size next to it.
function ratio_sentence(set, slice, a, b,    i, size, d, best, at_size, x, y) {
	for (i = 1; i <= sizes[set]; i++) {
		size = size_at[set, i]
		if (value("winner", set, slice, b, size) == "-")
			continue
		d = size > 4096 ? size / 4096 : 4096 / size
		if (best == "" || d < best) {
			best = d
			at_size = size
		}
	}
	if (best == "")
		return ""
	x = cost_text(set, cost(set, slice, a, at_size))
	y = cost_text(set, cost(set, slice, b, at_size))
	if (value("winner", set, slice, b, at_size) == "same")
		d = b " costs as much as " a " at " long_size(at_size)
	else
		d = b " costs " times(value("ratio", set, slice, b, at_size)) " times as much as " a " at " long_size(at_size)
	return d " (" y " against " x " " unit_name(set) ")" \
		(is_limited(set, slice, a, at_size) || is_limited(set, slice, b, at_size) ? ", clock-limited" : "") "."
}

# What each costs, at its least and its largest size, where there are not both to compare.
function alone_sentence(set, slice,    k, i, n, text, name, x, first, last) {
	for (k = 1; k <= allocs[set] && n < 4; k++) {
		name = alloc_at[set, k]
		first = last = ""
		for (i = 1; i <= sizes[set]; i++) {
			x = cost(set, slice, name, size_at[set, i])
			if (x == "-" || is_reference(name))
				continue
			last = cost_text(set, x) " " unit_name(set) " at " long_size(size_at[set, i])
			first = first == "" ? last : first
		}
		if (first == "")
			continue
		n++
		text = text (text == "" ? "" : "; ") name " costs " first (last == first ? "" : ", " last)
	}
	return text == "" ? "" : text "."
}

# Why sizes that one of the two has are missing from the comparison.
function missing_sentence(set, slice, a, b,    i, size, text, more, who, why) {
	for (i = 1; i <= sizes[set]; i++) {
		size = size_at[set, i]
		if ((cost(set, slice, a, size) == "-") == (cost(set, slice, b, size) == "-") || ++more > 3)
			continue
		who = cost(set, slice, a, size) == "-" ? a : b
		why = value("reason", set, slice, who, size)
		if (why == "" || why == "-")
			why = planned(set, slice, who, size) ? "too few samples for a median" : "not in the plan"
		else
			why = value("state", set, slice, who, size) ": " why
		text = text (text == "" ? "" : "; ") who " at " long_size(size) " (" why ")"
	}
	if (more > 3)
		text = text "; and " more - 3 " more"
	return text == "" ? "" : "Not compared: " text "."
}

# What `other` costs as a multiple of `way`, over the sizes of both: range_low and range_high, range_within where all are
# the same; what is the same counts as 1. Of two sets it is of one unit only.
function range_of(way_set, way_slice, way, set, slice, other,    i, size, x, y, r, why, spread) {
	range_n = range_other = 0
	range_within = ""
	for (i = 1; i <= sizes[set]; i++) {
		size = size_at[set, i]
		x = cost(way_set, way_slice, way, size)
		y = cost(set, slice, other, size)
		if (x == "-" || y == "-" || x <= 0)
			continue
		spread = value("spread", way_set, way_slice, way, size) + value("spread", set, slice, other, size)
		why = same_cost(set, x, y, spread)
		range_within = range_within " " why
		range_other += why == ""
		r = why == "" ? y / x : 1
		if (!range_n++ || r < range_low) {
			range_low = r
			range_low_at = size
		}
		if (range_n == 1 || r > range_high) {
			range_high = r
			range_high_at = size
		}
	}
	return range_n
}

function range_text(set,    low, high) {
	if (!range_other)
		return "the same (" within(set, range_within) ")"
	low = fine_times(range_low)
	high = fine_times(range_high)
	if (low == high)
		return low " times as much"
	return low " times (at " long_size(range_low_at) ") to " high " times (at " long_size(range_high_at) ") as much"
}

function kvmalloc_sentence(set, slice) {
	if (!range_of(set, slice, "kmalloc", set, slice, "kvmalloc"))
		return ""
	return "kvmalloc costs " range_text(set) " as kmalloc."
}

# Whom flags with accounting charged; results of an older module do not say.
function whom(set, flags) {
	if (flags !~ /__GFP_ACCOUNT/ || about[set, "charged"] == "")
		return ""
	return about[set, "charged"] == "0" ? " (charged to nobody)" : " (charged to a memory cgroup)"
}

# What one field changes, e.g. the flags: what differs in cost by itself, what does not in one list. Contexts are
# compared at other flags as well, for few of them allow the usual ones.
function field_sentence(set, base, field, name,    i, j, k, a, b, same, way, what, text, equal, reasons) {
	split(base, a, " ")
	for (i = 1; i <= slices[set]; i++) {
		split(slice_at[set, i], b, " ")
		same = 0
		for (j = 1; j <= 5; j++)
			same += a[j] == b[j] || j == 1 && field == 2
		if (same != 4 || a[field] == b[field])
			continue
		what = b[field] (field == 2 && a[1] != b[1] ? " and " b[1] : "") (field == 1 ? whom(set, b[1]) : "")
		way = field == 2 ? b[1] " " a[2] " " a[3] " " a[4] " " a[5] : base
		for (k = 1; k <= allocs[set]; k++) {
			if (alloc_at[set, k] !~ /^k?v?malloc$/ || !range_of(set, way, alloc_at[set, k], set, slice_at[set, i], alloc_at[set, k]))
				continue
			if (range_other) {
				text = text (text == "" ? "" : "; ") alloc_at[set, k] " with " what " costs " range_text(set)
			} else {
				equal = equal (equal == "" ? "" : ", ") alloc_at[set, k] " with " what
				reasons = reasons range_within
			}
		}
	}
	if (equal != "")
		text = text (text == "" ? "" : "; ") "the same (" within(set, reasons) "): " equal
	return text == "" ? "" : name " against " a[field] ": " text "."
}

# In the instruction lane the write is the loop's own.
function touch_sentence(set, a, b,    text) {
	if (is_insn(set) || written[set] == "")
		return ""
	text = crossover(set, written[set], a, b, "written")
	return compared ? "With the first write to the memory counted in: " text : ""
}

# The call whose p99 is furthest above its median: the largest p99 is always that of the largest size.
function tail_sentence(set, slice,    k, i, o, op, x, p99, most, text) {
	split("alloc free pair", op, " ")
	for (k = 1; k <= allocs[set]; k++)
		for (i = 1; i <= sizes[set] && !is_reference(alloc_at[set, k]); i++)
			for (o = 1; o <= 3; o++) {
				x = cost(set, slice, alloc_at[set, k], size_at[set, i], op[o])
				p99 = value("p99", set, slice, alloc_at[set, k], size_at[set, i], op[o])
				if (x == "-" || p99 == "-" || x <= 0 || value("limited", set, slice, alloc_at[set, k], size_at[set, i], op[o]) == "yes" || \
				    p99 / x <= most)
					continue
				most = p99 / x
				text = sprintf("Longest tail: %s %s of %s, where p99 is %s times the median (%s against %s %s).", alloc_at[set, k], op[o], \
					long_size(size_at[set, i]), times(most), cost_text(set, p99), cost_text(set, x), unit_name(set))
			}
	if (text != "" && most <= 1 + same_percent(set) / 100)
		return sprintf("No long tail: p99 is the median (within %s %%) wherever it was measured.", same_percent(set))
	return text
}

function warning_sentence(set,    i, text) {
	for (i = 1; i <= warnings[set]; i++)
		text = text (text == "" ? "Warning: " : "; ") warning[set, i]
	return text == "" ? "" : text "."
}

function say_all(set,    slice, a, b) {
	slice = usual[set]
	a = "kmalloc"
	b = "vmalloc"
	sentence[set, "warning"] = warning_sentence(set)
	sentence[set, "caution"] = emulated(set) ? "Times under emulation (accel=tcg) say nothing about hardware." : ""
	if (!slices[set]) {
		sentence[set, "crossover"] = "Nothing was measured."
		return
	}
	if (has(set, a) && has(set, b)) {
		sentence[set, "crossover"] = crossover(set, slice, a, b)
		crossings[set] = find_crossings(set, slice, a, b)
		sentence[set, "ratio"] = ratio_sentence(set, slice, a, b)
		sentence[set, "missing"] = missing_sentence(set, slice, a, b)
		sentence[set, "touch"] = touch_sentence(set, a, b)
	} else {
		sentence[set, "alone"] = alone_sentence(set, slice)
	}
	sentence[set, "kvmalloc"] = kvmalloc_sentence(set, slice)
	sentence[set, "flags"] = field_sentence(set, plain[set], 1, "Flags")
	sentence[set, "contexts"] = field_sentence(set, plain[set], 2, "Contexts")
	sentence[set, "patterns"] = field_sentence(set, plain[set], 3, "Patterns")
	sentence[set, "tail"] = tail_sentence(set, slice)
}
