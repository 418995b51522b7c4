# SPDX-License-Identifier: GPL-2.0
# sets.awk - which results belong together.
#
#	awk -f sets.awk IN/1 IN/2 ...   (tables of results.awk, one file a result)
#
# Prints set number and file: results of one kernel, lane, accelerator, entry,
# CPU model, clock, compiler and configuration are one set and may be merged. A
# command line that differs in padding only is the same configuration.

BEGIN {
	FS = "\t"
	split("kernel kernel_sha256 arch lane accel entry cpu_model module_cc init_on_alloc init_on_free memcg_kmem slub_debug_on", keys, " ")
}

FNR == 1 {
	file_at[++files] = FILENAME
}

$1 == "meta" && $3 != "key" {
	value[FILENAME, $3] = $4
}

$1 == "clock" && ($3 == "name" || $3 == "unit") {
	value[FILENAME, "clock " $3] = $4
}

# The words of a command line that configure the kernel, in one order.
function switches(line,    n, i, j, word, t, text) {
	n = split(line, word, " ")
	for (i = 2; i <= n; i++) {
		t = word[i]
		for (j = i; j > 1 && word[j - 1] > t; j--)
			word[j] = word[j - 1]
		word[j] = t
	}
	for (i = 1; i <= n; i++)
		if (word[i] !~ /^(kab_?pad|pad|padding|console|panic|quiet|loglevel)/)
			text = text " " word[i]
	return text
}

END {
	for (i = 1; i <= files; i++) {
		file = file_at[i]
		key = value[file, "clock name"] SUBSEP value[file, "clock unit"] SUBSEP switches(value[file, "cmdline"])
		for (k = 1; k in keys; k++)
			key = key SUBSEP value[file, keys[k]]
		if (!(key in set))
			set[key] = ++sets
		print set[key] "\t" file
	}
}
