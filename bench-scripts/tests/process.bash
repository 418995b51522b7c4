# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What the tests ask about processes.

# gone PID [TRIES]: dead, looked for every fifth of a second; init may take a moment to bury it. A PID that nobody wrote
# down is not gone.
gone() {
	local n
	[ -n "$1" ] || return 1
	for ((n = 0; n < ${2:-50}; n++)); do
		run grep -E '^State:[[:space:]]*[^ZX]' "/proc/$1/status"
		# shellcheck disable=SC2154 # set by run
		[ "$status" = 0 ] || return 0
		sleep 0.2
	done
	ps -o pid,ppid,args -p "$1"
	return 1
}
