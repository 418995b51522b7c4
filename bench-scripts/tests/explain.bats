#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# explain.sh's reports: recorded runs against known text, made-up runs whose
# answer is known, and damaged files, which must be refused.

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return 1
	data=tests/data/explain
	side=$BATS_TEST_TMPDIR/side
	out=$BATS_TEST_TMPDIR/out
	mkdir "$side"
}

report() {
	explain/report.sh "$@" --out "$out"
}

# side NAME [KERNEL] <CELLS: a made-up side, see explain/side.awk.
side() {
	mkdir -p "$BATS_TEST_TMPDIR/$1"
	awk -v dir="$BATS_TEST_TMPDIR/$1" -v kernel="${2:-$1}" -f tests/explain/side.awk
}

# two [OPTION...]: base and new, made up, against each other.
two() {
	report "$BATS_TEST_TMPDIR/base" "$BATS_TEST_TMPDIR/new" "$@" >"$BATS_TEST_TMPDIR/text"
	cat "$BATS_TEST_TMPDIR/text"
}

# says <LINES: they stand in the text, one after the other.
says() {
	awk -v block="$(cat)" '{ text = text "\n" $0 } END { exit !index(text "\n", "\n" block "\n") }' "$BATS_TEST_TMPDIR/text"
}

# titles: of the ops in the text, in one line.
titles() {
	sed -n 's/^== //p' "$BATS_TEST_TMPDIR/text" | paste -s -d ,
}

# rows TABLE COLUMN...: of explain.tsv, the columns by name, blanks between.
rows() {
	awk -F '\t' -v columns="${*:2}" '
		$1 != "'"$1"'" { next }
		!n { n = split(columns, name, " "); for (i = 2; i <= NF; i++) at[$i] = i; next }
		{ for (i = 1; i <= n; i++) printf "%s%s", $at[name[i]], i < n ? " " : "\n" }' "$out/explain.tsv"
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
	awk -f results.awk -v table=meta,clock,cells,ops,hist "$side/result" >"$side/tables"
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
	run report "$side"
	echo "$output"
	[ "$status" -eq 3 ]
	[[ "$output" == *"$3"* ]]
}

@test "one recorded kernel, against the known text" {
	report "$data/new" >"$BATS_TEST_TMPDIR/text"
	diff "$BATS_TEST_TMPDIR/text" "$data/one.txt"
	cmp "$BATS_TEST_TMPDIR/text" "$out/explain.txt"
}

@test "two recorded kernels, against the known text" {
	report "$data/base" "$data/new" >"$BATS_TEST_TMPDIR/text"
	diff "$BATS_TEST_TMPDIR/text" "$data/two.txt"
}

@test "the sums of two kernels are the difference of their results" {
	report "$data/base" "$data/new" >"$BATS_TEST_TMPDIR/text"
	grep -qx 'about	kind	two' "$out/explain.tsv"
	[ "$(rows ops op | wc -l)" -eq 4 ]
	rows figures figure base_sum new_sum | awk '$1 ~ /mode|mean/ { n++; same += $2 == $3 } END { exit n != 8 || same }'
	rows figures op figure base_sum new_sum >"$BATS_TEST_TMPDIR/figures"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/figures")" -eq 12 ]
	rows changes op figure base_sum new_sum | awk '
		{ base[$1 " " $2] += $3; new[$1 " " $2] += $4 }
		END { for (k in base) print k, base[k], new[k] }' | sort | diff - <(sort "$BATS_TEST_TMPDIR/figures")
	for kernel in base new; do
		awk -F '\t' '$1 == "ops" && $11 == "alloc" && $5 == 64 { print $16 }' "$data/$kernel/tables"
	done | paste -s -d ' ' >"$BATS_TEST_TMPDIR/p50"
	[ "$(cat "$BATS_TEST_TMPDIR/p50")" = "170 116" ]
	[ "$(grep -A 20 '^== kmalloc 64 pair: alloc' "$out/explain.txt" | grep -m 1 '^Total')" = "Total: base=170, new=116, chg -31.76%" ]
}

@test "two kernels in the layout of bloat-o-meter: what grew first, all adds up" {
	side base 6.1 <<-'END'
		cell kmalloc 64
		alloc 10 measure=10 measure;alloc=30 measure;alloc;gone=7 measure;same=5 measure;less=9
		free 10 measure=10 measure;kfree=20
		touch 10 measure=10
	END
	side new 6.12 <<-'END'
		cell kmalloc 64
		alloc 20 measure=10 measure;alloc=42 measure;alloc;here=3 measure;same=5 measure;less=8
		free 20 measure=10 measure;kfree=16
		touch 20 measure=10
	END
	two
	[ "$(titles)" = "kmalloc 64 pair: alloc,kmalloc 64 pair: free,kmalloc 64 pair: touch" ]
	head -n 4 "$BATS_TEST_TMPDIR/text" | diff - <(printf '%s\n' "Instructions between the clock reads, by function" "base: 6.1" "new:  6.12" "")
	says <<-'END'
		== kmalloc 64 pair: alloc
		most frequent length
		add/remove: 1/1 grow/shrink: 1/1 up/down: 15/-8 (7)
		Function                                            base     new   delta
		alloc                                                 30      42     +12
		here                                                   -       3      +3
		less                                                   9       8      -1
		gone                                                   7       -      -7
		(2 functions unchanged)                                9       9       0
		Total: base=55, new=62, chg +12.73%

	END
	says <<-'END'
		add/remove: 0/0 grow/shrink: 0/1 up/down: 0/-4 (-4)
		Function                                            base     new   delta
		kfree                                                 20      16      -4
		(1 function unchanged)                                 4       4       0
		Total: base=24, new=20, chg -16.67%
	END
	says <<-'END'
		== kmalloc 64 pair: touch
		most frequent length
		none of 1 function changed
		Total: base=4, new=4, chg +0.00%
	END
	[ "$(awk 'length > 72' "$out/explain.txt")" = "" ]
	[ "$(rows changes op figure rank base_name new_name base new delta | grep '^1 mode [1-4] ' | tr '\n' ,)" = \
		"1 mode 1 alloc alloc 30 42 +12,1 mode 3 - here 0 3 +3,1 mode 4 less less 9 8 -1,1 mode 2 gone - 7 0 -7," ]
}

@test "regressions come first, and what did not change last" {
	side base <<-'END'
		cell kmalloc 8
		alloc 10 measure=10 measure;alloc=30
		cell kmalloc 16
		alloc 10 measure=10 measure;alloc=30
		cell kmalloc 32
		alloc 10 measure=10 measure;alloc=30
	END
	side new <<-'END'
		cell kmalloc 8
		alloc 10 measure=10 measure;alloc=30
		cell kmalloc 16
		alloc 10 measure=10 measure;alloc=20
		cell kmalloc 32
		alloc 10 measure=10 measure;alloc=40
	END
	two
	[ "$(titles)" = "kmalloc 32 pair: alloc,kmalloc 16 pair: alloc,kmalloc 8 pair: alloc" ]
	[ "$(rows figures figure delta | sed -n 's/^mode //p' | tr '\n' ' ')" = "+10 -10 0 " ]
}

@test "the rare paths are in the mean, and in nothing else" {
	side base <<-'END'
		cell kmalloc 64
		alloc 97 measure=10 measure;alloc=30
		alloc 3 measure=10 measure;alloc=30 measure;alloc;slow=100
	END
	side new <<-'END'
		cell kmalloc 64
		alloc 96 measure=10 measure;alloc=31
		alloc 4 measure=10 measure;alloc=31 measure;alloc;slow=100
	END
	two
	says <<-'END'
		most frequent length
		add/remove: 0/0 grow/shrink: 1/0 up/down: 1/-0 (1)
		Function                                            base     new   delta
		alloc                                                 30      31      +1
		(1 function unchanged)                                 4       4       0
		Total: base=34, new=35, chg +2.94%

		mean of all samples, rare paths included
		add/remove: 0/0 grow/shrink: 2/0 up/down: 2/-0 (2)
		Function                                            base     new   delta
		alloc                                                 30      31      +1
		slow                                                   3       4      +1
		(1 function unchanged)                                 4       4       0
		Total: base=37, new=39, chg +5.41%
	END
	# The shortest samples changed as the most frequent ones did.
	run grep -c 'shortest sample' "$BATS_TEST_TMPDIR/text"
	[ "$output" = 0 ]
	[ "$(rows figures figure same | tr '\n' ,)" = "mode yes,least yes,mean no," ]
}

@test "the shortest samples have a table of their own where something else changed in them" {
	side base <<-'END'
		cell kmalloc 64
		alloc 60 measure=10 measure;alloc=30 measure;alloc;list=8
		alloc 40 measure=10 measure;alloc=20
	END
	side new <<-'END'
		cell kmalloc 64
		alloc 60 measure=10 measure;alloc=30 measure;alloc;list=9
		alloc 40 measure=10 measure;alloc=18
	END
	two
	says <<-'END'
		list                                                   8       9      +1
		(2 functions unchanged)                               34      34       0
		Total: base=42, new=43, chg +2.38%

		shortest sample
		add/remove: 0/0 grow/shrink: 0/1 up/down: 0/-2 (-2)
		Function                                            base     new   delta
		alloc                                                 20      18      -2
		(1 function unchanged)                                 4       4       0
		Total: base=24, new=22, chg -8.33%

		mean of all samples, rare paths included
		add/remove: 0/0 grow/shrink: 1/1 up/down: 0.60/-0.80 (-0.20)
	END
}

@test "a mean that is not whole has two decimals, and is exact to the last sample" {
	side base <<-'END'
		cell kmalloc 64
		alloc 2 measure=10 measure;alloc=30
		alloc 1 measure=10 measure;alloc=30 measure;alloc;slow=100
	END
	side new <<-'END'
		cell kmalloc 64
		alloc 4 measure=10 measure;alloc=30
		alloc 3 measure=10 measure;alloc=30 measure;alloc;slow=100
	END
	two
	says <<-'END'
		most frequent length
		none of 2 functions changed
		Total: base=34, new=34, chg +0.00%

		mean of all samples, rare paths included
		add/remove: 0/0 grow/shrink: 1/0 up/down: 9.52/-0 (9.52)
		Function                                            base     new   delta
		slow                                               33.33   42.86   +9.52
		(2 functions unchanged)                               34      34       0
		Total: base=67.33, new=76.86, chg +14.14%
	END
	[ "$(rows shades function share)" = "slow 1.000000" ]
}

# many N OF: N functions, each 10, those from OF on one more.
many() {
	awk -v n="$1" -v of="$2" 'BEGIN {
		printf "cell kmalloc 64\nalloc 10 measure=10"
		for (i = 1; i <= n; i++)
			printf " measure;f%02d=%d", i, 10 + (of && i >= of ? i : 0)
		print ""
	}'
}

@test "of many changes the largest are listed, the rest is a line; --full lists all" {
	many 40 0 | side base
	many 40 11 | side new
	two
	[ "$(grep -c '^f[0-9]' "$BATS_TEST_TMPDIR/text")" -eq 24 ]
	says <<-'END'
		add/remove: 0/0 grow/shrink: 30/0 up/down: 765/-0 (765)
		Function                                            base     new   delta
		f40                                                   10      50     +40
		f39                                                   10      49     +39
	END
	# 11 to 16 grew by 81; ten more and the first did not.
	says <<-'END'
		f17                                                   10      27     +17
		(17 functions with smaller changes or none)          164     245     +81
		Total: base=404, new=1169, chg +189.36%
	END
	two --full
	[ "$(grep -c '^f[0-9]' "$BATS_TEST_TMPDIR/text")" -eq 30 ]
	says <<-'END'
		f11                                                   10      21     +11
		(11 functions unchanged)                             104     104       0
	END
}

@test "a name or a number that is too wide moves nothing else" {
	long=measure\;a_function_whose_name_takes_more_than_its_column_has
	printf 'cell kmalloc 64\nalloc 3 measure=10 %s=1000000\nalloc 1 measure=10 %s=1000000 measure;slow=5\n' "$long" "$long" | side base
	printf 'cell kmalloc 64\nalloc 3 measure=10 %s=2000000\nalloc 1 measure=10 %s=2000000 measure;slow=6\n' "$long" "$long" | side new
	two
	says <<-'END'
		Function                                          base      new    delta
		a_function_whose_name_takes_more_than_its_column_has
		                                               1000000  2000000 +1000000
		(1 function unchanged)                               4        4        0
	END
}

@test "the usual path apart from the rare ones" {
	made_up
	run report "$side"
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

@test "what was interrupted is one route, rare paths are told by where they leave the usual one" {
	side one <<-'END'
		cell kmalloc 64
		alloc 90 measure=10 measure;alloc=30
		alloc 5 measure=10 measure;alloc=30 measure;alloc;slow=50 measure;alloc;slow;page=200 measure;hook=2
		alloc 1 measure=10 measure;alloc=30 measure;alloc;tick!=70
		alloc 2 measure=10 measure;alloc=30 measure;alloc;fault!=90 measure;alloc;fault!;slow=10
		alloc 2 measure=10 measure;alloc=30 measure;alloc;fault!=90
	END
	report "$BATS_TEST_TMPDIR/one" >"$BATS_TEST_TMPDIR/text"
	cat "$BATS_TEST_TMPDIR/text"
	says <<-'END'
		5.0 % of samples (5): 286 instructions, 5 functions,
		  through slow, hook
		       insns    calls    share  function
		         200        1   69.9 %  page
		          50        1   17.5 %  slow
		          30        1   10.5 %  alloc
		           4        -    1.4 %  measure
		           2        1    0.7 %  hook
		         286                    sum

		5.0 % of samples (5): 104 to 134 instructions, 5 functions,
		  interrupted or another task between
		       insns    calls    share  function
		          72     0.80   58.1 %  fault
		          30        1   24.2 %  alloc
		          14     0.20   11.3 %  tick
		           4        -    3.2 %  measure
		           4     0.40    3.2 %  slow
		         124                    sum
	END
	[ "$(rows routes n interrupted through | tr '\n' ,)" = "90 no -,5 no slow hook,5 yes fault tick," ]
}

@test "folded stacks and flame graph hold every instruction" {
	made_up
	report "$side" >/dev/null
	awk '{ n += $2 } END { exit n != 174294 }' "$out"/folded/*.folded
	grep -qx 'kmalloc_pair;__kmalloc;___slab_alloc;allocate_slab 27000' "$out"/folded/*.folded
	python3 -c 'import sys, xml.dom.minidom as x; x.parse(sys.argv[1])' "$out"/flame/*.svg
	[ "$(grep -c '<rect x' "$out"/flame/*.svg)" -eq 5 ]
}

# boxes: of the only flame graph: name, x, y, width, colour.
boxes() {
	sed -n 's,.*<title>\([^:]*\):.*<rect x="\([0-9.]*\)" y="\([0-9]*\)" width="\([0-9.]*\)" height="17" fill="\([^"]*\)"/>.*,\1 \2 \3 \4 \5,p' \
		"$out"/flame/*.svg
}

@test "a flame graph: place, width, tooltip and colour of each function" {
	# 100 instructions are 1,180 wide.
	printf 'cell kmalloc 64\nalloc 10 measure=26 measure;a=60 measure;a;b=20\n' | side base
	printf 'cell kmalloc 64\nalloc 5 measure=26 measure;a=66 measure;a;b=14\n' | side new
	report "$BATS_TEST_TMPDIR/base" >/dev/null
	boxes | cut -d ' ' -f 1-4 | diff - <(printf '%s\n' "measure 10.0 88 1179.6" "a 10.0 70 943.6" "b 10.0 52 235.6")
	grep -q '>a: 80.00 instructions a sample, 60.00 of its own<' "$out"/flame/*.svg
	grep -q '>kmalloc 64 pair: alloc, base<' "$out"/flame/*.svg
	report "$BATS_TEST_TMPDIR/base" "$BATS_TEST_TMPDIR/new" >/dev/null
	boxes | diff - <(printf '%s\n' "measure 10.0 88 1179.6 hsl(0,0%,86%)" "a 10.0 70 943.6 hsl(8,75%,56%)" "b 10.0 52 164.8 hsl(215,75%,56%)")
	grep -q '>kmalloc 64 pair: alloc, new<' "$out"/flame/*.svg
}

@test "above 4,096 the figure of compare.sh is tied to the exact one" {
	printf 'cell kmalloc 64\nalloc 1 measure=10 measure;alloc=8996\n' | side base
	printf 'cell kmalloc 64\nalloc 1 measure=10 measure;alloc=9096\n' | side new
	sed -i 's/	9000	9000	1$/	8960	9023	1/' "$BATS_TEST_TMPDIR/base/tables"
	sed -i 's/	9100	9100	1$/	9088	9151	1/' "$BATS_TEST_TMPDIR/new/tables"
	two
	says <<-'END'
		alloc                                               8996    9096    +100
		(1 function unchanged)                                 4       4       0
		Total: base=9000, new=9100, chg +1.11%
		to the upper bounds of the buckets                   +23     +51     +28
		as compare.sh takes them                            9023    9151    +128
	END
}

@test "where the most frequent length shares a path with others, that is said" {
	printf 'cell kmalloc 64\nalloc 5 measure=10\nragged free 8 30 40 measure\n' | side base
	cp -r "$BATS_TEST_TMPDIR/base" "$BATS_TEST_TMPDIR/new"
	two
	[ "$(titles)" = "kmalloc 64 pair: alloc" ]
	grep -qx 'not explained: kmalloc 64 pair: free: too many lengths to tell the most' "$BATS_TEST_TMPDIR/text"
	report "$BATS_TEST_TMPDIR/base" | grep -qx '100 % of samples (8): 24 to 34 instructions, 1 function'
}

@test "down to source lines, with debug information" {
	made_up
	mkdir "$side/mm"
	printf 'int f(int x)\n{\n\treturn x * 3;\n}\n' >"$side/mm/slub.c"
	gcc -g -O1 -fno-pic -mcmodel=kernel -c -o "$side/mm.o" "$side/mm/slub.c"
	ld -e f -Ttext=0xffffffff81000000 -o "$side/vmlinux" "$side/mm.o"
	sed -i 's/^count node=1 insns=114696 .*/&\ninsn addr=ffffffff81000000 n=114696\ninsn addr=ffffffffc0000000 n=9720/' "$side/dump"
	run report --vmlinux "$side/vmlinux" "$side"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" == *"      114.70  mm/slub.c:3 (f)"* ]]
	# 10 a sample, but for the 6 of the clock read.
	[[ "$output" == *"        3.89  outside vmlinux (the module)"* ]]
	cp -r "$side" "$side.new"
	sed -i 's/insns=114696/insns=115668/;s/n=114696/n=115668/;s/sum=124416 min=128 max=128/sum=125388 min=129 max=129/' "$side.new/dump"
	sed -i 's/	174294	122	122	122	/	175266	123	123	123	/;s/	122	122	/	123	123	/' "$side.new/tables"
	run report "$side" "$side.new" --base-vmlinux "$side/vmlinux" --vmlinux "$side/vmlinux"
	echo "$output"
	[ "$status" -eq 0 ]
	echo "$output" >"$BATS_TEST_TMPDIR/text"
	says <<-'END'
		most frequent length, by source
		add/remove: 0/0 grow/shrink: 1/0 up/down: 1/-0 (1)
		Source                                              base     new   delta
		mm/slub.c (f)                                        118     119      +1
		    119 at line 3
		(1 function unchanged)                                 4       4       0
		Total: base=122, new=123, chg +0.82%

	END
}

@test "--cells reports what it names, and nothing else" {
	printf 'verdict\talloc\tsize\top\nFAIL\tkmalloc\t64\tfree\n' >"$BATS_TEST_TMPDIR/cells"
	report "$data/base" "$data/new" --cells "$BATS_TEST_TMPDIR/cells" >"$BATS_TEST_TMPDIR/text"
	[ "$(titles)" = "kmalloc 64 pair: free" ]
	for size in 16384 16K; do
		printf 'size\tcontext\n%s\t-\n' "$size" >"$BATS_TEST_TMPDIR/cells"
		report "$data/base" "$data/new" --cells "$BATS_TEST_TMPDIR/cells" >"$BATS_TEST_TMPDIR/text"
		[ "$(titles)" = "kmalloc 16K pair: alloc,kmalloc 16K pair: free" ]
	done
	printf 'size\tcontext\n16K\tsoftirq\n' >"$BATS_TEST_TMPDIR/cells"
	report "$data/base" "$data/new" --cells "$BATS_TEST_TMPDIR/cells" >"$BATS_TEST_TMPDIR/text"
	[ "$(titles)" = "" ]
	[ -z "$(rows ops op)" ]
}

# verdict CELL OP VERDICT...: a verdict table of such rows; reports new against base with it.
by_verdict() {
	echo "kallocbench-verdict 1" >"$BATS_TEST_TMPDIR/verdict"
	while [ $# -gt 0 ]; do
		printf 'row\t%s\t%s\tmode\t116\t170\t54\t46.5\t0\t-\t-\t-\t%s\t-\t-\n' "$1" "$2" "$3" >>"$BATS_TEST_TMPDIR/verdict"
		shift 3
	done
	report "$data/new" "$data/base" --verdict "$BATS_TEST_TMPDIR/verdict" >"$BATS_TEST_TMPDIR/text"
	cat "$BATS_TEST_TMPDIR/text"
}

@test "--verdict reports the changes and what the gate saw" {
	by_verdict "kmalloc 64 pair" alloc REGRESSION "kmalloc 64 pair" free EQUIVALENT
	[ "$(grep '^==' "$BATS_TEST_TMPDIR/text")" = "== kmalloc 64 pair: alloc" ]
	says <<-'END'
		== kmalloc 64 pair: alloc
		REGRESSION of the mode, median over all boots: 116 -> 170, +54; below,
		    one boot
		most frequent length
	END
	grep -qx 'Total: base=116, new=170, chg +46.55%' "$BATS_TEST_TMPDIR/text"
}

@test "--verdict: what is better, too, behind what is worse" {
	by_verdict "kmalloc 64 pair cpus=0-1" alloc IMPROVEMENT "kmalloc 64 pair" free REGRESSION
	[ "$(titles)" = "kmalloc 64 pair: free,kmalloc 64 pair: alloc" ]
}

@test "--verdict: what the same functions moved is named, not repeated" {
	side base <<-'END'
		cell kmalloc 64
		free 10 measure=10 measure;kfree=70
		alloc 10 measure=10 measure;alloc=70
		cell kmalloc 4096
		free 10 measure=10 measure;kfree=70
		cell kmalloc 64 round=1
		free 10 measure=10 measure;kfree=70
		cell kmalloc 8192
		free 10 measure=10 measure;kfree=70
		cell kmalloc 64 pattern=churn
		free 10 measure=10 measure;kfree=70
		cell kmalloc 8
		free 10 measure=10 measure;kfree=70
		cell kvmalloc 8
		free 10 measure=10 measure;kfree=70
	END
	side new <<-'END'
		cell kmalloc 64
		free 10 measure=10 measure;kfree=82
		alloc 10 measure=10 measure;alloc=82
		cell kmalloc 4096
		free 7 measure=10 measure;kfree=82
		cell kmalloc 64 round=1
		free 10 measure=10 measure;kfree=82
		cell kmalloc 8192
		free 10 measure=10 measure;kfree=70
		cell kmalloc 64 pattern=churn
		free 10 measure=10 measure;kfree=82
		cell kmalloc 8
		free 10 measure=10 measure;kfree=83
		cell kvmalloc 8
		free 10 measure=10 measure;kfree=82
	END
	{
		echo "kallocbench-verdict 1"
		for cell in "kmalloc 64 pair" "kmalloc 4K pair" "kmalloc 8K pair" "kmalloc 64 churn" "kmalloc 8 pair" "kvmalloc 8 pair"; do
			for op in alloc free; do
				printf 'row\t%s\t%s\tmode\t74\t86\t12\t16.2\t0\t-\t-\t-\tIMPROVEMENT\t-\t-\n' "$cell" "$op"
			done
		done
		# What it speaks for makes a regression of the first one, too.
		printf 'row\tkmalloc 4K pair\tfree\tmin\t74\t86\t12\t16.2\t0\t-\t-\t-\tREGRESSION\t-\t-\n'
	} >"$BATS_TEST_TMPDIR/verdict"
	two --verdict "$BATS_TEST_TMPDIR/verdict"
	[ "$(titles)" = "kmalloc 64 pair: free,kmalloc 64 pair: alloc,kmalloc 8K pair: free,kmalloc 64 churn: free,kmalloc 8 pair: free,kvmalloc 8 pair: free" ]
	says <<-'END'
		kfree                                                 70      82     +12
		(1 function unchanged)                                 4       4       0
		Total: base=74, new=86, chg +16.22%

		the same functions by as much: kmalloc 4K pair: free

	END
	# Each has its picture and its row in the tables.
	[ "$(rows ops op title like | awk '$NF != "-"' | tr '\n' ,)" = "2 kmalloc 4K pair: free 1,3 kmalloc 64 pair round=1: free 1," ]
	[ "$(find "$out/flame" -name '*.svg' | wc -l)" -eq 8 ]
}

@test "the same function under another name is one row" {
	side base <<-'END'
		cell kmalloc 64
		alloc 10 measure=10 measure;__kmalloc=1 measure;insert_vmap_area.constprop.0=2 measure;kmalloc_trace=3 measure;__vunmap=4 measure;kfree=5 measure;memset_erms=6 measure;part=7 measure;part.part.0=8
	END
	side new <<-'END'
		cell kmalloc 64
		alloc 10 measure=10 measure;__kmalloc_noprof=2 measure;insert_vmap_area=4 measure;__kmalloc_cache_noprof=6 measure;vfree.part.0.cold=8 measure;kvfree=5 measure;memset_orig=6 measure;part.isra.1.part.2=30
	END
	two
	says <<-'END'
		add/remove: 2/2 grow/shrink: 5/0 up/down: 36/-11 (25)
		Function                                            base     new   delta
		part.part.0 -> part.isra.1.part.2                     15      30     +15
		memset_orig                                            -       6      +6
		kvfree                                                 -       5      +5
		__vunmap -> vfree.part.0.cold                          4       8      +4
		kmalloc_trace -> __kmalloc_cache_noprof                3       6      +3
		insert_vmap_area.constprop.0 -> insert_vmap_area       2       4      +2
		__kmalloc -> __kmalloc_noprof                          1       2      +1
		kfree                                                  5       -      -5
		memset_erms                                            6       -      -6
		(1 function unchanged)                                 4       4       0
	END
}

@test "a cell with failed allocations is left out, and said so" {
	made_up
	sed -i 's/	ok	0	/	ok	3	/' "$side/tables"
	sed -i 's/n=972 sum=124416/n=975 sum=124800/;s/insns=9720/insns=9750/;s/insns=114696/insns=115050/;s/samples=1000 torn/samples=1003 torn/' "$side/dump"
	run report "$side"
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
	refused 's/	122	122	972$/	122	122	971/' tables 'kmalloc 64 pair: alloc: 1000 samples, 999 in the histogram'
	refused 's/^count node=4/count node=9/' dump 'node 9 is not told'
	refused 's/^node id=4 function=11 parent=1/node id=4 function=11 parent=4/' dump 'cannot read this line'
}

@test "a file cut anywhere is refused" {
	made_up
	for file in dump tables; do
		cp "$side/$file" "$side/good"
		for part in 0 1 5 10 20 30 40 50 60 70 80 90 95 99; do
			head -c "$(($(wc -c <"$side/good") * part / 100))" "$side/good" >"$side/$file"
			run report "$side"
			echo "$file $part: $status $output"
			[[ "$status $output" == "3 explain.sh: "* ]]
		done
		cp "$side/good" "$side/$file"
	done
}

@test "what was refused leaves nothing, nor an earlier report" {
	made_up
	report "$side" >/dev/null
	[ -s "$out/explain.txt" ] && [ -s "$out/explain.tsv" ]
	sed -i 's/insns=114696/insns=114695/' "$side/dump"
	run report "$side"
	[ "$status" -eq 3 ]
	[ "$(cd "$out" && echo explain.*)" = "explain.*" ]
}

@test "all awks print the same" {
	made_up
	mkdir "$BATS_TEST_TMPDIR/bin"
	many 40 0 | side base
	many 40 11 | side new
	# Sums beyond 32 bits.
	printf 'cell kmalloc 64\nalloc 3000 measure=10 measure;a=1000001\nalloc 7 measure=10 measure;a=2000001\n' | side large
	printf 'cell kmalloc 64\nalloc 3001 measure=10 measure;a=3000001\nalloc 7 measure=10 measure;a=2000001\n' | side larger
	for sides in "$side" "$data/base $data/new" "$BATS_TEST_TMPDIR/base $BATS_TEST_TMPDIR/new" "$BATS_TEST_TMPDIR/large" \
		"$BATS_TEST_TMPDIR/large $BATS_TEST_TMPDIR/larger"; do
		rm -rf "$out" "$BATS_TEST_TMPDIR/expected"
		# shellcheck disable=SC2086 # two folders
		report $sides >/dev/null
		mv "$out" "$BATS_TEST_TMPDIR/expected"
		for awk in mawk gawk busybox original-awk; do
			ln -sf "$(command -v "$awk")" "$BATS_TEST_TMPDIR/bin/awk"
			# shellcheck disable=SC2086
			PATH=$BATS_TEST_TMPDIR/bin:$PATH report $sides >/dev/null
			diff -r "$out" "$BATS_TEST_TMPDIR/expected"
		done
	done
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

# vector_of NAME METRICS PART...: what the plugin counted beside instructions in the side's one op; a part is FUNCTION and
# the sums of lines, written, locked and tlb.
vector_of() {
	local file=$BATS_TEST_TMPDIR/$1/vector part
	{
		echo 'kallocbench-vector 1'
		echo "vector cell=0 op=alloc n=1000 insns=8:8:8:8000 $2"
		shift 2
		for part in "$@"; do
			# shellcheck disable=SC2086 # words
			printf 'part cell=0 op=alloc function=%s lines=%s written=%s locked=%s irq=0 tlb=%s serial=0 div=0 indirect=0\n' $part
		done
		echo 'end cells=1 samples=1000 torn=0'
	} >"$file"
}

@test "vectors: which function touches the lines and holds the atomics" {
	side side <<-'END'
		cell kmalloc 64
		alloc 1000 measure=8 measure;kmalloc=80 measure;kmalloc;_raw_spin_lock=20
	END
	vector_of side "loads=9:9:9:9000 lines=14:14:15:14500 written=5:5:5:5000 code=4:4:4:4000 locked=1:1:1:1000 irq=0:0:0:0 tlb=0:0:2:6 spins=1:1:1:1000" \
		"measure 1000 0 0 0" "kmalloc 13000 5000 0 0" "_raw_spin_lock 500 0 1000 6"
	report "$side" >"$BATS_TEST_TMPDIR/text"
	cat "$BATS_TEST_TMPDIR/text"
	says <<-'END'
		  touches, median: 9 loads, 14 lines, 5 written, 4 code, 1 locked, 6 tlb
		    (of all), 1 spins
		    lines  written   locked      tlb    spins  function
		       13        5        -        -        1  kmalloc
		        1        -        -        -        -  measure
		     0.50        -        1     0.01        -  _raw_spin_lock
	END
}

@test "vectors of two kernels: what changed, and in which function" {
	for name in base new; do
		side $name <<-'END'
			cell kmalloc 64
			alloc 1000 measure=8 measure;kmalloc=100
		END
	done
	vector_of base "lines=14:14:15:14000 code=4:4:4:4000 locked=1:1:1:1000 tlb=0:0:0:0" "measure 1000 0 0 0" "kmalloc_noprof 13000 0 1000 0"
	vector_of new "lines=15:15:15:15000 code=9:9:9:9000 locked=1:1:1:1000 tlb=0:0:1:3" "measure 1000 0 0 0" "kmalloc 13000 0 1000 0" "slow 1000 0 0 3"
	two
	says <<-'END'
		Touches, median of a sample                         base     new   delta
		lines                                                 14      15      +1
		  slow                                                 0       1      +1
		tlb, of all samples                                    0       3      +3
	END
	[ "$(grep -c -e '^code' -e '^locked' "$BATS_TEST_TMPDIR/text")" -eq 0 ]
}
