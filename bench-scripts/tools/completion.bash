# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # $_kallocbench_scripts is written above this by completion.sh
# The part of the completion that is the same for all scripts. completion.sh puts before it: _kallocbench_scripts, their
# folder; _kallocbench_spec SCRIPT, its string of options; _kallocbench_words KIND, the words that a value may be; and
# behind it what bash shall complete, for the installed command with _kallocbench_commands.

# Releases in the cache, and their series. The installed command has its cache with the user.
_kallocbench_cached() {
	local cache=${_kallocbench_scripts%/*}/.cache
	[ -z "${_kallocbench_commands-}" ] || cache=${XDG_CACHE_HOME:-$HOME/.cache}/kallocbench
	(cd "${KALLOCBENCH_CACHE:-$cache}/kernels" 2>/dev/null && ls -1) |
		awk -f "$_kallocbench_scripts/setup/releases.awk" -v bare=1 | awk '{ print $1; print $4 }' | sort -u | tr '\n' ' '
}

# _kallocbench_add OPTION... WORD: what compgen says of it.
_kallocbench_add() {
	mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen "${@:1:$#-1}" -- "${!#}")
}

# _kallocbench_value KIND WORD
_kallocbench_value() {
	local kind=${1%...}
	case $kind in
	DIR) _kallocbench_add -d "$2" ;;
	FILE | RESULT) _kallocbench_add -f "$2" ;;
	# A kernel may be an image, a suite a file.
	KERNEL | SUITE) _kallocbench_add -f -W "$(_kallocbench_words "$kind")" "$2" ;;
	*) _kallocbench_add -W "$(_kallocbench_words "$kind")" "$2" ;;
	esac
}

# _kallocbench_kind SPEC OPTION: what kind of value it takes; false where it takes none.
_kallocbench_kind() {
	local form
	for form in $1; do
		case "|${form%%=*}|$form" in
		*"|$2|"*=*) echo "${form#*=}" && return ;;
		esac
	done
	return 1
}

# _kallocbench_complete SCRIPT: the word that is being typed.
_kallocbench_complete() {
	local spec form kind word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} i names=''
	spec=$(_kallocbench_spec "$1")
	# bash takes --lane=insn for three words.
	if [ "$word" = = ]; then
		word=''
	elif [ "$before" = = ]; then
		before=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	for ((i = 1; i < COMP_CWORD; i++)); do
		[ "${COMP_WORDS[i]}" != -- ] || before=--
	done
	if [ "$before" != -- ] && kind=$(_kallocbench_kind "$spec" "$before"); then
		_kallocbench_value "$kind" "$word"
		return
	fi
	for form in $spec; do
		case $form in
		-*) names="$names ${form%%=*}" ;;
		*) _kallocbench_value "$form" "$word" ;;
		esac
	done
	if [ "$before" != -- ] && [[ $word == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "${names//|/ } --help" -- "$word")
	fi
}

_kallocbench() {
	COMPREPLY=()
	# Another check.sh than ours is none of our business.
	if [[ $(readlink -f -- "$(type -P -- "${COMP_WORDS[0]/#\~/$HOME}")") != "$_kallocbench_scripts"/* ]]; then
		compopt -o default
		return
	fi
	_kallocbench_complete "${COMP_WORDS[0]##*/}"
}

# kallocbench COMMAND WORD...
_kallocbench_installed() {
	COMPREPLY=()
	if [ "$COMP_CWORD" = 1 ]; then
		_kallocbench_add -W "$_kallocbench_commands --help" "${COMP_WORDS[1]}"
	else
		_kallocbench_complete "${COMP_WORDS[1]}.sh"
	fi
}
