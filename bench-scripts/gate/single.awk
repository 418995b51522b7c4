# SPDX-License-Identifier: GPL-2.0
# The time lane on a machine that cannot be rebooted: one boot of each side, at
# least 30 rounds. Rounds that follow each other are alike, so blocks of them
# are drawn (moving-block bootstrap). What a boot's layout does to a cell is not
# covered by any number of rounds: two boots of one kernel in an emulator on a
# busy host differed by 18 % in the median, 8 of 12 figures "significantly"
# (results/reference/README.md). So nothing is called unless the user says what
# two boots differ by there, and every row says what is not covered.
#
#	awk -f ../draw/units.awk -f stats.awk -f rows.awk -v per_round=1 MAP TABLES |
#	awk -f label.awk -f filter.awk -f stats.awk -f tolerance.awk -f judge.awk -f single.awk -v delta=2 [-v noise=PERCENT]

BEGIN {
	caller = noise != ""
	if (noise + 0 > delta + 0)
		delta = noise
	min_rounds = 30
	draws = 4000
	random_state = 20261121
	caveat = "single boot: layout effects not covered" (caller ? "" : "; needs --boot-noise, or 6 pairs of boots")
}

$1 == "sum" { calls[$2 SUBSEP $3] = $10 }
$1 == "clock" && !($2 in khz) { khz[$2] = $4; overhead[$2] = $5 }
$1 == "round" { note_bucket($2 SUBSEP $3, $4, $6, $7, $8, $9) }

function note_bucket(at, side, number, low, high, n,    where) {
	if (!(at in known)) {
		known[at] = 1
		list[++count] = at
	}
	where = at SUBSEP side SUBSEP number
	if (!(where in buckets))
		round_at[at, side, ++rounds[at, side]] = where
	buckets[where]++
	lo[where, buckets[where]] = low
	hi[where, buckets[where]] = high
	size[where, buckets[where]] = n
}

# Fills value[1..n] with the logarithm of each round's p50 in ns per call.
function series(at, side, value,    i, j, where, l, h, c, ticks) {
	for (i = 1; i <= rounds[at, side]; i++) {
		where = round_at[at, side, i]
		for (j = 1; j <= buckets[where]; j++) {
			l[j] = lo[where, j]
			h[j] = hi[where, j]
			c[j] = size[where, j]
		}
		ticks = hist_quantile(l, h, c, buckets[where], 0.50)
		ticks /= calls[at]
		value[i] = log((ticks < 0.5 ? 0.5 : ticks) * 1000000 / khz[side])
	}
	return rounds[at, side]
}

function random_below(n) {
	random_state = (random_state * 16807) % 2147483647
	return int(random_state / 2147483647 * n)
}

# Mean of as many values as there are, drawn as blocks that keep their order.
function drawn_mean(value, n, block,    taken, start, i, sum) {
	sum = taken = 0
	while (taken < n) {
		start = 1 + random_below(n - block + 1)
		for (i = 0; i < block && taken < n; i++) {
			sum += value[start + i]
			taken++
		}
	}
	return sum / n
}

# Sets low and high: the interval in which the family as a whole holds at 95 %.
function bootstrap(a, n, b, m,    i, block_a, block_b, d, cut) {
	block_a = block_length(n)
	block_b = block_length(m)
	for (i = 1; i <= draws; i++)
		d[i] = drawn_mean(b, m, block_b) - drawn_mean(a, n, block_a)
	sort_numbers(d, draws)
	cut = int(draws * 0.025 / count)
	if (cut < 1)
		cut = 1
	low = d[cut]
	high = d[draws + 1 - cut]
}

# The cube root of the number of rounds, the usual order for blocks.
function block_length(n,    length_) {
	length_ = int(n ^ (1 / 3) + 0.999999)
	return length_ < 2 ? 2 : length_
}

# As in the time lane of many boots; a stretch of calls has room for the clock.
function clock_limited(at, ns) {
	return calls[at] <= 1 && ns * khz["base"] / 1000000 < clock_factor * overhead["base"]
}

function judge(at,    part, a, b, n, m) {
	split(at, part, SUBSEP)
	if (!both_usable(part[1]))
		return
	n = series(at, "base", a)
	m = series(at, "new", b)
	if (n < min_rounds || m < min_rounds)
		return unjudged(part[1], part[2], "p50", "needs 6 pairs of boots, or " min_rounds " rounds (" n ", " m ")")
	if (clock_limited(at, exp(mean_of(a, n))))
		return clock_unjudged(part[1], part[2], "p50")
	bootstrap(a, n, b, m)
	print_row(part[1], part[2], mean_of(a, n), mean_of(b, m))
}

# d: the change, as a logarithm; limit: what may pass, in percent.
function verdict_of(d, limit,    bound) {
	need = remark = "-"
	bound = log(1 + limit / 100)
	if (!caller)
		return "INCONCLUSIVE"
	if (low > 0 && d > bound)
		return "REGRESSION"
	if (high < 0 && d < -bound)
		return "IMPROVEMENT"
	return low > -bound && high < bound ? "EQUIVALENT" : "INCONCLUSIVE"
}

function print_row(key, op, a, b,    limit, verdict, row) {
	limit = tolerance_for(label[key], op, "p50", delta) + 0
	if (limit < noise + 0)
		limit = noise + 0
	verdict = verdict_of(b - a, limit)
	start_row(row, key, op, "p50")
	row["base"] = sprintf("%.1f", exp(a))
	row["new"] = sprintf("%.1f", exp(b))
	row["diff"] = sprintf("%.1f", exp(b) - exp(a))
	row["percent"] = sprintf("%.4f", as_percent(b - a))
	row["tolerance"] = limit
	row["low"] = sprintf("%.4f", as_percent(low))
	row["high"] = sprintf("%.4f", as_percent(high))
	verdict = despite_failures(verdict, failed_calls(key, "base"), failed_calls(key, "new"))
	row["verdict"] = despite_sameness(despite_budget(verdict, key))
	row["remark"] = (remark == "-" ? "" : remark "; ") caveat
	print_verdict_row(row)
}

END {
	print "note", caveat
	for (i = 1; i <= count; i++)
		judge(list[i])
	missing_cells("p50")
}
