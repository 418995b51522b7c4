# SPDX-License-Identifier: GPL-2.0
# The time lane's gate. The unit is a boot: boot k of A and boot k of B are a
# pair, and every cell is judged on the differences of its pairs alone.
#
#	awk -f stats.awk -f rows.awk MAP TABLES |
#	awk -f columns.awk -f stats.awk -f judge.awk -f time.awk -v delta=2
#
# Prints rows of the verdict table (results/README.md). Side R, when
# there, is A booted again: the A/A arm, whose worst estimate is the floor.
# delta: smallest change of interest in percent.

BEGIN {
	min_pairs = 6
	# A percentile q is used only when n (1 - q) >= 10.
	min_samples_p99 = 1000
}

$1 == "sum" { finish_hist(); hist_at = $2 SUBSEP $3; side = $4; unit = $5; note_sum() }
$1 == "bucket" { lo[++m] = $6; hi[m] = $7; count[m] = $8 }
$1 == "clock" { khz[$2, $3] = $4; overhead[$2, $3] = $5 }

# A batch has one figure, the mean per call; its percentiles are those of
# stretches, not of calls.
function note_sum() {
	m = 0
	batch = $10 > 1
	samples = $6
	if (batch)
		keep("mean", $9 / ($6 * $10))
}

function finish_hist() {
	if (m && !batch) {
		keep("p50", hist_quantile(lo, hi, count, m, 0.50))
		if (samples >= min_samples_p99)
			keep("p99", hist_quantile(lo, hi, count, m, 0.99))
	}
	m = 0
}

# Half a tick is the least a clock can tell from nothing.
function keep(figure, ticks,    at) {
	at = hist_at SUBSEP figure
	if (!(at in known)) {
		known[at] = 1
		figures[++figure_count] = at
	}
	value[at, side, unit] = ticks < 0.5 ? 0.5 : ticks
	boots[at, side]++
}

function to_ns(ticks, side, u) {
	return ticks * 1000000 / khz[side, u]
}

# Differences of the pairs of figure f between A and `other`, as d[1..n];
# pairs with a boot missing on either side are left out.
function differences(f, other, d,    i, n, u) {
	n = 0
	for (i = 1; i <= units["A"]; i++) {
		u = unit_name["A", i]
		if (((f, "A", u) in value) && ((f, other, u) in value))
			d[++n] = log(to_ns(value[f, other, u], other, u) / to_ns(value[f, "A", u], "A", u))
	}
	return n
}

# The family of one arm: every figure with all `pairs` pairs. Fills estimate,
# low, high, sd and adjusted p per figure.
function judge_arm(other,    i, j, n, f, d, w, k, c, flat, p) {
	pairs[other] = 0
	for (i = 1; i <= figure_count; i++) {
		n = differences(figures[i], other, d)
		if (n > pairs[other])
			pairs[other] = n
	}
	family[other] = 0
	for (i = 1; i <= figure_count; i++) {
		f = figures[i]
		n = differences(f, other, d)
		if (!n || n < pairs[other] || clock_limited(f))
			continue
		c = ++family[other]
		member[other, c] = f
		for (j = 1; j <= n; j++)
			flat[c, j] = d[j]
		j = walsh_averages(d, n, w)
		k = walsh_rank(n)
		estimate[other, f] = median_of_sorted(w, j)
		low[other, f] = k ? w[k] : "-"
		high[other, f] = k ? w[j + 1 - k] : "-"
		sd[other, f] = deviation_of(d, n)
	}
	if (family[other])
		sign_flip(flat, family[other], pairs[other], p)
	for (c = 1; c <= family[other]; c++)
		adjusted[other, member[other, c]] = p[c]
}

# Medians over the boots of A: one boot's odd clock does not decide.
function clock_limited(f,    part, i, n, u, ns, cost) {
	split(f, part, SUBSEP)
	if (part[3] == "mean" || !boots[f, "A"])
		return 0
	for (i = 1; i <= units["A"]; i++) {
		u = unit_name["A", i]
		if (!((f, "A", u) in value))
			continue
		ns[++n] = to_ns(value[f, "A", u], "A", u)
		cost[n] = to_ns(overhead["A", u], "A", u)
	}
	return median_of(ns, n) < clock_factor * median_of(cost, n)
}

function median_of(v, n) {
	sort_numbers(v, n)
	return median_of_sorted(v, n)
}

function verdict_of(f, other, bound) {
	remark = "-"
	need = "-"
	if (pairs[other] < min_pairs) {
		need = min_pairs
		remark = "needs " min_pairs " pairs"
		return "INCONCLUSIVE"
	}
	if (adjusted[other, f] < 0.05 && estimate[other, f] > bound)
		return "REGRESSION"
	if (adjusted[other, f] < 0.05 && estimate[other, f] < -bound)
		return "IMPROVEMENT"
	if (low[other, f] > -bound && high[other, f] < bound)
		return "EQUIVALENT"
	need = pairs_needed(sd[other, f], bound, family[other])
	if (need <= pairs[other])
		need = pairs[other] + 1
	remark = "needs about " need " pairs"
	return "INCONCLUSIVE"
}

# The floor of a figure (p50, p99, mean) is its worst estimate in the A/A arm:
# a p99 scatters several times as far as a p50, and must not blind it. An arm
# that by the plain delta calls a change between equals, up or down, has shown
# the campaign unsound; one of few pairs cannot show it and gives no floor.
function judge_floor(    c, f, e, part) {
	judge_arm("R")
	print "run", "aa_pairs", pairs["R"]
	if (pairs["R"] < min_pairs) {
		print "error", "the A/A arm has " pairs["R"] " pairs, needs " min_pairs \
			(pairs["R"] ? "" : ": no boot of it is in a folder named as one of A")
		return
	}
	for (c = 1; c <= family["R"]; c++) {
		f = member["R", c]
		split(f, part, SUBSEP)
		e = estimate["R", f] < 0 ? -estimate["R", f] : estimate["R", f]
		# gawk 5.2 dies of an element that was read, never set, and handed
		# to a function: a floor of 0 is set, too.
		if (!(part[3] in floor) || e > floor[part[3]])
			floor[part[3]] = e
		refuse_called(f, verdict_of(f, "R", log(1 + delta / 100)))
	}
	c = split("p50 p99 mean", part, " ")
	for (f = 1; f <= c; f++)
		if (part[f] in floor)
			print "run", "noise_floor_" part[f] "_percent", sprintf("%.4f", as_percent(floor[part[f]]))
}

function refuse_called(f, verdict,    part) {
	split(f, part, SUBSEP)
	if (verdict == "REGRESSION" || verdict == "IMPROVEMENT")
		print "error", "the A/A arm calls " (verdict == "REGRESSION" ? "a regression" : "an improvement") ": " \
			label[part[1]] " " part[2] " " part[3] \
			sprintf(" %+.1f%%, p=%.3f", as_percent(estimate["R", f]), adjusted["R", f])
}

# The change that counts: the one of interest, or the floor where that is higher.
function bound_of(f,    part, bound) {
	split(f, part, SUBSEP)
	bound = log(1 + delta / 100)
	return floor[part[3]] > bound ? floor[part[3]] : bound
}

function number(x, format) {
	return x == "-" ? "-" : sprintf(format, x)
}

# A is its median over the pairs, B that times the estimated ratio: the medians
# of both sides may move the other way than the pairs do, and a reader must
# never see a rise called a gain.
function print_row(f, verdict,    part, a, b, row) {
	split(f, part, SUBSEP)
	a = paired_median(f)
	b = a * exp(estimate["B", f])
	start_row(row, part[1], part[2], part[3])
	row["a"] = sprintf("%.1f", a)
	row["b"] = sprintf("%.1f", b)
	row["diff"] = sprintf("%.1f", b - a)
	row["percent"] = number(as_percent(estimate["B", f]), "%.4f")
	row["tolerance"] = sprintf("%.4f", as_percent(bound_of(f)))
	row["low"] = number(as_percent(low["B", f]), "%.4f")
	row["high"] = number(as_percent(high["B", f]), "%.4f")
	row["p"] = sprintf("%.5f", adjusted["B", f])
	row["verdict"] = verdict
	row["need"] = need
	row["remark"] = remark
	print_verdict_row(row)
}

# Of A, in ns, over the boots that have their pair in B.
function paired_median(f,    i, n, u, ns) {
	for (i = 1; i <= units["A"]; i++) {
		u = unit_name["A", i]
		if (((f, "A", u) in value) && ((f, "B", u) in value))
			ns[++n] = to_ns(value[f, "A", u], "A", u)
	}
	return median_of(ns, n)
}

function judge_figure(f,    part, verdict) {
	split(f, part, SUBSEP)
	if (!both_usable(part[1]))
		return
	if (!boots[f, "A"] || !boots[f, "B"])
		return unjudged(part[1], part[2], part[3], "no samples in " (boots[f, "A"] ? "B" : "A"))
	if (clock_limited(f))
		return clock_unjudged(part[1], part[2], part[3])
	if (!(("B", f) in estimate))
		return unjudged(part[1], part[2], part[3], "not in every pair of boots")
	if (units["R"] && !(("R", f) in estimate))
		return unjudged(part[1], part[2], part[3], "not in every pair of the A/A arm")
	verdict = verdict_of(f, "B", bound_of(f))
	verdict = despite_failures(verdict, paired_failures(part[1], "A"), paired_failures(part[1], "B"))
	print_row(f, despite_budget(verdict, part[1]))
}

# In the boots that both sides have.
function paired_failures(key, side,    i, u, sum) {
	sum = 0
	for (i = 1; i <= units["A"]; i++) {
		u = unit_name["A", i]
		if (((key, "A", u) in failures) && ((key, "B", u) in failures))
			sum += failures[key, side, u]
	}
	return sum
}

END {
	finish_hist()
	if (units["R"])
		judge_floor()
	judge_arm("B")
	print "run", "pairs", pairs["B"]
	print "run", "delta_percent", delta
	for (i = 1; i <= figure_count; i++)
		judge_figure(figures[i])
	missing_cells("p50")
}
