# SPDX-License-Identifier: GPL-2.0
# Counts against nanoseconds, cell by cell.
#
#	awk -f ../gate/stats.awk -f ../draw/units.awk -f ../lib/named.awk -f truth.awk TABLES
#
# TABLES: results.awk -v table=meta,clock,cells,ops,vector of results of both lanes

BEGIN {
	FS = OFS = "\t"
	prices = split("5 10 20 40", price, " ")
	dearest = 100
	shown = 10
	least = 8
}

$1 == "meta" { meta[$2, $3] = $4; if (!seen[$2]++) file[++files] = $2 }
$1 == "clock" { clock[$2, $3] = $4 }
$1 == "cells" { variant[$2, word("cell")] = word("variant") }
$1 == "ops" && word("cpu") == "-" && word("n") > 0 { note_op($2) }
$1 == "vector" && word("metric") == "locked" { note_locked($2) }

function is_count(f) {
	return clock[f, "unit"] == "insn"
}

# The same calls in every result: whoever made them, and in which round.
function name_of(f) {
	return word("alloc") " " short_size(word("size")) " " word("pattern") " " word("op") \
		more(word("flags"), "GFP_KERNEL") more(word("context"), "process") rest(variant[f, word("cell")])
}

function more(text, usual) {
	return text == usual ? "" : " " text
}

# Stretches are compared with stretches, of whatever length.
function rest(text,    i, n, part, out) {
	n = split(text, part, ",")
	for (i = 1; i <= n; i++)
		if (part[i] !~ /^(timing|calls|counters|-)/)
			out = out " " part[i]
	return out
}

function calls() {
	return word("calls") == "-" ? 1 : word("calls")
}

function note_op(f,    name, k) {
	if (is_reference(word("alloc")))
		return
	name = name_of(f)
	if (is_count(f))
		insns[name, ++counts[name]] = word("p50") / calls()
	else
		ns[name, ++times_seen[name]] = word("p50") * 1000000 / clock[f, "khz"] / calls()
	per[f, word("cell"), word("round"), word("op")] = calls()
}

function note_locked(f,    name) {
	if (is_reference(word("alloc")))
		return
	name = name_of(f)
	locked[name, ++vectors[name]] = word("p50") / per[f, word("cell"), word("round"), word("op")]
}

# Cells that both have, in the order of their names.
function join(    name, i, j, x) {
	for (name in counts)
		if (name in times_seen)
			cell[++cells] = name
	for (i = 2; i <= cells; i++) {
		x = cell[i]
		for (j = i - 1; j >= 1 && cell[j] > x; j--)
			cell[j + 1] = cell[j]
		cell[j + 1] = x
	}
	for (i = 1; i <= cells; i++) {
		count[i] = median_in(insns, cell[i], counts[cell[i]])
		took[i] = median_in(ns, cell[i], times_seen[cell[i]])
		with_locks += cell[i] in vectors
		locks[i] = (cell[i] in vectors) ? median_in(locked, cell[i], vectors[cell[i]]) : 0
		lock_sum += locks[i]
	}
}

# rank[1..n] of v[1..n]; equal ones share the mean of theirs.
function ranks(v, n, rank,    i, j) {
	for (i = 1; i <= n; i++) {
		rank[i] = 0.5
		for (j = 1; j <= n; j++)
			rank[i] += v[j] < v[i] ? 1 : v[j] == v[i] ? 0.5 : 0
	}
}

# Spearman's: that of the ranks.
function correlation(a, b, n,    i, mean, x, y, xx, yy, xy) {
	mean = (n + 1) / 2
	for (i = 1; i <= n; i++) {
		x = a[i] - mean
		y = b[i] - mean
		xx += x * x
		yy += y * y
		xy += x * y
	}
	return xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : 0
}

# rank[1..cells] by instructions and c for each locked one.
function weigh(c, rank,    i, v) {
	for (i = 1; i <= cells; i++)
		v[i] = count[i] + c * locks[i]
	ranks(v, cells, rank)
}

function correlation_of(c,    rank) {
	weigh(c, rank)
	return correlation(rank, time_rank, cells)
}

# The least c with which the correlation is at its best.
function best_price(    c, x, most, best) {
	most = -2
	for (c = 0; c <= dearest; c++) {
		x = correlation_of(c)
		if (x > most + 1e-9) {
			most = x
			best = c
		}
	}
	return best
}

function refuse(why) {
	print me ": " why >"/dev/stderr"
	failed = 1
	exit 2
}

function check(    i, f, n, emulated_ones) {
	for (i = 1; i <= files; i++) {
		f = file[i]
		n += is_count(f)
		if (!is_count(f) && meta[f, "accel"] == "tcg")
			refuse(f " was timed under emulation (accel=tcg), which says nothing about hardware")
		if (!is_count(f) && meta[f, "build"] !~ /SMP/)
			lockless = 1
		if (!is_count(f))
			where = meta[f, "accel"] == "uml" ? "User Mode Linux" : meta[f, "accel"] == "kvm" ? "KVM" : "bare metal"
	}
	if (!n || n == files)
		refuse((n ? "no result was timed" : "no result counts instructions") ": give one of each lane")
}

function say_locks(    i) {
	if (!with_locks)
		return say("No vectors among the counts: with vm.sh --vector locked instructions are weighed, too.")
	if (!lock_sum)
		return say("No cell has a locked instruction.")
	for (i = 1; i <= prices; i++)
		say_price(price[i], "")
	if (where == "User Mode Linux" && lockless)
		return say("This User Mode Linux is built for one CPU and runs none of the locked instructions counted; uml+smp does.")
	fitted = best_price()
	weigh(fitted, locked_rank)
	weighed = 1
	say_price(fitted, ", which fits best")
	say("Locked instructions are in " with_some_locks() " of the cells.")
}

function say_price(c, why) {
	printf "  instructions + %2d for each locked one  %5.3f%s\n", c, correlation_of(c), why
}

function with_some_locks(    i, n) {
	for (i = 1; i <= cells; i++)
		n += locks[i] > 0
	return n + 0
}

function say(text) {
	print text
}

# The line through the medians: what an instruction takes in most cells.
function usual_cost(    i, v) {
	for (i = 1; i <= cells; i++)
		v[i] = count[i] ? took[i] / count[i] : 0
	sort_numbers(v, cells)
	return median_of_sorted(v, cells)
}

function by_distance(    i, j, x, d) {
	for (i = 1; i <= cells; i++) {
		d[i] = (weighed ? locked_rank[i] : count_rank[i]) - time_rank[i]
		d[i] = d[i] < 0 ? -d[i] : d[i]
		x = i
		for (j = i - 1; j >= 1 && d[far[j]] < d[x]; j--)
			far[j + 1] = far[j]
		far[j + 1] = x
	}
}

function say_misses(    i, k, usual) {
	by_distance()
	usual = usual_cost()
	printf "\nFurthest from where their instructions%s put them (%.3f ns an instruction is usual):\n", \
		weighed ? " and locked ones" : "", usual
	printf "%-42s %12s %s%10s %11s %6s\n", "cell", "instructions", weighed ? " locked " : "", "ns", "ranks", "times"
	for (k = 1; k <= shown && k <= cells; k++) {
		i = far[k]
		printf "%-42s %12.1f %s%10.1f %11s %6.2f\n", cell[i], count[i], weighed ? sprintf("%7.2f ", locks[i]) : "", took[i], \
			ranks_text(i), took[i] / count[i] / usual
	}
	say("ranks: by instructions > " (weighed ? "and " fitted " for each locked one > " : "") \
		"by time, 1 the cheapest. times: ns an instruction, of the usual.")
}

function ranks_text(i) {
	return sprintf("%.0f>", count_rank[i]) (weighed ? sprintf("%.0f>", locked_rank[i]) : "") sprintf("%.0f", time_rank[i])
}

END {
	if (failed)
		exit 2
	check()
	join()
	if (cells < least)
		refuse(cells + 0 " cells are in both lanes, and " least " are needed: measure one plan in both, as the suite truth")
	ranks(count, cells, count_rank)
	ranks(took, cells, time_rank)
	printf "%d cells counted and timed (%s). Rank correlation with time of\n", cells, where
	printf "  instructions                          %5.3f\n", correlation_of(0)
	say_locks()
	say_misses()
}
