# SPDX-License-Identifier: GPL-2.0
# KCIDB's JSON, version 5.3: a test per figure with the measurement of new, one for the run, and the build that they are of.
# KCIDB_ORIGIN in the environment is the name of the CI system; its own build goes by KCIDB_BUILD.

# What its paths allow, a figure being one step of them.
function path_of(text) {
	gsub(/[^A-Za-z0-9_-]/, "_", text)
	return text
}

function status_of(i) {
	if (cell[i, "verdict"] == "REGRESSION")
		return "FAIL"
	if (cell[i, "verdict"] == "INCONCLUSIVE")
		return cell[i, "new"] == "-" ? "MISS" : "ERROR"
	# Where the whole could not be judged, its parts were measured, and no more.
	return cell[i, "verdict"] == "UNGATED" || errors ? "DONE" : "PASS"
}

# Seconds, which take a prefix; of instructions there is no unit.
function measured_number(i) {
	if (cell[i, "new"] == "-")
		return ""
	if (run["unit"] == "insn")
		return ", \"number\": {\"value\": " cell[i, "new"] ", \"unit\": " json(row_vector(i) ? cell[i, "figure"] : "instructions") "}"
	return ", \"number\": {\"value\": " cell[i, "new"] "e-9, \"unit\": \"s\", \"prefix\": \"metric\"}"
}

function misc_of(i) {
	return ", \"misc\": {\"verdict\": " json(cell[i, "verdict"]) ", \"base\": " json(run["base"]) \
		(cell[i, "base"] == "-" ? "" : ", \"base_value\": " cell[i, "base"] ", \"percent\": " cell[i, "percent"]) "}"
}

function print_test(name, path, status, comment, more, last) {
	print "    {\"id\": " json(origin ":" path_of(run["new"]) ":" path_of(run["base"]) ":" path_of(name)) ", \"origin\": " json(origin) \
		", \"build_id\": " json(build) ", \"path\": " json(path) ", \"status\": " json(status) ", \"comment\": " json(comment) more "}" (last ? "" : ",")
}

END {
	if (failed)
		exit 2
	origin = ENVIRON["KCIDB_ORIGIN"] == "" ? "kallocbench" : ENVIRON["KCIDB_ORIGIN"]
	if (origin !~ /^[a-z0-9_]+$/) {
		print "KCIDB_ORIGIN: small letters, digits and _, not '" origin "'" > "/dev/stderr"
		exit 2
	}
	build = ENVIRON["KCIDB_BUILD"] == "" ? origin ":" path_of(run["new"]) : ENVIRON["KCIDB_BUILD"]
	print "{\n  \"version\": {\"major\": 5, \"minor\": 3},"
	if (ENVIRON["KCIDB_BUILD"] == "") {
		print "  \"checkouts\": [{\"id\": " json(build) ", \"origin\": " json(origin) ", \"comment\": " json(run["new"]) "}],"
		print "  \"builds\": [{\"id\": " json(build) ", \"origin\": " json(origin) ", \"checkout_id\": " json(build) "}],"
	}
	print "  \"tests\": ["
	for (i = 1; i <= rows; i++)
		print_test(row_id(i), "kallocbench." path_of(row_id(i)), status_of(i), row_sentence(i), measured_number(i) misc_of(i), 0)
	print_test("verdict", "kallocbench", run["overall"] == "SAME" ? "DONE" : run["exit"] == 0 ? "PASS" : run["exit"] == 1 ? "FAIL" : "ERROR", \
		run["sentence"], "", 1)
	print "  ]\n}"
}
