# SPDX-License-Identifier: GPL-2.0
# House limits of length: prints what is over them, nothing when all is well.
#   awk -v file_max=300 -v func_max=40 -f limits.awk FILE...
# A function starts with its header at the left margin and ends with a lone
# brace there, which holds for C, shell and awk as this tree writes them. What a
# script only prints, a here-document such as the text of -h, is no code of it.

function leave_file() {
	if (lines > file_max)
		printf "%s: %d lines, limit %d\n", file, lines, file_max
}

function enter_file() {
	file = FILENAME
	start = 0
	header = here = ""
}

FNR == 1 {
	if (file)
		leave_file()
	enter_file()
}

{ lines = FNR }

# C: the header, then a brace of its own. Shell and awk: both on one line.
/^[A-Za-z_].*\(/ { header = $0 }
/^\{/ || /^[A-Za-z_].*\(.*\) *\{$/ { start = FNR; printed = 0 }

here != "" {
	printed++
	line = $0
	sub(/^\t+/, "", line)
	if (line == here)
		here = ""
	next
}

FILENAME ~ /\.sh$/ && match($0, /<<-?'[A-Z_]+'$/) {
	here = substr($0, RSTART, RLENGTH - 1)
	sub(/^<<-?'/, "", here)
}

/^\}/ {
	code = FNR - start - 1 - printed
	if (start && code > func_max)
		printf "%s:%d: %d lines, limit %d: %s\n", FILENAME, start,
			code, func_max, header
	start = 0
}

END {
	if (file)
		leave_file()
}
