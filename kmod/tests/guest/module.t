#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: --smp 2 --mem 1G
# vm: --add kmod/tests/guest/tap.sh --add .cache/unit/tool --add bench-scripts/results.awk
# The contract of the debugfs files on a booted kernel: modes, refusals, runs.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. /kab/tap.sh

FILES="run results summary status error abort help"
LINE="allocs=kmalloc sizes=64 samples=200 budget_ms=60000"

# modes: each file as the contract has it, nothing else but what is said below.
modes() {
	local f want
	for f in $FILES; do
		case $f in
		run) want=600 ;;
		abort) want=200 ;;
		*) want=400 ;;
		esac
		is "mode of $f" "$(stat -c %a "$D/$f")" "$want"
		[ "$f" = abort ] || ok "$f can be read" cat "$D/$f"
		is "$f is root's" "$(answer -u 1000 open "$D/$f" rw)" EACCES
	done
	is "no file is writable that need not be" \
		"$(find "$D" -type f -perm -200 | sed 's,.*/,,' | sort | tr '\n' ' ')" "abort run "
}

fresh() {
	is "run is empty before the first run" "$(cat "$D/run")" ""
	is "results begin with the version" "$(head -n 1 "$D/results")" "kallocbench 1"
	is "results end before the first run" "$(tail -n 1 "$D/results")" "end cells=0 state=idle"
	is "status before the first run" "$(cat "$D/status")" "state=idle"
	is "error is empty" "$(cat "$D/error")" ""
	ok "the reader takes the empty results" whole "$D/results"
	is "abort when idle succeeds" "$(answer write "$D/abort" 1)" ok
}

run_one() {
	is "a run" "$(put "$LINE")" ok
	is "an abort when idle touched no later run" "$(state)" "done"
	like "status after it" "$(cat "$D/status")" "^state=done"
	ok "the reader takes the results" whole "$D/results"
	like "the canonical line" "$(cat "$D/run")" "^allocs=kmalloc sizes=64 flags=GFP_KERNEL .*samples=200 .*seed=1( |$)"
	is "it equals the param line" "param $(cat "$D/run")" "$(grep '^param ' "$D/results")"
	is "each op has its samples" "$(grep -c '^op .* n=200 ' "$D/results")" 2
	is "summary has at most 80 columns" "$(awk 'length > 80' "$D/summary")" ""
	like "summary tells the outside cost" "$(cat "$D/summary")" "outside"
}

# Writing the canonical line back repeats the run.
repeats() {
	local line
	put "allocs=vmalloc,kmalloc sizes=64..256,4K flags=GFP_KERNEL|__GFP_ZERO samples=20 rounds=2 budget_ms=600000" >/dev/null
	line=$(cat "$D/run")
	grep -E '^(cell|param)' "$D/results" | sed 's/ wall=.*//' >/tmp/first
	is "the canonical line is taken" "$(put "$line")" ok
	is "and is its own canonical line" "$(cat "$D/run")" "$line"
	grep -E '^(cell|param)' "$D/results" | sed 's/ wall=.*//' >/tmp/second
	ok "and repeats the run" cmp /tmp/first /tmp/second
	is "its cells" "$(grep -c '^cell ' /tmp/first)" 16
	is "allocs are outermost within a round" "$(awk '/^cell/ { print $3 $4 $NF }' /tmp/first | uniq | wc -l)" 16
}

syntax() {
	refused EINVAL "bogus=1" bogus
	refused EINVAL "sizes=64 typo" typo
	refused EINVAL "allocs=kmaloc" kmaloc "kmalloc"
	refused EINVAL "allocs=kmalloc,kmalloc" kmalloc
	refused EINVAL "allocs=," - "empty"
	refused EINVAL "allocs=" -
	refused EINVAL "sizes=64,,128" -
	refused EINVAL "samples=1 samples=1" samples
	refused EINVAL "flags=GFP_KERNEL|NOPE" NOPE
	refused EINVAL "flags=kernel" kernel
	refused EINVAL "patterns=pear" pear
	refused EINVAL "contexts=nmi" nmi
	refused EINVAL "timing=never" never
	refused EINVAL "touch=me" me
	refused EINVAL "order=any" any
	refused EINVAL "sizes=8..24" 8
	refused EINVAL "sizes=64..8" 64
	refused EINVAL "samples=1e3" 1e3
	refused EINVAL "=" -
	refused EINVAL "," ,
	refused EINVAL "depth=65" 65
}

ranges() {
	refused EINVAL "sizes=0" 0
	refused EINVAL "sizes=9223372036854775808" 9223372036854775808
	refused EINVAL "sizes=2T" 2T
	refused EINVAL "samples=0" 0 "1.*10000000"
	refused EINVAL "samples=-5" -5
	refused EINVAL "samples=10000001" 10000001
	refused EINVAL "samples=18446744073709551617" 18446744073709551617
	refused EINVAL "seed=18446744073709551616" 18446744073709551616
	refused EINVAL "rounds=0" 0
	refused EINVAL "rounds=1001" 1001
	refused EINVAL "warmup=10000001" 10000001
	refused EINVAL "budget_ms=0" 0
	refused EINVAL "budget_ms=3600001" 3600001
	refused EINVAL "cpus=99" 99
	refused EINVAL "cpus=1-0" 1-0
	refused EINVAL "node=7" 7
	refused EINVAL "node=-1" -1
	refused E2BIG "sizes=1..1T+1" -
	refused E2BIG "allocs=kmalloc sizes=1..65537+1" - "65536"
}

no_cell_left() {
	refused EINVAL "allocs=kmalloc sizes=1G" - "kmalloc"
	refused EINVAL "allocs=vmalloc sizes=4K flags=__GFP_DMA32" -
	refused EINVAL "allocs=kmalloc sizes=64 flags=GFP_DMA32" - "DMA32"
	refused ENOMEM "allocs=vmalloc sizes=900M samples=1" - "[0-9].*[0-9]"
}

garbage() {
	local before
	before=$(cat "$D/results" "$D/run" | md5sum)
	dd if=/dev/urandom of=/tmp/g100 bs=100 count=1 2>/dev/null
	dd if=/dev/urandom of=/tmp/g5k bs=5000 count=1 2>/dev/null
	dd if=/dev/zero of=/tmp/zero bs=64 count=1 2>/dev/null
	dd if=/dev/urandom of=/tmp/g8m bs=1M count=8 2>/dev/null
	awk 'BEGIN { for (i = 0; i < 10000; i++) printf "," }' >/tmp/commas
	awk 'BEGIN { for (i = 0; i < 4095; i++) printf "," }' >/tmp/commas4k
	awk 'BEGIN { printf "samples=20 "; for (i = 0; i < 4084; i++) printf " " }' >/tmp/full
	is "garbage of 100 bytes" "$(answer send "$D/run" /tmp/g100)" EINVAL
	ok "error stays printable" awk '/[^ -~\t]/ { print; bad = 1 } END { exit bad }' "$D/error"
	is "NUL bytes" "$(answer send "$D/run" /tmp/zero)" EINVAL
	is "4095 commas" "$(answer send "$D/run" /tmp/commas4k)" EINVAL
	is "10000 commas" "$(answer send "$D/run" /tmp/commas)" E2BIG
	is "5000 bytes of garbage" "$(answer send "$D/run" /tmp/g5k)" E2BIG
	is "8 MiB of garbage" "$(answer send "$D/run" /tmp/g8m)" E2BIG
	like "error says how long a line may be" "$(cat "$D/error")" 4095
	is "a nonzero offset" "$(answer pwrite "$D/run" 1 "$LINE")" EINVAL
	is "an offset of 2^62" "$(answer pwrite "$D/run" 4611686018427387904 "$LINE")" EINVAL
	is "bytes behind the newline" "$(put "$LINE
$LINE")" EINVAL
	is "garbage touched nothing" "$(cat "$D/results" "$D/run" | md5sum)" "$before"
	is "4095 bytes are not too long" "$(answer send "$D/run" /tmp/full | sed 's/ok/EINVAL/')" EINVAL
	is "two writes on one descriptor" "$(answer twice "$D/run" "$LINE" "$LINE")" ok
	is "a line with its newline" "$(put "$LINE
")" ok
	is "error is emptied by a line that is taken" "$(cat "$D/error")" ""
}

main() {
	dmesg -c >/dev/null
	chmod 755 /sys/kernel/debug
	ok "the module loads" load
	modes
	fresh
	run_one
	repeats
	syntax
	ranges
	no_cell_left
	garbage
	is "no kernel address in any file" "$(cat "$D"/[b-z]* | grep -E '0x[0-9a-f]{9}|ffff[0-9a-f]{8}')" ""
	ok "the module unloads" unload
	is "the kernel had nothing to say" "$(splats)" ""
	finish
}

main
