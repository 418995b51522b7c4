# SPDX-License-Identifier: GPL-2.0
# How far boots of one kernel are apart in the time lane: of each cell the quartiles of its p50, and of its ratio to delay in
# the same file, in percent of the median.
#
#	awk -f ../draw/units.awk -f ../gate/stats.awk -f ../lib/named.awk -f spread.awk TABLE
#
# TABLE: results.awk -v table=cells,ops of all boots. A file is a boot's; rounds share their median.

BEGIN {
	FS = OFS = "\t"
}

$1 == "cells" { variant[$2, word("cell")] = word("variant") }
$1 == "ops" && word("cpu") == "-" && word("p50") ~ /^[0-9]+$/ && word("alloc") != "null" { note_op($2) }

function note_op(f,    where, cell) {
	where = f SUBSEP word("pattern") SUBSEP word("op")
	if (word("alloc") == "delay") {
		draw[where, ++draws[where]] = word("p50")
		return
	}
	cell = cell_label(word("alloc"), word("size"), word("flags"), word("context"), word("pattern"), word("cpus"), variant[f, word("cell")]) OFS word("op")
	if (!(cell in boots))
		cell_at[++cells] = cell
	if (!((cell, f) in seen)) {
		boot_at[cell, ++boots[cell]] = f
		delay_of[cell, f] = where
		seen[cell, f] = 1
	}
	draw[cell SUBSEP f, ++draws[cell SUBSEP f]] = word("p50")
}

function middle(key) {
	return median_in(draw, key, draws[key])
}

# The quartiles, nearest ranks, as a share of the median.
function apart(x, n,    m) {
	sort_numbers(x, n)
	m = median_of_sorted(x, n)
	return m > 0 ? 100 * (x[int(3 * (n + 1) / 4)] - x[int((n + 3) / 4)]) / m : 0
}

function spread(cell,    i, f, p, q, n, least) {
	for (i = 1; i <= boots[cell]; i++) {
		f = boot_at[cell, i]
		p[i] = middle(cell SUBSEP f)
		if (draws[delay_of[cell, f]])
			q[++n] = p[i] / middle(delay_of[cell, f])
	}
	plain[++spreads] = apart(p, boots[cell])
	printf "%s\t%d\t%.2f\t%s\n", cell, boots[cell], plain[spreads], n == boots[cell] ? sprintf("%.2f", by_delay[++ratios] = apart(q, n)) : "-"
}

# all_cells NAME: half of all cells are below the first number, all below the second.
function all_cells(name, x, n) {
	sort_numbers(x, n)
	printf "# %s: %.2f %% in the middle of %d cells, %.2f %% at worst\n", name, median_of_sorted(x, n), n, x[n]
}

END {
	print "cell", "op", "boots", "p50_percent", "ratio_percent"
	for (i = 1; i <= cells; i++)
		spread(cell_at[i])
	all_cells("p50", plain, spreads)
	if (ratios)
		all_cells("p50 over delay", by_delay, ratios)
}
