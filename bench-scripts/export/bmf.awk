# SPDX-License-Identifier: GPL-2.0
# Bencher Metric Format: benchmark -> measure -> value, the figures of new that
# were judged.

function bound(name, percent) {
	return percent == "-" ? "" : sprintf(", \"%s\": %.10g", name, cell[i, "base"] * (1 + percent / 100))
}

END {
	if (failed)
		exit 2
	measure = run["lane"] == "insn" ? "instructions" : "latency"
	print "{"
	for (i = 1; i <= rows; i++) {
		if (!row_plotted(i))
			continue
		printf "%s  %s: {%s: {\"value\": %s%s%s}}", separator, json(row_name(i)), json(measure), cell[i, "new"], \
			bound("lower_value", cell[i, "low"]), bound("upper_value", cell[i, "high"])
		separator = ",\n"
	}
	print "\n}"
}
