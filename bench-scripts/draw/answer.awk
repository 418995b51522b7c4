# SPDX-License-Identifier: GPL-2.0
# answer.awk - which call to use, in sentences: functions over the tables of tables.awk.
#
# say_all(SET) leaves sentence[SET, NAME] with NAME one of: warning cheapest avoid use alone caution, which lead_of(SET) has in
# this order, and crossover missing apart kvmalloc touch flags contexts patterns tail; and crossings[SET], sizes with a
# blank between.

BEGIN {
	lead_names = "warning cheapest avoid use alone caution"
	# Calls that may stand in for each other: memory as it comes, or cleared.
	peer_names[1] = "kmalloc kvmalloc vmalloc kmem_cache alloc_pages alloc_pages_exact"
	peer_names[2] = "kzalloc kcalloc kvzalloc vzalloc"
	condition["kmem_cache"] = "many objects have one size"
	condition["vmalloc"] = condition["kvmalloc"] = condition["vzalloc"] = condition["kvzalloc"] = "it need not be physically contiguous"
	condition["alloc_pages"] = condition["alloc_pages_exact"] = "whole pages will do"
}

# The words of names, or their sentences, with a blank between.
function sentences_of(set, names,    n, i, name, text) {
	n = split(names, name, " ")
	for (i = 1; i <= n; i++)
		if (sentence[set, name[i]] != "")
			text = text (text == "" ? "" : " ") sentence[set, name[i]]
	return text
}

# Which call to use: the same words on a terminal, in a mail and on a page.
function lead_of(set) {
	return sentences_of(set, lead_names)
}

# peer[1..peers]: those of names that have a cost.
function take_peers(set, slice, names,    n, i, name) {
	peers = 0
	n = split(names, name, " ")
	for (i = 1; i <= n; i++)
		if (has_cost(set, slice, name[i]))
			peer[++peers] = name[i]
	return peers
}

# Two peers at least, or none.
function find_peers(set, slice) {
	if (take_peers(set, slice, peer_names[1]) < 2 && take_peers(set, slice, peer_names[2]) < 2)
		peers = 0
	return peers
}

function spread_of(set, slice, alloc, size, op) {
	return value("spread", set, slice, alloc, size, op)
}

# Of the peers that have a cost at that size: best_cost, worst and worst_cost. How many there are.
function rank_size(set, slice, size, op,    k, x, n) {
	for (k = 1; k <= peers; k++) {
		x = cost(set, slice, peer[k], size, op)
		if (x == "-" || x <= 0)
			continue
		# Some awks compare what a function returns as text.
		x += 0
		if (!n++ || x < best_cost) {
			best_cost = x
			best = peer[k]
		}
		if (n == 1 || x > worst_cost) {
			worst_cost = x
			worst = peer[k]
		}
	}
	return n
}

# The names of those that cost no more than the best, in why_same why they count as the same.
function winners_at(set, slice, size, op,    k, x, why, n, name) {
	why_same = ""
	for (k = 1; k <= peers; k++) {
		x = cost(set, slice, peer[k], size, op)
		if (x == "-" || x <= 0)
			continue
		why = same_cost(set, best_cost, x + 0, spread_of(set, slice, best, size, op) + spread_of(set, slice, peer[k], size, op))
		if (why == "")
			continue
		name[++n] = peer[k]
		why_same = why_same " " why
	}
	return joined(name, n)
}

# a, b and c.
function joined(name, n,    i, text) {
	for (i = 1; i <= n; i++)
		text = text (i == 1 ? "" : i == n ? " and " : ", ") name[i]
	return text
}

# Those of the names a that b has, too.
function common(a, b,    i, n, name, kept, m) {
	n = split(a, name, / and |, /)
	b = " " b " "
	gsub(/,/, " ", b)
	for (i = 1; i <= n; i++)
		if (index(b, " " name[i] " "))
			kept[++m] = name[i]
	return joined(kept, m)
}

# How often each peer is among the cheapest; the name of the one that is so most often.
function favourite_of(set, slice, op,    i, k, size, n, name, won, most) {
	for (i = 1; i <= sizes[set]; i++) {
		size = size_at[set, i]
		if (rank_size(set, slice, size, op) < 2)
			continue
		n = split(winners_at(set, slice, size, op), name, / and |, /)
		for (k = 1; k <= n; k++)
			won[name[k]]++
	}
	most = peer[1]
	for (k = 2; k <= peers; k++)
		if (won[peer[k]] > won[most])
			most = peer[k]
	return most
}

# Stretches of sizes with the same winners among the peers, into run_*[]; returns how many. Joint: one that is the cheapest
# throughout is the winner, whoever costs the same in between; where nobody is, a tie goes to the favourite, or one size
# that stands out would give all ties after it to another.
function find_runs(set, slice, op, joint,    n) {
	n = list_runs(set, slice, op, joint, "")
	return joint && n > 1 ? list_runs(set, slice, op, joint, favourite_of(set, slice, op)) : n
}

function list_runs(set, slice, op, joint, favourite,    i, size, who, n, both) {
	compared = 0
	for (i = 1; i <= sizes[set]; i++) {
		size = size_at[set, i]
		if (rank_size(set, slice, size, op) < 2)
			continue
		who = winners_at(set, slice, size, op)
		if (favourite != "" && common(who, favourite) != "")
			who = favourite
		if (!compared++)
			smallest = size
		largest = size
		both = n && joint ? common(run_winner[n], who) : ""
		if (both != "") {
			run_winner[n] = both
		} else if (!n || who != run_winner[n]) {
			run_winner[++n] = who
			run_first[n] = size
			run_sizes[n] = 0
			run_within[n] = ""
		}
		run_last[n] = size
		run_sizes[n]++
		run_within[n] = run_within[n] why_same
	}
	return n
}

function is_tie(who) {
	return who ~ / and /
}

# Of two allocators that cost the same both are named already.
function run_text(set, i, n,    who, tie) {
	who = run_winner[i]
	tie = is_tie(who)
	if (peers == 2)
		who = tie ? "they cost the same (" within(set, run_within[i]) ")" : who " is cheaper"
	else
		who = who (tie ? " are the cheapest (the same " within(set, run_within[i]) ")" : " is the cheapest")
	return who place_text(i, n, run_first[i], run_last[i])
}

# Where a stretch lies that is the i-th of n.
function place_text(i, n, first, last) {
	if (n == 1)
		return ""
	if (i == 1)
		return " up to " long_size(last)
	if (i == n)
		return " from " long_size(first) " on"
	return first == last ? " at " long_size(first) : " from " long_size(first) " to " long_size(last)
}

function measured_range() {
	return compared == 1 ? "the one size measured, " long_size(smallest) : \
		"every size measured, " long_size(smallest) " to " long_size(largest)
}

# Who is the cheapest of the peers, by size.
function cheapest_sentence(set, slice, op,    n, i, text) {
	n = find_runs(set, slice, op, peers > 2)
	if (!n)
		return joined(peer, peers) " were measured at no common size."
	if (n == 1 && is_tie(run_winner[1]) && peers == 2)
		return joined(peer, 2) " cost the same (" within(set, run_within[1]) ") at " measured_range() "."
	if (n == 1 && peers == 2)
		return run_winner[1] " is cheaper than " (run_winner[1] == peer[1] ? peer[2] : peer[1]) " at " measured_range() "."
	if (n == 1)
		return run_text(set, 1, 1) " at " measured_range() "."
	if (n == 3 && peers > 2 && run_winner[1] == run_winner[3])
		return run_text(set, 1, 1) " at " measured_range() ", but" place_text(2, 3, run_first[2], run_last[2]) ", where " \
			run_winner[2] (is_tie(run_winner[2]) ? " are." : " is.")
	if (n > 5)
		return "No clear order from " long_size(smallest) " to " long_size(largest) ": the cheapest changes " n - 1 " times."
	for (i = 1; i <= n; i++)
		text = text (i == 1 ? "" : i == n ? ", and " : ", ") run_text(set, i, n)
	return text " (measured from " long_size(smallest) " to " long_size(largest) ")."
}

# The two that people ask about, whatever else was measured.
function crossover(set, slice, op) {
	peers = split("kmalloc vmalloc", peer, " ")
	return cheapest_sentence(set, slice, op)
}

# The dearest peer at that size, and worst_cost: that of the size before where it costs the same; "" where all do.
function loser_at(set, slice, size, last,    x) {
	if (same_cost(set, best_cost, worst_cost, spread_of(set, slice, best, size) + spread_of(set, slice, worst, size)) != "")
		return ""
	x = last == "" ? "-" : cost(set, slice, last, size)
	if (x != "-" && same_cost(set, x + 0, worst_cost, spread_of(set, slice, last, size) + spread_of(set, slice, worst, size)) != "") {
		worst = last
		worst_cost = x + 0
	}
	return worst
}

# Stretches of sizes with the same loser, into loser_*[]; returns how many.
function find_losers(set, slice,    i, size, n, who, r, far, nearest) {
	for (i = 1; i <= sizes[set]; i++) {
		size = size_at[set, i]
		if (rank_size(set, slice, size) < 2)
			continue
		who = loser_at(set, slice, size, n ? loser[n] : "")
		if (!n || who != loser[n]) {
			loser[++n] = who
			loser_first[n] = size
			loser_high[n] = loser_low[n] = nearest = ""
		}
		loser_last[n] = size
		r = worst_cost / best_cost
		if (loser_low[n] == "" || r < loser_low[n])
			loser_low[n] = r
		if (loser_high[n] == "" || r > loser_high[n]) {
			loser_high[n] = r
			loser_most[n] = shown_ratio(set, slice, size)
		}
		# The size that everybody knows, or the measured one next to it.
		far = size > 4096 ? size / 4096 : 4096 / size
		if (nearest == "" || far < nearest) {
			nearest = far
			loser_known[n] = shown_ratio(set, slice, size)
		}
	}
	return n
}

function shown_ratio(set, slice, size) {
	return times(worst_cost / best_cost) " times as much as " best " at " long_size(size) " (" cost_text(set, worst_cost) " against " \
		cost_text(set, best_cost) " " unit_name(set) ")" \
		(is_limited(set, slice, worst, size) || is_limited(set, slice, best, size) ? ", clock-limited" : "")
}

# What to keep away from, and by how much.
function avoid_sentence(set, slice,    n, i, text, low, high) {
	n = find_losers(set, slice)
	for (i = 1; i <= n && n <= 5; i++) {
		if (loser[i] == "")
			continue
		low = times(loser_low[i])
		high = times(loser_high[i])
		text = text (text == "" ? "" : " ") "Avoid " loser[i] place_text(i, n, loser_first[i], loser_last[i]) ": it costs " \
			(n == 1 ? loser_known[i] (low == high ? "" : ", " low " to " high " times over all sizes") : \
			(loser_first[i] == loser_last[i] ? "" : "up to ") loser_most[i]) "."
	}
	return text
}

function condition_text(name, n) {
	return (name in condition) ? (n == 1 ? " where " : ", where ") condition[name] : ""
}

# What to do: the cheapest where it will do, and what else where it will not.
function use_sentence(set, slice,    n, i, name, k, text, other) {
	n = find_runs(set, slice, "", 1)
	if (!n || n > 5)
		return ""
	for (i = 1; i <= n; i++) {
		split(run_winner[i], name, / and |, /)
		text = text (i == 1 ? "" : "; ") name[1] place_text(i, n, run_first[i], run_last[i]) condition_text(name[1], n)
		if (name[1] in condition && other == "")
			for (k = 1; k <= peers && other == ""; k++)
				other = (peer[k] in condition) ? "" : peer[k]
	}
	if (other != "" && index(text, other) != 1)
		return "Use " text (n == 1 ? ", else " : "; else ") other "."
	if (n == 1 && name[1] == "kmalloc" && has(set, "kvmalloc"))
		text = text "; kvmalloc where that may fail for want of contiguous memory"
	return "Use " text "."
}

# Sizes at which one takes over from the other: where the line from one clear winner to the next passes ratio 1 on
# logarithmic axes. It passes through no gap, and a tie wins nothing.
function find_crossings(set, slice, a, b,    i, size, who, ratio, last, last_size, last_ratio, text) {
	for (i = 1; i <= sizes[set]; i++) {
		size = size_at[set, i]
		who = value("winner", set, slice, b, size)
		ratio = value("ratio", set, slice, b, size)
		if (who == "-" || ratio <= 0) {
			if (planned(set, slice, a, size) || planned(set, slice, b, size))
				last = ""
			continue
		}
		if (who == "same")
			continue
		if (last != "" && last != who)
			text = text (text == "" ? "" : " ") sprintf("%.0f", \
				exp(log(last_size) - log(size / last_size) * log(last_ratio) / log(ratio / last_ratio)))
		last = who
		last_size = size
		last_ratio = ratio
	}
	return text
}

# What each costs, at its least and its largest size, where there are not both to compare.
function alone_sentence(set, slice,    k, i, n, text, name, x, first, last) {
	for (k = 1; k <= allocs[set] && n < 4; k++) {
		name = alloc_at[set, k]
		first = last = ""
		for (i = 1; i <= sizes[set]; i++) {
			x = cost(set, slice, name, size_at[set, i])
			if (x == "-" || is_reference(name))
				continue
			last = cost_text(set, x) " " unit_name(set) " at " long_size(size_at[set, i])
			first = first == "" ? last : first
		}
		if (first == "")
			continue
		n++
		text = text (text == "" ? "" : "; ") name " costs " first (last == first ? "" : ", " last)
	}
	return text == "" ? "" : text "."
}

# What was measured and is no peer.
function apart_sentence(set, slice,    i, k, n, name) {
	for (i = 1; i <= allocs[set]; i++) {
		for (k = 1; k <= peers && peer[k] != alloc_at[set, i]; k++)
			;
		if (k > peers && !is_reference(alloc_at[set, i]) && has_cost(set, slice, alloc_at[set, i]))
			name[++n] = alloc_at[set, i]
	}
	return n ? "Not compared here, because it clears the memory or serves another purpose: " joined(name, n) "." : ""
}

# Why sizes that one of the two has are missing from the comparison.
function missing_sentence(set, slice, a, b,    i, size, text, more, who, why) {
	for (i = 1; i <= sizes[set]; i++) {
		size = size_at[set, i]
		if ((cost(set, slice, a, size) == "-") == (cost(set, slice, b, size) == "-") || ++more > 3)
			continue
		who = cost(set, slice, a, size) == "-" ? a : b
		why = value("reason", set, slice, who, size)
		if (why == "" || why == "-")
			why = planned(set, slice, who, size) ? "too few samples for a median" : "not in the plan"
		else
			why = value("state", set, slice, who, size) ": " why
		text = text (text == "" ? "" : "; ") who " at " long_size(size) " (" why ")"
	}
	if (more > 3)
		text = text "; and " more - 3 " more"
	return text == "" ? "" : "Not compared: " text "."
}

# What `other` costs as a multiple of `way`, over the sizes of both: range_low and range_high, range_within where all are
# the same; what is the same counts as 1. Of two sets it is of one unit only.
function range_of(way_set, way_slice, way, set, slice, other,    i, size, x, y, r, why, spread) {
	range_n = range_other = 0
	range_within = ""
	for (i = 1; i <= sizes[set]; i++) {
		size = size_at[set, i]
		x = cost(way_set, way_slice, way, size)
		y = cost(set, slice, other, size)
		if (x == "-" || y == "-" || x <= 0)
			continue
		spread = value("spread", way_set, way_slice, way, size) + value("spread", set, slice, other, size)
		why = same_cost(set, x, y, spread)
		range_within = range_within " " why
		range_other += why == ""
		r = why == "" ? y / x : 1
		if (!range_n++ || r < range_low) {
			range_low = r
			range_low_at = size
		}
		if (range_n == 1 || r > range_high) {
			range_high = r
			range_high_at = size
		}
	}
	return range_n
}

function range_text(set,    low, high) {
	if (!range_other)
		return "the same (" within(set, range_within) ")"
	low = fine_times(range_low)
	high = fine_times(range_high)
	if (low == high)
		return low " times as much"
	return low " times (at " long_size(range_low_at) ") to " high " times (at " long_size(range_high_at) ") as much"
}

function kvmalloc_sentence(set, slice) {
	if (!range_of(set, slice, "kmalloc", set, slice, "kvmalloc"))
		return ""
	return "kvmalloc costs " range_text(set) " as kmalloc."
}

# Whom flags with accounting charged; results of an older module do not say.
function whom(set, flags) {
	if (flags !~ /__GFP_ACCOUNT/ || about[set, "charged"] == "")
		return ""
	return about[set, "charged"] == "0" ? " (charged to nobody)" : " (charged to a memory cgroup)"
}

# What one field changes, e.g. the flags: what differs in cost by itself, what does not in one list. Contexts are
# compared at other flags as well, for few of them allow the usual ones.
function field_sentence(set, base, field, name,    i, j, k, a, b, same, way, what, text, equal, reasons) {
	split(base, a, " ")
	for (i = 1; i <= slices[set]; i++) {
		split(slice_at[set, i], b, " ")
		same = 0
		for (j = 1; j <= 5; j++)
			same += a[j] == b[j] || j == 1 && field == 2
		if (same != 4 || a[field] == b[field])
			continue
		what = b[field] (field == 2 && a[1] != b[1] ? " and " b[1] : "") (field == 1 ? whom(set, b[1]) : "")
		way = field == 2 ? b[1] " " a[2] " " a[3] " " a[4] " " a[5] : base
		for (k = 1; k <= allocs[set]; k++) {
			if (alloc_at[set, k] !~ /^k?v?malloc$/ || !range_of(set, way, alloc_at[set, k], set, slice_at[set, i], alloc_at[set, k]))
				continue
			if (range_other) {
				text = text (text == "" ? "" : "; ") alloc_at[set, k] " with " what " costs " range_text(set)
			} else {
				equal = equal (equal == "" ? "" : ", ") alloc_at[set, k] " with " what
				reasons = reasons range_within
			}
		}
	}
	if (equal != "")
		text = text (text == "" ? "" : "; ") "the same (" within(set, reasons) "): " equal
	return text == "" ? "" : name " against " a[field] ": " text "."
}

# In the instruction lane the write is the loop's own.
function touch_sentence(set,    text) {
	if (is_insn(set) || written[set] == "")
		return ""
	text = crossover(set, written[set], "written")
	return compared ? "With the first write to the memory counted in: " text : ""
}

# The call whose p99 is furthest above its median: the largest p99 is always that of the largest size.
function tail_sentence(set, slice,    k, i, o, op, x, p99, most, text) {
	split("alloc free pair", op, " ")
	for (k = 1; k <= allocs[set]; k++)
		for (i = 1; i <= sizes[set] && !is_reference(alloc_at[set, k]); i++)
			for (o = 1; o <= 3; o++) {
				x = cost(set, slice, alloc_at[set, k], size_at[set, i], op[o])
				p99 = value("p99", set, slice, alloc_at[set, k], size_at[set, i], op[o])
				if (x == "-" || p99 == "-" || x <= 0 || value("limited", set, slice, alloc_at[set, k], size_at[set, i], op[o]) == "yes" || \
				    p99 / x <= most)
					continue
				most = p99 / x
				text = sprintf("Longest tail: %s %s of %s, where p99 is %s times the median (%s against %s %s).", alloc_at[set, k], op[o], \
					long_size(size_at[set, i]), times(most), cost_text(set, p99), cost_text(set, x), unit_name(set))
			}
	if (text != "" && most <= 1 + same_percent(set) / 100)
		return sprintf("No long tail: p99 is the median (within %s %%) wherever it was measured.", same_percent(set))
	return text
}

function warning_sentence(set,    i, text) {
	for (i = 1; i <= warnings[set]; i++)
		text = text (text == "" ? "Warning: " : "; ") warning[set, i]
	return text == "" ? "" : text "."
}

function say_all(set,    slice, a, b) {
	slice = usual[set]
	a = "kmalloc"
	b = "vmalloc"
	sentence[set, "warning"] = warning_sentence(set)
	sentence[set, "caution"] = emulated(set) ? "Times under emulation (accel=tcg) say nothing about hardware." : ""
	if (!slices[set]) {
		sentence[set, "cheapest"] = "Nothing was measured."
		return
	}
	if (has(set, a) && has(set, b)) {
		sentence[set, "crossover"] = crossover(set, slice)
		crossings[set] = find_crossings(set, slice, a, b)
		sentence[set, "missing"] = missing_sentence(set, slice, a, b)
		sentence[set, "touch"] = touch_sentence(set)
	}
	if (find_peers(set, slice)) {
		sentence[set, "cheapest"] = cheapest_sentence(set, slice)
		sentence[set, "avoid"] = avoid_sentence(set, slice)
		sentence[set, "use"] = use_sentence(set, slice)
		sentence[set, "apart"] = apart_sentence(set, slice)
	} else {
		sentence[set, "alone"] = alone_sentence(set, slice)
	}
	sentence[set, "kvmalloc"] = kvmalloc_sentence(set, slice)
	sentence[set, "flags"] = field_sentence(set, plain[set], 1, "Flags")
	sentence[set, "contexts"] = field_sentence(set, plain[set], 2, "Contexts")
	sentence[set, "patterns"] = field_sentence(set, plain[set], 3, "Patterns")
	sentence[set, "tail"] = tail_sentence(set, slice)
}
