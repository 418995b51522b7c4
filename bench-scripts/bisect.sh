#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Which commit raised the cost of one allocation: a driver for git bisect run.
set -eu

scripts=$(cd -- "$(dirname -- "$0")" && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"
# shellcheck source=bench-scripts/setup/machine.sh
. "$scripts/setup/machine.sh"
# shellcheck source=bench-scripts/setup/tree.sh
. "$scripts/setup/tree.sh"

usage() {
	cat <<'USAGE'
usage: bisect.sh --limit N [option...] PARAMETERS
       bisect.sh --measure [option...] PARAMETERS

In a kernel's git tree: builds what is checked out, boots it in QEMU, measures
one cell in the instruction lane. PARAMETERS is a parameter line with one cell,
such as "allocs=kmalloc sizes=64 samples=1000".

  --limit N        a mode above N instructions is bad
  --measure        print the mode and exit with 0, whatever it is: to find N
  --op OP          alloc (default), free, touch, ... : what is judged
  --config FILE    configuration fragment; default: the smallest kernel that
                   boots in QEMU (bench-scripts/setup/kernels/base.config)
  --arch ARCH      of the kernel, amd64 or arm64; default: this machine's
  --build DIR      where to build, kept from commit to commit; default in .cache
  --append WORDS   for the kernel command line

Examples:
  git bisect start BAD GOOD

  git bisect run .../bisect.sh --limit 80 "allocs=kmalloc sizes=64"

Exit: 0 good, 1 bad, 125 cannot be built, booted or measured (git skips the
commit), 128 wrong use (git stops: any code below would mean a bad commit).
USAGE
}

limit='' measure='' op=alloc config='' arch='' build='' append='' tmp=''

# wrong MSG...: git bisect run would take 2 for a bad commit.
wrong() {
	note "$@"
	note "$me -h shows how it is used"
	exit 128
}

# skip MSG: this commit says nothing about the question.
skip() {
	note "$@"
	exit 125
}

# default_config: the smallest kernel that boots on the machine.
default_config() {
	config=$tmp/config
	base_configs "$arch" | xargs -d '\n' cat -- >"$config"
}

# build_kernel: what is checked out.
build_kernel() {
	tree_compiler "$config"
	[ -z "$cross" ] || have "$compiler" || wrong "$compiler is not installed: run bench-scripts/setup/deps.sh kernels${cross:+ $arch}"
	build_tree "$tree" "$build" "$config" || skip "$commit does not build: see $build/build.log"
}

# measure_cell: sets mode, that of the one cell, in instructions; in this shell: what a subshell waits for would outlive
# us, and wrong() and skip() would end the subshell only.
measure_cell() {
	local module image code=0
	# Kept until the next commit: what could not be measured is looked into there.
	local boot="$build.boot"
	rm -rf -- "$boot"
	image=$build/$(machine "$arch" image)
	# Inline functions of the kernel's headers are part of the module: another tree is another module.
	module=$("$scripts/setup/module.sh" "$build" KAB_TREE="$(git -C "$tree" rev-parse 'HEAD^{tree}')") ||
		skip "$commit: the module does not build against it"
	with_us "$scripts/vm.sh" --kernel "$image" --module "$module" --lane insn --timeout 300 \
		--append "init_on_alloc=0$append" --out "$boot" -- "$parameters" >&2 || code=$?
	[ "$code" != 2 ] || wrong "vm.sh refuses this: see above"
	[ "$code" = 0 ] || skip "$commit does not boot, or cannot be measured: see above"
	read_mode "$boot/boot-1/result-01.txt"
}

# read_mode RESULT: sets mode. A cell that this commit cannot measure says nothing of the question; a question about
# no cell, or several, is wrong for every commit.
read_mode() {
	local kind text
	awk -f "$scripts/results.awk" -v table=cells,ops,hist "$1" >"$tmp/tables" || skip "$commit: bad result"
	awk -F '\t' -v OFS='\t' -v op="$op" '
		$2 == "file" { next }
		$1 == "cells" { cells++; state = $11; reason = $13 }
		$1 == "ops" && $12 == "-" { known[$11] = 1; ops = ops " " $11 }
		$1 == "hist" && $10 == op && $11 == "-" && $14 > best { best = $14; mode = $13 }
		END {
			if (cells != 1) print "wrong", "one cell is needed; the line gives " cells + 0 " cells"
			else if (state != "ok" && state != "short") print "skip", "the cell was " state ": " reason
			else if (ops && !(op in known)) print "wrong", "the cell has no op \047" op "\047, but" ops
			else if (!best) print "skip", "no sample of " op
			else print "mode", mode
		}' "$tmp/tables" >"$tmp/answer"
	IFS='	' read -r kind text <"$tmp/answer"
	case $kind in
	mode) mode=$text ;;
	skip) skip "$commit: $text" ;;
	*) wrong "$text" ;;
	esac
}

judge() {
	local mode
	measure_cell
	if [ -n "$measure" ]; then
		printf '%s\n' "$mode"
		return
	fi
	if [ "$mode" -gt "$limit" ]; then
		note "$commit is bad: $mode instructions, limit $limit"
		decide 1
	fi
	note "$commit is good: $mode instructions, limit $limit"
}

set_option() {
	case $1 in
	--limit) limit=$2 ;;
	--op) op=$2 ;;
	--config) config=$2 ;;
	--arch) arch=$2 ;;
	--build) build=$2 ;;
	--append) append="$append $2" ;;
	--measure) measure=1 ;;
	esac
}

check_use() {
	local cells
	[ $# = 1 ] || wrong "one parameter line is needed"
	[ -n "$limit$measure" ] || wrong "--limit or --measure is needed"
	[ -z "$limit" ] || [ -z "$measure" ] || wrong "--limit and --measure exclude each other"
	[ -z "$config" ] || [ -r "$config" ] || wrong "cannot read $config"
	arch=${arch:-$(host_arch)}
	is_machine "$arch" || wrong "--arch: no machine '$arch' is known: $(known_machines) are"
	case $1 in
	*=* | defaults) check_lines 1 "$1" ;;
	*) wrong "'$1' is not a parameter line: it has no '='" ;;
	esac
	cells=$(of_lines cells 1 "$1")
	[ "${cells:-1}" = 1 ] || wrong "one cell is needed; the line gives $cells cells"
	tree=$(git rev-parse --show-toplevel 2>/dev/null) || wrong "not in a git tree"
	[ -f "$tree/Kconfig" ] || wrong "$tree is not a kernel tree"
	commit=$(git -C "$tree" log -1 --format='%h (%s)')
	build=${build:-$cache/bisect/$(printf '%s' "$tree" | sha256sum | cut -c 1-12)$(cross_of "$arch")}
	mkdir -p "$build"
	parameters=$1
}

# Anything else than a verdict or a skip stops git: it would blame a commit.
cleanup() {
	local code=$?
	[ -z "$tmp" ] || rm -rf -- "$tmp"
	code=$(undecided "$code" 128)
	case $code in
	0 | 1 | 125 | 130) exit "$code" ;;
	*) exit 128 ;;
	esac
}

run() {
	check_use "$@"
	tmp=$(mktemp -d)
	[ -n "$config" ] || default_config
	build_kernel
	judge
}

main() {
	trap cleanup EXIT
	trap 'exit 130' INT TERM HUP
	with_options run '--limit=N --op=OP --config=FILE --arch=ARCH --build=DIR --append=WORDS --measure' "$@"
}

main "$@"
