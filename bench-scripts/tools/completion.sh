#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Completion of options and values for bash, out of the strings by which the scripts themselves know them.
set -eu

scripts=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"
# shellcheck source=bench-scripts/setup/machine.sh
. "$scripts/setup/machine.sh"

usage() {
	cat <<'USAGE'
usage: completion.sh [--folder DIR]

Prints what makes bash complete the options of the scripts beside it, and values
such as kernels, suites and formats: source it, or put it where bash-completion
looks, as /etc/bash_completion.d/kallocbench. Kernels are those in the cache
and those that kernels.sh builds.

  --folder DIR   where the scripts will be installed, if not here

Exit: 0 good, 2 wrong use.
USAGE
}

# commands: the scripts that people run, as paths below this folder.
commands() {
	(cd -- "$scripts" && ls -- *.sh ci-files/*.sh setup/*.sh tools/*.sh tests/*.sh) | while read -r name; do
		! head -n 1 -- "$scripts/$name" | grep -q '^#!' || printf '%s\n' "$name"
	done
}

# specs: of each its options, as lines of a case; but those by which scripts start each other.
specs() {
	commands | while read -r name; do
		printf "	%s) echo '%s' ;;\n" "${name##*/}" "$("$scripts/$name" --print-options | grep -v -x -e --guest -e --one=DIR | paste -s -d ' ')"
	done
}

# shellcheck disable=SC2016 # for the shell that completes
# known: values that are words of ours, as lines of a case.
known() {
	printf '	ARCH) echo "%s" ;;\n' "$(machines uname | cut -d ' ' -f 1 | tr '\n' ' ')"
	printf '	ENTRY) echo "%s" ;;\n' "$(machines entries | cut -d ' ' -f 2- | tr '\n' ' ')"
	printf '	ALLOCS) echo "%s" ;;\n' "$("$scripts/tools/readme-tables.sh" allocs | cut -d '`' -f 2 | tr '\n' ' ')"
	printf '	KERNEL) echo "newest %s $(_kallocbench_cached)" ;;\n' "$("$scripts/setup/kernels.sh" list | tr '\n' ' ')"
}

set_option() {
	folder=$2
}

# run
run() {
	[ $# = 0 ] || wrong "only --folder, and no '$1'"
	cat <<COMPLETION
# Made by kallocbench's tools/completion.sh.
_kallocbench_scripts=$(quoted "${folder:-$scripts}")

_kallocbench_spec() {
	case \$1 in
$(specs)
	esac
}

_kallocbench_words() {
	case \$1 in
$(known)
	SUITE) (cd -- "\$_kallocbench_scripts/suites" && echo *) ;;
	*\|*) echo "\${1//|/ }" ;;
	esac
}

$(sed 1,5d "$scripts/tools/completion.bash")

complete -F _kallocbench $(commands | sed 's,.*/,,' | xargs)
COMPLETION
}

main() {
	folder=''
	with_options run '--folder=DIR' "$@"
}

main "$@"
