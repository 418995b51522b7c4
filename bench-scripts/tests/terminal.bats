#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016 # the scripts are shell text
# What a person sees on a terminal, and no file and no pipe gets: progress with the time left, colours of verdicts.

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	scripts=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	e=$(printf '\033')
	unset NO_COLOR
	export TERM=xterm
	cat >p.sh <<-END
		set -eu
		scripts=$scripts
		. "\$scripts/lib/host.sh"
		usage() { :; }
		# The clock is ours.
		seconds() { cat clock; }
	END
}

# on_terminal COMMAND: its output as a terminal gets it.
on_terminal() {
	script -qec "$1" /dev/null </dev/null | tr -d '\n'
}

# lacks REGEX FILE: which is there.
lacks() {
	[ -s "$2" ] && ! grep -q "$1" "$2"
}

@test "progress: done, all, and the time left by what it took so far" {
	echo 100 >clock
	for case in '0 12 90:what: 0 of 12, 10 s' '3 12 70:what: 3 of 12, about 90 s left, 30 s' '11 12 34:what: 11 of 12, about 6 s left, 66 s' \
		'12 12 0:what: 12 of 12, 100 s' '0 0 95:what, 5 s'; do
		{ cat p.sh && echo "progress ${case%%:*} what"; } >q.sh
		run on_terminal 'sh q.sh'
		echo "$output" | cat -v
		[ "$output" = "${e}[K${case#*:}"$'\r' ]
	done
}

@test "progress: not a byte where stderr is no terminal" {
	echo 100 >clock
	{ cat p.sh && printf '%s\n' 'progress 3 12 70 what' 'sleep 0.1 & look_on "$!" progress 3 12 70 what' progress_end; } >q.sh
	sh q.sh >said 2>&1
	[ ! -s said ]
}

@test "timed: what it took the last time says what is left; the command's code is kept, and nothing is said to a file" {
	echo 100 >clock
	mkdir -p took
	echo 42 >took/what
	# shellcheck disable=SC2016
	{ cat p.sh && printf '%s\n' 'cache=$PWD' 'slow() { sleep 2.2; echo 107 >clock; return 3; }' 'timed what "making it" slow || echo "code $?" >code'; } >q.sh
	run on_terminal 'sh q.sh'
	echo "$output" | cat -v
	[[ "$output" == *"making it, about 42 s left, 0 s"* ]]
	[ "$(cat code)" = "code 3" ]
	# Of what failed nothing is learned.
	[ "$(cat took/what)" = 42 ]
	{ cat p.sh && printf '%s\n' 'cache=$PWD' 'quick() { echo 107 >clock; }' 'echo 100 >clock' 'timed other "making it" quick'; } >q.sh
	sh q.sh >said 2>&1
	[ ! -s said ]
	[ "$(cat took/other)" = 7 ]
}

@test "ci.sh says which boot it is at, of how many, and how long the rest may take" {
	echo 130 >clock
	mkdir -p out/base/phase-1/boot-1 out/new/phase-1/boot-1
	touch out/base/phase-1/boot-1/verdict out/new/phase-1/boot-1/verdict
	# shellcheck disable=SC2016
	{ cat p.sh && printf '%s\n' '. "$scripts/gate/boots.sh"' 'out=out pairs=8 boots_wanted=14 measured_since=100' 'which_boot out/base/phase-2; echo' \
		'which_boot out/base/pair-3; echo' 'boots_wanted=""' 'which_boot out/new/vector'; } >q.sh
	run sh q.sh
	echo "$output"
	[ "$output" = "$(printf '%s\n' 'phase 2 of 5, about 180 s left' 'pair 3 of 8, about 180 s left' vector)" ]
}

@test "look_on: every second while the process lives, and the line is gone after it" {
	echo 100 >clock
	{ cat p.sh && printf '%s\n' 'sleep 1.5 & pid=$!' 'n=0; show() { n=$((n + 1)); progress "$n" 9 100 what; }' 'look_on "$pid" show' 'echo "shown $n" >n'; } >q.sh
	run on_terminal 'sh q.sh'
	echo "$output" | cat -v
	[[ "$output" == *"what: 1 of 9"*"what: 2 of 9"*"${e}[K" ]]
	n=$(sed 's/shown //' n)
	[ "$n" -ge 2 ] && [ "$n" -le 4 ]
}

@test "vm.sh: a boot says how many lines of its plan are done, and how long the rest may take" {
	{
		cat p.sh
		cat <<-'END'
			. "$scripts/guest/qemu.sh"
			release=6.12 lane=insn first_line=0
			show_progress . 95
			printf 'kab-line 1 of 5\r\n' >console.log
			show_progress . 95
			echo 130 >clock
			printf 'kab-line 1 of 5\r\nkab-line 4 of 5\r\n' >console.log
			show_progress . 95
		END
	} >q.sh
	echo 100 >clock
	run on_terminal 'sh q.sh'
	echo "$output" | cat -v
	[[ "$output" == *"6.12, insn: booting, 5 s"*"lines done: 0 of 5, 0 s"*"lines done: 3 of 5, about 20 s left, 30 s"* ]]
}

@test "ci.sh: of all boots of both sides, those that are done" {
	mkdir -p out/base/phase-1/boot-1 out/base/phase-1/boot-2 out/new/phase-1/boot-1
	touch out/base/phase-1/boot-1/verdict out/base/phase-1/boot-2/verdict out/new/phase-1/boot-1/verdict
	echo 100 >clock
	{
		cat p.sh
		echo '. "$scripts/gate/boots.sh"'
		sed -n '/^count_boots()/,/^}/p' "$scripts/ci.sh"
		cat <<-'END'
			wants_vectors() { [ -n "$vector" ]; }
			out=out measured_since=10 lane=insn reference='' vector=''
			boots_wanted=$(count_boots)
			show_boots
			vector=1; echo " $(count_boots)"; reference=x; echo " $(count_boots)"; vector=''; echo " $(count_boots)"
			lane=time pairs=8 aa=1; echo " $(count_boots)"; aa=''; echo " $(count_boots)."
		END
	} >q.sh
	run on_terminal 'sh q.sh'
	echo "$output" | cat -v
	[[ "$output" == *"boots done: 3 of 12, about 270 s left, 90 s"* ]]
	[[ "$(tr -d '\r' <<<"$output")" == *" 14 7 6 24 16."* ]]
}

@test "compare.sh: verdicts are coloured on a terminal, and nowhere else" {
	table=$scripts/../results/reference/6.12-against-7.3.tsv
	"$scripts/compare.sh" --verdict "$table" >plain || [ $? -eq 1 ]
	lacks "$e" plain
	on_terminal "$scripts/compare.sh --verdict $table" >seen || :
	for word in "31mREGRESSION" "32mIMPROVEMENT" "31mFAIL"; do
		grep -qF "${e}[1;$word${e}[0m" seen
	done
	sed "s/${e}\[[0-9;]*m//g" seen | tr -d '\r' | diff - <(tr -d '\n' <plain)
	for setting in NO_COLOR=1 TERM=dumb; do
		on_terminal "env $setting $scripts/compare.sh --verdict $table" >seen || :
		lacks "${e}\[1" seen
		[ -s seen ]
	done
	on_terminal "$scripts/compare.sh --format json --verdict $table" >seen || :
	lacks "${e}\[1" seen
	[ -s seen ]
}

@test "compare.sh ends with its verdict also on a terminal" {
	run script -qec "$scripts/compare.sh --verdict $scripts/../results/reference/6.12-against-7.3.tsv" /dev/null
	[ "$status" -eq 1 ]
}
