#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: --mem 512M --add kmod/tests/guest/tap.sh --add bench-scripts/results.awk
# kernels: none
# debug: debug-rt
# Any kernel, any architecture: every allocator and pattern in every context, a line for each context and kind of
# flags, and one for each other key. Each cell is measured or says why not, and the kernel stays silent.
# A file /kab/everywhere.conf makes it shorter. Lines, cells and splats are counted; in the instruction lane null takes
# nothing and delay exactly 1,000.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. /kab/tap.sh

all_lines=21 lines=0 taken=0 measured=0 skipped=0
sizes=64,4K,64K patterns=all keys='depth=4 share=1 bytes=1M'
# shellcheck source=/dev/null
[ ! -f /kab/everywhere.conf ] || . /kab/everywhere.conf
contexts='process preempt_off bh_off irqs_off softirq hardirq'

# lockless: legal in every context of PREEMPT_RT, for they take no lock, or nothing at all. Small kernels lack gen_pool.
lockless() {
	if allocators | grep -qx gen_pool; then
		echo 'control delay gen_pool null'
	else
		echo 'control delay null'
	fi
}

is_rt() {
	grep -q PREEMPT_RT /proc/version
}

# noted FILE LINE TEXT...: what went wrong in a line, for the end.
noted() {
	printf '%s: %s\n' "$2" "$3" >>"$1"
}

# measure LINE: the counters, and files of what was wrong.
measure() {
	local said
	lines=$((lines + 1))
	if ! { echo "$1" >"$D/run"; } 2>/tmp/refusal; then
		noted /tmp/not_taken "$1" "$(head -n 1 "$D/error")"
	else
		taken=$((taken + 1))
		[ "$(state)" = "done" ] || noted /tmp/not_done "$1" "$(tail -n 1 "$D/results")"
		measured=$((measured + $(cells 'state=(ok|short)')))
		skipped=$((skipped + $(cells 'state=skipped .*reason=[^ ]+')))
		# Where a device is not coherent, as ours on arm64, atomic memory for it comes from a pool of some 64K.
		grep -E '^cell .* state=(failed|aborted)' "$D/results" | grep -v 'alloc=dma_.* flags=GFP_ATOMIC' >>/tmp/bad_cells
		cat "$D/results" >>/tmp/all
	fi
	echo "kab-line $lines of $all_lines" >/dev/console
	said=$(splats)
	[ -z "$said" ] || noted /tmp/splats "$1" "$said"
}

everything() {
	local context flags
	for context in $contexts; do
		for flags in GFP_KERNEL GFP_ATOMIC; do
			measure "allocs=all patterns=$patterns contexts=$context flags=$flags sizes=$sizes cpus=all samples=4 warmup=0 $keys budget_ms=60000 facts=none"
		done
	done
}

# Each other key once, in all contexts that can have it.
others() {
	local words
	for words in 'patterns=batch depth=16 order=random' 'patterns=batch depth=16 order=lifo' 'patterns=churn depth=16 mix=4' 'patterns=pair touch=page' \
		'patterns=pair timing=batch calls=4' 'patterns=pair node=0' 'patterns=pair facts=all' 'patterns=pair rounds=2'; do
		measure "allocs=all contexts=all flags=GFP_ATOMIC sizes=100 samples=16 warmup=0 budget_ms=60000 $words"
	done
}

# where CONTEXT: allocators that were measured there, sorted.
where() {
	sed -n "s/^cell .* alloc=\([^ ]*\) .* context=$1 .* state=\(ok\|short\).*/\1/p" /tmp/all | sort -u | tr '\n' ' ' | sed 's/ $//'
}

legal() {
	local context
	for context in preempt_off irqs_off hardirq; do
		if is_rt; then
			is "rt: $context is for what takes no lock that sleeps" "$(where $context)" "$(lockless)"
		else
			like "$context has kmalloc" " $(where $context) " " kmalloc "
		fi
	done
	like "bh_off has kmalloc" " $(where bh_off) " " kmalloc "
	like "softirq has kmalloc" " $(where softirq) " " kmalloc "
	! is_rt || like "rt: what is skipped says why" "$(grep -m 1 'context=hardirq .*PREEMPT_RT' /tmp/all)" \
		'reason=on\\040PREEMPT_RT\\040[a-z_]*\\040takes\\040locks\\040that\\040sleep:\\040not\\040in\\040context\\040hardirq'
}

# references: known answers of the instruction lane.
references() {
	measure "allocs=null,delay sizes=64 contexts=all samples=10000"
	ok "the reader takes it" whole "$D/results"
	is "null takes nothing, delay 1,000, in every context and sample" \
		"$(sed -n 's/^hist .* op=[a-z]* //p' "$D/results" | sort | uniq -c | sed 's/^ *//')" \
		"$(printf '12 0-0:10000\n12 1000-1000:10000')"
}

main() {
	local file
	for file in not_taken not_done bad_cells splats all; do
		: >"/tmp/$file"
	done
	dmesg -c >/tmp/boot.log
	ok "the module loads in lane $(cat /kab/lane)" load lane="$(cat /kab/lane)"
	everything
	others
	[ "$(cat /kab/lane)" != insn ] || references
	for file in not_taken not_done bad_cells splats; do
		is "every line: nothing in $file" "$(head -n 20 /tmp/$file)" ""
	done
	legal
	[ ! -e /proc/lockdep_stats ] ||
		is "lockdep has not given up" "$(awk '/debug_locks:/ { print $2 }' /proc/lockdep_stats)" 1
	ok "the module unloads" unload
	is "the kernel had nothing to say" "$(splats)" ""
	echo "# $(uname -rm): lines=$lines taken=$taken cells_measured=$measured cells_skipped=$skipped splats=$(grep -c . /tmp/splats)"
	finish
}

main
