#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The one command of a CI job: boot two kernels, measure, judge.
set -eu

scripts=$(cd -- "$(dirname -- "$0")" && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"
# shellcheck source=bench-scripts/setup/machine.sh
. "$scripts/setup/machine.sh"
# shellcheck source=bench-scripts/setup/tree.sh
. "$scripts/setup/tree.sh"
# shellcheck source=bench-scripts/gate/ends.sh
. "$scripts/gate/ends.sh"
# shellcheck source=bench-scripts/gate/boots.sh
. "$scripts/gate/boots.sh"
# shellcheck source=bench-scripts/gate/sides.sh
. "$scripts/gate/sides.sh"
# shellcheck source=bench-scripts/gate/verdict.sh
. "$scripts/gate/verdict.sh"
# shellcheck source=bench-scripts/gate/conditions.sh
. "$scripts/gate/conditions.sh"
# shellcheck source=bench-scripts/guest/qemu.sh
. "$scripts/guest/qemu.sh"
# shellcheck source=bench-scripts/guest/uml.sh
. "$scripts/guest/uml.sh"
# shellcheck source=bench-scripts/explain/regressions.sh
. "$scripts/explain/regressions.sh"

usage() {
	cat <<'USAGE'
usage: ci.sh --base KERNEL --new KERNEL [option...]
       ci.sh --reference RESULT --new KERNEL [option...]
       ci.sh --tree DIR [--base COMMIT] [--new COMMIT] [option...]

KERNEL is an image (with --kdir), a series such as 6.12, or a release. RESULT
is what an earlier run left as OUT/new, or a single result file. DIR is a
kernel's git tree: where it was built, that is new, and base is built with its
.config; else both are built. Without --base that is where the branch left its
upstream, or HEAD~1.

  --base-kdir, --new-kdir, --kdir DIR
                     build folder of base, new, or both
  --config FILE      with --tree: another configuration; where there is no
                     .config, the smallest kernel that boots in QEMU
                     (setup/kernels/base.config)
  --suite S          the plan: a name, a file or a parameter line; default
                     kernels, in the time lane time or uml; quick is short
  --script FILE      runs in the guest in place of the plan, with $KAB_MODULE
                     and the plan as /kab/plan; leaves result-NN.txt in /out
  --lane LANE        insn (default): exact, in phases of the boot;
                     time: interleaved pairs of boots with an A/A arm
  --pairs N          time lane: default 8, at least 6
  --accel A          time lane: tcg, kvm or uml
  --entry E          PVH or bzImage: how QEMU starts both kernels; bzImage
                     works for all, PVH is faster and needs CONFIG_PVH
  --no-aa            time lane: without the A/A arm
  --seed N           time lane: of the order of the boots, default 1
  --append WORDS     for the kernel command line of both; --base-append and
                     --new-append for one of them
  --threshold N|N%   instruction lane: a rise up to that much passes
  --delta PCT        time lane: smallest change of interest, default 2
  --blind            instruction lane: judge although both sides are the same
                     image
  --across-compilers
                     instruction lane: also where two compilers built the
                     modules; what they change of the cells control, the
                     module's own, is not judged
  --module KO        of both
  --mem SIZE         default 1G
  --settle SEC       as vm.sh has it
  --smp N            default 1; for the suite kernels 2, which its pattern
                     remote needs, where both kernels are 6.12 or later: 6.1
                     has one CPU in lane insn
  --jobs N           instruction lane: QEMUs at a time, default: both sides at
                     once where there are two CPUs
  --lines            instruction lane: fail on lines and bytes of memory
                     touched, too
  --no-vector        without the boot that counts locked instructions, TLB
                     flushes and the like
  --filter FILTER    print only the figures for which it holds: compare.sh -h
  --no-explain       do not look for the functions behind a regression
  -o, --out DIR      default results/DATE-ci

Leaves OUT/base, OUT/new (OUT/aa), OUT/verdict/ in every format, and prints the
table; after a regression in the instruction lane, OUT/explain by functions.
Exit: 0 no regression, 1 regression, 2 wrong use or not comparable, 3 could not
be judged: a boot failed, equal boots differ, or the evidence does not suffice.
USAGE
}

base='' new='' reference='' base_kdir='' new_kdir='' suite='' lane=insn pairs=8 aa=1 seed=1
append='' base_append='' new_append='' mem=1024 smp='' settle='' jobs='' accel='' entry='' script='' module='' out=''
threshold='' delta='' blind='' across='' vector=1 lines='' explain=1 filter='' command='' tmp=''
arch='' qemu='' tree='' config=''

options='--base=KERNEL --new=KERNEL --reference=RESULT --tree=DIR --config=FILE --base-kdir=DIR --new-kdir=DIR
	--kdir=DIR --suite=SUITE --script=FILE --lane=insn|time --pairs=N --accel=tcg|kvm|uml --entry=ENTRY --seed=N --append=WORDS --base-append=WORDS
	--new-append=WORDS --threshold=BOUND --delta=PCT --module=FILE --mem=SIZE --smp=N --settle=N --jobs=N -o|--out=DIR
	--filter=FILTER --no-aa --no-explain --no-vector --lines --blind --across-compilers'

set_option() {
	case $1 in
	--base) base=$2 ;;
	--new) new=$2 ;;
	--tree) tree=$2 ;;
	--config) config=$2 ;;
	--reference) reference=$2 ;;
	--base-kdir) base_kdir=$2 ;;
	--new-kdir) new_kdir=$2 ;;
	--kdir) base_kdir=$2 new_kdir=$2 ;;
	--suite) suite=$2 ;;
	--script) script=$2 ;;
	--lane) lane=$2 ;;
	--pairs) pairs=$2 ;;
	--accel) accel=$2 ;;
	--entry) entry=$2 ;;
	--seed) seed=$2 ;;
	--append) append="$append $2" ;;
	--base-append) base_append="$base_append $2" ;;
	--new-append) new_append="$new_append $2" ;;
	--threshold) threshold=$2 ;;
	--delta) delta=${2:-nothing} ;;
	--module) module=$2 ;;
	--mem) mem=$(mib "$2") ;;
	--smp) smp=$2 ;;
	--settle) settle=$2 ;;
	--jobs) jobs=$2 ;;
	--out) out=$2 ;;
	--filter) filter=$2 ;;
	--no-aa) aa='' ;;
	--no-explain) explain='' ;;
	--no-vector) vector='' ;;
	--lines) lines=1 ;;
	--blind) blind=1 ;;
	--across-compilers) across=1 ;;
	esac
}

check_idle_options() {
	case $lane in
	insn) none_of "the time lane" --pairs --accel --no-aa --seed --delta ;;
	time) none_of "the instruction lane" --threshold --blind --across-compilers --jobs --no-vector --lines ;;
	esac
	[ -n "$vector" ] || none_of "vectors, without --no-vector" --lines
	[ -z "$reference" ] || none_of "two kernels, not a reference" --base-kdir --base-append --jobs
}

# suite_of_lane: what costs a few ns has to be measured in stretches in the time lane, beside delay; nothing else can be
# on User Mode Linux.
suite_of_lane() {
	case $lane,$arch in
	insn,*) suite=kernels ;;
	*,uml) suite=uml ;;
	*) suite='time' ;;
	esac
}

check_options() {
	[ -n "$tree" ] || none_of "a kernel's tree, --tree" --config
	[ -z "$tree" ] || check_ends
	[ -n "$new$tree" ] || wrong "--new is missing"
	[ -n "$base$reference" ] || wrong "--base or --reference is missing"
	[ -z "$base" ] || [ -z "$reference" ] || wrong "--base and --reference exclude each other"
	[ -z "$reference" ] || [ "$lane" = insn ] || wrong "a reference is compared in the instruction lane only: time needs pairs"
	[ "$pairs" -ge 6 ] || wrong "--pairs: at least 6, not '$pairs': fewer cannot tell a change from chance"
	check_bounds "$threshold" "${delta:-2}"
	[ -z "$filter" ] || shown "$filter" >/dev/null
	check_idle_options
	[ -z "$tree" ] || prepare_ends
	[ -z "$script" ] || [ -r "$script" ] || die "--script: cannot read $script"
	[ -z "$module" ] || [ -f "$module" ] || die "--module: no file $module"
	[ -n "$reference" ] || check_kernel --base "$base" "$base_kdir" "$module" --base-kdir
	check_kernel --new "$new" "$new_kdir" "$module" --new-kdir
	check_machines
	[ -n "$suite" ] || suite_of_lane
	[ -n "$smp" ] || smp=$(cpus_of_plan)
	check_uml
	[ "$arch" != uml ] || [ -z "$delta" ] || [ "${delta%%.*}" -ge 5 ] ||
		wrong "--delta $delta: on User Mode Linux nothing below 5 % can be called"
	check_lines 0 "$suite"
	check_tolerances "$lane" "$suite"
	check_controls
	check_compilers
	# What is wrong with the question comes before what this machine lacks.
	check_guest
	[ -z "$reference" ] || { read_reference && check_conditions; }
	[ -n "$jobs" ] || jobs=$(guests_at_once)
	[ -z "$out" ] || [ ! -e "$out/new" ] || die "$out holds a run already: give another --out"
}

# prepare_ends: the two kernels of a tree, which takes minutes: all that can be wrong with the question comes first.
prepare_ends() {
	[ -n "$suite" ] || suite_of_lane
	check_lines 0 "$suite"
	use_machine native
	check_guest
	[ -z "$out" ] || [ ! -e "$out/new" ] || die "$out holds a run already: give another --out"
	build_ends
}

# check_machines: what one machine boots and measures, another does not, nor is it comparable.
check_machines() {
	[ -n "$reference" ] || check_same_arch --base "$base" --new "$new"
	use_machine "$new"
	check_entry "$arch" "$entry"
}

# wants_vectors: where the other side has some, too.
wants_vectors() {
	[ -n "$vector" ] && [ -z "$script" ] && { [ -z "$reference" ] || [ -d "$reference/vector" ]; }
}

# boot_side SIDE
boot_side() {
	boot_phases "$1"
	! wants_vectors || boot_vector "$1"
}

# count_boots: how many there will be.
count_boots() {
	local of_side=6
	! wants_vectors || of_side=7
	if [ "$lane" = time ]; then
		echo "$((pairs * (${aa:-0} + 2)))"
	else
		[ -n "$reference" ] && echo "$of_side" || echo "$((2 * of_side))"
	fi
}

# measure: every boot of the lane. Failed boots leave their mark in OUT/failed.
measure() {
	: >"$out/failed"
	children='' shown=show_boots measured_since=$(seconds) boots_wanted=$(count_boots)
	if [ "$lane" = time ]; then
		foretells=1
		boot_pairs
	elif [ -n "$reference" ]; then
		boot_side new
	elif [ "$jobs" -gt 1 ]; then
		shown='' boot_side base &
		children=$!
		boot_side new
		wait "$children" || exit
		children=''
	else
		boot_side base
		boot_side new
	fi
}

# judge COMMAND: the verdict, printed and saved; its code is the job's.
judge() {
	local code=0
	set -- --save "$out/verdict" --command "$1" --suite "$suite" ${reference:+--strict} ${delta:+--delta "$delta"} \
		${threshold:+--threshold "$threshold"} ${blind:+--blind} ${across:+--across-compilers} ${lines:+--lines} ${filter:+--filter "$filter"}
	[ ! -d "$out/aa" ] || set -- "$@" --aa "$out/aa"
	[ ! -s "$out/failed" ] || set -- "$@" --failed "$out/failed"
	"$scripts/compare.sh" "$@" "${reference:-$out/base}" "$out/new" || code=$?
	sed "s/^/$me: /" "$out/failed" >&2
	[ -z "$reference" ] || [ "$code" != 2 ] || other_conditions
	return "$code"
}

run() {
	local status=0
	case ${1-} in
	'') ;;
	*=*) wrong "'$1': a parameter line is given as --suite" ;;
	*) wrong "'$1' belongs to no option" ;;
	esac
	check_options
	[ -n "$reference" ] || pin base
	pin new
	check_modules
	[ -z "$reference" ] || check_conditions
	[ -n "$out" ] || out=$(new_folder "$results/$(date -u +%Y-%m-%d)-ci") || exit
	mkdir -p "$out" || cannot "cannot make $out: see message above"
	measure
	judge "$command" || status=$?
	[ "$status" != 1 ] || [ -z "$explain" ] || explain_regressions
	note "everything is in $out"
	decide "$status"
}

main() {
	command=$(quoted bench-scripts/ci.sh "$@")
	trap cleanup EXIT
	trap 'exit 130' INT TERM HUP
	with_options run "$options" "$@"
}

main "$@"
