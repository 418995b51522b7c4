# SPDX-License-Identifier: GPL-2.0
# comparison.awk - one kernel against another, in words: what is worse first, all of it, then what is better; functions of
# report.awk.

function geo_text(base, new) {
	if (!geometric_mean(base, new, ""))
		return ""
	return sprintf("Geometric mean of new over base, %s of alloc plus free: %.3f (%s).", count_text(geo_n, "cost"), geo_mean, percent_text(geo_mean))
}

# The largest change of that verdict, in the words of its row.
function largest_text(which, new,    k) {
	if (!sort_groups(which))
		return ""
	k = sorted_group[1]
	if (is_count(k))
		return ""
	return cell_name(k) ", " \
		op_words(k) ", " range_cell(new, group(k, "base_low"), group(k, "base_high")) " to " \
		range_cell(new, group(k, "new_low"), group(k, "new_high")) (group(k, "base_low") == "-" ? "" : " (" change_cell(k) ")")
}

function comparison_answer(base, new,    worse, better) {
	worse = largest_text("REGRESSION", new)
	better = largest_text("IMPROVEMENT", new)
	para("answer", verdict["sentence"] (worse == "" ? "" : " The largest rise: " worse ".") (better == "" ? "" : " The largest fall: " better ".") \
		" Base is " kernel_of(base) ", new is " kernel_of(new) ".")
}

function geo_table(base, new,    k) {
	table("New over base, alloc plus free, geometric mean over every cell of both", "lrrrr", "allocator\tcells\tmean\tleast\tmost")
	for (k = 1; k <= allocs[new]; k++)
		if (geometric_mean(base, new, alloc_at[new, k]))
			row(alloc_at[new, k] OFS grouped(geo_n) OFS percent_text(geo_mean) OFS percent_text(geo_low) OFS percent_text(geo_high))
	if (table_rows > 1 && geometric_mean(base, new, ""))
		row("all" OFS grouped(geo_n) OFS percent_text(geo_mean) OFS percent_text(geo_low) OFS percent_text(geo_high))
	end_table("-")
}

# label_slice[LABEL]: which slice a verdict speaks of.
function find_labels(set,    i, j, k, p) {
	for (i = 1; i <= slices[set]; i++) {
		split(slice_at[set, i], p, " ")
		for (k = 1; k <= allocs[set]; k++)
			for (j = 1; j <= sizes[set]; j++)
				if (planned(set, slice_at[set, i], alloc_at[set, k], size_at[set, j]))
					label_slice[cell_label(alloc_at[set, k], size_at[set, j], p[1], p[2], p[3], p[4], p[5])] = slice_at[set, i]
	}
}

# The picture of a group, drawn when it is first asked for; at most so many, of what got worse first.
function picture_of(k, base, new,    slice, name) {
	slice = label_slice[group(k, "label")]
	if (slice == "")
		return "-"
	name = slice SUBSEP group(k, "alloc")
	if (!(name in cell_picture)) {
		cell_picture[name] = "-"
		if (cell_pictures >= 60)
			undrawn++
		else if (picture_cell(base, new, "cell-" cell_pictures + 1, slice, group(k, "alloc"))) {
			cell_picture[name] = "cell-" ++cell_pictures
			cell_title[cell_pictures] = cell_words(group(k, "alloc"), slice)
		}
	}
	return cell_picture[name]
}

function range_cell(set, low, high) {
	return cost_text(set, low) (low == high ? "" : "-" cost_text(set, high))
}

# The interval of a change in time, or the tolerance it was held against.
function against_text(k) {
	if (verdict["lane"] == "insn")
		return group(k, "tolerance") == "-" ? "-" : grouped(group(k, "tolerance"))
	return group(k, "low") == "-" ? "-" : sprintf("%+.1f to %+.1f %%", group(k, "low"), group(k, "high"))
}

function cell_name(k) {
	return group(k, "alloc") " " group(k, "sizes") " " group(k, "pattern") (group(k, "words") == "" ? "" : " " group(k, "words"))
}

function op_words(k) {
	return group(k, "op") (group(k, "figure") ~ /^(mode|p50)$/ ? "" : " " group(k, "figure"))
}

function change_cell(k) {
	return group(k, "base_low") == "-" ? "-" : percent_text(1 + group(k, "percent") / 100)
}

function group_cells(k, new) {
	return cell_name(k) OFS op_words(k) OFS \
		range_cell(new, group(k, "base_low"), group(k, "base_high")) OFS range_cell(new, group(k, "new_low"), group(k, "new_high")) OFS \
		change_cell(k) OFS against_text(k)
}

# Something else than the unit of the lane, named by its figure: locked instructions, TLB flushes and the like.
function is_count(k) {
	return group(k, "figure") !~ /^(mode|min|p[0-9.]+)$/
}

# Groups of one verdict into sorted_group[1..n], the largest change first, whatever the pattern; counts of something else
# after all costs.
function sort_groups(which,    k, j, n, far) {
	sorted_counts = 0
	for (k = 1; k <= groups; k++) {
		if (group(k, "verdict") != which)
			continue
		far[k] = group(k, "percent") < 0 ? -group(k, "percent") : group(k, "percent") + 0
		if (is_count(k)) {
			sorted_counts++
			far[k] -= 1e6
		}
		for (j = ++n; j > 1 && far[sorted_group[j - 1]] < far[k]; j--)
			sorted_group[j] = sorted_group[j - 1]
		sorted_group[j] = k
	}
	return n + 0
}

function verdict_table(which, caption, base, new, flags,    i, k, n, shown, bytewise) {
	table(caption, "llrrrr", "cell\tfigure\tbase\tnew\tchange\t" (verdict["lane"] == "insn" ? "tolerance" : "95 % interval"))
	shown = sort_groups(which)
	for (i = 1; i <= shown; i++) {
		k = sorted_group[i]
		row(group_cells(k, new), which ~ /REGR|IMPR/ ? picture_of(k, base, new) : "-")
		n += group(k, "members")
		if (by_the_byte(new, group(k, "alloc"), label_slice[group(k, "label")]) && group(k, "op") != "free")
			bytewise = 1
	}
	if (table_rows)
		table_caption = sprintf(caption, count_text(n, "figure"), sorted_counts ? ", or in what the figure names" : "")
	if (bytewise)
		note("Memory that comes zeroed is cleared by rep stos, which this lane counts by the byte.")
	end_table(flags)
}

# A few, to look at: all of them are in the verdict table.
function rare_table(unit,    i) {
	table("Paths beside the usual one, not gated, in " unit, "lllrrr", "path\tcell\top\tsamples\tof\tcost")
	for (i = 1; i <= rares && i <= 10; i++)
		row(rare_cells[i])
	if (rares > 10)
		note(rares - 10 " more such paths are in the verdict table.")
	end_table("-")
}

function comparison_section(base, new,    i, unit) {
	# Why not is said in the answer.
	if (says["refusal"])
		return
	section("comparison", kernel_of(base) " against " kernel_of(new))
	for (i = 1; i <= says["error"]; i++)
		para("warn", said["error", i])
	find_labels(new)
	unit = verdict["lane"] == "insn" ? "instructions" : verdict["unit"]
	if (verdict["spoken"] != "")
		para("note", "In every cell: " verdict["spoken"] ".")
	verdict_table("REGRESSION", "Worse in new: %s, in " unit "%s, the largest change first", base, new, "all")
	verdict_table("IMPROVEMENT", "Better in new: %s, in " unit "%s, the largest change first", base, new, "all")
	para("plain", geo_text(base, new))
	geo_table(base, new)
	para("plain", said["why", 1])
	verdict_table("INCONCLUSIVE", "Could not be judged: %s, in " unit "%s", base, new, "long minor")
	for (i = 1; i <= says["note"]; i++)
		item(said["note", i])
	for (i = 1; i <= says["folded"]; i++)
		item(said["folded", i])
	rare_table(unit)
	for (i = 1; i <= cell_pictures; i++)
		figure("cell-" i, "Base beside new: " cell_title[i], "cells", cell_title[i])
	if (undrawn)
		para("note", undrawn " more have no picture: the report draws 60.")
}
