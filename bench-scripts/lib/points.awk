# SPDX-License-Identifier: GPL-2.0
# points.awk - from the tables of results.awk to what pictures and reports draw.
#
#	awk -f results.awk -v table=meta,clock,cells,ops,hists FILE... |
#		awk -f kind.awk -f points.awk [-v table=about,points,hists]
#
# Rounds and boots are merged by adding counts; percentiles are taken from the
# merged histogram and never averaged. Prints tab-separated tables, each line
# led by the table's name:
#   about   key value: kernel lane accel arch clock unit khz overhead files, and
#           charged where __GFP_ACCOUNT was asked for; a row with key warning
#           for each sentence about what spoils them
#   points  one row per (alloc size flags context pattern cpus variant op); one
#           with op "-" where there is no sample, so that a gap stays a gap.
#           p50_low, p50_high: the least and the greatest p50 of a single boot.
#           calls: calls of the cell's object in a value: what a cost is divided
#           by; where a call is for several objects, that is so many, too.
#           limited: yes where p50 is below 3 times the clock's own cost.
#   hists   the merged buckets of the same rows, lowest-highest:count.
# variant: as in the table cells. Files that are not of one kind (kind.awk) are
# not merged: they are refused, exit code 2.

BEGIN {
	FS = OFS = "\t"
	if (table == "")
		table = "about,points"
	about_keys = split("kernel lane accel arch", about_meta, " ")
	add_table("about", "key value")
	add_table("points", "alloc size flags context pattern cpus variant op calls n sum mean min p1 p10 p25 p50 p75 p90 p99 p999 max under boots p50_low p50_high limited state reason objects")
	add_table("hists", "alloc size flags context pattern cpus variant op calls buckets")
	tables = split(table, wanted, ",")
	for (i = 1; i <= tables; i++)
		if (!(wanted[i] in header))
			refuse("no table is called '" wanted[i] "'; tables:" table_names)
	none = "0\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t0\t0\t-\t-\tno"
	quantiles = split("100 1000 2500 5000 7500 9000 9900 9990", quantile, " ")
}

function add_table(name, columns) {
	header[name] = columns
	table_names = table_names " " name
}

function refuse(why) {
	print "points.awk: " why > "/dev/stderr"
	failed = 1
	exit 2
}

# The first file speaks for all.
function check_kind(    i) {
	for (i = 2; i <= files; i++) {
		check_keys(agree, must_agree, file_at[i])
		check_keys(within, must_within, file_at[i])
		check_khz(value[file_at[i], "clock.khz"], file_at[i])
	}
	for (i = 1; i <= must_where_said; i++)
		check_where_said(where_said[i])
}

function check_where_said(key,    i, first) {
	first = first_to_say(key, file_at, files)
	for (i = 1; i <= files; i++)
		if (said(file_at[i], key) && value[file_at[i], key] != value[first, key])
			refuse("not of one kind: " key " is " value[first, key] " in " first ", " value[file_at[i], key] " in " file_at[i])
}

function check_keys(list, count, file,    i, ours, its) {
	for (i = 1; i <= count; i++) {
		ours = value_of(file_at[1], list[i])
		its = value_of(file, list[i])
		if (ours != its)
			refuse("not of one kind: " list[i] " is " ours " in " file_at[1] ", " its " in " file)
	}
}

# Two boots calibrate the same clock differently by some parts in a million.
function check_khz(its, file,    ours) {
	ours = value[file_at[1], "clock.khz"]
	if (its - ours > ours / 1000 || ours - its > ours / 1000)
		refuse("not of one kind: the clock runs at " ours " and at " its " kHz in " file)
}

($1 == "meta" || $1 == "clock") && $2 != "file" && !($2 in known) {
	known[$2] = 1
	file_at[++files] = $2
}

$1 == "meta" && ($3 == "boot" || $3 == "date") {
	boot_words[$2] = boot_words[$2] SUBSEP $3 SUBSEP $4
}

$1 == "meta" && $3 == "warning" && !($4 in warned) {
	warned[$4] = 1
	warning_at[++warnings] = $4
}

# A boot leaves a file for each line of its plan, in one folder. Files that do not say when they were made stand alone.
function boot_of(file,    folder) {
	if (boot_words[file] == "")
		return file
	folder = file
	sub(/[^\/]*$/, "", folder)
	return folder SUBSEP boot_words[file]
}

$1 == "clock" && $3 ~ /^overhead/ && $4 + 0 > worst_overhead {
	worst_overhead = $4
}

# A group is what one point of a picture stands for.
$1 == "cells" && $3 != "cell" {
	group = $4 OFS $5 OFS $6 OFS $7 OFS $8 OFS $9 OFS $15
	group_of[$2, $3] = group
	if (!(group in state)) {
		group_at[++groups] = group
		state[group] = $11
		reason[group] = $13
	} else if (state[group] == "ok" && $11 != "ok") {
		state[group] = $11
		reason[group] = $13
	}
}

$1 == "ops" && $12 == "-" {
	group = group_of[$2, $3]
	key = group OFS $11 OFS ($23 == "-" ? $22 : $23 * ($22 == "-" ? 1 : $22)) OFS $23
	if (!(key in n)) {
		op_at[group, ++op_count[group]] = key
		n[key] = sum[key] = under[key] = 0
	}
	if ($13 > 0) {
		if (n[key] == 0 || $15 + 0 < min[key])
			min[key] = $15 + 0
		if (n[key] == 0 || $20 + 0 > max[key])
			max[key] = $20 + 0
	}
	n[key] += $13
	sum[key] += $14
	under[key] += $21
	cost = value[$2, "clock.overhead_p50"]
	if (cost == "")
		cost = value[$2, "clock.overhead"]
	if (cost > overhead[key])
		overhead[key] = cost
	current[$2, $3, $11] = key
}

$1 == "hists" && $11 == "-" {
	if ($2 != whose && boot_of($2) != boot)
		close_boot()
	whose = $2
	boot = boot_of($2)
	key = current[$2, $3, $10]
	if (!(key in of_boot))
		boot_key[++boot_keys] = key
	of_boot[key] = key in of_boot && of_boot[key] != "" ? merged(of_boot[key], $12) : $12
}

# Two ascending lists of buckets into one; equal buckets add their counts.
function merged(old, new,    text, i, j, m, n, a, b, x, y) {
	m = split(old, a, " ")
	n = split(new, b, " ")
	i = j = 1
	while (i <= m || j <= n) {
		split(a[i], x, /[-:]/)
		split(b[j], y, /[-:]/)
		if (j > n || i <= m && x[1] + 0 < y[1] + 0) {
			text = text " " a[i++]
		} else if (i > m || y[1] + 0 < x[1] + 0) {
			text = text " " b[j++]
		} else {
			text = text " " x[1] "-" x[2] ":" x[3] + y[3]
			i++
			j++
		}
	}
	return substr(text, 2)
}

# What was read of one boot: its p50 is one of several, its buckets go on. Of the only one nobody asks for it apart.
function close_boot(    i, key) {
	for (i = 1; i <= boot_keys; i++) {
		key = boot_key[i]
		if (++boots[key] == 2)
			note_median(key, buckets[key])
		if (boots[key] > 1)
			note_median(key, of_boot[key])
		buckets[key] = boots[key] > 1 ? merged(buckets[key], of_boot[key]) : of_boot[key]
	}
	split("", of_boot)
	boot_keys = 0
}

function note_median(key, text,    p) {
	unpack(text)
	p = percentile(5000, 1e300)
	if (p != "-" && (low[key] == "" || p < low[key]))
		low[key] = p
	if (p != "-" && (high[key] == "" || p > high[key]))
		high[key] = p
}

function unpack(text,    b, i) {
	bins = split(text, word, " ")
	total = 0
	for (i = 1; i <= bins; i++) {
		split(word[i], b, /[-:]/)
		hi[i] = b[2]
		total += b[3]
		upto[i] = total
	}
}

# Nearest rank in the unpacked buckets; "-" where too few samples lie beyond.
function percentile(basis, top,    i, rank, beyond) {
	beyond = basis < 5000 ? basis : 10000 - basis
	if (total * beyond < 100000)
		return "-"
	rank = int((total * basis + 9999) / 10000)
	for (i = 1; upto[i] < rank; i++)
		;
	return hi[i] + 0 > top ? top : hi[i] + 0
}

function whole(x) {
	return sprintf("%.0f", x)
}

function or_dash(x) {
	return x == "" ? "-" : whole(x)
}

function print_point(group, key, part,    q, p, p50, row) {
	if (n[key] == 0) {
		print "points", group, part[1], part[2], none, state[group], reason[group], part[3]
		return
	}
	unpack(buckets[key])
	for (q = 1; q <= quantiles; q++) {
		p = percentile(quantile[q], max[key])
		if (quantile[q] == 5000)
			p50 = p
		row = row OFS (p == "-" ? p : whole(p))
	}
	if (boots[key] == 1)
		low[key] = high[key] = p50 == "-" ? "" : p50
	limited = (p50 == "-" ? min[key] : p50) < 3 * overhead[key]
	print "points", group, part[1], part[2], whole(n[key]), whole(sum[key]), sprintf("%.1f", sum[key] / n[key]), \
		whole(min[key]) row, whole(max[key]), whole(under[key]), boots[key], \
		or_dash(low[key]), or_dash(high[key]), (limited ? "yes" : "no"), state[group], reason[group], part[3]
}

function print_group(name, group,    i, key, part) {
	if (!op_count[group] && name == "points")
		print name, group, "-", "-", none, state[group], reason[group], "-"
	for (i = 1; i <= op_count[group]; i++) {
		key = op_at[group, i]
		split(substr(key, length(group) + 2), part, OFS)
		if (name == "points")
			print_point(group, key, part)
		else if (n[key])
			print "hists", group, part[1], part[2], buckets[key]
	}
}

function print_about(    i) {
	for (i = 1; i <= about_keys; i++)
		if ((file_at[1], about_meta[i]) in value)
			print "about", about_meta[i], value[file_at[1], about_meta[i]]
	print "about", "clock", value[file_at[1], "clock.name"]
	print "about", "unit", value[file_at[1], "clock.unit"]
	print "about", "khz", value[file_at[1], "clock.khz"]
	print "about", "overhead", worst_overhead + 0
	print "about", "files", files + 0
	for (i = 1; i <= must_where_said; i++)
		if (first_to_say(where_said[i], file_at, files) != "")
			print "about", where_said[i], value[first_to_say(where_said[i], file_at, files), where_said[i]]
	for (i = 1; i <= warnings; i++)
		print "about", "warning", warning_at[i]
}

END {
	if (failed)
		exit 2
	check_kind()
	close_boot()
	for (i = 1; i <= tables; i++) {
		gsub(/ /, OFS, header[wanted[i]])
		print wanted[i], header[wanted[i]]
		if (wanted[i] == "about")
			print_about()
		else
			for (g = 1; g <= groups; g++)
				print_group(wanted[i], group_at[g])
	}
}
