# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What the tests ask about processes.

# appears FILE PID [LINES]: waits until the file has so many lines, 1 if not said, for as long as PID runs.
appears() {
	until [ -f "$1" ] && [ "$(wc -l <"$1")" -ge "${3:-1}" ]; do
		kill -0 "$2" || return 1
		sleep 0.1
	done
}

# gone PID: dead, looked for for ten seconds; init may take a moment to bury it. A PID that nobody wrote down is not gone.
gone() {
	local n
	[ -n "$1" ] || return 1
	for ((n = 0; n < 50; n++)); do
		run grep -E '^State:[[:space:]]*[^ZX]' "/proc/$1/status"
		# shellcheck disable=SC2154 # set by run
		[ "$status" = 0 ] || return 0
		sleep 0.2
	done
	ps -o pid,ppid,args -p "$1"
	return 1
}
