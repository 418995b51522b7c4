# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# What the guest tests share: TAP, the module's files, and refusals. Sourced
# from /kab inside the guest, where busybox is all there is.

D=/sys/kernel/debug/kallocbench
tests=0
failed=0

# say STATUS NAME [FILE]: a TAP line; FILE is shown when it failed.
say() {
	tests=$((tests + 1))
	if [ "$1" = 0 ]; then
		echo "ok $tests - $2"
		return 0
	fi
	failed=$((failed + 1))
	echo "not ok $tests - $2"
	[ $# -lt 3 ] || head -n 40 "$3" | sed 's/^/# /'
}

# ok NAME COMMAND...: the command must succeed; what it said is shown if not.
ok() {
	local name status
	name=$1
	shift
	status=0
	"$@" >/tmp/said 2>&1 || status=$?
	say "$status" "$name"
	[ "$status" = 0 ] || head -n 20 /tmp/said | sed 's/^/# /'
}

# not_ok NAME COMMAND...: the command must fail.
not_ok() {
	local name status
	name=$1
	shift
	status=0
	"$@" >/tmp/said 2>&1 || status=1
	say $((1 - status)) "$name"
}

# is NAME GOT WANT
is() {
	if [ "$2" = "$3" ]; then
		say 0 "$1"
		return 0
	fi
	say 1 "$1"
	printf 'got: %s\nwant: %s\n' "$2" "$3" | sed 's/^/# /'
}

# like NAME TEXT REGEX
like() {
	if printf '%s\n' "$2" | grep -q -E -e "$3"; then
		say 0 "$1"
		return 0
	fi
	say 1 "$1"
	printf 'got: %s\nwant: /%s/\n' "$2" "$3" | sed 's/^/# /'
}

# skip NAME REASON
skip() {
	tests=$((tests + 1))
	echo "ok $tests - $1 # SKIP $2"
}

# finish: the plan comes last, and the exit code after it.
finish() {
	echo "1..$tests"
	[ "$failed" = 0 ]
	exit
}

load() {
	insmod "$KAB_MODULE" "$@"
}

unload() {
	rmmod kallocbench
}

# put LINE: one write(2) to run; prints ok or the errno's name.
put() {
	/kab/tool write "$D/run" "$1" | cut -d ' ' -f 1
}

# answer COMMAND...: its first word, for the tool's other commands.
answer() {
	/kab/tool "$@" | cut -d ' ' -f 1
}

# state: of the last results.
state() {
	sed -n 's/^end .*state=//p' "$D/results"
}

# key KEY LINE: the value of key=value in a line.
key() {
	printf '%s\n' "$2" | tr ' ' '\n' | sed -n "s/^$1=//p"
}

# cells REGEX [FILE]: how many cell lines match.
cells() {
	grep '^cell ' "${2:-$D/results}" | grep -c -E -e "$1"
}

# caret: the word of the refused line that the caret in `error` stands under.
caret() {
	awk '
	NR == 2 { line = $0 }
	NR == 3 {
		at = index($0, "^")
		if (!at) exit
		rest = substr(line, at)
		sub(/[ \t].*/, "", rest)
		print rest
	}' "$D/error"
}

# refused ERRNO LINE WORD [SENTENCE]: the errno, the word under the caret (- for
# none), what the sentence has to say; and that results and run are untouched.
refused() {
	local before got name
	name=$(printf '%.40s' "$2" | tr -c ' -~' '?')
	before=$(cat "$D/results" "$D/run" | md5sum)
	got=$(put "$2")
	is "'$name' is $1" "$got" "$1"
	[ "$3" = - ] || like "'$name': the caret is under '$3'" "$(caret)" "^$3"
	[ $# -lt 4 ] || like "'$name': the sentence says why" "$(head -n 1 "$D/error")" "$4"
	[ "$(cat "$D/results" "$D/run" | md5sum)" = "$before" ] || say 1 "'$name' left results and run alone"
}

# allocators: the names that help says this kernel has.
allocators() {
	awk '/^[a-z]+:/ { inside = $1 == "allocs:"; next } inside && NF && !/not on this kernel/ { print $1 }' "$D/help"
}

# wait_for SECONDS COMMAND...: until the command succeeds.
wait_for() {
	local left
	left=$(($1 * 20))
	shift
	while ! "$@" >/dev/null 2>&1; do
		left=$((left - 1))
		[ "$left" -gt 0 ] || return 1
		usleep 50000
	done
}

running() {
	grep -q state=running "$D/status"
}

idle() {
	! running
}

# kib FIELD: of /proc/meminfo.
kib() {
	awk -v field="$1:" '$1 == field { print $2 }' /proc/meminfo
}

# quarantines: KASAN keeps what was freed for a while: that is memory which neither leaked nor can be had.
quarantines() {
	grep -q -w kasan_report /proc/kallsyms
}

# without_foreign_races: a log, less the reports of KCSAN on the kernel's races with itself; one of the module names it in
# brackets.
without_foreign_races() {
	awk '
		/ ====+$/ {
			report = report $0 "\n"
			inside = !inside
			if (!inside && report !~ /KCSAN: data-race in [a-zA-Z0-9_.]+( \/ [a-zA-Z0-9_.]+)?\n/)
				printf "%s", report
			if (!inside)
				report = ""
			next
		}
		inside { report = report $0 "\n"; next }
		{ print }
		END { printf "%s", report }'
}

# The kernel's messages since the last call, less those that any boot has: the timers of a busy emulator, the kernel's
# own gcov and races, and what it says of a test's own hog of SCHED_FIFO.
splats() {
	dmesg -c | without_foreign_races | grep -v -e 'crng init' -e clocksource: -e 'tsc: Refined' \
		-e 'hrtimer: interrupt took' -e 'out-of-tree module' -e 'module verification failed' \
		-e 'input: ' -e 'sched_clock' -e 'ould not switch to ' -e 'version magic: 0x' \
		-e 'DL replenish lagged' -e 'RT throttling activated' || :
}

# whole FILE: the reader takes it, with every invariant it knows.
whole() {
	awk -f /kab/results.awk -v table=end "$1"
}
