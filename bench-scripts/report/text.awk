# SPDX-License-Identifier: GPL-2.0
# text.awk - the lines of document.awk as text of at most 72 columns, for a mailing list. Pictures have no place in it, and
# tables of more than 40 rows only where the report says so; what is left out is named at the end.

BEGIN {
	FS = "\t"
	most = 72
}

# What follows a table or a list is set apart from it.
$1 !~ /^(head|row|note)$/ { end_table() }
$1 !~ /^(item|code)$/ && listing { listing = 0 }

$1 == "title" || $1 == "sub" { block(folded($2, "")) }
$1 == "section" {
	heading = folded($3, "")
	heading = heading "\n" substr("------------------------------------------------------------------------", 1, length($3) < most ? length($3) : most)
	title = $3
}
$1 == "para" { block(folded($3, $2 == "warn" ? "NOTE: " : "")) }
$1 == "item" || $1 == "code" {
	text = $1 == "item" ? folded($2, "- ") : code($2)
	if (listing)
		print text
	else
		block(text)
	listing = 1
}
$1 == "table" {
	caption = $2
	align = $3
	hidden = $4 ~ /minor/ || ($5 > 40 && $4 !~ /all/)
	if (hidden)
		leave_out($5)
	in_table = !hidden
	rows = notes = 0
}
$1 == "head" && in_table { read_row(2) }
$1 == "row" && in_table { read_row(3) }
$1 == "note" && in_table { note[++notes] = $2 }

# Nothing stands between its heading and the first of a section.
function block(text) {
	if (blocks++)
		print ""
	if (heading != "")
		print heading "\n"
	heading = ""
	print text
}

function leave_out(count) {
	if (!(title in left_tables))
		left_at[++lefts] = title
	left_tables[title]++
	left_rows[title] += count
}

function read_row(from,    i) {
	rows++
	for (i = from; i <= NF || i - from < length(align); i++)
		cell[rows, i - from + 1] = $i
}

# Columns that a text takes: a sign of several bytes is one.
function columns(text,    n) {
	n = length(text)
	return n - gsub(/±/, "", text) * (length("±") - 1)
}

function padded(text, width, left,    gap) {
	gap = sprintf("%" (width > columns(text) ? width - columns(text) : 0) "s", "")
	return left ? text gap : gap text
}

# Where a text breaks to fit: between words, else after a sign in one, else anywhere.
function break_at(text, width,    i) {
	for (i = width + 1; i > 1 && substr(text, i, 1) != " "; i--)
		;
	if (i > 1)
		return i - 1
	for (i = width; i > 1 && substr(text, i, 1) !~ /[-|,=\/]/; i--)
		;
	return i > 1 ? i : width
}

function folded(text, lead,    out, at, indent) {
	indent = lead == "" ? "" : sprintf("%" length(lead) "s", "")
	while (columns(text) > most - length(lead)) {
		at = break_at(text, most - length(lead))
		# A word that is longer than a line stands in its own.
		if (index(text, " ") > most - length(lead) || !index(text, " "))
			at = index(text, " ") ? index(text, " ") - 1 : length(text)
		out = out lead substr(text, 1, at)
		text = substr(text, at + 1)
		sub(/^ /, "", text)
		if (text == "")
			return out
		out = out "\n"
		lead = indent
	}
	return out lead text
}

# A command that a shell still takes when it is too long for a line: a backslash at the end of a line joins the next one
# everywhere but in single quotes, so these give way where that changes nothing.
function code(line,    out, at) {
	if (length(line) > most && line !~ /["$`\\!]/)
		gsub(/'/, "\"", line)
	while (length(line) > most) {
		for (at = most - 1; at > most / 2 && substr(line, at, 1) != " "; at--)
			;
		at = at > most / 2 ? at : most - 1
		out = out substr(line, 1, at) "\\\n"
		line = substr(line, at + 1)
	}
	return out line
}

# The longest piece of a column that cannot be broken, 24 at most.
function piece(i,    r, n, k, word, longest, text) {
	for (r = 1; r <= rows; r++) {
		text = cell[r, i]
		gsub(/[-|,=\/]/, "& ", text)
		n = split(text, word, " ")
		for (k = 1; k <= n; k++)
			if (length(word[k]) > longest)
				longest = length(word[k])
	}
	return longest < 10 ? 10 : longest > 24 ? 24 : longest
}

# wide[1..n] of the columns in list; those of words give way first. Do they fit?
function find_widths(list, n,    i, r, sum, least, soft) {
	sum = 2 * (n - 1)
	for (i = 1; i <= n; i++) {
		wide[i] = 0
		for (r = 1; r <= rows; r++)
			if (columns(cell[r, list[i]]) > wide[i])
				wide[i] = columns(cell[r, list[i]])
		least[i] = piece(list[i])
		sum += wide[i]
	}
	while (sum > most) {
		soft = 0
		for (i = 1; i <= n; i++)
			if (substr(align, list[i], 1) == "l" && wide[i] > least[i] && (!soft || wide[i] > wide[soft]))
				soft = i
		if (!soft)
			return 0
		wide[soft]--
		sum--
	}
	return 1
}

# A row over several lines where its words are folded.
function print_cells(r, list, n,    i, rest, more, line, at, text) {
	for (i = 1; i <= n; i++)
		rest[i] = cell[r, list[i]]
	do {
		line = ""
		more = 0
		for (i = 1; i <= n; i++) {
			text = rest[i]
			at = columns(text) <= wide[i] ? length(text) : break_at(text, wide[i])
			rest[i] = substr(text, at + 1)
			sub(/^ /, "", rest[i])
			more += rest[i] != ""
			line = line (i > 1 ? "  " : "") padded(substr(text, 1, at), wide[i], substr(align, list[i], 1) == "l")
		}
		sub(/ +$/, "", line)
		print line
	} while (more)
}

function print_columns(list, n,    r) {
	for (r = 1; r <= rows; r++)
		print_cells(r, list, n)
}

# Two tables where one is too wide even when its words are folded; both begin with what names a row: all up to its last word.
function end_table(    i, n, m, list, leads, rests, half, part, k) {
	if (!in_table)
		return
	in_table = 0
	block(folded(caption ":", ""))
	n = length(align)
	leads = 1
	for (i = 1; i <= n; i++) {
		list[i] = i
		if (substr(align, i, 1) == "l" && i < 5)
			leads = i
	}
	rests = n - leads
	if (find_widths(list, n) || rests < 2) {
		print_columns(list, n)
	} else {
		half = int((rests + 1) / 2)
		for (part = 0; part < 2; part++) {
			m = leads
			for (k = part * half + 1; k <= (part + 1) * half && k <= rests; k++)
				list[++m] = leads + k
			if (part)
				print ""
			find_widths(list, m)
			print_columns(list, m)
		}
	}
	if (notes)
		print ""
	for (i = 1; i <= notes; i++)
		print folded(note[i], "")
}

END {
	end_table()
	for (i = 1; i <= lefts; i++)
		rest_of_it = rest_of_it (i > 1 ? "; " : "") left_at[i] " (" (left_tables[left_at[i]] > 1 ? left_tables[left_at[i]] " tables, " : "") \
			left_rows[left_at[i]] " rows)"
	heading = ""
	if (lefts)
		block(folded("Only in the HTML and Markdown reports: " rest_of_it ".", ""))
}
