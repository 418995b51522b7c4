# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# shellcheck disable=SC2154 # arch, cross and tree are set by whoever sources this, after host.sh and machine.sh
# A kernel's own tree: its commits, and how one is built. Sourced by bisect.sh and ci.sh, which set $tree and $arch.

# in_tree WORD...: git in the user's tree, which in a container another user may own.
in_tree() {
	GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0="$tree" git -C "$tree" "$@"
}

# commit_of NAME: its hash, or nothing.
commit_of() {
	in_tree rev-parse --verify --quiet "$1^{commit}"
}

# check_out COMMIT DIR: into a folder and an index of our own; files that have not changed keep their date.
check_out() {
	mkdir -p -- "$2/source"
	GIT_INDEX_FILE=$2/index in_tree --work-tree="$2/source" read-tree --reset -u "$1"
}

# tree_compiler CONFIG: sets cross, cc, hostcc and compiler, the one that has to be there, by what the configuration says.
tree_compiler() {
	local host=gcc
	cross=$(cross_of "$arch") cc='' hostcc='' compiler=''
	compiler=${cross}gcc
	# From the environment kbuild takes this, and so does module.sh.
	! grep -qx CONFIG_CC_IS_CLANG=y "$1" || { compiler=clang host=clang && cc=clang hostcc=clang; }
	! grep -qx CONFIG_LD_IS_LLD=y "$1" || export LLVM=1
	! have ccache || { cc="ccache $compiler" hostcc="ccache $host"; }
}

tree_make() {
	local source="$1" build="$2"
	shift 2
	# make refuses an empty argument.
	[ -z "$cc" ] || set -- "CC=$cc" "HOSTCC=$hostcc" "$@"
	[ -z "$cross" ] || set -- "CROSS_COMPILE=$cross" "$@"
	[ "$arch" = "$(host_arch)" ] || set -- "ARCH=$(machine "$arch" kbuild)" "$@"
	reproducible_make "$source" "$build" LOCALVERSION= "$@" >>"$build/build.log" 2>&1
}

# build_tree SOURCE BUILD CONFIG: incrementally; fails with what the compiler said. The configuration is made anew, for
# options come and go between commits; what it does not name is off.
build_tree() {
	local source="$1" build="$2" image
	image=$(machine "$arch" image)
	tree_compiler "$3"
	# What an earlier build compiled is found there.
	use_ccache
	mkdir -p -- "$build"
	: >"$build/build.log"
	if tree_make "$source" "$build" KCONFIG_ALLCONFIG="$3" allnoconfig && tree_make "$source" "$build" "${image##*/}" modules; then
		return 0
	fi
	grep -m 5 -e ' error: ' -e ' undefined ' -e '\*\*\* ' "$build/build.log" >&2 || tail -n 5 "$build/build.log" >&2
	return 1
}
