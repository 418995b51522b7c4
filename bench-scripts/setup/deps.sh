#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Install what is missing for the tasks named, and say what and why.
set -eu

scripts=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"
# shellcheck source=bench-scripts/setup/archive.sh
. "$scripts/setup/archive.sh"

usage() {
	cat <<'USAGE'
usage: deps.sh [-n] GROUP...

Installs Debian packages that are missing, which takes root; nothing else here
does. Nothing missing: says so and changes nothing. On another distribution it
lists what is needed and which of it is missing. GROUP is one of

  build         build the module
  headers       those of the running kernel: make load
  run           build for a stock kernel, boot it in QEMU, draw: make bench
  arm64         in addition to run, the same for arm64 kernels
  check         the tests: make check
  kernels       build debug kernels: make kernels
  clang         those by clang
  install       man pages and Debian packages: make install
  matrix-check  ssh and SLURM on this machine
  report-check  look at the report in a real browser

  -n            only say what is missing; exits 3 if anything is

Exit: 0 all there, 2 wrong use, 3 something is missing and cannot be installed.
USAGE
}

# table: the rows of deps.list.
table() {
	grep -v '^#' "$scripts/setup/deps.list"
}

# there PACKAGE[|PACKAGE...] SIGN: is it?
there() {
	case $2 in
	-)
		# shellcheck disable=SC2046 # package names: no blanks, no wildcards
		have dpkg-query && dpkg-query -W -f '${db:Status-Status}\n' $(echo "$1" | tr '|' ' ') 2>/dev/null | grep -qx installed
		;;
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

# named FILE: the packages FILE lists, each by the first of its names that this release has.
named() {
	local names name
	cut -d ' ' -f 1 "$1" | tr '|' ' ' | while read -r names; do
		for name in $names; do
			! apt-cache show --no-all-versions "$name" >/dev/null 2>&1 || break
		done
		# Without an answer, apt-get shall say what it thinks of the last.
		printf '%s\n' "$name"
	done
}

# install_them FILE: the packages FILE lists.
install_them() {
	if ! lists_whole && ! apt-get -q update >&2; then
		# One archive of several may be away; what we need may be in the others.
		apt-cache show base-files >/dev/null 2>&1 || cannot "cannot fetch the package lists"
	fi
	# shellcheck disable=SC2046 # package names, one word each
	if ! quiet_install $(named "$1"); then
		# The lists are older than the archive: names in them are gone.
		apt-get -q update >&2 || cannot "cannot refresh the package lists"
		# shellcheck disable=SC2046
		quiet_install $(named "$1") || cannot "cannot install them: see messages above"
	fi
}

quiet_install() {
	DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends \
		-o DPkg::Lock::Timeout=300 install "$@" >&2
}

set_option() {
	dry=1
}

# run GROUP...
run() {
	local group groups list
	groups=$(table | awk '!seen[$1]++ { printf "%s ", $1 }')
	[ $# -gt 0 ] || wrong "which of ${groups% }?"
	for group in "$@"; do
		case " $groups" in
		*" $group "*) ;;
		*) wrong "no group '$group', but ${groups% }" ;;
		esac
	done
	list=$(mktemp)
	# shellcheck disable=SC2064 # the name of now
	trap "rm -f '$list'" EXIT
	trap 'exit 130' INT TERM HUP
	missing "$@" >"$list"
	if [ ! -s "$list" ]; then
		note "all packages for $* are there"
		exit 0
	fi
	note "missing for $*:"
	sed 's/^\([^ ]*\) /  \1: /; s/|/ or /g' "$list" >&2
	[ "$dry" = 0 ] || exit 3
	have apt-get || cannot "no apt-get here: install the above by this system's own means (names are Debian's)"
	[ "$(id -u)" = 0 ] || cannot "only root can install them: $(have sudo && echo sudo || echo as root:) $scripts/setup/deps.sh $*"
	install_them "$list"
	missing "$@" >"$list"
	[ ! -s "$list" ] || cannot "still missing: $(cut -d ' ' -f 1 "$list" | tr '\n' ' ' | sed 's/|/ or /g')"
	note "installed"
}

main() {
	dry=0
	with_options run '-n build|headers|run|arm64|check|kernels|clang|install|matrix-check|report-check' "$@"
}

main "$@"
