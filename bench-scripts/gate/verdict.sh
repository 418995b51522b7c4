# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# From a map and its tables to a verdict table, for compare.sh and report.sh, which have sides.sh and set $tmp and $lane.
# What compare.sh has options for is in $threshold $delta $noise $blind $strict $across $aa $failed and $command; what its
# suite says of single cells, in $tmp/tolerances.
# shellcheck disable=SC2154 # see above

# shown FILTER [VERDICT]: its rows for which the filter holds; without a table only whether it is one. Calls wrong().
shown() {
	local said
	said=$(awk -f "$scripts/export/label.awk" -f "$scripts/lib/filter.awk" \
		-f "$scripts/export/shown.awk" -v filter="$1" "${2:-/dev/null}" 2>&1) || wrong "$said"
	printf '%s\n' "$said"
}

# check_tolerances LANE SUITE: those of its cells, before anything is judged by them. Calls die().
check_tolerances() {
	local said
	said=$(plan_part tolerance "$2" | awk -f "$scripts/export/label.awk" -f "$scripts/lib/filter.awk" \
		-f "$scripts/gate/tolerance.awk" -v lane="$1" -v tolerances=- 2>&1) || die "$(suite_file "$2"): $said"
}

# single_boot: time lane, one boot a side, in rounds; a machine that cannot be booted for every sample.
single_boot() {
	[ "$lane" = time ] && [ -z "$aa" ] && [ "$(cut -f 2,3 "$tmp/map" | sort -u | wc -l)" = 2 ] &&
		grep -q '^param	.*	rounds	[0-9][0-9]' "$tmp/tables"
}

# gate NAME OPTION...: over the rows.
gate() {
	local name="$1"
	shift
	awk -f "$scripts/export/label.awk" -f "$scripts/lib/filter.awk" -f "$scripts/gate/stats.awk" \
		-f "$scripts/gate/tolerance.awk" -f "$scripts/gate/judge.awk" -f "$scripts/gate/$name.awk" -v lane="$lane" \
		-v tolerances="$tmp/tolerances" "$@" "$tmp/rows"
}

# rows [OPTION...]: what the gates judge.
rows() {
	awk -f "$scripts/draw/units.awk" -f "$scripts/gate/stats.awk" -f "$scripts/gate/rows.awk" "$@" "$tmp/map" "$tmp/tables" >"$tmp/rows"
}

# On User Mode Linux code that nobody changed moves by up to 4 % where it comes to lie elsewhere, and more boots do not
# average that out: percent below which nothing is called there.
uml_least=5

# check_delta: the change that counts, which cannot be less there.
check_delta() {
	grep -q '^meta	.*	accel	uml$' "$tmp/tables" || return 0
	printf 'note\tUser Mode Linux: atomics, interrupts, the TLB and mappings are not real there, and nothing below %s %% is called\n' "$uml_least"
	awk -v a="$delta" -v b="$uml_least" 'BEGIN { exit !(a < b) }' || return 0
	[ -z "${delta_given-}" ] || die "--delta $delta: on User Mode Linux nothing below $uml_least % can be called"
	delta=$uml_least
}

# judge: the gate of the lane, over everything in the map.
judge() {
	local same=''
	check_delta
	if [ -z "$blind" ] && grep -qx 'run	identical	1' "$tmp/heads"; then
		check_same
		same=$(cat "$tmp/same")
	fi
	if single_boot; then
		rows -v per_round=1
		gate single -v delta="$delta" -v noise="$noise" -v same="$same"
		return
	fi
	[ -z "$noise" ] || die "--boot-noise is for the time lane, one boot a side with rounds"
	if [ "$lane" = insn ]; then
		printf 'run\tphases\t%s\n' "$(phases)"
		rows -v per_round=1
		gate insn -v threshold="$threshold" -v same="$same"
	else
		rows
		gate time -f "$scripts/gate/delay.awk" -v delta="$delta" -v same="$same"
	fi
}

# vector_table SIDE...: the table of the vectors of these sides; nothing where they have none.
vector_table() {
	local file side wanted=" $* "
	set --
	while IFS='	' read -r file side; do
		case $wanted in
		*" $side "*) set -- "$@" "$file" ;;
		esac
	done <"$tmp/vectors"
	[ $# = 0 ] || awk -f "$scripts/results.awk" -v table=vector "$@"
}

# judge_vectors: what the vectors of both sides say, in $tmp/vectors as FILE TAB SIDE, where they have any.
judge_vectors() {
	local side
	[ -s "$tmp/vectors" ] || return 0
	for side in base new; do
		grep -q "	$side\$" "$tmp/vectors" || {
			printf 'note\t%s has no vectors: locked instructions, TLB flushes and the like were not compared\n' "$side"
			return 0
		}
	done
	vector_table base new >"$tmp/vector-table" || exit 2
	awk -f "$scripts/draw/units.awk" -f "$scripts/export/label.awk" -f "$scripts/gate/stats.awk" -f "$scripts/lib/sums.awk" -f "$scripts/lib/draws.awk" -f "$scripts/gate/vector.awk" \
		-v lines="${lines-}" "$tmp/vectors" "$tmp/judged" "$tmp/vector-table"
}

# judge_map: $tmp/verdict from $tmp/map and $tmp/tables, or an end with exit code 2.
judge_map() {
	awk -f "$scripts/lib/kind.awk" -f "$scripts/gate/map.awk" -f "$scripts/gate/refuse.awk" -v strict="$strict" \
		-v across="$across" "$tmp/map" "$tmp/tables" >"$tmp/heads"
	if grep '^refuse	' "$tmp/heads" | sort -u | head -n 5 | cut -f 2 >"$tmp/refused" && [ -s "$tmp/refused" ]; then
		sed "s/^/$me: not comparable: /" "$tmp/refused" >&2
		exit 2
	fi
	{
		cat "$tmp/heads"
		printf 'run\tcommand\t%s\n' "$(printf '%s' "$command" | tr '\n\t' '  ')"
		[ ! -s "$tmp/tolerances" ] || sed 's/^/note	the suite says: tolerance /' "$tmp/tolerances"
		[ -z "$failed" ] || sed 's/	/ /g; s/^/error	/' "$failed"
		check_bad_boots
		check_twins
		check_twinless
		judge
	} >"$tmp/judged"
	judge_vectors >"$tmp/beside" || exit
	cat "$tmp/beside" >>"$tmp/judged"
	awk -f "$scripts/gate/stats.awk" -f "$scripts/gate/settle.awk" "$tmp/map" "$tmp/judged" "$tmp/tables" >"$tmp/settle"
	cat "$tmp/settle" >>"$tmp/judged"
	awk -f "$scripts/export/label.awk" -f "$scripts/gate/stats.awk" -f "$scripts/gate/overall.awk" "$tmp/judged" >"$tmp/verdict"
}
