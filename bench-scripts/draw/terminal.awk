# SPDX-License-Identifier: GPL-2.0
# terminal.awk - the answer for a terminal: a table of 72 columns, and the sentences that matter.
#
#	awk -f units.awk -f heads.awk -f tables.awk -f answer.awk -f terminal.awk [-v what=sentences] COSTS
#
# what=sentences prints every sentence instead, led by its name and a tab.

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

function table_cell(slice, alloc, size,    x, mark) {
	x = cost("", slice, alloc, size)
	if (x == "-") {
		gaps += planned("", slice, alloc, size)
		return "-"
	}
	mark = is_limited("", slice, alloc, size) ? "*" : ""
	marks += mark != ""
	return cost_text("", x) mark
}

# A name is never cut: as many as fit, the three first that people ask about.
function choose_columns(slice,    k, n, want, room) {
	room = 72 - 8 - 9
	split("kmalloc kvmalloc vmalloc", want, " ")
	for (k = 1; k <= 3 + allocs[""]; k++) {
		name = k <= 3 ? want[k] : alloc_at["", k - 3]
		if (!has("", name) || (k > 3 && (name ~ /^k?v?malloc$/ || is_reference(name) || !has_cost("", slice, name))))
			continue
		room -= 1 + (length(name) > 12 ? length(name) : 12)
		if (room < 0)
			break
		column[++n] = name
	}
	return n
}

function print_row(first, n, text, last,    k, row) {
	row = sprintf("%8s", first)
	for (k = 1; k <= n; k++)
		row = row sprintf(" %" (length(column[k]) > 12 ? length(column[k]) : 12) "s", text[k])
	print row sprintf("%9s", last)
}

function print_table(slice,    i, k, n, part, text, ratio, ties) {
	split(slice, part, " ")
	n = choose_columns(slice)
	print_folded(sprintf("alloc + free, medians in %s; kernel %s, %s, clock %s, %s, %s, pattern %s; ratio vmalloc/kmalloc", \
		unit_name(""), about["", "kernel"], lane_name(""), about["", "clock"], part[1], part[2], part[3]), 72)
	print ""
	print_row("size", n, column, "ratio")
	for (i = 1; i <= sizes[""]; i++) {
		# A size of others, such as the references.
		for (k = 1; k <= n && !planned("", slice, column[k], size_at["", i]); k++)
			;
		if (k > n)
			continue
		for (k = 1; k <= n; k++)
			text[k] = table_cell(slice, column[k], size_at["", i])
		ratio = ratio_text("", slice, "vmalloc", size_at["", i])
		ties += ratio == "~"
		print_row(short_size(size_at["", i]), n, text, ratio)
	}
	if (ties)
		print "~: the same"
	if (marks)
		print "* clock-limited: below 3 times the clock's own cost; use timing=batch"
	for (k = 1; k <= n; k++)
		if (("", column[k]) in objects)
			print column[k] ": per object; a call is for " objects["", column[k]]
	for (k = 1; k <= n; k++)
		if (by_the_byte("", column[k], slice))
			print column[k] ": cleared by rep stos, which this lane counts by the byte"
	if (gaps)
		print "- no median: skipped, failed, aborted or too few samples"
}

END {
	say_all("")
	if (what == "sentences") {
		n = split(lead_names " crossover missing apart touch kvmalloc flags contexts patterns tail", name_at, " ")
		for (i = 1; i <= n; i++)
			if (sentence["", name_at[i]] != "")
				print name_at[i] "\t" sentence["", name_at[i]]
		if (crossings[""] != "")
			print "crossings\t" crossings[""]
		exit 0
	}
	if (slices[""]) {
		print_table(usual[""])
		print ""
	}
	print_folded(sentences_of("", lead_names " missing"), 72)
}
