#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Build the module outside its source folder, once per kernel, compiler and source text.
set -eu

scripts=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"
# shellcheck source=bench-scripts/setup/archive.sh
. "$scripts/setup/archive.sh"
# shellcheck source=bench-scripts/setup/toolchain.sh
. "$scripts/setup/toolchain.sh"

usage() {
	cat <<'USAGE'
usage: module.sh KDIR [MAKE-WORD...]
       module.sh --in-place [KDIR]
       module.sh --install ROOT [KDIR]
       module.sh --compiler KDIR

Builds kmod/ against KDIR, a kernel's build folder, and prints the path of the
.ko. kmod/ is left alone, and nothing is built when the same text was built for
the same kernel and compiler before. Safe to run several times at once.
MAKE-WORD: passed on to kbuild, such as W=1.

  --in-place      make kmod/kallocbench.ko; KDIR is by default that of the
                  running kernel, else of the newest headers installed
  --install ROOT  the same, and kbuild's modules_install below ROOT, '' for
                  this machine
  --compiler      print the compiler that would build it, and its version

A kernel that clang built gets a module built by clang, one of another
architecture a module built by a cross compiler. A kernel of kernel.sh's whose
headers ask for a compiler that this Debian lacks gets it from the Debian that
has it, in a chroot made once; that takes root.
Exit: 0 good, 2 wrong use, 3 cannot be built.
USAGE
}

# snapshot DIR: the module's sources as they are now; what is built is what was looked at, even if somebody edits.
snapshot() {
	cp -- "$top"/kmod/Kbuild "$top"/kmod/*.[ch] "$top"/kmod/*.def "$1/"
}

cleanup() {
	[ -z "$source" ] || rm -rf -- "$source"
}

# given WORD...: the compiler that the user chose, in these words of make, in those of a make that called us, or in the
# environment, as kbuild understands them; nothing if he chose none.
given() {
	local word cc=''
	# shellcheck disable=SC2086 # words
	for word in ${LLVM:+"LLVM=$LLVM"} ${MAKEFLAGS-} "$@"; do
		case $word in
		CC=*) cc=${word#CC=} ;;
		LLVM=-*) cc=clang${word#LLVM=} ;;
		LLVM=*/) cc=${word#LLVM=}clang ;;
		LLVM=?*) cc=clang ;;
		esac
	done
	printf '%s' "$cc"
}

# config KDIR SYMBOL: its value in the kernel's configuration.
config() {
	[ ! -f "$1/.config" ] || sed -n "s/^CONFIG_$2=//p" "$1/.config"
}

# clang_suffix VERSION: what tells the clang of that kernel from others here, where the plain one is another.
clang_suffix() {
	local major="${1%????}"
	clang --version 2>/dev/null | grep -q "clang version $major\." || ! have "clang-$major" || printf -- '-%s' "$major"
}

# named_compiler KDIR: what Debian's headers call the kernel's compiler.
named_compiler() {
	[ ! -f "$1/.kernelvariables" ] || sed -n 's/^CC *=.*[ )]\(gcc[^ )]*\)$/\1/p' "$1/.kernelvariables"
}

# pick_arch KDIR: sets cross to the prefix of its tools, and tools to the words that tell kbuild, where it is another
# architecture than ours.
pick_arch() {
	local arch=''
	[ ! -f "$1/.config" ] || arch=$(arch_of_config "$1/.config")
	cross='' tools=''
	[ -n "$arch" ] && [ "$arch" != "$(host_arch)" ] || return 0
	cross=$(cross_of "$arch")
	tools="ARCH=$(machine "$arch" kbuild)${cross:+ CROSS_COMPILE=$cross}"
}

# pick_gcc KDIR: this machine's, else that of the Debian the kernel comes from.
pick_gcc() {
	local suite
	cc=$cross$(named_compiler "$1")
	[ "$cc" != "$cross" ] || cc=${cross}gcc
	! fits "$1" "$cc" || return 0
	suite=$(suite_of "$1")
	if [ -n "$suite" ]; then
		toolchain "$suite" "$(package_of "$cc")"
	elif ! have "$cc"; then
		cannot "the kernel of $1 was built with $cc, which is not here: ${cross:+bench-scripts/setup/deps.sh run arm64, or }apt-get install $(package_of "$cc")"
	fi
}

# pick_compiler KDIR WORD...: sets cc to the compiler that compiles, root to the chroot it is in, if any, and tools to the
# words that tell kbuild, unless it knows: the one that built the kernel, for the kernel's flags are in its language.
pick_compiler() {
	local kdir="$1" suffix
	shift
	root=''
	pick_arch "$kdir"
	cc=$(given "$@")
	[ -z "$cc" ] || return 0
	if [ "$(config "$kdir" CC_IS_CLANG)" != y ]; then
		pick_gcc "$kdir"
		return
	fi
	suffix=$(clang_suffix "$(config "$kdir" CLANG_VERSION)")
	cc=clang$suffix
	set -- "CC=$cc" "$cc"
	if [ "$(config "$kdir" LD_IS_LLD)" = y ]; then
		set -- "LLVM=${suffix:-1}" "$cc" "ld.lld$suffix" "llvm-ar$suffix"
	fi
	tools="${tools:+$tools }$1"
	shift
	have "$@" || cannot "the kernel of $kdir was built with clang; these are needed, and not all here: $*: apt-get install clang lld llvm"
}

# there COMMAND...: where the compiler is.
there() {
	if [ -n "$root" ]; then
		in_root "$root" "$@"
	else
		"$@"
	fi
}

# key SOURCE KDIR WORD...: changes when anything that decides about the module's code does.
key() {
	local source="$1" kdir="$2" file
	shift
	{
		printf '%s\n' "$@" "$tools" "$cc" ${root:+"${root##*/}"}
		# With something before it, as in "ccache gcc".
		there "${cc##* }" --version 2>/dev/null || :
		for file in .config Module.symvers include/generated/utsrelease.h include/generated/autoconf.h; do
			[ ! -f "$kdir/$file" ] || cat -- "$kdir/$file"
		done
		# Inline functions of the kernel's headers become part of the module: a patched kernel needs another one.
		[ ! -f "$kdir/vmlinux" ] || sha256sum <"$kdir/vmlinux"
		(cd -- "$source" && sha256sum -- *)
	} | sha256sum | cut -c 1-16
}

# compile LOG KDIR SOURCE WORD...
compile() {
	local log="$1" kdir="$2" source="$3"
	shift 3
	# BTF of a module is checked against the kernel's own, which Debian's headers lack; none is always taken. Debug
	# information would be stripped for the guest, and takes a fifth of the build.
	# shellcheck disable=SC2086 # words
	there make -j "$(nproc)" -C "$kdir" M="$source" CONFIG_DEBUG_INFO_BTF_MODULES= CONFIG_DEBUG_INFO= \
		$tools "$@" modules >"$log" 2>&1
}

# build KDIR SOURCE LOG WORD...: in SOURCE.
build() {
	local kdir="$1" source="$2" log="$3"
	shift 3
	timed module "building the module" compile "$log" "$kdir" "$source" "$@" || {
		cat -- "$log" >&2
		cannot "the module does not build against $kdir: see messages above"
	}
	# Of BTF, which is not made.
	grep -i 'warning' "$log" | grep -v -e 'Skipping BTF' -e 'pahole version differs' >&2 || :
}

# default_kdir: headers of the running kernel, else the newest.
default_kdir() {
	local dir
	dir=/lib/modules/$(uname -r)/build
	if [ ! -f "$dir/Makefile" ]; then
		dir=$(find /usr/src/linux-headers-* "$cache"/kernels/*/usr/src/linux-headers-* -maxdepth 0 \
			-type d ! -name '*-common*' 2>/dev/null | sort -V | tail -n 1)
		[ -n "$dir" ] || cannot "no kernel headers here: install some, or say KDIR=<kernel build dir>"
		note "no headers of the running kernel $(uname -r): building for $dir"
	fi
	printf '%s\n' "$dir"
}

# in_place [KDIR]: for people who want to see the compiler at work.
in_place() {
	local kdir="${1-}" release
	[ $# -le 1 ] || wrong "--in-place takes one build folder, not '$*'"
	[ -n "$kdir" ] || kdir=$(default_kdir) || exit
	[ -f "$kdir/Makefile" ] || die "no kernel build folder: $kdir"
	pick_compiler "$kdir"
	# shellcheck disable=SC2086 # words
	there make -j "$(nproc)" -C "$kdir" M="$top/kmod" CONFIG_DEBUG_INFO_BTF_MODULES= $tools modules ||
		cannot "the module does not build against $kdir: see messages above"
	if [ -n "$install" ]; then
		make -C "$kdir" M="$top/kmod" INSTALL_MOD_PATH="$root_of_install" CONFIG_DEBUG_INFO_BTF_MODULES= modules_install ||
			cannot "the module is not installed: see messages above"
		return
	fi
	release=$(sed -n 's/^#define UTS_RELEASE "\(.*\)"/\1/p' "$kdir/include/generated/utsrelease.h")
	if [ "$release" = "$(uname -r)" ]; then
		note "kmod/kallocbench.ko is for $release, the running kernel"
	else
		note "kmod/kallocbench.ko is for $release; the running kernel, $(uname -r), does not load it"
	fi
}

# compiler KDIR: as the module would say it of itself, but for words of make.
compiler() {
	[ $# = 1 ] || wrong "--compiler takes one build folder"
	[ -f "$1/Makefile" ] || die "no kernel build folder: $1"
	pick_compiler "$1"
	there "${cc##* }" --version | head -n 1
}

set_option() {
	[ -z "$mode" ] || wrong "$mode and $1 exclude each other"
	mode=$1
	[ "$1" != --install ] || install=1 root_of_install=$2
}

# run KDIR [MAKE-WORD...]
run() {
	local kdir="${1-}" dir tools cross root cc
	case $mode in
	--in-place | --install) in_place "$@" && return ;;
	--compiler) compiler "$@" && return ;;
	esac
	[ -n "$kdir" ] || wrong "no kernel build folder given"
	shift
	[ -f "$kdir/Makefile" ] || die "no kernel build folder: $kdir"
	kdir=$(cd -- "$kdir" && pwd -P)
	need make flock sha256sum
	case $kdir in
	*[[:space:]:]*) die "kbuild cannot work below a path with a blank or colon: $kdir" ;;
	esac
	case $cache in
	*[[:space:]:]*) die "kbuild cannot work below a path with a blank or colon: $cache; set KALLOCBENCH_CACHE" ;;
	esac
	pick_compiler "$kdir" "$@"
	mkdir -p "$cache/modules"
	trap cleanup EXIT
	trap 'exit 130' INT TERM HUP
	source=$(mktemp -d "$cache/modules/.source.XXXXXX")
	snapshot "$source"
	dir=$cache/modules/$(key "$source" "$kdir" "$@")
	# Modules for several kernels are built side by side, one and the same only once.
	exec 9>"$dir.lock"
	flock 9
	if [ ! -f "$dir/kallocbench.ko" ]; then
		rm -rf -- "$dir" "$dir.new"
		mv -- "$source" "$dir.new"
		build "$kdir" "$dir.new" "$dir.log" "$@" 9>&-
		mv -- "$dir.new" "$dir"
	fi
	printf '%s\n' "$dir/kallocbench.ko"
}

main() {
	source='' mode='' install='' root_of_install=''
	with_options run '--in-place --install=DIR --compiler DIR' "$@"
}

main "$@"
