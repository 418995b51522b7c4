# SPDX-License-Identifier: GPL-2.0
# Runs the functions of gate/stats.awk on the lines that brute.py reads:
#	awk -f gate/stats.awk -f tests/data/gate/stats.awk

$1 == "walsh" {
	for (i = 2; i <= NF; i++)
		d[i - 1] = $i
	m = walsh_averages(d, NF - 1, w)
	k = walsh_rank(NF - 1)
	printf "%.9g", median_of_sorted(w, m)
	if (k)
		printf " %.9g %.9g\n", w[k], w[m + 1 - k]
	else
		print " nan nan"
}
$1 == "rank" { print walsh_rank($2) }
$1 == "flip" {
	for (c = 2; c <= NF; c++) {
		n = split($c, one, ",")
		for (i = 1; i <= n; i++)
			all[c - 1, i] = one[i]
	}
	sign_flip(all, NF - 1, n, p)
	for (c = 1; c < NF; c++)
		printf "%.9g%s", p[c], (c < NF - 1 ? " " : "\n")
}
$1 == "quantile" {
	for (i = 3; i <= NF; i++) {
		split($i, one, ",")
		lo[i - 2] = one[1]
		hi[i - 2] = one[2]
		count[i - 2] = one[3]
	}
	printf "%.6f\n", hist_quantile(lo, hi, count, NF - 2, $2)
}
$1 == "need" { print pairs_needed($2, $3, $4) }
$1 == "found" { printf "%.6f\n", change_found($2, $3, $4, $5) }
$1 == "robust" {
	for (i = 3; i <= NF; i++)
		one[i - 2] = $i
	printf "%.6f\n", robust_deviation(one, NF - 2, $2)
}
