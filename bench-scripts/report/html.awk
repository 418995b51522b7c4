# SPDX-License-Identifier: GPL-2.0
# html.awk - the lines of document.awk as one page that needs nothing else:
#
#	awk -f ../draw/escaped.awk -f html.awk -v styles=style.css -v script=script.js -v svgs=FOLDER LINES
#
# Pictures are FOLDER/NAME.svg. Figures of one group that follow each other share a switch, and so does the table behind
# each. Without JavaScript everything is shown at once.

BEGIN {
	FS = "\t"
}

function include(file,    line) {
	while ((getline line < file) > 0)
		print line
	close(file)
}

# What ends before a line of that kind begins.
function end_before(kind) {
	if (kind !~ /^(head|row|note)$/)
		end_table()
	if (kind != "item" && in_list)
		print "</ul>"
	if (kind != "item")
		in_list = 0
	if (kind != "code" && in_code)
		print "</pre>"
	if (kind != "code")
		in_code = 0
	if (in_answer && !(kind == "para" && $2 == "answer")) {
		print "</div>"
		in_answer = 0
	}
	if (in_figure && kind !~ /^(table|head|row|note)$/)
		end_figure()
	if (kind == "section" || kind == "end")
		end_section()
}

function end_table() {
	if (in_table)
		print "</tbody></table></div>" notes (folds ? "</details>" : "")
	in_table = 0
}

function end_figure() {
	print "</figure>"
	in_figure = 0
}

function end_group() {
	if (in_group != "")
		print "</div>"
	in_group = ""
}

function end_section() {
	end_group()
	if (sections == 1)
		print "<nav>" links "</nav>"
	if (sections)
		print "</section>"
}

# All headings are in the list below the first section.
FNR == NR {
	if ($1 == "section" && ++headings > 1)
		links = links "<a href=\"#" escaped($2) "\">" escaped($3) "</a>"
	if ($1 == "title")
		title = $2
	next
}

FNR == 1 { open_page() }

{ end_before($1) }

$1 == "title" { print "<h1>" escaped($2) "</h1>" }
$1 == "sub" { print "<p class=\"sub\">" escaped($2) "</p>\n</header>\n<main>" }
$1 == "section" {
	sections++
	print "<section id=\"" escaped($2) "\"><h2>" escaped($3) "</h2>"
}
$1 == "para" && $2 == "answer" {
	if (!in_answer)
		print "<div class=\"answer\">"
	in_answer = 1
	print "<p>" escaped($3) "</p>"
}
$1 == "para" && $2 != "answer" { print "<p" ($2 == "plain" ? "" : " class=\"" $2 "\"") ">" escaped($3) "</p>" }
$1 == "item" {
	if (!in_list)
		print "<ul>"
	in_list = 1
	print "<li>" escaped($2) "</li>"
}
$1 == "code" {
	print (in_code ? "" : "<pre>") escaped($2)
	in_code = 1
}
$1 == "figure" { open_figure() }
$1 == "table" { open_table() }
$1 == "head" {
	printf "<tr>"
	for (i = 2; i <= NF; i++)
		printf "<th scope=\"col\"%s>%s</th>", word_class(i - 1, ""), escaped($i)
	print "</tr></thead><tbody>"
}
$1 == "row" { print_row() }
$1 == "note" { notes = notes "<p class=\"note\">" escaped($2) "</p>" }

function open_page() {
	print "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">"
	print "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">"
	print "<link rel=\"icon\" href=\"data:,\">\n<title>" escaped(title) "</title>\n<style>"
	include(styles)
	print "</style>\n</head>\n<body>\n<header>"
}

function open_figure(    i, n, name) {
	if ($4 != in_group && !($4 == "-" && in_group == "")) {
		end_group()
		if ($4 != "-") {
			in_group = $4
			print "<div class=\"group\">"
		}
	}
	n = split($2, name, " ")
	print "<figure id=\"" escaped(name[1]) "\" data-label=\"" escaped($5) "\"><div class=\"panels\">"
	for (i = 1; i <= n; i++) {
		print "<div class=\"panel\">"
		include(svgs "/" name[i] ".svg")
		print "</div>"
	}
	print "</div>"
	in_figure = 1
}

# A table behind a picture is its numbers.
function open_table() {
	in_table = 1
	folds = in_figure || $4 ~ /long/
	align = $3
	notes = ""
	if (folds)
		printf "<details><summary>%s (%s rows)</summary>", in_figure ? "the numbers: " escaped($2) : escaped($2), $5
	print "<div class=\"scroll\"><table class=\"sort\"><caption><span>" escaped($2) "</span></caption><thead>"
}

# Words stand left, numbers right.
function word_class(i, more) {
	more = (substr(align, i, 1) == "l" ? "w" : "") (more == "" ? "" : " " more)
	sub(/^ /, "", more)
	return more == "" ? "" : " class=\"" more "\""
}

# A finding gives the row its colour, a link its first cell.
function print_row(    i, text, found) {
	for (i = 3; i <= NF && found == ""; i++)
		found = $i == "true" || $i == "false" ? $i : ""
	printf "<tr%s>", (found == "" ? "" : " class=\"v-" found "\"")
	for (i = 3; i <= NF; i++) {
		text = escaped($i)
		if (i == 3 && $2 != "-")
			text = "<a href=\"#" escaped($2) "\">" text "</a>"
		printf "<td%s>%s</td>", word_class(i - 2, $i == found && found != "" ? "verdict" : ""), text
	}
	print "</tr>"
}

END {
	end_before("end")
	print "</main>\n<footer><p>Written by kallocbench. Every number comes from the result files named above. Point at or tap a point for its"
	print "value; click the head of a table to sort it; without JavaScript everything is shown at once.</p></footer>\n<script>"
	include(script)
	print "</script>\n</body>\n</html>"
}
