#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Does the module do on every kernel that can be had what it does on those of make check?
set -eu

scripts=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"

usage() {
	cat <<'USAGE'
usage: kernels-matrix.sh [option...] [NAME...]

For each kernel (table below, or the NAMEs): builds the module, measures twice
in the instruction lane, runs every allocator in every context, and measures
once in the time lane. A table of what came out goes to the output: how many
warnings the build gave, and ok, FAILED or - (not reached) for
  same         two boots, the same bytes
  null, delay  cost 0 and 1,000 in every sample
  contexts     allocs=all contexts=all: measured, and not a word of the kernel's
  time         lane time
A kernel that cannot be had is skipped, with the reason.

  --build        build the module only, with every warning there is (W=1), for
                 all that kernel.sh list has, and for our own
  -o, --out DIR  keep what the guests left
  --list         list the kernels, and exit

Exit: 0 none failed, 1 some failed, 2 wrong use.
USAGE
}

out='' build='' list='' work=''
line='allocs=null,delay,kmalloc,vmalloc sizes=64,4K samples=1000'
contexts='allocs=all contexts=all flags=GFP_KERNEL,GFP_ATOMIC sizes=64,4K samples=50 budget_ms=2000'

# kernels: name, how to get it (words for kernel.sh or kernels.sh).
kernels() {
	if [ -n "$build" ]; then
		"$scripts/setup/kernel.sh" list 2>/dev/null | awk '$1 != "-" { print $1, "kernel.sh get", $1 }'
	else
		stock
	fi
	cat <<-'END'
		own-gcc kernels.sh build 7.3-min
		own-clang kernels.sh build min --clang
	END
}

# stock: those of Debian that are measured on.
stock() {
	cat <<-'END'
		6.1 kernel.sh get 6.1
		6.1-rt kernel.sh get 6.1-rt
		6.12 kernel.sh get 6.12
		6.12-generic kernel.sh get 6.12-generic
		6.12-rt kernel.sh get 6.12-rt
		7.2 kernel.sh get 7.2
		7.3 kernel.sh get 7.3
		7.3-rt kernel.sh get 7.3-rt
		6.12:arm64 kernel.sh get 6.12:arm64
		7.3:arm64 kernel.sh get 7.3:arm64
		7.3-rt:arm64 kernel.sh get 7.3-rt:arm64
	END
}

# vm LANE OPTION...: one guest more of this kernel; what it says is kept for the reader.
vm() {
	local lane="$1"
	shift
	"$scripts/vm.sh" --kernel "$image" --kdir "$kdir" --module "$module" --lane "$lane" --append init_on_alloc=0 "$@" \
		>>"$dir/log" 2>&1
}

# said BOOT: all that the guest said, and of the host what is not of the day.
said_in() {
	grep -v -E '^meta (date|boot)=' "$1/result-01.txt"
}

# costs ALLOC N RESULT: every alloc and free of it cost N, in every sample.
costs() {
	awk -f "$scripts/results.awk" -v table=ops "$3" | awk -F '\t' -v alloc="$1" -v n="$2" '
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		$(at["alloc"]) == alloc && $(at["op"]) == "alloc" {
			seen++
			if ($(at["min"]) != n || $(at["max"]) != n)
				bad = 1
		}
		END { exit bad || !seen }'
}

# mark COMMAND...: ok or FAILED.
mark() {
	if "$@"; then
		row="$row ok"
	else
		row="$row FAILED" failed_here=1
	fi
}

# measure: all that needs a guest; adds its columns to row.
measure() {
	vm insn --boots 2 --out "$dir/insn" -- "$line" || :
	if [ -f "$dir/insn/boot-1/result-01.txt" ] && [ -f "$dir/insn/boot-2/result-01.txt" ]; then
		said_in "$dir/insn/boot-1" >"$work/first"
		said_in "$dir/insn/boot-2" >"$work/second"
		mark cmp "$work/first" "$work/second" >&2
		mark costs null 0 "$dir/insn/boot-1/result-01.txt"
		mark costs delay 1000 "$dir/insn/boot-1/result-01.txt"
	else
		row="$row FAILED - -" failed_here=1
	fi
	mark vm insn --out "$dir/contexts" -- "$contexts"
	mark vm time --out "$dir/time" -- "$line"
}

# skip NAME REASON-FILE
skip() {
	printf '%-14s skipped: %s\n' "$1" "$(tail -n 1 "$2")"
	skipped=$((skipped + 1))
}

# one NAME SCRIPT WORD...: a row of the table.
one() {
	local name="$1" dir script="$2" code=0 found image kdir module row warnings failed_here='' start
	shift 2
	dir=$out/$(printf '%s' "$name" | tr : -)
	start=$(seconds)
	mkdir -p "$dir"
	found=$("$scripts/setup/$script" "$@" 2>"$dir/log") || code=$?
	[ "$code" != 3 ] || { skip "$name" "$dir/log" && return; }
	image=$(said image "$found") kdir=$(said kdir "$found")
	module=$("$scripts/setup/module.sh" "$kdir" ${build:+W=1} 2>"$dir/module.log") || failed_here=1
	warnings=$(grep -c -i warning "$dir/module.log" || :)
	row=$warnings
	if [ -n "$failed_here" ]; then
		cat -- "$dir/module.log" >&2
		row=FAILED
	elif [ -z "$build" ]; then
		measure
	fi
	[ "$warnings" = 0 ] || failed_here=1
	# shellcheck disable=SC2046,SC2086,SC2183 # columns
	printf '%-14s %-34s %-8s %-7s %-7s %-7s %-9s %-7s %4s s\n' "$name" "$(said release "$found")" \
		$(echo $row - - - - - - | cut -d ' ' -f 1-6) "$(($(seconds) - start))"
	[ -n "$failed_here" ] && failed=$((failed + 1)) || passed=$((passed + 1))
}

set_option() {
	case $1 in
	--build) build=1 ;;
	--out) out=$2 ;;
	--list) list=1 ;;
	esac
}

# run [NAME...]
run() {
	local name passed=0 failed=0 skipped=0
	[ -z "$list" ] || { kernels | cut -d ' ' -f 1 && return; }
	work=$(mktemp -d)
	trap 'rm -rf -- "$work"' EXIT
	trap 'exit 130' INT TERM HUP
	out=${out:-$work/out}
	kernels >"$work/kernels"
	for name in "$@"; do
		cut -d ' ' -f 1 "$work/kernels" | grep -Fqx -e "$name" || wrong "no kernel '$name': kernels-matrix.sh --list"
	done
	printf '%-14s %-34s %-8s %-7s %-7s %-7s %-9s %-7s\n' kernel release warnings same null delay contexts time
	while read -r name words <&3; do
		[ $# = 0 ] || printf '%s\n' "$@" | grep -Fqx -e "$name" || continue
		# shellcheck disable=SC2086 # words
		one "$name" $words 3<&-
	done 3<"$work/kernels"
	printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
	[ "$failed" = 0 ]
}

main() {
	with_options run '--build -o|--out=DIR --list KERNEL' "$@"
}

main "$@"
