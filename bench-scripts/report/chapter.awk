# SPDX-License-Identifier: GPL-2.0
# chapter.awk - what one set of results shows: its pictures, each with its numbers; functions of report.awk.

function of_many(name) {
	return chapters > 1 ? name ", " lane_name(chapter_set) : name
}

# A cost as a cell of a table: its mark, and in the time lane what the boots differ by.
function cost_cell(set, slice, alloc, size,    x, spread, text) {
	x = cost(set, slice, alloc, size)
	if (x == "-") {
		gap_mark = 1
		return "-"
	}
	text = cost_text(set, x)
	spread = value("spread", set, slice, alloc, size)
	if (!is_insn(set) && about[set, "boots"] > 1) {
		text = text " ±" cost_text(set, spread / 2)
		plus_mark = 1
	}
	if (is_limited(set, slice, alloc, size)) {
		limit_mark = 1
		text = text "*"
	}
	return text
}

function start_marks() {
	gap_mark = plus_mark = limit_mark = 0
}

function mark_notes(set, slice, n,    k) {
	if (limit_mark)
		note("* clock-limited: below 3 times the clock's own cost.")
	if (plus_mark)
		note("±: half of what the medians of the boots differ by.")
	if (gap_mark)
		note("- no median: not in the plan, skipped, failed, aborted or too few samples.")
	for (k = 1; k <= n; k++) {
		if ((set, drawn[k]) in objects)
			note(drawn[k] ": per object; a call is for " objects[set, drawn[k]] ".")
		if (by_the_byte(set, drawn[k], slice))
			note(drawn[k] ": cleared by rep stos, which this lane counts by the byte.")
	}
}

# The one table that a mail should carry: size against allocator.
function summary_table(set, whose,    slice, n, i, k, cells, any, both, align, head) {
	slice = usual[set]
	n = choose_drawn(set, slice)
	n = n > 4 ? 4 : n
	both = has_ratio(set)
	head = "size"
	align = "r"
	for (k = 1; k <= n; k++) {
		head = head OFS drawn[k]
		align = align "r"
	}
	table(whose "alloc + free, medians, " unit_name(set) "; " slice_words(slice), align (both ? "r" : ""), head (both ? OFS "ratio" : ""))
	start_marks()
	for (i = 1; i <= sizes[set]; i++) {
		cells = short_size(size_at[set, i])
		any = 0
		for (k = 1; k <= n; k++)
			any += cost(set, slice, drawn[k], size_at[set, i]) != "-"
		for (k = 1; k <= n && any; k++)
			cells = cells OFS cost_cell(set, slice, drawn[k], size_at[set, i])
		if (any)
			row(cells (both ? OFS ratio_text(set, slice, "vmalloc", size_at[set, i]) : ""))
	}
	mark_notes(set, slice, n)
	if (both)
		note("ratio: vmalloc/kmalloc; ~: the same.")
	split(slice, cells_of, " ")
	note(pattern_note(cells_of[3]))
	end_table("-")
}

function pattern_note(pattern,    text) {
	text = pattern_words(pattern)
	return text == "" ? "" : "pattern " pattern ": " text "."
}

function figures_of(set, slice, alloc, size, op, names,    n, i, name, text) {
	n = split(names, name, " ")
	for (i = 1; i <= n; i++)
		text = text OFS cost_text(set, value(name[i], set, slice, alloc, size, op)) \
			(name[i] == "cost" && value("limited", set, slice, alloc, size, op) == "yes" ? "*" : "")
	return text
}

# Every number of the pictures, and those of whom they have no room for.
function latency_table(set, slice, wanted,    n, i, k, o, m, op, s, state) {
	n = choose_drawn(set, slice)
	m = split(wanted, op, " ")
	table("Cost by size, " unit_name(set) " per call", "lrlrrrrrr", "allocator\tsize\top\tmin\tp50\tp90\tp99\tp99.9\tmax")
	start_marks()
	for (k = 1; k <= allocs[set]; k++)
		for (i = 1; i <= sizes[set]; i++) {
			s = size_at[set, i]
			if (is_reference(alloc_at[set, k]))
				continue
			for (o = 1; o <= m; o++)
				if (value("n", set, slice, alloc_at[set, k], s, op[o]) != "-") {
					row(alloc_at[set, k] OFS short_size(s) OFS op[o] figures_of(set, slice, alloc_at[set, k], s, op[o], "min cost p90 p99 p999 max"))
					limit_mark += value("limited", set, slice, alloc_at[set, k], s, op[o]) == "yes"
				}
			state = value("state", set, slice, alloc_at[set, k], s)
			if (cost(set, slice, alloc_at[set, k], s) == "-" && state !~ /^(ok|-)$/)
				row(alloc_at[set, k] OFS short_size(s) OFS state ": " value("reason", set, slice, alloc_at[set, k], s) "\t\t\t\t\t\t")
		}
	mark_notes(set, slice, n)
	end_table()
}

function ratio_table(set,    i, s, cells, more, where) {
	more = with_write(set)
	where = written[set]
	table("alloc + free, medians, " unit_name(set), more ? "rrrrrrr" : "rrrr", "size\tkmalloc\tvmalloc\tratio" \
		(more ? "\tkmalloc+write\tvmalloc+write\tratio+write" : ""))
	for (i = 1; i <= sizes[set]; i++) {
		s = size_at[set, i]
		if (cost(set, usual[set], "kmalloc", s) == "-" && cost(set, usual[set], "vmalloc", s) == "-")
			continue
		cells = short_size(s) ratio_cells(set, usual[set], s, "cost") (more ? ratio_cells(set, where, s, "written") : "")
		row(cells)
	}
	note("~: the same (within " same_percent(set) " %" (is_insn(set) ? ", or 2 instructions)." : ", or what the boots differ by)."))
	if (more)
		note("+write is measured in cells of its own.")
	# Else it has nothing that a mail does not say already.
	end_table(more ? "" : "long minor")
}

function ratio_cells(set, slice, s, op) {
	return OFS cost_text(set, cost(set, slice, "kmalloc", s, op)) OFS cost_text(set, cost(set, slice, "vmalloc", s, op)) OFS \
		ratio_text(set, slice, "vmalloc", s, op)
}

# The sizes whose spread is drawn: the usual ones where measured, then others, twelve at most.
function spread_sizes(set, slice, size,    i, n, m, others, step, s, n_drawn, known_n) {
	n_drawn = choose_drawn(set, slice)
	for (i = 1; i <= sizes[set]; i++) {
		s = size_at[set, i]
		if (has_hist(set, slice, n_drawn, s)) {
			known_n += s ~ /^(64|4096|65536|1048576)$/
			others += s !~ /^(64|4096|65536|1048576)$/
		}
	}
	step = int((others + 11 - known_n) / (12 - known_n))
	step = step < 1 ? 1 : step
	for (i = 1; i <= sizes[set]; i++) {
		s = size_at[set, i]
		if (has_hist(set, slice, n_drawn, s) && (s ~ /^(64|4096|65536|1048576)$/ || m++ % step == 0))
			size[++n] = s
	}
	return n + 0
}

function spread_section(set, prefix,    n, i, size, slice, o, k, m, op) {
	slice = usual[set]
	n = spread_sizes(set, slice, size)
	if (!n)
		return
	section(prefix "spread", of_many("How the calls are spread"))
	m = choose_drawn(set, slice)
	split("alloc free", op, " ")
	for (i = 1; i <= n; i++) {
		picture_spread(set, prefix "distribution-" size[i], slice, size[i], "steps")
		picture_spread(set, prefix "bars-" size[i], slice, size[i], "bars")
		figure(prefix "distribution-" size[i] " " prefix "bars-" size[i], "How the calls of " long_size(size[i]) " are spread", \
			prefix "spread", short_size(size[i]))
		table(long_size(size[i]) ", " unit_name(set) " per call", "llrrrrrr", "allocator\top\tsamples\tmin\tp50\tp90\tp99\tmax")
		for (o = 1; o <= 2; o++)
			for (k = 1; k <= m; k++)
				if (value("n", set, slice, drawn[k], size[i], op[o]) != "-")
					row(drawn[k] OFS op[o] OFS grouped(value("n", set, slice, drawn[k], size[i], op[o])) \
						figures_of(set, slice, drawn[k], size[i], op[o], "min cost p90 p99 max"))
		end_table(size[i] ~ /^(64|4096|65536|1048576)$/ ? "long" : "long minor")
	}
}

function overview_table(set, slice,    k, i, n, size, cells, any, head) {
	n = chosen_sizes(set, "64 4096 65536", size)
	for (i = 1; i <= n; i++)
		head = head OFS short_size(size[i])
	table("alloc + free, medians, " unit_name(set), "l" substr("rrr", 1, n), "allocator" head)
	start_marks()
	for (k = 1; k <= allocs[set]; k++) {
		cells = alloc_at[set, k]
		any = 0
		for (i = 1; i <= n; i++) {
			any += cost(set, slice, alloc_at[set, k], size[i]) != "-"
			cells = cells OFS cost_cell(set, slice, alloc_at[set, k], size[i])
		}
		if (any && !is_reference(alloc_at[set, k]))
			row(cells)
	}
	if (limit_mark)
		note("* clock-limited: below 3 times the clock's own cost.")
	end_table("-")
}

# What is usable of what was asked for, and what it takes: an object that does not fill its slab takes all of it.
function waste_section(set, prefix,    i, k, n, name, a, u, size, slot) {
	for (i = 1; i <= facts[set]; i++) {
		a = fact_alloc[set, i]
		u = word_of(fact_more[set, i], "usable")
		if (fact_size[set, i] == "-" || u !~ /^[0-9]+$/ || u + 0 < fact_size[set, i] + 0 || (set, a, fact_size[set, i]) in usable_of)
			continue
		usable_of[set, a, fact_size[set, i]] = u
		slot = word_of(fact_more[set, i], "slot")
		taken_of[set, a, fact_size[set, i]] = slot ~ /^[0-9]+$/ && slot + 0 > u + 0 ? slot : u
		for (k = ++usable_n[set, a]; k > 1 && usable_at[set, a, k - 1] > fact_size[set, i] + 0; k--)
			usable_at[set, a, k] = usable_at[set, a, k - 1]
		usable_at[set, a, k] = fact_size[set, i] + 0
		if (usable_n[set, a] == 1)
			name[++n] = a
	}
	if (!n)
		return
	section(prefix "usable", of_many("What you really get"))
	draw_waste(set, prefix "waste", name, n > 4 ? 4 : n)
	figure(prefix "waste", "What you really get")
	table("Usable bytes, asked of a real allocation, not computed", "lrrrr", "allocator\tasked for\tusable\ttakes\twaste")
	for (k = 1; k <= n; k++)
		for (i = 1; i <= usable_n[set, name[k]]; i++) {
			size = usable_at[set, name[k], i]
			u = usable_of[set, name[k], size]
			slot = taken_of[set, name[k], size]
			row(name[k] OFS grouped(size) OFS grouped(u) OFS grouped(slot) OFS sprintf("%.1f %%", 100 * (slot - size) / slot))
		}
	end_table()
}

function draw_waste(set, name_of, name, n,    k, i, s, u, taken) {
	choose_styles(name, n)
	open_picture(name_of, "What you really get", "Linux " kernel_of(set), "Usable bytes, asked of a real allocation, not computed.")
	open_panel("lines", "share of the memory that was not asked for", "size asked for", "size", "percent", 220)
	for (k = 1; k <= n; k++) {
		open_series(name[k], style_of[name[k]])
		for (i = 1; i <= usable_n[set, name[k]]; i++) {
			s = usable_at[set, name[k], i]
			u = usable_of[set, name[k], s]
			# Between sizes that are further apart lie steps.
			if (i > 1 && s > 2 * usable_at[set, name[k], i - 1])
				print "gap" > pictures
			taken = taken_of[set, name[k], s]
			draw_point(s, 100 * (taken - s) / taken, "-", "-", "full", name[k] ": " grouped(s) " bytes asked for, " grouped(u) " usable, " \
				"takes " grouped(taken))
		}
	}
}

function sweep_sections(set, prefix,    t, kind, i, f, n) {
	split("cpus live", kind, " ")
	for (t = 1; t <= 2; t++) {
		n = find_families(set, kind[t])
		for (i = 1; i <= n; i++) {
			f = family[i]
			if (!picture_sweep(set, prefix kind[t] (i > 1 ? "-" i : ""), kind[t], f))
				continue
			if (!opened[prefix, kind[t]]++)
				section(prefix (kind[t] == "cpus" ? "scaling" : "depth"), of_many(kind[t] == "cpus" ? "Many CPUs at once" : "Live objects"))
			figure(prefix kind[t] (i > 1 ? "-" i : ""), kind[t] == "cpus" ? "Many CPUs at once" : "Live objects")
			para("plain", (n > 1 ? (kind[t] == "cpus" ? "Many CPUs at once" : "Live objects") ": " family_words(f) ". " : "") far_end(set, kind[t], f))
			sweep_table(set, kind[t], f)
		}
	}
}

function family_words(f,    p) {
	split(f, p, " ")
	return p[1] ", " p[2] ", pattern " p[3] (p[5] == "-" ? "" : ", " p[5])
}

function sweep_table(set, kind, f,    n, s, size, i, k, m, x) {
	n = choose_drawn(set, member[f, 1])
	s = family_sizes(set, f, n, size)
	table("alloc + free, medians, " unit_name(set), "lrrr", "allocator\tsize\t" number_noun(kind) "\tcost")
	for (k = 1; k <= n; k++)
		for (i = 1; i <= s; i++)
			for (m = 1; m <= members[f]; m++)
				if ((x = cost(set, member[f, m], drawn[k], size[i])) != "-")
					row(drawn[k] OFS short_size(size[i]) OFS grouped(place_of(kind, member[f, m])) OFS cost_text(set, x))
	end_table()
}

# Flags, contexts, patterns and CPUs against the usual way.
function ways_section(set, prefix,    i, j, k, p, q, changed, a, s, base) {
	base = plain[set]
	split(base, q, " ")
	table("alloc + free, medians, " unit_name(set) "; usual: " slice_words(base), "llrrrr", "changed\tallocator\tsize\tusual\tchanged cost\ttimes")
	for (i = 1; i <= slices[set]; i++) {
		split(slice_at[set, i], p, " ")
		changed = ""
		for (j = 1; j <= 5; j++)
			if (p[j] != q[j])
				changed = listed(changed, j == 4 ? "CPU " p[j] : p[j])
		if (changed == "" || p[5] ~ /touch=/ || in_family(set, slice_at[set, i]))
			continue
		for (k = 1; k <= allocs[set]; k++)
			for (j = 1; j <= sizes[set]; j++) {
				a = alloc_at[set, k]
				s = size_at[set, j]
				if (value("times", set, slice_at[set, i], a, s) != "-")
					row(changed OFS a OFS short_size(s) OFS cost_text(set, value("usual", set, slice_at[set, i], a, s)) OFS \
						cost_text(set, cost(set, slice_at[set, i], a, s)) OFS value("times", set, slice_at[set, i], a, s))
			}
	}
	note("~: the same (within " same_percent(set) " %, or " (is_insn(set) ? "2 instructions)." : "what the boots differ by)."))
	if (table_rows)
		section(prefix "ways", of_many("Other ways to call"))
	end_table()
}

# In the instruction lane these would measure the loop: five instructions a page.
function touch_section(set, prefix) {
	if (!with_write(set) || !picture_latency(set, prefix "latency-touch", written[set], "touch retouch", "What the first and second write cost"))
		return
	section(prefix "touch", of_many("What the first and second write cost"))
	figure(prefix "latency-touch", "What the first and second write cost")
	latency_table(set, written[set], "touch retouch")
}

# All of one set; its first picture stands in the answer already, unless a prefix says that it is another chapter.
function chapter(set, prefix, first_there) {
	chapter_set = set
	if (usual[set] == "" || !has_any(set)) {
		section(prefix "empty", of_many("No pictures"))
		para("warn", "No cell of this result has enough samples for a median.")
		return
	}
	section(prefix "cost", of_many("What one call costs"))
	if (!first_there && picture_latency(set, prefix "latency", usual[set], "alloc free", "Cost of one call by size"))
		figure(prefix "latency", "What one call costs")
	latency_table(set, usual[set], "alloc free pair")
	counters_section(set, prefix)
	sweep_sections(set, prefix)
	if (picture_ratio(set, prefix "ratio")) {
		section(prefix "order", of_many("kmalloc or vmalloc, by size"))
		figure(prefix "ratio", "kmalloc or vmalloc, by size")
		ratio_table(set)
	}
	touch_section(set, prefix)
	spread_section(set, prefix)
	if (picture_overview(set, prefix "all", usual[set])) {
		section(prefix "all-of-them", of_many("Every allocator beside the others"))
		figure(prefix "all", "Every allocator beside the others")
		overview_table(set, usual[set])
	}
	if (picture_heat(set, prefix "heat", usual[set])) {
		section(prefix "heatmap", of_many("Where the samples lie, by size"))
		figure(prefix "heat", "Where the samples lie, by size")
	}
	waste_section(set, prefix)
	ways_section(set, prefix)
}

function has_any(set,    k) {
	for (k = 1; k <= allocs[set]; k++)
		if (has_cost(set, usual[set], alloc_at[set, k]))
			return 1
	return 0
}
