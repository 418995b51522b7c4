# SPDX-License-Identifier: GPL-2.0
# answer.awk - which call to use: a table and sentences for a terminal.
#
#	... points.awk | awk -f cost.awk -f answer.awk [-v what=table|sentences|all]
#
# what=sentences prints one sentence a line, led by its name and a tab:
# crossover, crossings (sizes, where there are any), ratio, missing, kvmalloc,
# touch, flags, contexts, patterns, tail, tolerance (a number: percent in which
# two costs are the same), caution, and before them all warning: what the kernel
# is configured with that makes them those of another.
# what=all is for a terminal: the table, the warning, the first three, the caution.

BEGIN {
	if (what == "")
		what = "all"
}

# Ticks as a person reads them: instructions, or nanoseconds.
function shown(ticks) {
	if (about["unit"] == "insn")
		return grouped(ticks)
	ticks = ticks * 1000000 / about["khz"]
	return ticks < 9.95 ? sprintf("%.1f", ticks) : grouped(ticks)
}

function unit_name() {
	return about["unit"] == "insn" ? "instructions" : "ns"
}

function times(ratio) {
	return sprintf(ratio >= 9.95 ? "%.0f" : ratio >= 0.995 ? "%.1f" : "%.2f", ratio)
}

# vmalloc against kmalloc at 4 KiB, or at the measured size next to it.
function ratio_sentence(slice, a, b,    i, x, y, d, best, at) {
	best = -1
	for (i = 1; i <= sizes; i++) {
		if (cost(slice, a, size_at[i]) <= 0 || cost(slice, b, size_at[i]) < 0)
			continue
		d = size_at[i] > 4096 ? size_at[i] / 4096 : 4096 / size_at[i]
		if (best < 0 || d < best) {
			best = d
			at = size_at[i]
		}
	}
	if (best < 0)
		return ""
	x = cost(slice, a, at)
	y = cost(slice, b, at)
	return sprintf("%s costs %s times as much as %s at %s (%s against %s %s)%s.", b, times(y / x), a, \
		long_size(at), shown(y), shown(x), unit_name(), \
		(slice, a, at) in limited || (slice, b, at) in limited ? ", clock-limited" : "")
}

# Why sizes that one of the two has are missing from the comparison.
function missing_sentence(slice, a, b,    i, text, more, who, why) {
	for (i = 1; i <= sizes; i++) {
		if ((cost(slice, a, size_at[i]) < 0) == (cost(slice, b, size_at[i]) < 0))
			continue
		if (++more > 3)
			continue
		who = cost(slice, a, size_at[i]) < 0 ? a : b
		why = cell_reason[slice, who, size_at[i]]
		if (why == "" || why == "-")
			why = (slice, who, size_at[i]) in cell_state ? "too few samples for a median" : "not in the plan"
		else
			why = cell_state[slice, who, size_at[i]] ": " why
		text = text (text == "" ? "" : "; ") who " at " long_size(size_at[i]) " (" why ")"
	}
	if (more > 3)
		text = text "; and " more - 3 " more"
	return text == "" ? "" : "Not compared: " text "."
}

# Range of what `other` costs relative to `base`, over the sizes of both.
function range_of(base_slice, base, slice, other,    i, x, y) {
	range_n = 0
	for (i = 1; i <= sizes; i++) {
		x = cost(base_slice, base, size_at[i])
		y = cost(slice, other, size_at[i])
		if (x <= 0 || y < 0)
			continue
		if (!range_n++ || y / x < range_low) {
			range_low = y / x
			range_low_at = size_at[i]
		}
		if (range_n == 1 || y / x > range_high) {
			range_high = y / x
			range_high_at = size_at[i]
		}
	}
	return range_n
}

function range_same(    near) {
	near = 1 + percent() / 100
	return range_high <= near && range_low >= 1 / near
}

function range_text(    low, high) {
	if (range_same())
		return sprintf("the same (within %s %%)", percent())
	low = sprintf("%.2f", range_low)
	high = sprintf("%.2f", range_high)
	if (low == high)
		return low " times as much"
	return low " times (at " long_size(range_low_at) ") to " high " times (at " long_size(range_high_at) ") as much"
}

function kvmalloc_sentence(slice) {
	if (!range_of(slice, "kmalloc", slice, "kvmalloc"))
		return ""
	return "kvmalloc costs " range_text() " as kmalloc."
}

# The same without touch= or depth=, where that was measured: other flags, contexts and patterns seldom have these.
function plain_of(slice,    part, plain) {
	split(slice, part, FS)
	plain = part[1] FS part[2] FS part[3] FS part[4] FS "-"
	return plain in known_slice ? plain : slice
}

# Whom flags with accounting charged; results of an older module do not say.
function whom(flags) {
	if (flags !~ /__GFP_ACCOUNT/ || !("charged" in about))
		return ""
	return about["charged"] == "0" ? " (charged to nobody)" : " (charged to a memory cgroup)"
}

# What one field changes, e.g. the flags: what differs in cost by itself, what does not in one list. Contexts are
# compared at other flags as well, for few of them allow the usual ones.
function field_sentence(base, field, name,    i, j, k, a, b, same, usual, what, text, equal) {
	split(base, a, FS)
	for (i = 1; i <= slices; i++) {
		split(slice_at[i], b, FS)
		same = 0
		for (j = 1; j <= 5; j++)
			same += a[j] == b[j] || j == 1 && field == 2
		if (same != 4 || a[field] == b[field])
			continue
		what = b[field] (field == 2 && a[1] != b[1] ? " and " b[1] : "") (field == 1 ? whom(b[1]) : "")
		usual = field == 2 ? b[1] FS a[2] FS a[3] FS a[4] FS a[5] : base
		for (k = 1; k <= allocs; k++) {
			if (alloc_at[k] !~ /^k?v?malloc$/ || !range_of(usual, alloc_at[k], slice_at[i], alloc_at[k]))
				continue
			if (range_same())
				equal = equal (equal == "" ? "" : ", ") alloc_at[k] " with " what
			else
				text = text (text == "" ? "" : "; ") alloc_at[k] " with " what " costs " range_text()
		}
	}
	if (equal != "")
		text = text (text == "" ? "" : "; ") sprintf("the same (within %s %%): %s", percent(), equal)
	return text == "" ? "" : name " against " a[field] ": " text "."
}

function touch_sentence(a, b,    slice, text) {
	slice = best_slice(a, b, 1)
	if (slice == "")
		return ""
	text = crossover(slice, a, b, 1)
	if (!compared)
		return ""
	return "With the first write to the memory counted in: " text
}

function tail_sentence(slice) {
	if (!(slice in tail))
		return ""
	if (tail[slice] <= 1 + percent() / 100)
		return sprintf("No long tail: p99 is the median (within %s %%) wherever it was measured.", percent())
	return sprintf("Longest tail: %s, where p99 is %s times the median (%s against %s %s).", tail_text[slice], \
		times(tail[slice]), shown(tail_p99[slice]), shown(tail_half[slice]), unit_name())
}

function say(name, sentence) {
	if (sentence == "")
		return
	if (what == "sentences")
		print name "\t" sentence
	else if (what == "all" && name ~ /^(warning|crossover|ratio|missing|caution)$/)
		closing = closing (closing == "" ? "" : " ") sentence
}

function print_folded(text, width,    word, n, i, row) {
	n = split(text, word, " ")
	for (i = 1; i <= n; i++) {
		if (row != "" && length(row) + 1 + length(word[i]) > width) {
			print row
			row = ""
		}
		row = row (row == "" ? "" : " ") word[i]
	}
	if (row != "")
		print row
}

function table_cell(slice, alloc, size,    c, mark) {
	c = cost(slice, alloc, size)
	if (c < 0) {
		gaps += (slice, alloc, size) in cell_state
		return "-"
	}
	mark = (slice, alloc, size) in limited ? "*" : ""
	marks += mark != ""
	return shown(c) mark
}

# At most four columns fit: the three that people ask about, then the others.
function choose_columns(slice,    k, n, want) {
	split("kmalloc kvmalloc vmalloc", want, " ")
	for (k = 1; k in want; k++)
		if (want[k] in known_alloc)
			column[++n] = want[k]
	for (k = 1; k <= allocs && n < 4; k++)
		if (alloc_at[k] !~ /^(kmalloc|kvmalloc|vmalloc)$/ && !is_reference(alloc_at[k]) && has_cost(slice, alloc_at[k]))
			column[++n] = alloc_at[k]
	return n
}

function has_cost(slice, alloc,    i) {
	for (i = 1; i <= sizes; i++)
		if (cost(slice, alloc, size_at[i]) >= 0)
			return 1
	return 0
}

function print_table(slice, a, b,    i, k, n, part, row, x, y) {
	split(slice, part, FS)
	n = choose_columns(slice)
	print_folded(sprintf("alloc + free, medians in %s; kernel %s, %s lane, clock %s, %s, %s, pattern %s; ratio %s/%s", \
		unit_name(), about["kernel"], about["unit"] == "insn" ? "instruction" : "time", about["clock"], \
		part[1], part[2], part[3], b, a), 72)
	row = sprintf("\n%8s", "size")
	for (k = 1; k <= n; k++)
		row = row sprintf(" %12s", substr(column[k], 1, 12))
	print row sprintf("%9s", "ratio")
	for (i = 1; i <= sizes; i++) {
		row = sprintf("%8s", short_size(size_at[i]))
		for (k = 1; k <= n; k++)
			row = row sprintf(" %12s", table_cell(slice, column[k], size_at[i]))
		x = cost(slice, a, size_at[i])
		y = cost(slice, b, size_at[i])
		print row sprintf("%9s", x > 0 && y >= 0 ? times(y / x) : "-")
	}
	if (marks)
		print "* clock-limited: below 3 times the clock's own cost; use timing=batch"
	for (k = 1; k <= n; k++)
		if (column[k] in objects)
			print column[k] ": per object; a call is for " objects[column[k]]
	if (gaps)
		print "- no median: skipped, failed, aborted or too few samples"
}

END {
	sort_sizes()
	a = "kmalloc"
	b = "vmalloc"
	slice = best_slice(a, b, 0)
	if (slice == "")
		slice = slice_at[1]
	if (!slices) {
		print (what == "sentences" ? "crossover\t" : "") "Nothing was measured."
		exit 0
	}
	if (what != "sentences")
		print_table(slice, a, b)
	say("warning", warnings == "" ? "" : "Warning: " warnings ".")
	if ((a in known_alloc) && (b in known_alloc)) {
		say("crossover", crossover(slice, a, b, 0))
		# The terminal does without: busybox awk may lack log().
		if (what == "sentences")
			say("crossings", crossings(slice, a, b))
		say("ratio", ratio_sentence(slice, a, b))
		say("missing", missing_sentence(slice, a, b))
		say("touch", touch_sentence(a, b))
	}
	say("kvmalloc", kvmalloc_sentence(slice))
	say("flags", field_sentence(plain_of(slice), 1, "Flags"))
	say("contexts", field_sentence(plain_of(slice), 2, "Contexts"))
	say("patterns", field_sentence(plain_of(slice), 3, "Patterns"))
	say("tail", tail_sentence(slice))
	say("tolerance", percent() "")
	if (emulated())
		say("caution", "Times under emulation (accel=tcg) say nothing about hardware.")
	if (what == "all" && closing != "") {
		print ""
		print_folded(closing, 72)
	}
}
