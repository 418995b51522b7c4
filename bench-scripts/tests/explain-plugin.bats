#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The plugin of explain.sh against a QEMU played by explain/fake_qemu.c, under
# the sanitizers: what it counts must be what that guest's clock would say, with
# each version of QEMU's plugin interface.
# shellcheck disable=SC2030,SC2031 # each test has its guest

setup_file() {
	local api
	cd "$BATS_TEST_DIRNAME/.." || return 1
	for api in 1 2 3; do
		gcc -g -Wall -Wextra -fsanitize=address,undefined -DQEMU_API=$api -o "$BATS_FILE_TMPDIR/fake-$api" \
			tests/explain/fake_qemu.c explain/plugin/*.c
	done
	gcc -g -Wall -Wextra -fsanitize=address,undefined -o "$BATS_FILE_TMPDIR/decode" tests/explain/decode.c explain/plugin/isa*.c
}

# The guest: a timed call of alloc, which may call slow or jump through thunk.
setup() {
	dump=$BATS_TEST_TMPDIR/dump
	symbols=$BATS_TEST_TMPDIR/symbols
	cat >"$symbols" <<-'EOF'
		0000000000000040 A absolute
		ffffffff81000000 T alloc
		ffffffff81001000 T slow
		ffffffff81002000 T thunk
		ffffffff81003000 T asm_exc_page_fault
		ffffffff81004000 T __switch_to_asm
		ffffffff81005000 d data
		ffffffffc0000000 t measure	[kallocbench]
		ffffffffc0000100 t kab_mark_cell	[kallocbench]
		ffffffffc0000110 t kab_mark_warmup	[kallocbench]
		ffffffffc0000120 t kab_mark_sample	[kallocbench]
		ffffffffc0000000+10 begin alloc
		ffffffffc0000000+30 end alloc
	EOF
	blocks='tb cell ffffffffc0000100 c3
tb warmup ffffffffc0000110 c3
tb sample ffffffffc0000120 c3
tb begin ffffffffc000000d 0faee8 0f31
tb call ffffffffc0000012 48c1e220 4809d0 0faee8 e8e9ffffff
tb back ffffffffc0000021 90 90 90 90 90 90 90 90 90 90 90 90 0faee8 0f31
tb fast ffffffff81000000 90 c3
tb toslow ffffffff81000000 90 e8fa0f0000
tb tothunk ffffffff81000000 90 e8fa1f0000
tb fromslow ffffffff81000006 c3
tb slow ffffffff81001000 90 90 c3
tb slow1 ffffffff81001001 90 c3
tb slow2 ffffffff81001002 c3
tb thunk ffffffff81002000 e80b000000
tb thunk2 ffffffff81002010 48890424 c3
tb fault ffffffff81003000 90 90 48cf
tb user 0000000000401000 90 90 90
tb both ffffffff80fffffe 90 90 90 c3'
}

# guest RUN...: a block, or block:N for its first N instructions only.
guest() {
	local word api
	{
		echo "$blocks"
		for word in "$@"; do
			echo "run ${word/:/ }"
		done
	} >"$BATS_TEST_TMPDIR/script"
	for api in 3 2 1; do
		"$BATS_FILE_TMPDIR/fake-$api" "symbols=$symbols" "out=$dump-$api" insns=on <"$BATS_TEST_TMPDIR/script"
		cmp "$dump-$api" "$dump-3"
	done
	cp "$dump-1" "$dump"
}

# sample RUN...: one timed region; the first cell begins before it.
sample() {
	guest cell sample begin call "$@" back fast
}

# path FIELDS: the dump has exactly this one path.
path() {
	cat "$dump"
	[ "$(grep -c '^path' "$dump")" -eq 1 ]
	grep -q "^path cell=0 op=alloc set=[0-9a-f]* $1\$" "$dump"
	grep -q '^end .* torn=0 lost=0$' "$dump"
}

# stack FUNCTION PARENT INSNS CALLS
stack() {
	awk -v f="$1" -v p="$2" -v insns="$3" -v calls="$4" '
		{
			for (i = 2; i <= NF; i++) {
				split($i, kv, "=")
				is[kv[1]] = kv[2]
			}
		}
		$1 == "count" { cost[is["node"]] = is["insns"] " " is["calls"] }
		$1 == "function" { name[is["id"]] = is["name"] }
		$1 == "node" {
			of[is["id"]] = name[is["function"]]
			parent = is["parent"] == "-" ? "-" : of[is["parent"]]
			if (of[is["id"]] == f && parent == p && cost[is["id"]] == insns " " calls)
				found = 1
		}
		END { exit !found }' "$dump"
}

@test "the usual path: everything behind the first clock read, up to the second" {
	sample fast
	path "n=1 sum=20 min=20 max=20"
	stack measure - 18 0
	stack alloc measure 2 1
	grep -q '^insn addr=ffffffff81000000 n=1$' "$dump"
	[ "$(grep -c '^insn' "$dump")" -eq 20 ]
}

@test "a call goes one level down, a return comes back" {
	sample toslow slow fromslow
	path "n=1 sum=24 min=24 max=24"
	stack slow alloc 3 1
	stack alloc measure 3 1
}

@test "an instruction that faults counts once, after the fault" {
	sample toslow slow:2 fault slow1 fromslow
	path "n=1 sum=27 min=27 max=27"
	stack asm_exc_page_fault slow 3 1
	stack slow alloc 3 1
	sample toslow slow:1 fault slow fromslow
	path "n=1 sum=27 min=27 max=27"
}

@test "an instruction taken out for input or output counts once" {
	sample toslow slow:2 slow2 fromslow
	path "n=1 sum=24 min=24 max=24"
	stack slow alloc 3 1
}

@test "a block that is begun again after its code changed counts once" {
	sample toslow slow:2 slow1 fromslow
	path "n=1 sum=24 min=24 max=24"
}

@test "a retpoline is a jump" {
	sample tothunk thunk thunk2 slow fromslow
	path "n=1 sum=27 min=27 max=27"
	stack thunk alloc 3 1
	stack slow thunk 3 1
	stack alloc measure 3 1
}

@test "another task, user space and a block across two symbols" {
	sample both
	path "n=1 sum=22 min=22 max=22"
	stack alloc '[unknown]' 2 1
	stack '[unknown]' measure 2 0
	sample toslow slow:2 fault user slow1 fromslow
	path "n=1 sum=30 min=30 max=30"
	stack '[user]' slow 3 0
}

@test "neither warm-up nor a region without a cell is counted" {
	guest sample begin call fast back cell warmup begin call fast back fast
	grep -q '^end cells=1 samples=0 torn=0 lost=0$' "$dump"
	[ "$(grep -c '^path' "$dump")" -eq 0 ]
}

@test "cells and lengths are kept apart" {
	guest cell sample begin call fast back begin call fast back begin call toslow slow fromslow back \
		cell warmup begin call fast back sample begin call fast back fast
	cat "$dump"
	grep -q '^path cell=0 op=alloc set=[0-9a-f]* n=2 sum=40 min=20 max=20$' "$dump"
	grep -q '^path cell=0 op=alloc set=[0-9a-f]* n=1 sum=24 min=24 max=24$' "$dump"
	grep -q '^path cell=1 op=alloc set=[0-9a-f]* n=1 sum=20 min=20 max=20$' "$dump"
	grep -q '^end cells=2 samples=4 torn=0 lost=0$' "$dump"
}

@test "a region left open, or opened twice, is told" {
	guest cell sample begin call fast
	grep -q '^end cells=1 samples=0 torn=1 lost=0$' "$dump"
	guest cell sample begin call begin call fast back fast
	grep -q 'torn=1' "$dump"
}

@test "symbols of another boot are told" {
	sed -i 's/ffffffffc0000000+10 begin/ffffffffc0000000+12 begin/' "$symbols"
	guest cell sample begin call fast back fast
	grep -q '^error .* at ffffffffc0000012$' "$dump"
}

@test "refused: no markers, no symbols, unknown argument, another API" {
	run "$BATS_FILE_TMPDIR/fake-1" symbols=/dev/null "out=$dump" </dev/null
	[ "$status" -eq 1 ]
	[ "$output" = "explain: /dev/null: no markers" ]
	run "$BATS_FILE_TMPDIR/fake-1" symbols=/nonexistent "out=$dump" </dev/null
	[ "$status" -eq 1 ]
	[ "$output" = "explain: /nonexistent: cannot be read" ]
	sed -i 's/ffffffffc0000110/ffffffffc0000100/' "$symbols"
	run "$BATS_FILE_TMPDIR/fake-1" "symbols=$symbols" "out=$dump" </dev/null
	[ "$status" -eq 1 ]
	[ "$output" = "explain: $symbols: two markers at one address" ]
	run "$BATS_FILE_TMPDIR/fake-1" "symbols=$symbols" </dev/null
	[ "$status" -eq 1 ]
	[ "$output" = "explain: needs symbols= and out=" ]
	run "$BATS_FILE_TMPDIR/fake-1" "symbols=$symbols" "out=$dump" colour=red </dev/null
	[ "$status" -eq 1 ]
	[ "$output" = "explain: colour=red: unknown" ]
	FAKE_MIN=1 run "$BATS_FILE_TMPDIR/fake-1" "symbols=$symbols" "out=$dump" </dev/null
	[ "$status" -eq 1 ]
	[ "$output" = "explain: QEMU serves plugin API 7 to 7, this is of 1" ]
}

@test "the clock reads of a module are found by their section, the ops by their numbers" {
	local n=0 op
	sed -n '/^enum result_op/,/OPS/s/^\tOP_\([A-Z]*\),$/\1/p' ../kmod/result.h | tr '[:upper:]' '[:lower:]' >"$BATS_TEST_TMPDIR/ops"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/ops")" -ge 6 ]
	while read -r op; do
		printf '.text\n.fill 3, 1, 0x90\n1: nop\n2: nop\n.pushsection kab_marks, "a"\n'
		printf '.long 1b - .\n.long %d\n.long 2b - .\n.long %d\n.popsection\n' "$n" "$((n + 256))"
		printf 'ffffffffc0000000+%x begin %s\nffffffffc0000000+%x end %s\n' "$((5 * n + 3))" "$op" "$((5 * n + 4))" "$op" >&3
		n=$((n + 1))
	done <"$BATS_TEST_TMPDIR/ops" >"$BATS_TEST_TMPDIR/marks.s" 3>"$BATS_TEST_TMPDIR/expected"
	gcc -c -o "$BATS_TEST_TMPDIR/marks.o" "$BATS_TEST_TMPDIR/marks.s"
	echo '.text 0xffffffffc0000000' >"$BATS_TEST_TMPDIR/sections"
	readelf -W -r -x kab_marks "$BATS_TEST_TMPDIR/marks.o" >"$BATS_TEST_TMPDIR/elf"
	awk -f explain/marks.awk "$BATS_TEST_TMPDIR/sections" "$BATS_TEST_TMPDIR/elf" | diff "$BATS_TEST_TMPDIR/expected" -
}

# decodes TARGET <TABLE: rows of kind, bytes and what binutils 2.40 say they are.
decodes() {
	cat >"$BATS_TEST_TMPDIR/table"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/table")" -ge 20 ]
	cut -d ' ' -f 2- "$BATS_TEST_TMPDIR/table" | "$BATS_FILE_TMPDIR/decode" "$1" | sed 's/ clock /+clock /' >"$BATS_TEST_TMPDIR/said"
	cut -d ' ' -f 1,3- "$BATS_TEST_TMPDIR/table" | diff - "$BATS_TEST_TMPDIR/said"
}

@test "x86_64: where an instruction leads, and which reads the clock" {
	decodes x86_64 <<-'EOF'
		call e8fbffffff call 0x0
		call ffd0 call *%rax
		call ff5008 call *0x8(%rax)
		jump ebfe jmp 0xa
		jump e9fb0f0000 jmp 0x100c
		jump ffe0 jmp *%rax
		jump 75fe jne 0x13
		jump 0f85fa0f0000 jne 0x1015
		ret c3 ret
		ret f2c3 bnd ret
		iret 48cf iretq
		next 0faee8 lfence
		next+clock 0f31 rdtsc
		next+clock 0f01f9 rdtscp
		next 0f33 rdpmc
		next 90 nop
		next 50 push %rax
		next ff00 incl (%rax)
		next f0ff08 lock decl (%rax)
		jump 2e41ffe3 cs jmp *%r11
		call 41ffd3 call *%r11
	EOF
}

@test "aarch64: where an instruction leads, and which reads the clock" {
	decodes aarch64 <<-'EOF'
		jump 00000014 b 0
		call 00000094 bl 4
		jump 00000054 b.eq 8
		jump 000000b4 cbz x0, c
		jump 01000035 cbnz w1, 10
		jump 02001836 tbz w2, #3, 14
		jump 020040b7 tbnz x2, #40, 18
		jump 00021fd6 br x16
		call 20023fd6 blr x17
		ret c0035fd6 ret
		ret 20005fd6 ret x1
		iret e0039fd6 eret
		jump 22081fd7 braa x1, x2
		jump 7f081fd6 braaz x3
		call 220c3fd7 blrab x1, x2
		call 7f0c3fd6 blrabz x3
		ret ff0b5fd6 retaa
		ret ff0f5fd6 retab
		iret ff0b9fd6 eretaa
		iret ff0f9fd6 eretab
		next+clock 40e03bd5 mrs x0, cntvct_el0
		next+clock 5ee03bd5 mrs x30, cntvct_el0
		next 20e03bd5 mrs x0, cntpct_el0
		next 00e03bd5 mrs x0, cntfrq_el0
		next 20e31bd5 msr cntv_ctl_el0, x0
		next df3f03d5 isb
		next 1f2003d5 nop
		next 010000d4 svc #0x0
		next 000021d4 brk #0x800
		next 020000d4 hvc #0x0
		next 7f2003d5 wfi
		next 00000010 adr x0, 7c
		next 00000090 adrp x0, 0
		next 00000058 ldr x0, 84
		next fd7bbfa9 stp x29, x30, [sp, #-16]!
		next 200040f9 ldr x0, [x1]
		next 417ce0c8 casa x0, x1, [x2]
		next e0cb9ad2 mov x0, #0xd65f
		next e003bfd6 drps
	EOF
}

# The same guest on arm64, whose vectors are one function, and whose symbols tell code from data.
arm64_guest() {
	export FAKE_TARGET=aarch64
	cat >"$symbols" <<-'EOF'
		ffff80007a000000 t $x	[kallocbench]
		ffff80007a000000 t measure	[kallocbench]
		ffff80007a000100 t kab_mark_cell	[kallocbench]
		ffff80007a000110 t kab_mark_warmup	[kallocbench]
		ffff80007a000120 t kab_mark_sample	[kallocbench]
		ffff800080000000 T alloc
		ffff800080001000 T slow
		ffff800080001004 t $d
		ffff800080003000 T vectors
		ffff800080003800 t el1h_64_irq
		ffff800080004000 T cpu_switch_to
		ffff80007a000000+10 begin alloc
		ffff80007a000000+30 end alloc
	EOF
	blocks='tb cell ffff80007a000100 c0035fd6
tb warmup ffff80007a000110 c0035fd6
tb sample ffff80007a000120 c0035fd6
tb begin ffff80007a00000c df3f03d5 40e03bd5
tb call ffff80007a000014 df3f03d5 1f2003d5 1f2003d5 01000094
tb back ffff80007a000024 1f2003d5 1f2003d5 df3f03d5 41e03bd5
tb fast ffff800080000000 1f2003d5 c0035fd6
tb toslow ffff800080000000 1f2003d5 20003fd6
tb fromslow ffff800080000008 c0035fd6
tb slow ffff800080001000 1f2003d5 1f2003d5 c0035fd6
tb slow1 ffff800080001004 1f2003d5 c0035fd6
tb irq ffff800080003280 1f2003d5 01000014
tb irq2 ffff800080003800 1f2003d5 e0039fd6
tb switch ffff800080004000 1f2003d5 c0035fd6'
}

@test "aarch64: calls, returns and the clock; \$x and \$d hide no function" {
	arm64_guest
	sample fast
	path "n=1 sum=10 min=10 max=10"
	stack measure - 8 0
	stack alloc measure 2 1
	sample toslow slow fromslow
	path "n=1 sum=14 min=14 max=14"
	stack slow alloc 3 1
	stack alloc measure 3 1
}

@test "aarch64: an instruction that faults counts once, after the fault; eret goes back" {
	arm64_guest
	sample toslow slow:2 irq irq2 slow1 fromslow
	path "n=1 sum=18 min=18 max=18"
	stack vectors slow 2 1
	stack el1h_64_irq vectors 2 1
	stack slow alloc 3 1
	grep -q ' interrupt=1 name=vectors$' "$dump"
}

@test "what goes on in another task is marked as an interrupt is" {
	blocks+=$'\ntb switch ffffffff81004000 90 c3'
	sample toslow slow switch fromslow
	grep -q ' interrupt=1 name=__switch_to_asm$' "$dump"
	arm64_guest
	sample toslow slow switch fromslow
	grep -q ' interrupt=1 name=cpu_switch_to$' "$dump"
	grep -q ' interrupt=0 name=slow$' "$dump"
}

@test "aarch64: a marker that is at no clock read is told" {
	arm64_guest
	blocks=${blocks/40e03bd5/20e03bd5}
	sample fast
	grep -q '^error no clock read at ffff80007a000010$' "$dump"
}

@test "refused: an instruction set that is not known" {
	FAKE_TARGET=riscv64 run "$BATS_FILE_TMPDIR/fake-1" "symbols=$symbols" "out=$dump" </dev/null
	[ "$status" -eq 1 ]
	[ "$output" = "explain: no instruction set is known here for riscv64" ]
}

@test "the plugin is built for what QEMU serves, in kmod's tests as well" {
	local version
	for version in 7.2.22=1 8.2.1=1 9.0.2=2 9.1.0=3 10.0.8=3; do
		run make -s --no-print-directory -C "$BATS_TEST_DIRNAME/../explain/plugin" \
			QEMU="echo QEMU emulator version ${version%=*}" api
		[ "$version $output" = "$version ${version#*=}" ]
	done
}
