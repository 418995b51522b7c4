#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Eight workers cost each other nothing in the harness, as seen from outside the
# guest: a QEMU plugin counts what each virtual CPU executes of the module while
# it samples, and which cache lines it writes.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=kmod/tests/host.sh
. "$here/host.sh"

# relay SERIES FILE: lines "ok NAME" and "not ok NAME" as ours, comments as they are.
relay() {
	local line
	while IFS= read -r line; do
		case $line in
		'ok '*) say 0 "$1: ${line#ok }" ;;
		'not ok '*) say 1 "$1: ${line#not ok }" ;;
		'# '*) echo "# $1: ${line#\# }" ;;
		esac
	done <"$2"
}

# plugin: by the rules of explain's, and with its table of symbols.
plugin() {
	make -s -C "$top/bench-scripts/explain/plugin" O="$tmp" CFLAGS="-O2 -I." \
		sources="$here/sharing/plugin.c \$(shared)"
}

boot() {
	local series="$1" out="$2"
	shift 2
	"$top/bench-scripts/vm.sh" --kernel "$series" --lane insn --timeout 400 --out "$out" "$@"
}

# symbols KALLSYMS: the module's functions, and one behind the last.
symbols() {
	sort "$1" | awk '
		$2 !~ /^[tT]$/ || $4 != "[kallocbench]" { next }
		{ print; last = $1 }
		END { print substr(last, 1, 12) "ffff T [end]" }'
}

# watched SERIES DIR: one boot for the symbols, one with the plugin; without KASLR the module lies in one place.
watched() {
	boot "$1" "$2/first" --script "$top/bench-scripts/explain/symbols.guest" || return
	symbols "$2/first/boot-1/kallsyms" >"$2/symbols"
	boot "$1" "$2/second" --smp 8 --script "$here/sharing/guest.sh" --add "$here/guest/tap.sh" \
		--add "$cache/unit/tool" --qemu-arg -plugin \
		--qemu-arg "$tmp/explain.so,symbols=$2/symbols,out=$2/seen"
}

# one_cpu SEEN: all was seen on one CPU. QEMU 10 tells a plugin the CPU that an instruction was translated on, not the one
# that runs it, where one thread emulates all, as it does with -icount.
one_cpu() {
	! grep -q '^chunks .* cpu=[1-9]' "$1"
}

series() {
	local status=0 dir="$tmp/$1"
	mkdir "$dir"
	watched "$1" "$dir" >"$dir/log" 2>&1 || status=$?
	cat "$dir/second/boot-1/script.out" >>"$dir/log" 2>/dev/null || :
	say "$status" "$1: every cell is measured, by one worker and by eight" "$dir/log"
	[ "$status" = 0 ] || return 0
	symbols "$dir/second/boot-1/kallsyms" | cmp - "$dir/symbols" >"$dir/log" 2>&1 || status=1
	say "$status" "$1: the plugin had the symbols of this very boot" "$dir/log"
	if one_cpu "$dir/seen"; then
		skip "$1: what each CPU does" "this QEMU does not tell a plugin which CPU runs an instruction"
		return 0
	fi
	awk -v chunks=3 -f "$here/sharing/judge.awk" "$dir/second/boot-1/cells" "$dir/seen" >"$dir/judged" || say 1 "$1: what it saw can be judged"
	relay "$1" "$dir/judged"
}

main() {
	local status=0
	make -s -C "$here" tool >&2
	plugin >"$tmp/log" 2>&1 || status=1
	say "$status" "the plugin builds" "$tmp/log"
	# 6.1 starts no second CPU in the instruction lane.
	[ "$status" != 0 ] || series 6.12
	echo "1..$tests"
	[ "$failed" = 0 ]
}

main "$@"
