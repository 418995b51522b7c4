#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# How often does the gate cry wolf, and how often does it miss one? Hundreds of boots, so not part of `make check`.
set -eu

scripts=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"
# shellcheck source=bench-scripts/gate/boots.sh
. "$scripts/gate/boots.sh"
# shellcheck source=bench-scripts/setup/machine.sh
. "$scripts/setup/machine.sh"
# shellcheck source=bench-scripts/gate/conditions.sh
. "$scripts/gate/conditions.sh"

usage() {
	cat <<'USAGE'
usage: campaign.sh self [--count N] [--suite SUITE]
       campaign.sh phases --kernel KERNEL [--suite SUITE]
       campaign.sh vectors --kernel KERNEL [--suite SUITE]
       campaign.sh time|uml [--count N]
       campaign.sh spread

How often does the gate cry wolf, and how often does it miss one?

  self    N sides (15) of stock 6.12, instruction lane, each compared with every
          other: 105 comparisons of one kernel with itself, 15 of them of equal
          settings, the others across paddings, memory sizes and initramfs
          contents; a side is 6 boots of SUITE (quick)
  phases  ten boots of KERNEL that differ by padding, memory and initramfs; five
          of them are compared with the other five, in 32 of the 126 ways there
          are; SUITE by default kernels. An hour's worth of comparisons for ten
          boots, but those share boots
  vectors nine such boots that count locked instructions, lines and the like
          (vm.sh --vector), each compared with every other: 36 comparisons
  time    N campaigns (20) of 8 pairs in plain TCG, of the small kernel of
          kernels.sh: against itself (A/A), and with init_on_alloc=1 against
          =0; a campaign is 24 boots
  uml     N campaigns (20) of 12 pairs of User Mode Linux: against itself, and
          with one locked instruction more in every slab allocation; a campaign
          is 36 boots of the suite uml, two minutes
  spread  of the unchanged kernel's boots that uml has kept: how far the p50 of
          a cell, and its ratio to delay, are apart, by their quartiles

Continues where it was stopped; keeps its boots in .cache/campaign and prints a
table of what this and earlier calls found: --count 0 boots nothing.
Exit: 0 done, 2 wrong use, 3 a boot failed.
USAGE
}

base=6.12 new='' base_kdir='' new_kdir='' append='' base_append='' new_append='' lane=insn smp=1 settle='' suite=''
mem=1024 aa=1 seed=1 pairs=8 more_image='' accel='' reference='' out='' count='' given=''

# keep_module NAME KDIR: one module for all boots of a campaign, whoever edits meanwhile.
keep_module() {
	local built
	module=$root/$1.ko
	[ ! -f "$module" ] || return 0
	built=$("$scripts/setup/module.sh" "$2") || exit
	cp -- "$built" "$module"
}

# side K: its boots, with settings that no gate may take for a change of the kernel.
side() {
	local k="$1" n=0
	[ ! -f "$out/side-$k/done" ] || return 0
	rm -rf "$out/side-$k"
	mkdir -p "$out/side-$k"
	mem=1024 append=''
	if [ "$k" -gt 5 ]; then
		mem=$((768 + k * 5 % 9 * 160))
		append=" kab_pad=$(printf '%*s' "$((1 + k * 37 % 400))" '' | tr ' ' y)"
		n=$((k % 4 * 150000))
	fi
	head -c "$n" /dev/zero >"$out/side-$k.image"
	more_image=$out/side-$k.image
	boot_phases "side-$k"
	rm -f "$out/side-$k.image"
	[ ! -s "$out/failed" ] || cannot "a boot failed: $(head -n 1 "$out/failed")"
	printf 'mem=%s pad=%s image=%s\n' "$mem" "${#append}" "$n" >"$out/side-$k/done"
}

# self_row K L: one comparison as a line: settings, exit code, figures, how many of them moved and how many were called
# (better, too: with the sides the other way round it would be worse), those with tolerance 0, the widest tolerance.
self_row() {
	local code=0
	[ -f "$out/side-$1/done" ] && [ -f "$out/side-$2/done" ] || return 0
	"$scripts/compare.sh" --blind --save "$out/verdict-$1-$2" "$out/side-$1" "$out/side-$2" >/dev/null || code=$?
	awk -F '\t' -v k="$1-$2" -v code="$code" -v a="$(cat "$out/side-$1/done")" -v b="$(cat "$out/side-$2/done")" '
		$1 == "row" {
			n++; exact += $9 == 0; moved += $7 != 0; called += $13 ~ /REGRESSION|IMPROVEMENT/
			if ($5 > 0 && 100 * $9 / $5 > widest) { widest = 100 * $9 / $5; where = $2 " " $3 }
		}
		END { printf "%s\t%s\t%s\t%s\t%d\t%d\t%d\t%d\t%.2f\t%s\n", k, a, b, code, n, moved, called, exact, widest, where }
	' "$out/verdict-$1-$2/verdict.tsv"
}

self() {
	local k=0 l kdir
	kdir=$(said kdir "$("$scripts/setup/kernel.sh" get "$base")")
	keep_module self "$kdir"
	while [ "$k" -lt "$1" ]; do
		side "$k"
		note "side $k is there"
		k=$((k + 1))
	done
	printf 'comparison\tbase\tnew\texit\tfigures\tmoved\tcalled\ttolerance_0\twidest_tolerance_percent\tof\n'
	for k in $(seq 0 98); do
		for l in $(seq "$((k + 1))" 99); do
			self_row "$k" "$l"
		done
	done
}

# one_phase K [OPTION...]: a boot with settings of its own.
one_phase() {
	local k="$1" dir="$out/boots/phase-$1"
	shift
	[ ! -f "$dir/boot-1/verdict" ] || return 0
	head -c "$((k % 4 * 150000))" /dev/zero >"$out/image"
	boot boots "$dir" 1 --mem "$((768 + k * 5 % 9 * 96))M" --append "kab_pad=$(printf '%*s' "$((1 + k * 37 % 400))" '' | tr ' ' y)" \
		--add "$out/image:/kab/image" "$@"
	[ ! -s "$out/failed" ] || cannot "a boot failed: $(head -n 1 "$out/failed")"
}

# halves: each line five numbers of boots and the other five; the first boot is always on the left.
halves() {
	awk 'BEGIN {
		for (mask = 1; mask < 1024; mask += 2) {
			left = right = ""
			n = 0
			for (k = 0; k < 10; k++)
				if (int(mask / 2 ^ k) % 2) { left = left "," k + 1; n++ } else right = right "," k + 1
			if (n == 5 && ++ways % 4 == 1)
				print substr(left, 2), substr(right, 2)
		}
	}'
}

# half SIDE NUMBERS: these boots as a side.
half() {
	local k
	rm -rf "${out:?}/$1"
	mkdir "$out/$1"
	for k in $(printf '%s' "$2" | tr , ' '); do
		cp -Rl -- "$out/boots/phase-$k" "$out/$1/"
	done
}

# half_row LEFT RIGHT: one comparison as a line.
half_row() {
	local code=0
	half left "$1"
	half right "$2"
	"$scripts/compare.sh" --blind --save "$out/verdict" "$out/left" "$out/right" >/dev/null || code=$?
	awk -F '\t' -v k="$1" -v l="$2" -v code="$code" '
		$1 == "row" {
			n++; exact += $9 == 0; moved += $7 != 0
			if ($13 ~ /REGRESSION|IMPROVEMENT/) { called++; which = which (which == "" ? "" : ", ") $2 " " $3 " " $4 " " $7 }
		}
		END { printf "%s\t%s\t%s\t%d\t%d\t%d\t%d\t%s\n", k, l, code, n, moved, called, exact, which == "" ? "-" : which }
	' "$out/verdict/verdict.tsv"
}

phases_of() {
	local k=1 left right
	pin base
	while [ "$k" -le 10 ]; do
		one_phase "$k"
		note "boot $k is there"
		k=$((k + 1))
	done
	printf 'boots\tother_boots\texit\tfigures\tmoved\tcalled\ttolerance_0\twhich\n'
	halves >"$out/halves"
	while read -r left right; do
		half_row "$left" "$right"
	done <"$out/halves"
}

# vector_row K L: one comparison as a line; of the figures only those of the vectors, called or, with --lines, too far apart.
vector_row() {
	"$scripts/compare.sh" --blind --lines --save "$out/verdict" "$out/boots/phase-$1" "$out/boots/phase-$2" >/dev/null || :
	awk -F '\t' -v k="$1" -v l="$2" '
		$1 == "run" && $2 == "vector" { ops = $3 }
		$1 == "row" && $4 ~ /^(locked|irq|tlb|serial)$/ { called++; which = which (which == "" ? "" : ", ") $2 " " $3 " " $4 " " $7 }
		$1 == "row" && $4 ~ /^(lines|bytes)$/ { apart++; which = which (which == "" ? "" : ", ") $2 " " $3 " " $4 " " $7 }
		END { printf "%s\t%s\t%d\t%d\t%d\t%s\n", k, l, ops, called, apart, which == "" ? "-" : which }
	' "$out/verdict/verdict.tsv"
}

vectors_of() {
	local k l
	pin base
	vector_plan >"$out/plan"
	suite=$out/plan smp=1
	for k in 1 2 3 4 5 6 7 8 9; do
		one_phase "$k" --vector
		note "boot $k is there"
	done
	printf 'boot\tother_boot\tops\tcalled\tlines_or_bytes\twhich\n'
	for k in 1 2 3 4 5 6 7 8; do
		for l in $(seq "$((k + 1))" 9); do
			vector_row "$k" "$l"
		done
	done
}

# time_campaign K: blocks of three boots in drawn order: base, base again (aa), and what differs (new).
time_campaign() {
	[ ! -f "$root/$kind-$1/done" ] || return 0
	out=$root/$kind-$1 seed=$1
	rm -rf "$out"
	mkdir -p "$out"
	boot_pairs
	[ ! -s "$out/failed" ] || cannot "a boot failed: $(head -n 1 "$out/failed")"
	touch "$out/done"
}

# judged NAME SIDE K: exit code, worst |estimate| of the usual figure and of p99, and the rows called.
judged() {
	local code=0
	"$scripts/compare.sh" --save "$root/$kind-$3/verdict-$1" "$root/$kind-$3/base" "$root/$kind-$3/$2" >/dev/null || code=$?
	awk -F '\t' -v k="$3" -v name="$1" -v code="$code" -v usual="$figure" '
		$1 == "row" && $13 != "UNGATED" {
			e = $8 < 0 ? -$8 : $8
			if (e > worst[$4]) worst[$4] = e
			if ($13 ~ /REGRESSION|IMPROVEMENT/ || $15 ~ /^false alarm/) called = called (called == "" ? "" : ", ") $2 " " $3 " " $4
			n++
		}
		END { printf "%s\t%s\t%s\t%d\t%.2f\t%.2f\t%s\n", k, name, code, n, worst[usual], worst["p99"], called == "" ? "-" : called }
	' "$root/$kind-$3/verdict-$1/verdict.tsv"
}

# emulated_sides: one kernel with two settings.
emulated_sides() {
	local built
	built=$("$scripts/setup/kernels.sh" build min) || exit
	base=$(said image "$built") base_kdir=$(said kdir "$built")
	figure=p50 accel=tcg settle=1 new=$base new_kdir=$base_kdir base_append=init_on_alloc=0 new_append=init_on_alloc=1
	suite=$root/time.plan what=init_on_alloc
	printf '%s\n' 'allocs=kmalloc,vmalloc sizes=64,4K,64K samples=2000' >"$suite"
}

# uml_sides: one and the same but for a patch.
uml_sides() {
	local built
	built=$("$scripts/setup/kernels.sh" build uml) || exit
	base=$(said image "$built") base_kdir=$(said kdir "$built")
	built=$("$scripts/setup/kernels.sh" build uml --patch "$scripts/tests/data/gate/locked-slab.patch") || exit
	new=$(said image "$built") new_kdir=$(said kdir "$built")
	figure=p10 accel=uml pairs=12 suite=uml what=locked-slab
}

# time_lane SIDES COUNT
time_lane() {
	local k=1
	lane='time'
	"$1"
	shift
	keep_module "$kind" "$base_kdir"
	while [ "$k" -le "$1" ]; do
		time_campaign "$k"
		note "campaign $k is there"
		k=$((k + 1))
	done
	printf 'campaign\tarm\texit\tfigures\tworst_%s_percent\tworst_p99_percent\tcalled\n' "$figure"
	k=1
	while [ -f "$root/$kind-$k/done" ]; do
		judged A/A aa "$k"
		judged "$what" new "$k"
		k=$((k + 1))
	done
}

# spread: of all boots of base, and of base once more.
spread() {
	local file
	find "$root" -path '*/uml-*/base/*/result-*.txt' -o -path '*/uml-*/aa/*/result-*.txt' | sort >"$root/files"
	[ -s "$root/files" ] || cannot "no boot of User Mode Linux is kept in $root: campaign.sh uml makes some"
	set --
	while IFS= read -r file; do
		set -- "$@" "$file"
	done <"$root/files"
	awk -f "$scripts/results.awk" -v table=cells,ops "$@" >"$root/tables" || exit 3
	awk -f "$scripts/draw/units.awk" -f "$scripts/gate/stats.awk" -f "$scripts/lib/named.awk" -f "$scripts/tools/spread.awk" "$root/tables"
}

# folder NAME: of what is kept.
folder() {
	root=$cache/campaign
	out=$root/$1
	mkdir -p "$out"
	: >"$out/failed"
}

set_option() {
	given="$given $1"
	case $1 in
	--count) count=$2 ;;
	--suite) suite=$2 ;;
	--kernel) base=$2 new=$2 ;;
	esac
}

self_of() {
	suite=${suite:-quick}
	# A file is known by its name, quick by none: it was here first.
	folder "self$([ "$suite" = quick ] || printf -- '-%s' "$(basename -- "$suite")")"
	self "${count:-15}"
}

# run VERB
run() {
	[ $# = 1 ] || wrong "one of self, phases, vectors, time, uml and spread, not '$*'"
	case $1$given in
	self*--kernel* | phases*--count* | vectors*--count* | time*--kernel* | time*--suite* | uml*--kernel* | uml*--suite* | spread*--*) wrong "$1 takes no${given}" ;;
	self*) self_of ;;
	phases*--kernel*)
		suite=${suite:-kernels}
		smp=$(cpus_of_plan)
		folder "phases-$(printf '%s-%s' "$base" "$(basename -- "$suite")" | tr '/:' '--')"
		phases_of
		;;
	vectors*--kernel*)
		suite=${suite:-kernels}
		folder "vectors-$(printf '%s-%s' "$base" "$(basename -- "$suite")" | tr '/:' '--')"
		vectors_of
		;;
	phases* | vectors*) wrong "$1 needs --kernel" ;;
	time*)
		folder .
		kind='time'
		time_lane emulated_sides "${count:-20}"
		;;
	uml*)
		folder .
		kind=uml
		time_lane uml_sides "${count:-20}"
		;;
	spread*)
		folder .
		spread
		;;
	*) wrong "self, phases, vectors, time, uml or spread, not '$1'" ;;
	esac
}

main() {
	with_options run '--count=N --suite=SUITE --kernel=KERNEL self|phases|vectors|time|uml|spread' "$@"
}

main "$@"
