#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Run parameter lines on the running kernel and keep each result as a file that describes itself. The same script
# works on a person's machine and, started by guest/init, inside the guest: it needs no more than busybox.
set -eu

scripts=$(cd -- "$(dirname -- "$0")" && pwd -P)
# shellcheck source=bench-scripts/lib/lib.sh
. "$scripts/lib/lib.sh"
# shellcheck source=bench-scripts/lib/live.sh
[ ! -f "$scripts/lib/live.sh" ] || . "$scripts/lib/live.sh"
# shellcheck source=bench-scripts/lines/check.sh
[ ! -f "$scripts/lines/check.sh" ] || . "$scripts/lines/check.sh"

usage() {
	cat <<'USAGE'
usage: collect.sh [option...] [--] PARAMETERS|SUITE...

Loads the module unless it is loaded, runs each line, and unloads what it
loaded, even on Ctrl-C. PARAMETERS is a parameter line ("allocs=kmalloc
sizes=8..64K"), SUITE a name in bench-scripts/suites or the path of such a
file. Needs root.

  --module KO    take this module; default: built for the running kernel
  --lane LANE    time (default), or insn inside an instruction-counting QEMU
  -o, --out DIR  default results/DATE-RELEASE-LANE, new each time
  --live         show the run as it goes: progress, current cell, histograms;
                 each size is then a run and a result file of its own
  --guest        inside vm.sh's guest: leave to the host the meta lines that
                 only it knows

Leaves DIR/result-NN.txt, one per line. On a terminal it shows progress, and
each summary at the end.
Exit: 0 good, 2 wrong use or a line refused, 3 the run failed, 130 interrupted.
USAGE
}

module='' lane=time out='' live=0 guest=0 name=''
dir=/sys/kernel/debug/kallocbench
work='' writer='' loaded=0 mounted=0

# Undo in reverse what was done; a run that goes on is stopped first, for it holds the module.
cleanup() {
	trap '' INT TERM HUP
	if [ -n "$writer" ]; then
		echo 1 >"$dir/abort" || :
		wait "$writer" || :
		[ -z "$name" ] || (save "$name" && note "interrupted; the finished cells are in $out/$name") || :
	fi
	[ "$loaded" = 0 ] || rmmod kallocbench || note "cannot unload kallocbench: see message above"
	[ "$mounted" = 0 ] || umount /sys/kernel/debug || :
	[ -z "$work" ] || rm -rf -- "$work"
}

# load: debugfs and module, remembering what was ours.
load() {
	if ! grep -q ' /sys/kernel/debug debugfs ' /proc/mounts; then
		mount -t debugfs debugfs /sys/kernel/debug || cannot "cannot mount debugfs: see message above"
		mounted=1
	fi
	if [ -d /sys/module/kallocbench ]; then
		[ -z "$module" ] || die "kallocbench is loaded already: make unload, or leave --module out"
		[ "$(value /sys/module/kallocbench/parameters/lane)" = "$lane" ] ||
			die "kallocbench is loaded for another lane than $lane: make unload first"
		return
	fi
	if [ -z "$module" ]; then
		module=$("$scripts/setup/module.sh" "/lib/modules/$(uname -r)/build") ||
			cannot "no headers of this kernel: give --module KO, made by make modules KDIR=<kernel build dir>"
	fi
	sh "$scripts/setup/load.sh" "$module" lane="$lane" || exit 3
	loaded=1
	[ -e "$dir/run" ] || cannot "the module shows no $dir/run: see dmesg"
}

# tell_append ARG...: a suite's kernel command line is the running kernel's affair; say where they differ.
tell_append() {
	local word
	[ "$guest" = 0 ] || return 0
	for word in $(plan_part append "$@"); do
		grep -qw -e "$word" /proc/cmdline || note "THE SUITE WANTS A KERNEL BOOTED WITH $word: this one is not"
	done
}

# value FILE: its text, nothing where it cannot be read.
value() {
	[ ! -r "$1" ] || tr -d '\0' <"$1" 2>/dev/null || :
}

# machine_meta: what the module cannot know of the machine it runs on.
machine_meta() {
	local cpu=/sys/devices/system/cpu
	meta lane "$lane"
	meta cmdline "$(value /proc/cmdline)"
	meta kernel_version "$(value /proc/version)"
	meta taint "$(value /proc/sys/kernel/tainted)"
	meta governor "$(value $cpu/cpu0/cpufreq/scaling_governor)"
	meta no_turbo "$(value $cpu/intel_pstate/no_turbo)"
	meta boost "$(value $cpu/cpufreq/boost)"
	meta smt "$(value $cpu/smt/active)"
	meta isolated "$(value $cpu/isolated)"
	meta microcode "$(sed -n 's/^microcode[^:]*: //p' /proc/cpuinfo | head -n 1)"
	slab_warning
	meta cpu_model "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
	[ "$guest" = 0 ] || return 0
	meta date "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
	meta accel none
	meta machine "$(value /sys/class/dmi/id/product_name)"
	if [ -n "$module" ]; then
		meta module_sha256 "$(sha256sum <"$module" | cut -c 1-64)"
		meta module_cc "$(module_compiler "$module")"
	fi
	[ ! -r "/boot/vmlinuz-$(uname -r)" ] ||
		meta kernel_sha256 "$(sha256sum <"/boot/vmlinuz-$(uname -r)" | cut -c 1-64)"
}

# slab_debug: which caches slab debugging was asked for, by the letters of slub_debug=, as FZ:kmalloc-1k,kmalloc-2k; all
# are all that kmalloc has. Two of the letters change no object, so that the module cannot see them.
slab_debug() {
	cd /sys/kernel/slab 2>/dev/null || return 0
	# shellcheck disable=SC2035 # names of caches: none begins with a dash
	grep -lx 1 */sanity_checks */red_zone */poison */store_user */trace 2>/dev/null |
		awk -F / -v kmallocs="$(echo kmalloc-*/ | wc -w)" '
			BEGIN { split("sanity_checks F red_zone Z poison P store_user U trace T", w, " "); for (i = 1; i in w; i += 2) letter[w[i]] = w[i + 1] }
			!($1 in has) { name[++n] = $1 }
			{ has[$1] = has[$1] letter[$2] }
			END {
				for (i = 1; i <= n; i++) {
					f = has[name[i]]
					if (!(f in all)) kind[++kinds] = f
					slabs[f] += name[i] ~ /^kmalloc-/
					if (++all[f] <= 8) list[f] = list[f] (list[f] == "" ? "" : ",") name[i]
				}
				for (i = 1; i <= kinds; i++) {
					f = kind[i]
					printf "%s%s:%s", i == 1 ? "" : " ", f, slabs[f] == kmallocs ? "all" : list[f] (all[f] > 8 ? ",and " all[f] - 8 " more" : "")
				}
			}'
}

# slab_warning: where the module has not said it.
slab_warning() {
	local seen
	seen=$(slab_debug)
	meta slab_debug "$seen"
	[ -z "$seen" ] || grep -q '^warning text=slab' "$dir/results" || warning "slab debugging is on: $seen"
}

# word KEY: the value of KEY in the status line.
word() {
	tr ' ' '\n' <"$dir/status" | sed -n "s/^$1=//p"
}

# bar: one line about the run that goes on, in place of the last.
bar() {
	awk '{
		for (i = 1; i <= NF; i++) {
			split($i, kv, "=")
			is[kv[1]] = kv[2]
		}
		if (is["state"] != "running") exit
		done = int(is["percent"] / 4)
		for (i = 0; i < 25; i++) bar = bar (i < done ? "#" : ".")
		printf "\r[%s] %3d%%  cell %s  %d s left  ", bar, is["percent"], is["cell"], (is["eta_ms"] + 999) / 1000
	}' "$dir/status" >&2
}

# run_line FILE: write the line, and watch the run where somebody looks on. Returns the status of the write.
run_line() {
	local code=0
	# One write(2), whatever the shell's buffers.
	dd if="$1" of="$dir/run" bs=8192 count=1 conv=notrunc 2>"$work/dd" &
	writer=$!
	while [ "$watch" = 1 ] && kill -0 "$writer" 2>/dev/null; do
		bar
		sleep 0.3
	done
	wait "$writer" || code=$?
	writer=
	[ "$watch" = 0 ] || printf '\r%70s\r' '' >&2
	return "$code"
}

# save NAME: the result as a file, whole or not at all.
save() {
	if ! cat "$dir/results" >"$out/.$1" || ! insert_meta "$out/.$1" "$work/meta" || ! mv -- "$out/.$1" "$out/$1"; then
		rm -f -- "$out/.$1"
		cannot "cannot write $out/$1: see message above"
	fi
}

# refused LINE: the end, for the module did not take the line just written.
refused() {
	local why
	# Files of debugfs have no size to ask for.
	why=$(cat "$dir/error")
	printf '%s\n' "${why:-$(cat "$work/dd")}" >&2
	die "refused: $1"
}

# tell N COUNT LINE: what is about to run. In the guest this is the console, where vm.sh looks how far we are.
tell() {
	if [ "$guest" = 1 ]; then
		echo "kab-line $1 of $2"
	elif [ "$live" = 1 ]; then
		live_frame "$1" "$2" "$(($(date +%s) - started))"
	else
		note "$1 of $2: $3"
	fi
}

# unlucky: what tells the results of a run that was aborted or failed from those of another; nothing where the last run
# that began ended well. A refused line leaves results and state as they were.
unlucky() {
	case $(word state) in
	failed | aborted) sha256sum <"$dir/results" ;;
	esac
}

# run_plan: each line of the plan, until one is refused or fails.
run_plan() {
	local line n=0 count started before
	started=$(date +%s)
	count=$(grep -c . "$work/plan") || die "the plan holds no line"
	while IFS= read -r line; do
		n=$((n + 1))
		name=$(printf 'result-%02d.txt' "$n")
		printf '%s\n' "$line" >"$work/line"
		tell "$n" "$count" "$line"
		before=$(unlucky)
		if run_line "$work/line"; then
			save "$name"
			[ "$live" = 0 ] || cp "$out/$name" "$work/shown"
			[ "$guest$live" != 00 ] || cat "$dir/summary"
			continue
		fi
		# A line that was refused has left no results of its own.
		[ "$(unlucky)" != "$before" ] || refused "$line"
		save "$name"
		cat "$dir/error" >&2
		cannot "the run of line $n ended as $(word state); its finished cells are in $out/$name"
	done <"$work/plan"
	[ "$live" = 0 ] || live_frame "$((count + 1))" "$count" 0
}

set_option() {
	case $1 in
	--live) live=1 ;;
	--guest) guest=1 ;;
	--module) module=$2 ;;
	--lane) lane=$2 ;;
	--out) out=$2 ;;
	esac
}

# check PLAN...: all that can be known before the module is built or loaded.
check() {
	local old cpus
	[ $# -gt 0 ] || wrong "nothing to run"
	[ "$guest$live" != 11 ] || wrong "--live shows on a terminal, not in a guest"
	[ -z "$module" ] || [ -f "$module" ] || die "--module: no file $module"
	plan_part lines "$@" >/dev/null
	cpus=$(sed 's/.*[-,]//' /sys/devices/system/cpu/online 2>/dev/null) || cpus=-1
	[ ! -f "$scripts/lines/check.sh" ] || check_lines "$((cpus + 1))" "$@"
	for old in ${out:+"$out"/result-*.txt}; do
		[ ! -e "$old" ] || die "$out already holds results"
	done
	[ "$(id -u)" = 0 ] || cannot "only root can load a module and read debugfs"
}

# run PLAN...
run() {
	local watch=0
	check "$@"
	work=$(mktemp -d)
	trap cleanup EXIT
	trap 'exit 130' INT TERM HUP
	plan_part lines "$@" >"$work/plan"
	tell_append "$@"
	load
	[ -n "$out" ] || out=$(new_folder "$results/$(date -u +%Y-%m-%d)-$(uname -r)-$lane") || exit
	mkdir -p -- "$out" || cannot "cannot make $out: see message above"
	machine_meta >"$work/meta"
	[ ! -t 2 ] || watch=1
	[ "$live" = 0 ] || live_plan
	run_plan
	[ "$guest" = 1 ] || note "results are in $out"
}

main() {
	with_options run '--module=FILE --lane=insn|time -o|--out=DIR --live --guest SUITE' "$@"
}

main "$@"
