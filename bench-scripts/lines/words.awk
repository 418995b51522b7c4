# SPDX-License-Identifier: GPL-2.0
# The names that a parameter line may use, out of the module's tables, as C for lines.c.
#
#	awk -f words.awk kmod/allocs.def kmod/*.c
#
# The tables that hold them also hold functions of the kernel, which no program of the host can be linked with.

BEGIN {
	q = "\""
}

# of LIST NAME BITS: a row of a vocabulary.
function row(list, name, bits) {
	rows[list] = rows[list] "\t{ " q name q ", " q q ", " bits " },\n"
}

# The keys of a pattern stand behind its name, perhaps on lines of their own.
function finish() {
	if (pattern != "")
		row("patterns", pattern, keys == "" ? "0" : keys)
	pattern = keys = ""
}

# A row, of whatever kind; where a condition stands first, the name comes after it.
/^ROW[A-Z_]*\(/ && !/^ROW_CONST\(/ {
	name = $0
	sub(/^ROW_IF\([^,]*, */, "", name)
	sub(/^ROW[A-Z_]*\(/, "", name)
	sub(/,.*/, "", name)
	row("allocs", name, "0")
}

match($0, /GFP\(_*[A-Z0-9_]+, "/) {
	row("gfps", substr($0, RSTART + 4, RLENGTH - 7), "0")
}

FILENAME ~ /\/contexts\.c$/ && match($0, /\.word = [{] "[a-z_]+"/) {
	row("contexts", substr($0, RSTART + 11, RLENGTH - 12), "0")
}

FILENAME !~ /\/patterns\.c$/ {
	next
}

match($0, /\.word = [{] "[a-z_]+"/) {
	finish()
	pattern = substr($0, RSTART + 11, RLENGTH - 12)
}

/^};/ {
	finish()
}

pattern != "" {
	rest = $0
	while (match(rest, /BIT\(PLAN_[A-Z_]+\)/)) {
		keys = keys (keys == "" ? "" : " | ") substr(rest, RSTART, RLENGTH)
		rest = substr(rest, RSTART + RLENGTH)
	}
}

END {
	n = split("allocs gfps patterns contexts", list, " ")
	for (i = 1; i <= n; i++) {
		# Rather no check than one that refuses what the module takes.
		if (rows[list[i]] == "")
			print "#error no " list[i] " in the sources"
		print "static struct vocab_word " list[i] "[] = {\n" rows[list[i]] "};"
	}
}
