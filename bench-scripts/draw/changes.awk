# SPDX-License-Identifier: GPL-2.0
# changes.awk - one kernel beside another: functions over two sets of tables.awk, loaded behind pictures.awk. Costs are of
# one unit, or nothing is compared.

function comparable(base, new) {
	return (base, "unit") in about && about[base, "unit"] == about[new, "unit"]
}

# New over base, or "-".
function change_of(base, new, slice, alloc, size, op,    b, n) {
	b = cost(base, slice, alloc, size, op)
	n = cost(new, slice, alloc, size, op)
	return b == "-" || n == "-" || b <= 0 || n <= 0 ? "-" : n / b
}

# The geometric mean of new over base, of one allocator or all of them, over every cell that both have: geo_n, geo_mean,
# geo_low and geo_high.
function geometric_mean(base, new, alloc,    i, k, j, r, sum) {
	geo_n = sum = 0
	for (k = 1; k <= allocs[new]; k++) {
		if (is_reference(alloc_at[new, k]) || alloc != "" && alloc_at[new, k] != alloc)
			continue
		for (i = 1; i <= slices[new]; i++)
			for (j = 1; j <= sizes[new]; j++) {
				r = change_of(base, new, slice_at[new, i], alloc_at[new, k], size_at[new, j])
				if (r == "-")
					continue
				sum += log(r)
				if (!geo_n++ || r < geo_low)
					geo_low = r
				if (geo_n == 1 || r > geo_high)
					geo_high = r
			}
	}
	geo_mean = geo_n ? exp(sum / geo_n) : "-"
	return geo_n
}

function change_tip(base, new, slice, alloc, size, op) {
	return alloc " " long_size(size) ", " op_title(op == "" ? "cost" : op) ": base " cost_text(base, cost(base, slice, alloc, size, op)) ", new " \
		cost_text(new, cost(new, slice, alloc, size, op)) " " unit_name(new) ", " percent_text(change_of(base, new, slice, alloc, size, op))
}

# The first picture of a comparison.
function picture_change(base, new, name, slice,    n, k, i, r, any) {
	n = choose_drawn(new, slice)
	for (k = 1; k <= n; k++)
		for (i = 1; i <= sizes[new]; i++)
			any += change_of(base, new, slice, drawn[k], size_at[new, i]) != "-"
	if (!any)
		return 0
	open_picture(name, "What changed, by size", "new: Linux " about[new, "kernel"] "; base: Linux " about[base, "kernel"] "; " lane_name(new) \
		"; " slice_words(slice), "Medians of alloc plus free. Judged in the table, not here. " limits_text(new))
	open_panel("lines", "new as a multiple of base", "size asked for", "size", "ratio", 270)
	print "zone", 1, 1e9, "worse", "above 1: new costs more" > pictures
	print "zone", 0, 1, "better", "below 1: new costs less" > pictures
	print "rule", "y", 1, "" > pictures
	for (k = 1; k <= n; k++) {
		open_series(legend_name(new, drawn[k], slice), style_of[drawn[k]])
		for (i = 1; i <= sizes[new]; i++) {
			r = change_of(base, new, slice, drawn[k], size_at[new, i])
			if (r != "-")
				draw_point(size_at[new, i], r, "-", "-", "full", change_tip(base, new, slice, drawn[k], size_at[new, i]))
			else if (planned(new, slice, drawn[k], size_at[new, i]))
				print "gap" > pictures
		}
	}
	return 1
}

# One kernel's curve in the picture of a cell; the whiskers are the medians of its boots.
function draw_side(set, slice, alloc, op, side,    i, size, x, boots) {
	open_series(side ": " about[set, "kernel"], side)
	for (i = 1; i <= sizes[set]; i++) {
		size = size_at[set, i]
		x = cost(set, slice, alloc, size, op)
		boots = value("boots", set, slice, alloc, size, op) > 1
		if (x != "-" && x > 0)
			draw_point(size, x, boots ? value("least", set, slice, alloc, size, op) : "-", boots ? value("most", set, slice, alloc, size, op) : "-", \
				value("limited", set, slice, alloc, size, op) == "yes" ? "hollow" : "full", side ": " tip_of(set, slice, alloc, size, op))
		else if (planned(set, slice, alloc, size))
			print "gap" > pictures
	}
}

# Base beside new: every op of an allocator in a slice.
function picture_cell(base, new, name, slice, alloc,    o, n, m, op, words) {
	words = cell_words(alloc, slice)
	drawn[1] = alloc
	m = split("alloc free pair", op, " ")
	for (o = 1; o <= m; o++) {
		if (!has_op(new, slice, 1, op[o]) || !has_op(base, slice, 1, op[o]))
			continue
		if (!n++)
			open_picture(name, words, lane_name(new) "; " slice_words(slice), "Medians; a bar spans those of several boots. " \
				(by_the_byte(new, alloc, slice) ? "rep stos counts each byte. " : ""))
		open_panel("whiskers", op_title(op[o]) ", " unit_name(new) " per call", "size asked for", "size", "log", 170)
		draw_side(base, slice, alloc, op[o], "base")
		draw_side(new, slice, alloc, op[o], "new")
	}
	return n
}

# kmalloc, churn, GFP_ATOMIC: an allocator and what is not usual of a slice.
function cell_words(alloc, slice,    p, label) {
	split(slice, p, " ")
	label = cell_label(alloc, "", p[1], p[2], p[3], p[4], p[5])
	sub(/  /, " ", label)
	return label
}
