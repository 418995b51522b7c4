# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh source-path=SCRIPTDIR source=tap.sh
# What the tests of stopping share: a run is stopped in a phase, and the write to run has to be back.
. /kab/tap.sh

# README says so.
# shellcheck disable=SC2034 # read by the tests
LIMIT_US=100000

# settled: nothing runs, and nothing is being freed.
settled() {
	! grep -q -e running -e freeing "$D/status"
}

# stop_once OPTIONS DELAY LINE: sets errno, late and freed, in us; late is - where the run was over before.
stop_once() {
	# shellcheck disable=SC2086 # options
	timeout 120 /kab/stopwatch $1 "$2" "$3" >/tmp/stopped
	read -r errno late freed </tmp/stopped
	wait_for 60 settled
}

# phase NAME OPTIONS "DELAY..." LINE: stopped after each delay; sets least, most, longest, wrong and tries. A run that was
# stopped before it began leaves the results as they were.
phase() {
	local delay before
	least=999999999 most=0 longest=0 wrong='' tries=0
	for delay in $3; do
		before=$(state)
		stop_once "$2" "$delay" "$4"
		[ "${late:--}" != - ] || continue
		[ "$errno" != ENOMEM ] || ! quarantines || continue
		tries=$((tries + 1))
		[ "$late" -ge "$least" ] || least=$late
		[ "$late" -le "$most" ] || most=$late
		[ "$freed" -le "$longest" ] || longest=$freed
		case "$errno $(state)" in
		"ECANCELED aborted" | "ECANCELED $before") ;;
		*) wrong="$wrong $errno,$(state)" ;;
		esac
	done
	is "$1: stopped in $tries of its phases, each with ECANCELED and aborted results" "$wrong" ""
	ok "$1: it was stopped at all" test "$tries" -gt 0
}
