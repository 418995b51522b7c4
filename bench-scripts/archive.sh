# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# shellcheck disable=SC2154 # $cache is lib.sh's
# Debian's archive as this machine's package lists know it, and another release of Debian in the same archive: its lists
# lie in the cache, and what is fetched from there is unpacked, never installed. Sourced by kernel.sh and kernels.sh.

# In a container apt is told to keep no index of its lists, and takes most of a second to make one for every question;
# who is not root cannot renew the one there is. So the index lies with our kernels.
index=$cache/kernels/.lists.bin

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

# download PACKAGE...: into the present folder.
download() {
	apt apt-get -q -o APT::Sandbox::User=root download "$@" >&2
}

# home_of SERIES: the release of Debian whose kernel that is, where others lack it.
home_of() {
	case $1 in
	6.1) echo bookworm ;;
	esac
}

# own_archives: "URI SUITE" of the archives this machine takes Debian from, and its security updates.
own_archives() {
	# shellcheck disable=SC2016 # apt's dollars
	apt apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
		awk '$3 == "main" && $2 ~ /^(bookworm|trixie|forky|sid|oldstable|stable|testing|unstable)(-security)?$/ { print $1, $2 }'
}

# sources SUITE: lines of a sources.list, for SUITE where own_archives, on stdin, have another release.
sources() {
	local keys=/usr/share/keyrings/debian-archive-keyring.gpg
	[ -f "$keys" ] && keys="[signed-by=$keys] " || keys=
	awk -v suite="$1" -v keys="$keys" '{ sub(/^[a-z]*/, suite, $2); print "deb " keys $1 " " $2 " main" }' | sort -u
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

# elsewhere SUITE SOURCES: from here on, the package lists are those of that release.
elsewhere() {
	local dir="$cache/archive/$1"
	mkdir -p "$dir/lists/partial" "$dir/archives/partial"
	printf '%s\n' "$2" | put "$dir/sources.list"
	put "$dir/apt.conf" <<CONF
Dir::Etc::sourcelist "$dir/sources.list";
Dir::Etc::sourceparts "-";
Dir::State::lists "$dir/lists";
Dir::Cache::archives "$dir/archives";
Acquire::Languages "none";
APT::Sandbox::User "root";
CONF
	export APT_CONFIG="$dir/apt.conf"
	index=$dir/lists.bin
}

# at_home SERIES PACKAGE: where this machine's lists have no such package, a pattern, take the lists of the release the
# series is at home in.
at_home() {
	local suite archives
	suite=$(home_of "$1")
	[ -n "$suite" ] || return 0
	! ask pkgnames linux- | grep -qx -e "$2" || return 0
	archives=$(own_archives)
	# Its own lists may only be too old, or not fetched yet.
	! printf '%s\n' "$archives" | grep -q " $suite\$" || return 0
	[ -z "$archives" ] || elsewhere "$suite" "$(printf '%s\n' "$archives" | sources "$suite")"
}

# refresh: the package lists; those of this machine are root's to refresh.
refresh() {
	exec 8>"$cache/kernels/.lock"
	flock 8
	note "refreshing the package lists${APT_CONFIG:+ of $(basename -- "$(dirname -- "$APT_CONFIG")")}"
	apt-get -q update >&2 || note "cannot refresh the package lists: see message above"
	exec 8>&-
}
