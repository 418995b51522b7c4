#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Truth in the instruction lane, on both kernels: what truth/guest.sh says in
# the guest, and that two boots give the same bytes.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=kmod/tests/host.sh
. "$here/host.sh"

# helpers SERIES: builds the minimal loop and the independent look.
helpers() {
	local kdir
	kdir=$("$top/bench-scripts/setup/kernel.sh" get "$1" | sed -n 's/^kdir=//p') && [ -n "$kdir" ] || return 1
	rm -rf "$tmp/helpers"
	mkdir "$tmp/helpers"
	cp "$here/truth/loop.c" "$here/truth/look.c" "$tmp/helpers/"
	echo 'obj-m := loop.o look.o' >"$tmp/helpers/Kbuild"
	make -s -C "$kdir" M="$tmp/helpers" CONFIG_DEBUG_INFO_BTF_MODULES= modules
}

boots() {
	"$top/bench-scripts/vm.sh" --kernel "$1" --lane insn --settle 5 --boots 2 --append init_on_alloc=0 \
		--script "$here/truth/guest.sh" --add "$here/guest/tap.sh" --add "$tmp/helpers/loop.ko" --add "$tmp/helpers/look.ko" \
		--add "$cache/unit/tool" --add "$top/bench-scripts/results.awk" --out "$2"
}

# relay SERIES FILE: the guest's TAP as lines of ours.
relay() {
	local line
	[ -s "$2" ] || say 1 "$1: the guest said something"
	while IFS= read -r line; do
		case $line in
		'ok '*) say 0 "$1: ${line#ok * - }" ;;
		'not ok '*) say 1 "$1: ${line#not ok * - }" ;;
		'#'*) echo "$line" ;;
		esac
	done <"$2"
}

# measured DIR: what has to repeat from boot to boot.
measured() {
	grep -h -E '^(cell|op|hist) ' "$1/references.txt" "$1/calls.txt"
}

series() {
	local status=0
	helpers "$1" >"$tmp/log" 2>&1 || status=$?
	say "$status" "$1: the loop and the look build" "$tmp/log"
	[ "$status" = 0 ] || return 0
	boots "$1" "$tmp/$1" >"$tmp/log" 2>&1 || status=$?
	[ "$status" = 0 ] || [ "$status" = 1 ] || say "$status" "$1: two boots" "$tmp/log"
	relay "$1" "$tmp/$1/boot-1/script.out"
	status=0
	measured "$tmp/$1/boot-1" >"$tmp/first" && measured "$tmp/$1/boot-2" >"$tmp/second" &&
		cmp "$tmp/first" "$tmp/second" >"$tmp/log" 2>&1 || status=$?
	say "$status" "$1: two boots measure the same, byte for byte" "$tmp/log"
}

main() {
	make -s -C "$here" tool >&2
	series 6.12
	series 6.1
	echo "1..$tests"
	[ "$failed" = 0 ]
}

main "$@"
