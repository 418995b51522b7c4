# SPDX-License-Identifier: GPL-2.0
# draws.awk - what a call did beside taking instructions, one rule for all who say it: a round is a draw, its figure the
# median of a call or by_sum(), and that of a cell is the middle of its draws. Functions over the table vector of
# results.awk, loaded after gate/stats.awk and sums.awk by who has at(COLUMN).

function cell_here() {
	return cell_label(at("alloc"), at("size"), at("flags"), at("context"), at("pattern"), at("cpus"), at("variant"))
}

function take_draw(key) {
	draw[key, ++draws[key]] = at(by_sum(at("metric")) ? "sum" : "p50") + 0
}

# "-" where there is none; lowest_draw and highest_draw besides.
function middle_draw(key,    n, i, x) {
	n = draws[key] + 0
	for (i = 1; i <= n; i++)
		x[i] = draw[key, i]
	sort_numbers(x, n)
	lowest_draw = x[1]
	highest_draw = x[n]
	return n ? x[int((n + 1) / 2)] : "-"
}
