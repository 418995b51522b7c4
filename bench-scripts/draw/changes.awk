# SPDX-License-Identifier: GPL-2.0
# changes.awk - one kernel beside another, loaded after pictures.awk: functions over two sets of tables.awk, whose costs are of
# one unit, or nothing is compared; and over the tables verdict and judged of ../report/verdict.awk.

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

# The costs of a cell in a verdict, alloc and free together.
$1 == "judged" && !is_reference(at("alloc")) && asked(at("alloc"), allocs_wanted) && asked(at("bytes"), sizes_wanted) {
	key = at("pattern") SUBSEP at("name")
	if (!(key in moved_base))
		moved_at[++moved] = key
	# The four that everybody asks about come first.
	moved_order[key] = sprintf("%03d %03d %s %018d", place("pair churn batch remote", at("pattern")), \
		place("kmalloc kzalloc kvmalloc vmalloc", at("alloc")), at("alloc"), at("bytes")) key
	moved_base[key] += at("base")
	moved_new[key] += at("new")
	moved_called[key] = moved_called[key] at("verdict")
}

$1 == "verdict" {
	verdict[at("key")] = at("value")
	if (at("key") == "unit")
		about["verdict", "unit"] = at("value")
}

function asked(word, list) {
	return list == "" || index("," list ",", "," word ",")
}

# Where a word stands in a list; one that does not stands last.
function place(list, word) {
	return (index(" " list " ", " " word " ") + 998) % 999
}

function moved_ratio(key) {
	return moved_base[key] > 0 && moved_new[key] > 0 ? moved_new[key] / moved_base[key] : 1
}

function moved_far(key) {
	return moved_ratio(key) < 1 ? 1 / moved_ratio(key) : moved_ratio(key)
}

# Called is what the verdict says of one of the ops, where both together went the same way.
function moved_style(key) {
	if (moved_ratio(key) > 1 && moved_called[key] ~ /REGRESSION/)
		return "worse"
	return moved_ratio(key) < 1 && moved_called[key] ~ /IMPROVEMENT/ ? "better" : "base"
}

# Into shown_at[1..shown], in their order: those that moved furthest, as many as a picture has room for. What would read
# +0.0 % did not move.
function choose_moved(most,    i, j, n, far) {
	for (i = 1; i <= moved; i++) {
		if (moved_far(moved_at[i]) < 1.0005)
			continue
		for (j = ++n; j > 1 && moved_far(far[j - 1]) < moved_far(moved_at[i]); j--)
			far[j] = far[j - 1]
		far[j] = moved_at[i]
	}
	shown = n < most ? n + 0 : most
	for (i = 1; i <= shown; i++) {
		for (j = i; j > 1 && moved_order[shown_at[j - 1]] > moved_order[far[i]]; j--)
			shown_at[j] = shown_at[j - 1]
		shown_at[j] = far[i]
	}
	return shown
}

function moved_text(key) {
	return cost_text("verdict", moved_base[key]) " → " cost_text("verdict", moved_new[key]) "  " percent_text(moved_ratio(key))
}

function pattern_title(pattern,    text) {
	text = pattern_words(pattern)
	return pattern (text == "" ? "" : ": " text)
}

# The rows of one pattern.
function draw_moved(first, last,    i, s, style, what, name, x, y, any) {
	split(shown_at[first], name, SUBSEP)
	open_panel("rows", pattern_title(name[1]) (verdict["spoken " name[1]] == "" ? "" : ", " verdict["spoken " name[1]]), \
		last == shown ? "new as a multiple of base" : "", "ratio", "rows", 18 * (last - first + 1))
	print "rule", "x", 1, "" > pictures
	split("worse better base", style, " ")
	split("costs more;costs less;no change called", what, ";")
	for (s = 1; s <= 3; s++) {
		any = 0
		for (i = first; i <= last; i++) {
			if (moved_style(shown_at[i]) != style[s])
				continue
			if (!any++)
				open_series(what[s], style[s])
			split(shown_at[i], name, SUBSEP)
			y = last - i + 1
			x = moved_ratio(shown_at[i])
			print "row", y, name[2], moved_text(shown_at[i]) > pictures
			draw_box(x < 1 ? x : 1, x < 1 ? 1 : x, y - 0.32, y + 0.32, "none", name[2] " " name[1] ": base " \
				cost_text("verdict", moved_base[shown_at[i]]) ", new " cost_text("verdict", moved_new[shown_at[i]]) " " unit_name("verdict") \
				", " percent_text(x))
		}
	}
}

# The first picture of a comparison: every pattern beside the others, so that none speaks for all.
function picture_change(name,    i, first, part, text) {
	if (!choose_moved(40))
		return 0
	text = verdict["limits"]
	gsub(/`/, "", text)
	open_picture(name, "What changed, base → new", "base: " verdict["base"] "; new: " verdict["new"], \
		"Alloc and free together, in " unit_name("verdict") ". Coloured where the verdict calls a change of alloc or of free. " \
		(moved > shown ? "Not drawn: " count_text(moved - shown, "cell") " that changed less, or not at all. " : "") text)
	for (i = first = 1; i <= shown; i++) {
		split(shown_at[i] SUBSEP shown_at[i + 1], part, SUBSEP)
		if (part[1] == part[3])
			continue
		draw_moved(first, i)
		first = i + 1
	}
	return shown
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
