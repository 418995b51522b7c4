# SPDX-License-Identifier: GPL-2.0
# The time lane's gate. The unit is a boot: boot k of A and boot k of B are a
# pair, and every cell is judged on the differences of its pairs alone.
#
#	awk -f stats.awk -f rows.awk MAP TABLES | awk -f stats.awk -f time.awk [-v delta=2]
#
# Prints rows of the verdict table (results/README.md). Side R, when
# there, is A booted again: the A/A arm, whose worst estimate is the floor.
# delta: smallest change of interest in percent.

BEGIN {
	FS = OFS = "\t"
	if (delta == "")
		delta = 2
	min_pairs = 6
	# A percentile q is used only when n (1 - q) >= 10.
	min_samples_p99 = 1000
}

$1 == "cell" { label[$2] = $3; keys[++cells] = $2 }
$1 == "state" { note_state($2, $3, $4, $5, $6); failures[$2, $3, $4] += $7 }
$1 == "sum" { finish_hist(); hist_at = $2 SUBSEP $3; side = $4; unit = $5; note_sum() }
$1 == "bucket" { lo[++m] = $6; hi[m] = $7; count[m] = $8 }
$1 == "clock" { khz[$2, $3] = $4; overhead[$2, $3] = $5 }
$1 == "batch" { batch_cell[$2] = $3 }

function note_state(key, side, unit, state, reason) {
	if (!((side, unit) in unit_seen)) {
		unit_seen[side, unit] = 1
		units[side]++
		if (side == "A")
			unit_of[units[side]] = unit
	}
	if (state != "ok" && state != "short")
		state_of[key, side] = state ": " reason
}

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
		u = unit_of[i]
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

# Below three times the clock's own cost a figure says more about the clock.
# Medians over the boots of A: one boot's odd clock does not decide.
function clock_limited(f,    part, i, n, u, ns, cost) {
	split(f, part, SUBSEP)
	if (part[3] == "mean" || !boots[f, "A"])
		return 0
	for (i = 1; i <= units["A"]; i++) {
		u = unit_of[i]
		if (!((f, "A", u) in value))
			continue
		ns[++n] = to_ns(value[f, "A", u], "A", u)
		cost[n] = to_ns(overhead["A", u], "A", u)
	}
	return median_of(ns, n) < 3 * median_of(cost, n)
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
		if (e > floor[part[3]])
			floor[part[3]] = e
		refuse_called(f, verdict_of(f, "R", log(1 + delta / 100)))
	}
	for (f in floor)
		print "run", "noise_floor_" f "_percent", sprintf("%.4f", as_percent(floor[f]))
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

function as_percent(ln) {
	return ln == "-" ? "-" : 100 * (exp(ln) - 1)
}

function number(x, format) {
	return x == "-" ? "-" : sprintf(format, x)
}

# A is its median over the pairs, B that times the estimated ratio: the medians
# of both sides may move the other way than the pairs do, and a reader must
# never see a rise called a gain.
function print_row(f, verdict,    part, a, b) {
	split(f, part, SUBSEP)
	a = paired_median(f)
	b = a * exp(estimate["B", f])
	print "row", label[part[1]], part[2], part[3], sprintf("%.1f", a), sprintf("%.1f", b), sprintf("%.1f", b - a), \
		number(as_percent(estimate["B", f]), "%.4f"), sprintf("%.4f", as_percent(bound_of(f))), \
		number(as_percent(low["B", f]), "%.4f"), number(as_percent(high["B", f]), "%.4f"), \
		sprintf("%.5f", adjusted["B", f]), verdict, need, remark
}

# Of A, in ns, over the boots that have their pair in B.
function paired_median(f,    i, n, u, ns) {
	for (i = 1; i <= units["A"]; i++) {
		u = unit_of[i]
		if (((f, "A", u) in value) && ((f, "B", u) in value))
			ns[++n] = to_ns(value[f, "A", u], "A", u)
	}
	return median_of(ns, n)
}

function print_unjudged(f, why, verdict,    part) {
	split(f, part, SUBSEP)
	print "row", label[part[1]], part[2], part[3], "-", "-", "-", 0, "-", "-", "-", "-", \
		(verdict == "" ? "INCONCLUSIVE" : verdict), "-", why
}

# The same cell measured in stretches is judged in its stead.
function print_clock_limited(f, key) {
	if (key in batch_cell)
		print_unjudged(f, "clock-limited: see timing=batch", "UNGATED")
	else
		print_unjudged(f, "clock-limited: add timing=batch")
}

function judge_figure(f,    part) {
	split(f, part, SUBSEP)
	if (((part[1], "A") in state_of) || ((part[1], "B") in state_of))
		return
	if (!boots[f, "A"] || !boots[f, "B"])
		print_unjudged(f, "no samples in " (boots[f, "A"] ? "B" : "A"))
	else if (clock_limited(f))
		print_clock_limited(f, part[1])
	else if (!(("B", f) in estimate))
		print_unjudged(f, "not in every pair of boots")
	else
		print_row(f, despite_failures(part[1], verdict_of(f, "B", bound_of(f))))
}

# Calls that failed are not among the samples: where one side has more of them,
# the figures speak of different calls. What B does worse in spite of failing
# more stays called.
function despite_failures(key, verdict,    a, b) {
	a = failed_calls(key, "A")
	b = failed_calls(key, "B")
	if (a == b)
		return verdict
	need = "-"
	remark = "B: " b " calls failed, A: " a
	return verdict == "REGRESSION" && b > a ? verdict : "INCONCLUSIVE"
}

# In the boots that both sides have.
function failed_calls(key, side,    i, u, sum) {
	sum = 0
	for (i = 1; i <= units["A"]; i++) {
		u = unit_of[i]
		if (((key, "A", u) in failures) && ((key, "B", u) in failures))
			sum += failures[key, side, u]
	}
	return sum
}

function missing_cells(    i, a, b) {
	for (i = 1; i <= cells; i++) {
		a = state_of[keys[i], "A"]
		b = state_of[keys[i], "B"]
		if (a ~ /^skipped/ && b ~ /^skipped/)
			continue
		if (a != "" || b != "")
			print_unjudged(keys[i] SUBSEP "-" SUBSEP "p50", a != "" ? "A " a : "B " b)
	}
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
	missing_cells()
}
