# SPDX-License-Identifier: GPL-2.0
# document.awk - the lines of a report, which text.awk, markdown.awk and html.awk turn into files; a tab between fields:
#   title TEXT, sub TEXT
#   section NAME TITLE
#   para KIND TEXT            KIND: plain, answer, warn, note
#   item TEXT, code TEXT
#   figure NAME TITLE GROUP LABEL     a picture; of a GROUP one is shown at a time, chosen by LABEL
#   table CAPTION ALIGN FLAGS ROWS    ALIGN: l or r for each column; FLAGS: long (folds away), all (text has every row),
#                                     minor (text has none of it)
#   head CELL..., row LINK CELL...    LINK: the name of a figure, or "-"
#   note TEXT                 below the table before it
# Functions only. A table is printed when it ends: then its rows are counted.

function section(name, title) {
	print "section", name, title
}

function para(kind, text) {
	if (text != "")
		print "para", kind, text
}

function item(text) {
	if (text != "")
		print "item", text
}

function figure(name, title, of_group, label) {
	print "figure", name, title, (of_group == "" ? "-" : of_group), (label == "" ? "-" : label)
}

function table(caption, align, head) {
	table_caption = caption
	table_align = align
	table_head = head
	table_rows = table_notes = 0
}

function row(cells, link) {
	table_row[++table_rows] = (link == "" ? "-" : link) OFS cells
}

function note(text) {
	if (text != "")
		table_note[++table_notes] = text
}

# Nothing is printed of a table without rows.
function end_table(flags,    i) {
	if (!table_rows)
		return 0
	print "table", table_caption, table_align, (flags == "" ? (table_rows > 12 ? "long" : "-") : flags), table_rows
	print "head", table_head
	for (i = 1; i <= table_rows; i++)
		print "row", table_row[i]
	for (i = 1; i <= table_notes; i++)
		print "note", table_note[i]
	return table_rows
}

function listed(text, more) {
	return text (text == "" ? "" : ", ") more
}
