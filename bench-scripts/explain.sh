#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Say which functions the instructions of every op belong to, or where a difference between two kernels went.
set -eu

scripts=$(cd -- "$(dirname -- "$0")" && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"
# shellcheck source=bench-scripts/setup/machine.sh
. "$scripts/setup/machine.sh"
# shellcheck source=bench-scripts/guest/qemu.sh
. "$scripts/guest/qemu.sh"
# shellcheck source=bench-scripts/explain/plugin.sh
. "$scripts/explain/plugin.sh"

usage() {
	cat <<'USAGE'
usage: explain.sh [option...] [--kernel K] [--] PARAMETERS|SUITE...
       explain.sh [option...] --base K1 --new K2 [--] PARAMETERS|SUITE...

Boots the kernel in the instruction lane with a QEMU plugin that counts every
instruction between two clock reads. Prints per cell and op the functions on
the path, the usual path apart from the rare ones, and which of them touch
memory, hold the atomic instructions, mask interrupts or flush the TLB; with
two kernels the difference, function by function, as bloat-o-meter lays it
out. The sums are those of the result, exactly, or else nothing is printed.

PARAMETERS is a parameter line, SUITE a name in bench-scripts/suites or a
path, as for vm.sh. Give the line or suite that made a result to explain it:
the counts repeat only with the same plan.

  --kernel K       image, series (6.1, 6.12, 6.12:arm64) or release, default
                   6.12
  --kdir DIR       its build folder, where K is an image
  --base K, --new K
                   the two to compare; --base-kdir and --new-kdir for images
  --cells FILE     report only these: tab-separated, a header line with any of
                   alloc size flags context pattern op, "-" for any; other
                   columns are ignored. Everything runs, so that counts repeat
  --verdict FILE   report only what this verdict table of compare.sh or ci.sh
                   calls a regression or an improvement, in this order; other
                   sizes at which the same functions changed alike are named,
                   not repeated
  --vmlinux FILE   with debug information: down to source lines (--base-vmlinux
                   and --new-vmlinux with two kernels)
  --full           every function of every path
  --check          boot once more without the plugin, and refuse any difference
  --mem SIZE, --append WORDS, --settle SEC, --timeout SEC, --entry E,
  --module KO      as for vm.sh
  --base-append WORDS, --new-append WORDS
                   for one of them
  -o, --out DIR    default results/explain-RELEASE

Leaves in DIR explain.txt, the same as a table in explain.tsv (its columns are
in explain/join.awk and compare.awk), flame/*.svg, folded/*.folded, and a folder
per kernel with the boot.
Exit: 0 good, 2 wrong use or parameters refused, 3 could not be explained.
USAGE
}

qemu='' arch=''
kernel='' kdir='' base='' base_kdir='' new='' new_kdir='' vmlinux='' base_vmlinux='' new_vmlinux=''
cells='' verdict='' full='' check='' mem='' append='' base_append='' new_append='' settle='' timeout='' entry='' ko='' out='' tmp=''
image='' module='' release='' words='' child='' syms=''

cleanup() {
	[ -z "$child" ] || kill "$child" 2>/dev/null || :
	[ -z "$tmp" ] || rm -rf -- "$tmp"
}

options='--kernel=KERNEL --kdir=DIR --base=KERNEL --base-kdir=DIR --new=KERNEL --new-kdir=DIR --cells=FILE --verdict=FILE
	--module=FILE --vmlinux=FILE --base-vmlinux=FILE --new-vmlinux=FILE --mem=SIZE --append=WORDS --base-append=WORDS
	--new-append=WORDS --settle=N --timeout=N --entry=ENTRY -o|--out=DIR --full --check SUITE'

set_option() {
	case $1 in
	--kernel) kernel=$2 ;;
	--kdir) kdir=$2 ;;
	--base) base=$2 ;;
	--base-kdir) base_kdir=$2 ;;
	--new) new=$2 ;;
	--new-kdir) new_kdir=$2 ;;
	--cells) cells=$2 ;;
	--verdict) verdict=$2 ;;
	--module) ko=$2 ;;
	--vmlinux) vmlinux=$2 ;;
	--base-vmlinux) base_vmlinux=$2 ;;
	--new-vmlinux) new_vmlinux=$2 ;;
	--mem) mem=$2 ;;
	--append) append="$append $2" ;;
	--base-append) base_append="$base_append $2" ;;
	--new-append) new_append="$new_append $2" ;;
	--settle) settle=$2 ;;
	--timeout) timeout=$2 ;;
	--entry) entry=$2 ;;
	--out) out=$2 ;;
	--full) full=1 ;;
	--check) check=1 ;;
	esac
}

# check_number_of_kernels: an option for two would change nothing with one, nor the other way round.
check_number_of_kernels() {
	if [ -n "$base" ]; then
		[ -z "$vmlinux" ] || wrong "--vmlinux is for one kernel; for two, --base-vmlinux and --new-vmlinux"
		[ -z "$kernel" ] || wrong "--kernel is for one kernel; for two, --base and --new"
		[ -z "$kdir" ] || wrong "--kdir is for one kernel; for two, --base-kdir and --new-kdir"
	else
		[ -z "$base_kdir$new_kdir" ] || wrong "--base-kdir and --new-kdir are for two kernels; for one, --kdir"
		[ -z "$base_append$new_append" ] || wrong "--base-append and --new-append are for two kernels; for one, --append"
	fi
}

check_options() {
	local file
	[ -z "$base" ] || [ -n "$new" ] || die "--base needs --new"
	[ -z "$new" ] || [ -n "$base" ] || die "--new needs --base"
	for file in "$cells" "$verdict" "$ko" "$vmlinux" "$base_vmlinux" "$new_vmlinux"; do
		[ -z "$file" ] || [ -r "$file" ] || die "cannot read $file"
	done
	[ -z "$verdict" ] || whole_verdict "$verdict" || die "$verdict is not a whole verdict table of compare.sh"
	[ -z "$verdict" ] || grep -qx 'run	lane	insn' "$verdict" || die "$verdict: only the instruction lane has instructions to explain"
	check_number_of_kernels
	case ${base:+two}${base_vmlinux:+b}${new_vmlinux:+n} in
	'' | two | twobn) ;;
	*) die "--base-vmlinux and --new-vmlinux go together, with --base and --new" ;;
	esac
	[ -z "$cells" ] || [ -z "$verdict" ] || die "--cells and --verdict exclude each other"
	if [ -n "$base" ]; then
		check_kernel --base "$base" "$base_kdir" "$ko" --base-kdir
		check_kernel --new "$new" "$new_kdir" "$ko" --new-kdir
		check_same_arch --base "$base" --new "$new"
	else
		check_kernel --kernel "${kernel:-6.12}" "$kdir" "$ko" --kdir
	fi
	use_machine "${base:-${kernel:-6.12}}"
	check_entry "$arch" "$entry"
}

# need_tools: what the machine lacks is said after what is wrong with the question.
need_tools() {
	check_qemu
	need make gcc python3 awk sha256sum readelf
	[ -z "$vmlinux$base_vmlinux$new_vmlinux" ] || need addr2line
}

# find_kernel KERNEL KDIR: sets image, kdir, module and release.
find_kernel() {
	local found
	image=$1 kdir=$2
	if [ -f "$image" ]; then
		[ -n "$kdir" ] || die "$image: an image needs its build folder (--kdir, --base-kdir, --new-kdir)"
		release=$(cat -- "$kdir/include/config/kernel.release") || exit
	else
		found=$("$scripts/setup/kernel.sh" get "$image") || exit
		image=$(said image "$found")
		kdir=${kdir:-$(said kdir "$found")}
		release=$(said release "$found")
	fi
	module=$ko
	[ -n "$module" ] || module=$("$scripts/setup/module.sh" "$kdir") || exit
}

# boot OUT ARG...: vm.sh with the kernel and the options that reach the guest.
boot() {
	local to="$1"
	shift
	[ -z "$timeout" ] || set -- --timeout "$timeout" "$@"
	[ -z "$entry" ] || set -- --entry "$entry" "$@"
	[ -z "$settle" ] || set -- --settle "$settle" "$@"
	[ -z "$words" ] || set -- --append "$words" "$@"
	[ -z "$mem" ] || set -- --mem "$mem" "$@"
	with_us "$scripts/vm.sh" --lane insn --kernel "$image" --kdir "$kdir" --module "$module" --out "$to" "$@"
}

# tables DIR RESULT...: what the report needs of the results.
tables() {
	local to="$1/tables"
	shift
	awk -f "$scripts/results.awk" -v table=meta,clock,cells,ops,hist "$@" >"$to" || exit 3
}

# same_results DIR DIR: but for meta and vector lines.
same_results() {
	local file part
	for file in "$1"/result-*.txt; do
		sed '/^meta /d; /^vector /d' "$file" >"$tmp/plain"
		sed '/^meta /d; /^vector /d' "$2/${file##*/}" >"$tmp/counted"
		cmp -s "$tmp/plain" "$tmp/counted" ||
			cannot "the plugin changed a count: $file and $2/${file##*/} differ"
	done
}

# guest_symbols: of a boot as boot() has it. Sets syms.
guest_symbols() {
	set --
	[ -z "$timeout" ] || set -- --timeout "$timeout" "$@"
	[ -z "$entry" ] || set -- --entry "$entry" "$@"
	[ -z "$words" ] || set -- --append "$words" "$@"
	[ -z "$mem" ] || set -- --mem "$mem" "$@"
	symbols "$tmp" "$image" "$module" "$@"
}

# run_side DIR INSNS ARG...: boots with the plugin, and leaves dump and tables in DIR.
run_side() {
	local dir="$1" insns="$2" so arg code=0
	shift 2
	so=$(plugin "$tmp") || exit
	guest_symbols || exit
	mkdir -p -- "$dir"
	dir=$(cd -- "$dir" && pwd -P)
	arg=$(plugin_arg "$so" "symbols=$syms" "out=$dir/dump" "vector=$dir/vector" "insns=$insns") || exit
	boot "$dir" --qemu-arg -plugin --qemu-arg "$arg" -- "$@" || code=$?
	[ "$code" = 0 ] || exit "$code"
	tables "$dir" "$dir"/boot-1/result-*.txt
	[ -z "$check" ] || {
		boot "$dir/plain" -- "$@" || exit
		same_results "$dir/plain/boot-1" "$dir/boot-1"
		note "$release: counts with and without the plugin are equal"
	}
}

# out_dir NAME: makes out, by default a new folder.
out_dir() {
	[ -n "$out" ] || out=$(new_folder "$results/explain-$1") || exit
	mkdir -p -- "$out" || cannot "cannot make $out: see message above"
	out=$(cd -- "$out" && pwd -P)
	rm -rf -- "$out/flame" "$out/folded"
}

explain_one() {
	find_kernel "${kernel:-6.12}" "$kdir"
	words=$append
	out_dir "$release"
	run_side "$out/kernel" "$(on_off "$vmlinux")" "$@"
	print_report "$out/kernel"
}

explain_two() {
	local new_image new_module new_release insns
	insns=$(on_off "$base_vmlinux$new_vmlinux")
	find_kernel "$new" "$new_kdir"
	new_image=$image new_kdir=$kdir new_module=$module new_release=$release
	find_kernel "$base" "$base_kdir"
	out_dir "$release-$new_release"
	# Counts do not depend on what else this machine does: both sides at once.
	(
		tmp=$tmp/new image=$new_image kdir=$new_kdir module=$new_module release=$new_release words=$append$new_append
		mkdir "$tmp"
		run_side "$out/new" "$insns" "$@"
	) &
	child=$!
	words=$append$base_append
	run_side "$out/base" "$insns" "$@"
	wait "$child" || exit
	child=''
	vmlinux=$new_vmlinux
	print_report "$out/base" "$out/new"
}

on_off() {
	[ -z "$1" ] && echo off || echo on
}

# print_report SIDE | BASE NEW
print_report() {
	[ -z "$cells" ] || set -- --cells "$cells" "$@"
	[ -z "$verdict" ] || set -- --verdict "$verdict" "$@"
	[ -z "$vmlinux" ] || set -- --vmlinux "$vmlinux" "$@"
	[ -z "$base_vmlinux" ] || set -- --base-vmlinux "$base_vmlinux" "$@"
	[ -z "$full" ] || set -- --full "$@"
	"$scripts/explain/report.sh" --out "$out" "$@"
}

# run PLAN...
run() {
	[ $# -gt 0 ] || wrong "nothing to explain"
	check_options
	check_lines 1 "$@"
	need_tools
	trap cleanup EXIT
	trap 'exit 130' INT TERM HUP
	tmp=$(mktemp -d)
	if [ -n "$base" ]; then
		explain_two "$@"
	else
		explain_one "$@"
	fi
}

main() {
	with_options run "$options" "$@"
}

main "$@"
