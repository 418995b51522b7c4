# SPDX-License-Identifier: GPL-2.0
# filter.awk - a question to the cells of a verdict table, such as: change>5% && op=free && !(alloc~vmalloc). Functions
# only, loaded after label.awk.
#
# A question is comparisons of a column with a value, joined by &&, || and !, in parentheses. = != < <= > >= compare
# numbers, of which 5% is 5 and 4K 4096; = and != words, too; ~ and !~ match a regular expression. A value with blanks or
# signs in it stands between quotes. Of a figure that is missing nothing is true.
#
# filter_read(F, TEXT, COLUMNS) keeps the question as F; false where it is none, and filter_error says why. COLUMNS are
# the columns it may ask for. filter_holds(F) answers it for filter_cell[COLUMN], which filter_label() and the caller set.

BEGIN {
	filter_names = "cell alloc size pattern flags context words op figure"
	filter_figures = " size base new diff change tolerance low high p need "
	filter_all = filter_names " base new diff change tolerance low high p verdict need remark"
}

function filter_read(f, text, names) {
	filter_error = ""
	filter_rest = text
	filter_columns = names
	filter_steps[f] = 0
	filter_next()
	filter_or(f)
	if (filter_error == "" && filter_token != "")
		filter_fail("'" filter_token "' stands where && or || is due")
	return filter_error == ""
}

function filter_fail(why) {
	if (filter_error == "")
		filter_error = why
	filter_token = filter_rest = ""
}

# filter_token: the next word or sign, "" at the end.
function filter_next() {
	sub(/^[ \t]+/, "", filter_rest)
	filter_token = ""
	if (match(filter_rest, /^(&&|\|\||!=|!~|<=|>=|==|[!=<>~()]|[A-Za-z_]+)/) || match(filter_rest, /^[^ \t]+/))
		filter_token = substr(filter_rest, 1, RLENGTH)
	filter_rest = substr(filter_rest, length(filter_token) + 1)
}

# filter_value: what a column is held against; false where there is none.
function filter_next_value() {
	sub(/^[ \t]+/, "", filter_rest)
	if (!match(filter_rest, /^("[^"]*"|'[^']*'|[^ \t&|<>~()"']+)/))
		return 0
	filter_value = substr(filter_rest, 1, RLENGTH)
	filter_rest = substr(filter_rest, RLENGTH + 1)
	if (filter_value ~ /^["']/)
		filter_value = substr(filter_value, 2, length(filter_value) - 2)
	return 1
}

function filter_step(f, what) {
	filter_do[f, ++filter_steps[f]] = what
}

function filter_or(f) {
	filter_and(f)
	while (filter_token == "||") {
		filter_next()
		filter_and(f)
		filter_step(f, "||")
	}
}

function filter_and(f) {
	filter_not(f)
	while (filter_token == "&&") {
		filter_next()
		filter_not(f)
		filter_step(f, "&&")
	}
}

function filter_not(f) {
	if (filter_token == "!") {
		filter_next()
		filter_not(f)
		return filter_step(f, "!")
	}
	if (filter_token != "(")
		return filter_comparison(f)
	filter_next()
	filter_or(f)
	if (filter_token != ")")
		return filter_fail("a ( without its )")
	filter_next()
}

function filter_comparison(f,    column, sign) {
	column = filter_token
	if (column == "")
		return filter_fail("a column is due at the end, one of " filter_columns)
	if (!index(" " filter_columns " ", " " column " "))
		return filter_fail("no column '" column "', but " filter_columns)
	filter_next()
	sign = filter_token == "==" ? "=" : filter_token
	if (sign !~ /^(=|!=|<|<=|>|>=|~|!~)$/)
		return filter_fail((sign == "" ? "nothing" : "'" sign "'") " behind " column ", where = != < <= > >= ~ or !~ is due")
	if (!filter_next_value())
		return filter_fail("no value behind " column sign)
	filter_check_value(column, sign, filter_value)
	filter_step(f, column SUBSEP sign SUBSEP filter_value)
	if (filter_error == "")
		filter_next()
}

function filter_check_value(column, sign, value) {
	if (sign ~ /~/)
		return
	if (index(filter_figures, " " column " ")) {
		if (filter_number(value) == "")
			filter_fail("'" value "' is not a number, as " column " is")
	} else if (sign ~ /[<>]/)
		filter_fail("'" column sign value "': " column " is a word, and has = != ~ and !~ only")
	else if (column == "verdict" && !index(verdict_words, " " value " "))
		filter_fail("no verdict '" value "', but" substr(verdict_words, 1, length(verdict_words) - 1))
}

# filter_number(TEXT): 5 of 5 and 5%, 4096 of 4K, "" of what is none.
function filter_number(text) {
	if (text ~ /^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)%?$/)
		return text + 0
	return text ~ /^[0-9]+[KMGT]$/ ? bytes_of(text) : ""
}

# filter_label(LABEL, OP, FIGURE): the columns that are known before anything is judged.
function filter_label(label, op, figure,    part, n, i, word) {
	split_label(label, part)
	filter_cell["cell"] = label
	filter_cell["alloc"] = part["alloc"]
	filter_cell["size"] = bytes_of(part["size"])
	filter_cell["pattern"] = part["pattern"]
	filter_cell["words"] = part["words"]
	filter_cell["flags"] = "GFP_KERNEL"
	filter_cell["context"] = "process"
	n = split(part["words"], word, " ")
	for (i = 1; i <= n; i++)
		if (word[i] ~ /GFP_/)
			filter_cell["flags"] = word[i]
		else if (word[i] !~ /=/)
			filter_cell["context"] = word[i]
	filter_cell["op"] = op
	filter_cell["figure"] = figure
}

function filter_holds(f,    i, n, part, stack) {
	for (i = 1; i <= filter_steps[f]; i++) {
		if (split(filter_do[f, i], part, SUBSEP) == 3)
			stack[++n] = filter_compare(part[1], part[2], part[3])
		else if (part[1] == "!")
			stack[n] = !stack[n]
		else {
			n--
			stack[n] = part[1] == "&&" ? stack[n] && stack[n + 1] : stack[n] || stack[n + 1]
		}
	}
	return stack[n]
}

function filter_compare(column, sign, value,    x) {
	x = filter_cell[column]
	if (index(filter_figures, " " column " ") && x == "-")
		return 0
	if (sign == "~")
		return x ~ value
	if (sign == "!~")
		return x !~ value
	if (index(filter_figures, " " column " "))
		return filter_sign(filter_number(x), sign, filter_number(value))
	return sign == "=" ? x "" == value "" : x "" != value ""
}

function filter_sign(x, sign, y) {
	if (sign == "=")
		return x == y
	if (sign == "!=")
		return x != y
	if (sign ~ /</)
		return sign == "<" ? x < y : x <= y
	return sign == ">" ? x > y : x >= y
}
