# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# What would make a verdict impossible, as far as it can be known before the first boot; sourced by ci.sh, whose
# variables it reads.
# shellcheck disable=SC2154 # those variables

# compiler_of KERNEL KDIR: of its module, as far as it is known now: Debian's kernels and ours are gcc's.
compiler_of() {
	if [ -n "$2" ]; then
		"$scripts/setup/module.sh" --compiler "$2"
	elif [ ! -f "$1" ]; then
		echo 'some gcc'
	fi
}

# check_compilers: what the gate would refuse after the boots.
check_compilers() {
	local base_cc new_cc
	[ -z "$module$reference$across" ] || return 0
	base_cc=$(compiler_of "$base" "$base_kdir") || exit
	new_cc=$(compiler_of "$new" "$new_kdir") || exit
	case $base_cc,$new_cc in
	*clang*,some* | some*,*clang*) ;;
	some* | *,some*) return 0 ;;
	esac
	[ "$base_cc" = "$new_cc" ] || other_compilers "$base_cc" "$new_cc"
}

# other_compilers BASE NEW
other_compilers() {
	die "not comparable: different compilers of the module: '$1' for --base, '$2' for --new; build both kernels with one, or say --across-compilers"
}

# check_modules: the same, once both are built.
check_modules() {
	local base_cc new_cc
	[ -z "$across" ] && [ -n "${base_module-}" ] && [ -n "${new_module-}" ] || return 0
	base_cc=$(module_compiler "$base_module")
	new_cc=$(module_compiler "$new_module")
	[ "$base_cc" = "$new_cc" ] || other_compilers "$base_cc" "$new_cc"
}

# two_cpus KERNEL: does it start a second one where instructions are counted? 6.1 hangs, 6.12 and later were seen to.
two_cpus() {
	local said="$1"
	[ ! -f "$said" ] || said=$(release_of "$said")
	[ "${said%%[-:]*}" != newest ] || return 0
	printf '%s\n' "$said" | awk -F '[.-]' '{ exit !($1 ~ /^[0-9]+$/ && $1 * 1000 + $2 >= 6012) }'
}

# cpus_of_plan: one, but for the suite that frees on another, too.
cpus_of_plan() {
	if [ "$suite" = kernels ] && two_cpus "$new" && { [ -n "$reference" ] || two_cpus "$base"; }; then
		echo 2
	else
		echo 1
	fi
}

# check_controls: without them nobody knows what the compilers change.
check_controls() {
	[ -z "$across" ] || plan_part lines "$suite" | grep -q -E -e 'allocs=([^ ]*,)?(control|all)([, ]|$)' ||
		die "--across-compilers needs cells of the allocator control in the plan: add to it the line allocs=null,delay,control sizes=64 samples=100 rounds=5"
}

# known_conditions: KEY=VALUE;... of the new side's results, as vm.sh will write them.
known_conditions() {
	printf 'lane=%s;smp=%s;arch=%s' "$lane" "$smp" "$(machine "$arch" uname)"
	[ -z "$entry" ] || printf ';entry=%s' "$entry"
	[ -z "$qemu_version" ] || printf ';qemu=%s' "$(printf '%s' "$qemu_version" | tr -d ';')"
	[ -z "${new_module:-$module}" ] || printf ';module_cc=%s' "$(module_compiler "${new_module:-$module}" | tr -d ';')"
}

# read_reference: every result in it, of a folder those that compare.sh takes, is whole. Leaves them in $tmp, which the trap
# of boots.sh takes away.
read_reference() {
	local file
	tmp=$(mktemp -d)
	(results_in "$reference") >"$tmp/results" || exit 2
	set --
	while IFS='	' read -r _ file; do
		set -- "$@" "$(plain_name "$file")"
	done <"$tmp/results"
	printf '%s\tbase\t.\n' "$@" >"$tmp/files"
	awk -f "$scripts/results.awk" -v table=meta,param,clock,end "$@" >"$tmp/tables" ||
		die "the reference $reference cannot be read: see message above"
}

# check_conditions: what compare.sh would refuse after the boots, in its words: was the reference measured as this run will
# be? Where a script runs in the guest, what it writes to run is its own affair. Again once the module is built.
check_conditions() {
	: >"$tmp/lines"
	[ -n "$script" ] || of_lines canonical "$smp" "$suite" >"$tmp/lines"
	awk -f "$scripts/gate/expect.awk" -v known="$(known_conditions)" "$tmp/tables" "$tmp/lines" >"$tmp/expected"
	{
		cat "$tmp/files"
		sed -n 's/^end	\([^	]*\)	.*/\1	new	./p' "$tmp/expected"
	} >"$tmp/map"
	cat "$tmp/tables" "$tmp/expected" >"$tmp/both"
	awk -f "$scripts/lib/kind.awk" -f "$scripts/gate/map.awk" -f "$scripts/gate/refuse.awk" -v strict=1 -v across="$across" \
		"$tmp/map" "$tmp/both" | sed -n 's/^refuse	//p' | sort -u | head -n 5 >"$tmp/refused"
	[ -s "$tmp/refused" ] || return 0
	sed "s/^/$me: not comparable: /" "$tmp/refused" >&2
	other_conditions
}

other_conditions() {
	cannot "the reference was measured under other conditions: see above; give its plan with --suite, or measure it here with --base"
}
