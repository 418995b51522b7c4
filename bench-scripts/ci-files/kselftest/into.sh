#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Put this benchmark into a kernel's tree as a kselftest.
set -eu

scripts=$(cd -- "$(dirname -- "$0")/../.." && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"

usage() {
	cat <<'USAGE'
usage: into.sh TREE

Makes TREE/tools/testing/selftests/kallocbench, with a copy of the scripts and of
the module's source, which is built for the kernel that runs the test. Then, in
TREE:

    make -C tools/testing/selftests TARGETS=kallocbench run_tests

Exit: 0 good, 2 wrong use.
USAGE
}

# run TREE
run() {
	local to
	[ $# = 1 ] || wrong "one kernel tree is needed"
	[ -f "$1/tools/testing/selftests/lib.mk" ] || die "$1 is not a kernel tree: it has no tools/testing/selftests/lib.mk"
	to=$1/tools/testing/selftests/kallocbench
	[ ! -e "$to" ] || die "$to is there already"
	"$scripts/install/install.sh" --no-man --prefix "$(realpath -- "$1")/.kallocbench"
	mkdir -- "$to"
	mv -- "$1/.kallocbench/share/kallocbench" "$to/tree"
	rm -r -- "$1/.kallocbench"
	cp -- "$scripts/ci-files/kselftest/Makefile" "$scripts/ci-files/kselftest/config" "$scripts/ci-files/kselftest/settings" \
		"$scripts/ci-files/kselftest/kallocbench.sh" "$to/"
}

main() {
	with_options run '' "$@"
}

main "$@"
