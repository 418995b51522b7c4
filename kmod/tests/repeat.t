#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# slow: nine thousand cells, six boots, some 15 minutes
# Every allocator in every context and pattern, twice in the instruction lane, with one and with four virtual CPUs: the
# same bytes, but for what vm.sh says of the day.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=kmod/tests/host.sh
. "$here/host.sh"
everything='allocs=all patterns=all contexts=all flags=GFP_KERNEL,GFP_ATOMIC sizes=64,4K,64K'
small='cpus=all samples=8 warmup=0 depth=8 share=1 bytes=2M budget_ms=60000 facts=none'

# said BOOT: all that the guest said, and of the host what is not of the day.
said() {
	grep -v -E '^meta (date|boot)=' "$1/result-01.txt"
}

# twice KERNEL CPUS
twice() {
	local status=0 name="$1 with $2 CPU(s)"
	"$top/bench-scripts/vm.sh" --kernel "$1" --lane insn --smp "$2" --mem 512M --boots 2 --timeout 3000 --out "$tmp/out" \
		-- "$everything $small" >"$tmp/log" 2>&1 || status=$?
	say "$status" "$name: everything is measured, twice" "$tmp/log"
	[ "$status" = 0 ] || return 0
	said "$tmp/out/boot-1" >"$tmp/first"
	said "$tmp/out/boot-2" >"$tmp/second"
	grep '^end ' "$tmp/first" | sed 's/^/# /'
	diff "$tmp/first" "$tmp/second" >"$tmp/log" || status=$?
	say "$status" "$name: the same bytes" "$tmp/log"
}

main() {
	twice 6.12 1
	twice 6.12 4
	# With more, 6.1 waits for its second CPU for ever, long before the module: QEMU 7.2 with -icount.
	twice 6.1 1
	echo "1..$tests"
	[ "$failed" = 0 ]
}

main "$@"
