#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The job of a kernel's tree: build the two ends of a pull request, and judge the new one by the old one.
set -eu

scripts=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"
# shellcheck source=bench-scripts/setup/machine.sh
. "$scripts/setup/machine.sh"

usage() {
	cat <<'USAGE'
usage: ends.sh [--config FILE] TREE BASE NEW [-- ci.sh option...]

TREE is a clone of a kernel, BASE and NEW are commits in it. Builds both with
one configuration, below .cache/ends (or $KALLOCBENCH_CACHE), where the next
run finds what has not changed; TREE itself is only read.

  --config FILE   configuration fragment; default: the smallest kernel that
                  boots in QEMU (bench-scripts/setup/kernels/base.config)

Exit: as ci.sh: 0 no regression, 1 regression, 2 wrong use, 3 could not be
judged, a commit that does not build among it.
USAGE
}

config=''

set_option() {
	config=$2
}

# in_tree WORD...: git in the user's tree, which in a container another user may own.
in_tree() {
	GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0="$tree" git -C "$tree" "$@"
}

# commit_of NAME: its hash.
commit_of() {
	in_tree rev-parse --verify --quiet "$1^{commit}" || die "no commit '$1' in $tree: is the clone deep enough?"
}

# check_out COMMIT DIR: into a folder and an index of our own; files that have not changed keep their date.
check_out() {
	mkdir -p -- "$2/source"
	GIT_INDEX_FILE=$2/index in_tree --work-tree="$2/source" read-tree --reset -u "$1"
}

kernel_make() {
	reproducible_make "$1" "$1/build" CC="$cc" HOSTCC="$cc" LOCALVERSION= "$2" ${3:+"$3"} ${4:+"$4"} >>"$log" 2>&1
}

# build SIDE COMMIT
build() {
	local dir="$cache/ends/$1" source="$cache/ends/$1/source"
	log=$dir/build.log
	check_out "$2" "$dir" || cannot "cannot check out $2: see message above"
	note "building $1: $(in_tree log -1 --format='%h (%s)' "$2")"
	: >"$log"
	if ! kernel_make "$source" KCONFIG_ALLCONFIG="$config" allnoconfig || ! kernel_make "$source" "${image##*/}" modules; then
		grep -m 5 -e ' error: ' -e ' undefined ' -e '\*\*\* ' "$log" >&2 || tail -n 5 "$log" >&2
		cannot "$1 does not build: see $log"
	fi
}

# run TREE BASE NEW [WORD...]
run() {
	local base new image
	[ $# -ge 3 ] || wrong "TREE, BASE and NEW are needed"
	[ -z "$config" ] || [ -r "$config" ] || die "--config: cannot read $config"
	[ -f "$1/Kconfig" ] || die "$1 is no kernel tree"
	if [ -n "$config" ]; then
		config=$(realpath -- "$config")
	else
		mkdir -p -- "$cache/ends"
		config=$cache/ends/base.config
		base_configs "$(host_arch)" | xargs -d '\n' cat -- >"$config"
	fi
	tree=$(cd -- "$1" && pwd -P)
	base=$(commit_of "$2") || exit
	new=$(commit_of "$3") || exit
	shift 3
	cc=gcc
	! have ccache || cc='ccache gcc'
	use_ccache
	image=$(machine "$(host_arch)" image)
	build base "$base"
	build new "$new"
	set -- --new "$cache/ends/new/source/build/$image" --new-kdir "$cache/ends/new/source/build" "$@"
	exec "$scripts/ci.sh" --base "$cache/ends/base/source/build/$image" \
		--base-kdir "$cache/ends/base/source/build" "$@"
}

main() {
	with_options run --config= "$@"
}

main "$@"
