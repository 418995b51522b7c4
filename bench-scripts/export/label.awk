# SPDX-License-Identifier: GPL-2.0
# What the verdict table (results/README.md) is made of, loaded by all who print or read it: the columns of a `row` line,
# column[1..columns]; the order in which people see its verdicts, verdict_order[1..verdicts]; the parts of a cell's label,
# ALLOC SIZE PATTERN [WORD...] as rows.awk writes it.

BEGIN {
	columns = split("label op figure base new diff percent tolerance low high p verdict need remark", column, " ")
	verdict_words = " REGRESSION INCONCLUSIVE IMPROVEMENT EQUIVALENT UNGATED "
	verdicts = split(verdict_words, verdict_order, " ")
	label_patterns = " pair batch churn remote cold fragmented exhaust "
}

# part[alloc, size, pattern, words]. Tables of an earlier day name the pattern behind the flags, and pair not at all.
function split_label(label, part,    n, i, word) {
	n = split(label, word, " ")
	part["alloc"] = word[1]
	part["size"] = word[2]
	part["pattern"] = part["words"] = ""
	for (i = 3; i <= n; i++)
		if (part["pattern"] == "" && index(label_patterns, " " word[i] " "))
			part["pattern"] = word[i]
		else
			part["words"] = part["words"] (part["words"] == "" ? "" : " ") word[i]
	if (part["pattern"] == "")
		part["pattern"] = "pair"
}

# A minimum with the verdict of its usual cost tells nothing more, and is no figure more. verdict_at[LABEL, OP, FIGURE] is
# of all rows.
function is_twin(label, op, figure) {
	return figure == "min" && verdict_at[label, op, "mode"] == verdict_at[label, op, "min"]
}

function pattern_of(label,    part) {
	split_label(label, part)
	return part["pattern"]
}

# 64K as 65536.
function bytes_of(size,    unit) {
	unit = index("KMGT", substr(size, length(size)))
	return unit ? substr(size, 1, length(size) - 1) * 1024 ^ unit : size + 0
}
