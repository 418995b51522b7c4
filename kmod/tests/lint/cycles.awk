# SPDX-License-Identifier: GPL-2.0
# Rooms (x.c, x.h and x.def are one) that include each other in a circle, and, where a page has a map of them (see map.awk),
# a room that includes one above it. Prints them, nothing where there is none.
#   awk -f cycles.awk [README.md] FILE...

function room(path) {
	sub(/.*\//, "", path)
	sub(/\.[a-z]+$/, "", path)
	return path
}

FILENAME ~ /\.md$/ && /^#/ { on = /^## Map/ }

FILENAME ~ /\.md$/ && on && /^    [a-z]/ {
	sub(/^    /, "")
	sub(/   *.*/, "")
	for (i = 1; i <= NF; i++) floor[room($i)] = FNR
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
	split($0, part, "\"")
	from = room(FILENAME)
	to = room(part[2])
	if (from != to && !((from, to) in edge)) {
		edge[from, to] = 1
		next_of[from, ++n[from]] = to
	}
}

# visit ROOM: depth first; a room that is met while it is still on the path closes a circle.
function visit(r, path,   i, to) {
	if (state[r] == "done") return
	if (state[r] == "open") {
		print "include cycle:" substr(path, match(path, " " r " ")) r
		return
	}
	state[r] = "open"
	for (i = 1; i <= n[r]; i++) visit(next_of[r, i], path r " ")
	state[r] = "done"
}

END {
	for (r in n) visit(r, " ")
	for (pair in edge) {
		split(pair, end, SUBSEP)
		if ((end[1] in floor) && (end[2] in floor) && floor[end[2]] < floor[end[1]])
			print end[1] " includes " end[2] ", which is above it on the map"
	}
}
