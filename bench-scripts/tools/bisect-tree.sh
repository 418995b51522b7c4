#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A kernel tree with a short history, for bisect.sh to find its way in.
set -eu

scripts=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"

usage() {
	cat <<'USAGE'
usage: bisect-tree.sh DIR

Makes DIR, a 6.12 tree with 18 commits: commit 8 does not build, commit 9 does
not boot, commit 12 adds 8 instructions to every object of a slab. git tracks
only the files that change; all others are hard links to the source that
kernels.sh unpacks. DIR/build holds the objects of the unpatched kernel where
kernels.sh has built it.
Exit: 0 good, 2 wrong use, 3 there is no source.
USAGE
}

# commit N SUBJECT: everything that changed.
commit() {
	git add -u
	git commit -q -m "$1: $2"
}

# harmless N: what most commits do.
harmless() {
	printf '\n/* harmless change %s */\n' "$1" >>"$2"
	commit "$1" "change nothing that counts"
}

# The same source gives the same hashes, and git bisect the same way through them: with this date and 6.12.117 it
# meets both commits that cannot be judged.
author() {
	export GIT_AUTHOR_NAME=kallocbench GIT_AUTHOR_EMAIL=kallocbench@localhost GIT_AUTHOR_DATE='@1732752000 +0000'
	export GIT_COMMITTER_NAME="$GIT_AUTHOR_NAME" GIT_COMMITTER_EMAIL="$GIT_AUTHOR_EMAIL" \
		GIT_COMMITTER_DATE="$GIT_AUTHOR_DATE"
}

history() {
	local n=1
	while [ "$n" -le 18 ]; do
		case $n in
		8)
			echo 'this does not compile' >>mm/util.c
			commit "$n" "break the build"
			;;
		9)
			sed -i '/^this does not compile$/d' mm/util.c
			sed -i 's/^	gfp_allowed_mask = __GFP_BITS_MASK;/&\n	panic("planted");/' init/main.c
			commit "$n" "mend the build, break the boot"
			;;
		10)
			git show HEAD~2:init/main.c >init/main.c
			commit "$n" "mend the boot"
			;;
		12)
			patch -s -p1 <"$scripts/tests/data/gate/slower-kmalloc.patch"
			commit "$n" "make slabs slower"
			;;
		*) harmless "$n" mm/util.c ;;
		esac
		n=$((n + 1))
	done
}

# run DIR
run() {
	local source file dir="${1-}" objects
	[ $# = 1 ] || wrong "one new folder, not '$*'"
	[ ! -e "$dir" ] || die "$dir is there already"
	source=$("$scripts/setup/kernels.sh" source) || exit
	mkdir -p "$dir"
	dir=$(cd -- "$dir" && pwd -P)
	find "$source" -mindepth 1 -maxdepth 1 ! -name 'build-*' -exec cp -al {} "$dir/" \;
	cd -- "$dir"
	# This repository and no other, with nobody's hooks and signatures: the hashes shall be the same everywhere.
	# shellcheck disable=SC2046 # names
	unset GIT_TEMPLATE_DIR $(git rev-parse --local-env-vars)
	export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
	git init -q .
	echo '*' >.git/info/exclude
	for file in mm/util.c mm/slub.c init/main.c; do
		cp -p --remove-destination "$source/$file" "$file"
		git add -f "$file"
	done
	author
	commit 0 import
	history
	objects=$(find "$source" -mindepth 2 -maxdepth 2 -path '*/build-min-*/.done' | head -n 1)
	[ -z "$objects" ] || cp -a "${objects%/.done}" build
	git log --oneline | cat
}

main() {
	with_options run DIR "$@"
}

main "$@"
