#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# report.sh: every number comes from the result, what went wrong stands in the
# place where it matters, and nothing is drawn through a missing point.

bats_require_minimum_version 1.5.0

setup() {
	command -v gnuplot >/dev/null || skip "gnuplot is not installed"
	cd "$BATS_TEST_DIRNAME/.." || return 1
	dir="$BATS_TEST_TMPDIR/a folder"
	mkdir -p "$dir"
	result=$dir/result.txt
}

# report ARGUMENT...: into $dir/r.html, .md and .txt
report() {
	run ./report.sh -o "$dir/r.html" "$@"
	echo "$output"
}

# everywhere TEXT: in all three, whatever the folding.
everywhere() {
	local file
	for file in "$dir"/r.html "$dir"/r.md "$dir"/r.txt; do
		tr '\n' ' ' <"$file" | sed 's/  */ /g' | grep -qF -- "$1" || {
			echo "not in $file: $1"
			return 1
		}
	done
}

@test "HTML, Markdown and text say the same answer; text keeps to 72 columns" {
	tests/sample --allocs kmalloc,kzalloc,kvmalloc,vmalloc --touch >"$result"
	report "$result"
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "$dir/r.html" ]
	# Cheapest, then what to avoid and by how much, then what to do: in the same words on the terminal and in all files.
	lead="kmalloc is the cheapest at every size measured, 8 B to 4 MiB. Avoid vmalloc: it costs "
	[[ "$(tr '\n' ' ' <<<"$output")" == *"$lead"*" Use kmalloc; kvmalloc where that may fail for want of contiguous memory."* ]]
	everywhere "$lead"
	everywhere "Use kmalloc; kvmalloc where"
	everywhere "Instruction lane: one tick is one instruction"
	everywhere "cache and TLB misses"
	# how to read a picture is nothing for those who have none
	grep -q 'Hollow:' "$dir/r.html"
	run grep -e 'Hollow:' -e 'A step is' "$dir/r.md" "$dir/r.txt"
	[ "$status" -eq 1 ]
	# what is too long for a mail is named, once
	[ "$(grep -c 'Only in the HTML and Markdown reports' "$dir/r.txt")" = 1 ]
	run awk 'length($0) > 72' "$dir/r.txt"
	[ -z "$output" ]
	run python3 - "$dir/r.html" <<-'PYTHON'
		import re, sys
		import xml.etree.ElementTree as tree
		page = open(sys.argv[1], encoding="utf-8").read()
		pictures = re.findall(r"<svg.*?</svg>", page, re.S)
		for picture in pictures:
		    root = tree.fromstring(picture)
		    assert root.get("aria-label"), "a picture without a text"
		print(len(pictures) > 10)
	PYTHON
	[ "$output" = True ]
}

@test "changing one number of the result changes the text" {
	tests/sample --noise 0 --sizes 4096 >"$result"
	report "$result"
	everywhere "(4,197 against 192 instructions)"
	sed -i 's/120-120:1000/130-130:1000/; s/n=1000 sum=120000 min=120 p50=120 p90=120 p99=120 p999=- max=120/n=1000 sum=130000 min=130 p50=130 p90=130 p99=130 p999=- max=130/; s/wall=[0-9]*/wall=99999999/' "$result"
	report "$result"
	everywhere "(4,197 against 202 instructions)"
	run grep "192" "$dir/r.txt"
	[ "$status" -eq 1 ]
	grep -q '<td>130</td>' "$dir/r.html"
}

@test "aborted, skipped, failed, short and clock-limited cells are named in their place" {
	report tests/data/broken.txt
	[ "$status" -eq 0 ]
	everywhere "ended as aborted"
	everywhere "of 7 cells"
	everywhere "Clock-limited"
	everywhere "vmalloc sleeps: GFP_ATOMIC forbids it"
	everywhere "the budget of 1000 ms was up"
	everywhere "100 allocations returned NULL"
	everywhere "Time lane"
	# a reason is text, never markup
	grep -qF 'every allocation failed &lt;b&gt;&amp; &quot;so on&quot;' "$dir/r.html"
	grep -q '<title>kmalloc 64 B, allocate: median 40 ns, max 40, 100 samples, clock-limited<' "$dir/r.html"
	grep -q '| 190\* \|40\.0\*\|40\*' "$dir/r.md"
}

@test "no curve through a missing point" {
	report tests/data/broken.txt
	# kmalloc was measured at 64, 256 and 512; 128 failed: a line of two points, not of three
	run python3 - "$dir/r.html" <<-'PYTHON'
		import re, sys
		page = open(sys.argv[1], encoding="utf-8").read()
		figure = page[page.index('id="latency"'):]
		svg = figure[:figure.index("</svg>")]
		# a curve is a path of its colour; the legend's is a line of two points, level
		lines = re.findall(r'<path class="S1" [^>]* d=.(.*?).\s*/>', svg)
		curves = [[part.count("L") + 1 for part in line.split("M")[1:]] for line in lines[1:2]]
		points = len(re.findall(r"<title>kmalloc [^<]*, allocate:", svg))
		print(curves, points)
	PYTHON
	[ "$output" = "[[1, 2]] 3" ]
}

@test "percentiles without enough samples are not shown" {
	tests/sample --sizes 64 --samples 100 >"$result"
	report "$result"
	grep -q '<th scope="col">p99</th>' "$dir/r.html"
	run grep -o '<td class="w">kmalloc</td><td>64</td><td class="w">alloc</td>\(<td>[^<]*</td>\)*' "$dir/r.html"
	[[ "$output" == *'<td>-</td><td>-</td><td>'*'</td>' ]]
}

@test "two kernels: the verdict of compare.sh leads, a refusal is said" {
	tests/sample --noise 0 --sizes 64,4096 >"$result"
	tests/sample --noise 0 --sizes 64,4096 --kernel 6.1.0-made-up --model kmalloc=140,0,8192,900,0.02 >"$dir/base.txt"
	report "$result" --base "$dir/base.txt"
	[ "$status" -eq 0 ]
	[ -f "$dir/r.html" ]
	everywhere "6.1.0-made-up against 6.12.0-made-up"
	sentence=$(./compare.sh --format json "$dir/base.txt" "$result" | python3 -c 'import json, sys; print(json.load(sys.stdin)["sentence"])')
	[ -n "$sentence" ]
	everywhere "$sentence"
	everywhere "$(printf -- '-14.')"
	everywhere "needs 3 phases of one side"
	# the reason stands once
	[ "$(tr '\n' ' ' <"$dir/r.txt" | grep -o 'needs 3 phases' | wc -l)" = 2 ]
	# whose numbers, and no word broken in two
	everywhere "6.12.0-made-up: kmalloc is cheaper than vmalloc"
	everywhere "6.1.0-made-up: Avoid vmalloc: it costs 19 times as much as kmalloc"
	everywhere "Could not be judged: "
	tests/sample --noise 0 --sizes 64,4096 --kernel 6.1.0-made-up --lane time >"$dir/base.txt"
	report "$result" --base "$dir/base.txt"
	[ "$status" -eq 0 ]
	everywhere "Not compared with the base"
}

@test "results of two compilers: the option that their refusal names is one of this script" {
	for side in base new; do
		tests/sample --noise 0 --sizes 64 --allocs null,control,kmalloc --model control=40,0,0,0,0 |
			sed "2s/\$/ module_cc=$side module_sha256=$side kernel_sha256=$side/" >"$dir/$side.txt"
	done
	report "$dir/new.txt" --base "$dir/base.txt"
	[ "$status" -eq 0 ]
	everywhere "different compiler of the module: base in"
	everywhere "--across-compilers compares them all the same"
	report "$dir/new.txt" --base "$dir/base.txt" --across-compilers
	[ "$status" -eq 0 ]
	run ! grep -q 'Not compared' "$dir/r.txt"
	everywhere "different compiler of the module: base in base, new in new"
	report "$dir/new.txt" --across-compilers
	[ "$status" -eq 2 ]
	[[ "$output" == *"--across-compilers is about a comparison: --base is missing"* ]]
	sed -i 's/lane=insn/lane=time/; s/unit=insn/unit=tick/' "$dir/base.txt" "$dir/new.txt"
	report "$dir/new.txt" --base "$dir/base.txt" --across-compilers
	[ "$status" -eq 2 ]
	[[ "$output" == *"--across-compilers is for the instruction lane"* ]]
}

@test "kernels are not mixed without --base; lanes make chapters" {
	tests/sample --sizes 64 >"$result"
	tests/sample --sizes 64 --kernel 6.1.0-made-up >"$dir/2.txt"
	report "$result" "$dir/2.txt"
	[ "$status" -eq 2 ]
	[[ "$output" == *"give those of one of them with --base"* ]]
	tests/sample --sizes 64 --lane time >"$dir/2.txt"
	report "$result" "$dir/2.txt"
	[ "$status" -eq 0 ]
	everywhere "What one call costs, time lane"
	everywhere "Instruction lane: one tick"
	everywhere "Time lane: real time"
}

@test "configurations of one kernel make a waterfall" {
	tests/sample --noise 0 --sizes 64,4096 >"$result"
	tests/sample --noise 0 --sizes 64,4096 --model kmalloc=150,0.2,0,0,0 |
		sed 's/init_on_alloc=0/init_on_alloc=1/' >"$dir/2.txt"
	report "$result" "$dir/2.txt"
	[ "$status" -eq 0 ]
	everywhere "What each switch adds per call"
	everywhere "init_on_alloc=1"
	# 150 + 0.2 * 64 = 163 and 60 % of it to free: 98; less 120 + 72
	everywhere "+69"
	everywhere "With init_on_alloc=1: kmalloc costs"
	everywhere "vmalloc costs the same (within 2.5 %)"
}

@test "folklore: facts and costs make verdicts, unknown keys do no harm" {
	report tests/data/folklore.txt
	[ "$status" -eq 0 ]
	run awk '/^What people say/ { on = 1 } on' "$dir/r.txt"
	echo "$output"
	everywhere "kmalloc is limited to 128 KB"
	grep -q '<td class="w">kmalloc is limited to 128 KB</td><td class="w verdict">false</td><td class="w">4 MiB worked and no more</td>' "$dir/r.html"
	grep -q '<td class="w">kmalloc memory is physically contiguous</td><td class="w verdict">true</td>' "$dir/r.html"
	grep -q '<td class="w">vmalloc memory is not physically contiguous</td><td class="w verdict">true</td>' "$dir/r.html"
	grep -q '<td class="w">vmalloc has no limit</td><td class="w">it depends</td><td class="w">at least 512 MiB' "$dir/r.html"
	grep -q '<td class="w">kzalloc memory is zeroed</td><td class="w verdict">true</td>' "$dir/r.html"
	grep -q '128 usable bytes where 100 were asked for' "$dir/r.html"
	grep -q 'What you really get' "$dir/r.html"
	# memory that was asked for zeroed proves nothing of the allocator
	sed 's/^fact alloc=vmalloc size=64 .*/&\n&/' tests/data/folklore.txt |
		awk '/^fact alloc=vmalloc size=64 / && !n++ { sub("flags=GFP_KERNEL ", "flags=GFP_KERNEL|__GFP_ZERO "); sub("zeroed=0", "zeroed=1") } 1' >"$result"
	report "$result"
	grep -q '<td class="w">vmalloc memory is zeroed</td><td class="w verdict">false</td>' "$dir/r.html"
}

@test "causes of the slowest samples, unexplained ones said so" {
	tests/sample --sizes 64 >"$result"
	sed -i '/^hist cell=0 op=alloc/a tail cell=0 op=alloc above=p999 chunks=5 of=79 interrupt=4 switch=0 slab=2 all_interrupt=5 all_switch=1 all_slab=30 blamed=interrupt unexplained=1 unseen=0' "$result"
	report "$result"
	[ "$status" -eq 0 ]
	everywhere "Why were the slowest calls so slow?"
	grep -q '<td>5</td><td>79</td><td>80 % (of all 6 %)</td><td>1</td>' "$dir/r.html"
	everywhere "more than chance: interrupt. 1 have none"
	run ! grep -q '<th[^>]*>slab</th>' "$dir/r.html"
	# a row of a table that was cut in two says in both whose it is
	sed 's/blamed=interrupt/blamed=interrupt,switch,slab/' "$result" >"$dir/other.txt"
	report "$dir/other.txt"
	[ "$(grep -c '^kmalloc  *64  alloc  pair ' "$dir/r.txt")" -ge 2 ]
	# blamed in one round of two: by chance
	sed 's/ blamed=interrupt / blamed=- /' "$result" >"$dir/other.txt"
	report "$result" "$dir/other.txt"
	everywhere "more than chance: none."
	sed -i 's/ unseen=0/ unseen=4321/' "$result"
	report "$result"
	everywhere "4,321 more chunks were too many to remember"
	# results from before all chunks were counted cannot blame anything
	sed -i 's/ of=79.* unexplained/ interrupt=4 unexplained/' "$result"
	report "$result"
	run ! grep -q "Why were the slowest" "$dir/r.html"
}

@test "memory that rep stos clears is marked where it is drawn and where it is written" {
	tests/sample --noise 0 --sizes 4096,16384 --allocs kmalloc,kzalloc,vmalloc >"$result"
	report "$result"
	[ "$status" -eq 0 ]
	everywhere "kzalloc: cleared by rep stos, which this lane counts by the byte"
	grep -q '>kzalloc \[by the byte\]<' "$dir/r.html"
	[[ "$output" == *"kzalloc: cleared by rep stos"* ]]
	# nothing is counted in time
	tests/sample --noise 0 --sizes 4096,16384 --lane time --allocs kmalloc,kzalloc,vmalloc >"$result"
	report "$result"
	run ! grep -e 'by the byte' "$dir/r.html" "$dir/r.txt"
}

@test "a warning leads the answer, wherever it is read" {
	tests/sample --noise 0 >"$result"
	sed -i '1a warning text=slab\\040debugging\\040takes\\040the\\040fast\\040paths\\040away' "$result"
	report "$result"
	[ "$status" -eq 0 ]
	everywhere "Warning: slab debugging takes the fast paths away. kmalloc is cheaper than vmalloc"
	[[ "$(tr '\n' ' ' <<<"$output")" == *"Warning: slab debugging takes the fast paths away. kmalloc is cheaper"* ]]
	# of a base, too
	tests/sample --noise 0 --kernel 6.1.0 >"$dir/2.txt"
	report "$dir/2.txt" --base "$result"
	everywhere "Warning: slab debugging takes the fast paths away"
}

@test "a charge of nobody and one of a group: both are there, each under its name" {
	local account='GFP_KERNEL|__GFP_ACCOUNT'
	tests/sample --noise 0 --sizes 64 --flags "GFP_KERNEL,$account" --model kmalloc=117,0,0,0,0 |
		sed 's/^cell .*__GFP_ACCOUNT .*/& charged=0/' >"$result"
	tests/sample --noise 0 --sizes 64 --flags "$account" --model kmalloc=340,0,0,0,0 |
		sed 's/^cell .*__GFP_ACCOUNT .*/& charged=1/' >"$dir/2.txt"
	report "$result"
	everywhere "__GFP_ACCOUNT, nobody charged"
	run grep -e 'charged to a memcg' "$dir/r.txt"
	[ "$status" -eq 1 ]
	report "$result" "$dir/2.txt"
	[ "$status" -eq 0 ]
	everywhere "__GFP_ACCOUNT, nobody charged"
	everywhere "__GFP_ACCOUNT, charged to a memcg"
	everywhere "With __GFP_ACCOUNT, charged to a memcg: kmalloc costs"
	grep -q '__GFP_ACCOUNT, nobody charged *187 *~' "$dir/r.txt"
	grep -q '__GFP_ACCOUNT, charged to a memcg *544 *+357' "$dir/r.txt"
}

@test "scaling and live objects appear when results differ in CPUs and depth" {
	for n in 1 2 4; do
		tests/sample --noise 0 --sizes 64 --patterns churn |
			sed "s/depth=64/depth=$((n * 100))/" >"$dir/d$n.txt"
		tests/sample --noise 0 --sizes 64 |
			sed "s/cpus=0/cpus=0-$((n - 1))/; s/ samples=1000/ samples=$((1000 / n))/" >"$dir/c$n.txt"
	done
	report "$dir"/d?.txt "$dir"/c?.txt
	[ "$status" -eq 0 ]
	everywhere "Many CPUs at once"
	everywhere "live objects"
	grep -q 'id="live"' "$dir/r.html"
	grep -q 'id="cpus"' "$dir/r.html"
	everywhere "4 CPUs against 1: kmalloc costs the same (within 2.5 %)"
	# what has a picture of its own is no other way to call
	for n in 1 2 4; do
		tests/sample --noise 0 --sizes 64 --patterns churn,batch |
			sed "s/depth=64/depth=$((n * 100))/" >"$dir/d$n.txt"
	done
	report "$dir"/d?.txt
	everywhere "Live objects: GFP_KERNEL, process, pattern churn"
	everywhere "Live objects: GFP_KERNEL, process, pattern batch"
	run grep "^|.*depth=" "$dir/r.md"
	[ "$status" -eq 1 ]
}

@test ".hgrm: what the plotter reads, and the counts of the histogram" {
	tests/sample --sizes 64 --allocs vmalloc --noise 0.3 >"$result"
	report "$result" --hgrm "$dir/h" --hgrm-match vmalloc-64-alloc
	[ "$(ls "$dir/h")" = vmalloc-64-alloc.hgrm ]
	# the plotter takes lines of four numbers, value first and 1/(1-percentile) last
	run awk '$1 ~ /^[0-9]/ && NF == 4 {
			n++
			if ($1 < last || $4 + 0 < x) bad++
			last = $1; x = $4
			if ($2 < 1 && ($4 - 1 / (1 - $2)) / $4 > 0.01) bad++
		}
		/Total count/ { sub(/\]/, ""); total = $NF }
		END { print (n > 20), bad + 0, total }' "$dir/h/vmalloc-64-alloc.hgrm"
	[ "$output" = "1 0 1000" ]
	# the median is that of the result
	p50=$(sed -n 's/^op .*op=alloc.* p50=\([0-9]*\) .*/\1/p' "$result")
	awk -v p50="$p50" '$2 == "0.500000000000" { found = ($1 == p50) } END { exit !found }' "$dir/h/vmalloc-64-alloc.hgrm"
}

@test ".hgrm of several configurations: a folder each" {
	tests/sample --sizes 64 --allocs kmalloc >"$result"
	sed 's/init_on_alloc=0/init_on_alloc=1/' "$result" >"$dir/2.txt"
	report "$result" "$dir/2.txt" --hgrm "$dir/h"
	[ "$status" -eq 0 ]
	[ -s "$dir/h/set-1/kmalloc-64-alloc.hgrm" ] && [ -s "$dir/h/set-2/kmalloc-64-alloc.hgrm" ]
}

@test "what compare.sh would refuse is not merged either" {
	tests/sample --sizes 64 >"$result"
	for word in entry=PVH cpu=max cpu_model=other smp=4 module_cc=other kernel_sha256=0 module_sha256=0; do
		sed "2i meta $word" "$result" >"$dir/2.txt"
		run ./compare.sh "$result" "$dir/2.txt"
		[[ "$word" == *_sha256=* ]] || [[ "$output" == *"not comparable"*"$dir/2.txt"* ]]
		# who does not say it may be of another kind
		run ./plot.sh --format svg -o "$dir" "$result" "$dir/2.txt"
		[ "$status" -eq 2 ]
		[[ "$output" == *"${word%=*} is "*" in $result, ${word#*=} in $dir/2.txt"* ]]
		sed "2i meta ${word%=*}=first" "$result" >"$dir/1.txt"
		run ./plot.sh --format svg -o "$dir" "$dir/1.txt" "$dir/2.txt"
		[ "$status" -eq 2 ]
		[[ "$output" == *"${word%=*} is first"* ]]
		# the report makes a chapter of it
		report "$result" "$dir/2.txt"
		[ "$status" -eq 0 ]
		grep -q 'id="c1-' "$dir/r.html"
	done
	# before there was a choice it was not said
	sed "2i meta entry=bzImage" "$result" >"$dir/2.txt"
	run ./plot.sh --format svg -o "$dir" "$result" "$dir/2.txt"
	[ "$status" -eq 0 ]
	report "$result" "$dir/2.txt"
	run grep -q 'id="c1-' "$dir/r.html"
	[ "$status" -eq 1 ]
}

@test "folklore: what nobody tried is not called false" {
	tests/sample --sizes 64 --allocs kmalloc,vmalloc >"$result"
	sed -i '/^param/a fact alloc=kmalloc size=64 flags=GFP_KERNEL largest=>=65536' "$result"
	report "$result"
	[ "$status" -eq 0 ]
	everywhere "Not measured in these results"
	run grep -c 'kmalloc is limited to 128 KB</td>' "$dir/r.html"
	[ "$output" = 0 ]
}

@test "functions and flame graphs of explain.tsv" {
	tests/sample --sizes 64 --noise 0 >"$result"
	mkdir -p "$dir/flame"
	echo '<svg xmlns="http://www.w3.org/2000/svg"/>' >"$dir/flame/a.svg"
	printf '%s\n' 'about	key	value' 'about	kind	one' 'about	kernel	6.12' \
		'ops	op	label	title	slug	name	n' 'ops	1	kmalloc 64	-	a	alloc	1000' \
		'routes	op	route	n	sum	min	max	interrupted	through' 'routes	1	0	990	118800	120	120	0	-' \
		'routes	1	1	10	1200	120	120	0	___slab_alloc' 'functions	op	route	function	insns	calls' \
		'functions	1	0	__kmalloc_noprof	118800	990' >"$dir/explain.tsv"
	report "$result" --explain "$dir/explain.tsv"
	[ "$status" -eq 0 ]
	everywhere "__kmalloc_noprof"
	everywhere "1.0 % of the samples: 120 instructions, through ___slab_alloc"
	grep -q '<td class="w">__kmalloc_noprof</td><td>120</td><td>1</td><td>100.0 %</td>' "$dir/r.html"
	printf '%s\n' 'about	key	value' 'about	kind	two' 'about	base	6.1' 'about	new	6.12' \
		'ops	op	label	title	slug	name	n' 'ops	1	kmalloc 64	-	a	alloc	1000' \
		'figures	op	figure	base_n	base_sum	new_n	new_sum	base	new	delta	same' 'figures	1	mode	10	1000	10	1200	100	120	+20	-' \
		'changes	op	figure	rank	base_name	new_name	base_sum	new_sum	base	new	delta	note' \
		'changes	1	mode	1	__kmalloc	__kmalloc_noprof	1000	1200	100	120	+20	-' >"$dir/two.tsv"
	cp "$result" "$dir/2.txt"
	report "$dir/2.txt" --explain "$dir/two.tsv"
	grep -q '<td class="w">__kmalloc_noprof</td><td>100</td><td>120</td><td>+20</td>' "$dir/r.html"
	grep -q '<td class="w">all functions</td><td>100</td><td>120</td><td>+20</td>' "$dir/r.html"
	report "$result" --explain "$dir/explain.tsv"
	grep -q 'src="data:image/svg+xml;base64,PHN2Zy' "$dir/r.html"
}

# cpu_time COMMAND...: user and system time, in seconds; fails where the command does. Its output is in $dir/said.
cpu_time() {
	local TIMEFORMAT='%U %S'
	{ time "$@" >"$dir/said" 2>"$dir/complaint"; } 2>"$dir/time" || return
	awk '{ print $1 + $2 }' "$dir/time"
}

@test "the full suite: quick enough, small enough" {
	allocs=kmalloc,vmalloc,kvmalloc,kzalloc$(printf ',a%d' $(seq 26))
	sizes=$(printf '%s,' 8 16 32 64 96 128 192 256 512 1024 2048 4096 8192 16384 32768 65536 131072 262144 524288 \
		1048576 1572864 2097152 3145728)4194304
	tests/sample --allocs "$allocs" --sizes "$sizes" --patterns pair,churn,batch,cold --noise 0.2 --lane time >"$result"
	[ "$(grep -c '^cell' "$result")" -eq 2880 ]
	# Not by the clock: speaking of them and drawing them is little more work than reading them once.
	once=$(cpu_time awk -f results.awk -v table=meta,param,clock,fact,cells,ops,hists,tail,end "$result")
	took=$(cpu_time ./report.sh "$result" -o "$dir/r.html")
	echo "CPU time: $took s, of reading the result: $once s; $(wc -c <"$dir/r.html") bytes"
	awk -v took="$took" -v once="$once" 'BEGIN { exit !(took < 3 * once) }'
	[ "$(wc -c <"$dir/r.html")" -lt 5000000 ]
}

@test "a good report says nothing but its path and its answer" {
	tests/sample --sizes 64 >"$result"
	./report.sh "$result" -o "$dir/r.html" 2>"$dir/complaint"
	diff /dev/null "$dir/complaint"
}

@test "damaged results and wrong use" {
	tests/sample --sizes 64 >"$result"
	head -n 5 "$result" >"$dir/cut.txt"
	report "$dir/cut.txt"
	[ "$status" -eq 2 ]
	[[ "$output" == *"cut.txt:5: truncated"* ]]
	[ ! -e "$dir/r.html" ]
	run ./report.sh
	[ "$status" -eq 2 ]
	run ./report.sh --nonsense "$result"
	[ "$status" -eq 2 ]
	run ./report.sh "$result" --explain "$dir/none.tsv"
	[ "$status" -eq 2 ]
	[[ "$output" == *"cannot read $dir/none.tsv"* ]]
	run ./report.sh --base "$result"
	[ "$status" -eq 2 ]
	mkdir -p "$dir/empty"
	report "$result" --base "$dir/empty"
	[ "$status" -eq 2 ]
	[[ "$output" == *"no result in $dir/empty"* ]]
	echo nonsense >"$dir/v.tsv"
	report "$result" --verdict "$dir/v.tsv"
	[ "$status" -eq 2 ]
	[[ "$output" == *"--base is missing"* ]]
	report "$result" --verdict "$dir/v.tsv" --base "$result"
	[ "$status" -eq 2 ]
	[[ "$output" == *"report.sh: $dir/v.tsv is not a whole verdict table"* ]]
	report "$result" --hgrm-match vmalloc
	[ "$status" -eq 2 ]
	[[ "$output" == *"--hgrm, which is missing"* ]]
	report "$result" --hgrm "$dir/hgrm" --hgrm-match zzz
	[ "$status" -eq 2 ]
	[[ "$output" == *"--hgrm-match zzz: no histogram has that"* ]]
	[ ! -e "$dir/hgrm" ]
	run ./report.sh "$result" --base
	[ "$status" -eq 2 ]
	[[ "$output" == *"--base needs a value"* ]]
	run ./report.sh "$result" -o "$dir/r.md"
	[ "$status" -eq 2 ]
	mkdir -p "$dir/full.html"
	run ./report.sh "$result" -o "$dir/full.html"
	[ "$status" -eq 3 ]
	[ ! -e "$dir/full.html.part" ]
	run ./report.sh -h
	[ "$status" -eq 0 ]
	[[ "$output" == usage:* ]]
}

@test "the report never takes the place of what it is made from" {
	tests/sample --sizes 64 >"$dir/copy"
	for name in result report; do
		cp -- "$dir/copy" "$dir/$name.txt"
		run ./report.sh -o "$dir/$name.html" "$dir/$name.txt"
		[ "$status" -eq 2 ]
		[[ "$output" == *"$dir/$name.txt"*"-o"* ]]
		cmp "$dir/$name.txt" "$dir/copy"
		[ ! -e "$dir/$name.html" ]
	done
	# by default, by another way to it, of the base, and what else is read
	ln -s "$dir" "$BATS_TEST_TMPDIR/link"
	run ./report.sh "$dir/report.txt"
	[ "$status" -eq 2 ]
	run ./report.sh -o "$BATS_TEST_TMPDIR/link/report.html" "$dir/report.txt"
	[ "$status" -eq 2 ]
	cp -- "$dir/copy" "$dir/other.txt"
	run ./report.sh -o "$dir/report.html" "$dir/other.txt" --base "$dir/report.txt"
	[ "$status" -eq 2 ]
	cmp "$dir/report.txt" "$dir/copy"
	echo '{}' >"$dir/explain.html"
	run ./report.sh -o "$dir/explain.html" "$dir/other.txt" --explain "$dir/explain.html"
	[ "$status" -eq 2 ]
	[ "$(cat "$dir/explain.html")" = '{}' ]
}

@test "a result that nobody collected has the lane of its unit" {
	tests/sample --sizes 64 | sed 's/ lane=[a-z]*//' >"$result"
	report "$result"
	[ "$status" -eq 0 ]
	[[ "$output" == *"instruction lane"* ]]
	everywhere "Instruction lane: one tick is one instruction"
}

@test "an empty result: nothing was measured, and it says so" {
	printf 'kallocbench 1\nmeta kernel=6.12 lane=insn\nclock name=tsc khz=1000000 overhead=4 unit=insn\nend cells=0 state=idle\n' >"$result"
	report "$result"
	[ "$status" -eq 0 ]
	everywhere "Nothing was measured."
}

@test "a folder as vm.sh leaves it, several boots merged" {
	mkdir -p "$dir/run/boot-1" "$dir/run/boot-2"
	tests/sample --lane time --sizes 64 --seed 1 >"$dir/run/boot-1/result-01.txt"
	tests/sample --lane time --sizes 64 --seed 2 >"$dir/run/boot-2/result-01.txt"
	run ./report.sh "$dir/run"
	[ "$status" -eq 0 ]
	[ -s "$dir/run/report.html" ]
	grep -q '2,000' "$dir/run/report.html"
	grep -q 'medians differ between boots by' "$dir/run/report.txt"
}

@test "a folder holds the same results for the report and for compare.sh" {
	for boot in phase-1/boot-1 phase-1/boot-2 phase-2/boot-1 phase-3/boot-1; do
		mkdir -p "$dir/run/new/$boot"
		tests/sample --sizes 64 --seed "${boot:6:1}" >"$dir/run/new/$boot/result-01.txt"
		echo good >"$dir/run/new/$boot/verdict"
	done
	# at any depth; an equal boot is no further sample, one that failed is none
	echo "splat in dmesg" >"$dir/run/new/phase-3/boot-1/verdict"
	report "$dir/run"
	[ "$status" -eq 0 ]
	[[ "$output" == *"phase-3/boot-1 was not good: splat in dmesg"* ]]
	everywhere "phase-3/boot-1 was not good: splat in dmesg"
	[[ "$output" != *"no phase was booted twice"* ]]
	grep -qE '^\| result files +\| 2 +\|$' "$dir/r.md"
	# equal boots that differ
	tests/sample --sizes 64 --seed 7 >"$dir/run/new/phase-1/boot-2/result-01.txt"
	report "$dir/run"
	[ "$status" -eq 0 ]
	everywhere "nondeterministic"
	for boot in phase-1/boot-1 phase-1/boot-2 phase-2/boot-1; do
		echo "no end" >"$dir/run/new/$boot/verdict"
	done
	report "$dir/run"
	[ "$status" -eq 2 ]
	[[ "$output" == *"no result of a good boot in $dir/run"* ]]
}

@test "any .txt of a folder without result*.txt, but not the report of the last time" {
	mkdir "$dir/run"
	tests/sample --sizes 64 >"$dir/run/a.txt"
	run ./report.sh "$dir/run"
	[ "$status" -eq 0 ]
	[ -s "$dir/run/report.txt" ]
	run ./report.sh "$dir/run"
	[ "$status" -eq 0 ]
	run ./compare.sh "$dir/run" "$dir/run/a.txt"
	[[ "$output" != *"not a kallocbench result"* ]]
}

@test "the mail has every figure that got worse, worst first, and no reason twice" {
	reference=../results/reference
	report "$reference/6.12" --base "$reference/6.1"
	[ "$status" -eq 0 ]
	./compare.sh --save "$dir/v" "$reference/6.1" "$reference/6.12" >/dev/null || [ "$?" -eq 1 ]
	awk '/^Worse in new/ { on = 1; next } on && /^$/ { exit } on && / [+-][0-9.]+ % / { match($0, /[+-][0-9.]+ %/); print substr($0, RSTART) + 0 }' \
		"$dir/r.txt" >"$dir/changes"
	sort -rn "$dir/changes" | cmp - "$dir/changes"
	# minima with the verdict of their median are not repeated
	[ "$(wc -l <"$dir/changes")" = "$(awk -F '\t' '$1 == "row" && $13 == "REGRESSION" && $4 == "mode"' "$dir/v/verdict.tsv" | wc -l)" ]
	awk '/Could not be judged/ { n++ } END { exit n > 1 }' "$dir/r.txt"
	# one count, whoever says it: the answer, the table below it, and the verdict of compare.sh
	count=$(./compare.sh --verdict "$dir/v/verdict.tsv" | sed -n 's/^REGRESSION: \([0-9]* figures\) worse$/\1/p')
	[ -n "$count" ]
	everywhere "FAIL: $count of "
	everywhere "Worse in new: $count, in instructions"
	# what got worse comes before what got better, then the mean, then what could not be judged, then the rest
	sed -n 's/^\(The answer\|Worse in new\|Better in new\|Geometric mean\|What 6[^ ]* costs\)\>.*/\1/p' "$dir/r.txt" | tr '\n' , >"$dir/order"
	grep -qx 'The answer,Worse in new,Better in new,Geometric mean,What 6[^,]* costs,' "$dir/order"
	everywhere "The largest rise: "
	# a path that is told and not judged has one line
	grep -qx 'moved (-19)  kmalloc 4K pair *free *618 *5,000 *77' "$dir/r.txt"
	[ "$(grep -c '^\(moved ([-+][0-9]*)\|new\|vanished\)  *k*v*malloc ' "$dir/r.txt")" = 10 ]
	everywhere "5 more such paths are in the verdict table"
	awk 'length($0) > 72 { exit 1 }' "$dir/r.txt"
	# and first is what changed most, whatever the pattern
	tests/sample --noise 0 --sizes 64 --patterns pair,churn --kernel 6.1.0-made-up --model kmalloc=100,0,0,0,0 --model vmalloc=100,0,0,0,0 >"$dir/base.txt"
	tests/sample --noise 0 --sizes 64 --patterns pair,churn --model kmalloc=150,0,0,0,0 --model vmalloc=200,0,0,0,0 >"$result"
	./report.sh "$result" --base "$dir/base.txt" -o "$dir/two.html"
	sed -n '/^Worse in new/,/^$/s/.* +\([0-9.]*\) %.*/\1/p' "$dir/two.txt" | tr '\n' ' ' >"$dir/changes"
	grep -qx '100 100 100 100 50.0 50.0 50.0 50.0 ' "$dir/changes"
	run ! grep -q 'not in the plan' "$dir/two.txt"
	# what is so of both kernels is said once
	[ "$(grep -c 'cheaper than\|cost the same' "$dir/two.txt")" = 2 ]
	# a number that was counted is not called a speed
	everywhere "kmalloc is faster than vmalloc"
	awk '/^Not measured/ { on = 1 } on' "$dir/r.txt" | tr '\n' ' ' | grep -q 'kmalloc is faster than vmalloc'
	run ! grep -q '<td class="w">kmalloc is faster' "$dir/r.html"
}

@test "every awk writes the same report" {
	tests/sample --noise 0.2 --sizes 64,4096 >"$result"
	tests/sample --noise 0.2 --sizes 64,4096 --kernel 6.1.0-made-up >"$dir/base.txt"
	report "$result" --base "$dir/base.txt"
	mkdir "$dir/bin"
	for awk in mawk original-awk; do
		ln -sf "$(command -v "$awk")" "$dir/bin/awk"
		PATH="$dir/bin:$PATH" ./report.sh -o "$dir/$awk.html" "$result" --base "$dir/base.txt"
		for end in html md txt; do
			cmp "$dir/r.$end" "$dir/$awk.$end"
		done
	done
}

@test "results are read once for a report" {
	mkdir "$dir/bin"
	printf '#!/bin/sh\necho "$@" >>"%s/read"\nexec %s "$@"\n' "$dir" "$(command -v awk)" >"$dir/bin/awk"
	chmod +x "$dir/bin/awk"
	for n in 1 2 3; do
		mkdir -p "$dir/run/boot-$n"
		tests/sample --sizes 64 >"$dir/run/boot-$n/result-01.txt"
		tests/sample --sizes 64 --kernel 6.1.0-made-up >"$dir/b$n.txt"
	done
	PATH="$dir/bin:$PATH" report "$dir/run" --base "$dir/b1.txt" "$dir/b2.txt" "$dir/b3.txt"
	[ "$status" -eq 0 ]
	[ "$(grep -c 'results\.awk' "$dir/read")" = 1 ]
	# boot-2 and boot-3 are equals of boot-1
	[ "$(grep 'results\.awk' "$dir/read" | grep -o 'result-01.txt\|b[1-3].txt' | wc -l)" = 4 ]
}

@test "several folders of one side are phases, none the equal of another" {
	for n in 1 2 3; do
		mkdir -p "$dir/a$n" "$dir/b$n"
		tests/sample --noise 0 --sizes 64 | sed "s/^meta /&date=$n /" >"$dir/a$n/result-01.txt"
		tests/sample --noise 0 --sizes 64 --kernel 6.1.0-made-up --model kmalloc="14$n,0,0,0,0" >"$dir/b$n/result-01.txt"
	done
	report "$dir/a1" "$dir/a2" "$dir/a3" --base "$dir/b1" "$dir/b2" "$dir/b3"
	[ "$status" -eq 0 ]
	run grep -i 'nondeterministic' "$dir/r.txt"
	[ "$status" -eq 1 ]
	run grep -F 'needs 3 phases' "$dir/r.txt"
	[ "$status" -eq 1 ]
}

# counted SIDE LOCKED: a result of make.awk with vectors, two rounds of two ops.
counted() {
	local cell op
	printf 'kmalloc 64\nalloc 117:1000\nfree 78:1000\nkmalloc 64 round=1\nalloc 117:1000\nfree 78:1000\n' |
		awk -v meta="kernel=6.12-$1 arch=x86_64 cpu=max kernel_sha256=k$1 module_sha256=m$1 module_cc=gcc" -f tests/data/gate/make.awk >"$dir/$1.txt"
	for cell in 0 1; do
		for op in alloc free; do
			sed -i "/^end /i vector cell=$cell op=$op n=1000 lines=14:14:14:14000 written=5:5:5:5000 bytes=369:369:369:369000 locked=$2:$2:$2:${2}000 irq=0:0:0:0 tlb=0:0:1:2 spins=0:0:0:0" "$dir/$1.txt"
			[ "$op" = alloc ] || sed -i "/^vector cell=$cell op=free /s/ locked=[0-9:]*/ locked=0:0:0:0/" "$dir/$1.txt"
		done
	done
}

@test "what a call touches: a row for each op, of two kernels for each that differs" {
	counted base 0
	counted new 2
	report "$dir/new.txt"
	[ "$status" -eq 0 ]
	grep -q -x -F '| kmalloc 64 pair | alloc | 14 | 5 | 369 | 2 | 0 | 2 | 0 |' "$dir/r.md"
	grep -q -x -F '| kmalloc 64 pair | free | 14 | 5 | 369 | 0 | 0 | 2 | 0 |' "$dir/r.md"
	report "$dir/new.txt" --base "$dir/base.txt"
	[ "$status" -eq 0 ]
	grep -q -x -F '| kmalloc 64 pair | alloc | 14 | 5 | 369 | 0->2 | 0 | 2 | 0 |' "$dir/r.md"
	[ "$(grep -c '^| kmalloc 64 pair | free | 14' "$dir/r.md")" -eq 0 ]
	grep -q '1 more op without a difference' "$dir/r.md"
	everywhere "What a call touches"
	# Without vectors nothing is said of it.
	sed -i '/^vector /d' "$dir/new.txt"
	report "$dir/new.txt"
	[ "$(grep -c 'What a call touches' "$dir/r.md")" -eq 0 ]
}

# clocked SIDE TICKS COUNTER=VALUE...: a result of stretches of 100 calls at 2 GHz in two rounds, a tick more in the second;
# each counter as often in both. Too few stretches have no median: the last cell.
clocked() {
	local side=$1 ticks=$2 word
	shift 2
	printf 'kmalloc 64\npair calls=100 %s:50\nkmalloc 64 round=1\npair calls=100 %s:50\ndelay 64\npair calls=100 200000:50\nkmalloc 128\npair calls=100 %s:5\n' \
		"$ticks" "$((ticks + 1))" "$ticks" | awk -v meta="kernel=6.12-$side arch=x86_64" -v param="counters=instructions,dtlb-misses" -v timing=batch \
		-v lane='time' -v accel=none -v unit=tick -v khz=2000000 -v allocs=kmalloc,delay -f tests/data/gate/make.awk >"$dir/$side.txt"
	for word; do
		sed -i "/^end /i counter cell=0 op=pair name=${word%=*} n=50 sum=$((50 * ${word#*=})) min=${word#*=} p50=${word#*=} max=${word#*=} calls=100 overhead=5
			/^end /i counter cell=1 op=pair name=${word%=*} n=50 sum=$((50 * ${word#*=} + 100)) min=${word#*=} p50=$((${word#*=} + 2)) max=$((${word#*=} + 2)) calls=100 overhead=5
			/^end /i counter cell=2 op=pair name=${word%=*} n=50 sum=500000000 min=10000000 p50=10000000 max=10000000 calls=100 overhead=5
			/^end /i counter cell=3 op=pair name=${word%=*} n=5 sum=500 min=100 p50=- max=100 calls=100 overhead=5" "$dir/$side.txt"
	done
}

@test "what the CPU counted stands beside the time, a call, of two kernels where both have it" {
	clocked base 3000 instructions=11999 dtlb-misses=4
	clocked new 3600 instructions=12499 dtlb-misses=4 cache-misses=1239
	report "$dir/new.txt"
	[ "$status" -eq 0 ]
	# 3600 ticks of half a ns over 100 calls; the median of 12499 and 12501, of 4 and 6, of 1239 and 1241.
	grep -q -x -F '| cell | op | ns | instructions | dtlb-misses | cache-misses |' "$dir/r.md"
	grep -q -x -F '| kmalloc 64 pair timing=batch | pair | 18 | 125 | 0.05 | 12.4 |' "$dir/r.md"
	everywhere "What the CPU counted"
	# Neither references nor what has no median.
	[ "$(grep -c '^| .* timing=batch | pair |' "$dir/r.md")" -eq 1 ]
	report "$dir/new.txt" --base "$dir/base.txt"
	[ "$status" -eq 0 ]
	grep -q -x -F '| kmalloc 64 pair timing=batch | pair | 15->18 | 120->125 | 0.05 | - -> 12.4 |' "$dir/r.md"
	sed -i '/^counter /d' "$dir/new.txt"
	report "$dir/new.txt" --base "$dir/base.txt"
	[ "$status" -eq 0 ]
	[ "$(grep -c 'What the CPU counted' "$dir/r.md")" -eq 0 ]
}
