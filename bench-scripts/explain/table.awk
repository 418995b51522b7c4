# SPDX-License-Identifier: GPL-2.0
# Reads explain.tsv (join.awk and compare.awk say what is in it); loaded behind ../draw/heads.awk, before whoever prints
# it.

# field COLUMN: of this row.
function field(column) {
	if (!(($1, column) in col)) {
		print "explain.tsv: " $1 " has no column " column > "/dev/stderr"
		failed = 1
		exit 3
	}
	return at(column)
}

$1 == "about" {
	about[field("key")] = field("value")
}

END {
	if (failed)
		exit 3
}
