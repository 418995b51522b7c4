# SPDX-License-Identifier: GPL-2.0
# heads.awk - reads tables whose lines begin with their name by the names of their columns: at(NAME). Loaded before
# costs.awk, tables.awk and explain/table.awk.

BEGIN {
	FS = OFS = "\t"
}

# What comes first of a table names its columns, and stands again where tables were put one after another.
!($1 in head) {
	head[$1] = $0
	for (i = 2; i <= NF; i++)
		col[$1, $i] = i
	next
}

$0 == head[$1] { next }

function at(name) {
	return $(col[$1, name])
}
