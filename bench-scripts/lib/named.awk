# SPDX-License-Identifier: GPL-2.0
# named.awk - columns by their names, of several tables in one file as results.awk prints them: each begins with a line of
# its names. Loaded before the rules of who asks for word(COLUMN).

$2 == "file" {
	for (i = 2; i <= NF; i++)
		at[$1, $i] = i
	next
}

function word(name) {
	return $(at[$1, name])
}
