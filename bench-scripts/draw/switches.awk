# SPDX-License-Identifier: GPL-2.0
# switches.awk - what each switch of a kernel costs: the same kernel, configured in other ways. Functions over sets of
# tables.awk of one kind, loaded behind pictures.awk; meta_text(SET, KEY) is the caller's.

function has_word(text, word) {
	return index(" " text " ", " " word " ") > 0
}

# The words of one text that another lacks.
function words_without(text, other,    n, i, word, out) {
	n = split(text, word, " ")
	for (i = 1; i <= n; i++)
		if (!has_word(other, word[i]) && !has_word(out, word[i]))
			out = out (out == "" ? "" : " ") word[i]
	return out
}

# How a configuration differs from the first.
function switch_label(first, set,    n, i, key, text, word) {
	text = words_without(meta_text(set, "cmdline"), meta_text(first, "cmdline"))
	n = split("init_on_alloc init_on_free slub_debug_on memcg_kmem charged kasan lockdep debug_pagealloc alloc_profiling", key, " ")
	for (i = 1; i <= n; i++) {
		word = key[i] "=" meta_text(set, key[i])
		if (meta_text(set, key[i]) != "" && meta_text(set, key[i]) != meta_text(first, key[i]) && !has_word(text, word))
			text = text (text == "" ? "" : " ") word
	}
	return text == "" ? "again" : text
}

function whom_charged(set,    said) {
	said = meta_text(set, "charged")
	return said == "0" ? "nobody charged" : said == "1" ? "charged to a memcg" : said == "some" ? "charged in some cells" : \
		"whether charged is not known"
}

function add_step(label, set, slice) {
	step_label[++steps] = label
	step_set[steps] = set
	step_slice[steps] = slice
}

# step_label[1..steps], step_set[], step_slice[]: the sets 1..n, and accounting where its charge differs.
function find_steps(set_of, n,    i, j, k, p, base, kept, first) {
	steps = 0
	first = set_of[1]
	base = usual[first]
	for (i = 2; i <= n; i++)
		kept = kept " " words_without(meta_text(first, "cmdline"), meta_text(set_of[i], "cmdline"))
	kept = words_without(kept, "")
	add_step("plain" (kept == "" ? "" : " (" kept ")"), first, base)
	for (i = 2; i <= n; i++)
		add_step(switch_label(first, set_of[i]), set_of[i], base)
	for (i = 1; i <= n; i++)
		for (j = 1; j <= slices[set_of[i]]; j++) {
			k = slice_at[set_of[i], j]
			split(k, p, " ")
			sub(/^[^ ]*/, "", k)
			if (p[1] ~ /__GFP_ACCOUNT/ && k == substr(base, index(base, " ")) && (i == 1 || whom_charged(first) != whom_charged(set_of[i])))
				add_step("__GFP_ACCOUNT, " whom_charged(set_of[i]), set_of[i], slice_at[set_of[i], j])
		}
}

# "~" where it is no more than a boot moves.
function step_more(i, alloc, size,    a, b) {
	a = cost(step_set[1], step_slice[1], alloc, size)
	b = cost(step_set[i], step_slice[i], alloc, size)
	return same_cost(step_set[1], a, b, value("spread", step_set[1], step_slice[1], alloc, size) + \
		value("spread", step_set[i], step_slice[i], alloc, size)) == "" ? more_text(step_set[1], b - a) : "~"
}

# A sentence of what step i does to the usual costs.
function step_sentence(i,    k, n, text) {
	n = choose_drawn(step_set[1], step_slice[1])
	for (k = 1; k <= n; k++)
		if (range_of(step_set[1], step_slice[1], drawn[k], step_set[i], step_slice[i], drawn[k]))
			text = text (text == "" ? "" : "; ") drawn[k] " costs " range_text(step_set[1])
	return text == "" ? "" : "With " step_label[i] ": " text "."
}

function step_cost(i, alloc, size) {
	return cost(step_set[i], step_slice[i], alloc, size)
}

# Is there anything beside the plain cost?
function has_steps(alloc, size,    i, n) {
	for (i = 2; i <= steps; i++)
		n += step_cost(i, alloc, size) != "-"
	return n && step_cost(1, alloc, size) != "-"
}

# Bars from the plain cost to the cost with each switch alone.
function picture_switches(name,    a, s, alloc, size, panels) {
	split("kmalloc vmalloc", alloc, " ")
	split("64 4096 65536", size, " ")
	for (a = 1; a <= 2; a++)
		for (s = 1; s <= 3; s++) {
			if (!has_steps(alloc[a], size[s]))
				continue
			if (!panels++)
				open_picture(name, "What each switch adds per call", where_text(step_set[1], step_slice[1]), "Pale: the cost in the first row. " \
					"Full: what each switch alone adds to it or saves. " limits_text(step_set[1]))
			draw_steps(alloc[a], size[s])
		}
	return panels > 0
}

function draw_steps(alloc, size,    i, n, y, first, x, label, pass) {
	for (i = 1; i <= steps; i++)
		n += step_cost(i, alloc, size) != "-"
	open_panel("rows", alloc " " long_size(size) ", " unit_name(step_set[1]), "", "linear", "rows", 46 * n)
	first = step_cost(1, alloc, size)
	for (pass = 1; pass <= 3; pass++) {
		open_series(pass == 1 ? "first row" : pass == 2 ? "more" : "less", pass == 1 ? "base" : pass == 2 ? "worse" : "better")
		y = n
		for (i = 1; i <= steps; i++) {
			x = step_cost(i, alloc, size)
			if (x == "-")
				continue
			y--
			label = step_label[i] ": " cost_text(step_set[1], x) " " unit_name(step_set[1]) (i == 1 ? "" : " (" step_more(i, alloc, size) ")")
			if (pass == 1) {
				draw_box(0, first, y + 0.1, y + 0.45, "none", label)
				print "row", y + 0.5, "" > pictures
				print "text", 0, y + 0.66, short_words(label, 60) > pictures
			} else if (step_more(i, alloc, size) != "~" && (x > first) == (pass == 2)) {
				draw_box(x < first ? x : first, x < first ? first : x, y + 0.1, y + 0.45, "none", label)
			}
		}
	}
}

# The words that the picture has room for, and the numbers at their end.
function short_words(label, room,    rest, start) {
	start = match(label, /: [^:]*$/)
	rest = substr(label, start)
	return length(label) <= room ? label : substr(label, 1, room - length(rest) - 3) "..." rest
}
