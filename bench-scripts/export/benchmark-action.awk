# SPDX-License-Identifier: GPL-2.0
# For github-action-benchmark, tool customSmallerIsBetter: the figures of
# new that were judged.

END {
	if (failed)
		exit 2
	print "["
	for (i = 1; i <= rows; i++) {
		if (!row_plotted(i))
			continue
		printf "%s  {\"name\": %s, \"unit\": %s, \"value\": %s, \"range\": %s, \"extra\": %s}", \
			separator, json(row_name(i)), json(run["unit"]), cell[i, "new"], \
			json(run["lane"] == "insn" ? cell[i, "tolerance"] : shown(cell[i, "low"]) "%.." shown(cell[i, "high"]) "%"), \
			json(cell[i, "verdict"] ": " row_sentence(i))
		separator = ",\n"
	}
	print "\n]"
}
