# SPDX-License-Identifier: GPL-2.0
# The time lane on a machine that cannot be rebooted: one boot of each side, at
# least 30 rounds. Rounds that follow each other are alike, so blocks of them
# are drawn (moving-block bootstrap). What a boot's layout does to a cell is not
# covered by any number of rounds: two boots of one kernel in an emulator on a
# busy host differed by 18 % in the median, 8 of 12 figures "significantly"
# (results/reference/README.md). So nothing is called unless the user says what
# two boots differ by there, and every row says what is not covered.
#
#	awk -f stats.awk -f rows.awk -v per_round=1 MAP TABLES | awk -f stats.awk -f single.awk [-v delta=2] [-v noise=PERCENT]

BEGIN {
	FS = OFS = "\t"
	if (delta == "")
		delta = 2
	caller = noise != ""
	if (noise + 0 > delta + 0)
		delta = noise
	min_rounds = 30
	draws = 4000
	random_state = 20261121
	caveat = "single boot: layout effects not covered" (caller ? "" : "; needs --boot-noise, or 6 pairs of boots")
}

$1 == "cell" { label[$2] = $3; keys[++cells] = $2 }
$1 == "state" { failures[$2, $3] += $7 }
$1 == "state" && $5 != "ok" && $5 != "short" { unusable[$2, $3] = $5 ": " $6 }
$1 == "sum" { calls[$2 SUBSEP $3] = $10 }
$1 == "clock" && !($2 in khz) { khz[$2] = $4; overhead[$2] = $5 }
$1 == "batch" { batch_cell[$2] = $3 }
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

function as_percent(ln) {
	return 100 * (exp(ln) - 1)
}

# As in the time lane of many boots; a stretch of calls has room for the clock.
function clock_limited(at, ns) {
	return calls[at] <= 1 && ns * khz["A"] / 1000000 < 3 * overhead["A"]
}

function judge(at,    part, a, b, n, m, d, bound, verdict) {
	split(at, part, SUBSEP)
	if (((part[1], "A") in unusable) || ((part[1], "B") in unusable))
		return
	n = series(at, "A", a)
	m = series(at, "B", b)
	if (n < min_rounds || m < min_rounds)
		return unjudged(part, "needs 6 pairs of boots, or " min_rounds " rounds (" n ", " m ")")
	if (clock_limited(at, exp(mean_of(a, n))))
		return clock_unjudged(part)
	d = mean_of(b, m) - mean_of(a, n)
	bootstrap(a, n, b, m)
	bound = log(1 + delta / 100)
	verdict = "INCONCLUSIVE"
	if (!caller)
		;
	else if (low > 0 && d > bound)
		verdict = "REGRESSION"
	else if (high < 0 && d < -bound)
		verdict = "IMPROVEMENT"
	else if (low > -bound && high < bound)
		verdict = "EQUIVALENT"
	verdict = despite_failures(part[1], verdict)
	print "row", label[part[1]], part[2], "p50", sprintf("%.1f", exp(mean_of(a, n))), sprintf("%.1f", exp(mean_of(b, m))), \
		sprintf("%.1f", exp(mean_of(b, m)) - exp(mean_of(a, n))), sprintf("%.4f", as_percent(d)), delta, \
		sprintf("%.4f", as_percent(low)), sprintf("%.4f", as_percent(high)), "-", verdict, "-", remark
}

# As in the time lane of many boots: where one side failed more calls, the
# figures speak of different calls.
function despite_failures(key, verdict,    a, b) {
	a = failures[key, "A"]
	b = failures[key, "B"]
	remark = caveat
	if (a == b)
		return verdict
	remark = "B: " b " calls failed, A: " a "; " caveat
	return verdict == "REGRESSION" && b > a ? verdict : "INCONCLUSIVE"
}

function unjudged(part, why, verdict) {
	print "row", label[part[1]], part[2], "p50", "-", "-", "-", 0, "-", "-", "-", "-", \
		(verdict == "" ? "INCONCLUSIVE" : verdict), "-", why
}

# The same cell measured in stretches is judged in its stead.
function clock_unjudged(part) {
	if (part[1] in batch_cell)
		unjudged(part, "clock-limited: see timing=batch", "UNGATED")
	else
		unjudged(part, "clock-limited: add timing=batch")
}

# A cell that one side could not measure is no cell without a change.
function missing_cells(    i, a, b, part) {
	for (i = 1; i <= cells; i++) {
		a = unusable[keys[i], "A"]
		b = unusable[keys[i], "B"]
		if ((a ~ /^skipped/ && b ~ /^skipped/) || a b == "")
			continue
		part[1] = keys[i]
		part[2] = "-"
		unjudged(part, a != "" ? "A " a : "B " b)
	}
}

END {
	print "note", caveat
	for (i = 1; i <= count; i++)
		judge(list[i])
	missing_cells()
}
