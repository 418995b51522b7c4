# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# shellcheck disable=SC2154 # $cache is lib.sh's
# Debian's archive as this machine's package lists know it, and other suites and architectures in the same archive: their
# lists lie in the cache, and what is fetched from there is unpacked, never installed. Sourced by kernel.sh, kernels.sh
# and module.sh.

# In a container apt is told to keep no index of its lists, and takes most of a second to make one for every question;
# who is not root cannot renew the one there is. So the index lies with our kernels.
own_index=$cache/kernels/.lists.bin
index=$own_index

# shellcheck source=bench-scripts/setup/machine.sh
. "$scripts/setup/machine.sh"
native=$(host_arch)
# Set once the archive did not answer: the next list need not wait for it, too.
offline=''

# suites: PLACE TOOLCHAIN SUITE...: where else a kernel can be had, asked in this order; in TOOLCHAIN are the compilers
# of its kernels.
suites() {
	cat <<'TABLE'
bookworm bookworm bookworm bookworm-security
trixie trixie trixie trixie-security
trixie-backports trixie trixie-backports
sid sid sid
experimental sid experimental
TABLE
}

# apt TOOL WORD...: one of apt's, with that index.
apt() {
	local tool="$1"
	shift
	"$tool" -o "Dir::Cache::pkgcache=$index" -o Dir::Cache::srcpkgcache= "$@"
}

# ask VERB WORD...: of the package lists.
ask() {
	apt apt-cache "$@"
}

# has PACKAGE: the lists do.
has() {
	ask pkgnames "$1" | grep -Fqx -e "$1"
}

# download PACKAGE...: into the present folder.
download() {
	apt apt-get -q -o APT::Sandbox::User=root download "$@" >&2
}

# own_archives: "URI SUITE" of the archives this machine takes Debian from, and its security updates.
own_archives() {
	# shellcheck disable=SC2016 # apt's dollars
	(go_home && apt apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages') |
		awk '$3 == "main" && $2 ~ /^(bookworm|trixie|forky|sid|oldstable|stable|testing|unstable)(-security)?$/ { print $1, $2 }'
}

# know_archives: asked once.
know_archives() {
	[ -n "${archives+asked}" ] || archives=$(own_archives)
}

# is_own SUITE: this machine's own lists have it.
is_own() {
	know_archives
	printf '%s\n' "$archives" | grep -q " $1\$"
}

# lists_whole: this machine has the lists of every archive that its sources name. A fresh one has none, or only that of the
# archive it was made from, without security updates.
lists_whole() {
	# shellcheck disable=SC2016 # apt's dollars
	{
		apt-get indextargets --format '$(FILENAME)'
		apt-get update --print-uris
	} 2>/dev/null | awk '
		/^\// { sub(/.*\//, ""); there[++n] = $0; next }
		sub(/InRelease$/, "", $2) { named[$2] }
		END {
			for (archive in named) {
				found = 0
				for (i = 1; i <= n; i++)
					found += index(there[i], archive) == 1
				lacking += !found
			}
			exit lacking > 0
		}'
}

# have_own: there are lists of this machine. Only root can make them whole.
have_own() {
	go_home
	[ "$(id -u)" != 0 ] || lists_whole || refresh 1440
	ask pkgnames linux- | grep -q . || { refresh && ask pkgnames linux- | grep -q .; }
}

# places ARCH: where to look for a kernel of it, in this order: what this machine's lists have comes first.
places() {
	local row suite
	know_archives
	if [ "$1" = "$native" ] && have_own; then
		echo own
	else
		suites | while read -r row _ suite _; do
			! is_own "$suite" || echo "$row"
		done
	fi
	[ -n "$archives" ] || return 0
	suites | while read -r row _ suite _; do
		is_own "$suite" || echo "$row"
	done
}

# row PLACE: of suites.
row() {
	suites | grep "^$1 "
}

# toolchain_of PLACE: the suite with the compilers of its kernels, where this machine's own lists lack it.
toolchain_of() {
	local suite
	[ "$1" != own ] || return 0
	suite=$(row "$1" | cut -d ' ' -f 2)
	is_own "$suite" || printf '%s\n' "$suite"
}

# archive_of SUITE: the URI of the archive that has it.
archive_of() {
	know_archives
	case $1 in
	*-security) printf '%s\n' "$archives" | awk '$2 ~ /-security$/ { print $1; exit }' ;;
	*) printf '%s\n' "$archives" | awk '$2 !~ /-security$/ { print $1; exit }' ;;
	esac
}

# keys: the file of the archive's keys, where it has the usual name.
keys() {
	local file=/usr/share/keyrings/debian-archive-keyring.gpg
	[ ! -f "$file" ] || printf '%s\n' "$file"
}

# sources SUITE...: lines of a sources.list.
sources() {
	local suite uri keys
	keys=$(keys)
	for suite in "$@"; do
		uri=$(archive_of "$suite")
		[ -z "$uri" ] || printf 'deb %s%s %s main\n' "${keys:+[signed-by=$keys] }" "$uri" "$suite"
	done
}

# put FILE: what comes in, unless that is there already: an index of apt's is as old as what it was made from.
put() {
	cat >"$1.$$"
	if cmp -s -- "$1.$$" "$1"; then
		rm -f -- "$1.$$"
	else
		mv -- "$1.$$" "$1"
	fi
}

# go_home: from here on, the package lists are this machine's.
go_home() {
	unset APT_CONFIG
	index=$own_index
}

# go_to PLACE ARCH: from here on, the package lists are those of that place; false where they cannot be had.
go_to() {
	local dir
	[ "$1" != own ] || { go_home && return; }
	dir=$cache/archive/$1
	[ "$2" = "$native" ] || dir=$dir-$2
	mkdir -p "$dir/lists/partial" "$dir/archives/partial"
	# shellcheck disable=SC2046 # suites: no blanks, no wildcards
	sources $(row "$1" | cut -d ' ' -f 3-) | put "$dir/sources.list"
	: | put "$dir/status"
	put "$dir/apt.conf" <<CONF
APT::Architectures { "$native"; "$2"; };
Dir::Etc::sourcelist "$dir/sources.list";
Dir::Etc::sourceparts "-";
Dir::State::lists "$dir/lists";
Dir::State::status "$dir/status";
Dir::Cache::archives "$dir/archives";
Acquire::Languages "none";
APT::Sandbox::User "root";
CONF
	export APT_CONFIG="$dir/apt.conf"
	index=$dir/lists.bin
	[ -e "$dir/.fresh" ] || refresh
	[ -e "$dir/.fresh" ]
}

# stamp: the file that is as old as the lists.
stamp() {
	if [ -n "${APT_CONFIG-}" ]; then
		printf '%s/.fresh\n' "${APT_CONFIG%/*}"
	else
		printf '%s/kernels/.fresh\n' "$cache"
	fi
}

# refresh [MINUTES]: the package lists, unless they are younger, as somebody else may have refreshed them just now. Those
# of this machine are root's to refresh; that it cannot says nothing about the others.
# shellcheck disable=SC2120 # kernel.sh gives one
refresh() {
	local stamp
	stamp=$(stamp)
	exec 8>"$cache/kernels/.lock"
	flock 8
	if [ -z "$offline" ] && [ -z "$(find "$stamp" -mmin "-${1:-2}" 2>/dev/null)" ]; then
		note "refreshing the package lists${APT_CONFIG:+ of $(basename -- "${APT_CONFIG%/*}")}"
		if apt-get -q -o APT::Update::Error-Mode=any update >&2; then
			touch -- "$stamp"
		else
			note "cannot refresh the package lists: see message above"
			offline=${APT_CONFIG:+1}
		fi
	fi
	exec 8>&-
}
