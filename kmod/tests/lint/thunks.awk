# SPDX-License-Identifier: GPL-2.0
# Looks for indirect calls in the timed loops of a module.
#   rows.awk ... >ROWS; objdump -dr MODULE | awk -f thunks.awk ROWS -
# Prints `loops FOUND EXPECTED`, a line `missing NAME` for each loop that is
# not there, and a line `indirect FUNCTION: INSTRUCTION` for each such call.

BEGIN {
	n_loops = split("pair fill empty pair_stretch fill_stretch empty_stretch", loops, " ")
}

# The loop that a function is, or "".
function is_loop(name,   i, row, rest) {
	sub(/\..*/, "", name)
	for (row in rows) {
		if (index(name, row "_") != 1)
			continue
		rest = substr(name, length(row) + 2)
		for (i = 1; i <= n_loops; i++)
			if (rest == loops[i])
				return row "_" rest
	}
	return ""
}

FNR == NR { rows[$1] = $2; next }

/^[0-9a-f]+ <.*>:$/ {
	name = $2
	gsub(/[<>:]/, "", name)
	loop = is_loop(name)
	# What the compiler split off a loop is part of it, but not one more.
	if (loop && name !~ /\./)
		seen[loop] = 1
	next
}

# x86: a thunk, or a star; arm64: a branch to a register, authenticated or not.
loop && (/__x86_indirect_thunk/ || /[\t ](call|jmp)[a-z]*[ \t]+\*/ || /[\t ]bl?ra?[ab]?z?[ \t]+x[0-9]/) {
	line = $0
	gsub(/[ \t]+/, " ", line)
	print "indirect " name ":" line
}

END {
	for (row in rows) {
		present = seen[row "_pair"]
		if (rows[row] == "maybe" && !present)
			continue
		for (i = 1; i <= n_loops; i++) {
			expected++
			if (row "_" loops[i] in seen)
				found++
			else
				print "missing " row "_" loops[i]
		}
	}
	print "loops", found + 0, expected + 0
}
