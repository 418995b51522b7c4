# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# The one loop over a command line, for every script. A script names its options in one string, and says what each does
# in set_option:
#
#	options='--kernel=KERNEL -o|--out=DIR --lane=insn|time --live --base=RESULT... SUITE'
#	set_option() { case $1 in --kernel) kernel=$2 ;; ... esac }
#	main() { with_options run "$options" "$@"; }
#
# An option with = takes a value, as the next word or behind a =; with ... it takes the words up to the next option.
# What stands behind the = is what it takes: words joined by |, N for a number, SIZE for 4K and the like, all of which
# are checked here; any other word is for people and for tools/completion.sh, as is a word without a dash, which says
# what the command takes. Of several names joined by | the last one is what set_option gets. Options stand anywhere
# before --, and what is no option is for the command. -h and --help show usage; --print-options, as the first word, the
# string.
# All names here begin with opt_, for what is local here is seen by whatever the loop calls. The guest carries this, too.

# find_option NAME SPEC: sets opt_name, its last name, opt_takes: nothing, value or list, and opt_kind, of what kind.
find_option() {
	local form names
	for form in $2; do
		names=${form%%=*}
		case "|$names|" in
		*"|$1|"*)
			opt_name=${names##*|} opt_takes=nothing opt_kind=${form#*=}
			case $form in
			*=*...) opt_takes=list ;;
			*=*) opt_takes=value ;;
			esac
			return 0
			;;
		esac
	done
	return 1
}

# is_option WORD SPEC: no value of another option, unless it stands behind a =.
is_option() {
	case $1 in
	-h | --help | --) return 0 ;;
	-*) (find_option "${1%%=*}" "$2") ;;
	*) return 1 ;;
	esac
}

# one_of WORDS WORD: joined by |.
one_of() {
	case $2 in
	*\|*) return 1 ;;
	esac
	case "|$1|" in
	*"|$2|"*) ;;
	*) return 1 ;;
	esac
}

# is_count WORD [MAX]: a decimal number the shell can count with.
is_count() {
	case $1 in
	'' | *[!0-9]* | ??????????*) return 1 ;;
	esac
	[ $# -lt 2 ] || [ "$1" -le "$2" ]
}

# words WORD|WORD...: for a sentence.
words() {
	printf '%s' "$1" | sed 's/|\([^|]*\)$/ or \1/; s/|/, /g'
}

# give VALUE: to the option found last, if it is of its kind.
give() {
	case $opt_kind in
	N) is_count "$1" || wrong "$opt_name: a number, not '$1'" ;;
	SIZE) is_count "${1%[kKmMgGtT]}" || wrong "$opt_name: a size such as 64K or 2G, not '$1'" ;;
	*\|*) one_of "$opt_kind" "$1" || wrong "$opt_name is $(words "$opt_kind"), not '$1'" ;;
	esac
	set_option "$opt_name" "$1"
}

# end_list: an option that takes a list got none.
end_list() {
	[ -z "$opt_list" ] || [ "$opt_listed" -gt 0 ] || wrong "$opt_list needs a value"
	opt_list=''
}

# take_listed WORD: for the option that takes a list, if one is open.
take_listed() {
	[ -n "$opt_list" ] || return 1
	opt_listed=$((opt_listed + 1))
	set_option "$opt_list" "$1"
}

# take_value SPEC OPTION [WORD...]: the first WORD is its value.
take_value() {
	[ $# -gt 2 ] || wrong "$2 needs a value"
	! is_option "$3" "$1" || wrong "$2 needs a value, and '$3' is an option; if it is the value, write $2=$3"
	opt_used=1
	give "$3"
}

# take_option SPEC OPTION [WORD...]: sets opt_used, how many of the words behind it are part of it.
take_option() {
	opt_used=0
	end_list
	case $2 in
	-h | --help)
		usage
		exit 0
		;;
	esac
	find_option "${2%%=*}" "$1" || wrong "unknown option $2"
	opt_given="$opt_given $opt_name"
	case $opt_takes$2 in
	nothing*=*) wrong "${2%%=*} takes no value: '$2'" ;;
	nothing*) set_option "$opt_name" '' ;;
	*=*) give "${2#*=}" ;;
	list*) opt_list=$opt_name opt_listed=0 ;;
	*) take_value "$@" ;;
	esac
}

# none_of WHY OPTION...: an option that changes nothing is refused, or nobody would notice. For COMMAND of with_options.
none_of() {
	local why="$1" option
	shift
	for option in "$@"; do
		case "$opt_given " in
		*" $option "*) wrong "$option is for $why" ;;
		esac
	done
}

# with_options COMMAND SPEC WORD...: set_option for every option among the words, then COMMAND with the others.
with_options() {
	local opt_then="$1" opt_spec="$2" opt_left opt_word opt_name opt_takes opt_kind opt_used opt_list='' opt_listed=0 opt_plain='' opt_given=''
	shift 2
	[ "${1-}" != --print-options ] || { printf '%s\n' "$opt_spec" | tr -s ' \t\n' '\n' && exit 0; }
	opt_left=$#
	while [ "$opt_left" -gt 0 ]; do
		opt_word=$1 opt_used=0
		shift
		opt_left=$((opt_left - 1))
		case $opt_plain$opt_word in
		--)
			end_list
			opt_plain=' '
			;;
		-?*)
			# What is no option was put behind the words that are left: it is no value.
			if [ "$opt_left" -gt 0 ]; then
				take_option "$opt_spec" "$opt_word" "$@"
			else
				take_option "$opt_spec" "$opt_word"
			fi
			shift "$opt_used"
			opt_left=$((opt_left - opt_used))
			;;
		*) take_listed "$opt_word" || set -- "$@" "$opt_word" ;;
		esac
	done
	end_list
	"$opt_then" "$@"
}
