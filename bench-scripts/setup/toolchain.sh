# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# shellcheck disable=SC2154 # $cache and $top are lib.sh's
# The compiler of another release of Debian, in a chroot: for kernels whose headers ask for one that this machine lacks,
# or whose tools do not run on its C library. Sourced by module.sh, after archive.sh.

# fits KDIR COMPILER: it is here, and so is what the kernel's own tools need to run.
fits() {
	local file
	have "$2" || return 1
	for file in scripts/mod/modpost scripts/basic/fixdep tools/objtool/objtool; do
		[ ! -f "$1/$file" ] || ! ldd "$1/$file" 2>&1 | grep -q 'not found' || return 1
	done
}

# suite_of KDIR: the release of Debian that has the compiler of that kernel, as kernel.sh left it.
suite_of() {
	[ ! -f "${1%/usr/src/*}/toolchain" ] || cat -- "${1%/usr/src/*}/toolchain"
}

# package_of COMPILER: what Debian calls the package of gcc-14, or of aarch64-linux-gnu-gcc-14.
package_of() {
	case $1 in
	*-gcc-*) echo "gcc-${1##*-}-${1%-gcc-*}" ;;
	*) printf '%s\n' "$1" ;;
	esac
}

# toolchain SUITE PACKAGE: sets root to a chroot of that suite with that compiler; made once, whole or not at all.
toolchain() {
	local dir="$cache/toolchains/$1-$2"
	if [ ! -d "$dir" ]; then
		mkdir -p "$cache/toolchains"
		exec 7>"$dir.lock"
		flock 7
		[ -d "$dir" ] || toolchain_make "$1" "$2" "$dir" 7>&-
		exec 7>&-
	fi
	root=$dir
}

# toolchain_make SUITE PACKAGE DIR: what debootstrap mounts in it ends with it.
toolchain_make() {
	local uri keys debootstrap
	[ "$(id -u)" = 0 ] || cannot "this needs $2 of Debian's $1, in a chroot, which only root can make and enter"
	# Where root's programs are is not in everybody's PATH.
	debootstrap=$(PATH=$PATH:/usr/sbin command -v debootstrap) || cannot "this needs $2 of Debian's $1, in a chroot: run bench-scripts/setup/deps.sh run, which installs debootstrap"
	uri=$(archive_of "$1") keys=$(keys)
	[ -n "$uri" ] || cannot "this needs $2 of Debian's $1, and this machine's package lists name no archive of Debian"
	note "making a chroot of Debian's $1 with $2, once: half a minute, 400 MB in $cache/toolchains"
	rm -rf -- "$3.new"
	unshare -m "$debootstrap" --variant=minbase ${keys:+"--keyring=$keys"} \
		--include="$2,make,libelf-dev" "$1" "$3.new" "$uri" >"$3.log" 2>&1 || {
		tail -n 5 -- "$3.log" >&2
		rm -rf -- "$3.new"
		cannot "cannot make a chroot of Debian's $1: see messages above, and $3.log"
	}
	rm -rf -- "$3.new"/var/cache/apt/archives/*.deb "$3.new"/var/lib/apt/lists/*
	mv -- "$3.new" "$3"
}

# in_root ROOT COMMAND...: in that chroot, where our folders lie where they lie here. Nobody else sees the mounts, and
# they end with the command.
in_root() {
	local root="$1"
	[ "$(id -u)" = 0 ] || cannot "the compiler is in the chroot $root, which only root can enter"
	shift
	# shellcheck disable=SC2016 # of the inner shell
	unshare -m sh -c '
		set -e
		root=$1 top=$2 cache=$3
		shift 3
		mkdir -p "$root$top" "$root$cache"
		mount -t proc proc "$root/proc"
		mount --bind /dev "$root/dev"
		mount --bind "$top" "$root$top"
		mount --bind "$cache" "$root$cache"
		exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin LC_ALL=C ${MAKEFLAGS:+"MAKEFLAGS=$MAKEFLAGS"} "$@"
	' in_root "$root" "$top" "$(cd -- "$cache" && pwd -P)" "$@"
}
