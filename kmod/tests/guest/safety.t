#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# In the guest: who may read and write, and what the outputs give away.
# vm: --smp 2 --add kmod/tests/guest/robust.sh --add .cache/unit/tool
# shellcheck disable=SC2317 source=kmod/tests/guest/robust.sh
. /kab/robust.sh

modes() {
	(cd "$dir" && stat -c '%n %a %u %g' ./*) >/tmp/modes
	cat /tmp/modes
	cat >/tmp/expected <<-'EOF'
		./abort 200 0 0
		./error 400 0 0
		./help 400 0 0
		./properties 400 0 0
		./results 400 0 0
		./run 600 0 0
		./status 400 0 0
		./summary 400 0 0
	EOF
	cmp /tmp/modes /tmp/expected
}

# The folder's own mode must not be what keeps others out.
others_refused() {
	local file way code=0
	mount -o remount,mode=755 /sys/kernel/debug
	chmod 755 "$dir"
	for file in "$dir"/*; do
		for way in r w; do
			/kab/tool -u 1000 open "$file" "$way" >/tmp/opened 2>&1
			grep -q 'EACCES' /tmp/opened || {
				echo "$file $way: $(cat /tmp/opened)"
				code=1
			}
		done
	done
	mount -o remount,mode=700 /sys/kernel/debug
	return "$code"
}

outputs() {
	local file
	for file in run results summary properties status error help; do
		cat "$dir/$file"
	done
	dmesg | grep -i kallocbench
	cat /sys/module/kallocbench/parameters/* 2>/dev/null
	# World-readable: /proc/modules and sysfs hide addresses themselves.
	cat /proc/*/comm
}

# No word that looks like an address, none that is one of the module's or the kernel's.
no_addresses() {
	local code=0
	outputs >/tmp/outputs
	if grep -i -n -E '(^|[^0-9a-f])(0x)?ffff[0-9a-f]{8,12}([^0-9a-f]|$)' /tmp/outputs; then
		code=1
	fi
	grep '\[kallocbench\]' /proc/kallsyms | awk '{ print $1 }' | sort -u >/tmp/symbols
	[ -s /tmp/symbols ] || code=1
	if grep -i -n -F -f /tmp/symbols /tmp/outputs; then
		code=1
	fi
	# In decimal an address of the kernel has 20 digits and begins with 1844; so has the largest seed.
	if sed 's/18446744073709551615//' /tmp/outputs | grep -n -E '(^|[^0-9])1844[0-9]{16}([^0-9]|$)'; then
		code=1
	fi
	return "$code"
}

read_only() {
	local file code=0
	for file in results summary properties status error help; do
		if { echo x >"$dir/$file"; } 2>/dev/null; then
			echo "$file can be written"
			code=1
		fi
	done
	if cat "$dir/abort" 2>/dev/null; then
		code=1
	fi
	return "$code"
}

# Nothing of ours outside our folder but what every module has.
parameters() {
	find /sys/module/kallocbench/parameters -type f -exec stat -c '%a' {} + >/tmp/parameters 2>/dev/null
	! grep -v -E '^4[04][04]$' /tmp/parameters
}

check "the module loads" insmod "$module"
check "a run fills the files" run "cpus=all contexts=all patterns=all sizes=64,8192 samples=50 touch=page"
check "a refusal fills error" refused 'nvalid argument' "sizes=8 sizes=16"
check "modes and owners are those of the contract, no file more" modes
check "a user may open none of them" others_refused
check "what is for reading cannot be written" read_only
check "module parameters cannot be written" parameters
check "no output holds a kernel address" no_addresses
check "the module unloads" rmmod kallocbench
check "the folder is gone" [ ! -e "$dir" ]
check "the kernel's log shows no bug" no_marks
finish
