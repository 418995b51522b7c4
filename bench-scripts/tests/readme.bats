#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016 # backquotes of Markdown
# Every README says what is there: its tables are those of the sources, its examples print what they print there, its
# commands run, its paths, anchors and options exist, and its trees name every folder and file.

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return 1
	t=$BATS_TEST_TMPDIR
	reference=results/reference
	readmes=$(find . -name README.md ! -path './.cache/*' | sed 's|^\./||' | sort)
}

# table MARK: the rows of a table of kmod/README.md, without its head.
table() {
	awk -v mark="<!-- table: $1 -->" '
		$0 == mark { inside = 1; next }
		inside && !/^\|/ { exit }
		inside && ++n > 2 { print }' kmod/README.md
}

# same_table NAME
same_table() {
	bench-scripts/tools/readme-tables.sh "$1" >"$t/source"
	table "$1" >"$t/readme"
	[ -s "$t/source" ]
	diff "$t/source" "$t/readme"
}

# blocks LANGUAGE: each fenced block of that language in any README as a file $t/block-N.
blocks() {
	# Names without blanks.
	# shellcheck disable=SC2086
	awk -v head="\`\`\`$1" -v dir="$t" '
		$0 == head { file = sprintf("%s/block-%02d", dir, ++n); printf "" >file; next }
		/^```/ { if (file) close(file); file = "" }
		file { print >file }' $readmes
}

# commands: what the READMEs tell people to type, a line each: indented lines, and commands between backquotes.
commands() {
	# shellcheck disable=SC2086
	awk '
		/^```/ { fenced = !fenced }
		fenced { next }
		/^    / {
			line = $0
			sub(/^ +/, "", line)
			while (sub(/\\$/, "", line)) {
				getline
				sub(/^ +/, " ")
				line = line $0
			}
			print line
			next
		}
		{
			for (line = $0; match(line, /`[^`]*`/); line = substr(line, RSTART + RLENGTH))
				print substr(line, RSTART + 1, RLENGTH - 2)
		}' $readmes | sed 's/   *#.*//' | grep -E '(^|[ /])bench-scripts/[a-z/-]*\.sh|^make [a-z]|^bats ' | sort -u
}

# in_tree FIRST: the folders that a drawn tree names, two blanks a level, paths from where it stands.
in_tree() {
	awk '
		/^ *[.a-z-]*\// {
			match($0, /^ */)
			depth = RLENGTH / 2
			line = substr($0, RLENGTH + 1)
			sub(/   .*/, "", line)
			n = split(line, name, " ")
			for (i = 1; i <= n; i++) {
				if (name[i] !~ /\/$/)
					continue
				at[depth] = name[i]
				path = ""
				for (k = 0; k <= depth; k++)
					path = path at[k]
				print path
			}
		}'
}

# fence FILE HEADING: the fenced block below that heading.
fence() {
	awk -v heading="## $2" '$0 == heading { on = 1 } on && /^```/ { if (inside) exit; inside = 1; next } inside' "$1"
}

# tracked [PATH]: the files of the project, as they are in git or, in a tree without it, on the disk.
tracked() {
	git ls-files -- "${1-.}" 2>/dev/null | grep . || find "${1-.}" -type f ! -path './.cache/*' ! -path './.git/*' | sed 's|^\./||'
}

@test "the parameter table is that of help" {
	same_table keys
	table keys | sed 's/^| `\([a-z_]*\)`.*/\1/' >"$t/names"
	sed -n 's/^KEY([A-Z_]*, "\([a-z_]*\)".*/\1/p' kmod/keys.def | diff - "$t/names"
	# The golden file is a test's; this is the module's own, from a guest.
	diff <(sed -n '/^keys:/,/^$/p' kmod/tests/golden/help.txt) <(sed -n '/^keys:/,/^$/p' "$reference/readme.txt")
}

@test "allocators, flags, patterns and contexts are those of the module" {
	same_table allocs
	same_table flags
	same_table patterns
	same_table contexts
}

@test "the files and their modes are those of the module" {
	bench-scripts/tools/readme-tables.sh files >"$t/source"
	[ -s "$t/source" ]
	sed -n 's/^\(| `[a-z]*` | 0[0-7]* |\).*/\1/p' kmod/README.md | sort | diff <(sort "$t/source") -
}

@test "the errnos are the contract's, and those the module gives" {
	sed -n 's/^| `\(E[A-Z0-9]*\)` | .*/\1/p' kmod/README.md >"$t/readme"
	printf '%s\n' EINVAL E2BIG EBUSY ENOMEM EFAULT ECANCELED EIO | diff - "$t/readme"
	cat kmod/*.c | tr -s '\n\t ' ' ' | grep -o 'refuse([^;"]*-E[A-Z0-9]*' | grep -o 'E[A-Z0-9]*$' | sort -u >"$t/given"
	sort "$t/readme" | diff "$t/given" -
}

# number TEXT MACRO FACTOR: the number in that text of kmod/README.md is the module's, in other units.
number() {
	local text macro
	text=$(tr '\n' ' ' <kmod/README.md | tr -s ' ' | grep -o -E -e "$1" | head -n 1 | grep -o '[0-9][0-9,]*' | tr -d ,)
	macro=$(cat kmod/*.[ch] | sed -n "s/^#define $2[[:space:]]*//p")
	[ "$((text * $3))" -eq "$((macro))" ]
}

@test "limits in the text are the module's" {
	number 'at most [0-9,]+ bytes' WORD_LINE_MAX 1
	number 'at most [0-9,]+ of them' PLAN_CELLS_MAX 1
	number 'more than [0-9,]+ cells' PLAN_CELLS_MAX 1
	number 'bursts of at most [0-9]+ ms' BURST_US_PROCESS 1000
	number 'no further call after [0-9]+ us' BURST_US_ATOMIC 1
	grep -q 'bursts of at most 5 ms' README.md
	grep -q 'some 50 us at a time' README.md
}

@test "the tables of results are those of results.awk" {
	sed -n 's/.*add_table("\([a-z]*\)", "\([^"]*\)").*/\1 \2/p' bench-scripts/results.awk | grep -v -E '^(meta|param|clock) ' >"$t/tables"
	[ "$(wc -l <"$t/tables")" -ge 6 ]
	while read -r name columns; do
		grep -q -x -F -e "| \`$name\` | $columns |" results/README.md || {
			echo "$name: $columns"
			return 1
		}
	done <"$t/tables"
}

@test "what a guest is said to print, it printed" {
	blocks console
	n=0
	for block in "$t"/block-*; do
		[ "$(head -c 2 "$block")" = '# ' ] || continue
		n=$((n + 1))
		# In one piece: awk looks for the block as it stands.
		awk -v block="$(cat "$block")" '{ text = text $0 "\n" } END { exit !index(text, block "\n") }' "$reference/readme.txt" || {
			cat "$block"
			return 1
		}
	done
	[ "$n" -ge 5 ]
	sed -n '/^EXAMPLES$/q; /<<.EXAMPLES/,$p' "$reference/readme.sh" | sed 1d | sed 's/^/# /' >"$t/commands"
	grep -x -F -f "$t/commands" "$reference/readme.txt" | diff "$t/commands" -
}

@test "what a command is said to print, it prints" {
	blocks console
	n=0
	for block in "$t"/block-*; do
		[ "$(head -c 2 "$block")" = '$ ' ] || continue
		n=$((n + 1))
		sed -n '1s/^. //p' "$block" >"$t/command"
		sh "$t/command" >"$t/printed"
		sed 1d "$block" | diff - "$t/printed"
	done
	[ "$n" -ge 4 ]
}

# same_words PICTURE PICTURE: another gnuplot draws the same in other words, and in another order.
same_words() {
	diff <(grep -o '>[^<>]*</text' "$1" | sort) <(grep -o '>[^<>]*</text' "$2" | sort)
}

@test "the answer and the pictures are those of the reference" {
	bench-scripts/report.sh -o "$t/report.html" "$reference"/default-6.12/boot-1/result-*.txt >"$t/report"
	sed -n '/is the cheapest/,$p' "$t/report" >"$t/answer"
	[ -s "$t/answer" ]
	sed -n 's/^    //p' README.md >"$t/indented"
	awk -v answer="$(cat "$t/answer")" '{ text = text $0 "\n" } END { exit !index(text, answer "\n") }' "$t/indented"
	bench-scripts/plot.sh --format svg --sizes 4096 -o "$t" "$reference"/default-6.12/boot-1/result-*.txt
	for picture in latency ratio distribution-4096 bars-4096; do
		same_words "$t/$picture.svg" "$reference/$picture.svg"
	done
	for picture in 6.12-against-7.3 6.12-against-7.3-arm64; do
		bench-scripts/plot.sh --format svg --allocs kmalloc,vmalloc -o "$t" --verdict "$reference/$picture.tsv"
		same_words "$t/change.svg" "$reference/$picture.svg"
	done
	grep -o 'results/reference/[^)]*.svg' README.md | head -n 1 | grep -qx results/reference/6.12-against-7.3.svg
}

@test "a verdict of the reference prints as the table beside it, in 72 columns" {
	for table in "$reference"/*.txt; do
		[ -e "${table%.txt}.tsv" ] || continue
		bench-scripts/compare.sh --verdict "${table%.txt}.tsv" >"$t/table" || [ $? -eq 1 ]
		diff "$table" "$t/table"
		grep -v ^Reproduce "$table" | awk 'length > 72 { print; bad = 1 } END { exit bad }'
	done
}

@test "the record of one kernel against itself is that of the reference: all of it, and nothing called" {
	set -- "$reference"/self-comparisons*.tsv
	awk -F '\t' '
		FNR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		{ n++ }
		$at["exit"] != 0 || $at["called"] != 0 { print FILENAME ": " $0; bad = 1 }
		END { print n; exit bad }' "$@" >"$t/count"
	cat "$t/count"
	grep -q "$(cat "$t/count") comparisons of one kernel with itself, none called" README.md
	called=$(awk -F '\t' '$2 == "A/A" { n++; bad += $7 != "-" } END { print bad " of " n }' "$reference/time-campaigns.tsv")
	grep -q "busy machine, $called called" <(tr '\n' ' ' <README.md)
}

@test "README.md is some 200 lines" {
	[ "$(wc -l <README.md)" -le 220 ]
}

@test "every path in a README exists" {
	for readme in $readmes; do
		# Links are from where the page is; what is named in the text, from the top.
		grep -o '](\.\{0,2\}[a-zA-Z/][^)#:]*' "$readme" | sed "s|^](|$(dirname "$readme")/|"
		grep -o -E '(^|[^a-zA-Z/.])(bench-scripts|kmod|results)/[a-zA-Z0-9_./*-]+' "$readme" | sed -E 's/^[^a-z]//; s/[.]$//'
	done | sort -u >"$t/paths"
	[ "$(wc -l <"$t/paths")" -ge 50 ]
	while read -r path; do
		case $path in
		# What somebody measured, or builds.
		results/base | results/new | kmod/kallocbench.ko | results/reference/...txt) continue ;;
		esac
		# shellcheck disable=SC2086 # a pattern
		ls -d $path >/dev/null
	done <"$t/paths"
}

@test "every anchor has its heading" {
	n=0
	for readme in $readmes; do
		# Names without blanks, here and below.
		# shellcheck disable=SC2013
		for link in $(grep -o ']([^):]*#[a-z-]*)' "$readme" | sed 's/^](//; s/)$//'); do
			page=$readme
			[ -z "${link%%#*}" ] || page=$(dirname "$readme")/${link%%#*}
			sed -n 's/^##* //p' "$page" | tr 'A-Z ' 'a-z-' | tr -d '`:,' | grep -q -x -e "${link##*#}" || {
				echo "$readme: $link"
				return 1
			}
			n=$((n + 1))
		done
	done
	[ "$n" -ge 15 ]
}

# rehearse: a copy of the scripts that read their words as ever, and end where the work would begin.
rehearse() {
	mkdir "$t/bench-scripts"
	cp -rs "$PWD"/bench-scripts/* "$t/bench-scripts/"
	rm "$t/bench-scripts/lib/options.sh"
	sed 's/^	"\$opt_then" "\$@"$/	exit 0/' bench-scripts/lib/options.sh >"$t/bench-scripts/lib/options.sh"
	! cmp -s bench-scripts/lib/options.sh "$t/bench-scripts/lib/options.sh"
}

@test "every command of a README is one that its script understands" {
	commands >"$t/commands"
	rehearse
	n=0
	while IFS= read -r line; do
		case $line in
		*bench-scripts/tests/* | *bench-scripts/tools/* | bats* | make*) continue ;;
		esac
		script=$(printf '%s\n' "$line" | grep -o 'bench-scripts/[a-z/-]*\.sh' | head -n 1)
		grep -q with_options "$script"
		sh -c "$t/$script ${line#*"$script"}" </dev/null || {
			echo "not understood: $line"
			return 1
		}
		n=$((n + 1))
	done <"$t/commands"
	[ "$n" -ge 20 ]
}

@test "every parameter line in a README is one that the module takes" {
	# shellcheck disable=SC2086
	cat $readmes | grep -o '"[a-z]*=[a-zA-Z0-9_,.|= ]*"' | tr -d '"' | sort -u >"$t/lines"
	[ "$(wc -l <"$t/lines")" -ge 4 ]
	while IFS= read -r line; do
		case $line in
		# The example of what is refused.
		*kmaloc*) continue ;;
		esac
		bench-scripts/vm.sh -n --kernel 6.12 -- "$line"
	done <"$t/lines"
}

# What is in a job for a CI service is run with it by ci-files.bats.
@test "every script in a README is run by a test, and every target of make exists" {
	commands >"$t/commands"
	# shellcheck disable=SC2013
	for script in $(grep -o 'bench-scripts/[a-z/-]*\.sh' "$t/commands" | sort -u); do
		grep -q -r -w -F --include='*.bats' --include='*.t' --include='*.sh' -e "${script##*/}" bench-scripts/tests bench-scripts/tools kmod/tests ||
			grep -q -w -F -e "${script##*/}" bench-scripts/ci-files/*.yml || {
			echo "$script is run by no test"
			return 1
		}
	done
	# shellcheck disable=SC2013
	for target in $(grep -o -E '(^| )make [a-z-]+' "$t/commands" | sed 's/.*make //' | sort -u); do
		# Not make -n: it runs what has $(MAKE) in it.
		grep -q "^\([a-z-]* \)*$target\( [a-z-]*\)*:" Makefile || {
			echo "no target $target"
			return 1
		}
	done
}

@test "every option and script named in the text exists" {
	cat bench-scripts/*.sh bench-scripts/*/*.sh >"$t/all"
	# shellcheck disable=SC2086
	for option in $(cat $readmes | grep -o '`--[a-z-]*[ `]' | tr -d '` ' | sort -u); do
		grep -q -e "$option" "$t/all"
	done
	# shellcheck disable=SC2086
	for script in $(cat $readmes | grep -o '`[a-z-]*\.sh\b' | tr -d '`' | sort -u); do
		find bench-scripts "$reference" kmod/tests -name "$script" | grep -q . || {
			echo "$script is nowhere"
			return 1
		}
	done
}

@test "the tree names every folder, and no other" {
	# What tests are fed and what was measured has folders without a name of their own.
	tracked | sed -n 's|/[^/]*$|/|p' | sed 's|^\(bench-scripts/tests/data/\).*|\1|; s|^\(results/reference/\).*|\1|; s|^\(kmod/tests/shim/\).*|\1|' |
		sort -u >"$t/folders"
	fence README.md 'The tree' | in_tree | sort | diff "$t/folders" -
}

@test "what is where in bench-scripts names every file and folder, and no other" {
	tracked bench-scripts | sed 's|^bench-scripts/||; s|/.*|/|' | grep -v -x README.md | sort -u >"$t/files"
	fence bench-scripts/README.md 'What is where' | sed 's/   .*//; s/\([a-z]\/\) .*/\1/' | tr ' ' '\n' | grep . | sort | diff "$t/files" -
}

@test "the reference's page names every file there" {
	tracked "$reference" | sed "s|^$reference/||; s|/.*||" | grep -v -x README.md | sort -u >"$t/files"
	while read -r file; do
		name=${file%.*}
		grep -q -F -e "\`$file\`" -e "\`${name%.txt}\`" -e "[\`$file\`]" "$reference/README.md" || {
			echo "$file"
			return 1
		}
	done <"$t/files"
}

@test "the reference results are whole, and of what their README says" {
	for series in 6.1 6.12; do
		set -- "$reference/default-$series"/boot-1/result-*.txt
		[ "$#" -eq "$(grep -c '^allocs=' bench-scripts/suites/default)" ]
		awk -f bench-scripts/results.awk -v table=end "$@" | awk -F '\t' 'NR > 1 && $3 != "done" { exit 1 }'
		for key in kernel_version qemu module_cc module_sha256 command; do
			awk -f bench-scripts/results.awk -v table=meta "$@" |
				awk -F '\t' -v key="$key" '$2 == key { print $3 }' | sort -u >"$t/value"
			[ "$(wc -l <"$t/value")" -eq 1 ]
			sed -n 's/.*Debian \([0-9][^ ]*\) (.*/\1/p; t; p' "$t/value" | sed 's/\\040/ /g' | tr -d "'" | sed 's/ *$//' >"$t/word"
			grep -q -F -e "$(cat "$t/word")" "$reference/README.md" || {
				echo "default-$series: $key is $(cat "$t/word")"
				return 1
			}
		done
	done
}
