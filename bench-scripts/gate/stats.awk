# SPDX-License-Identifier: GPL-2.0
# Statistics of paired differences and of histograms: functions only.
# The method and its sources are in bench-scripts/README.md, "Compare two kernels"; the tests
# hold every function against a brute-force python computation.

function percent(a, b) {
	return a > 0 ? 100 * (b - a) / a : (b > a ? 100 : 0)
}

function larger(x, y) {
	return x > y ? x : y
}

function smaller(x, y) {
	return x < y ? x : y
}

function away(x, y) {
	return x > y ? x - y : y - x
}

# A cell that moves at all is not known to better than this. Some costs take few
# values, by where free memory lies, and all boots of a side may show one and the
# same: without, 8 of 386 comparisons of 6.12 with itself called kmalloc of 1M,
# by up to 2.8 %, all against one side.
function least_known(x) {
	return 0.03 * x
}

# Shell sort of v[1..n]: the arrays here have some hundred members.
function sort_numbers(v, n,    gap, i, j, x) {
	for (gap = int(n / 2); gap > 0; gap = int(gap / 2))
		for (i = gap + 1; i <= n; i++) {
			x = v[i]
			for (j = i - gap; j >= 1 && v[j] > x; j -= gap)
				v[j + gap] = v[j]
			v[j + gap] = x
		}
}

function median_of_sorted(v, n) {
	return (v[int((n + 1) / 2)] + v[int((n + 2) / 2)]) / 2
}

# Of table[name, 1..n], as they are.
function median_in(table, name, n,    i, v) {
	for (i = 1; i <= n; i++)
		v[i] = table[name, i]
	sort_numbers(v, n)
	return median_of_sorted(v, n)
}

# Fills w[1..m] with the sorted Walsh averages of d[1..n]; returns m.
function walsh_averages(d, n, w,    i, j, m) {
	m = 0
	for (i = 1; i <= n; i++)
		for (j = i; j <= n; j++)
			w[++m] = (d[i] + d[j]) / 2
	sort_numbers(w, m)
	return m
}

# How far from either end of the Walsh averages a 95 % interval ends: the
# largest k with P(W < k) <= 2.5 % in the signed-rank distribution, counted
# exactly. 0 when n is too small for any interval.
function walsh_rank(n,    ways, i, s, top, cumulated, k) {
	ways[0] = 1
	top = 0
	for (i = 1; i <= n; i++) {
		top += i
		for (s = top; s >= i; s--)
			ways[s] += ways[s - i]
	}
	cumulated = 0
	for (k = 0; k <= top; k++) {
		cumulated += ways[k]
		if (cumulated > 0.025 * 2 ^ n)
			break
	}
	return k
}

# Square of the t statistic up to a growing function that is the same for all
# cells of n pairs: (sum d)^2 / (n sum d^2) lies in 0..1 and needs no variance,
# so pairs that agree exactly do not divide by zero.
function flip_statistic(sum, squares, n) {
	return squares > 0 ? sum * sum / (n * squares) : 0
}

# Sign-flip permutation over all cells together, the largest statistic of each
# flip (Westfall and Young). d[c, i]: difference of pair i in cell c.
# Fills p[1..cells] with family-wise adjusted p values.
# All 2^n flips for n <= 12. A flip and its mirror image are equal, so half of
# them are walked, in Gray code order: one sign changes at a time.
function sign_flip(d, cells, n, p,    c, i, flips, step, sign, sum, squares, largest, observed) {
	for (c = 1; c <= cells; c++) {
		sum[c] = squares[c] = 0
		for (i = 1; i <= n; i++) {
			sum[c] += d[c, i]
			squares[c] += d[c, i] * d[c, i]
		}
		observed[c] = flip_statistic(sum[c], squares[c], n)
	}
	for (i = 1; i <= n; i++)
		sign[i] = 1
	flips = n <= 12 ? 2 ^ (n - 1) : 4096
	for (step = 1; step <= flips; step++) {
		largest[step] = flip_largest(sum, squares, cells, n)
		if (n <= 12)
			flip_gray(d, cells, sign, sum, step, n)
		else
			flip_random(d, cells, sign, sum, n)
	}
	flip_p_values(observed, largest, cells, flips, p)
}

function flip_largest(sum, squares, cells, n,    c, s, best) {
	best = 0
	for (c = 1; c <= cells; c++) {
		s = flip_statistic(sum[c], squares[c], n)
		if (s > best)
			best = s
	}
	return best
}

# The pair whose sign changes after `step`: the lowest set bit of step. Pair n
# never changes: that would be the mirror image.
function flip_gray(d, cells, sign, sum, step, n,    i) {
	i = 1
	while (step % 2 == 0) {
		step /= 2
		i++
	}
	if (i < n)
		flip_one(d, cells, sign, sum, i)
}

# More than 12 pairs: 4,096 flips from a fixed Park-Miller sequence, the first
# being the observed one, so that a p value is never 0 and always repeats.
function flip_random(d, cells, sign, sum, n,    i) {
	if (!flip_state)
		flip_state = 20261121
	for (i = 1; i < n; i++) {
		flip_state = (flip_state * 16807) % 2147483647
		if (flip_state >= 1073741824)
			flip_one(d, cells, sign, sum, i)
	}
}

function flip_one(d, cells, sign, sum, i,    c) {
	sign[i] = -sign[i]
	for (c = 1; c <= cells; c++)
		sum[c] += 2 * sign[i] * d[c, i]
}

# The small slack keeps a flip that equals the observed one up to rounding.
function flip_p_values(observed, largest, cells, flips, p,    c, step, count) {
	for (c = 1; c <= cells; c++) {
		count = 0
		for (step = 1; step <= flips; step++)
			if (largest[step] >= observed[c] - 1e-12)
				count++
		p[c] = count / flips
	}
}

function mean_of(v, n,    i, sum) {
	sum = 0
	for (i = 1; i <= n; i++)
		sum += v[i]
	return sum / n
}

function deviation_of(v, n,    i, mean, sum) {
	if (n < 2)
		return 0
	mean = mean_of(v, n)
	sum = 0
	for (i = 1; i <= n; i++)
		sum += (v[i] - mean) ^ 2
	return sqrt(sum / (n - 1))
}

# Pairs a verdict would need: 8 (sd/delta)^2 for one cell, 30 (sd/delta)^2 for
# 40 (both simulated), between them by the logarithm of the number of cells.
function pairs_factor(cells) {
	return 8 + 22 * log(cells > 1 ? cells : 1) / log(40)
}

function pairs_needed(sd, delta, cells,    need) {
	need = pairs_factor(cells) * (sd / delta) ^ 2
	need = need > int(need) ? int(need) + 1 : need
	return need < 6 ? 6 : need
}

# The same turned round: the difference that so many pairs find where all up to
# bound passes.
function change_found(sd, bound, cells, pairs) {
	return bound + sd * sqrt(pairs_factor(cells) / pairs)
}

# Standard deviation by the median distance from centre: a few that lie far off
# do not move it. Sorts v.
function robust_deviation(v, n, centre,    i) {
	for (i = 1; i <= n; i++)
		v[i] = v[i] < centre ? centre - v[i] : v[i] - centre
	sort_numbers(v, n)
	return median_of_sorted(v, n) * 1.4826
}

# Value below which a share of the samples lies, each bucket's samples spread
# evenly over it; an integer v covers v - 1/2 to v + 1/2. Buckets lo[1..m],
# hi, count must come in growing order.
function hist_quantile(lo, hi, count, m, share,    i, n, rank, before) {
	n = 0
	for (i = 1; i <= m; i++)
		n += count[i]
	rank = share * n
	before = 0
	for (i = 1; i < m && before + count[i] < rank; i++)
		before += count[i]
	return lo[i] - 0.5 + (hi[i] - lo[i] + 1) * (rank - before) / count[i]
}
