#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: --append init_on_alloc=0
# vm: --add kmod/tests/guest/tap.sh --add .cache/unit/tool --add bench-scripts/results.awk
# debug: none
# Whom __GFP_ACCOUNT charges: nobody in the root group, although accounting is on.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. /kab/tap.sh

LINE="allocs=kmalloc sizes=64 flags=GFP_KERNEL,GFP_KERNEL|__GFP_ACCOUNT samples=1000 budget_ms=60000"
G=/tmp/cgroup

# charges: what the accounted cells of the last results say.
charges() {
	sed -n 's/^cell .*__GFP_ACCOUNT .* charged=\([01]\).*/\1/p' "$D/results" | tr -d '\n'
}

# p50 CELL: of op alloc.
p50() {
	sed -n "s/^op cell=$1 op=alloc .* p50=\([0-9]*\) .*/\1/p" "$D/results"
}

more() {
	echo $(($(p50 1) - $(p50 0)))
}

main() {
	local root
	dmesg -c >/dev/null
	load
	mkdir $G
	ok "there are memory cgroups" mount -t cgroup2 none $G
	is "before there is a group" "$(put "$LINE") $(charges)" "ok 0"
	echo +memory >$G/cgroup.subtree_control
	mkdir $G/child
	is "in the root group, when there is another" "$(put "$LINE") $(charges)" "ok 0"
	like "although accounting is on" "$(grep '^meta' "$D/results")" " memcg_kmem=1 "
	is "others ask for no charge" "$(cells 'flags=GFP_KERNEL .*charged=')" 0
	ok "summary says that nobody is charged" grep '^charged to nobody' "$D/summary"
	is "summary has at most 80 columns" "$(awk 'length > 80' "$D/summary")" ""
	ok "the reader takes it" whole "$D/results"
	root=$(more)
	is "in a child" "$(sh -c "echo \$\$ >$G/child/cgroup.procs; exec /kab/tool write $D/run '$LINE'" | cut -d ' ' -f 1) $(charges)" "ok 1"
	ok "summary says whom" grep '^charged to the writer' "$D/summary"
	ok "the reader takes it" whole "$D/results"
	ok "there it costs more: $root, $(more)" test "$(more)" -gt $((2 * root))
	unload
	is "the kernel had nothing to say" "$(splats)" ""
	finish
}

main
