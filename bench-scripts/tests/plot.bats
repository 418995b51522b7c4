#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# plot.sh: every picture is there, carries what it must, and no line is drawn
# through a point that is missing.

bats_require_minimum_version 1.5.0

setup() {
	command -v gnuplot >/dev/null || skip "gnuplot is not installed"
	cd "$BATS_TEST_DIRNAME/.." || return 1
	result=$BATS_TEST_TMPDIR/result.txt
	out="$BATS_TEST_TMPDIR/a folder"
}

# series_without SIZES: the table of pictures of $result where kmalloc failed at these sizes, left in $result.gap.
series_without() {
	awk -v gap="alloc=kmalloc size=$1 " '/^cell/ { gone = $0 ~ gap }
		gone && /^cell/ { sub(/state=ok fail=0 wall=[0-9]*/, "state=failed fail=1000 reason=no\\040memory"); print; next }
		gone && !/^end/ { next } { print }' "$result" >"$result.gap"
	awk -f results.awk -v table=meta,clock,cells,ops,hists "$result.gap" |
		awk -f lib/kind.awk -f lib/points.awk -v table=about,points,hists | awk -f draw/units.awk -f draw/heads.awk -f draw/costs.awk |
		awk -f draw/units.awk -f draw/heads.awk -f draw/tables.awk -f draw/answer.awk -f draw/pictures.awk -f draw/plot.awk -v pictures="$BATS_TEST_TMPDIR/pictures"
}

@test "latency, ratio and distributions as SVG and PNG" {
	tests/sample --allocs null,kmalloc,kzalloc,kvmalloc,vmalloc >"$result"
	run ./plot.sh --out "$out" "$result"
	echo "$output"
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 20 ]
	for picture in "$out"/*.svg; do
		grep -q '^<svg' "$picture"
		grep -q 'Linux 6.12.0-made-up, instruction lane' "$picture"
		sed 's/<[^>]*>//g' "$picture" | tr -s '[:space:]' ' ' | grep -q 'blind to caches'
	done
	for picture in "$out"/*.png; do
		[ "$(head -c 4 "$picture" | tail -c 3)" = PNG ]
		[ "$(wc -c <"$picture")" -gt 10000 ]
	done
	! command -v xmllint >/dev/null || xmllint --noout "$out"/*.svg
}

@test "the crossover is marked where it is" {
	tests/sample --noise 0 --model kmalloc=100,0.1,0,0,0 --model vmalloc=2500,0.01,0,0,0 >"$result"
	./plot.sh --out "$out" --format svg "$result"
	# (2500 - 100) / (0.1 - 0.01) = 26,667 bytes, interpolated between 16K and 32K
	grep -q '2[4-7]\.[0-9] KiB' "$out/ratio.svg"
	grep -q 'vmalloc is cheaper from 32 KiB on' "$out/ratio.svg"
}

@test "a missing point is a gap" {
	tests/sample --noise 0 --sizes 64,128,256,512 >"$result"
	series_without 128
	run awk -F '\t' '$1 == "series" { n++ } n == 1 && $1 ~ /point|gap/ { print $1, $2, $3, $4, $5 }' "$BATS_TEST_TMPDIR/pictures"
	echo "$output"
	[ "$output" = 'point 64 120 120 120
gap    
point 256 120 120 120
point 512 120 120 120' ]
	./plot.sh --out "$out" "$result.gap"
}

@test "two missing points in a row are one gap: two blank lines would end the curve" {
	tests/sample --noise 0 --sizes 64,128,256,512,1024 >"$result"
	series_without '(256|512)'
	mkdir "$BATS_TEST_TMPDIR/drawn"
	awk -f draw/units.awk -f draw/gnuplot.awk -v dir="$BATS_TEST_TMPDIR/drawn" draw/palette.tsv "$BATS_TEST_TMPDIR/pictures"
	for file in latency ratio; do
		# Every block ends with a line of NaN.
		awk '!NF { blank++; next } blank > 1 && last !~ /^NaN/ { bad++ } { blank = 0; last = $0 } END { exit bad > 0 }' "$BATS_TEST_TMPDIR/drawn/$file.dat"
		grep -q . "$BATS_TEST_TMPDIR/drawn/$file.dat"
	done
}

@test "what is drawn where none of the usual allocators was measured" {
	tests/sample --allocs null,kmalloc,vmalloc --sizes 64,4096 | sed 's/kmalloc/percpu/g; s/vmalloc/mempool/g' >"$result"
	./plot.sh --out "$out" --format svg "$result"
	grep -q percpu "$out/latency.svg"
	grep -q mempool "$out/latency.svg"
}

@test "a result without enough samples, a damaged one, wrong use" {
	tests/sample --samples 5 >"$result"
	run ./plot.sh --out "$out" "$result"
	[ "$status" -eq 3 ]
	[[ "$output" == *"nothing to draw"* ]]
	head -n 20 "$result" >"$result.cut"
	run ./plot.sh --out "$out" "$result.cut"
	[ "$status" -eq 2 ]
	[[ "$output" == *"$result.cut:20: truncated"* ]]
	run ./plot.sh
	[ "$status" -eq 2 ]
	tests/sample --sizes 64,4096 >"$result"
	for words in '--allocs kmaloc' '--sizes 128'; do
		# shellcheck disable=SC2086 # words of options
		run ./plot.sh $words --out "$out" "$result"
		[ "$status" -eq 2 ]
		[[ "$output" == *"no result of ${words#* }"* ]]
	done
	run ./plot.sh --format gif "$result"
	[ "$status" -eq 2 ]
	run ./plot.sh -h
	[ "$status" -eq 0 ]
}

@test "file names with blanks, '=' and a leading '-'" {
	cd "$BATS_TEST_TMPDIR"
	for name in 'a b' 'a=b' '-x'; do
		"$BATS_TEST_DIRNAME/sample" --sizes 64,4096 >"./$name"
	done
	run "$BATS_TEST_DIRNAME/../plot.sh" --out "$out" --format svg -- 'a b' 'a=b' '-x'
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "a folder is its good boots, equal ones once; what is not there is said" {
	local dir="$BATS_TEST_TMPDIR/run"
	mkdir -p "$dir/boot-1" "$dir/boot-2" "$dir/boot-3"
	tests/sample --allocs kmalloc --sizes 64,128 >"$dir/boot-1/result-01.txt"
	# The equal of boot-1 is not drawn, or this kernel would be refused beside the other.
	tests/sample --allocs kmalloc --sizes 64,128 --kernel 6.1.0-other >"$dir/boot-2/result-01.txt"
	echo broken >"$dir/boot-3/result-01.txt"
	echo 'the guest hung' >"$dir/boot-3/verdict"
	run ./plot.sh --format svg "$dir"
	echo "$output"
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "$dir/latency.svg" ]
	# Without a good boot-1 it is nobody's equal.
	run ./plot.sh --format svg "$dir/boot-2"
	[ "$status" -eq 0 ]
	echo 'the guest hung' >"$dir/boot-1/verdict"
	run ./plot.sh --format svg "$dir"
	[ "$status" -eq 0 ]
	grep -q 6.1.0-other "$dir/latency.svg"
	rm -r "$dir/boot-1" "$dir/boot-2"
	run ./plot.sh "$dir"
	echo "$output"
	[ "$status" -eq 2 ]
	[ "$output" = "plot.sh: no result of a good boot in $dir" ]
	run ./plot.sh "$dir/boot-9"
	[ "$status" -eq 2 ]
	[ "$output" = "plot.sh: cannot read $dir/boot-9" ]
}

@test "--verdict draws base beside new: the sum of what a verdict has, and its words in colour" {
	tr '|' '\t' >"$result" <<-'EOF_VERDICT'
		kallocbench-verdict 1
		run|lane|insn
		run|unit|insn
		run|base|6.12.0-base
		run|new|7.3.0-new
		row|kmalloc 64 pair|alloc|mode|100|90|-10|-10.00|0|-|-|-|IMPROVEMENT|-|-
		row|kmalloc 64 pair|free|mode|60|110|50|83.33|0|-|-|-|REGRESSION|-|-
		row|kmalloc 64 pair|free|min|1|2|1|100.00|0|-|-|-|REGRESSION|-|-
		row|kmalloc 4K churn depth=9|alloc|mode|200|100|-100|-50.00|0|-|-|-|IMPROVEMENT|-|-
		row|vmalloc 4K churn depth=9|alloc|mode|300|330|30|10.00|50|-|-|-|EQUIVALENT|-|-
		row|kmalloc 8K churn depth=9|alloc|mode|500|500|0|0.00|0|-|-|-|EQUIVALENT|-|-
		row|null 64 pair|alloc|mode|3|4|1|33.33|0|-|-|-|REGRESSION|-|-
		end|7
	EOF_VERDICT
	./plot.sh --format svg --out "$out" --verdict "$result" >"$result.out"
	[ "$(cat "$result.out")" = "$out/change.svg" ]
	grep -o '>[^<>]*</t[^>]*' "$out/change.svg" | grep -e '→ [0-9]' -e ', new [0-9]' -e 'churn: one' >"$result.texts"
	diff "$result.texts" - <<-'EOF_TEXTS'
		>160 → 200  +25.0 %</text
		>kmalloc 64 pair: base 160, new 200 instructions, +25.0 %</title
		>200 → 100  -50.0 %</text
		>300 → 330  +10.0 %</text
		>churn: one of many replaced, depth=9</text
		>kmalloc 4K churn: base 200, new 100 instructions, -50.0 %</title
		>vmalloc 4K churn: base 300, new 330 instructions, +10.0 %</title
	EOF_TEXTS
	sed -n 's/.*<text>\(.*\)<.text>/\1/p' "$out/change.svg" | tr '\n' ' ' | grep -q 'Not drawn: 1 cell that changed less, or not at all'
	grep -c 'polygon.*class="Fworse"' "$out/change.svg"
	./plot.sh --format svg --out "$out" --allocs vmalloc --verdict "$result"
	run ! grep -q kmalloc "$out/change.svg"
}

@test "--verdict: what it cannot draw is said" {
	run ./plot.sh --verdict "$BATS_TEST_TMPDIR/none"
	[ "$status" -eq 2 ]
	printf 'kallocbench-verdict 1\nrow\tx\nend\t2\n' >"$result"
	run ./plot.sh --verdict "$result"
	[ "$status" -eq 2 ]
	[ "$output" = "plot.sh: $result is not a whole verdict table, as compare.sh --save leaves one" ]
	printf 'kallocbench-verdict 1\nrun\tlane\tinsn\nend\t0\n' >"$result"
	run ./plot.sh --out "$out" --verdict "$result"
	[ "$status" -eq 3 ]
	[[ "$output" == *"nothing to draw: the verdict has no cell whose cost changed"* ]]
	run ./plot.sh --verdict "$result" "$result"
	[ "$status" -eq 2 ]
	[[ "$output" == *"--verdict is drawn alone, without '$result'"* ]]
}

@test "a PNG has the sizes of letters that the SVG has: all of them grow with it" {
	# A font that an element names grows with the terminal's scale only where the terminal's own font is not the larger one.
	[ "$(grep -o 'set terminal .* font "[^"]*"' "$BATS_TEST_DIRNAME/../draw/panel.gp" | sed 's/.*,\([0-9]*\)"/\1/' | sort -u)" = 14 ]
	grep -q 'pngcairo .* fontscale 1\.5 ' "$BATS_TEST_DIRNAME/../draw/panel.gp"
}
