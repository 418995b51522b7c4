# SPDX-License-Identifier: GPL-2.0
# The rooms on the map, the first indented block under "## Map", against the files: prints the difference.
#   ls | awk -f map.awk README.md -
# A line of the map: names with one blank between them, two blanks or more, what they are about. A name is of x.c, x.h or
# both, or a file's whole name where that is neither.

FILENAME != "-" && /^#/ { on = /^## Map/ && !rooms }

FILENAME != "-" && on && /^    [a-z]/ {
	line = substr($0, 5)
	sub(/   *.*/, "", line)
	n = split(line, word, " ")
	for (i = 1; i <= n; i++) named[word[i]] = 1
	rooms += n
}

FILENAME == "-" {
	name = $1
	sub(/\.[ch]$/, "", name)
	exists[name] = 1
}

END {
	if (!rooms) print "no map"
	for (name in named) if (!(name in exists)) print name ": on the map, and not there"
	for (name in exists) if (!(name in named)) print name ": not on the map"
}
