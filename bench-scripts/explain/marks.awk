# SPDX-License-Identifier: GPL-2.0
# The clock's marks of a module, as lines for the plugin: ADDRESS+OFFSET begin|end OP.
#   readelf -W -r -x kab_marks MODULE | awk -f marks.awk SECTIONS -
# SECTIONS says where the guest has them: lines of name and address. An entry of
# kab_marks is a place, which a relocation names, and the number of an op, with a
# 1 in the byte after it where the region ends: see kmod/clock.h.

BEGIN {
	# As in enum result_op of kmod/result.h.
	split("alloc touch retouch free pair settle", ops, " ")
	# Bytes of an entry.
	size = 8
	digits = "0123456789abcdef"
}

function decimal(hex,   i, n) {
	for (i = 1; i <= length(hex); i++)
		n = n * 16 + index(digits, substr(hex, i, 1)) - 1
	return n
}

FNR == NR {
	sub(/^0x/, "", $2)
	base[$1] = $2
	next
}

/^Relocation section/ {
	ours = /\.rela?kab_marks'/
	next
}

# Offset, info, type, value and name of the symbol, +, addend.
ours && $6 == "+" && ($5 in base) { place[decimal($1) / size] = base[$5] "+" $7 }

# Four words, as the bytes lie.
/^  0x[0-9a-f]+ / {
	for (i = 2; i <= 5 && $i ~ /^[0-9a-f]+$/ && length($i) == 8; i++)
		bytes = bytes $i
}

END {
	for (i = 0; i < length(bytes) / 2 / size; i++) {
		op = decimal(substr(bytes, i * 2 * size + size + 1, 2))
		if (i in place)
			print place[i], substr(bytes, i * 2 * size + size + 3, 2) == "01" ? "end" : "begin", ops[op + 1]
	}
}
