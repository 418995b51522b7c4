# SPDX-License-Identifier: GPL-2.0
# What a sample touches, in explain.txt; loaded behind text.awk.

BEGIN {
	# So many functions are listed, those with the most lines or the largest change; the others are counted.
	TOUCH_ROWS = 8
}

function forget_touches() {
	split("", touch)
	split("", shared)
	split("", sharing)
	touched = sharers = 0
}

$1 == "touches" && !skip {
	touch[++touched] = field("metric")
	if (about["kind"] == "one") {
		touch[touched, "value"] = field(by_sum(field("metric")) ? "sum" : "median")
		touch[touched, "n"] = field("n")
	} else {
		touch[touched, "base"] = field(by_sum(field("metric")) ? "base_sum" : "base")
		touch[touched, "new"] = field(by_sum(field("metric")) ? "new_sum" : "new")
		touch[touched, "base_n"] = field("base_n")
		touch[touched, "new_n"] = field("new_n")
	}
}

# shared[FUNCTION-NUMBER, METRIC, SUM]; in order of appearance.
$1 == "shares" && !skip {
	if (!(("f", field("function")) in sharing)) {
		sharing["f", field("function")] = ++sharers
		sharing[sharers] = field("function")
	}
	k = sharing["f", field("function")]
	if (about["kind"] == "one")
		shared[k, field("metric"), "sum"] = field("sum")
	else {
		shared[k, field("metric"), "base"] = field("base_sum")
		shared[k, field("metric"), "new"] = field("new_sum")
	}
	sharing["m", field("metric")] = 1
}

# "14 lines, 5 written, 0 locked": those of no use where nothing is of it are left out.
function touched_text(    i, text) {
	for (i = 1; i <= touched; i++)
		if (touch[i, "value"] + 0 || touch[i] == "locked")
			text = text (text == "" ? "" : ", ") whole(touch[i, "value"]) " " touch[i] (by_sum(touch[i]) ? " (of all)" : "")
	return text
}

function touches_heading(    i, text) {
	for (i = 1; i <= touched; i++)
		if (("m", touch[i]) in sharing)
			text = text sprintf("%9s", touch[i])
	return text "  function"
}

function touches_row(k,    i, text) {
	for (i = 1; i <= touched; i++)
		if (("m", touch[i]) in sharing)
			text = text sprintf("%9s", (k, touch[i], "sum") in shared ? mean(shared[k, touch[i], "sum"], touch[i, "n"]) : "-")
	return text "  " sharing[k]
}

# A sample's medians, then by function the means: only those add up.
function print_touches_one(    k, shown) {
	if (!touched)
		return
	wrap("median: " touched_text(), "    ", "  touches, ")
	for (k = 1; k <= sharers; k++) {
		sort_text[k] = sharing[k]
		sort_value[k] = shared[k, "lines", "sum"] + 0
	}
	sort_by(sharers)
	if (sharers)
		print touches_heading()
	shown = full || sharers <= TOUCH_ROWS + 1 ? sharers : TOUCH_ROWS
	for (k = 1; k <= shown; k++)
		print touches_row(order[k])
	# A function that touched no line of its own may hold a lock.
	for (; k <= sharers; k++)
		if (holds(order[k])) {
			print touches_row(order[k])
			shown++
		}
	if (shown < sharers)
		print sprintf("%9s", "") "  " sharers - shown " more"
	print ""
}

# Anything but lines.
function holds(k,    i) {
	for (i = 1; i <= touched; i++)
		if (touch[i] !~ /^(lines|written)$/ && ((k, touch[i], "sum") in shared))
			return 1
	return 0
}

# Metrics that changed, and of each the functions that changed most.
function print_touches_two(    i, n) {
	digits = 7
	row_format = "%-" (WIDTH - 3 * (digits + 1)) "s %" digits "s %" digits "s %" digits "s\n"
	for (i = 1; i <= touched; i++) {
		if (touch[i] == "code" || touch[i, "base"] == touch[i, "new"])
			continue
		if (!n++)
			print_row("Touches, median of a sample", "base", "new", "delta")
		print_row(touch[i] (by_sum(touch[i]) ? ", of all samples" : ""), touch[i, "base"], touch[i, "new"], \
			delta(touch[i, "base"], 1, touch[i, "new"], 1))
		print_sharers(i)
	}
	if (n)
		print ""
}

# Means of all samples: medians do not add up.
function print_sharers(i,    k, m, change) {
	m = touch[i]
	for (k = 1; k <= sharers; k++) {
		change = shared[k, m, "new"] / touch[i, "new_n"] - shared[k, m, "base"] / touch[i, "base_n"]
		sort_text[k] = sharing[k]
		sort_value[k] = change < 0 ? -change : change
	}
	sort_by(sharers)
	for (k = 1; k <= sharers && (full || k <= TOUCH_ROWS) && sort_value[order[k]] >= 0.01; k++)
		print_row("  " sharing[order[k]], mean(shared[order[k], m, "base"] + 0, touch[i, "base_n"]), \
			mean(shared[order[k], m, "new"] + 0, touch[i, "new_n"]), \
			delta(shared[order[k], m, "base"] + 0, touch[i, "base_n"], shared[order[k], m, "new"] + 0, touch[i, "new_n"]))
}
