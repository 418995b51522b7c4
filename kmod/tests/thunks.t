#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The built module has no indirect call in any timed loop, on both kernels.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=kmod/tests/host.sh
. "$here/host.sh"

# look ROWS MODULE: what thunks.awk says about it.
look() {
	objdump -dr --no-show-raw-insn "$2" >"$tmp/code" &&
		awk -f "$here/lint/thunks.awk" "$1" "$tmp/code" >"$tmp/found"
}

# control SERIES KDIR: a loop that calls through a pointer must be caught.
control() {
	local status=0
	rm -rf "$tmp/control"
	mkdir "$tmp/control"
	echo 'obj-m := control.o' >"$tmp/control/Kbuild"
	cat >"$tmp/control/control.c" <<'CODE'
#include <linux/module.h>
struct ops { void (*call)(struct ops *ops); };
void bad_pair(struct ops *ops);
void bad_pair(struct ops *ops)
{
	int i;

	for (i = 0; i < 100; i++)
		ops->call(ops);
}
MODULE_DESCRIPTION("control");
MODULE_LICENSE("GPL");
CODE
	make -s -C "$2" M="$tmp/control" CONFIG_DEBUG_INFO_BTF_MODULES= modules >"$tmp/log" 2>&1 || status=1
	say "$status" "$1: the control builds" "$tmp/log"
	echo 'bad always' >"$tmp/bad"
	look "$tmp/bad" "$tmp/control/control.ko" || :
	grep -q '^indirect bad_pair' "$tmp/found" || status=1
	say "$status" "$1: an indirect call in a loop is caught" "$tmp/found"
	grep -q '^missing bad_fill_stretch' "$tmp/found" || status=1
	say "$status" "$1: a loop that is not there is noticed" "$tmp/found"
}

# other_architecture: the same for arm64's instructions, as objdump writes them.
other_architecture() {
	local status=0
	cat >"$tmp/code" <<'CODE'
0000000000000100 <bad_pair>:
     100:	aa1e03e9 	mov	x9, x30
     104:	94000000 	bl	0 <__kmalloc_noprof>
     108:	d63f0060 	blr	x3
     10c:	d61f0200 	br	x16
     110:	d73f0881 	blraa	x4, x1
     114:	54000061 	b.ne	104 <bad_pair+0x4>
     118:	d65f03c0 	ret
CODE
	echo 'bad always' >"$tmp/bad"
	awk -f "$here/lint/thunks.awk" "$tmp/bad" "$tmp/code" >"$tmp/found" || status=1
	[ "$(sed -n 's/^indirect bad_pair: \([^:]*\):.*/\1/p' "$tmp/found" | tr '\n' ' ')" = '108 10c 110 ' ] || status=1
	say "$status" "arm64: indirect calls in a loop are caught, direct ones and branches are not" "$tmp/found"
}

examine() {
	local kdir module status=0 loops
	kdir=$("$top/bench-scripts/setup/kernel.sh" get "$1" 2>"$tmp/log" | sed -n 's/^kdir=//p')
	[ -n "$kdir" ] && module=$("$top/bench-scripts/setup/module.sh" "$kdir" 2>"$tmp/log") || status=1
	say "$status" "$1: the module builds" "$tmp/log"
	[ "$status" = 0 ] || return 0
	look "$tmp/rows" "$module" || status=1
	say "$status" "$1: its code can be read" "$tmp/found"
	loops=$(sed -n 's/^loops //p' "$tmp/found")
	[ "${loops% *}" = "${loops#* }" ] && [ "${loops% *}" -gt 0 ] || status=1
	say "$status" "$1: six loops for each row: ${loops% *} of ${loops#* }" "$tmp/found"
	! grep -q '^indirect' "$tmp/found" || status=1
	say "$status" "$1: no indirect call in them" "$tmp/found"
	control "$1" "$kdir"
}

main() {
	local series
	awk -f "$here/lint/rows.awk" "$top/kmod/allocs.def" >"$tmp/rows"
	for series in 6.1 6.12; do
		examine "$series"
	done
	other_architecture
	echo "1..$tests"
	[ "$failed" = 0 ]
}

main "$@"
