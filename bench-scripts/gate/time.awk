# SPDX-License-Identifier: GPL-2.0
# The time lane's gate. The unit is a boot: boot k of base and boot k of new are a
# pair, and every cell is judged on the differences of its pairs alone.
#
#	awk -f ../draw/units.awk -f stats.awk -f rows.awk MAP TABLES |
#	awk -f label.awk -f filter.awk -f stats.awk -f tolerance.awk -f judge.awk -f delay.awk -f time.awk -v delta=2
#
# Prints rows of the verdict table (results/README.md). Side aa, when
# there, is base booted again: the A/A arm, whose worst estimate is the floor.
# delta: smallest change of interest in percent.
# foretell: judge nothing, say what so many pairs like these would find.
#
# Of single calls p50 and p99 are judged, of stretches of calls (timing=batch)
# p10: what a cell does, rare paths too, is in every stretch of a hundred calls,
# and what lies above its quickest is the machine. On a busy one the mean moves by
# 24 to 50 % between equals, and the p50 of a boot beside a busy neighbour by 20 %.
# Where the same plan has stretches of `delay`, which executes the same
# instructions in every kernel, the ratio to it in the same boot is judged: the
# speed of the machine cancels.

BEGIN {
	min_pairs = 6
	# A percentile q is used only when n (1 - q) >= 10.
	min_samples_p99 = 1000
	# More boots than anybody will make.
	most_pairs = 10000
}

$1 == "sum" { finish_hist(); hist_at = $2 SUBSEP $3; side = $4; unit = $5; note_sum() }
$1 == "bucket" { lo[++m] = $6; hi[m] = $7; count[m] = $8 }
$1 == "clock" { khz[$2, $3] = $4; overhead[$2, $3] = $5 }

# What the CPU counted is shown beside what it took, and judged by nobody.
$1 == "count" { note_count($2 SUBSEP $3 SUBSEP $6, $4, $7) }

function note_count(f, whose, value) {
	if (!(f in count_known)) {
		count_known[f] = 1
		counted[++counted_count] = f
	}
	count_of[f, whose, ++count_n[f, whose]] = value
}

function count_median(f, whose,    i, v) {
	for (i = 1; i <= count_n[f, whose]; i++)
		v[i] = count_of[f, whose, i]
	return median_of(v, count_n[f, whose])
}

function print_count(f,    part, a, b, row) {
	if (!count_n[f, "base"] || !count_n[f, "new"])
		return
	split(f, part, SUBSEP)
	a = count_median(f, "base")
	b = count_median(f, "new")
	start_row(row, part[1], part[2], part[3])
	row["base"] = sprintf("%.2f", a)
	row["new"] = sprintf("%.2f", b)
	row["diff"] = sprintf("%.2f", b - a)
	row["percent"] = sprintf("%.4f", a ? 100 * (b / a - 1) : 0)
	row["verdict"] = "UNGATED"
	row["remark"] = "counted by the CPU, a call"
	print_verdict_row(row)
}

function note_sum() {
	m = 0
	calls = $10 > 1 ? $10 : 1
	samples = $6
}

function finish_hist() {
	if (m && calls > 1) {
		keep("p10", hist_quantile(lo, hi, count, m, 0.10) / calls)
		note_stretch()
	} else if (m) {
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

# Differences of the pairs of figure f between base and `other`, as d[1..n];
# pairs with a boot missing on either side are left out. in_ns: not as a ratio.
function differences(f, other, d, in_ns,    i, n, u, a, b) {
	n = 0
	for (i = 1; i <= units["base"]; i++) {
		u = unit_name["base", i]
		a = judged_value(f, "base", u, in_ns)
		b = judged_value(f, other, u, in_ns)
		if (a && b)
			d[++n] = log(b / a)
	}
	return n
}

# In ns, or in calls of delay, where the clock's rate cancels, too; 0 where the boot has no such value.
function judged_value(f, side, u, in_ns) {
	if (!((f, side, u) in value))
		return 0
	if (in_ns || !is_relative(f))
		return to_ns(value[f, side, u], side, u)
	return delay_of(f, side, u) ? value[f, side, u] / delay_of(f, side, u) : 0
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
		if (!n || n < pairs[other] || clock_limited(f) || is_reference(key_of(f)))
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

# Medians over the boots of base: one boot's odd clock does not decide.
function clock_limited(f,    i, n, u, ns, cost) {
	if ((f in stretch) || !boots[f, "base"])
		return 0
	for (i = 1; i <= units["base"]; i++) {
		u = unit_name["base", i]
		if (!((f, "base", u) in value))
			continue
		ns[++n] = to_ns(value[f, "base", u], "base", u)
		cost[n] = to_ns(overhead["base", u], "base", u)
	}
	return median_of(ns, n) < clock_factor * median_of(cost, n)
}

function median_of(v, n) {
	sort_numbers(v, n)
	return median_of_sorted(v, n)
}

# What is missing is evidence for the change seen, where that counts; for equality, where it does not.
function pairs_missing(f, other, bound,    seen, change) {
	seen = estimate[other, f] < 0 ? -estimate[other, f] : estimate[other, f]
	change = seen > bound
	need = pairs_needed(sd[other, f], change ? seen - bound : bound - seen, change ? family[other] : 1)
	if (need <= pairs[other])
		need = pairs[other] + 1
	remark = "needs about " need " pairs to " (change ? "call that change" : "call it equal")
	if (need > most_pairs) {
		need = "-"
		remark = "no number of pairs settles it: the change seen is just the one that counts"
	}
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
	pairs_missing(f, other, bound)
	return "INCONCLUSIVE"
}

function key_of(f,    part) {
	split(f, part, SUBSEP)
	return part[1]
}

# p50, p99, or stretch: the p10 of stretches.
function kind_of(f,    part) {
	split(f, part, SUBSEP)
	return (f in stretch) ? "stretch" : part[3]
}

# The floor of a kind of figure is its worst estimate in the A/A arm: a p99
# scatters several times as far as a p50, and must not blind it. An arm
# that by the change of interest calls a change between equals, up or down, has shown
# the campaign unsound; one of few pairs cannot show it and gives no floor.
function judge_floor(    c, f, e, part, kind) {
	judge_arm("aa")
	print "run", "aa_pairs", pairs["aa"]
	if (pairs["aa"] < min_pairs) {
		print "error", "the A/A arm has " pairs["aa"] " pairs, needs " min_pairs \
			(pairs["aa"] ? "" : ": no boot of it is in a folder named as one of base")
		return
	}
	for (c = 1; c <= family["aa"]; c++) {
		f = member["aa", c]
		kind = kind_of(f)
		e = estimate["aa", f] < 0 ? -estimate["aa", f] : estimate["aa", f]
		# gawk 5.2 dies of an element that was read, never set, and handed
		# to a function: a floor of 0 is set, too.
		if (!(kind in floor) || e > floor[kind])
			floor[kind] = e
		refuse_called(f, verdict_of(f, "aa", limit_of(f)))
	}
	c = split("p50 p99 stretch", part, " ")
	for (f = 1; f <= c; f++)
		if (part[f] in floor)
			print "run", "noise_floor_" part[f] "_percent", sprintf("%.4f", as_percent(floor[part[f]]))
}

function refuse_called(f, verdict,    part) {
	split(f, part, SUBSEP)
	if (verdict == "REGRESSION" || verdict == "IMPROVEMENT")
		print "error", "the A/A arm calls " (verdict == "REGRESSION" ? "a regression" : "an improvement") ": " \
			label[part[1]] " " part[2] " " part[3] \
			sprintf(" %+.1f%%, p=%.3f", as_percent(estimate["aa", f]), adjusted["aa", f])
}

# The change of interest.
function limit_of(f,    part) {
	split(f, part, SUBSEP)
	return log(1 + tolerance_for(label[part[1]], part[2], part[3], delta) / 100)
}

# The change that counts: the one of interest, or the floor where that is higher.
function bound_of(f,    bound) {
	bound = limit_of(f)
	return floor[kind_of(f)] > bound ? floor[kind_of(f)] : bound
}

function number(x, format) {
	return x == "-" ? "-" : sprintf(format, x)
}

# base is its median over the pairs, new that times the estimated ratio: the medians
# of both sides may move the other way than the pairs do, and a reader must
# never see a rise called a gain.
function print_row(f, verdict,    part, a, b, row) {
	split(f, part, SUBSEP)
	a = paired_median(f)
	b = a * exp(estimate["new", f])
	start_row(row, part[1], part[2], part[3])
	row["base"] = sprintf("%.1f", a)
	row["new"] = sprintf("%.1f", b)
	row["diff"] = sprintf("%.1f", b - a)
	row["percent"] = number(as_percent(estimate["new", f]), "%.4f")
	row["tolerance"] = sprintf("%.4f", as_percent(bound_of(f)))
	row["low"] = number(as_percent(low["new", f]), "%.4f")
	row["high"] = number(as_percent(high["new", f]), "%.4f")
	row["p"] = sprintf("%.5f", adjusted["new", f])
	row["verdict"] = verdict
	row["need"] = need
	row["remark"] = (remark == "-" && is_relative(f)) ? "relative to delay" : remark
	print_verdict_row(row)
}

# How the same instructions did on either side, for the reader.
function print_reference(f,    part, row, n, d, w, change) {
	split(f, part, SUBSEP)
	start_row(row, part[1], part[2], part[3])
	row["percent"] = 0
	row["verdict"] = "UNGATED"
	row["remark"] = "a reference, no allocator"
	n = differences(f, "new", d, 1)
	if (n) {
		n = walsh_averages(d, n, w)
		change = median_of_sorted(w, n)
		row["base"] = sprintf("%.1f", paired_median(f))
		row["new"] = sprintf("%.1f", paired_median(f) * exp(change))
		row["diff"] = sprintf("%.1f", row["new"] - row["base"])
		row["percent"] = sprintf("%.4f", as_percent(change))
	}
	print_verdict_row(row)
}

# Of base, in ns, over the boots that have their pair in new.
function paired_median(f,    i, n, u, ns) {
	for (i = 1; i <= units["base"]; i++) {
		u = unit_name["base", i]
		if (((f, "base", u) in value) && ((f, "new", u) in value))
			ns[++n] = to_ns(value[f, "base", u], "base", u)
	}
	return median_of(ns, n)
}

function judge_figure(f,    part, verdict) {
	split(f, part, SUBSEP)
	if (!both_usable(part[1]))
		return
	if (is_reference(part[1]))
		return print_reference(f)
	if (!boots[f, "base"] || !boots[f, "new"])
		return unjudged(part[1], part[2], part[3], "no samples in " (boots[f, "base"] ? "new" : "base"))
	if (clock_limited(f))
		return clock_unjudged(part[1], part[2], part[3])
	if (!(("new", f) in estimate))
		return unjudged(part[1], part[2], part[3], "not in every pair of boots")
	if (units["aa"] && !(("aa", f) in estimate))
		return unjudged(part[1], part[2], part[3], "not in every pair of the A/A arm")
	verdict = verdict_of(f, "new", bound_of(f))
	verdict = despite_failures(verdict, paired_failures(part[1], "base"), paired_failures(part[1], "new"))
	print_row(f, despite_sameness(despite_budget(verdict, part[1])))
}

# In the boots that both sides have.
function paired_failures(key, side,    i, u, sum) {
	sum = 0
	for (i = 1; i <= units["base"]; i++) {
		u = unit_name["base", i]
		if (((key, "base", u) in failures) && ((key, "new", u) in failures))
			sum += failures[key, side, u]
	}
	return sum
}

# found[1..n] of a kind, sorted: the change that `count` pairs find in each
# figure, by how far the pairs of an arm scatter.
function changes_found(other, kind, count, found,    c, n, f) {
	n = 0
	for (c = 1; c <= family[other]; c++) {
		f = member[other, c]
		if (kind_of(f) == kind)
			found[++n] = as_percent(change_found(sd[other, f], bound_of(f), family[other], count))
	}
	sort_numbers(found, n)
	return n
}

# A single pair has no scatter of its own: that of all figures of a kind stands
# for each. Nothing changed in the A/A arm; else what most of them do is the change.
function pool_deviations(other,    i, k, c, n, f, d, v, kind, one) {
	k = split("p50 p99 stretch", kind, " ")
	for (i = 1; i <= k; i++) {
		n = 0
		for (c = 1; c <= family[other]; c++) {
			f = member[other, c]
			if (kind_of(f) == kind[i] && differences(f, other, d))
				v[++n] = d[1]
		}
		if (n)
			one = robust_deviation(v, n, other == "aa" ? 0 : median_of(v, n))
		for (c = 1; c <= family[other]; c++)
			if (kind_of(member[other, c]) == kind[i])
				sd[other, member[other, c]] = one
	}
}

# What the campaign can find at all, a sentence and a run line per kind.
function tell_found(other, count, how,    i, k, n, kind, found) {
	k = split("p50 p99 stretch", kind, " ")
	for (i = 1; i <= k; i++) {
		n = changes_found(other, kind[i], count, found)
		if (!n)
			continue
		print "run", "finds_" kind[i] "_percent", sprintf("%.2f", median_of_sorted(found, n))
		print "note", count " pairs find a change of " sprintf("%.1f", median_of_sorted(found, n)) " % in half of " n \
			(kind[i] == "stretch" ? " stretches" : " " kind[i]) \
			(found[n] > found[1] ? sprintf(", of %.1f %% in each", found[n]) : "") how
	}
}

# By the arm in which nothing changed, where there is one.
function calm_arm() {
	return units["aa"] ? "aa" : "new"
}

function tell_beforehand(    arm) {
	arm = calm_arm()
	judge_arm(arm)
	if (pairs[arm] == 1)
		pool_deviations(arm)
	tell_found(arm, foretell, pairs[arm] == 1 ? ", by the first" : ", by the " pairs[arm] " that are there")
}

function tell_afterwards(    arm) {
	arm = calm_arm()
	if (pairs[arm] >= min_pairs)
		tell_found(arm, pairs["new"], "")
}

END {
	finish_hist()
	if (foretell) {
		tell_beforehand()
		exit
	}
	if (units["aa"])
		judge_floor()
	judge_arm("new")
	print "run", "pairs", pairs["new"]
	print "run", "delta_percent", delta
	tell_afterwards()
	note_stretches()
	for (i = 1; i <= figure_count; i++)
		judge_figure(figures[i])
	for (i = 1; i <= counted_count; i++)
		print_count(counted[i])
	missing_cells("p50")
}
