# SPDX-License-Identifier: GPL-2.0
# sums.awk - which metrics of a vector are told as the sum of all samples: TLB flushes come late and in bunches, and their
# median says nothing. Of all others it is the median of a call.

function by_sum(metric) {
	return metric == "tlb"
}
