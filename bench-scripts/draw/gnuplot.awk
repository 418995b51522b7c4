# SPDX-License-Identifier: GPL-2.0
# gnuplot.awk - the files that panel.gp draws, from the table of pictures.awk:
#
#	awk -f units.awk -f gnuplot.awk -v dir=DIR palette.tsv PICTURES
#
# Writes into DIR for each picture NAME.gp (its words and its size), NAME-PANEL.gp (axes and words of a panel),
# NAME.dat (a block for each series: x y low high left right mark tip, a tab between) and NAME.words (title and text for
# who cannot see it); prints the names. Everything stands at pixels of a picture of `width` and is folded to fit.

BEGIN {
	FS = "\t"
	width = 560
	# DejaVu Sans is wide; a reader without it has a narrower one.
	wide = 8.4
	columns = int((width - 16) / 7.6)
}

FNR == NR {
	if (!/^#/)
		style[$1] = $0
	next
}

$1 == "picture" {
	finish()
	name = $2
	title = $3
	where = $4
	foot = $5
	panels = blocks = keys = 0
	split("", key_row)
	split("", low)
	split("", high)
	print name
	data = dir "/" name ".dat"
	printf "" >data
}
$1 == "panel" { open_panel() }
$1 == "series" { open_series() }
$1 == "point" { add_point() }
$1 == "gap" { add_gap() }
$1 == "rule" { words[panels] = words[panels] rule($2, $3, $4) }
$1 == "column" {
	column_name[panels, $2] = $3
	note("x", "names", $2)
}
$1 == "zone" { zones[panels, ++zone_count[panels]] = $2 FS $3 FS $4 FS $5 }
$1 == "text" { words[panels] = words[panels] label($4, "first " $2 ", first " $3, "left offset 0.5,0 textcolor rgb " quoted(light("ink"))) }
$1 == "row" {
	if (rows[panels] == "" || $2 < lowest_row[panels])
		lowest_row[panels] = $2
	if ($2 > highest_row[panels])
		highest_row[panels] = $2
	rows[panels] = rows[panels] (rows[panels] == "" ? "" : ", ") quoted($3) " " $2
	if (length($3) * wide + 22 > left)
		left = length($3) * wide + 22
	if ($4 == "")
		next
	words[panels] = words[panels] label($4, screen_x(width - 8) ", first " $2, "right textcolor rgb " quoted(light("ink")))
	if (length($4) * 7.7 + 12 > right)
		right = length($4) * 7.7 + 12
}

function open_panel() {
	end_series()
	if (!panels++) {
		left = 62
		right = 14
	}
	kind[panels] = $2
	heading[panels] = $3
	xlabel[panels] = $4
	xscale[panels] = $5
	yscale[panels] = $6
	height[panels] = $7
	first[panels] = blocks
	series[panels] = zone_count[panels] = highest_row[panels] = 0
	words[panels] = rows[panels] = shapes[panels] = ""
}

function open_series() {
	end_series()
	series[panels]++
	blocks++
	in_series = 1
	points = 0
	if (!($3 in style))
		$3 = "ink"
	shapes[panels] = shapes[panels] " " $3
	if (!(($2, $3) in key_row) && $2 != "") {
		key_row[$2, $3] = 1
		key_name[++keys] = $2
		key_style[keys] = $3
		key_kind[keys] = kind[panels]
	}
}

# What a block must have to be one, though nothing is in it.
function end_series() {
	if (in_series)
		print "NaN\tNaN\tNaN\tNaN\tNaN\tNaN\tnone\t\n\n" >data
	in_series = 0
}

function number(x) {
	return x == "-" ? "NaN" : x
}

function add_point(    i) {
	note("x", xscale[panels], $2)
	note("x", xscale[panels], $6)
	note("x", xscale[panels], $7)
	for (i = 3; i <= 5; i++)
		note("y", yscale[panels], $i)
	gsub(/["\\]/, "", $9)
	print number($2) FS number($3) FS number($4) FS number($5) FS number($6) FS number($7) FS $8 FS $9 >data
	points++
}

# One blank line, however many are missing: two would end the block.
function add_gap() {
	if (points)
		print "" >data
	points = 0
}

# The range of an axis, which the panels share.
function note(axis, scale, x) {
	if (x == "-" || x == "" || (x <= 0 && scale ~ /log|ratio|size|count|share/))
		return
	x += 0
	if (scale == "count" && !((name, x) in counted)) {
		counted[name, x] = 1
		count_at[name, ++counts[name]] = x
	}
	if (!((axis, scale) in low) || x < low[axis, scale])
		low[axis, scale] = x
	if (!((axis, scale) in high) || x > high[axis, scale])
		high[axis, scale] = x
}

function quoted(text) {
	gsub(/["\\]/, "", text)
	return "\"" text "\""
}

# light("base"): the colour of a style by day.
function light(what,    part) {
	split(style[what], part, FS)
	return part[2]
}

# 1500 as 1.5k, for the scale of an axis.
function compact(x,    k) {
	k = x >= 1e9 ? 3 : x >= 1e6 ? 2 : x >= 1e3 ? 1 : 0
	return sprintf("%g%s", x / 1000 ^ k, substr(" kMG", k + 1, k > 0))
}

function add_tick(x, text) {
	tick_at[++ticks] = x
	tick_text[ticks] = text
}

# Where an axis begins and ends, and what stands at it: from, to, tick_at[], tick_text[]. Logarithmic axes are logscale.
function make_axis(axis, scale,    k) {
	ticks = 0
	logscale = scale != "linear" && scale != "names" && scale != "percent" && scale != "rows"
	from = ((axis, scale) in low) ? low[axis, scale] : 1
	to = ((axis, scale) in high) ? high[axis, scale] : 10
	if (scale == "percent") {
		from = 0
		to = 103
		for (k = 0; k <= 100; k += 25)
			add_tick(k, k " %")
	} else if (scale == "names") {
		names_axis()
	} else if (scale == "linear") {
		linear_axis()
	} else if (scale == "size") {
		size_axis()
	} else if (scale == "count") {
		from /= 1.15
		to *= 1.15
		for (k = 1; k <= counts[name]; k++)
			add_tick(count_at[name, k], grouped(count_at[name, k]))
	} else if (scale == "ratio") {
		ratio_axis()
	} else if (scale == "share") {
		log_axis(from / 2, 130, " %", 1)
	} else if (scale == "log") {
		log_axis(from / 1.25, to * 1.25, "", 0)
	}
}

# Things in a row, such as kernels: by name where all names have room, else by number.
function names_axis(    k, room, wanted) {
	room = (width - left - right) / (to - from + 1)
	for (k = from; k <= to; k++)
		if (length(column_name[panels, k]) * wide + 6 > wanted)
			wanted = length(column_name[panels, k]) * wide + 6
	for (k = from; k <= to; k++)
		add_tick(k, wanted > room ? k : column_name[panels, k])
	from -= 0.5
	to += 0.5
}

function linear_axis(    step, k) {
	to = to > 0 ? to * 1.3 : 1
	from = 0
	for (step = 1e-6; step * 5 < to; step *= 10)
		;
	step = step / 2 * 5 >= to ? step / 2 : step
	for (k = 0; k * step <= to; k++)
		add_tick(k * step, compact(k * step))
}

function size_axis(    e, first_size) {
	first_size = from
	if (from == to) {
		from /= 2
		to *= 2
	}
	from /= 1.2
	to *= 1.2
	for (e = 8; e <= to; e *= 8)
		if (e >= from)
			add_tick(e, short_size(e))
	if (ticks > 1)
		return
	ticks = 0
	for (e = first_size; e <= to; e *= 2)
		add_tick(e, short_size(e))
}

# Powers of 2, or finer where there is little between.
function ratio_axis(    n, k, at) {
	from = (from < 0.7 ? from : 0.7) / 1.2
	to = (to > 1.4 ? to : 1.4) * 1.2
	if (to / from < 8) {
		n = split(to / from < 3 ? "0.4 0.5 0.6 0.7 0.8 1 1.25 1.5 1.75 2" : "0.125 0.25 0.5 0.75 1 1.5 2 3 4 6 8", at, " ")
		for (k = 1; k <= n; k++)
			if (at[k] >= from && at[k] <= to)
				add_tick(at[k], at[k])
		return
	}
	for (k = 1 / 1048576; k <= to; k *= 2)
		if (k >= from)
			add_tick(k, k < 1 ? "1/" 1 / k : k "")
}

# Decades, or 1-2-5 where there are few of them.
function log_axis(a, b, suffix, decades,    e, k, step) {
	if (b / a < 4) {
		e = sqrt(a * b)
		a = e / 2
		b = e * 2
	}
	from = a
	to = b
	split("1 2 5", step, " ")
	for (e = 1e-6; e <= b; e *= 10)
		for (k = 1; k <= (decades || b / a > 2000 ? 1 : 3); k++)
			if (e * step[k] >= a && e * step[k] <= b)
				add_tick(e * step[k], compact(e * step[k]) suffix)
}

# Those that would stand on the one before are left without a name.
function tick_list(axis, span,    k, at, last, text, out) {
	last = -1e9
	for (k = 1; k <= ticks; k++) {
		at = (logscale ? log(tick_at[k] / from) / log(to / from) : (tick_at[k] - from) / (to - from)) * span
		text = tick_text[k]
		if (axis == "x") {
			# At the edge of the picture it would be cut.
			if (at - length(text) * wide / 2 < last || at + length(text) * wide / 2 > span + right)
				text = ""
			else
				last = at + length(text) * wide / 2 + 6
		} else if (at - last < 16) {
			text = ""
		} else {
			last = at
		}
		# Of a tick it is a format.
		sub(/%/, "%%", text)
		out = out (k > 1 ? ", " : "") quoted(text) " " sprintf("%.10g", tick_at[k])
	}
	return out
}

function label(text, place, how) {
	return "set label " quoted(text) " at " place " " how "\n"
}

# Across the panel, with a word where two of them seldom meet.
function rule(axis, x, text,    place) {
	place = axis == "x" ? "first " x ", graph 0 to first " x ", graph " (text == "" ? 1 : 0.88) : "graph 0, first " x " to graph 1, first " x
	return "set arrow from " place " nohead linewidth 1.2 linecolor rgb " quoted(light("ink")) (axis == "x" ? " dashtype 3" : "") "\n" \
		(text == "" ? "" : label(" " text, "first " x ", graph " 0.82 - 0.08 * (rules++ % 4), "left textcolor rgb " quoted(light("ink"))))
}

function zone(p, i, a, b,    part, low_end, high_end, up) {
	split(zones[p, i], part, FS)
	low_end = part[1] < a ? a : part[1]
	high_end = part[2] > b ? b : part[2]
	up = part[2] >= b
	return "set object rectangle from graph 0, first " low_end " to graph 1, first " high_end " fillcolor rgb " quoted(light(part[3])) \
		" fillstyle transparent solid 0.09 noborder behind\n" label(part[4], up ? "graph 0.99, graph 0.94" : "graph 0.01, graph 0.06", \
		(up ? "right" : "left") " textcolor rgb " quoted(light("dim")))
}

# Pixels from the top, as gnuplot counts.
function screen_y(y) {
	return sprintf("screen %.5f", 1 - y / total)
}

function screen_x(x) {
	return sprintf("screen %.5f", x / width)
}

# A panel's axes; its area begins at `top`.
function write_panel(p, top,    file, k, n, part, span) {
	file = dir "/" name "-" p ".gp"
	printf "%s", words[p] >file
	make_axis("x", xscale[p])
	span = width - left - right
	print (logscale ? "set logscale x 10" : "unset logscale x") "\nset xrange [" from ":" to "]\nset xtics (" tick_list("x", span) ")" >file
	make_axis("y", yscale[p])
	if (rows[p] != "") {
		from = lowest_row[p] - 0.5
		to = highest_row[p] + 0.5
	}
	# Room for their names, above and below all curves.
	if (zone_count[p]) {
		span = (to / from) ^ 0.07
		from /= span
		to *= span
	}
	for (k = 1; k <= zone_count[p]; k++)
		printf "%s", zone(p, k, from, to) >file
	print (logscale ? "set logscale y 10" : "unset logscale y") "\nset yrange [" from ":" to "]\nset ytics (" \
		(rows[p] == "" ? tick_list("y", height[p]) : rows[p]) ")" >file
	print "set lmargin at " screen_x(left) "\nset rmargin at " screen_x(width - right) "\nset tmargin at " screen_y(top) \
		"\nset bmargin at " screen_y(top + height[p]) >file
	printf "%s", label(heading[p], screen_x(8) ", " screen_y(top - 18), "font \",15\" textcolor rgb " quoted(light("ink"))) >file
	if (xlabel[p] != "")
		printf "%s", label(xlabel[p], screen_x(width - right) ", " screen_y(top + height[p] + 40), "right textcolor rgb " quoted(light("dim"))) >file
	n = split(shapes[p], part, " ")
	print "kind = " quoted(kind[p]) "\nseries = " series[p] + 0 "\nfirst = " first[p] "\nbottom = " (logscale ? from : 0) >file
	write_styles(file, part, n)
	close(file)
}

function write_styles(file, name_of, n,    k, i, part, list) {
	split("colour dash shape hollow", list, " ")
	for (i = 1; i <= 4; i++) {
		printf "array %s[%d] = [", list[i], (n ? n : 1) >file
		for (k = 1; k <= n || k == 1; k++) {
			split(style[n ? name_of[k] : "ink"], part, FS)
			printf "%s%s", (k == 1 ? "" : ", "), (i == 1 ? quoted(part[2]) : part[i + 2]) >file
		}
		print "]" >file
	}
}

# Words, folded into lines of the picture from `y` on; returns how far down they go.
function folded(file, text, y, how, line_height,    n, i, word, row) {
	n = split(text, word, " ")
	for (i = 1; i <= n + 1; i++) {
		if (i > n || length(row) + 1 + length(word[i]) > columns) {
			if (row != "" && file != "")
				printf "%s", label(row, screen_x(8) ", " screen_y(y), how) >file
			y += (row != "") * line_height
			row = ""
		}
		row = row (row == "" ? "" : " ") word[i]
	}
	return y
}

# A key as its panel draws the series: a bar, a line, or a line with its points.
function key_mark(k, x, y,    part, colour) {
	split(style[key_style[k]], part, FS)
	colour = quoted(part[2])
	if (key_kind[k] == "rows")
		return "set object rectangle from " screen_x(x) ", " screen_y(y - 6) " to " screen_x(x + 28) ", " screen_y(y + 6) \
			" fillstyle transparent solid 0.5 noborder fillcolor rgb " colour "\n"
	return "set arrow from " screen_x(x) ", " screen_y(y) " to " screen_x(x + 28) ", " screen_y(y) \
		" nohead linewidth 2 dashtype " part[4] " linecolor rgb " colour "\n" \
		(key_kind[k] == "steps" ? "" : "set label \"\" at " screen_x(x + 14) ", " screen_y(y) " point pointtype " part[5] \
			" pointsize 0.8 linecolor rgb " colour "\n")
}

# The legend: a mark and the name of each key; several rows where one has no room.
function legend(file, y,    k, x) {
	if (keys == 0)
		return y
	x = 8
	for (k = 1; k <= keys; k++) {
		if (x > 8 && x + 34 + 7.7 * length(key_name[k]) > width - 14) {
			x = 8
			y += 20
		}
		if (file != "") {
			printf "%s", key_mark(k, x, y) >file
			printf "%s", label(key_name[k], screen_x(x + 34) ", " screen_y(y), "left textcolor rgb " quoted(light("ink"))) >file
		}
		x += 34 + 7.7 * length(key_name[k]) + 18
	}
	return y + 20
}

# Everything above the panels; where the first of them begins.
function write_head(file,    y) {
	y = folded(file, title, 20, "font \",18\" textcolor rgb " quoted(light("ink")), 22)
	y = folded(file, where, y + 2, "font \",14\" textcolor rgb " quoted(light("dim")), 18)
	return legend(file, y + 8)
}

function finish(    p, y, file, top) {
	if (name == "")
		return
	end_series()
	close(data)
	total = 1000
	y = write_head("")
	for (p = 1; p <= panels; p++) {
		y += 34
		top[p] = y
		y += height[p] + 24 + (xlabel[p] != "") * 22
	}
	total = folded("", foot, y + 18, "", 17) - 4
	file = dir "/" name ".gp"
	print "height = " total "\nwidth = " width "\npanels = " panels >file
	write_head(file)
	folded(file, foot, y + 18, "font \",14\" textcolor rgb " quoted(light("dim")), 17)
	close(file)
	rules = 0
	for (p = 1; p <= panels; p++)
		write_panel(p, top[p])
	file = dir "/" name ".words"
	print title ". " where >file
	close(file)
}

END {
	finish()
}
