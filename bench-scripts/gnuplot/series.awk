# SPDX-License-Identifier: GPL-2.0
# series.awk - the data files that the gnuplot programs draw.
#
#	... points.awk -v table=about,points,hists |
#		awk -f cost.awk -f series.awk -v dir=DIR [-v sizes_wanted=LIST] [-v allocs_wanted=LIST]
#
# Writes into DIR: about.gp (titles and what is in the files), latency.dat,
# ratio.dat, cdf-SIZE.dat, bars-SIZE.dat; blocks of a file are what gnuplot calls an index.
# A blank line in a block is a gap: nothing may be drawn through it.

$1 == "hists" && $2 == "alloc" {
	for (i = 1; i <= NF; i++)
		col[$i] = i
	next
}

$1 == "hists" {
	key = $col["flags"] FS $col["context"] FS $col["pattern"] FS $col["cpus"] FS $col["variant"] \
		SUBSEP $col["alloc"] SUBSEP $col["size"] SUBSEP $col["op"]
	buckets[key] = $col["buckets"]
	next
}

# Only what is drawn is taken apart.
function unpack(key,    n, i, word, b) {
	if ((key in bins) || !(key in buckets))
		return
	n = split(buckets[key], word, " ")
	for (i = 1; i <= n; i++) {
		split(word[i], b, /[-:]/)
		bin_lo[key, i] = b[1]
		bin_hi[key, i] = b[2]
		bin_n[key, i] = b[3]
		bin_total[key] += b[3]
	}
	bins[key] = n
}

# What the pictures need beyond cost.awk, which has read the row already.
$1 == "points" {
	key = $col["flags"] FS $col["context"] FS $col["pattern"] FS $col["cpus"] FS $col["variant"] \
		SUBSEP $col["alloc"] SUBSEP $col["size"] SUBSEP $col["op"]
	calls = $col["calls"] == "-" ? 1 : $col["calls"]
	p1[key] = $col["p1"] == "-" ? "-" : $col["p1"] / calls
	p99[key] = $col["p99"] == "-" ? "-" : $col["p99"] / calls
}

# Ticks in the unit of the axis; a logarithmic axis has no 0.
function axis(ticks) {
	if (ticks == "-" || ticks <= 0)
		return "NaN"
	return about["unit"] == "insn" ? ticks : ticks * 1000000 / about["khz"]
}

# The same, remembering the range: both panels of a picture share one axis.
function ranged(ticks,    x) {
	x = axis(ticks)
	if (x != "NaN" && (y_min == "" || x < y_min))
		y_min = x
	if (x != "NaN" && (y_max == "" || x > y_max))
		y_max = x
	return x
}

function quoted(text) {
	gsub(/["\\]/, "", text)
	return "\"" text "\""
}

# What was asked for and is not there.
function missing(what, name) {
	print "plot.sh: --" what ": no result of " name > "/dev/stderr"
	exit 2
}

# The allocators to draw: those asked for, else the usual ones, else the first few that are there.
function choose_allocs(    i, n, want) {
	n = split(allocs_wanted == "" ? "kmalloc,kzalloc,kvmalloc,vmalloc" : allocs_wanted, want, ",")
	for (i = 1; i <= n; i++)
		if (want[i] in known_alloc)
			drawn[++draws] = want[i]
		else if (allocs_wanted != "")
			missing("allocs", want[i])
	n = draws ? 0 : 4
	for (i = 1; i <= allocs && draws < n; i++)
		if (!is_reference(alloc_at[i]))
			drawn[++draws] = alloc_at[i]
	for (i = 1; i <= allocs && !draws; i++)
		drawn[++draws] = alloc_at[i]
	for (i = 1; i <= allocs; i++)
		left_out += !is_reference(alloc_at[i])
	for (i = 1; i <= draws; i++)
		left_out -= !is_reference(drawn[i])
}

# One blank line, however many sizes are missing: two would end the block.
function gap(file) {
	if (rows)
		print "" > file
	rows = 0
}

function write_latency(    o, k, i, op, key, file) {
	file = dir "/latency.dat"
	for (o = 1; o <= 2; o++) {
		op = o == 1 ? "alloc" : "free"
		for (k = 1; k <= draws; k++) {
			print "# " op " " drawn[k] > file
			rows = 0
			for (i = 1; i <= sizes; i++) {
				key = slice SUBSEP drawn[k] SUBSEP size_at[i] SUBSEP op
				if (key in p50 && p50[key] > 0) {
					print size_at[i], ranged(p50[key]), ranged(p1[key]), ranged(p99[key]), ((slice, drawn[k], size_at[i]) in limited) + 0 > file
					rows++
				} else if ((slice, drawn[k], size_at[i]) in cell_state) {
					gap(file)
				}
			}
			print "0 NaN NaN NaN 0\n\n" > file
		}
	}
	close(file)
}

function write_ratio(    file) {
	file = dir "/ratio.dat"
	ratio_block(file, slice, 0)
	touch_slice = best_slice("kmalloc", "vmalloc", 1)
	if (touch_slice != "")
		ratio_block(file, touch_slice, 1)
	close(file)
}

function ratio_block(file, from, touch,    i, x, y) {
	print "# vmalloc/kmalloc" > file
	rows = 0
	for (i = 1; i <= sizes; i++) {
		x = cost(from, "kmalloc", size_at[i], touch)
		y = cost(from, "vmalloc", size_at[i], touch)
		if (x <= 0 || y <= 0) {
			if ((from, "kmalloc", size_at[i]) in cell_state || (from, "vmalloc", size_at[i]) in cell_state)
				gap(file)
			continue
		}
		print size_at[i], y / x > file
		rows++
		ratios[touch]++
	}
	print "\n" > file
}

# The sizes to draw distributions of: those asked for, or a few that are there.
function choose_sizes(    i, n, want) {
	n = split(sizes_wanted == "" ? "64,4096,65536,1048576" : sizes_wanted, want, ",")
	for (i = 1; i <= n; i++)
		if (has_hist(want[i]))
			dist_at[++dists] = want[i]
		else if (sizes_wanted != "")
			missing("sizes", want[i])
	for (i = 1; i <= sizes && sizes_wanted == "" && !dists; i += 4)
		if (has_hist(size_at[i]))
			dist_at[++dists] = size_at[i]
}

function has_hist(size,    k) {
	for (k = 1; k <= draws; k++)
		if ((slice SUBSEP drawn[k] SUBSEP size SUBSEP "alloc") in buckets)
			return 1
	return 0
}

# One block per op and allocator: value, share of samples at most that large.
function write_cdf(size,    o, k, i, op, key, file, seen) {
	file = dir "/cdf-" size ".dat"
	for (o = 1; o <= 2; o++) {
		op = o == 1 ? "alloc" : "free"
		for (k = 1; k <= draws; k++) {
			key = slice SUBSEP drawn[k] SUBSEP size SUBSEP op
			unpack(key)
			print "# " op " " drawn[k] > file
			seen = 0
			for (i = 1; i <= bins[key]; i++) {
				if (i == 1)
					print axis(bin_lo[key, 1] > 0 ? bin_lo[key, 1] : 0.5), 0 > file
				seen += bin_n[key, i]
				print axis(bin_hi[key, i] > 0 ? bin_hi[key, i] : 0.5), 100 * seen / bin_total[key] > file
			}
			print "NaN NaN\n\n" > file
		}
	}
	close(file)
}

# Bars of equal width on a logarithmic axis, 12 to the doubling; a bucket wider
# than a bar cannot be, and one that straddles two counts in its lower one.
function write_bars(size,    o, k, i, op, key, file, b, share, first, last) {
	file = dir "/bars-" size ".dat"
	for (o = 1; o <= 2; o++) {
		op = o == 1 ? "alloc" : "free"
		for (k = 1; k <= draws; k++) {
			key = slice SUBSEP drawn[k] SUBSEP size SUBSEP op
			unpack(key)
			print "# " op " " drawn[k] > file
			split("", share)
			for (i = 1; i <= bins[key]; i++) {
				b = int(12 * log((bin_lo[key, i] > 0 ? bin_lo[key, i] : 0.5) * 2) / log(2) + 0.0001)
				share[b] += 100 * bin_n[key, i] / bin_total[key]
				if (i == 1)
					first = b
				last = b
			}
			for (b = first; bins[key] && b <= last; b++)
				if (b in share)
					print axis(2 ^ ((b + 0.5) / 12) / 2), share[b], axis(2 ^ (b / 12) / 2), axis(2 ^ ((b + 1) / 12) / 2) > file
			print "NaN NaN NaN NaN\n\n" > file
		}
	}
	close(file)
}

function write_about(    i, k, part, text, file) {
	file = dir "/about.gp"
	split(slice, part, FS)
	print "unit = " quoted(about["unit"] == "insn" ? "instructions" : "ns") > file
	text = "Linux " about["kernel"] ", " (about["lane"] == "insn" ? "instruction lane" : about["lane"] " lane") \
		" (" about["accel"] "), clock " about["clock"] (about["unit"] == "insn" ? \
		", 1 tick = 1 instruction" : sprintf(" at %.0f MHz", about["khz"] / 1000)) ", " part[1] ", " part[2] ", " part[3]
	print "where = " quoted(text) > file
	print "limits = " quoted(emulated() ? "Times under emulation (accel=tcg) say nothing about hardware." : about["unit"] == "insn" ? \
		"Instructions executed, exact. Blind to caches, TLBs, atomics, contention; rep stos counts each byte." : \
		"Time net of the clock's own cost. One boot covers one memory layout: small effects need many boots.") > file
	print "draws = " draws > file
	text = ""
	for (k = 1; k <= draws; k++)
		text = text " " drawn[k]
	print "allocs = " quoted(text) > file
	text = ""
	for (i = 1; i <= dists; i++)
		text = text " " dist_at[i]
	print "dists = " quoted(text) > file
	print "left_out = " left_out > file
	print "smallest = " size_at[1] "\nlargest = " size_at[sizes] > file
	print "y_min = " (y_min == "" ? 1 : y_min) "\ny_max = " (y_max == "" ? "\"none\"" : y_max) > file
	print "ratios = " ratios[0] + 0 "\nratios_touch = " ratios[1] + 0 > file
	print "crossings = " quoted(crossings(slice, "kmalloc", "vmalloc")) > file
	print "verdict = " quoted(crossover(slice, "kmalloc", "vmalloc", 0)) > file
	close(file)
}

END {
	OFS = " "
	sort_sizes()
	slice = best_slice("kmalloc", "vmalloc", 0)
	if (slice == "")
		slice = slice_at[1]
	choose_allocs()
	choose_sizes()
	write_latency()
	write_ratio()
	for (d = 1; d <= dists; d++) {
		write_cdf(dist_at[d])
		write_bars(dist_at[d])
	}
	write_about()
}
