# SPDX-License-Identifier: GPL-2.0
# The command that would settle what could not be judged: ci.sh, for the kernels, the plan and the settings of these
# results, as the command of vm.sh in them says.
#
#	awk -f stats.awk -f settle.awk MAP JUDGED TABLES
#
# MAP:    file side unit
# JUDGED: rows of the verdict table
# TABLES: results.awk -v table=meta,param
# Prints a note line where more boots would settle a row, else nothing.

BEGIN {
	FS = OFS = "\t"
}

FNR == NR {
	if (!($2 in first))
		first[$2] = $1
	side[$1] = $2
	next
}

$1 == "row" && $13 == "INCONCLUSIVE" && $15 ~ /needs / { missing++ }
$1 == "row" && $13 == "INCONCLUSIVE" && $14 != "-" { needs[++n] = $14 }
$2 == "file" { next }
$1 == "meta" { value[$2, $3] = $4 }
$1 == "param" && side[$2] == "base" {
	if (!($2 in line))
		file[++files] = $2
	line[$2] = line[$2] (line[$2] == "" ? "" : " ") $3 "=" $4
}

# The words of a command as they stand there, quotes and all: word[1..n].
function shell_words(text, word,    i, n, c, inside, open) {
	split("", word)
	for (i = 1; i <= length(text); i++) {
		c = substr(text, i, 1)
		if (c == " " && !inside) {
			open = 0
			continue
		}
		if (!open) {
			word[++n] = ""
			open = 1
		}
		if (c == "'")
			inside = !inside
		else if (c == "\\" && !inside)
			c = c substr(text, ++i, 1)
		word[n] = word[n] c
	}
	return n + 0
}

# given[side, OPTION] of the vm.sh that booted it; plan[side] is its only suite or line, "" where there are more.
function read_command(s,    n, i, word) {
	n = shell_words(value[first[s], "command"], word)
	for (i = 2; i <= n && word[i] != "--"; i += 2)
		given[s, word[i]] = given[s, word[i]] " " word[i + 1]
	plan[s] = i == n - 1 ? word[n] : ""
}

# option NAME AS: what the sides' vm.sh was given as NAME, for ci.sh as AS, or as the two that differ.
function option(name, as,    a, b) {
	a = given["base", name]
	b = given["new", name]
	if (a == b)
		return each("--" as, a)
	return each("--base-" as, a) each("--new-" as, b)
}

function each(name, words,    n, i, word, text) {
	n = shell_words(words, word)
	for (i = 1; i <= n; i++)
		text = text " " name " " word[i]
	return text
}

# The last one given counts.
function last_of(name,    n, word) {
	n = shell_words(given["base", name], word)
	return n ? word[n] : ""
}

function kernel_of(s) {
	if ((s, "--kernel") in given)
		return " --" s given[s, "--kernel"] each("--" s "-kdir", given[s, "--kdir"])
	return " --" s " " value[first[s], "kernel"]
}

# ci.sh takes MiB.
function memory(    mem) {
	mem = last_of("--mem")
	if (mem == "")
		return ""
	return " --mem " (mem ~ /[Gg]$/ ? mem * 1024 : mem + 0)
}

function same_option(name,    word) {
	word = last_of(name)
	return word == "" ? "" : " " name " " word
}

# A suite or a line by its name, several lines as a file that is written first.
function suite(    i, text, seen) {
	if (plan["base"] != "" && plan["base"] == plan["new"])
		return " --suite " plan["base"]
	for (i = 1; i <= files; i++)
		if (!(line[file[i]] in seen)) {
			seen[line[file[i]]] = 1
			text = text " '" line[file[i]] "'"
		}
	before = "printf '%s\\n'" text " >plan && "
	return " --suite ./plan"
}

END {
	if (!missing)
		exit
	sort_numbers(needs, n)
	pairs = n ? needs[int((n + 1) / 2)] : 6
	# vm.sh booted none of the others.
	if (value[first["base"], "accel"] !~ /^(tcg-icount|tcg|kvm|uml)$/) {
		print "note", "to settle it: boot both kernels in turns, " pairs \
			" times each, with collect.sh --out base/pair-K and new/pair-K, then compare.sh base new"
		exit
	}
	read_command("base")
	read_command("new")
	text = kernel_of("base") kernel_of("new") suite() option("--append", "append") memory() \
		same_option("--smp") same_option("--script") same_option("--settle") same_option("--entry")
	if (value[first["base"], "lane"] == "time")
		text = text " --lane time --accel " value[first["base"], "accel"] " --pairs " pairs
	print "note", "to settle it: " before "bench-scripts/ci.sh" text
}
