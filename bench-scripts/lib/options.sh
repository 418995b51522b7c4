# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# The one loop over a command line, for every script. A script names its options in one string, and says what each does
# in set_option:
#
#	options='--kernel= -o|--out= --live --base=...'
#	set_option() { case $1 in --kernel) kernel=$2 ;; ... esac }
#	main() { with_options run "$options" "$@"; }
#
# An option with = takes a value, as the next word or behind a =; with =... it takes the words up to the next option.
# Of several names joined by | the last one is what set_option gets. Options stand anywhere before --, and what is no
# option is for the command. -h and --help show usage.
# All names here begin with opt_, for what is local here is seen by whatever the loop calls. The guest carries this, too.

# find_option NAME SPEC: sets opt_name, its last name, and opt_takes: nothing, value or list.
find_option() {
	local form names
	for form in $2; do
		names=${form%%=*}
		case "|$names|" in
		*"|$1|"*)
			opt_name=${names##*|} opt_takes=nothing
			case $form in
			*=...) opt_takes=list ;;
			*=) opt_takes=value ;;
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
	set_option "$opt_name" "$3"
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
	case $opt_takes$2 in
	nothing*=*) wrong "${2%%=*} takes no value: '$2'" ;;
	nothing*) set_option "$opt_name" '' ;;
	*=*) set_option "$opt_name" "${2#*=}" ;;
	list*) opt_list=$opt_name opt_listed=0 ;;
	*) take_value "$@" ;;
	esac
}

# with_options COMMAND SPEC WORD...: set_option for every option among the words, then COMMAND with the others.
with_options() {
	local opt_then="$1" opt_spec="$2" opt_left opt_word opt_name opt_takes opt_used opt_list='' opt_listed=0 opt_plain=''
	shift 2
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
