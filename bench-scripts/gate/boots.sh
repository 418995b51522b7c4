# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Which boots a comparison needs, and in which order; sourced by ci.sh and tools/campaign.sh, whose variables it reads.
# shellcheck disable=SC2154 # those variables

# shellcheck source=bench-scripts/gate/phases.sh
. "$scripts/gate/phases.sh"

# The process group of a background side dies with us; its vm.sh ends its own QEMU.
# shellcheck disable=SC2317 # called by the trap
cleanup() {
	local code=$?
	[ -z "${tmp-}" ] || rm -rf -- "$tmp"
	[ -z "${children-}" ] || kill "$children" 2>/dev/null || :
	exit "$(undecided "$code" 3)"
}

# plan_file: the parameter lines for a script of the guest, as /kab/plan.
plan_file() {
	[ -f "$out/plan" ] || plan_part lines "$suite" >"$out/plan"
	printf '%s' "$out/plan"
}

# pin SIDE: one release and one module for all boots of a side, looked up and built once: a newer release of its series
# may come out meanwhile, or somebody edits the module. Where they cannot be had, that is the end.
pin() {
	local kernel="$base" kdir="$base_kdir" ko="${module-}" found
	[ "$1" != new ] || kernel=$new kdir=$new_kdir
	if [ ! -f "$kernel" ]; then
		found=$("$scripts/setup/kernel.sh" get "$kernel") || exit
		kdir=${kdir:-$(said kdir "$found")}
		kernel=$(said name "$found")
	fi
	[ -n "$ko" ] || [ -z "$kdir" ] || ko=$("$scripts/setup/module.sh" "$kdir") || exit
	case $1 in
	new) new=$kernel new_module=$ko ;;
	*) base=$kernel base_module=$ko ;;
	esac
}

# show_boots: how many of all there will be are done, of both sides.
show_boots() {
	progress "$(boots_done)" "$boots_wanted" "$measured_since" "boots done"
}

# boots_done: of both sides.
boots_done() {
	find "$out" -path '*/boot-*/verdict' | wc -l
}

# which_boot DIR: "phase 2 of 5, about 40 s left".
which_boot() {
	local of=''
	case ${1##*/} in
	phase-*) of=" of 5" ;;
	pair-*) of=" of $pairs" ;;
	esac
	printf '%s%s' "$(printf '%s' "${1##*/}" | tr - ' ')" "$of"
	[ -z "${boots_wanted-}" ] || time_left "$(boots_done)" "$boots_wanted" "$measured_since"
}

# boot SIDE DIR BOOTS OPTION...: of the new kernel for side new, of the base kernel for any other (base, aa).
boot() {
	local side="$1" dir="$2" boots="$3" kernel kdir ko words code=0
	shift 3
	case $side in
	new) kernel=$new kdir=$new_kdir ko=${new_module:-${module-}} words="$append$new_append" ;;
	*) kernel=$base kdir=$base_kdir ko=${base_module:-${module-}} words="$append$base_append" ;;
	esac
	mkdir -p "$out/$side"
	set -- --kernel "$kernel" --lane "$lane" --smp "$smp" --boots "$boots" --out "$dir" "$@"
	# Two emulated CPUs take twice as long to come up, and a boot of the instruction lane that hangs hangs always: a busy
	# host is the likelier reason.
	[ "$smp" = 1 ] || [ "$lane" = time ] || set -- "$@" --boot-timeout 600
	set -- "$@" ${kdir:+--kdir "$kdir"} ${settle:+--settle "$settle"} ${words:+--append "$words"} ${ko:+--module "$ko"} \
		${accel:+--accel "$accel"} ${entry:+--entry "$entry"} ${more_image:+--add "$more_image"}
	if [ -n "${script-}" ]; then
		set -- "$@" --script "$script" --add "$(plan_file):/kab/plan" --append "$(plan_part append "$suite")"
		[ -n "$settle" ] || set -- "$@" --settle 5
	else
		set -- "$@" -- "$suite"
	fi
	note "booting $side, $(which_boot "$dir")"
	with_us "$scripts/vm.sh" "$@" >"$dir.log" 2>&1 || code=$?
	if [ "$code" = 2 ]; then
		# Wrong use, or a plan that the module refuses: every other boot would say the same.
		cat -- "$dir.log" >&2
		exit 2
	fi
	[ "$code" = 0 ] ||
		printf '%s: vm.sh ended with %s in %s: %s\n' "$side" "$code" "$dir" "$(tail -n 1 "$dir.log")" >>"$out/failed"
}

# boot_phases SIDE: all of them, the first one twice: equal boots must be equal.
boot_phases() {
	local side="$1" k
	boot_phase 1 "$mem" "$out/$side/ballast" boot "$side" "$out/$side/phase-1" 2
	for k in 2 3 4 5; do
		boot_phase "$k" "$mem" "$out/$side/ballast" boot "$side" "$out/$side/phase-$k" 1
	done
}

# vector_plan: the parameter lines that may be asked for on one CPU, as a suite; cells that need two are skipped there.
vector_plan() {
	local checker line
	checker=$(line_checker) || checker=true
	plan_part append "$suite" | sed 's/^/append /'
	plan_part lines "$suite" | while IFS= read -r line; do
		! printf '%s\n' "$line" | "$checker" 1 >/dev/null || printf '%s\n' "$line"
	done
}

# boot_vector SIDE: what a call does beside taking instructions is asked of one boot: none of it that is gated moves with
# a harmless change of the boot.
boot_vector() {
	vector_plan >"$out/$1.plan"
	if ! grep -q '=' "$out/$1.plan"; then
		note "$1: no line of $suite runs on one CPU: no vectors"
		return
	fi
	(
		suite=$out/$1.plan
		boot "$1" "$out/$1/vector" 1 --smp 1 --mem "${mem}M" --vector
	)
}

# pair_order: a line of sides per pair; odd ones drawn from the seed, the next one its mirror image, so that a steady
# drift of the machine cancels (ABBA BAAB).
pair_order() {
	local sides="base new"
	[ -z "$aa" ] || sides="base aa new"
	awk -v seed="$seed" -v pairs="$pairs" -v sides="$sides" 'BEGIN {
		state = (seed * 48271 + 11) % 2147483647
		n = split(sides, side, " ")
		for (k = 1; k <= pairs; k++) {
			if (k % 2)
				for (i = n; i > 1; i--) {
					state = (state * 16807) % 2147483647
					j = 1 + int(state / 2147483647 * i)
					x = side[i]; side[i] = side[j]; side[j] = x
				}
			for (i = 1; i <= n; i++)
				printf "%s%s", side[k % 2 ? i : n + 1 - i], (i < n ? " " : "\n")
		}
	}'
}

# foretell: what the pairs will find, by the first of them, while there is time to ask for more.
foretell() {
	"$scripts/compare.sh" --foretell "$pairs" ${delta:+--delta "$delta"} ${aa:+--aa "$out/aa"} "$out/base" "$out/new" 2>&1 |
		sed "s/^/$me: /" >&2
}

# boot_pairs: never two at a time, for they would share caches and memory bandwidth.
boot_pairs() {
	local k=0 side sides
	pair_order >"$out/order"
	while read -r sides <&8; do
		k=$((k + 1))
		for side in $sides; do
			boot "$side" "$out/$side/pair-$k" 1 --mem "${mem}M"
		done
		[ "$k" != 1 ] || [ -z "${foretells-}" ] || foretell
	done 8<"$out/order"
}
