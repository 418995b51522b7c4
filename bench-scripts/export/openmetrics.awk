# SPDX-License-Identifier: GPL-2.0
# OpenMetrics text: figures of both sides, the change, and the verdict as a state.

function labels(i, more) {
	return "{cell=" json(cell[i, "label"]) ",op=" json(cell[i, "op"]) ",figure=" json(cell[i, "figure"]) more "}"
}

# Seconds are the base unit of time; instructions have none.
function scaled(x) {
	return run["unit"] == "ns" ? sprintf("%.10g", x / 1e9) : x
}

END {
	if (failed)
		exit 2
	name = run["unit"] == "ns" ? "kallocbench_cost_seconds" : "kallocbench_cost_instructions"
	print "# TYPE " name " gauge"
	print "# UNIT " name " " (run["unit"] == "ns" ? "seconds" : "instructions")
	print "# HELP " name " Cost of one call, of base and of new."
	for (i = 1; i <= rows; i++)
		if (cell[i, "base"] != "-" && !row_vector(i)) {
			print name labels(i, ",side=\"base\"") " " scaled(cell[i, "base"])
			print name labels(i, ",side=\"new\"") " " scaled(cell[i, "new"])
		}
	print "# TYPE kallocbench_change_ratio gauge"
	print "# UNIT kallocbench_change_ratio ratio"
	print "# HELP kallocbench_change_ratio Change from base to new, 0.01 is one percent more."
	for (i = 1; i <= rows; i++)
		if (cell[i, "base"] != "-")
			print "kallocbench_change_ratio" labels(i) " " sprintf("%.6f", cell[i, "percent"] / 100)
	print "# TYPE kallocbench_regression gauge"
	print "# HELP kallocbench_regression 1 where new is worse, 0 where it is not, NaN where that could not be judged."
	for (i = 1; i <= rows; i++)
		if (cell[i, "verdict"] != "UNGATED" && ++judged)
			print "kallocbench_regression" labels(i) " " (cell[i, "verdict"] == "INCONCLUSIVE" ? "NaN" : row_failed(i) + 0)
	print "# TYPE kallocbench_judged gauge"
	print "# HELP kallocbench_judged Figures that were judged; 0 where nothing was compared."
	print "kallocbench_judged " judged + 0
	print "# TYPE kallocbench_exit_code gauge"
	print "# HELP kallocbench_exit_code 0 pass, 1 regression, 3 could not be judged."
	print "kallocbench_exit_code " run["exit"]
	print "# EOF"
}
