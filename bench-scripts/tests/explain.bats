#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# explain.sh's reports: recorded runs against known text, a made-up run with
# rare paths, and damaged files, which must be refused.

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return 1
	data=tests/data/explain
	side=$BATS_TEST_TMPDIR/side
	out=$BATS_TEST_TMPDIR/out
	mkdir "$side"
}

report() {
	python3 -B explain/explain.py "$@" --out "$out"
}

# made_up: 972 samples of 122 instructions, 27 through ___slab_alloc of 1,730, one interrupted of 9,000.
made_up() {
	cat >"$side/result" <<-'EOF'
		kallocbench 1
		meta kernel=made-up
		param allocs=kmalloc samples=1000
		clock name=tsc khz=1000000 overhead=6 unit=insn
		cell id=0 alloc=kmalloc size=64 flags=GFP_KERNEL context=process pattern=pair cpus=0 round=0 state=ok fail=0
		op cell=0 op=alloc n=1000 sum=174294 min=122 p50=122 p90=122 p99=1730 p999=- max=9000 under=0
		hist cell=0 op=alloc 122-122:972 1730-1730:27 8960-9023:1
		end cells=1 state=done
	EOF
	awk -f results.awk -v table=meta,param,clock,cells,ops,hist "$side/result" >"$side/tables"
	cat >"$side/dump" <<-'EOF'
		kallocbench-explain 1
		path cell=0 op=alloc set=a n=972 sum=124416 min=128 max=128
		count node=0 insns=9720 calls=0
		count node=1 insns=114696 calls=972
		path cell=0 op=alloc set=b n=27 sum=46872 min=1736 max=1736
		count node=0 insns=270 calls=0
		count node=1 insns=3402 calls=27
		count node=2 insns=16200 calls=27
		count node=3 insns=27000 calls=54
		path cell=0 op=alloc set=c n=1 sum=9006 min=9006 max=9006
		count node=0 insns=10 calls=0
		count node=1 insns=118 calls=1
		count node=4 insns=8878 calls=1
		function id=7 addr=ffffffffc0000000 interrupt=0 name=kmalloc_pair
		function id=8 addr=ffffffff81000000 interrupt=0 name=__kmalloc
		function id=9 addr=ffffffff81001000 interrupt=0 name=___slab_alloc
		function id=10 addr=ffffffff81002000 interrupt=0 name=allocate_slab
		function id=11 addr=ffffffff81003000 interrupt=1 name=asm_common_interrupt
		node id=0 function=7 parent=-
		node id=1 function=8 parent=0
		node id=2 function=9 parent=1
		node id=3 function=10 parent=2
		node id=4 function=11 parent=1
		end cells=1 samples=1000 torn=0 lost=0
	EOF
}

# refused EXPRESSION FILE REASON: the made-up run after sed EXPRESSION on one of its files.
refused() {
	made_up
	cp "$side/$2" "$side/good"
	sed -i "$1" "$side/$2"
	run cmp -s "$side/good" "$side/$2"
	[ "$status" -eq 1 ]
	run report one --side "$side"
	echo "$output"
	[ "$status" -eq 3 ]
	[[ "$output" == *"$3"* ]]
}

@test "one recorded kernel, against the known text" {
	report one --side "$data/new" >"$BATS_TEST_TMPDIR/text"
	diff "$BATS_TEST_TMPDIR/text" "$data/one.txt"
	cmp "$BATS_TEST_TMPDIR/text" "$out/explain.txt"
}

@test "two recorded kernels, against the known text" {
	report two --base "$data/base" --new "$data/new" >"$BATS_TEST_TMPDIR/text"
	diff "$BATS_TEST_TMPDIR/text" "$data/two.txt"
}

@test "the sums of two kernels are the difference of their results" {
	report two --base "$data/base" --new "$data/new" >/dev/null
	python3 - "$out/explain.json" <<-'EOF'
		import json, sys
		found = json.load(open(sys.argv[1]))
		assert found["kind"] == "two" and len(found["ops"]) == 4
		for op in found["ops"]:
		    for part in op["mode"], op["mean"]:
		        rows = part["functions"]
		        assert sum(r["change"] for r in rows) == part["change"] != 0
		        assert part["change"] == part["new"] - part["base"]
	EOF
	for kernel in base new; do
		awk -F '\t' '$1 == "ops" && $11 == "alloc" && $5 == 64 { print $16 }' "$data/$kernel/tables"
	done | paste -s -d ' ' >"$BATS_TEST_TMPDIR/p50"
	[ "$(cat "$BATS_TEST_TMPDIR/p50")" = "170 116" ]
	grep -q '^most frequent length: 170 -> 116, -54 ' "$out/explain.txt"
}

@test "the usual path apart from the rare ones" {
	made_up
	run report one --side "$side"
	[ "$status" -eq 0 ]
	echo "$output"
	[[ "$output" == *"97.2 % of samples (972): 122 instructions, 2 functions"* ]]
	[[ "$output" == *"2.7 % of samples (27): 1,730 instructions, 4 functions,
  through ___slab_alloc
"* ]]
	[[ "$output" == *"0.1 % of samples (1): 9,000 instructions, 3 functions,
  interrupted or another task between
"* ]]
	[[ "$output" == *"       1,000        2   57.8 %  allocate_slab
"* ]]
}

@test "folded stacks and flame graph hold every instruction" {
	made_up
	report one --side "$side" >/dev/null
	awk '{ n += $2 } END { exit n != 174294 }' "$out"/folded/*.folded
	grep -qx 'kmalloc_pair;__kmalloc;___slab_alloc;allocate_slab 27000' "$out"/folded/*.folded
	python3 -c 'import sys, xml.dom.minidom as x; x.parse(sys.argv[1])' "$out"/flame/*.svg
	[ "$(grep -c '<rect x' "$out"/flame/*.svg)" -eq 5 ]
}

@test "above 4,096 the figure of compare.sh is tied to the exact one" {
	made_up
	sed -i 's/n=1000 sum=174294 min=122 p50=122 p90=122 p99=1730/n=1 sum=9000 min=9000 p50=- p90=- p99=-/
		s/ 122-122:972 1730-1730:27//' "$side/result"
	awk -f results.awk -v table=meta,param,clock,cells,ops,hist "$side/result" >"$side/tables"
	sed -i '/set=a/,/allocate_slab/{/^function/!d};s/samples=1000/samples=1/' "$side/dump"
	sed -i '1a path cell=0 op=alloc set=c n=1 sum=9006 min=9006 max=9006\ncount node=0 insns=10 calls=0\ncount node=1 insns=118 calls=1\ncount node=4 insns=8878 calls=1' "$side/dump"
	cp -r "$side" "$side.new"
	sed -i 's/sum=9006 min=9006 max=9006/sum=9106 min=9106 max=9106/;s/insns=118/insns=218/' "$side.new/dump"
	sed -i 's/	9000	9000	/	9100	9100	/;s/	9000	/	9100	/;s/	8960	9023	/	9088	9151	/' "$side.new/tables"
	run report two --base "$side" --new "$side.new"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" == *"most frequent length: 9,000 -> 9,100, +100 (+1.1 %)"* ]]
	[[ "$output" == *"        +23         +51         +28  to the upper bounds"* ]]
	[[ "$output" == *"      9,023       9,151        +128  as compare.sh takes them"* ]]
}

@test "down to source lines, with debug information" {
	made_up
	printf 'int f(int x)\n{\n\treturn x * 3;\n}\n' >"$side/mm.c"
	gcc -g -O1 -fno-pic -mcmodel=kernel -c -o "$side/mm.o" "$side/mm.c"
	ld -e f -Ttext=0xffffffff81000000 -o "$side/vmlinux" "$side/mm.o"
	sed -i 's/^count node=1 insns=114696 .*/&\ninsn addr=ffffffff81000000 n=114696\ninsn addr=ffffffffc0000000 n=9720/' "$side/dump"
	run report one --side "$side" --vmlinux "$side/vmlinux"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" =~ 114.70\ \ .*mm.c:[23]\ \(f\) ]]
	[[ "$output" == *"        9.72  outside vmlinux (the module"* ]]
	cp -r "$side" "$side.new"
	sed -i 's/insns=114696/insns=115668/;s/n=114696/n=115668/;s/sum=124416 min=128 max=128/sum=125388 min=129 max=129/' "$side.new/dump"
	sed -i 's/	174294	122	122	122	/	175266	123	123	123	/;s/	122	122	/	123	123	/' "$side.new/tables"
	run report two --base "$side" --new "$side.new" --base-vmlinux "$side/vmlinux" --vmlinux "$side/vmlinux"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" == *"          +1  "*"mm.c (f): 119 at line "* ]]
}

@test "--cells reports what it names, and nothing else" {
	printf 'verdict\talloc\tsize\top\nFAIL\tkmalloc\t64\tfree\n' >"$BATS_TEST_TMPDIR/cells"
	report two --base "$data/base" --new "$data/new" --cells "$BATS_TEST_TMPDIR/cells" >"$BATS_TEST_TMPDIR/text"
	[ "$(grep '^==' "$BATS_TEST_TMPDIR/text")" = "== kmalloc 64 pair: free" ]
}

# verdict CELL OP VERDICT...: a verdict table of such rows; reports new against base with it.
by_verdict() {
	echo "kallocbench-verdict 1" >"$BATS_TEST_TMPDIR/verdict"
	while [ $# -gt 0 ]; do
		printf 'row\t%s\t%s\tmode\t116\t170\t54\t46.5\t0\t-\t-\t-\t%s\t-\t-\n' "$1" "$2" "$3" >>"$BATS_TEST_TMPDIR/verdict"
		shift 3
	done
	report two --base "$data/new" --new "$data/base" --verdict "$BATS_TEST_TMPDIR/verdict" >"$BATS_TEST_TMPDIR/text"
	cat "$BATS_TEST_TMPDIR/text"
}

@test "--verdict reports the changes and what the gate saw" {
	by_verdict "kmalloc 64 pair" alloc REGRESSION "kmalloc 64 pair" free EQUIVALENT
	[ "$(grep '^==' "$BATS_TEST_TMPDIR/text")" = "== kmalloc 64 pair: alloc" ]
	grep -qx 'REGRESSION of the mode, median over all boots: 116 -> 170, +54; below, one boot' "$BATS_TEST_TMPDIR/text"
	grep -q '^        116         170         +54  sum$' "$BATS_TEST_TMPDIR/text"
}

@test "--verdict: what is better, too, behind what is worse" {
	by_verdict "kmalloc 64 pair cpus=0-1" alloc IMPROVEMENT "kmalloc 64 pair" free REGRESSION
	[ "$(grep '^==' "$BATS_TEST_TMPDIR/text" | tr '\n' ' ')" = "== kmalloc 64 pair: free == kmalloc 64 pair: alloc " ]
}

@test "--verdict: what the same functions moved is named, not repeated" {
	cat >"$BATS_TEST_TMPDIR/alike.py" <<-'END'
		import sys
		sys.path.insert(0, sys.argv[1])
		from dataclasses import dataclass, replace
		import diff, explain
		from cells import Key
		@dataclass
		class Op:
		    key: Key
		    typical: int
		diff.moved = lambda base, new, renames: {("kfree", new - base)} if new != base else set()
		key = Key(1, "kmalloc", 64, "GFP_KERNEL", "process", "pair", 0, "free")
		ops = [(Op(key, 77), Op(key, 89))]
		for other, cost in ((replace(key, size=4096), 89), (replace(key, round=1), 89), (replace(key, size=8192), 77),
		                    (replace(key, op="alloc"), 89), (replace(key, pattern="churn"), 89), (replace(key, size=8), 90)):
		    ops.append((Op(other, 77), Op(other, cost)))
		groups = explain.alike(ops, {})
		assert [len(g) for g in groups] == [3, 1, 1, 1, 1], groups
		print("\n".join(explain.others(groups[0])))
	END
	python3 -B "$BATS_TEST_TMPDIR/alike.py" "$PWD/explain" >"$BATS_TEST_TMPDIR/text"
	diff "$BATS_TEST_TMPDIR/text" - <<-'END'
		the same functions by as much: kmalloc 4K pair: free, kmalloc 64 pair
		    round=1: free

	END
}

@test "the same function under another name is one row" {
	python3 -B - <<-'EOF'
		import sys
		sys.path.insert(0, "explain")
		from pathlib import Path
		import names
		table = names.load(Path("explain/renames.tsv"))
		same = lambda a, b: names.canonical(a, table) == names.canonical(b, table)
		assert same("__kmalloc", "__kmalloc_noprof")
		assert same("insert_vmap_area.constprop.0", "insert_vmap_area")
		assert same("vfree.part.0.cold", "__vunmap")
		assert same("kmalloc_trace", "__kmalloc_cache_noprof")
		assert not same("kfree", "kvfree")
		assert not same("memset_erms", "memset_orig")
	EOF
}

@test "a cell with failed allocations is left out, and said so" {
	made_up
	sed -i 's/	ok	0	/	ok	3	/' "$side/tables"
	sed -i 's/n=972 sum=124416/n=975 sum=124800/;s/insns=9720/insns=9750/;s/insns=114696/insns=115050/;s/samples=1000 torn/samples=1003 torn/' "$side/dump"
	run report one --side "$side"
	[ "$status" -eq 0 ]
	[[ "$output" == *"not explained: kmalloc 64 pair: alloc: 3 allocations failed"* ]]
	[[ "$output" != *"=="* ]]
}

@test "what does not add up is refused" {
	refused 's/min=128 max=128/min=127 max=128/' dump 'counted n, sum, min, max'
	refused '/^end/d' dump 'cut short'
	refused 's/torn=0/torn=1/' dump 'out of order'
	refused 's/insns=114696/insns=114695/' dump 'do not add up'
	refused 's/samples=1000 torn/samples=999 torn/' dump 'do not hold all samples'
	refused 's/count node=4/count knot=4/' dump 'cannot read this line'
	refused '1s/1/2/' dump 'not a dump'
	refused 's/^end cells=1/end cells=3/' dump 'the plugin saw 3 cells'
	refused 's/^end cells=1/end cells=0/' dump 'symbols are of another boot'
	refused 's/^function id=7 .*/error no clock read at ffffffffc0000010/' dump 'not those of this boot'
	refused 's/	174294	/	174295	/' tables 'kmalloc 64 pair alloc: counted n, sum, min, max'
}

@test "wrong use ends with 2 and says why" {
	for args in "" "--colour red -- quick" "--base 6.1 -- quick" "--new 6.1 -- quick" "--cells /nonexistent -- quick" "--kernel"; do
		# shellcheck disable=SC2086 # several words
		run ./explain.sh $args
		echo "$args: $status $output"
		[ "$status" -eq 2 ]
		[[ "$output" == *"explain.sh: "* ]]
	done
	while IFS=: read -r args word; do
		# shellcheck disable=SC2086 # several words
		run ./explain.sh $args -- quick
		echo "$args: $status $output"
		[ "$status" -eq 2 ]
		[[ "${lines[0]}" == *"$word"* ]]
	done <<-'END'
		--base 6.1 --new 6.12 --kernel 6.1:--kernel is for one kernel
		--base 6.1 --new 6.12 --kdir x:--kdir is for one kernel
		--new-append x:--new-append are for two kernels
		--base-kdir x:--base-kdir and --new-kdir are for two
	END
	run ./explain.sh -h
	[ "$status" -eq 0 ]
	[[ "$output" == "usage: explain.sh"* ]]
}
