#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# insmod, and where the kernel says no, why that is and what can be done. Runs in the guest, too.
set -eu

scripts=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=bench-scripts/lib/lib.sh
. "$scripts/lib/lib.sh"

usage() {
	cat <<'USAGE'
usage: load.sh KO [PARAMETER=VALUE...]

Loads the module into the running kernel.
Exit: 0 good, 2 wrong use, 3 it did not load, 4 this kernel loads no such
module.
USAGE
}

# never REASON: no mistake of ours, and trying again is no use.
never() {
	note "$@"
	exit 4
}

# release_of KO: the kernel it was built for.
release_of() {
	tr '\0' '\n' <"$1" | sed -n 's/^vermagic=\([^ ]*\).*/\1/p' | head -n 1
}

# last_said: the end of the kernel's log.
last_said() {
	dmesg 2>/dev/null | tail -n 5
}

# said_by_module: why it would not be loaded, where it was asked.
said_by_module() {
	last_said | sed -n 's/^.*kallocbench: \(lane=.*\)/\1/p' | tail -n 1
}

locked_down() {
	grep -q -e '\[integrity\]' -e '\[confidentiality\]' /sys/kernel/security/lockdown 2>/dev/null ||
		last_said | grep -q 'Lockdown: insmod'
}

# explain KO: why this kernel did not load it, as far as it can be found out.
explain() {
	local release said signed='sign it with a key that this kernel trusts (scripts/sign-file of its build folder)'
	release=$(release_of "$1")
	said=$(said_by_module)
	if [ -n "$said" ]; then
		cannot "cannot load $1: $said"
	elif [ -n "$release" ] && [ "$release" != "$(uname -r)" ]; then
		cannot "$1 is built for $release, and this is $(uname -r): make modules KDIR=<its build folder>"
	elif [ "$(cat /proc/sys/kernel/modules_disabled 2>/dev/null)" = 1 ]; then
		never "kernel.modules_disabled is set: this kernel loads no module until its next boot"
	elif ! grep -q '^CapEff:.*[13579bdf]....$' /proc/self/status; then
		never "this process lacks CAP_SYS_MODULE, as in a container: load it outside"
	elif [ "$(cat /sys/module/module/parameters/sig_enforce 2>/dev/null)" = Y ]; then
		never "this kernel loads only signed modules (module.sig_enforce): $signed, or boot without it"
	elif locked_down; then
		never "this kernel is locked down, as Secure Boot does it, and loads only signed modules: $signed, or boot without lockdown"
	fi
	cannot "cannot load $1: see messages above and the end of dmesg"
}

# run KO [PARAMETER=VALUE...]
run() {
	[ -n "${1-}" ] || wrong "which module?"
	[ -f "$1" ] || die "no module $1"
	[ "$(id -u)" = 0 ] || cannot "only root can load a module"
	insmod "$@" || explain "$1"
}

main() {
	with_options run FILE "$@"
}

main "$@"
