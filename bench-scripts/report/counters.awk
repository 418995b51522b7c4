# SPDX-License-Identifier: GPL-2.0
# counters.awk - what the CPU's own counters saw of a call (counters=), beside what it took; functions of report.awk.

# A round is a draw: its median, a call. Too few stretches have none.
$1 == "counter" && at("p50") != "-" && !is_reference(at("alloc")) {
	note_counted(at("alloc") FS at("size") FS at("flags") FS at("context") FS at("pattern") FS at("cpus") FS at("variant") FS at("op"), at("name"))
	counted_draw[counted_key, ++counted_draws[counted_key]] = at("p50") / at("calls")
}

function note_counted(cell, name) {
	counted_key = set SUBSEP cell SUBSEP name
	if (!((set, cell) in counted_known))
		counted_at[set, ++counted_cells[set]] = cell
	counted_known[set, cell] = 1
	if (!(name in counter_known))
		counter_at[++counter_names] = name
	counter_known[name] = 1
}

function counted_value(set, cell, name,    key) {
	key = set SUBSEP cell SUBSEP name
	return counted_draws[key] ? median_in(counted_draw, key, counted_draws[key]) : "-"
}

# What it took, of the same stretches.
function counted_time(set, cell,    p) {
	split(cell, p, FS)
	return value("cost", set, p[3] " " p[4] " " p[5] " " p[6] " " p[7], p[1], p[2], p[8])
}

# A miss in a hundred calls is some.
function counted_text(x) {
	return x == "-" ? x : x >= 99.95 || x == int(x) ? grouped(x) : sprintf(x >= 9.995 ? "%.1f" : "%.2f", x)
}

# The columns say which counters; beside them that word of the cell is no news.
function counted_label(cell,    p) {
	split(cell, p, FS)
	sub(/,?counters=[^,]*/, "", p[7])
	sub(/^,/, "", p[7])
	return cell_label(p[1], p[2], p[3], p[4], p[5], p[6], p[7] == "" ? "-" : p[7]) OFS p[8]
}

# base is "" where there is none, and "-" where it has no such cell.
function both_texts(base, new) {
	return OFS (base == "" || base == new ? new : base (base == "-" ? " " : "") "->" (base == "-" ? " " : "") new)
}

function counted_row(set, base, cell,    i, text) {
	text = counted_label(cell) both_texts(base == "" ? "" : cost_text(base, counted_time(base, cell)), cost_text(set, counted_time(set, cell)))
	for (i = 1; i <= counter_names; i++)
		text = text both_texts(base == "" ? "" : counted_text(counted_value(base, cell, counter_at[i])), \
			counted_text(counted_value(set, cell, counter_at[i])))
	return text
}

# The first results of the base that are of the same lane and were counted, too.
function counted_base(set,    i, other) {
	for (i = 1; i <= sets_of["base"]; i++) {
		other = set_at["base", i]
		if (lane_name(other) == lane_name(set) && counted_cells[other])
			return other
	}
	return ""
}

function counters_section(set, prefix,    i, base, head, align) {
	if (!counted_cells[set])
		return
	base = counted_base(set)
	section(prefix "counters", of_many("What the CPU counted"))
	para("plain", "The CPU's own counters (counters=), of the same stretches of calls as the time, an empty stretch's taken off. " \
		"Nothing is called better or worse by them.")
	for (i = 1; i <= counter_names; i++) {
		head = head OFS counter_at[i]
		align = align "r"
	}
	table("Medians of a call" (base == "" ? "" : "; base->new where they differ"), "llr" align, "cell\top\t" unit_name(set) head)
	for (i = 1; i <= counted_cells[set]; i++)
		row(counted_row(set, base, counted_at[set, i]))
	end_table()
}
