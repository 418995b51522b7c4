# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Explain what the gate failed; sourced by ci.sh, whose variables it reads.
# shellcheck disable=SC2034,SC2154 # those variables, and those of with_us

# cannot_explain REASON: the verdict stands whatever comes of the explanation.
cannot_explain() {
	note "the regressions are not explained: $*"
}

show_explaining() {
	progress 0 0 "$measured_since" "explaining"
}

# explain_regressions: prints, for each row that failed, the functions the difference lies in. The boots are those of
# phase 1, so the counts are those of the verdict unless a phase moved them.
explain_regressions() {
	[ -n "$base" ] || { cannot_explain "a reference has no kernel to boot" && return; }
	[ "$lane" = insn ] || { cannot_explain "the time lane does not count instructions" && return; }
	[ "$smp" = 1 ] || note "explained on one CPU, for with several the clock counts the others' instructions, too"
	[ -z "$script" ] || { cannot_explain "the guest runs a script" && return; }
	set -- --base "$base" --new "$new" --mem "${mem}M" --verdict "$out/verdict/verdict.tsv" --out "$out/explain" \
		${base_kdir:+--base-kdir "$base_kdir"} ${new_kdir:+--new-kdir "$new_kdir"} ${settle:+--settle "$settle"} \
		${entry:+--entry "$entry"} ${module:+--module "$module"} ${append:+--append "$append"} \
		${base_append:+--base-append "$base_append"} ${new_append:+--new-append "$new_append"}
	measured_since=$(seconds) shown=show_explaining
	note "looking for the functions behind what got worse: each kernel boots once more, every instruction counted"
	with_us "$scripts/explain.sh" "$@" -- "$suite" >"$out/explain.log" 2>&1 ||
		{ cannot_explain "$(tail -n 1 "$out/explain.log")" && return; }
	# A screen of it, and the verdict once more: a reader sees the end first.
	head -n 40 -- "$out/explain/explain.txt"
	note "$(grep -c '' "$out/explain/explain.txt") lines on the functions of every regression: $out/explain/explain.txt"
	sed -n 's/^run	sentence	//p' "$out/verdict/verdict.tsv"
}
