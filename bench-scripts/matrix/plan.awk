# SPDX-License-Identifier: GPL-2.0
# plan.awk - what a series is made of, from lines "KEY WORD...": of a file, and before it those of the command line, which
# replace all lines of the same key:
#
#	awk -f plan.awk SAID FILE
#
# Prints a line "KEY VALUE" for each value: kernel, arch, boot (the words of a set together), suite (a line each), and the
# numbers phases, smp, mem and settle. The first fault is a sentence, exit code 2.

BEGIN {
	split("kernel arch boot suite phases smp mem settle", key, " ")
	for (i in key)
		known[key[i]] = 1
	default_of["phases"] = 5
	default_of["smp"] = 1
	default_of["mem"] = 1024
	default_of["settle"] = 5
	default_of["suite"] = "quick"
}

/^[ \t]*(#|$)/ { next }

{
	name = $1
	sub(/^[ \t]*[^ \t]+[ \t]*/, "")
	sub(/[ \t]+$/, "")
	where = FILENAME == ARGV[1] ? "" : FILENAME ":" FNR ": "
	if (!(name in known))
		refuse("no key '" name "': kernel, arch, boot, suite, phases, smp, mem and settle are known")
	if (name in said && FILENAME != ARGV[1])
		next
	if (FILENAME == ARGV[1])
		said[name] = 1
	add(name, $0)
}

function refuse(why) {
	print where why > "/dev/stderr"
	failed = 1
	exit 2
}

function add(name, text,    n, i, word) {
	if (text == "" && name != "boot")
		refuse(name " needs a value")
	if (name ~ /^(phases|smp|mem|settle)$/) {
		if (text !~ /^[0-9]+$/ || length(text) > 6)
			refuse(name ": a number, not '" text "'")
		if (name == "phases" && (text < 1 || text > 5))
			refuse("phases: 1 to 5, not '" text "'")
		if (name != "settle" && text < 1)
			refuse(name ": at least 1, not '" text "'")
		value[name, count[name] = 1] = text
		return
	}
	if (name == "boot" || name == "suite") {
		value[name, ++count[name]] = text
		return
	}
	n = split(text, word, /[ \t]+/)
	for (i = 1; i <= n; i++)
		value[name, ++count[name]] = word[i]
}

END {
	if (failed)
		exit 2
	where = ""
	if (!count["kernel"])
		refuse("no kernel is named")
	for (k = 1; k <= 8; k++) {
		if (!count[key[k]] && key[k] in default_of)
			add(key[k], default_of[key[k]])
		for (i = 1; i <= count[key[k]]; i++)
			print key[k] (value[key[k], i] == "" ? "" : " " value[key[k], i])
	}
}
