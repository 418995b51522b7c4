# SPDX-License-Identifier: GPL-2.0
# What a run will be measured under, as far as that is known before its first boot, as tables for refuse.awk: what is
# not known is taken to be as in the reference. A line of the plan is a result of its own.
#
#	awk -f expect.awk -v known='KEY=VALUE;KEY=VALUE' TABLES LINES
#
# TABLES: results.awk -v table=meta,param,clock,end of the reference
# LINES:  the plan, a canonical line each; where nobody could say, none, and its lines are those of the reference

BEGIN {
	FS = OFS = "\t"
	n = split(known, word, ";")
	for (i = 1; i <= n; i++) {
		key = word[i]
		sub(/=.*/, "", key)
		value[key] = substr(word[i], length(key) + 2)
	}
}

FNR == NR && $2 != "file" {
	if (!($2 in file_number))
		file[file_number[$2] = ++files] = $2
	if (file_number[$2] == 1 && ($1 == "clock" || $1 == "meta" && $3 != "warning"))
		head[++heads] = $0
	if ($1 == "param")
		line[file_number[$2]] = line[file_number[$2]] " " $3 "=" $4
	next
}

FNR != NR { plan[++lines] = $0 }

# The head of the reference's first file, changed where it is known how.
function print_head(name,    i, f) {
	for (i = 1; i <= heads; i++) {
		split(head[i], f, "\t")
		print f[1], name, f[3], (f[1] == "meta" && (f[3] in value)) ? value[f[3]] : f[4]
	}
	print "end", name, "0", "done"
}

function print_words(name, text,    n, i, word, key) {
	n = split(text, word, " ")
	for (i = 1; i <= n; i++) {
		key = word[i]
		sub(/=.*/, "", key)
		print "param", name, key, substr(word[i], length(key) + 2)
	}
}

END {
	if (!lines)
		for (i = 1; i <= files; i++)
			if (!(line[i] in seen)) {
				seen[line[i]] = 1
				plan[++lines] = line[i]
			}
	for (i = 1; i <= lines; i++) {
		print_head("line " i " of this run")
		print_words("line " i " of this run", plan[i])
	}
}
