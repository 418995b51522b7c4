# SPDX-License-Identifier: GPL-2.0
# Reads explain.tsv (join.awk and compare.awk say what is in it); loaded before whoever prints it.

BEGIN {
	FS = "\t"
}

# The first line of a table names its columns.
!($1 in columns) {
	columns[$1] = NF
	for (i = 2; i <= NF; i++)
		at[$1, $i] = i
	next
}

# field COLUMN: of this row.
function field(column) {
	if (!(($1, column) in at)) {
		print "explain.tsv: " $1 " has no column " column > "/dev/stderr"
		failed = 1
		exit 3
	}
	return $(at[$1, column])
}

$1 == "about" {
	about[field("key")] = field("value")
}

END {
	if (failed)
		exit 3
}
