# SPDX-License-Identifier: GPL-2.0
# What a sample takes, and in which order people see it: functions only. Sums and samples are whole numbers below 2^53.

BEGIN {
	# mawk writes whole numbers from 2^31 on as others do only so.
	OFMT = CONVFMT = "%.17g"
}

# mean SUM N: whole where it is, else with two decimals.
function mean(sum, n) {
	return sum % n ? sprintf("%.2f", sum / n) : sprintf("%.0f", sum / n)
}

# delta BASE-SUM BASE-N NEW-SUM NEW-N: from mean to mean; whole where no fraction is left of it, 0 where nothing changed.
function delta(base_sum, base_n, new_sum, new_n,    base_rest, new_rest, value) {
	base_rest = base_sum % base_n
	new_rest = new_sum % new_n
	if (base_rest * new_n != new_rest * base_n)
		return sprintf("%+.2f", new_sum / new_n - base_sum / base_n)
	value = (new_sum - new_rest) / new_n - (base_sum - base_rest) / base_n
	return value ? sprintf("%+.0f", value) : "0"
}

# sort_by N: order[1..N] of sort_value[], the largest first, and of equals by sort_text[].
function sort_by(n,    gap, i, k, x) {
	for (i = 1; i <= n; i++)
		order[i] = i
	for (gap = int(n / 2); gap; gap = int(gap / 2))
		for (i = gap + 1; i <= n; i++) {
			x = order[i]
			for (k = i; k > gap && sorts_before(x, order[k - gap]); k -= gap)
				order[k] = order[k - gap]
			order[k] = x
		}
}

function sorts_before(a, b) {
	return sort_value[a] == sort_value[b] ? sort_text[a] < sort_text[b] : sort_value[a] > sort_value[b]
}
