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

# write_script RUN...: of the blocks, as guest has them.
write_script() {
	local word
	{
		echo "$blocks"
		for word in "$@"; do
			echo "run ${word/:/ }"
		done
	} >"$BATS_TEST_TMPDIR/script"
}

# guest RUN...: a block, or block:N for its first N instructions only.
guest() {
	local api
	write_script "$@"
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

# vectors RUN...: as guest, with the vectors alone, and with everything.
vectors() {
	local api
	write_script "$@"
	for api in 3 2 1; do
		"$BATS_FILE_TMPDIR/fake-$api" "symbols=$symbols" "vector=$dump-$api" <"$BATS_TEST_TMPDIR/script"
		cmp "$dump-$api" "$dump-3"
		"$BATS_FILE_TMPDIR/fake-$api" "symbols=$symbols" "vector=$dump-parts" out=/dev/null <"$BATS_TEST_TMPDIR/script"
		grep -v '^part' "$dump-parts" | cmp - "$dump-3"
	done
	cp "$dump-parts" "$dump"
	cat "$dump"
}

# metrics NAME=LEAST:MEDIAN:MOST:SUM...: all of these are in the one vector there is.
metrics() {
	local word
	[ "$(grep -c '^vector' "$dump")" -eq 1 ]
	for word in "$@"; do
		grep -q -x -e "vector .* $word\( .*\)\?" "$dump" || {
			echo "no $word"
			return 1
		}
	done
}

# The usual way, what it does to memory, and a lock of every kind.
memory_guest() {
	sed -i '/ T slow$/i ffffffff81000800 T _raw_spin_lock_irqsave' "$symbols"
	blocks+=$'
tb load ffffffff81000000 488b07@ffff888000001000r3 488b4738@ffff888000001038r3 488b4740@ffff888000001040r3 c3
tb store ffffffff81000020 488907@ffff888000001004w3 88073f@ffff88800000107fw0 66890f@ffff8880000010bfw1 c3
tb costs ffffffff81000040 f0ff08@ffff888000002000w2 fa fb 0f0138 0f01e8 48f7f1 ffe0
tb lock ffffffff81000800 f04883@ffff888000002000w2 c3
tb fill ffffffff81001040 90 f3aa@ffff888000003010w0+
tb fillon ffffffff81001041 f3aa@ffff888000003011w0+
tb filled ffffffff81001043 c3
tb back2 ffffffff81001060 f348a5@ffff888000004ff8r3-
tb far ffffffff81001063 c3'
}

@test "vector: loads, stores, bytes, lines and code, each line once a sample" {
	memory_guest
	vectors cell sample begin call load store back begin call load load back fast
	grep -q '^vector cell=0 op=alloc n=2 ' "$dump"
	# 18 of the module, 4 + 4, or 4 + 4.
	metrics insns=26:26:26:52 loads=3:3:6:9 stores=0:0:3:3 bytes=35:35:48:83
}

@test "vector: a line is that of any of its bytes; written ones are lines, too" {
	memory_guest
	vectors cell sample begin call load store back fast
	# 1000 and 1040 are read and written; the last store lies in 1080 and in 10c0.
	metrics lines=4:4:4:4 written=4:4:4:4 loads=3:3:3:3 stores=3:3:3:3 bytes=35:35:35:35
	# One of the module, one of alloc.
	metrics code=2:2:2:2
	grep -q '^part cell=0 op=alloc function=alloc lines=4 written=4 locked=0 irq=0 tlb=0 serial=0 div=0 indirect=0$' "$dump"
}

@test "vector: what costs more than its time, and who did it" {
	memory_guest
	vectors cell sample begin call costs lock back fast
	metrics locked=2:2:2:2 irq=2:2:2:2 tlb=1:1:1:1 serial=1:1:1:1 div=1:1:1:1 indirect=1:1:1:1 spins=1:1:1:1 lines=1:1:1:1
	grep -q '^part cell=0 op=alloc function=alloc lines=1 written=1 locked=1 irq=2 tlb=1 serial=1 div=1 indirect=1$' "$dump"
	grep -q '^part cell=0 op=alloc function=_raw_spin_lock_irqsave lines=0 written=0 locked=1 irq=0 ' "$dump"
	[ "$(grep -c '^part' "$dump")" -eq 2 ]
}

@test "vector: a string instruction is one store of all its bytes, and as many instructions as it had rounds" {
	local rounds=(fillon fillon fillon fillon)
	memory_guest
	rounds+=("${rounds[@]}" "${rounds[@]}" "${rounds[@]}")
	rounds+=("${rounds[@]}" "${rounds[@]}" "${rounds[@]}")
	# 1 + 64 bytes from 3010 on: two lines.
	vectors cell sample begin call fill "${rounds[@]}" filled back fast
	metrics insns=85:85:85:85 loads=0:0:0:0 stores=1:1:1:1 bytes=65:65:65:65 lines=2:2:2:2 written=2:2:2:2
	grep -q '^part cell=0 op=alloc function=slow lines=2 written=2 ' "$dump"
}

@test "vector: a string instruction runs downwards, and one stopped by an interrupt goes on" {
	memory_guest
	vectors cell sample begin call back2 back2 back2 far back fast
	metrics insns=22:22:22:22 loads=1:1:1:1 bytes=24:24:24:24 lines=1:1:1:1 written=0:0:0:0
	vectors cell sample begin call fill fillon fault fillon fillon filled back fast
	metrics insns=27:27:27:27 stores=1:1:1:1 bytes=4:4:4:4 lines=1:1:1:1
}

@test "string instructions are in call tree and paths as if each round had told of its start" {
	memory_guest
	sample fill fillon fault fillon fillon filled
	path "n=1 sum=27 min=27 max=27"
	grep -q '^insn addr=ffffffff81001041 n=4$' "$dump"
}

@test "vector: median, least and most are of samples, and of each cell and op its own" {
	memory_guest
	vectors cell sample begin call costs back begin call fast back begin call fast back cell sample begin call costs back fast
	grep -q '^vector cell=0 op=alloc n=3 .* locked=0:0:1:1 irq=0:0:2:2 ' "$dump"
	grep -q '^vector cell=1 op=alloc n=1 .* locked=1:1:1:1 ' "$dump"
	grep -q '^end cells=2 samples=4 torn=0$' "$dump"
}

@test "vector: nothing outside of a region, and what is torn or of another boot is told" {
	memory_guest
	vectors cell costs load sample costs load begin call fast back costs load
	metrics locked=0:0:0:0 loads=0:0:0:0 lines=0:0:0:0
	vectors cell sample begin call fast
	grep -q '^end cells=1 samples=0 torn=1$' "$dump"
	sed -i 's/ffffffffc0000000+10 begin/ffffffffc0000000+12 begin/' "$symbols"
	vectors cell sample begin call fast back fast
	grep -q '^error .* at ffffffffc0000012$' "$dump"
}

@test "vector: many lines, and as many samples" {
	local i
	memory_guest
	for i in $(seq 30); do
		blocks+=$'\n'"tb many$i ffffffff810020$(printf %02x "$i") 488907@$(printf 'ffff8880%08x' $((i * 64)))w3 c3"
	done
	# shellcheck disable=SC2046 # words
	vectors cell sample begin call $(seq -f many%g 30) back begin call many1 back fast
	metrics lines=1:1:30:31 written=1:1:30:31 bytes=8:8:240:248
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
	[ "$output" = "explain: needs symbols=, and out= or vector=" ]
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
	cut -d ' ' -f 2- "$BATS_TEST_TMPDIR/table" | "$BATS_FILE_TMPDIR/decode" "$1" |
		sed -E 's/ (clock|locked|irq|tlb|serial|div|indirect|zero|bulk) /+\1 /' >"$BATS_TEST_TMPDIR/said"
	cut -d ' ' -f 1,3- "$BATS_TEST_TMPDIR/table" | diff - "$BATS_TEST_TMPDIR/said"
}

@test "x86_64: where an instruction leads, what it does beside, and which reads the clock" {
	decodes x86_64 <<-'EOF'
		call e8fbffffff call 0x0
		call+indirect ffd0 call *%rax
		call+indirect ff5008 call *0x8(%rax)
		jump ebfe jmp 0xa
		jump e9fb0f0000 jmp 0x100c
		jump+indirect ffe0 jmp *%rax
		jump 75fe jne 0x13
		jump 0f85fa0f0000 jne 0x1015
		ret c3 ret
		ret f2c3 bnd ret
		iret+serial 48cf iretq
		next 0faee8 lfence
		next+clock 0f31 rdtsc
		next+clock 0f01f9 rdtscp
		next 0f33 rdpmc
		next 90 nop
		next 50 push %rax
		next ff00 incl (%rax)
		next+locked f0ff08 lock decl (%rax)
		jump+indirect 2e41ffe3 cs jmp *%r11
		call+indirect 41ffd3 call *%r11
		next+locked 488707 xchg %rax,(%rdi)
		next 4897 xchg %rax,%rdi
		next+locked f0480fb10a lock cmpxchg %rcx,(%rdx)
		next 65480fc70e cmpxchg16b %gs:(%rsi)
		next+locked f0480fc70e lock cmpxchg16b (%rsi)
		next+locked f00fc107 lock xadd %eax,(%rdi)
		next+irq fa cli
		next+irq fb sti
		next+irq 9c pushf
		next+irq 9d popf
		next+tlb 0f0138 invlpg (%rax)
		next+tlb 660f388210 invpcid (%rax),%rdx
		next+tlb 0f22d8 mov %rax,%cr3
		next+tlb 0f22e0 mov %rax,%cr4
		next+tlb 0f22c0 mov %rax,%cr0
		next 0f22d0 mov %rax,%cr2
		next 440f22c0 mov %rax,%cr8
		next 0f20d8 mov %cr3,%rax
		next+serial 0fa2 cpuid
		next+serial 0f01e8 serialize
		next+serial 0f30 wrmsr
		next 0f32 rdmsr
		next+serial 0f09 wbinvd
		next+serial 0f23f8 mov %rax,%db7
		next 0f01f8 swapgs
		next+div 48f7f1 div %rcx
		next+div f7f9 idiv %ecx
		next+div f637 divb (%rdi)
		next 48f7e1 mul %rcx
		next+bulk f3aa rep stos %al,%es:(%rdi)
		next+bulk f348ab rep stos %rax,%es:(%rdi)
		next+bulk f3a4 rep movsb %ds:(%rsi),%es:(%rdi)
		next+bulk f348a5 rep movsq %ds:(%rsi),%es:(%rdi)
		next+bulk f3a6 repz cmpsb %es:(%rdi),%ds:(%rsi)
		next aa stos %al,%es:(%rdi)
		next 0faef0 mfence
		next 0faee8 lfence
		ret f3c3 repz ret
		next f390 pause
		next ff30 push (%rax)
		call+indirect 65ff1425100000 call *%gs:0x10
		next 0f0d08 prefetchw (%rax)
		next f30f1efa endbr64
	EOF
}

@test "aarch64: where an instruction leads, what it does beside, and which reads the clock" {
	decodes aarch64 <<-'EOF'
		jump 00000014 b 0
		call 00000094 bl 4
		jump 00000054 b.eq 8
		jump 000000b4 cbz x0, c
		jump 01000035 cbnz w1, 10
		jump 02001836 tbz w2, #3, 14
		jump 020040b7 tbnz x2, #40, 18
		jump+indirect 00021fd6 br x16
		call+indirect 20023fd6 blr x17
		ret c0035fd6 ret
		ret 20005fd6 ret x1
		iret+serial e0039fd6 eret
		jump+indirect 22081fd7 braa x1, x2
		jump+indirect 7f081fd6 braaz x3
		call+indirect 220c3fd7 blrab x1, x2
		call+indirect 7f0c3fd6 blrabz x3
		ret ff0b5fd6 retaa
		ret ff0f5fd6 retab
		iret+serial ff0b9fd6 eretaa
		iret+serial ff0f9fd6 eretab
		next+clock 40e03bd5 mrs x0, cntvct_el0
		next+clock 5ee03bd5 mrs x30, cntvct_el0
		next 20e03bd5 mrs x0, cntpct_el0
		next 00e03bd5 mrs x0, cntfrq_el0
		next 20e31bd5 msr cntv_ctl_el0, x0
		next+serial df3f03d5 isb
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
		next+locked 417ce0c8 casa x0, x1, [x2]
		next e0cb9ad2 mov x0, #0xd65f
		next e003bfd6 drps
		next+locked 417c00c8 stxr w0, x1, [x2]
		next+locked 41fc0088 stlxr w0, w1, [x2]
		next 417c5fc8 ldxr x1, [x2]
		next 41fc5fc8 ldaxr x1, [x2]
		next+locked 410c20c8 stxp w0, x1, x3, [x2]
		next+locked 418c2088 stlxp w0, w1, w3, [x2]
		next 410c7fc8 ldxp x1, x3, [x2]
		next 20fcdfc8 ldar x0, [x1]
		next 20fc9fc8 stlr x0, [x1]
		next+locked 417ca088 cas w0, w1, [x2]
		next+locked 41fce0c8 casal x0, x1, [x2]
		next+locked 417ca008 casb w0, w1, [x2]
		next+locked 827c2048 casp x0, x1, x2, x3, [x4]
		next+locked 82fc6008 caspal w0, w1, w2, w3, [x4]
		next+locked 410020f8 ldadd x0, x1, [x2]
		next+locked 4100e0b8 ldaddal w0, w1, [x2]
		next+locked 3f0020f8 stadd x0, [x1]
		next+locked 411020f8 ldclr x0, x1, [x2]
		next+locked 413020f8 ldset x0, x1, [x2]
		next+locked 412020f8 ldeor x0, x1, [x2]
		next+locked 414020f8 ldsmax x0, x1, [x2]
		next+locked 417020f8 ldumin x0, x1, [x2]
		next+locked 418020f8 swp x0, x1, [x2]
		next+locked 4180e038 swpalb w0, w1, [x2]
		next 20c0bff8 ldapr x0, [x1]
		next 20c0bf38 ldaprb w0, [x1]
		next+irq df4303d5 msr daifset, #0x3
		next+irq ff4303d5 msr daifclr, #0x3
		next+irq 20421bd5 msr daif, x0
		next+irq 20423bd5 mrs x0, daif
		next+tlb 1f8708d5 tlbi vmalle1
		next+tlb 208308d5 tlbi vae1is, x0
		next+tlb 408708d5 tlbi aside1, x0
		next 007808d5 at s1e1r, x0
		next+zero 20740bd5 dc zva, x0
		next 207e0bd5 dc civac, x0
		next 20750bd5 ic ivau, x0
		next+serial df3f03d5 isb
		next+serial 9f3f03d5 dsb sy
		next+serial 9f3a03d5 dsb ishst
		next bf3b03d5 dmb ish
		next+div 2008c29a udiv x0, x1, x2
		next+div 200cc21a sdiv w0, w1, w2
		next 208c029b msub x0, x1, x2, x3
		next 2020c29a lsl x0, x1, x2
		next 002038d5 mrs x0, ttbr0_el1
		next 002018d5 msr ttbr0_el1, x0
		next 206862f8 ldr x0, [x1, x2]
		next 206822f8 str x0, [x1, x2]
		next 000080f9 prfm pldl1keep, [x0]
		next 2000c1da pacia x0, x1
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

@test "aarch64: dc zva is a store to a line of its own" {
	arm64_guest
	blocks+=$'\ntb clear ffff800080000000 20740bd5 20740bd5 f90007e0@ffff000000001000w3 c0035fd6'
	vectors cell sample begin call clear back fast
	metrics insns=12:12:12:12 stores=3:3:3:3 bytes=136:136:136:136 lines=3:3:3:3 written=3:3:3:3 serial=2:2:2:2
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
