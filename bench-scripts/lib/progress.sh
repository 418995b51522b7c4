# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# What goes on, and how long it will: one line in place of the last, where stderr is a terminal; elsewhere not a byte.
# Sourced by host.sh.
# shellcheck disable=SC2154 # cache: see lib.sh

# time_left DONE TOTAL START: ", about 40 s left", by what it took so far; nothing where nobody knows. START is of seconds().
time_left() {
	[ "$1" -gt 0 ] && [ "$1" -lt "$2" ] || return 0
	printf ', about %s s left' "$((($(seconds) - $3) * ($2 - $1) / $1))"
}

# progress DONE TOTAL START TEXT: TOTAL 0 where nobody knows.
progress() {
	local left=''
	[ -t 2 ] || return 0
	[ "$2" = 0 ] || left=": $1 of $2$(time_left "$1" "$2" "$3")"
	# The cursor goes back: what is said next takes its place.
	printf '\033[K%.70s\r' "$4$left, $(($(seconds) - $3)) s" >&2
}

# show_timed FILE START TEXT: by how long it took the last time.
show_timed() {
	local took left=''
	took=$(($(seconds) - $2))
	[ ! -s "$1" ] || left=$(($(cat "$1") - took))
	printf '\033[K%.70s\r' "$3${left:+, about $((left > 0 ? left : 1)) s left}, $took s" >&2
}

# timed NAME TEXT COMMAND...: says how long COMMAND takes and will take; the cache has how long NAME took the last time.
# COMMAND stays in the foreground, where Ctrl-C reaches it.
timed() {
	local file="$cache/took/$1" text="$2" since watcher='' code=0
	shift 2
	since=$(seconds)
	if [ -t 2 ]; then
		(while sleep 1 && kill -0 "$$" 2>/dev/null; do show_timed "$file" "$since" "$text"; done) >/dev/null &
		watcher=$!
	fi
	"$@" || code=$?
	[ -z "$watcher" ] || kill "$watcher" 2>/dev/null || :
	progress_end
	[ "$code" != 0 ] || { mkdir -p "$cache/took" && echo "$(($(seconds) - since))" >"$file"; }
	return "$code"
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
