# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# shellcheck disable=SC2154 # $dir and $work are of collect.sh, which sources this
# collect.sh --live: a plan run piece by piece, so that there is something to show while it goes on.

# without KEYS LINE: the words of LINE but those of the keys, which are joined by |.
without() {
	printf '%s\n' "$2" | tr -s ' \t' '\n' | grep -v -E -e "^($1)=" | tr '\n' ' '
}

# live_plan: split the lines of $work/plan into one line per allocator, size, flags and context, patterns together:
# a key that only one pattern knows would be refused for another alone. A run of one sample tells what there is.
live_plan() {
	local line rest
	: >"$work/pieces"
	while IFS= read -r line; do
		printf '%s%s\n' "$(without 'samples|warmup|rounds' "$line")" 'samples=1 warmup=0' >"$work/line"
		run_line "$work/line" || refused "$line"
		cat "$dir/results" >"$work/result"
		awk -f "$scripts/results.awk" -v table=cells "$work/result" >"$work/cells" || exit
		rest=$(without 'allocs|sizes|flags|contexts' "$line")
		awk -F '\t' -v rest="$rest" 'NR > 1 && $10 != "skipped" {
			piece = "allocs=" $3 " sizes=" $4 " flags=" $5 " contexts=" $6 " " rest
			if (!seen[piece]++) print piece
		}' "$work/cells" >>"$work/pieces"
	done <"$work/plan"
	mv -- "$work/pieces" "$work/plan"
}

# live_frame AT OF SECONDS: draw over the last frame on a terminal, below it elsewhere.
live_frame() {
	: >"$work/tables"
	if [ -f "$work/shown" ]; then
		awk -f "$scripts/results.awk" -v table=clock,cells,ops,hist "$work/shown" >"$work/tables" || :
	fi
	[ ! -t 2 ] || printf '\033[H\033[J' >&2
	awk -f "$scripts/lib/live.awk" -v at="$1" -v of="$2" -v seconds="$3" -v now="$(cat "$work/line")" "$work/tables" >&2
}
