# SPDX-License-Identifier: GPL-2.0
# touches.awk - what a call touches beside taking instructions: the vectors of a boot of either side, read as the sets
# touch-base and touch-new (results.awk -v table=vector); functions of report.awk.

$1 == "vector" {
	touch_cell = cell_here() OFS at("op")
	if (!((set, touch_cell) in touch_known)) {
		touch_known[set, touch_cell] = 1
		touch_at[set, ++touch_cells[set]] = touch_cell
	}
	take_draw(set SUBSEP touch_cell SUBSEP at("metric"))
}

function touch_value(side, cell, metric) {
	return middle_draw("touch-" side SUBSEP cell SUBSEP metric)
}

# A cell as a row, empty where two kernels do the same.
function touch_row(cell, metrics, two,    n, name, i, base, new, text, changed) {
	n = split(metrics, name, " ")
	for (i = 1; i <= n; i++) {
		new = touch_value("new", cell, name[i])
		base = two ? touch_value("base", cell, name[i]) : new
		changed += base != new
		text = text OFS (base == new ? new : base "->" new)
	}
	return two && !changed ? "" : cell text
}

function touches_section(base,    two, metrics, i, text, same) {
	if (!touch_cells["touch-new"])
		return
	two = base && touch_cells["touch-base"]
	metrics = "lines written bytes locked irq tlb spins"
	section("touches", "What a call touches")
	para("plain", "Counted by QEMU without a model of any cache: 64-byte lines of memory read or written, those written, bytes, locked " \
		"instructions, those that touch the interrupt flag, TLB flushes (of all samples of a round), calls that take a spin lock. " \
		"A line more is a possible miss, not a time.")
	text = metrics
	gsub(/ /, OFS, text)
	table("Medians of a call, the clock's own included" (two ? "; base -> new where they differ" : ""), "llrrrrrrr", "cell\top\t" text)
	for (i = 1; i <= touch_cells["touch-new"]; i++) {
		text = touch_row(touch_at["touch-new", i], metrics, two)
		if (text == "")
			same++
		else
			row(text)
	}
	if (same)
		note(grouped(same) " more op" (same == 1 ? "" : "s") " without a difference.")
	if (!end_table())
		para("plain", "Every op touches the same on both kernels.")
}
