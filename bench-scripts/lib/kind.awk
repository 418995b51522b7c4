# SPDX-License-Identifier: GPL-2.0
# kind.awk - what results must have in common to be merged or compared. Rules
# and functions over the tables meta and clock of results.awk, for programs that
# read them: awk -f kind.awk -f PROGRAM.
#
# value[file, key] is what a file says; a key of the clock is clock.KEY.

BEGIN {
	# Of all results, those of both sides of a comparison.
	must_agree = split("lane accel entry arch cpu cpu_model smp module_cc clock.name clock.unit", agree, " ")
	# Of those that stand for one kernel besides.
	must_within = split("kernel kernel_sha256 module_sha256", within, " ")
	# Of one kernel the same where it is said at all, as only results with
	# __GFP_ACCOUNT do: whether that charged a group.
	must_where_said = split("charged", where_said, " ")
}

$1 == "meta" && $2 != "file" {
	value[$2, $3] = $4
}

$1 == "clock" && $2 != "file" {
	value[$2, "clock." $3] = $4
}

# Before there was a choice, the entry was not said.
function value_of(f, key) {
	if (key == "entry" && !((f, key) in value))
		return "bzImage"
	return ((f, key) in value) && value[f, key] != "" ? value[f, key] : "(not said)"
}

function said(f, key) {
	return ((f, key) in value) && value[f, key] != ""
}

# The first of files at[1..n] that says it, or "".
function first_to_say(key, at, n,    i) {
	for (i = 1; i <= n; i++)
		if (said(at[i], key))
			return at[i]
	return ""
}
