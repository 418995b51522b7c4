# SPDX-License-Identifier: GPL-2.0
# read.awk - what a report reads beside the costs (../draw/tables.awk), each by the names of its columns:
#   sets SET SIDE KIND               the sets of results; of one KIND is the same kernel and lane, configured differently
#   tables of results.awk            of the files of a set: meta param clock fact cells tail end (counter: counters.awk)
#   groups ..., rare ...             of verdict.awk; said NAME TEXT: refusal, faults, the folder of explain.sh

$1 == "sets" {
	set_at[at("side"), ++sets_of[at("side")]] = at("set")
	kind_of[at("set")] = at("kind")
}

$1 == "said" { said[$2, ++says[$2]] = $3 }

$1 == "meta" && !((set, at("key"), at("value")) in meta_seen) {
	meta_seen[set, at("key"), at("value")] = 1
	if (!((set, at("key")) in meta_n))
		meta_key[set, ++meta_keys[set]] = at("key")
	meta_at[set, at("key"), ++meta_n[set, at("key")]] = at("value")
}

$1 == "param" {
	if (!((set, at("file")) in param_of))
		param_file[set, ++param_files[set]] = at("file")
	param_of[set, at("file")] = param_of[set, at("file")] (param_of[set, at("file")] == "" ? "" : " ") at("key") "=" at("value")
}

$1 == "clock" {
	if (!((set, at("key")) in clock_of))
		clock_key[set, ++clock_keys[set]] = at("key")
	clock_of[set, at("key")] = at("value")
	if (at("key") == "overhead") {
		if (!((set) in clock_low) || at("value") + 0 < clock_low[set])
			clock_low[set] = at("value") + 0
		if (at("value") + 0 > clock_high[set])
			clock_high[set] = at("value") + 0
	}
}

$1 == "fact" {
	facts[set]++
	fact_alloc[set, facts[set]] = at("alloc")
	fact_size[set, facts[set]] = at("size")
	fact_flags[set, facts[set]] = at("flags")
	fact_more[set, facts[set]] = at("more")
}

$1 == "cells" {
	planned_cells[set]++
	cells_with[set, at("state")]++
	name = at("alloc") " " short_size(at("size"))
	if (at("state") != "ok")
		add_reason(at("state") FS at("reason"), name)
	if (at("fail") > 0) {
		if (!((set, name) in failed_n))
			failed_at[set, ++failed[set]] = name
		failed_n[set, name] += at("fail")
	}
}

function add_reason(why, name) {
	if (!((set, why) in reason_n))
		reason_at[set, ++reasons[set]] = why
	if ((set, why, name) in reason_seen)
		return
	reason_seen[set, why, name] = 1
	if (++reason_n[set, why] <= 12)
		reason_cells[set, why] = reason_cells[set, why] (reason_n[set, why] == 1 ? "" : ", ") name
}

# Rounds and boots add up. Results that do not say what all chunks have cannot blame anything.
$1 == "tail" && word_of(at("more"), "blamed") != "" {
	name = at("alloc") FS short_size(at("size")) FS at("op") FS at("pattern") (at("flags") == "GFP_KERNEL" ? "" : " " at("flags")) \
		(at("context") == "process" ? "" : " " at("context"))
	if (!((set, name) in tail_lines))
		tail_at[set, ++tails[set]] = name
	tail_lines[set, name]++
	add_tail(set, name, "chunks=" at("chunks") " " at("more"))
}

function add_tail(set, name, more,    n, i, w, part) {
	n = split(more, w, " ")
	for (i = 1; i <= n; i++) {
		split(w[i], part, "=")
		if (part[2] ~ /^[0-9]+$/)
			tail_sum[set, name, part[1]] += part[2]
		if (part[1] ~ /^all_/ && !((set, part[1]) in cause_seen)) {
			cause_seen[set, part[1]] = 1
			cause_at[set, ++causes[set]] = substr(part[1], 5)
		}
	}
	n = split(word_of(more, "blamed"), w, ",")
	for (i = 1; i <= n; i++)
		tail_sum[set, name, "blamed " w[i]]++
}

$1 == "end" {
	end_file[set, ++ends[set]] = at("file")
	end_state[set, ends[set]] = at("state")
}

# What the clock limits, by op.
$1 == "costs" && at("limited") == "yes" && at("op") ~ /^(alloc|free|pair)$/ && !is_reference(at("alloc")) && \
	!((set, at("op"), at("alloc")) in limit_seen) {
	limit_seen[set, at("op"), at("alloc")] = 1
	limit_names[set, at("op")] = limit_names[set, at("op")] (limit_names[set, at("op")] == "" ? "" : ", ") at("alloc")
}

$1 == "groups" { group_line[++groups] = $0 }

$1 == "rare" {
	rare_cells[++rares] = at("path") OFS at("cell") OFS at("op") OFS grouped(at("taken")) OFS grouped(at("of")) OFS grouped(at("cost"))
}

function group(k, name,    p) {
	split(group_line[k], p, FS)
	return p[col["groups", name]]
}

# The value of a word key=value, its blanks as blanks.
function word_of(text, key,    at_word, rest) {
	at_word = index(" " text, " " key "=")
	if (!at_word)
		return ""
	rest = substr(text, at_word + length(key) + 1)
	sub(/ .*/, "", rest)
	gsub(/\\040/, " ", rest)
	gsub(/\\134/, "\\", rest)
	return rest
}

# Up to four values of a key.
function meta_text(set, key,    i, text) {
	for (i = 1; i <= meta_n[set, key] && i <= 4; i++)
		text = text (i == 1 ? "" : "; ") meta_at[set, key, i]
	return text
}

function kernel_of(set) {
	return about[set, "kernel"] == "" ? "unknown kernel" : about[set, "kernel"]
}

# The clock's own cost, as it was taken off.
function overhead_text(set,    low, high) {
	if (!(set in clock_low))
		return "unknown"
	low = cost_text(set, clock_low[set] * tick(set))
	high = cost_text(set, clock_high[set] * tick(set))
	return low (low == high ? "" : " to " high) " " unit_name(set)
}
