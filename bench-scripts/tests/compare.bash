# SPDX-License-Identifier: GPL-2.0
# Shared by the tests of the gate: made-up sides whose answer is known.

# result FILE META [OPTION...] <CELLS: a result file of make.awk.
result() {
	local file=$1 meta=$2
	shift 2
	mkdir -p "$(dirname "$file")"
	awk -v meta="$meta" "$@" -f "$BATS_TEST_DIRNAME/data/gate/make.awk" >"$file"
	echo good >"$(dirname "$file")/verdict"
}

# row CELL OP FIGURE FIELD: of the verdict table in v, '-' for any; fields as in the table, 13 is the verdict.
row() {
	awk -F '\t' -v c="$1" -v o="$2" -v f="$3" -v n="$4" '
		$1 == "row" && (c == "-" || $2 == c) && (o == "-" || $3 == o) && (f == "-" || $4 == f) { print $n }' v/verdict.tsv
}

# common SIDE: meta words that must agree, and an image per side.
common() {
	echo "kernel=6.12-$1 arch=x86_64 qemu=7.2.22 cpu=max smp=1 module_cc=gcc-12.2 kernel_cc=gcc-12.2 kernel_sha256=k$1 module_sha256=m$1"
}

# phase_dirs DIR: the boots of a side of the instruction lane.
phase_dirs() {
	echo "$1/phase-1/boot-1 $1/phase-1/boot-2 $1/phase-2/boot-1 $1/phase-3/boot-1"
}

# insn_side DIR NAME CELLS: the same figures in every phase.
insn_side() {
	local boot
	for boot in $(phase_dirs "$1"); do
		insn_boot "$boot" "$2" "$3"
	done
}

# phase DIR K NAME CELLS: other figures in phase K.
phase() {
	insn_boot "$1/phase-$2/boot-1" "$3" "$4"
}

# insn_boot DIR NAME CELLS
insn_boot() {
	result "$1/result-01.txt" "$(common "$2")" <<<"$3"
}

# time_side DIR NAME CENTRE...: one boot per centre, in ticks of 1 ns; 1,000 samples spread evenly around it.
time_side() {
	local dir=$1 name=$2 centre k=0
	shift 2
	for centre in "$@"; do
		k=$((k + 1))
		result "$dir/pair-$k/boot-1/result-01.txt" "$(common "$name")" -v lane=time -v accel=tcg -v unit=tick <<-END
			kmalloc 64
			alloc $((centre - 20)):250 $((centre - 10)):250 $((centre + 10)):250 $((centre + 20)):240 $((centre + 40)):10
		END
	done
}
