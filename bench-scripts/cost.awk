# SPDX-License-Identifier: GPL-2.0
# cost.awk - what a pair of calls costs, and who is cheaper where. Functions
# over the tables about and points of points.awk, shared by answer.awk and the
# pictures: awk -f cost.awk -f PROGRAM. The program calls sort_sizes() at END.
#
# The cost of a pair is the median of alloc plus that of free, for one object:
# objects[alloc] says of how many a call is. Two costs are
# the same when they differ by less than the tolerance: 2.5 % in the
# instruction lane, where a harmless change of the boot moves medians by so
# much; in the time lane what the boots given differ by, at least 2 %; and 7 %
# where there is one boot only (the spread of medians from boot to boot).

BEGIN {
	FS = "\t"
}

$1 == "about" && $2 == "warning" {
	warnings = warnings (warnings == "" ? "" : "; ") $3
	next
}

$1 == "about" {
	about[$2] = $3
	next
}

$1 == "points" && $2 == "alloc" {
	for (i = 1; i <= NF; i++)
		col[$i] = i
	next
}

$1 == "points" {
	remember_point($col["alloc"], $col["size"], $col["op"])
}

function remember_point(alloc, size, op,    slice) {
	slice = $col["flags"] FS $col["context"] FS $col["pattern"] FS $col["cpus"] FS $col["variant"]
	if (!(slice in known_slice)) {
		known_slice[slice] = 1
		slice_at[++slices] = slice
	}
	if (!(alloc in known_alloc)) {
		known_alloc[alloc] = 1
		alloc_at[++allocs] = alloc
	}
	if (!(size in known_size)) {
		known_size[size] = 1
		size_at[++sizes] = size + 0
	}
	if ($col["objects"] != "-" && $col["objects"] != "")
		objects[alloc] = $col["objects"]
	cell_state[slice, alloc, size] = $col["state"]
	cell_reason[slice, alloc, size] = $col["reason"]
	if ($col["limited"] == "yes" && op !~ /touch/)
		limited[slice, alloc, size] = 1
	if ($col["p50"] == "-")
		return
	calls = $col["calls"] == "-" ? 1 : $col["calls"]
	p50[slice, alloc, size, op] = $col["p50"] / calls
	if ($col["boots"] > 1) {
		spread[slice, alloc, size, op] = ($col["p50_high"] - $col["p50_low"]) / calls
		several_boots = 1
	}
	remember_tail(slice, alloc, size, op, $col["p99"], $col["p50"])
}

# They measure the ruler.
function is_reference(alloc) {
	return alloc ~ /^(null|delay|control)$/
}

# The call whose p99 is furthest above its median: the largest p99 is always that of the largest size.
function remember_tail(slice, alloc, size, op, p99, half) {
	if (p99 == "-" || half <= 0 || $col["limited"] == "yes" || is_reference(alloc) || p99 / half <= tail[slice])
		return
	tail[slice] = p99 / half
	tail_text[slice] = alloc " " op " of " long_size(size)
	tail_p99[slice] = p99 / calls
	tail_half[slice] = half / calls
}

# Real time of an emulated processor: it exercises the tool, no more.
function emulated() {
	return about["unit"] != "insn" && about["accel"] == "tcg"
}

function short_size(bytes,    unit) {
	for (unit = 0; bytes >= 1024 && bytes % 1024 == 0 && unit < 4; unit++)
		bytes /= 1024
	return bytes substr(" KMGT", unit + 1, unit > 0)
}

function long_size(bytes,    unit) {
	for (unit = 0; bytes >= 1024 && bytes % 1024 == 0 && unit < 4; unit++)
		bytes /= 1024
	return bytes " " (unit ? substr("KMGT", unit, 1) "i" : "") "B"
}

function grouped(x,    text, out) {
	text = sprintf("%.0f", x)
	while (length(text) > 3) {
		out = "," substr(text, length(text) - 2) out
		text = substr(text, 1, length(text) - 3)
	}
	return text out
}

# Cost of a call pair, -1 where there is none. with_touch adds the first touch.
function cost(slice, alloc, size, with_touch,    at, sum) {
	at = slice SUBSEP alloc SUBSEP size SUBSEP
	if ((at "pair") in p50)
		return with_touch ? -1 : p50[at "pair"]
	if (!((at "alloc") in p50) || !((at "free") in p50))
		return -1
	sum = p50[at "alloc"] + p50[at "free"]
	if (!with_touch)
		return sum
	return (at "touch") in p50 ? sum + p50[at "touch"] : -1
}

function cost_spread(slice, alloc, size,    at) {
	at = slice SUBSEP alloc SUBSEP size SUBSEP
	return spread[at "pair"] + spread[at "alloc"] + spread[at "free"] + spread[at "touch"]
}

function percent() {
	if (about["unit"] == "insn")
		return 2.5
	return several_boots ? 2 : 7
}

# -1: a is cheaper, 1: b is cheaper, 0: the same.
function judge(a, b, room,    tolerance) {
	tolerance = (a < b ? a : b) * percent() / 100
	if (tolerance < 2)
		tolerance = 2
	by_room = about["unit"] != "insn" && tolerance < room
	if (by_room)
		tolerance = room
	if (a - b <= tolerance && b - a <= tolerance)
		return 0
	return a < b ? -1 : 1
}

function sort_sizes(    i, j, t) {
	for (i = 2; i <= sizes; i++) {
		t = size_at[i]
		for (j = i; j > 1 && size_at[j - 1] > t; j--)
			size_at[j] = size_at[j - 1]
		size_at[j] = t
	}
}

# The slice that holds most sizes of both: kmalloc and vmalloc where measured.
function best_slice(a, b, touch,    i, j, n, most, best) {
	for (i = 1; i <= slices; i++) {
		n = 0
		for (j = 1; j <= sizes; j++)
			n += (cost(slice_at[i], a, size_at[j], touch) >= 0) + (cost(slice_at[i], b, size_at[j], touch) >= 0)
		if (n > most) {
			most = n
			best = slice_at[i]
		}
	}
	return best
}

# Of costs x and y of a and b at that size.
function judge_at(slice, a, b, size, x, y) {
	return judge(x, y, cost_spread(slice, a, size) + cost_spread(slice, b, size))
}

# Sizes at which one takes over from the other, one blank between: where the
# line from one clear winner to the next passes ratio 1 on logarithmic axes. It
# passes through no gap, and a tie wins nothing.
function crossings(slice, a, b,    i, x, y, verdict, ratio, last, last_size, last_ratio, text) {
	last = 0
	for (i = 1; i <= sizes; i++) {
		x = cost(slice, a, size_at[i])
		y = cost(slice, b, size_at[i])
		if (x <= 0 || y <= 0) {
			if ((slice, a, size_at[i]) in cell_state || (slice, b, size_at[i]) in cell_state)
				last = 0
			continue
		}
		verdict = judge_at(slice, a, b, size_at[i], x, y)
		if (!verdict)
			continue
		ratio = y / x
		if (last * verdict < 0)
			text = text (text == "" ? "" : " ") sprintf("%.0f", \
				exp(log(last_size) - log(size_at[i] / last_size) * log(last_ratio) / log(ratio / last_ratio)))
		last = verdict
		last_size = size_at[i]
		last_ratio = ratio
	}
	return text
}

# Stretches of sizes with one winner, into run_*[]; returns how many.
function find_runs(slice, a, b, touch,    i, x, y, verdict, n) {
	compared = 0
	for (i = 1; i <= sizes; i++) {
		x = cost(slice, a, size_at[i], touch)
		y = cost(slice, b, size_at[i], touch)
		if (x < 0 || y < 0)
			continue
		if (!compared++)
			smallest = size_at[i]
		largest = size_at[i]
		verdict = judge_at(slice, a, b, size_at[i], x, y)
		if (!n || verdict != run_winner[n]) {
			run_winner[++n] = verdict
			run_first[n] = size_at[i]
			run_sizes[n] = run_by_room[n] = 0
		}
		run_last[n] = size_at[i]
		run_sizes[n]++
		run_by_room[n] += by_room
	}
	return n
}

# How close two costs of stretch i are that count as the same.
function within(i) {
	return run_by_room[i] ? "within what the boots differ by" : "within " percent() " %"
}

function run_text(i, n, a, b,    who, where) {
	who = run_winner[i] < 0 ? a " is cheaper" : run_winner[i] > 0 ? b " is cheaper" : \
		"they cost the same (" within(i) ")"
	if (run_sizes[i] == 1 && i > 1 && i < n)
		where = "at " long_size(run_first[i])
	else if (i == 1)
		where = "up to " long_size(run_last[i])
	else if (i == n)
		where = "from " long_size(run_first[i]) " on"
	else
		where = "from " long_size(run_first[i]) " to " long_size(run_last[i])
	return who " " where
}

function crossover(slice, a, b, touch,    n, i, text, won) {
	n = find_runs(slice, a, b, touch)
	if (!n)
		return a " and " b " were measured at no common size."
	range = compared == 1 ? "the one size measured, " long_size(smallest) : \
		"every size measured, " long_size(smallest) " to " long_size(largest)
	if (n == 1 && run_winner[1] == 0)
		return sprintf("%s and %s cost the same (%s) at %s.", a, b, within(1), range)
	if (n == 1)
		return (run_winner[1] < 0 ? a : b) " is cheaper than " (run_winner[1] < 0 ? b : a) " at " range "."
	if (n > 5) {
		for (i = 1; i <= n; i++)
			won[run_winner[i]] += run_sizes[i]
		return sprintf("No clear crossover from %s to %s: %s is cheaper at %d sizes, %s at %d, the same at %d.", \
			long_size(smallest), long_size(largest), a, won[-1], b, won[1], won[0])
	}
	for (i = 1; i <= n; i++)
		text = text (i == 1 ? "" : i == n ? ", and " : ", ") run_text(i, n, a, b)
	return text " (measured from " long_size(smallest) " to " long_size(largest) ")."
}
