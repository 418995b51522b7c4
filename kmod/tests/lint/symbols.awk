# SPDX-License-Identifier: GPL-2.0
# What a module's symbol table must not hold; silent when all is well.
#   readelf -sW MODULE | awk -v prefix=kab_ -f symbols.awk
# A symbol that others can link to without the prefix would clash with the kernel's. A label inside a function splits
# the function in two for kallsyms, and so for perf, ftrace and a trace of the stack.

# Columns: number, value, size, type, binding, visibility, section, name.
$1 !~ /^[0-9]+:$/ || $7 !~ /^[0-9]+$/ || $8 == "" { next }

$5 != "LOCAL" && ($4 == "FUNC" || $4 == "OBJECT") && index($8, prefix) != 1 &&
	$8 !~ /^(init_module|cleanup_module|__this_module|__pfx_.*|__cfi_.*)$/ {
	print "global symbol without " prefix ": " $8
}

{ seen++ }

$4 == "FUNC" {
	functions++
	section[functions] = $7
	start[functions] = hex($2)
	size[functions] = $3 ~ /^0x/ ? hex(substr($3, 3)) : $3 + 0
	name[functions] = $8
}

# $x and $d are where arm64's instructions and data begin: kallsyms leaves them out.
$4 == "NOTYPE" && $8 !~ /^\$/ {
	labels++
	label_section[labels] = $7
	label_at[labels] = hex($2)
	label[labels] = $8
}

function hex(text,   i, value) {
	for (i = 1; i <= length(text); i++)
		value = value * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
	return value
}

END {
	if (!functions) print "no function in " seen + 0 " symbols"
	for (i = 1; i <= labels; i++) {
		for (f = 1; f <= functions; f++) {
			if (label_section[i] == section[f] && label_at[i] > start[f] && label_at[i] < start[f] + size[f])
				print "label inside of " name[f] ": " label[i]
		}
	}
}
