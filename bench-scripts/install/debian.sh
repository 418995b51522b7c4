#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Make Debian packages of this tree: a source package, kallocbench and kallocbench-dkms.
set -eu
umask 022

scripts=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"

usage() {
	cat <<'USAGE'
usage: debian.sh -o DIR [--source]

  -o, --out DIR   where the packages go, and a copy of this tree that they are
                  made from; DIR/kallocbench-VERSION must not exist
  --source        only the source package
  --version V     default 0.1.DATE of the last commit
Needs debhelper, dh-dkms and help2man. Who packs it is its maintainer:
DEBFULLNAME and DEBEMAIL, else git's user.name and user.email.
Exit: 0 good, 2 wrong use, 3 cannot be made.
USAGE
}

out='' source='' version=''

set_option() {
	case $1 in
	--out) out=$2 ;;
	--source) source=1 ;;
	--version) version=$2 ;;
	esac
}

# packages WANTED: of deps.list's groups build and run, as a dependency has them: those that are needed, or with WANTED=no
# those that something can do without. What every Debian has goes without saying; gcc-12 is Debian 12's alone, and kernels
# of another compiler bring theirs in a chroot.
packages() {
	awk -v wanted="$1" '
		$1 !~ /^(build|run)$/ || $2 ~ /^(util-linux|gzip|gcc-12)$/ || seen[$2]++ { next }
		($2 ~ /^(debootstrap|parallel|python3)$/) == (wanted == "no") {
			gsub(/\|/, " | ", $2)
			text = text (text == "" ? "" : ", ") $2
		}
		END { print text }' "$scripts/setup/deps.list"
}

# copy_tree DIR: what git has, or in a tree without it what is there.
copy_tree() {
	mkdir -p -- "$1"
	(cd -- "$top" && {
		git ls-files -z 2>/dev/null | grep -z . || find . -type f ! -path './.cache/*' ! -path './.git/*' -print0
	} | tar -c --null -T - -f -) >"$1.tar" || cannot "cannot read $top"
	tar -x -C "$1" -f "$1.tar"
	rm -f -- "$1.tar"
}

# date_of FORMAT: of the last commit, or of today.
date_of() {
	git -C "$top" log -1 --format=%cd --date="format:$1" 2>/dev/null || date "+$1"
}

# write_debian DIR
write_debian() {
	cp -R -- "$scripts/install/debian" "$1/debian"
	sed -i "s/@DEPENDS@/$(packages yes)/; s/@RECOMMENDS@/$(packages no)/; s/@MAINTAINER@/$maintainer/" "$1/debian/control"
	cp -- "$scripts/install/dkms.conf" "$1/debian/kallocbench-dkms.dkms"
	mkdir -p -- "$1/debian/source"
	echo '3.0 (native)' >"$1/debian/source/format"
	cat >"$1/debian/changelog" <<-END
		kallocbench ($version) unstable; urgency=medium

		  * Made by debian.sh from $(git -C "$top" log -1 --format=%h 2>/dev/null || echo 'a tree without git').

		 -- $maintainer  $(date_of '%a, %d %b %Y %H:%M:%S +0000')
	END
}

run() {
	local dir maintainer
	[ $# = 0 ] || wrong "'$1' belongs to no option"
	[ -n "$out" ] || wrong "-o DIR is missing"
	version=${version:-0.1.$(date_of %Y%m%d)}
	printf '%s\n' "$version" | grep -q -x -E '[0-9][0-9A-Za-z.+~]*' || wrong "--version: a digit, then letters, digits and . + ~, not '$version'"
	have dpkg-buildpackage dh dh_dkms help2man || cannot "dpkg-buildpackage, dh, dh_dkms or help2man is not here: run bench-scripts/setup/deps.sh install"
	maintainer="${DEBFULLNAME:-$(git config user.name || :)} <${DEBEMAIL:-$(git config user.email || :)}>"
	case $maintainer in
	?*' <'?*@?*'>') ;;
	*) die "who packs it? DEBFULLNAME and DEBEMAIL are not set, and git knows '$maintainer'" ;;
	esac
	dir=$out/kallocbench-$version
	[ ! -e "$dir" ] || die "$dir exists: give another -o"
	copy_tree "$dir"
	write_debian "$dir"
	cd -- "$dir" || exit
	dpkg-buildpackage --no-sign ${source:+--build=source} >../build.log 2>&1 || {
		tail -n 20 ../build.log >&2
		cannot "the packages cannot be built: see $out/build.log"
	}
	(cd .. && printf '%s\n' "$PWD"/kallocbench*.deb "$PWD"/kallocbench*.dsc) | grep -v '\*'
}

main() {
	with_options run '-o|--out=DIR --source --version=VERSION' "$@"
}

main "$@"
