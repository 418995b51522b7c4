# SPDX-License-Identifier: GPL-2.0
# series.awk - the page of a series (../report/document.awk), its pictures (../draw/pictures.awk) and its numbers, from the
# verdicts between neighbours:
#
#	awk -f units.awk -f label.awk -f document.awk -f series.awk -v pictures=FILE -v numbers=FILE [-v again=WORDS -v verdict_folder=DIR] COLUMNS JUDGED
#
# COLUMNS: kernel N NAME RELEASE FAULT PATH. JUDGED: "step N M", then the verdict table of these two, or "refused N M TEXT".
# numbers: a tab between, kernel N NAME RELEASE FAULT; cell LABEL OP COST... in as many columns; step N M LABEL OP BASE NEW
# DIFF PERCENT; refused N M TEXT.

BEGIN {
	FS = OFS = "\t"
	most_pictures = 6
}

$1 == "kernel" {
	kernels++
	name[$2] = $3
	release[$2] = $4
	fault[$2] = $5
}

$1 == "step" {
	from = $2
	to = $3
	pair_from[++pairs] = from
	pair_to[pairs] = to
}

$1 == "refused" {
	refusals++
	refused_from[refusals] = $2
	refused_to[refusals] = $3
	refused_why[refusals] = $4
}

$1 == "run" && $2 == "unit" { about["", "unit"] = $3 == "insn" ? "insn" : "tick" }
$1 == "error" { pair_error[pairs] = $2 }

# What a call usually costs; the least it costs is another figure.
$1 == "row" && $4 ~ /^(mode|p50)$/ {
	row_key = $2 FS $3
	if (!(row_key in known)) {
		known[row_key] = 1
		cell_at[++cells] = row_key
	}
	value[row_key, from] = $5
	value[row_key, to] = $6
	if ($13 ~ /^(REGRESSION|IMPROVEMENT)$/ && $5 != "-" && $6 != "-")
		add_step()
}

function add_step() {
	steps++
	step_key[steps] = row_key
	step_from[steps] = from
	step_to[steps] = to
	step_base[steps] = $5
	step_new[steps] = $6
	step_percent[steps] = $8
	step_mark[row_key, to] = $6 > $5 + 0 ? "+" : "-"
	of_cell[row_key]++
	of_pair[pairs, step_mark[row_key, to]]++
}

function shown(key, n) {
	return ((key, n) in value) && value[key, n] != "-" ? cost_text("", value[key, n]) : "-"
}

function label_of(key) {
	return substr(key, 1, index(key, FS) - 1)
}

function op_of(key) {
	return substr(key, index(key, FS) + 1)
}

function between(i) {
	return name[step_from[i]] " to " name[step_to[i]]
}

function change_text(i) {
	return more_text("", step_new[i] - step_base[i]) " (" percent_text(step_base[i] > 0 ? step_new[i] / step_base[i] : 2) ")"
}

# Cells of one pattern together, of one allocator by size; what measures the ruler last.
function place_of(key,    part) {
	split_label(label_of(key), part)
	return sprintf("%d %s %s %s %015d %s", is_reference(part["alloc"]), part["pattern"] == "pair" ? "" : part["pattern"], part["words"], \
		part["alloc"], bytes_of(part["size"]), op_of(key))
}

function sort_cells(    i, j, key, place) {
	for (i = 1; i <= cells; i++) {
		key = cell_at[i]
		place[key] = place_of(key)
		for (j = i; j > 1 && place[cell_at[j - 1]] > place[key]; j--)
			cell_at[j] = cell_at[j - 1]
		cell_at[j] = key
	}
}

# by[1..steps]: the largest share first.
function sort_steps(    i, j, k) {
	for (i = 1; i <= steps; i++) {
		for (j = i; j > 1 && size_of_step(by[j - 1]) < size_of_step(i); j--)
			by[j] = by[j - 1]
		by[j] = i
	}
}

function size_of_step(i) {
	return step_percent[i] < 0 ? -step_percent[i] : step_percent[i] + 0
}

function largest(sign,    i) {
	for (i = 1; i <= steps; i++)
		if (step_mark[step_key[by[i]], step_to[by[i]]] == sign)
			return by[i]
	return 0
}

function extreme(sign, word,    i) {
	i = largest(sign)
	return !i ? "" : " The largest " word ": " label_of(step_key[i]) " " op_of(step_key[i]) ", " change_text(i) " from " between(i) "."
}

# The one sentence.
function answer(    i, moved, text) {
	for (i = 1; i <= cells; i++)
		moved += cell_at[i] in of_cell
	text = count_text(kernels, "kernel") ", " count_text(cells, "figure") ": "
	if (!pairs)
		return text "no two of them could be compared."
	if (!steps)
		return text "no step anywhere."
	for (i = 1; i <= pairs; i++)
		if (of_pair[i, "+"] + of_pair[i, "-"] > of_pair[best, "+"] + of_pair[best, "-"] || !best)
			best = i
	return text count_text(cells - moved, "figure") " without a step, " moved " with " count_text(steps, "step") ", most of them (" \
		of_pair[best, "+"] + 0 " up, " of_pair[best, "-"] + 0 " down) from " name[pair_from[best]] " to " name[pair_to[best]] "." \
		extreme("+", "rise") extreme("-", "fall")
}

function list_kernels(    n) {
	for (n = 1; n <= kernels; n++)
		item(n ": " name[n] (release[n] == name[n] ? "" : ", " release[n]) (fault[n] == "-" ? "" : ": NO RESULT: " fault[n]))
}

# Names as the heads of columns where 72 have room for them, else numbers.
function heads(    n, wide, text) {
	for (n = 1; n <= kernels; n++)
		wide += 2 + (length(name[n]) > 6 ? length(name[n]) : 6)
	for (n = 1; n <= kernels; n++)
		text = text OFS (wide + 26 > 72 ? n : name[n])
	return text
}

function aligns(    n, text) {
	for (n = 1; n <= kernels; n++)
		text = text "r"
	return text
}

function costs_row(key,    n, text) {
	text = label_of(key) " " op_of(key)
	for (n = 1; n <= kernels; n++)
		text = text OFS shown(key, n) ((key, n) in step_mark ? step_mark[key, n] : "")
	return text
}

function write_costs(    i) {
	section("costs", "Costs")
	para("plain", "In " unit_name("") ", the median of the modes. A + or - after a number: a step up or down from the kernel before it.")
	table("Figures with a step", "l" aligns(), "cell and op" heads())
	for (i = 1; i <= cells; i++)
		if (cell_at[i] in of_cell)
			row(costs_row(cell_at[i]))
	end_table("all")
	table("Figures without one", "l" aligns(), "cell and op" heads())
	for (i = 1; i <= cells; i++)
		if (!(cell_at[i] in of_cell))
			row(costs_row(cell_at[i]))
	end_table("")
}

function write_steps(    i) {
	section("steps", "Steps")
	table("Steps, the largest first", "llrrr", "between" OFS "cell and op" OFS "from" OFS "to" OFS "change")
	for (i = 1; i <= steps; i++)
		row(between(by[i]) OFS label_of(step_key[by[i]]) " " op_of(step_key[by[i]]) OFS cost_text("", step_base[by[i]]) OFS \
			cost_text("", step_new[by[i]]) OFS change_text(by[i]))
	end_table(steps > 40 ? "long" : "all")
	for (i = 1; i <= pairs; i++)
		if (again != "" && of_pair[i, "+"] + of_pair[i, "-"])
			explain(i)
}

# Which functions: of two columns of one kernel there is nothing to ask.
function explain(i) {
	if (release[pair_from[i]] == release[pair_to[i]])
		return
	if (!explained++)
		para("plain", "Which functions a step is made of:")
	code("bench-scripts/explain.sh --base " release[pair_from[i]] " --new " release[pair_to[i]] " --verdict " verdict_folder "/" \
		pair_from[i] "-" pair_to[i] "/verdict.tsv " again)
}

function code(text) {
	print "code", text
}

function write_gaps(    i) {
	for (i = 1; i <= refusals; i++)
		para("warn", "From " name[refused_from[i]] " to " name[refused_to[i]] " nothing is known: " refused_why[i])
	for (i = 1; i <= pairs; i++)
		if (i in pair_error)
			para("warn", "From " name[pair_from[i]] " to " name[pair_to[i]] ": " pair_error[i])
}

# A picture is of one size and pattern: what its cells have in common.
function kind_of(key,    part) {
	split_label(label_of(key), part)
	alloc = part["alloc"]
	return part["size"] " " part["pattern"] (part["words"] == "" ? "" : " " part["words"])
}

# kinds with the most steps, those without one last; nobody asks for the references.
function choose_kinds(    i, j, kind, n) {
	for (i = 1; i <= cells; i++) {
		kind = kind_of(cell_at[i])
		if (is_reference(alloc))
			continue
		if (!(kind in kind_steps))
			kind_name[++kinds] = kind
		kind_steps[kind] += (cell_at[i] in of_cell) ? of_cell[cell_at[i]] : 0
	}
	for (i = 2; i <= kinds; i++)
		for (j = i; j > 1 && kind_steps[kind_name[j]] > kind_steps[kind_name[j - 1]]; j--) {
			n = kind_name[j]
			kind_name[j] = kind_name[j - 1]
			kind_name[j - 1] = n
		}
}

function draw_kind(kind, id,    i, n, ops, op_name, o, m, drawn, listed) {
	print "picture", id, "What a call costs, kernel by kernel: " kind, column_words(), \
		"A full point is a step from the kernel before it; a hollow one is none." > pictures
	for (i = 1; i <= cells; i++)
		if (kind_of(cell_at[i]) == kind && !(op_of(cell_at[i]) in ops)) {
			op_name[++n] = op_of(cell_at[i])
			ops[op_name[n]] = 1
		}
	for (i = 1; i <= cells; i++)
		if (kind_of(cell_at[i]) == kind && !is_reference(alloc) && !listed[alloc]++)
			drawn[++m] = alloc
	choose_styles(drawn, m)
	for (o = 1; o <= n; o++) {
		print "panel", "lines", op_name[o] ", " unit_name("") " per call", "kernel", "names", "log", 190 > pictures
		for (i = 1; i <= kernels; i++)
			print "column", i, name[i] > pictures
		for (i = 1; i <= cells; i++)
			if (kind_of(cell_at[i]) == kind && op_of(cell_at[i]) == op_name[o] && !is_reference(alloc))
				draw_line(cell_at[i], style_of[alloc])
	}
}

function draw_line(key, style,    n) {
	print "series", alloc, style > pictures
	for (n = 1; n <= kernels; n++)
		if (shown(key, n) == "-")
			print "gap" > pictures
		else
			print "point", n, (value[key, n] > 0 ? value[key, n] : 0.5), "-", "-", "-", "-", ((key, n) in step_mark ? "full" : "hollow"), \
				label_of(key) " " op_of(key) " on " name[n] ": " shown(key, n) " " unit_name("") > pictures
}

function column_words(    n, text) {
	for (n = 1; n <= kernels; n++)
		text = text (n > 1 ? ", " : "") n "=" name[n]
	return text
}

function write_pictures(    k, id) {
	choose_kinds()
	if (!kinds)
		return
	section("pictures", "Kernel by kernel")
	for (k = 1; k <= kinds && k <= most_pictures; k++) {
		id = "kind-" k
		draw_kind(kind_name[k], id)
		figure(id, "Kernel by kernel: " kind_name[k], "kinds", kind_name[k])
	}
}

function write_numbers(    i, n, text) {
	for (n = 1; n <= kernels; n++)
		print "kernel", n, name[n], release[n], fault[n] > numbers
	for (i = 1; i <= cells; i++) {
		text = label_of(cell_at[i]) OFS op_of(cell_at[i])
		for (n = 1; n <= kernels; n++)
			text = text OFS (((cell_at[i], n) in value) ? value[cell_at[i], n] : "-")
		print "cell", text > numbers
	}
	for (i = 1; i <= steps; i++)
		print "step", step_from[i], step_to[i], label_of(step_key[i]), op_of(step_key[i]), step_base[i], step_new[i], \
			step_new[i] - step_base[i], step_percent[i] > numbers
	for (i = 1; i <= refusals; i++)
		print "refused", refused_from[i], refused_to[i], refused_why[i] > numbers
}

END {
	sort_cells()
	sort_steps()
	print "title", "kallocbench: " count_text(kernels, "kernel") " in a series"
	print "sub", name[1] " to " name[kernels] ", " lane_name("")
	section("answer", "The answer")
	para("answer", answer())
	write_gaps()
	list_kernels()
	write_pictures()
	if (steps)
		write_steps()
	write_costs()
	write_numbers()
}
