# SPDX-License-Identifier: GPL-2.0
# Which rows of a verdict table people see, and which of them are one line: functions only, for the formats that people
# read. What is the same change at several sizes is the same path of the kernel.
#
#	awk -f label.awk -f verdict.awk -f groups.awk -f text.awk|markdown.awk [-v all=1] VERDICT
#
# After make_groups() there are groups 1..groups, in the order to print: worse, not judged, better, the rest; within these
# by pattern and then by size of the change. group_text(K, NAME) with NAME verdict pattern alloc sizes words op figure
# diff percent tolerance, or row, the number of the row that speaks for all; figures of both sides by group_low() and
# group_high(). list_folded() has what is not shown.

function make_groups(    i) {
	for (i = 1; i <= rows; i++)
		read_label(i)
	find_spoken()
	for (i = 1; i <= rows; i++)
		if (row_shown(i))
			join_group(i)
	place_groups()
	list_folded()
	if (!all)
		merge_patterns()
}

function read_label(i,    part, at) {
	split_label(cell[i, "label"], part)
	for (at in part)
		cell[i, at] = part[at]
	verdict_at[cell[i, "label"], cell[i, "op"], cell[i, "figure"]] = cell[i, "verdict"]
	note_size(line_of(i), part["size"])
	said[part["pattern"], part["words"]]++
	without_words[part["pattern"]] += part["words"] == ""
}

# spoken[PATTERN]: the words that most of its cells have, unless some have none. No line repeats them.
function find_spoken(    at, part) {
	for (at in said) {
		split(at, part, SUBSEP)
		if (!without_words[part[1]] && said[at] > most_said[part[1]] + 0) {
			most_said[part[1]] = said[at]
			spoken[part[1]] = part[2]
		}
	}
	for (at in without_words)
		patterns_known++
}

# The cells that differ in their size only.
function line_of(i) {
	return cell[i, "alloc"] SUBSEP cell[i, "pattern"] SUBSEP cell[i, "words"]
}

# size_at[LINE, 1..sizes_of[LINE]]: what was measured, in order.
function note_size(at, size,    i) {
	if ((at, size) in size_known)
		return
	size_known[at, size] = 1
	for (i = ++sizes_of[at]; i > 1 && bytes_of(size_at[at, i - 1]) > bytes_of(size); i--)
		size_at[at, i] = size_at[at, i - 1]
	size_at[at, i] = size
}

function row_shown(i,    fold) {
	if (all)
		return 1
	fold = row_twin(i) ? "twins" : row_same(i) ? "equal" : row_own(i) ? "own" : cell[i, "verdict"] == "EQUIVALENT" ? "none" : ""
	folded[fold]++
	return fold == ""
}

function row_twin(i) {
	return is_twin(cell[i, "label"], cell[i, "op"], cell[i, "figure"])
}

# Times are estimates, and no two are the same.
function group_of(i) {
	if (all || run["lane"] != "insn" && cell[i, "base"] != "-")
		return i ""
	return line_of(i) SUBSEP cell[i, "op"] SUBSEP cell[i, "figure"] SUBSEP cell[i, "verdict"] SUBSEP cell[i, "remark"] SUBSEP \
		(cell[i, "base"] == "-" ? "-" : cell[i, "diff"])
}

function join_group(i,    name, g) {
	name = group_of(i)
	if (!(name in number_of)) {
		number_of[name] = ++groups
		order[groups] = groups
		start_group(groups, i)
	}
	g = number_of[name]
	in_group[g, cell[i, "size"]] = 1
	widen(g, "base", cell[i, "base"])
	widen(g, "new", cell[i, "new"])
	if (cell[i, "tolerance"] != "-" && (draft[g, "tolerance"] == "-" || cell[i, "tolerance"] > draft[g, "tolerance"] + 0))
		draft[g, "tolerance"] = cell[i, "tolerance"]
	members[g] += !row_twin(i)
}

function start_group(g, i,    n, k, name) {
	n = split("verdict pattern alloc words op figure diff percent tolerance", name, " ")
	for (k = 1; k <= n; k++)
		draft[g, name[k]] = cell[i, name[k]]
	draft[g, "row"] = i
	draft[g, "line"] = line_of(i)
	if (draft[g, "words"] == spoken[draft[g, "pattern"]])
		draft[g, "words"] = ""
}

function widen(g, name, x) {
	if (x == "-")
		return
	if (!((g, name, "low") in draft) || x + 0 < draft[g, name, "low"] + 0)
		draft[g, name, "low"] = x
	if (!((g, name, "high") in draft) || x + 0 > draft[g, name, "high"] + 0)
		draft[g, name, "high"] = x
}

# Of the sizes that were measured, those of a group: neighbours as lowest-highest.
function sizes_text(g,    at, i, first, last, text) {
	at = draft[g, "line"]
	for (i = 1; i <= sizes_of[at] + 1; i++) {
		if (i <= sizes_of[at] && (g, size_at[at, i]) in in_group) {
			if (first == "")
				first = size_at[at, i]
			last = size_at[at, i]
		} else if (first != "") {
			text = text (text == "" ? "" : ",") first (first == last ? "" : "-" last)
			first = ""
		}
	}
	return text
}

# The patterns in the order of their largest change, for each verdict.
function place_groups(    v, i, g, p, seen, list, n) {
	if (all)
		return
	placed = 0
	for (v = 1; v <= verdicts; v++) {
		n = 0
		for (g = 1; g <= groups; g++)
			if (draft[g, "verdict"] == verdict_order[v] && !((v, draft[g, "pattern"]) in seen)) {
				seen[v, draft[g, "pattern"]] = 1
				list[++n] = draft[g, "pattern"]
			}
		for (p = 1; p <= n; p++)
			for (i = 1; i <= groups; i++)
				if (draft[i, "verdict"] == verdict_order[v] && draft[i, "pattern"] == list[p])
					order[++placed] = i
	}
}

# Groups that differ in nothing but their pattern are one: it is "all" where they have every pattern of the table.
function merge_patterns(    i, g, name, first, kept, n, list) {
	for (i = 1; i <= groups; i++) {
		g = order[i]
		draft[g, "sizes"] = sizes_text(g)
		name = draft[g, "verdict"] SUBSEP draft[g, "alloc"] SUBSEP draft[g, "sizes"] SUBSEP draft[g, "words"] SUBSEP draft[g, "op"] SUBSEP \
			draft[g, "figure"] SUBSEP draft[g, "diff"] SUBSEP group_low(i, "base") SUBSEP group_high(i, "base") SUBSEP cell[draft[g, "row"], "remark"]
		if (run["lane"] == "insn" && (name in first)) {
			draft[first[name], "pattern"] = draft[first[name], "pattern"] "," draft[g, "pattern"]
			members[first[name]] += members[g]
			continue
		}
		first[name] = g
		order[++kept] = g
	}
	groups = kept + 0
	for (i = 1; i <= groups; i++) {
		n = split(draft[order[i], "pattern"], list, ",")
		if (n > 1 && n == patterns_known)
			draft[order[i], "pattern"] = "all"
	}
}

# group_text(K, NAME): of the K-th group to print.
function group_text(k, name,    g) {
	g = order[k]
	if (name == "sizes")
		return sizes_text(g)
	return draft[g, name]
}

# The figure of side NAME, base or new, where it is least and where it is most.
function group_low(k, name) {
	return ((order[k], name, "low") in draft) ? draft[order[k], name, "low"] : "-"
}

function group_high(k, name) {
	return ((order[k], name, "high") in draft) ? draft[order[k], name, "high"] : "-"
}

function group_members(k) {
	return members[order[k]]
}

# What the sections are called.
function verdict_title(verdict, n,    noun) {
	noun = n == 1 ? "1 figure" : n " figures"
	if (verdict == "REGRESSION")
		return verdict ": " noun " worse"
	if (verdict == "IMPROVEMENT")
		return verdict ": " noun " better"
	if (verdict == "EQUIVALENT")
		return verdict ": " noun " without a change that counts"
	return verdict ": " noun (verdict == "UNGATED" ? " not judged" : " that could not be judged")
}

# What is not shown, in one wording for all formats: fold_text[1..folds], and fold_name of each.
function list_folded(    n, i, name, words, count) {
	words["twins"] = " have the verdict of their median"
	words["none"] = " without a change that counts"
	words["own"] = " not judged: the module's own code changed by as much"
	words["equal"] = " of the same kernel: nothing was compared"
	words["hidden"] = " not shown"
	folded["hidden"] = run["hidden"]
	n = split("twins none own equal hidden", name, " ")
	for (i = 1; i <= n; i++) {
		count = folded[name[i]]
		if (!count)
			continue
		fold_name[++folds] = name[i]
		fold_text[folds] = count (name[i] == "twins" ? " minim" (count == 1 ? "um" : "a") : " figure" (count == 1 ? "" : "s")) words[name[i]]
	}
}

# How many shown rows have that verdict.
function shown_with(verdict,    k, n) {
	for (k = 1; k <= groups; k++)
		if (group_text(k, "verdict") == verdict)
			n += group_members(k)
	return n + 0
}

# What no line repeats.
function spoken_words(    n, i, name, text) {
	n = split(label_patterns, name, " ")
	for (i = 1; i <= n; i++)
		if (spoken[name[i]] != "")
			text = text (text == "" ? "" : "; ") name[i] ": " spoken[name[i]]
	return text
}
