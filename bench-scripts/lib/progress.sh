# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# What goes on, and how long it will: one line in place of the last, where stderr is a terminal; elsewhere not a byte.
# Sourced by host.sh.

# progress DONE TOTAL START TEXT: TOTAL 0 where nobody knows; START as of seconds().
progress() {
	local took left=''
	[ -t 2 ] || return 0
	took=$(($(seconds) - $3))
	[ "$1" = 0 ] || [ "$1" -ge "$2" ] || left=", some $((took * ($2 - $1) / $1)) s left"
	[ "$2" = 0 ] || left=": $1 of $2$left"
	# The cursor goes back: what is said next takes its place.
	printf '\033[K%.70s\r' "$4$left, $took s" >&2
}

# progress_end: the line is gone.
progress_end() {
	[ ! -t 2 ] || printf '\033[K' >&2
}

# look_on PID COMMAND...: while that process lives, COMMAND every second, which calls progress.
look_on() {
	local pid="$1"
	shift
	[ -t 2 ] || return 0
	while kill -0 "$pid" 2>/dev/null; do
		"$@"
		sleep 1
	done
	progress_end
}
