# SPDX-License-Identifier: GPL-2.0
# markdown.awk - the lines of document.awk as Markdown; a long table folds away.

BEGIN {
	FS = "\t"
}

$1 !~ /^(head|row|note)$/ { end_table() }
$1 !~ /^code$/ && in_code {
	print "```"
	in_code = 0
}
$1 !~ /^item$/ { in_list = 0 }

$1 == "title" { print "# " $2 }
$1 == "sub" { print "\n" $2 }
$1 == "section" { print "\n## " $3 }
$1 == "para" { print "\n" ($2 == "answer" ? "**" $3 "**" : $2 == "warn" ? "> " $3 : $3) }
$1 == "item" {
	print (in_list ? "" : "\n") "- " $2
	in_list = 1
}
$1 == "code" {
	print (in_code ? "" : "\n```\n") $2
	in_code = 1
}
$1 == "table" {
	in_table = 1
	folds = $5 > 20
	align = $3
	print folds ? "\n<details><summary>" $2 " (" $5 " rows)</summary>\n" : "\n" $2 ":\n"
}
$1 == "head" {
	cells(2)
	rule = "|"
	for (i = 1; i <= length(align); i++)
		rule = rule (substr(align, i, 1) == "l" ? " :-- |" : " --: |")
	print rule
}
$1 == "row" { cells(3) }
$1 == "note" { print "\n" $2 }

function cells(from,    i, line, text) {
	line = "|"
	for (i = from; i <= NF; i++) {
		text = $i
		# "&&" is the match twice in each awk.
		gsub(/\\/, "&&", text)
		gsub(/[|]/, "\\\\&", text)
		line = line " " text " |"
	}
	print line
}

function end_table() {
	if (in_table && folds)
		print "\n</details>"
	in_table = 0
}

END {
	end_table()
	if (in_code)
		print "```"
}
