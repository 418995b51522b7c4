# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# shellcheck disable=SC2154 # $scripts is set by whoever sources this, with host.sh
# The architectures of guests: machines.list, asked. Beside it only what reads a kernel image knows one.

# shellcheck source=bench-scripts/guest/formats.sh
. "$scripts/guest/formats.sh"

# machine ARCH KEY: what the table says, nothing where it says nothing.
machine() {
	local arch key value
	while read -r arch key value; do
		[ "$arch $key" != "$1 $2" ] || printf '%s\n' "$value"
	done <"$scripts/setup/machines.list"
}

# machines KEY [VALUE]: ARCH VALUE of each, or the one architecture of which it is VALUE.
machines() {
	local arch key value
	while read -r arch key value; do
		[ "$arch" != '#' ] || continue
		if [ "$key" = "$1" ] && [ $# = 1 ]; then
			printf '%s %s\n' "$arch" "$value"
		elif [ "$key" = "$1" ] && [ "$value" = "$2" ]; then
			printf '%s\n' "$arch"
		fi
	done <"$scripts/setup/machines.list"
}

# is_machine ARCH: the table has it.
is_machine() {
	[ -n "$(machine "$1" uname)" ]
}

# known_machines: their names, for a sentence.
known_machines() {
	machines uname | cut -d ' ' -f 1 | tr '\n' ' ' | sed 's/ $//; s/ / and /g'
}

# host_arch: of this machine.
host_arch() {
	machines uname "$(uname -m)"
}

# cross_of ARCH: the prefix of its tools, nothing where they are this machine's own.
cross_of() {
	[ "$1" = "$(host_arch)" ] || machine "$1" cross
}

# arch_of_config FILE: of a kernel's configuration; nothing where it is none known here. The last that it sets: User Mode
# Linux is an x86, too.
arch_of_config() {
	local arch symbol found=''
	while read -r arch symbol; do
		! grep -qx "CONFIG_$symbol=y" "$1" || found=$arch
	done <<TABLE
$(machines config)
TABLE
	[ -z "$found" ] || printf '%s\n' "$found"
}

# base_configs ARCH: fragments of the smallest kernel that boots on it, a path a line; the later ones have their way.
base_configs() {
	local name
	for name in base "$1"; do
		[ ! -f "$scripts/setup/kernels/$name.config" ] || printf '%s\n' "$scripts/setup/kernels/$name.config"
	done
}

# check_entry ARCH ENTRY: what --entry says, perhaps nothing. Calls die().
check_entry() {
	local entries
	entries=$(machine "$1" entries)
	case " $entries " in
	*" ${2:-${entries%% *}} "*) ;;
	*) die "--entry is $(printf '%s' "$entries" | sed 's/ / or /g') for $1, not '$2'" ;;
	esac
}

# check_same_arch OPTION KERNEL OPTION KERNEL: figures of two machines say nothing of two kernels. Calls die().
check_same_arch() {
	local left right
	left=$(arch_of_kernel "$2") || exit
	right=$(arch_of_kernel "$4") || exit
	[ "$left" = "$right" ] ||
		die "not comparable: different architectures: $1 is of $left, $3 of $right; give two kernels of one"
}

# arch_of_name NAME: it says it behind a colon, as 6.12:arm64, a release at its end, as does 7.3-uml; any other is this
# machine's. Calls die().
arch_of_name() {
	local arch=''
	case $1 in
	uml | *-uml | uml+* | *-uml+*) arch=uml ;;
	*:*)
		arch=${1##*:}
		is_machine "$arch" || die "'$1': no machine '$arch' is known: $(known_machines) are"
		;;
	*-*)
		arch=${1##*-}
		is_machine "$arch" || arch=''
		;;
	esac
	printf '%s\n' "${arch:-$(host_arch)}"
}

# arch_of_kernel KERNEL: an image says it itself. Calls die().
arch_of_kernel() {
	if [ -f "$1" ]; then
		arch_of_image "$1"
	else
		arch_of_name "$1"
	fi
}
