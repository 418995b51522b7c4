#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A kernel that does not load the module, by each of its ways to say no: load.sh says which, and what can be done.
# vm: --add kmod/tests/guest/tap.sh
# debug: none
# shellcheck source-path=SCRIPTDIR source=tap.sh
. /kab/tap.sh

# says CODE WORDS: what load.sh ends with and says last.
says() {
	local code=0
	sh /kab/setup/load.sh "$KAB_MODULE" >/tmp/said 2>&1 || code=$?
	is "exit $1" "$code" "$1"
	like "it says: $2" "$(tail -n 1 /tmp/said)" "$2"
	[ ! -e /sys/module/kallocbench ] || say 1 "it is not loaded"
}

main() {
	ok "it loads" sh /kab/setup/load.sh "$KAB_MODULE" lane=time
	ok "it unloads" unload
	# Another release, and built otherwise: where there are versions of symbols, the release alone is no reason.
	sed 's/vermagic=[0-9]\.[0-9]*/vermagic=9.9/; s/ mod_unload / mod_upload /' "$KAB_MODULE" >/tmp/other.ko
	KAB_MODULE=/tmp/other.ko says 3 'is built for 9\.9.*, and this is [0-9]'
	echo 1 >/sys/module/module/parameters/sig_enforce
	says 4 'loads only signed modules \(module\.sig_enforce\)'
	mount -t securityfs securityfs /sys/kernel/security
	if echo integrity >/sys/kernel/security/lockdown; then
		umount /sys/kernel/security
		# What this kernel enforces anyhow is said first.
		says 4 'loads only signed modules'
	fi
	echo 1 >/proc/sys/kernel/modules_disabled
	says 4 'kernel\.modules_disabled is set'
	finish
}

main
