# SPDX-License-Identifier: GPL-2.0
# css.awk - an SVG of gnuplot that follows the reader's light or dark mode and tells its values when pointed at:
#
#	awk -f escaped.awk -f css.awk -v name=NAME palette.tsv NAME.words NAME.svg
#
# Colours become classes beside what gnuplot wrote, which stays for programs that know no style sheet; hypertext becomes
# <title>; what draws nothing goes. The ids carry the name: a page holds many of these.

BEGIN {
	FS = "\t"
	hex = "0123456789abcdef"
}

FNR == 1 { file++ }

function byte(text) {
	return 16 * (index(hex, substr(text, 1, 1)) - 1) + index(hex, substr(text, 2, 1)) - 1
}

# #0072b2 as gnuplot writes it, but for its blanks.
function rgb(colour) {
	return sprintf("rgb(%d,%d,%d)", byte(substr(colour, 2, 2)), byte(substr(colour, 4, 2)), byte(substr(colour, 6, 2)))
}

file == 1 && !/^#/ {
	if (!(rgb($2) in class))
		class[rgb($2)] = $1
	day = day "--" $1 ":" $2 ";"
	night = night "--" $1 ":" $3 ";"
	rules = rules ".F" $1 "{fill:var(--" $1 ")}.S" $1 "{stroke:var(--" $1 ")}.C" $1 "{color:var(--" $1 ")}"
}

file == 2 { alt = $0 }

file < 3 { next }

# The classes of the colours in a line's attributes.
function classes(line,    list, attribute, what, colour) {
	while (match(line, /(fill|stroke|color) ?= ?['"](rgb\([0-9, ]*\)|black|#ffffff)['"]/)) {
		attribute = substr(line, RSTART, RLENGTH)
		line = substr(line, RSTART + RLENGTH)
		colour = attribute
		sub(/^[a-z]* ?= ?./, "", colour)
		sub(/.$/, "", colour)
		gsub(/ /, "", colour)
		what = attribute ~ /^fill/ ? "F" : attribute ~ /^stroke/ ? "S" : "C"
		if (colour in class)
			list = list (list == "" ? "" : " ") what class[colour]
		else if (colour == "black")
			list = list (list == "" ? "" : " ") what "ink"
		else if (colour == "#ffffff")
			list = list (list == "" ? "" : " ") what "paper"
	}
	return list
}

# Two elements that stand in one line are dressed by themselves.
function dressed(line,    list, n) {
	n = index(line, "/>\t<")
	if (n)
		return dressed(substr(line, 1, n + 1)) "\n" dressed(substr(line, n + 2))
	sub(/ class="gridline" /, "", line)
	sub(/ stroke-linecap="butt" stroke-linejoin="miter"/, "", line)
	list = classes(line)
	if (list == "" || !match(line, /<(g|path|rect|polygon|use|text|circle)[ \t]/))
		return line
	n = RSTART + RLENGTH - 1
	return substr(line, 1, n - 1) " class=\"" list "\"" substr(line, n)
}

# Empty groups of gnuplot's: two lines.
function put(line) {
	if (line ~ /^<\/g>$/ && (held != "" || alone)) {
		held = ""
		alone = 0
		return
	}
	if (held != "")
		print held
	held = ""
	if (line ~ /^<g fill="none" color=/)
		held = dressed(line)
	else
		print dressed(line)
}

/^<svg/ {
	print "<svg class=\"fig\" role=\"img\" aria-label=\"" escaped(alt) "\""
	next
}

/^<title>Gnuplot/ {
	print "<title>" escaped(alt) "</title>"
	print "<style>.fig{" day "color-scheme:light dark}@media (prefers-color-scheme:dark){.fig{" night "}}@media print{.fig{" day "}}" rules "</style>"
	next
}

/^<desc>/ || /<title>gnuplot_plot/ || /^<!--/ { sub(/<title>.*<\/title>/, "") }

/^<desc>/ { next }

{
	gsub(/ id="gnuplot_[a-z0-9_]*"/, "")
	gsub(/#gpPt/, "#" name "-gpPt")
	gsub(/#gpDot/, "#" name "-gpDot")
	gsub(/id='gpPt/, "id='" name "-gpPt")
	gsub(/id='gpDot/, "id='" name "-gpDot")
}

# The filters of text boxes, which we have none of.
/<filter/ { skip = 1 }
skip {
	if (/<\/filter>/)
		skip = 0
	next
}

/showHypertext/ {
	line = $0
	sub(/.*showHypertext\(evt,'/, "", line)
	sub(/'\)" onmouseout.*/, "", line)
	# The group around it says nothing of a point.
	alone = held != ""
	held = ""
	# A hollow point has the paper inside, or it would be black.
	print "<g class=\"pt Fpaper\" fill=\"#ffffff\"><title>" line "</title>"
	next
}

{ put($0) }

END {
	if (held != "")
		print held
}
