# SPDX-License-Identifier: GPL-2.0
# The prefixes that the rows of allocs.def give their loops: `NAME always`, or
# `NAME maybe` where a kernel may lack the allocator.

# The word behind the n-th comma or parenthesis of the row's first line.
function word(n,   part) {
	split($0, part, /[(,][ \t]*/)
	return part[n + 1]
}

/^ROW(_UNDO|_AFTER)?\(/ { print word(1), "always" }
/^ROW_CONST\(/ { print word(1) "_" word(2), "always" }
/^ROW_IF\(/ { print word(2), "maybe" }
