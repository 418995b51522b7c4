#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Install what is missing for the tasks named, and say what and why.
set -eu

scripts=$(cd -- "$(dirname -- "$0")" && pwd -P)
. "$scripts/lib.sh"

usage() {
	cat <<'USAGE'
usage: deps.sh [-n] GROUP...

  modules	build the module for the running kernel
  run		build for a stock kernel, boot it in QEMU, draw pictures: make bench
  check		the tests: make check
  kernels	build debug kernels: make kernels
  report-check	look at the report in a real browser

Installs Debian packages that are missing, as root. Nothing missing: says so and changes
nothing. On another distribution it lists what is needed and which of it is missing.
  -n		only say what is missing; exits 3 if anything is
Exit: 0 all there, 2 wrong use, 3 something is missing and cannot be installed.
USAGE
}

# table: group, package, what tells that it is there (a command, a file with /, or - for dpkg's word), why.
table() {
	cat <<'TABLE'
modules gcc gcc compiles the module
modules make make runs the builds
modules linux-headers- /lib/modules/RELEASE/build headers of the running kernel
run gcc gcc compiles the module
run binutils strip strips the module for the guest
run make make runs the builds
run libelf1 - objtool of the kernel headers needs it
run util-linux flock locks the cache, ties QEMU to its script
run qemu-system-x86 qemu-system-x86_64 boots the kernel under test
run busybox-static - all programs of the guest
run cpio cpio makes the guest's file system
run gzip gzip unpacks results
run xz-utils xz unpacks kernel packages
run gawk gawk awk with 64-bit whole numbers
run gnuplot-nox gnuplot draws the pictures
run python3-minimal python3 writes the report
check git git tells which files are ours
check sparse sparse static check of the module
check shellcheck shellcheck static check of scripts
check shfmt shfmt layout of scripts
check bats bats tests of scripts
check codespell codespell spelling
check flake8 flake8 static check of python
check mypy mypy types of python
check gcovr gcovr coverage of the pure files
check libcmocka-dev /usr/include/cmocka.h unit tests of the pure files
check clang clang fuzzer of the parser
check libclang-rt-14-dev - sanitizers and libFuzzer for clang
check perl perl checkpatch and kernel-doc
check linux-source-6.12 - checkpatch.pl
check librsvg2-bin rsvg-convert looks into the pictures
check libxml2-utils xmllint checks SVG and HTML
check jq jq checks JSON
check kmod modinfo looks into the module
kernels gcc gcc compiles kernels
kernels make make runs the builds
kernels linux-source-6.12 - the source of the debug kernels
kernels linux-source-6.1 - the source of the oldest kernel served
kernels flex flex kernel configuration
kernels bison bison kernel configuration
kernels bc bc kernel build
kernels libelf-dev /usr/include/libelf.h objtool
kernels libssl-dev /usr/include/openssl/ssl.h module signing
kernels ccache ccache makes the second build take seconds
kernels xz-utils xz unpacks the source
kernels cpio cpio kernel build
report-check chromium chromium opens the report as a reader does
report-check nodejs node drives the browser
TABLE
}

# there PACKAGE SIGN: is it?
there() {
	case $2 in
	-) have dpkg-query && dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed ;;
	*/*) [ -e "$2" ] ;;
	*) have "$2" ;;
	esac
}

# missing GROUP...: "package why" of what is not there, each package once.
missing() {
	local group package sign why release
	release=$(uname -r)
	table | while read -r group package sign why; do
		case " $* " in
		*" $group "*) ;;
		*) continue ;;
		esac
		[ "$package" != linux-headers- ] || package=linux-headers-$release
		there "$package" "$(printf '%s' "$sign" | sed "s/RELEASE/$release/")" || printf '%s %s\n' "$package" "$why"
	done | awk '!seen[$1]++'
}

# install_them FILE: the packages FILE lists.
install_them() {
	local packages
	packages=$(cut -d ' ' -f 1 "$1" | tr '\n' ' ')
	[ "$(id -u)" = 0 ] || cannot "only root can install them: apt-get install $packages"
	# A fresh machine has no package lists at all.
	apt-cache show base-files >/dev/null 2>&1 || apt-get -q update >&2 || cannot "cannot fetch the package lists"
	# shellcheck disable=SC2086 # package names, one word each
	if ! quiet_install $packages; then
		# The lists are older than the archive: names in them are gone.
		apt-get -q update >&2 || cannot "cannot refresh the package lists"
		quiet_install $packages || cannot "cannot install them: see messages above"
	fi
}

quiet_install() {
	DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends \
		-o DPkg::Lock::Timeout=300 install "$@" >&2
}

main() {
	local dry=0 group list
	case ${1-} in
	-h | --help)
		usage
		exit 0
		;;
	-n)
		dry=1
		shift
		;;
	esac
	[ $# -gt 0 ] || { usage >&2 && exit 2; }
	for group in "$@"; do
		table | cut -d ' ' -f 1 | grep -qx -e "$group" || die "no group '$group': modules, run, check, kernels, report-check"
	done
	list=$(mktemp)
	# shellcheck disable=SC2064 # the name of now
	trap "rm -f '$list'" EXIT
	missing "$@" >"$list"
	if [ ! -s "$list" ]; then
		note "all packages for $* are there"
		exit 0
	fi
	note "missing for $*:"
	sed 's/^\([^ ]*\) /  \1: /' "$list" >&2
	[ "$dry" = 0 ] || exit 3
	have apt-get || cannot "no apt-get here: install the above by this system's own means (names are Debian's)"
	install_them "$list"
	missing "$@" >"$list"
	[ ! -s "$list" ] || cannot "still missing: $(cut -d ' ' -f 1 "$list" | tr '\n' ' ')"
	note "installed"
}

main "$@"
