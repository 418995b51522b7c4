# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Kernel images for a QEMU that does not boot them: they have the magic numbers of an architecture, and nothing else.

# fake_bzimage FILE [TEXT]: TEXT lies behind byte 518.
fake_bzimage() {
	{ head -c 514 /dev/zero && printf 'HdrS%s' "${2-}"; } >"$1"
}

# fake_arm64 FILE [BANNER]
fake_arm64() {
	{ head -c 56 /dev/zero && printf 'ARM\144' && head -c 64 /dev/zero && printf '%s\n' "${2-}"; } >"$1"
}
