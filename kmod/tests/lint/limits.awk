# SPDX-License-Identifier: GPL-2.0
# House limits of length: prints what is over them, nothing when all is well.
#   awk -v file_max=300 -v func_max=40 -f limits.awk FILE...
# A function starts with its header at the left margin and ends with a lone
# brace there, which holds for C, shell and awk as this tree writes them.

function leave_file() {
	if (lines > file_max)
		printf "%s: %d lines, limit %d\n", file, lines, file_max
}

function enter_file() {
	file = FILENAME
	start = 0
	header = ""
}

FNR == 1 {
	if (file)
		leave_file()
	enter_file()
}

{ lines = FNR }

# C: the header, then a brace of its own. Shell and awk: both on one line.
/^[A-Za-z_].*\(/ { header = $0 }
/^\{/ || /^[A-Za-z_].*\(.*\) *\{$/ { start = FNR }

/^\}/ {
	if (start && FNR - start - 1 > func_max)
		printf "%s:%d: %d lines, limit %d: %s\n", FILENAME, start,
			FNR - start - 1, func_max, header
	start = 0
}

END {
	if (file)
		leave_file()
}
