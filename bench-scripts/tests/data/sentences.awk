# SPDX-License-Identifier: GPL-2.0
# Every sentence of answer.awk, led by its name and a tab.

END {
	say_all("")
	n = split(lead_names " crossover missing apart touch kvmalloc flags contexts patterns tail", name_at, " ")
	for (i = 1; i <= n; i++)
		if (sentence["", name_at[i]] != "")
			print name_at[i] "\t" sentence["", name_at[i]]
	if (crossings[""] != "")
		print "crossings\t" crossings[""]
}
