#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# slow: nine thousand cells, twice
# vm: --smp 4 --mem 512M --add kmod/tests/guest/tap.sh --add .cache/unit/tool --add bench-scripts/results.awk
# Every allocator in every context and pattern, on four CPUs: each cell is
# measured, or skipped with a reason, and all memory comes back.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. /kab/tap.sh

# KiB in slabs, in mappings, and in anything but caches.
totals() {
	awk '{ kb[$1] = $2 }
	END {
		print kb["SUnreclaim:"], kb["VmallocUsed:"], kb["MemTotal:"] - kb["MemFree:"] - kb["Buffers:"] - kb["Cached:"] - kb["SReclaimable:"]
	}' /proc/meminfo
}

everything() {
	put "allocs=all patterns=all contexts=all flags=GFP_KERNEL,GFP_ATOMIC sizes=64,4K,64K $1"
}

# grown BEFORE AFTER: what grew by more than caches per CPU explain.
grown() {
	echo "$1 $2" | awk '
	$4 - $1 > 4096 { print "slab by " $4 - $1 " KiB" }
	$5 - $2 > 2048 { print "vmalloc by " $5 - $2 " KiB" }
	$6 - $3 > 24576 { print "memory in use by " $6 - $3 " KiB" }'
}

# Allocators that have an ok cell, against those that help lists as present.
unmeasured() {
	awk '
	NR == FNR {
		if ($1 == "cell" && / state=(ok|short)/) {
			sub(/alloc=/, "", $3)
			seen[$3] = 1
		}
		next
	}
	/^[a-z]+:/ { inside = $1 == "allocs:"; next }
	inside && NF && !/not on this kernel/ && !($1 in seen) { print $1 }' "$D/results" "$D/help"
}

main() {
	local before after
	dmesg -c >/dev/null
	load
	is "a first run of everything, to fill the caches" \
		"$(everything "samples=2 warmup=0 depth=2 share=1 bytes=2M cpus=all budget_ms=60000 facts=none") $(state)" "ok done"
	before=$(totals)
	is "everything runs" \
		"$(everything "samples=8 warmup=0 depth=8 share=1 bytes=2M cpus=all budget_ms=60000 facts=none") $(state)" "ok done"
	sleep 1
	after=$(totals)
	cp "$D/results" /out/everything.txt
	ok "the reader takes it" whole "$D/results"
	ok "thousands of cells: $(cells .)" test "$(cells .)" -gt 3000
	is "none failed or was left out" "$(grep '^cell ' "$D/results" | grep -E 'state=(failed|aborted)' | head -n 5)" ""
	is "short are those alone that were to end with bytes=, or had to leave free blocks" \
		"$(grep '^cell ' "$D/results" | grep state=short | grep -v -e 'pattern=exhaust .*bytes=' -e 'pattern=fragmented .*left' | head -n 5)" ""
	is "what was skipped says why" "$(cells 'state=skipped')" "$(cells 'state=skipped .*reason=[^ ]+')"
	is "every allocator was measured" "$(unmeasured)" ""
	is "all memory came back" "$(grown "$before" "$after")" ""
	is "summary has at most 80 columns" "$(awk 'length > 80' "$D/summary" | head -n 5)" ""
	ok "the module unloads" unload
	is "the kernel had nothing to say" "$(splats)" ""
	finish
}

main
