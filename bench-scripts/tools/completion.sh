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
usage: completion.sh [--installed DIR COMMAND...]

Prints what makes bash complete the options of the scripts beside it, and values
such as kernels, suites and formats: source it. Kernels are those in the cache
and those that kernels.sh builds.

  --installed DIR   for the command kallocbench instead, whose scripts will be
                    in DIR, and its COMMANDs; for install.sh

Exit: 0 good, 2 wrong use.
USAGE
}

# find_commands: the scripts that people run, as paths below this folder.
find_commands() {
	(cd -- "$scripts" && ls -- *.sh ci-files/*.sh setup/*.sh tools/*.sh tests/*.sh) | while read -r name; do
		! head -n 1 -- "$scripts/$name" | grep -q '^#!' || printf '%s\n' "$name"
	done
}

# scripts_of COMMAND...: as paths below this folder, like the command kallocbench finds them.
scripts_of() {
	local name
	for name in "$@"; do
		[ -f "$scripts/$name.sh" ] || name=setup/$name
		[ -f "$scripts/$name.sh" ] || wrong "no command '${name#setup/}'"
		printf '%s\n' "$name.sh"
	done
}

# specs: of each its options, as lines of a case; but those by which scripts start each other.
specs() {
	printf '%s\n' "$commands" | while read -r name; do
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

# registered COMMAND...: the last line.
registered() {
	if [ -n "$folder" ]; then
		printf '_kallocbench_commands=%s\ncomplete -F _kallocbench_installed kallocbench\n' "$(quoted "$*")"
	else
		printf 'complete -F _kallocbench %s\n' "$(printf '%s\n' "$commands" | sed 's,.*/,,' | xargs)"
	fi
}

# run [COMMAND...]
run() {
	local commands
	if [ -n "$folder" ]; then
		[ $# -gt 0 ] || wrong "--installed needs the COMMANDs, too"
		commands=$(scripts_of "$@")
	else
		[ $# = 0 ] || wrong "'$1': a COMMAND is named with --installed only"
		commands=$(find_commands)
	fi
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

$(sed 1,6d "$scripts/tools/completion.bash")

$(registered "$@")
COMPLETION
}

main() {
	folder=''
	with_options run '--installed=DIR' "$@"
}

main "$@"
