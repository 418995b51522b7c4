# SPDX-License-Identifier: GPL-2.0
# The whole verdict table as one JSON object.

function pair(name, text) {
	return json(name) ": " text
}

function row_object(i) {
	return "{" pair("cell", json(cell[i, "label"])) ", " pair("op", json(cell[i, "op"])) ", " \
		pair("figure", json(cell[i, "figure"])) ", " pair("base", json_number(cell[i, "base"])) ", " \
		pair("new", json_number(cell[i, "new"])) ", " pair("percent", json_number(cell[i, "base"] == "-" ? "-" : cell[i, "percent"])) ", " \
		pair("tolerance", json_number(cell[i, "tolerance"])) ", " pair("low", json_number(cell[i, "low"])) ", " \
		pair("high", json_number(cell[i, "high"])) ", " pair("p", json_number(cell[i, "p"])) ", " \
		pair("verdict", json(cell[i, "verdict"])) ", " pair("need", json_number(cell[i, "need"])) ", " \
		pair("remark", json(cell[i, "remark"] == "-" ? "" : cell[i, "remark"])) "}"
}

function rare_object(i,    f) {
	split(rare[i], f, "\t")
	return "{" pair("cell", json(f[2])) ", " pair("op", json(f[3])) ", " pair("what", json(f[4])) ", " \
		pair("count", f[5]) ", " pair("of", f[6]) ", " pair("cost", f[7]) "}"
}

function print_list(name, item, n, last,    i) {
	print "  " json(name) ": ["
	for (i = 1; i <= n; i++)
		print "    " item[i] (i < n ? "," : "")
	print "  ]" (last ? "" : ",")
}

END {
	if (failed)
		exit 2
	print "{"
	print "  " pair("format", json("kallocbench-verdict")) ","
	print "  " pair("version", 2) ","
	print "  " pair("verdict", json(run["overall"])) ","
	print "  " pair("exit", run["exit"]) ","
	print "  " pair("sentence", json(run["sentence"])) ","
	print "  " pair("lane", json(run["lane"])) ","
	print "  " pair("unit", json(run["unit"])) ","
	print "  " pair("base", json(run["base"])) ","
	print "  " pair("new", json(run["new"])) ","
	print "  " pair("command", json(run["command"])) ","
	for (i = 1; i <= errors; i++)
		item[i] = json(error[i])
	print_list("errors", item, errors, 0)
	for (i = 1; i <= notes; i++)
		item[i] = json(note[i])
	print_list("notes", item, notes, 0)
	for (i = 1; i <= rares; i++)
		item[i] = rare_object(i)
	print_list("rare", item, rares, 0)
	for (i = 1; i <= rows; i++)
		item[i] = row_object(i)
	print_list("rows", item, rows, 1)
	print "}"
}
