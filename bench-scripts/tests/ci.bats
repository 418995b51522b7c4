#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016 # the guests are shell text
# shellcheck disable=SC2030,SC2031 # each test has its own status and output
# The road of ci.sh with a QEMU of ours that plays the guests: which boots it
# asks for, in which order, and that nothing that could not be judged passes.
# With real kernels: reference.sh.

bats_require_minimum_version 1.5.0

load process.bash
load image.bash

setup() {
	scripts=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	export t=$BATS_TEST_TMPDIR
	export KALLOCBENCH_CACHE=$BATS_FILE_TMPDIR/cache KALLOCBENCH_QEMU=$t/qemu
	export MAKE_AWK=$BATS_TEST_DIRNAME/data/gate/make.awk
	fake_bzimage "$t/kernel"
	cp /bin/true "$t/k.ko"
	echo 'allocs=kmalloc sizes=64 samples=1000' >"$t/plan"
	canonical=$(canonical "$t/plan")
	guest ':'
}

# canonical PLAN: its lines as the module says them in results.
canonical() {
	scripts=$scripts plan=$1 sh -c '. "$scripts/lib/host.sh"; of_lines canonical 1 "$plan"'
}

# guest SHELL: a guest that measures $alloc instructions; SHELL may set it by the command line in $words, and fail.
guest() {
	cat >"$t/qemu" <<-END
		#!/bin/sh
		[ "\$1" != --version ] || { echo "QEMU emulator version \${QEMU_VERSION-7.2.0} (Debian)"; exit 0; }
		words="\$*"
		alloc=117 verdict=good
		lane=insn unit=insn accel=tcg-icount
		cmdline=\$(printf '%s' "\$words" | sed 's/.*-append //; s/ -serial.*//; s/ kab_pad=[^ ]*//g' | tr ' ' +)
		case \$words in *icount*) ;; *) lane=time unit=tick accel=tcg ;; esac
		echo "\$words" >>"$t/boots"
		$1
		d=\$(mktemp -d)
		printf 'kmalloc 64\nalloc %s:1000\nfree 78:1000\n' "\$alloc" |
			awk -v lane=\$lane -v unit=\$unit -v accel=\$accel -v meta="kernel=fake arch=x86_64 cmdline=\$cmdline" -f "$MAKE_AWK" |
			sed "s/^param .*/param $canonical/" >"\$d/result-01.txt"
		tar -czf "\$d.tgz" -C "\$d" .
		{ printf 'kab-results %s\n' "\$(wc -c <"\$d.tgz")"; cat "\$d.tgz"; printf '\nkab-verdict %s\n' "\$verdict"; } >port
		echo '[ 0.1] booting' >console.log
		rm -r "\$d" "\$d.tgz"
	END
	chmod +x "$t/qemu"
}

ci() {
	local jobs='--jobs 1' no=--no-vector
	# No plugin sees a guest that is played, but where its vectors are, too: vector=1.
	[[ " $* " != *" --lane time "* && -z "${vector-}" ]] || no=''
	[[ " $* " != *" --jobs "* && " $* " != *" --lane "* ]] || jobs=''
	# shellcheck disable=SC2086 # two words on purpose
	run "$scripts/ci.sh" --base "$t/kernel" --new "$t/kernel" --module "$t/k.ko" --suite "$t/plan" $jobs $no --out "$t/out" "$@"
	echo "$output"
}

# against REFERENCE WORD...: the new kernel against a stored result.
against() {
	local reference=$1
	shift
	rm -rf "$t/out"
	run "$scripts/ci.sh" --reference "$reference" --new "$t/kernel" --module "$t/k.ko" --suite "$t/plan" --out "$t/out" "$@"
	echo "$output"
}

# unbooted REFERENCE WORDS...: it is refused with these words before anything boots.
unbooted() {
	against "$1"
	[ "$status" -eq 2 ]
	[ ! -e "$t/boots" ]
	[ ! -e "$t/out" ]
	shift
	for words in "$@"; do
		[[ "$output" == *"$words"* ]]
	done
}

@test "five phases a side, one of them twice, and a pass" {
	ci --blind
	[ "$status" -eq 0 ]
	[ "$(wc -l <"$t/boots")" -eq 12 ]
	[ -d "$t/out/base/phase-1/boot-2" ]
	[ -d "$t/out/new/phase-5/boot-1" ]
	[ "$(sed 's/.*-m \([0-9]*M\).*/\1/' "$t/boots" | sort -u | wc -l)" -eq 3 ]
	for ext in tsv txt md json ktap.txt xml benchmark-action.json bmf.json openmetrics.txt lava.txt; do
		[ -s "$t/out/verdict/verdict.$ext" ]
	done
}

@test "a slower kernel fails, on both sides at once too" {
	guest 'case $words in *slow*) alloc=125 ;; esac'
	ci --new-append slow=1
	[ "$status" -eq 1 ]
	[[ "$output" == *REGRESSION*"kmalloc 64"* ]]
	[[ "$output" == *"Reproduce: bench-scripts/ci.sh"*"--new-append slow=1"* ]]
	rm -r "$t/out"
	ci --new-append slow=1 --jobs 2
	[ "$status" -eq 1 ]
}

# A guest whose plugin counts $locked locked instructions in each free, and whose symbols nobody looks at.
counted_guest() {
	guest "locked=0; $1"'
		insns() {
			echo "$(($1 + 4)):$(($1 + 4)):$(($1 + 4)):$((1000 * ($1 + 4)))"
		}
		case $words in *-plugin*)
			printf "%s\n" "kallocbench-vector 1" \
				"vector cell=0 op=alloc n=1000 insns=$(insns $alloc) locked=0:0:0:0 lines=13:13:13:13000" \
				"vector cell=0 op=free n=1000 insns=$(insns $((78 + wrong))) locked=$locked:$locked:$locked:${locked}000 lines=11:11:11:11000" \
				"end cells=1 samples=2000 torn=0" >vector ;;
		esac'
	# Beside the result: what the boot for the symbols is asked for.
	sed -i 's/^tar -czf/echo "ffffffff81000000 T _text" >"$d\/kallsyms"; echo ".text 0x1" >"$d\/sections"\n&/' "$t/qemu"
	[ "$(grep -c kallsyms "$t/qemu")" -eq 1 ]
}

@test "one boot more a side counts the vectors: what is locked fails by one, and --no-vector knows nothing of it" {
	counted_guest 'case $words in *slow*) locked=1 ;; esac'
	vector=1 ci --new-append slow=1
	[ "$status" -eq 1 ]
	[[ "$output" == *"vectors of 2 ops"* ]]
	[ "$(awk -F '\t' '$1 == "row" && $13 == "REGRESSION" { print $2, $3, $4, $7 }' "$t/out/verdict/verdict.tsv")" = "kmalloc 64 pair free locked 1" ]
	[ -s "$t/out/new/vector/boot-1/result-01.txt" ]
	rm -r "$t/out"
	ci --new-append slow=1
	[ "$status" -eq 0 ]
	[[ "$output" != *vectors* ]]
}

@test "vectors that are not those of the result are no pass" {
	counted_guest 'wrong=1'
	vector=1 ci --new-append x=1
	[ "$status" -eq 3 ]
	[ ! -e "$t/out/new/vector/boot-1" ]
	grep -q 'counted n, sum, min, max (1000, 79000, 79, 79), the guest measured (1000, 78000, 78, 78)' "$t/out/new/vector.log"
	grep -q 'the vectors of boot 1 are not those of its results' "$t/out/new/vector.log"
}

@test "--threshold loosens" {
	guest 'case $words in *slow*) alloc=125 ;; esac'
	ci --new-append slow=1 --threshold 7%
	[ "$status" -eq 0 ]
}

@test "what padding and memory move is tolerated" {
	guest 'case $words in *kab_pad=xxxxxxxxxxxxxxxxkab*) alloc=119 ;; *1536M*) alloc=121 ;; esac'
	ci --blind --new-append slow=1
	[ "$status" -eq 0 ]
}

@test "a boot that panics: exit 3, never a pass or a failure" {
	guest 'case $words in *768M*) echo "Kernel panic - not syncing: planted" >console.log; : >port; exit 0 ;; esac'
	ci --blind
	[ "$status" -eq 3 ]
	[[ "$output" == *phase-4* ]]
	# What a CI service shows says no more than the exit code.
	run ! grep -q PASS "$t"/out/verdict/*
}

@test "a side that never boots: exit 3" {
	guest 'case $words in *slow*) : >port; : >console.log; exit 0 ;; esac'
	ci --new-append slow=1
	[ "$status" -eq 3 ]
}

@test "equal boots that differ: exit 3" {
	guest 'case $words in *slow*) alloc=$((200 + $(wc -l <"$t/boots"))) ;; esac'
	ci --new-append slow=1
	[ "$status" -eq 3 ]
	[[ "$output" == *nondeterministic* ]]
}

@test "a stored result as the reference, pass and fail" {
	ci --blind
	mv "$t/out/new" "$t/ref"
	against "$t/ref" --blind
	[ "$status" -eq 0 ]
	guest 'alloc=118'
	against "$t/ref" --blind
	[ "$status" -eq 1 ]
	# A single file is one phase: the new side's five say how far a cell moves.
	against "$t/ref/phase-1/boot-1/result-01.txt" --blind
	[ "$status" -eq 1 ]
}

# conditions WORDS OPTION...: the reference $t/ref is refused with these words before the first boot.
conditions() {
	local words=$1
	shift
	rm -f "$t/boots"
	against "$t/ref" "$@"
	[ "$status" -eq 3 ]
	[[ "$output" == *"not comparable: $words"* ]]
	[[ "$output" == *"the reference was measured under other conditions"* ]]
	[ ! -e "$t/boots" ]
	[ ! -e "$t/out" ]
}

@test "a reference of another QEMU, plan, entry or number of CPUs is refused before the first boot, with both values" {
	ci --blind
	mv "$t/out/new" "$t/ref"
	QEMU_VERSION=9.9.9 conditions "different QEMU version: 7.2.0 (Debian) in $t/ref/"
	[[ "$output" == *"9.9.9 (Debian) in line 1 of this run"* ]]
	conditions "different number of CPUs: 1 in $t/ref/" --smp 2
	conditions "different way into the kernel (--entry): bzImage in $t/ref/" --entry PVH
	echo 'allocs=kmalloc sizes=64,128 samples=1000' >"$t/other"
	conditions "different parameters: sizes=64" --suite "$t/other"
	[[ "$output" == *"sizes=64,128"* ]]
	cat "$t/plan" "$t/other" >"$t/both"
	conditions "different parameters: sizes=64,128" --suite "$t/both"
	echo 'allocs=kmalloc samples=1000 sizes=64 seed=1' >"$t/other"
	against "$t/ref" --suite "$t/other" --blind
	[ "$status" -eq 0 ]
}

@test "a reference whose module another compiler built is refused before the first boot" {
	ci --blind
	mv "$t/out/new" "$t/ref"
	sed -i 's/^meta .*/& module_cc=gcc-1/' "$t"/ref/phase-*/boot-*/result-01.txt
	printf 'int a;\n' | gcc -c -x c -o "$t/k.ko" -
	conditions "different compiler of the module: gcc-1 in $t/ref/"
	[[ "$output" == *"$(gcc -dumpfullversion) in line 1 of this run; --across-compilers"* ]]
	sed -i 's/ module_cc=gcc-1//' "$t"/ref/phase-*/boot-*/result-01.txt
}

@test "--across-compilers is refused where the plan has no cell that shows what they change" {
	ci --across-compilers
	[ "$status" -eq 2 ]
	[[ "${lines[0]}" == *"--across-compilers needs cells of the allocator control in the plan: add to it the line allocs="* ]]
	# and that line is one
	printf '%s\n' "${lines[0]##*the line }" >"$t/plan"
	canonical "$t/plan"
	ci "allocs=kmalloc sizes=64"
	[ "$status" -eq 2 ]
	[[ "${lines[0]}" == *"'allocs=kmalloc sizes=64': a parameter line is given as --suite" ]]
	[ ! -e "$t/boots" ]
	echo 'allocs=null,control,kmalloc sizes=64 samples=1000' >"$t/plan"
	canonical=$(canonical "$t/plan")
	guest ':'
	ci --across-compilers --blind
	[ "$status" -eq 0 ]
	grep -q -- '--across-compilers' "$t/out/verdict/verdict.tsv"
}

@test "a damaged reference is refused before anything boots, in a folder and alone" {
	mkdir -p "$t/ref=1/phase-1/boot-1" "$t/ref=1/phase-2/boot-1" "$t/texts" "$t/empty"
	cd "$t"
	echo 'kmalloc 64' | awk -f "$MAKE_AWK" | sed 's/state=ok/state=skipped reason=because/' >whole.txt
	sed '$d' whole.txt >texts/cut.txt
	cp whole.txt ref=1/phase-1/boot-1/result-01.txt
	cp texts/cut.txt ref=1/phase-2/boot-1/result-01.txt
	unbooted ref=1 ref=1/phase-2/boot-1/result-01.txt: "no end line" "the reference ref=1 cannot be read"
	unbooted ref=1/phase-2/boot-1/result-01.txt "no end line"
	unbooted "$t/texts" "cut.txt:" "no end line"
	unbooted "$t/empty" "no result in $t/empty"
	unbooted "$t/none" "no file or folder $t/none"
}

@test "time lane: pairs with an A/A arm, in the order drawn, the address space random" {
	guest 'alloc=$((1000 + $(wc -l <"$t/boots") * 7 % 5))'
	ci --lane time --accel tcg --pairs 6 --new-append which=new
	[ "$status" -eq 0 ]
	[ "$(wc -l <"$t/boots")" -eq 18 ]
	[ -d "$t/out/aa/pair-6" ]
	grep -q nokaslr "$t/boots" && return 1
	awk '{ print /which=new/ ? "new" : "old" }' "$t/boots" >"$t/seen"
	tr ' ' '\n' <"$t/out/order" | sed 's/base\|aa/old/' >"$t/asked"
	cmp "$t/seen" "$t/asked"
}

@test "the time lane has a suite of its own, with stretches beside delay" {
	guest 'alloc=$((1000 + $(wc -l <"$t/boots") * 7 % 5))'
	run "$scripts/ci.sh" --base "$t/kernel" --new "$t/kernel" --module "$t/k.ko" --lane time --accel tcg --pairs 6 --no-aa \
		--new-append which=new --out "$t/out"
	echo "$output"
	[ "$status" -eq 0 ]
	grep -q '^meta command=.*\\040--\\040time$' "$t/out/new/pair-1/boot-1/result-01.txt"
	grep -q '^allocs=delay,.*timing=batch' "$scripts/suites/time"
	grep -q '^allocs=delay,.*timing=batch' "$scripts/suites/full"
}

# order SEED PAIRS AA
order() {
	scripts=$scripts seed=$1 pairs=$2 aa=$3 sh -c '. "$scripts/gate/boots.sh"; pair_order'
}

@test "time lane: every second block is the mirror image, and the order follows the seed" {
	order 1 8 1 >"$t/one"
	[ "$(wc -l <"$t/one")" -eq 8 ]
	awk 'NR % 2 { first = $1 $2 $3; next } { bad += $3 $2 $1 != first } END { exit bad }' "$t/one"
	order 1 8 1 | cmp - "$t/one"
	for seed in $(seq 1 20); do order "$seed" 1 1; done | sort | uniq -c >"$t/drawn"
	[ "$(wc -l <"$t/drawn")" -eq 6 ]
	[ "$(order 3 2 '' | tr ' ' '\n' | sort | uniq -c | tr -s '[:space:]' ' ')" = " 2 base 2 new " ]
}

@test "a plan that the module refuses ends the job at the first boot, with its reason" {
	guest 'verdict="refused: allocs=kmaloc: unknown allocator"'
	for jobs in 1 2; do
		rm -rf "$t/out" "$t/boots"
		ci --jobs "$jobs"
		[ "$status" -eq 2 ]
		[[ "$output" == *"refused: allocs=kmaloc: unknown allocator"* ]]
		[ "$(wc -l <"$t/boots")" -le "$jobs" ]
	done
}

@test "what no boot could mend is refused before any" {
	while IFS=: read -r args word; do
		# shellcheck disable=SC2086 # words
		ci $args
		[ "$status" -eq 2 ]
		[[ "${lines[0]}" == *"$word"* ]]
		[ ! -e "$t/boots" ]
		[ ! -e "$t/out" ]
	done <<-'END'
		--lane time --pairs 2 --no-aa:--pairs: at least 6, not '2'
		--suite nope:no suite 'nope'
		--script nowhere:--script: cannot read nowhere
	END
}

@test "ci.sh is stopped: every guest goes with it" {
	guest 'echo $$ >>"$t/pids"; exec sleep 1000'
	"$scripts/ci.sh" --base "$t/kernel" --new "$t/kernel" --module "$t/k.ko" --suite "$t/plan" --jobs 2 --out "$t/out" 3>&- &
	pid=$!
	appears "$t/pids" "$pid" 2
	kill "$pid"
	wait "$pid" || :
	while read -r pid; do
		gone "$pid"
	done <"$t/pids"
}

@test "a reference may be a folder in which a report lies, as for compare.sh" {
	ci
	cp "$t/out/new/phase-1/boot-1/result-01.txt" "$t/first.txt"
	mkdir "$t/reference"
	cp "$t/first.txt" "$t/reference/6.12.txt"
	echo 'A report, of 72 columns.' >"$t/reference/report.txt"
	rm "$t/boots"
	against "$t/reference"
	[[ "$output" != *"cannot be read"* ]]
	[ -s "$t/boots" ]
}

@test "an option that would change nothing is refused before anything boots" {
	for option in '--delta 3' '--pairs 8' '--seed 2' '--accel tcg' --no-aa; do
		# shellcheck disable=SC2086 # words on purpose
		ci $option
		[ "$status" -eq 2 ]
		[[ "${lines[0]}" == *"${option% *} is for the time lane" ]]
	done
	for option in '--threshold 3' '--jobs 2' --blind --across-compilers; do
		# shellcheck disable=SC2086 # words on purpose
		ci --lane time $option
		[ "$status" -eq 2 ]
		[[ "${lines[0]}" == *"${option% *} is for the instruction lane" ]]
	done
	for option in --base-append --base-kdir --jobs; do
		against "$t/kernel" "$option" 2
		[ "$status" -eq 2 ]
		[[ "${lines[0]}" == *"$option is for two kernels, not a reference" ]]
	done
	[ ! -e "$t/boots" ]
}

@test "time lane: --delta reaches the gate" {
	guest 'alloc=$((1000 + $(wc -l <"$t/boots") % 3)); case $words in *slow*) alloc=$((alloc + 50)) ;; esac'
	ci --lane time --accel tcg --pairs 6 --no-aa --new-append slow=1 --delta 10
	[ "$status" -eq 0 ]
	run "$scripts/compare.sh" "$t/out/base" "$t/out/new"
	[ "$status" -eq 1 ]
}

@test "wrong use" {
	for args in "" "--base x" "--new x" "--base x --new x --reference y" "--base x --new x --lane warp" \
		"--base x --new x --pairs many" "--base x --new x --nonsense" "--reference $t/none --new x" \
		"--reference $t/plan --new x --lane time" "--base x --new x --lane time --delta 0"; do
		# shellcheck disable=SC2086 # words on purpose
		run "$scripts/ci.sh" $args
		echo "$args: $output"
		[ "$status" -eq 2 ]
	done
	ci --blind
	ci --blind
	[ "$status" -eq 2 ]
	[[ "$output" == *"holds a run already"* ]]
}

@test "what the two modules say of their compilers is held together before the first boot" {
	printf 'int a;\n' | gcc -c -x c -o "$t/a.ko" -
	cp "$t/a.ko" "$t/b.ko"
	objcopy --remove-section=.comment "$t/b.ko"
	printf 'another compiler\0' >"$t/comment"
	# Its functions; it takes the folder of its name for its own.
	sed '/^main /d' "$scripts/ci.sh" >"$t/ci.sh"
	objcopy --add-section .comment="$t/comment" "$t/b.ko"
	for new in b a; do
		run sh -c '. "$1"; base_module=$2 new_module=$3; check_modules' "$scripts/ci.sh" "$t/ci.sh" "$t/a.ko" "$t/$new.ko"
		echo "$output"
		[ "$new" = a ] || { [ "$status" -eq 2 ] && [[ "$output" == *"'another compiler' for --new"* ]]; }
	done
	[ "$status" -eq 0 ]
}

# pinned KERNEL COMMAND: what a side of KERNEL is booted from, and with which module, where kernel.sh runs COMMAND.
pinned() {
	local boots=$scripts/gate/boots.sh
	mkdir -p "$t/scripts/setup" "$t/scripts/gate"
	cp -r "$scripts"/{lib,lines} "$t/scripts/"
	cp "$scripts/gate/phases.sh" "$t/scripts/gate/"
	printf '#!/bin/sh\n%s\n' "$2" >"$t/scripts/setup/kernel.sh"
	printf '#!/bin/sh\necho "$1/k.ko"\n' >"$t/scripts/setup/module.sh"
	chmod +x "$t/scripts/setup/kernel.sh" "$t/scripts/setup/module.sh"
	scripts=$t/scripts out=$t base=$1 module=${3-} sh -c 'new=; . "$scripts/lib/host.sh"; . "$0"; pin base; echo $base $base_module' "$boots"
}

@test "a series stands for one release and one module in all boots of a side" {
	[ "$(pinned 6.12 'echo name=6.12.9-cloud-amd64; echo kdir=/k')" = "6.12.9-cloud-amd64 /k/k.ko" ]
	run pinned 6.12 'echo no network >&2; exit 3'
	[ "$status" -eq 3 ]
	[ "$output" = 'no network' ]
	[ "$(pinned min 'echo release=no; echo name=min; echo kdir=/k')" = "min /k/k.ko" ]
	[ "$(pinned "$t/kernel" 'echo release=no; echo kdir=/k')" = "$t/kernel" ]
	[ "$(pinned 6.12 'echo name=6.12.9; echo kdir=/k' my.ko)" = "6.12.9 my.ko" ]
}

# cpus SUITE BASE NEW
cpus() {
	suite=$1 base=$2 new=$3 reference='' sh -c '. "$0"; cpus_of_plan' "$scripts/gate/conditions.sh"
}

@test "the suite kernels gets a second CPU where both kernels are known to start one" {
	while read -r words count; do
		# shellcheck disable=SC2086 # words
		[ "$(cpus ${words//,/ })" = "$count" ] || { echo "$words: not $count" && return 1; }
	done <<-'END'
		kernels,6.12,7.3 2
		kernels,6.12:arm64,7.3-rt:arm64 2
		kernels,6.12.117+deb12-cloud-amd64,newest 2
		kernels,6.1,6.12 1
		kernels,6.12,6.1.0-57-cloud-amd64 1
		kernels,min,min 1
		quick,6.12,7.3 1
	END
}
