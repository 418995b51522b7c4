# SPDX-License-Identifier: GPL-2.0
# explained.awk - which functions the instructions went to: the tables of explain.tsv (../explain/join.awk and compare.awk
# say what is in them), read as the set "explain"; functions of report.awk.

$1 == "ops" && set == "explain" {
	explained[++explains] = at("op")
	ex_label[at("op")] = at("label")
	ex_name[at("op")] = at("name")
	ex_slug[at("op")] = at("slug")
	ex_n[at("op")] = at("n")
}

# The most frequent route comes first.
$1 == "routes" {
	routes[at("op")]++
	route_n[at("op"), routes[at("op")]] = at("n")
	route_id[at("op"), routes[at("op")]] = at("route")
	route_sum[at("op"), routes[at("op")]] = at("sum")
	route_text[at("op"), routes[at("op")]] = (at("min") == at("max") ? grouped(at("min")) : grouped(at("min")) " to " grouped(at("max"))) \
		" instructions, " (at("through") == "-" || at("through") == "" ? "the usual path" : "through " first_names(at("through")))
}

$1 == "functions" && at("route") == route_id[at("op"), 1] {
	parts[at("op")]++
	part_name[at("op"), parts[at("op")]] = at("function")
	part_insns[at("op"), parts[at("op")]] = at("insns")
	part_calls[at("op"), parts[at("op")]] = at("calls")
}

$1 == "figures" && at("figure") == "mode" {
	change_all[at("op")] = at("base") OFS at("new") OFS at("delta")
	change_delta[at("op")] = at("delta")
}

# What changed most, in the order of the file: what grew first.
$1 == "changes" && at("figure") == "mode" && at("rank") > 15 { small_changes[at("op")]++ }

$1 == "changes" && at("figure") == "mode" && at("rank") <= 15 {
	changes[at("op")]++
	change_line[at("op"), changes[at("op")]] = (at("new_name") == "-" ? at("base_name") : at("new_name")) OFS at("base") OFS at("new") OFS at("delta")
}

function first_names(text,    n, i, name, out) {
	n = split(text, name, " ")
	for (i = 1; i <= n && i <= 4; i++)
		out = listed(out, name[i])
	return out
}

# Whole numbers whole, others with one digit.
function mean_text(sum, n) {
	return sum == "-" ? "-" : sum % n ? sprintf("%.1f", sum / n) : grouped(sum / n)
}

function usual_table(op,    i, n) {
	n = route_n[op, 1]
	table(ex_label[op] " " ex_name[op] ", usual path, per call", "lrrr", "function\tinstructions\tcalls\tshare")
	for (i = 1; i <= parts[op] && i <= 15; i++)
		row(part_name[op, i] OFS mean_text(part_insns[op, i], n) OFS mean_text(part_calls[op, i], n) OFS \
			(route_sum[op, 1] ? sprintf("%.1f %%", 100 * part_insns[op, i] / route_sum[op, 1]) : "-"))
	for (i = 1; i <= routes[op] && i <= 6; i++)
		note(sprintf("%.1f %% of the samples: ", 100 * route_n[op, i] / ex_n[op]) route_text[op, i])
	if (parts[op] > 15)
		note(parts[op] - 15 " more functions are not shown.")
}

# As bloat-o-meter prints it.
function change_table(op,    i) {
	table(ex_label[op] " " ex_name[op] ": instructions per call at the mode", "lrrr", "function\tbase\tnew\tdelta")
	for (i = 1; i <= changes[op]; i++)
		row(change_line[op, i])
	if (small_changes[op])
		note(small_changes[op] " more functions are not shown; their changes are in the sum.")
	row("all functions" OFS change_all[op])
}

function explained_section(    i, op, two) {
	if (!explains)
		return
	section("explain", "Which functions")
	two = about["explain", "kind"] == "two"
	para("plain", two ? "base " about["explain", "base"] ", new " about["explain", "new"] "; the changes of the functions add up to that of the op." : \
		"Instructions counted between the two clock reads, by function, on " about["explain", "kernel"] ".")
	for (i = 1; i <= explains && i <= 24; i++) {
		op = explained[i]
		figure("flame-" ex_slug[op], ex_label[op] ", " ex_name[op], "explain", ex_label[op] " " ex_name[op])
		if (two)
			change_table(op)
		else
			usual_table(op)
		end_table("-")
	}
	if (explains > 24)
		para("note", explains - 24 " more ops are in explain.tsv.")
}
