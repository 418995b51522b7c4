# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# shellcheck disable=SC2154 # the variables of matrix.sh, which sources this
# From the plan of a series to its jobs, and what makes each of them.

# The module's own code, without which nobody knows what two compilers of the module change.
own_line='allocs=null,delay,control sizes=64 samples=100 warmup=64 rounds=5'

# take_plan KERNEL...: $tmp/plan, as plan.awk has it, from the command line before --plan, or before what DIR keeps of the
# last time, where neither names a kernel.
take_plan() {
	[ $# = 0 ] || say kernel "$*"
	[ -z "$plan" ] || [ -r "$plan" ] || die "--plan: cannot read $plan"
	if [ $# = 0 ] && [ -z "$plan" ]; then
		plan=$out/plan
		[ -r "$plan" ] || wrong "no kernel is named, and $out holds no earlier plan"
	fi
	plan=${plan:-/dev/null}
	printf '%s' "$said" >"$tmp/said"
	awk -f "$scripts/matrix/plan.awk" "$tmp/said" "$(plain_name "$plan")" >"$tmp/plan" 2>"$tmp/refusal" ||
		wrong "$(sed "s|^$tmp/said|the command line|" "$tmp/refusal")"
	check_plan
}

# values KEY: a line each.
values() {
	sed -n "s/^$1 \{0,1\}//p" "$tmp/plan"
}

# check_plan: all that can be known before anything is fetched.
check_plan() {
	local name
	smp=$(values smp) mem=$(values mem) settle=$(values settle) phases=$(values phases)
	for name in $(values arch); do
		[ "$name" != uml ] || die "arch: a series counts instructions, which User Mode Linux cannot: ci.sh --lane time compares there"
		is_machine "$name" || die "arch: no machine '$name' is known: $(known_machines) are"
	done
	for name in $(values kernel); do
		[ ! -e "$name" ] || [ -z "${name##[0-9]*}" ] || die "kernel: '$name' is a file; a series names its kernels, see setup/kernel.sh -h"
		"$scripts/setup/kernel.sh" check "$name" || die "kernel: no kernel can be called '$name'"
	done
	values suite >"$tmp/suites"
	set --
	while IFS= read -r name; do
		set -- "$@" "$name"
	done <"$tmp/suites"
	check_lines "$smp" "$@"
	plan_part lines "$@" >"$tmp/lines"
	grep -q 'allocs=[^ ]*control' "$tmp/lines" || printf '%s\n' "$own_line" >>"$tmp/lines"
	plan_part append "$@" | sed 's/^/append /' >>"$tmp/lines"
}

# keep_plan: one folder holds one plan of measurement; which kernels it is about may change.
keep_plan() {
	if [ -f "$out/suite" ] && ! cmp -s "$tmp/lines" "$out/suite"; then
		die "$out holds results of another suite: give another -o"
	fi
	[ -z "$list" ] || return 0
	cp -- "$tmp/lines" "$out/suite"
	cp -- "$tmp/plan" "$out/plan"
}

# names: every kernel of the plan on every architecture it asks for, in its order.
names() {
	local kernel arch
	values kernel | while read -r kernel; do
		if [ -z "$(values arch)" ]; then
			printf '%s %s\n' "$(arch_of_name "$kernel")" "$kernel"
		else
			for arch in $(values arch); do
				printf '%s %s:%s\n' "$arch" "${kernel%:*}" "$arch"
			done
		fi
	done
}

# sources_hash: of what measures: the module, and what goes into the guest or judges its boots.
sources_hash() {
	cat -- "$top"/kmod/Kbuild "$top"/kmod/*.[ch] "$top"/kmod/*.def "$scripts"/guest/* "$scripts/collect.sh" \
		"$scripts/lib/lib.sh" "$scripts/lib/options.sh" "$scripts/setup/load.sh" "$scripts/gate/phases.sh" 2>/dev/null | sha256sum | cut -c 1-64
}

# folder_name WORDS: of an architecture and boot options.
folder_name() {
	printf '%s' "$1" | tr -s ' ' ',' | tr -c 'A-Za-z0-9._=,-' '_'
}

# make_jobs: DIR/jobs, a line each: FOLDER HASH KERNEL PHASE WORDS; DIR/unknown: kernels that cannot be had, which stay in
# the series as such; DIR/SERIES/order: its columns.
make_jobs() {
	local arch name found release sources qemu qemu_said words
	sources=$(sources_hash)
	: >"$tmp/unknown" && : >"$tmp/jobs" && : >"$tmp/orders" && : >"$tmp/columns"
	names >"$tmp/names"
	while read -r arch name <&7; do
		if ! found=$("$scripts/setup/kernel.sh" get "$name" 2>"$tmp/get"); then
			printf '%s: %s\n' "$name" "$(tail -n 1 "$tmp/get")" >>"$tmp/unknown"
			found='' release=$name
		else
			release=$(said name "$found")
		fi
		use_machine "$name"
		qemu_said=$("$qemu" --version 2>/dev/null | head -n 1) || qemu_said=none
		values boot >"$tmp/boots"
		[ -s "$tmp/boots" ] || echo >"$tmp/boots"
		while IFS= read -r words <&6; do
			one_side "$arch" "$name" "$release" "$words" "${found:+$(said image "$found")}"
		done 6<"$tmp/boots"
	done 7<"$tmp/names"
	cp -- "$tmp/unknown" "$out/unknown"
	sort -s -t / -k 1,1 "$tmp/jobs" >"$out/jobs"
	write_orders
}

# one_side ARCH NAME RELEASE WORDS IMAGE: the phases of a kernel. One that is named twice is another column, of boots with
# a word more on their command line.
one_side() {
	local arch="$1" name="$2" release="$3" words="$4" image="$5" side series k=1 again
	series=$(folder_name "$arch${words:+,$words}")
	again=$(grep -c -x -F -e "$series	$release" "$tmp/orders" || :)
	printf '%s\t%s\n' "$series" "$release" >>"$tmp/orders"
	side=$(printf '%s' "$release" | tr : -)
	if [ "$again" -gt 0 ]; then
		side=$side~$((again + 1))
		words="$words kab_again=$(printf '%*s' "$again" '' | tr ' ' x)"
	fi
	printf '%s\t%s\t%s\n' "$series" "$side" "${name%:*}" >>"$tmp/columns"
	[ -n "$image" ] || return 0
	image=$(sha256sum <"$image")
	while [ "$k" -le "$phases" ]; do
		printf '%s/%s/phase-%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$series" "$side" "$k" \
			"$(job_hash "$release" "$words" "$image" "$k")" "$release" "$k" "$smp" "$mem" "$settle" "$words" >>"$tmp/jobs"
		k=$((k + 1))
	done
}

# job_hash RELEASE WORDS IMAGE-HASH PHASE: of all that makes the result.
job_hash() {
	{
		printf '%s\n' "$1" "$2" "$3" "$4" "$smp $mem $settle" "$sources" "$qemu_said"
		cat -- "$tmp/lines"
	} | sha256sum | cut -c 1-64
}

# write_orders: of each series its folders and what they are called, a line each.
write_orders() {
	local series side name
	[ -z "$list" ] || return 0
	cut -f 1 "$tmp/columns" | sort -u >"$tmp/series"
	while IFS= read -r series; do
		mkdir -p -- "$out/$series"
		awk -F '\t' -v OFS='\t' -v series="$series" '$1 == series { print $2, $3 }' "$tmp/columns" >"$out/$series/order"
	done <"$tmp/series"
}
