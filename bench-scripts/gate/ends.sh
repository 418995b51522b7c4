# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# shellcheck disable=SC2154 # the variables of ci.sh, which sources this
# --tree: the two kernels are commits of a tree. Both are built with one configuration, below .cache/ends, where the next
# run finds what has not changed; the tree itself is only read. Where somebody built it, that is new.

# built_here: the image and what a module needs are in the tree, and HEAD has not moved since.
built_here() {
	local image moved
	image=$tree/$(machine "$arch" image)
	[ -f "$image" ] && [ -f "$tree/Module.symvers" ] && [ -f "$tree/.config" ] || return 1
	moved=$(in_tree rev-parse --path-format=absolute --git-path logs/HEAD)
	[ -z "$(find "$moved" -newer "$image" 2>/dev/null)" ] ||
		die "HEAD of $tree moved after its kernel was built: run make again, or name a commit with --new HEAD"
}

# default_base: where the branch left its upstream, or the commit before.
default_base() {
	local fork head
	head=$(commit_of HEAD)
	fork=$(in_tree merge-base HEAD '@{upstream}' 2>/dev/null) || fork=$head
	[ "$fork" != "$head" ] || fork=HEAD~1
	printf '%s\n' "$fork"
}

# check_ends: which commits, and what configures them.
check_ends() {
	local name
	[ -f "$tree/Kconfig" ] || die "--tree: $tree is not a kernel tree"
	tree=$(cd -- "$tree" && pwd -P)
	none_of "two kernels that exist, without --tree" --base-kdir --new-kdir --kdir --reference --module
	[ -z "$config" ] || [ -r "$config" ] || die "--config: cannot read $config"
	arch=$(host_arch)
	ends=$cache/ends/$(printf '%s' "$tree" | sha256sum | cut -c 1-12)
	mkdir -p -- "$ends"
	if [ -n "$config" ]; then
		config=$(realpath -- "$config")
	elif [ -f "$tree/.config" ]; then
		config=$tree/.config
	else
		config=$ends/base.config
		base_configs "$arch" | xargs -d '\n' cat -- >"$config"
	fi
	tree_compiler "$config"
	have "$compiler" || cannot "$compiler is not installed: run bench-scripts/setup/deps.sh kernels"
	base=${base:-$(default_base)}
	for name in "$base" "${new:-HEAD}"; do
		commit_of "$name" >/dev/null || die "no commit '$name' in $tree: is the clone deep enough?"
	done
	if [ -n "$new" ] || ! built_here; then
		new=${new:-HEAD}
	fi
}

# build_end SIDE COMMIT: sets image and build.
build_end() {
	local dir="$ends/$1"
	build=$dir/source/build image=$dir/source/build/$(machine "$arch" image)
	check_out "$(commit_of "$2")" "$dir" || cannot "cannot check out $2: see message above"
	note "building $1: $(in_tree log -1 --format='%h (%s)' "$2"), the first time some minutes; the log is $build/build.log"
	build_tree "$dir/source" "$build" "$config" || cannot "$1 does not build: see $build/build.log"
}

# build_ends: the commits become images with their build folders.
build_ends() {
	local image build
	build_end base "$base"
	base=$image base_kdir=$build
	if [ -z "$new" ]; then
		new=$tree/$(machine "$arch" image) new_kdir=$tree
		note "new is what is built in $tree"
		return
	fi
	build_end new "$new"
	new=$image new_kdir=$build
}
