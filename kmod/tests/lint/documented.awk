# SPDX-License-Identifier: GPL-2.0
# Names the functions of a C file that others can call and that have no
# kernel-doc above them. A static one explains itself.

FNR == 1 { doc = ""; head = "" }

/^ \* [a-z_0-9]+\(\) - / {
	doc = $2
	sub(/\(\)$/, "", doc)
}

# The header of a function may span lines; its name stands on the first.
/^[a-z].*[a-z_0-9]\(/ && !/;$/ && !/^static/ && !/^#/ && !/^(module_|MODULE_|DEFINE_|EXPORT_)/ {
	head = $0
	sub(/\(.*/, "", head)
	sub(/.*[ *]/, "", head)
	line = FNR
}

/^\{/ && head != "" {
	if (head != doc)
		printf "%s:%d: %s() has no kernel-doc\n", FILENAME, line, head
	head = ""
}
