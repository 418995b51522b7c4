# SPDX-License-Identifier: GPL-2.0
# units.awk - sizes, costs and ratios as people read them, which two costs are the same, and whose colour is which: the only
# place of each.
# Functions only; those of a unit read about[SET, KEY] of tables.awk.

function short_size(bytes,    unit) {
	for (unit = 0; bytes >= 1024 && bytes % 1024 == 0 && unit < 4; unit++)
		bytes /= 1024
	return bytes substr(" KMGT", unit + 1, unit > 0)
}

function long_size(bytes,    unit) {
	for (unit = 0; bytes >= 1024 && bytes % 1024 == 0 && unit < 4; unit++)
		bytes /= 1024
	return bytes " " (unit ? substr("KMGT", unit, 1) "i" : "") "B"
}

# Of a size that was not measured, such as a crossover: 26.1 KiB.
function near_size(bytes) {
	return bytes >= 1048576 ? sprintf("%.1f MiB", bytes / 1048576) : bytes >= 1024 ? sprintf("%.1f KiB", bytes / 1024) : \
		sprintf("%.0f B", bytes)
}

function grouped(x,    text, out) {
	text = sprintf("%.0f", x)
	while (length(text) > 3 + (text ~ /^-/)) {
		out = "," substr(text, length(text) - 2) out
		text = substr(text, 1, length(text) - 3)
	}
	return text out
}

# A cost of the tables, which have it in the unit of its lane.
function cost_text(set, x) {
	if (x == "-" || x == "")
		return "-"
	return !is_insn(set) && x > 0 && x < 9.95 ? sprintf("%.1f", x) : grouped(x)
}

# A change that may be of either sign.
function more_text(set, x) {
	return (x < 0 ? "-" : "+") cost_text(set, x < 0 ? -x : x)
}

function times(ratio) {
	return ratio >= 9.95 ? grouped(ratio) : sprintf(ratio >= 0.995 ? "%.1f" : "%.2f", ratio)
}

# A ratio near 1, where its second digit counts.
function fine_times(ratio) {
	return ratio >= 9.95 ? grouped(ratio) : sprintf("%.2f", ratio)
}

# 1.041 as +4.1 %.
function percent_text(ratio,    x) {
	x = 100 * (ratio - 1)
	if (x >= 999.5)
		return "+" grouped(x) " %"
	return sprintf(x >= 99.5 || x <= -99.5 ? "%+.0f %%" : "%+.1f %%", x)
}

function count_text(n, noun) {
	return grouped(n) " " noun (n == 1 ? "" : "s")
}

function is_insn(set) {
	return about[set, "unit"] == "insn"
}

function unit_name(set) {
	return is_insn(set) ? "instructions" : "ns"
}

# Results that no script collected say the lane by their unit.
function lane_name(set,    lane) {
	lane = about[set, "lane"]
	lane = lane == "" ? (is_insn(set) ? "insn" : "time") : lane
	return lane == "insn" ? "instruction lane" : lane == "time" ? "time lane" : "lane " lane
}

# Real time of an emulated processor: it exercises the tool, no more.
function emulated(set) {
	return !is_insn(set) && about[set, "accel"] == "tcg"
}

# They measure the ruler.
function is_reference(alloc) {
	return alloc ~ /^(null|delay|control)$/
}

# Allocators whose memory is cleared by rep stos, which the instruction lane counts by the byte.
function by_the_byte(set, alloc, slice) {
	return is_insn(set) && about[set, "arch"] ~ /^x86/ && (alloc ~ /^(k|v|kv)(z|c)alloc/ || slice ~ /__GFP_ZERO/)
}

# Costs that differ by so many percent are the same: in the instruction lane a harmless change of the boot moves medians
# by so much; in the time lane what several boots differ by counts besides, and of one boot the usual spread of medians.
function same_percent(set) {
	return is_insn(set) ? 2.5 : about[set, "boots"] > 1 ? 2 : 7
}

function tick(set) {
	return is_insn(set) ? 1 : 1000000 / about[set, "khz"]
}

# Why two costs are the same: percent, ticks (no clock tells two apart) or boots (their medians differ by as much; spread
# is what both differ by); "" where they are not.
function same_cost(set, a, b, spread,    gap, least) {
	gap = a < b ? b - a : a - b
	least = a < b ? a : b
	# 1e-9: what was divided by the number of calls is rounded.
	if (gap <= least * same_percent(set) / 100 + 1e-9)
		return "percent"
	if (gap <= 2 * tick(set) + 1e-9)
		return "ticks"
	return !is_insn(set) && gap <= spread + 1e-9 ? "boots" : ""
}

# How close costs are that count as the same, for one or several reasons: "percent ticks".
function within(set, reasons,    text) {
	if (reasons ~ /boots/)
		return "within what the boots differ by"
	text = reasons ~ /percent/ ? same_percent(set) " %" : ""
	if (reasons ~ /ticks/)
		text = text (text == "" ? "" : " or ") "2 " (is_insn(set) ? "instructions" : "ticks")
	return "within " text
}

# How a cell is called: ALLOC SIZE PATTERN, then what is not the usual. export/label.awk takes it apart.
function cell_label(alloc, size, flags, context, pattern, cpus, variant,    label) {
	label = alloc " " short_size(size) " " pattern
	if (flags != "GFP_KERNEL")
		label = label " " flags
	if (context != "process")
		label = label " " context
	if (cpus ~ /[,-]/)
		label = label " cpus=" cpus
	if (variant == "-")
		return label
	gsub(/,/, " ", variant)
	return label " " variant
}

# style_of[NAME] of the names 1..n: the four everybody asks about look the same in every picture.
function choose_styles(name, n,    i, free, taken) {
	split("", style_of)
	split("kmalloc vmalloc kvmalloc kzalloc", free, " ")
	for (i = 1; i <= 4; i++)
		well_known[free[i]] = i
	for (i = 1; i <= n; i++)
		if (name[i] in well_known)
			taken[style_of[name[i]] = well_known[name[i]]] = 1
	for (i = 1; i <= n; i++)
		if (!(name[i] in style_of)) {
			for (free[0] = 1; free[0] < 8 && free[0] in taken; free[0]++)
				;
			taken[style_of[name[i]] = free[0]] = 1
		}
}

# What becomes of an object, by pattern.
function pattern_words(pattern,    n, i, part) {
	n = split("pair freed at once, the hottest path;batch freed together;churn one of many replaced;remote freed on another CPU;" \
		"cold as pair, with the caches evicted before;fragmented as pair, with free memory in pieces;exhaust freed when memory is used up", part, ";")
	for (i = 1; i <= n; i++)
		if (sub("^" pattern " ", "", part[i]))
			return part[i]
}
