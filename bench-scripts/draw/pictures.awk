# SPDX-License-Identifier: GPL-2.0
# pictures.awk - what each picture shows, as a table that gnuplot.awk turns into files of gnuplot: functions over the
# tables of tables.awk. Everything is in the unit of the lane. Lines of the table, tab-separated, into the file `pictures`:
#   picture NAME TITLE WHERE FOOT      its panels stand below each other and share their axes
#   panel KIND TITLE XLABEL XSCALE YSCALE HEIGHT
#       KIND: lines (YLOW to YHIGH is a band), whiskers (it is a bar), steps, bars, heat, dots, rows (bars that lie)
#       XSCALE: size log count percent linear names; YSCALE: log ratio percent rows
#   series NAME STYLE                  STYLE is a name in palette.tsv
#   point X Y YLOW YHIGH XLOW XHIGH MARK TIP       "-": none; MARK: full, hollow, none, or a share of 1 in a heat map
#   gap                                nothing may be drawn through it
#   rule x|y AT TEXT, zone LOW HIGH STYLE TEXT     of the panel, across it
#   row AT NAME [TEXT]                 the name of a row, and words on its right
#   column AT NAME                     of a scale of names: what stands there
#   text X Y TEXT                      words in the panel

function open_picture(name, title, where, foot) {
	print "picture", name, title, where, foot > pictures
	drawn_pictures++
}

function open_panel(kind, title, xlabel, xscale, yscale, height) {
	print "panel", kind, title, xlabel, xscale, yscale, height > pictures
}

function open_series(name, style) {
	print "series", name, style > pictures
}

function draw_point(x, y, low, high, mark, tip) {
	print "point", x, y, low, high, "-", "-", mark, tip > pictures
}

function draw_box(left, right, low, high, mark, tip) {
	print "point", (left + right) / 2, high, low, high, left, right, mark, tip > pictures
}

# A logarithmic axis has no 0.
function positive(x) {
	return x > 0 ? x + 0 : 0.5
}

function op_title(op) {
	return op == "alloc" ? "allocate" : op == "free" ? "free" : op == "touch" ? "first write" : op == "retouch" ? "second write" : \
		op == "pair" || op == "cost" ? "allocate + free" : op
}

# How a slice is called, for a caption: GFP_KERNEL, process, pattern pair, CPU 0.
function slice_words(slice,    p) {
	split(slice, p, " ")
	return p[1] ", " p[2] ", pattern " p[3] ", CPU" (p[4] ~ /[-,]/ ? "s " : " ") p[4] (p[5] == "-" ? "" : ", " p[5])
}

function where_text(set, slice) {
	return "Linux " about[set, "kernel"] ", " lane_name(set) ", clock " about[set, "clock"] \
		(is_insn(set) ? "" : sprintf(" at %.0f MHz", about[set, "khz"] / 1000)) "; " slice_words(slice)
}

function limits_text(set) {
	return emulated(set) ? "Times under emulation (accel=tcg) say nothing about hardware." : is_insn(set) ? \
		"Instructions, exact; blind to caches, TLBs, atomics, contention; rep stos counts each byte." : \
		"Time net of the clock's own cost. One boot covers one memory layout."
}

# What rep stos makes of a name in a legend.
function legend_name(set, alloc, slice) {
	return alloc (by_the_byte(set, alloc, slice) ? " [by the byte]" : "")
}

# Which allocators go into a picture, as drawn[1..n]: those asked for, else the four, else the first six.
function choose_drawn(set, slice,    i, n, want, wants) {
	split("", drawn)
	wants = split(allocs_wanted == "" ? "kmalloc,kzalloc,kvmalloc,vmalloc" : allocs_wanted, want, ",")
	for (i = 1; i <= wants; i++)
		if (has(set, want[i]) && has_cost(set, slice, want[i]))
			drawn[++n] = want[i]
	for (i = 1; i <= allocs[set] && allocs_wanted == "" && (n < 3 || n > 4) && n < 6; i++)
		if (!is_reference(alloc_at[set, i]) && alloc_at[set, i] !~ /^(k|kz|kv|v)malloc$/ && has_cost(set, slice, alloc_at[set, i]))
			drawn[++n] = alloc_at[set, i]
	choose_styles(drawn, n)
	return n + 0
}

# Those that have a cost and are not drawn.
function left_out(set, slice, draws,    i, k, text) {
	for (i = 1; i <= allocs[set]; i++) {
		for (k = 1; k <= draws && drawn[k] != alloc_at[set, i]; k++)
			;
		if (k > draws && !is_reference(alloc_at[set, i]) && has_cost(set, slice, alloc_at[set, i]))
			text = text (text == "" ? "" : ", ") alloc_at[set, i]
	}
	return text
}

function tip_of(set, slice, alloc, size, op,    x, text, i, name, v) {
	x = unit_name(set)
	text = alloc " " long_size(size) ", " op_title(op) ": median " cost_text(set, cost(set, slice, alloc, size, op)) " " x
	split("low high max", name, " ")
	for (i = 1; i <= 3; i++)
		if ((v = value(name[i], set, slice, alloc, size, op)) != "-")
			text = text ", " (i == 1 ? "p1 " : i == 2 ? "p99 " : "max ") cost_text(set, v)
	if ((v = value("n", set, slice, alloc, size, op)) != "-")
		text = text ", " grouped(v) " samples"
	if (value("limited", set, slice, alloc, size, op) == "yes")
		text = text ", clock-limited"
	if (value("state", set, slice, alloc, size, op) != "ok")
		text = text ", " value("state", set, slice, alloc, size, op) ": " value("reason", set, slice, alloc, size, op)
	return text
}

# A curve over the sizes, with its gaps: is there anything?
function draw_by_size(set, slice, alloc, op,    i, size, x, n) {
	for (i = 1; i <= sizes[set]; i++) {
		size = size_at[set, i]
		x = cost(set, slice, alloc, size, op)
		if (x != "-" && x > 0) {
			draw_point(size, x, value("low", set, slice, alloc, size, op), value("high", set, slice, alloc, size, op), \
				value("limited", set, slice, alloc, size, op) == "yes" ? "hollow" : "full", tip_of(set, slice, alloc, size, op))
			n++
		} else if (planned(set, slice, alloc, size)) {
			print "gap" > pictures
		}
	}
	return n
}

function has_op(set, slice, n, op,    k, i) {
	for (k = 1; k <= n; k++)
		for (i = 1; i <= sizes[set]; i++)
			if (cost(set, slice, drawn[k], size_at[set, i], op) > 0 && cost(set, slice, drawn[k], size_at[set, i], op) != "-")
				return 1
	return 0
}

# The ops of a slice that a picture can have, in ops_drawn[]: those called one by one, or pairs in stretches.
function choose_ops(set, slice, n, wanted,    i, m, op, count) {
	split("", ops_drawn)
	m = split(has_op(set, slice, n, "pair") ? "pair" : wanted, op, " ")
	for (i = 1; i <= m; i++)
		if (has_op(set, slice, n, op[i]))
			ops_drawn[++count] = op[i]
	return count + 0
}

# One call by size, a panel for each op.
function picture_latency(set, name, slice, wanted, title,    n, m, o, k, more) {
	n = choose_drawn(set, slice)
	m = choose_ops(set, slice, n, wanted)
	if (!m)
		return 0
	more = left_out(set, slice, n)
	open_picture(name, title, where_text(set, slice), "Line: median. Band: p1 to p99, from 1,000 samples on. " \
		"Hollow: clock-limited, below 3 times the clock's own cost. " (more == "" ? "" : "Not drawn: " more ". ") limits_text(set))
	for (o = 1; o <= m; o++) {
		open_panel("lines", op_title(ops_drawn[o]) ", " unit_name(set) " per call", "size asked for", "size", "log", 200)
		for (k = 1; k <= n; k++) {
			open_series(legend_name(set, drawn[k], slice), style_of[drawn[k]])
			draw_by_size(set, slice, drawn[k], ops_drawn[o])
		}
	}
	return 1
}

# A curve of vmalloc over kmalloc: how many points.
function draw_ratio(set, slice, op, name, style,    i, size, r, n) {
	open_series(name, style)
	for (i = 1; i <= sizes[set]; i++) {
		size = size_at[set, i]
		r = value("ratio", set, slice, "vmalloc", size, op)
		if (r != "-") {
			draw_point(size, r, "-", "-", "full", long_size(size) ", " name ": vmalloc costs " times(r) " times as much as kmalloc" \
				(value("winner", set, slice, "vmalloc", size, op) == "same" ? ", which counts as the same" : ""))
			n++
		} else if (planned(set, slice, "kmalloc", size) || planned(set, slice, "vmalloc", size)) {
			print "gap" > pictures
		}
	}
	return n
}

function has_ratio(set,    i) {
	for (i = 1; i <= sizes[set]; i++)
		if (value("ratio", set, usual[set], "vmalloc", size_at[set, i]) != "-")
			return 1
	return 0
}

# The same written in the first place is what the loop does: of that lane it is no part.
function with_write(set) {
	return !is_insn(set) && written[set] != ""
}

function picture_ratio(set, name,    n, i, where) {
	if (!has_ratio(set))
		return 0
	open_picture(name, "kmalloc or vmalloc, by size", where_text(set, usual[set]), sentence[set, "crossover"] " Medians of alloc plus free. " \
		limits_text(set))
	open_panel("lines", "vmalloc + vfree as a multiple of kmalloc + kfree", "size asked for", "size", "ratio", 270)
	print "zone", 0, 1, "2", "below 1: vmalloc is cheaper" > pictures
	print "zone", 1, 1e9, "1", "above 1: kmalloc is cheaper" > pictures
	print "rule", "y", 1, "" > pictures
	n = split(crossings[set], where, " ")
	for (i = 1; i <= n; i++)
		print "rule", "x", where[i], near_size(where[i]) > pictures
	draw_ratio(set, usual[set], "cost", with_write(set) ? "call alone" : "", 7)
	if (with_write(set))
		draw_ratio(set, written[set], "written", "with the first write to every page", 5)
	return 1
}

# Steps up to all calls. What is nearer to the corner before than a picture can show is left out.
function draw_cdf(    i, seen, x, y, last_x, last_y) {
	draw_point(positive(bin_lo[1]), 0, "-", "-", "none", "")
	for (i = 1; i <= bins; i++) {
		seen += bin_n[i]
		x = positive(bin_hi[i])
		y = 100 * seen / bin_total
		if (i < bins && i > 1 && y - last_y < 0.2 && x < last_x * 1.004)
			continue
		draw_point(x, y, "-", "-", "none", "")
		last_x = x
		last_y = y
	}
}

# Bars of equal width on a logarithmic axis, so many to the doubling; one that straddles two counts in its lower one.
function bar_of(x) {
	x = 12 * log(positive(x)) / log(2) + 1000000.000001
	return int(x) - 1000000
}

function edge(bar) {
	return 2 ^ (bar / 12)
}

# share_of[bar] in percent, from first_bar to last_bar, `step` of them in one.
function share_bars(step,    i, b) {
	split("", share_of)
	for (i = 1; i <= bins; i++) {
		b = bar_of(bin_lo[i])
		b = step * (int((b + 1000000 * step) / step) - 1000000)
		share_of[b] += 100 * bin_n[i] / bin_total
		if (i == 1)
			first_bar = b
		last_bar = b
	}
}

function draw_bars(set, what, step, left, right,    b, share, tip) {
	share_bars(step)
	for (b = first_bar; b <= last_bar; b += step) {
		if (!(b in share_of))
			continue
		tip = sprintf("%s: %.3g %% of the calls from %s to %s %s", what, share_of[b], cost_text(set, edge(b)), \
			cost_text(set, edge(b + step)), unit_name(set))
		share = 0.12 + 0.88 * log(share_of[b] / 0.01) / log(10000)
		if (left == "")
			draw_box(edge(b), edge(b + step), "-", share_of[b], "none", tip)
		else
			draw_box(left, right, edge(b), edge(b + step), share < 0.12 ? 0.12 : share > 1 ? 1 : share, tip)
	}
}

function has_hist(set, slice, n, size,    k) {
	for (k = 1; k <= n; k++)
		if ((set, slice, drawn[k], size, "alloc") in buckets)
			return 1
	return 0
}

# The calls of one size: as steps, or as bars.
function picture_spread(set, name, slice, size, kind,    n, o, op, k) {
	n = choose_drawn(set, slice)
	if (!has_hist(set, slice, n, size))
		return 0
	open_picture(name, "How the calls of " long_size(size) " are spread" (kind == "bars" ? ", as bars" : ""), where_text(set, slice), \
		kind == "bars" ? "12 bars to a doubling of the cost; both axes are logarithmic, so that rare paths show. " limits_text(set) : "Each step is a path of the kernel. " limits_text(set))
	split("alloc free", op, " ")
	for (o = 1; o <= 2; o++) {
		if (kind == "bars")
			open_panel("bars", op_title(op[o]) ": share of the calls in each bar", unit_name(set) " per call", "log", "share", 200)
		else
			open_panel("steps", op_title(op[o]) ": share of the calls that cost at most this", unit_name(set) " per call", "log", "percent", 200)
		for (k = 1; k <= n; k++) {
			if (!((set, slice, drawn[k], size, op[o]) in buckets))
				continue
			unpack(set SUBSEP slice SUBSEP drawn[k] SUBSEP size SUBSEP op[o])
			open_series(legend_name(set, drawn[k], slice), style_of[drawn[k]])
			if (kind == "bars")
				draw_bars(set, drawn[k], 1, "")
			else
				draw_cdf()
		}
	}
	return 1
}

# Size across, cost up, the share of the calls as the fullness of the colour.
function picture_heat(set, name, slice,    n, k, i, size, panels) {
	n = choose_drawn(set, slice)
	for (k = 1; k <= n && panels < 4; k++) {
		for (i = 1; i <= sizes[set]; i++) {
			size = size_at[set, i]
			if (!((set, slice, drawn[k], size, "alloc") in buckets))
				continue
			if (!panels)
				open_picture(name, "Where the samples lie, by size", where_text(set, slice), "Allocation only. The fuller the colour, the more calls: " \
					"logarithmic, so that one in ten thousand still shows. Full rows with an empty one between them are two paths; side by side they may be one. " limits_text(set))
			if (!(k in panel_open)) {
				panel_open[k] = ++panels
				open_panel("heat", drawn[k] ", " op_title("alloc") ", " unit_name(set) " per call", "size asked for", "size", "log", 190)
				open_series("", style_of[drawn[k]])
			}
			unpack(set SUBSEP slice SUBSEP drawn[k] SUBSEP size SUBSEP "alloc")
			# Half a bar: sizes that double leave a gap.
			draw_bars(set, drawn[k] " " long_size(size), 4, size / 1.38, size * 1.38)
		}
	}
	split("", panel_open)
	return panels > 0
}

# Every allocator beside the others, where there are more than a picture can have lines: cheapest first.
function picture_overview(set, name, slice,    i, j, k, n, ordered, least, x, s, size) {
	s = chosen_sizes(set, "64 4096 65536", size)
	for (k = 1; k <= allocs[set]; k++) {
		x = ""
		for (i = 1; i <= s; i++)
			if (cost(set, slice, alloc_at[set, k], size[i]) != "-" && (x == "" || cost(set, slice, alloc_at[set, k], size[i]) < x))
				x = cost(set, slice, alloc_at[set, k], size[i]) + 0
		if (x == "" || is_reference(alloc_at[set, k]))
			continue
		for (j = ++n; j > 1 && least[j - 1] > x; j--) {
			least[j] = least[j - 1]
			ordered[j] = ordered[j - 1]
		}
		least[j] = x
		ordered[j] = alloc_at[set, k]
	}
	if (n <= 6)
		return 0
	open_picture(name, "Every allocator beside the others", where_text(set, slice), "Cheapest first, by the cheapest of the sizes. " limits_text(set))
	open_panel("dots", "alloc + free, medians", unit_name(set), "log", "rows", 21 * n)
	for (j = 1; j <= n; j++)
		print "row", n - j + 1, legend_name(set, ordered[j], slice) > pictures
	for (i = 1; i <= s; i++) {
		open_series(long_size(size[i]), i)
		for (j = 1; j <= n; j++)
			if ((x = cost(set, slice, ordered[j], size[i])) != "-" && x > 0)
				draw_point(x, n - j + 1, "-", "-", is_limited(set, slice, ordered[j], size[i]) ? "hollow" : "full", \
					ordered[j] " " long_size(size[i]) ": " cost_text(set, x) " " unit_name(set))
	}
	return 1
}

# Of the sizes in a list those that were measured.
function chosen_sizes(set, list, into,    i, n, m, want) {
	m = split(list, want, " ")
	for (i = 1; i <= m; i++)
		if ((set, want[i] + 0) in known_size)
			into[++n] = want[i]
	return n + 0
}
