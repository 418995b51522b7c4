# SPDX-License-Identifier: GPL-2.0
# folklore.awk - common claims about the allocators against what was measured: functions of report.awk. A finding is
# "VERDICT<tab>WHAT WAS MEASURED", or "" where nobody tried.

# The facts of an allocator that say a key: found_size[1..found], found_value[], found_more[], in order of the size.
function find_facts(set, alloc, key,    i, j, v, seen) {
	found = 0
	for (i = 1; i <= facts[set]; i++) {
		v = word_of(fact_more[set, i], key)
		# Memory that was asked for zeroed proves nothing of the allocator.
		if (fact_alloc[set, i] != alloc || fact_size[set, i] == "-" || v == "" || (key == "zeroed" && fact_flags[set, i] ~ /__GFP_ZERO/) || \
		    (fact_size[set, i], v) in seen)
			continue
		seen[fact_size[set, i], v] = 1
		for (j = ++found; j > 1 && found_size[j - 1] > fact_size[set, i] + 0; j--) {
			found_size[j] = found_size[j - 1]
			found_value[j] = found_value[j - 1]
			found_more[j] = found_more[j - 1]
		}
		found_size[j] = fact_size[set, i] + 0
		found_value[j] = v
		found_more[j] = fact_more[set, i]
	}
	return found
}

function size_range(low, high) {
	return low == high ? "at " long_size(low) : "from " long_size(low) " to " long_size(high)
}

# Of the facts found those with a value, or without it: "" or their sizes in words.
function sizes_with(wanted, is,    i, low, high, n) {
	for (i = 1; i <= found; i++)
		if ((found_value[i] == wanted) == is) {
			if (!n++)
				low = found_size[i]
			high = found_size[i]
		}
	return n ? size_range(low, high) : ""
}

# A claim that a fact is the same at every size.
function always(set, alloc, key, wanted, good, bad,    held, other) {
	if (!find_facts(set, alloc, key))
		return ""
	held = sizes_with(wanted, 1)
	other = sizes_with(wanted, 0)
	if (other == "")
		return "true" OFS good " " held
	if (held == "")
		return "false" OFS bad " " other
	return "it depends" OFS good " " held ", " bad " " other
}

function scattered(set,    i, n, many, pages, last) {
	find_facts(set, "vmalloc", "extents")
	for (i = 1; i <= found; i++) {
		pages = word_of(found_more[i], "pages")
		if (pages == "0" || pages == "1")
			continue
		n++
		many += found_value[i] != "1"
		last = i
	}
	if (!n)
		return ""
	return (many == n ? "true" : many ? "it depends" : "false") OFS found_value[last] " extents at " long_size(found_size[last]) \
		"; more than one at " many " of " n " sizes above a page"
}

# The largest size that worked, with a ">=" where the search was cut short.
function largest_of(set, alloc,    i, v) {
	for (i = 1; i <= facts[set]; i++) {
		v = word_of(fact_more[set, i], "largest")
		if (fact_alloc[set, i] == alloc && v ~ /^(>=)?[0-9]+$/)
			return v
	}
	return ""
}

function digits(text) {
	sub(/^>=/, "", text)
	return text + 0
}

function limit_128k(set,    v, i, k, most) {
	v = largest_of(set, "kmalloc")
	if (v != "" && (digits(v) > 131072 || v !~ /^>/))
		return (digits(v) > 131072 ? "false" : "true") OFS long_size(digits(v)) " worked" \
			(v ~ /^>/ ? " before the budget ended the search" : " and no more")
	for (i = 1; i <= sizes[set]; i++)
		for (k = 1; k <= slices[set]; k++)
			if (cost(set, slice_at[set, k], "kmalloc", size_at[set, i]) != "-")
				most = size_at[set, i]
	return most > 131072 ? "false" OFS long_size(most) " was measured" : ""
}

function no_limit(set,    v) {
	v = largest_of(set, "vmalloc")
	if (v == "")
		return ""
	if (v ~ /^>/)
		return "it depends" OFS "at least " long_size(digits(v)) ": the byte budget ended the search, not vmalloc"
	return "false" OFS long_size(digits(v)) " worked and no more"
}

function not_zeroed(set,    text, init) {
	text = always(set, "kmalloc", "zeroed", "0", "not zeroed", "zeroed")
	init = meta_text(set, "init_on_alloc")
	sub(/^[^\t]*/, "it depends", text)
	return text == "it depends" || text == "" ? "" : text ", with init_on_alloc=" (init == "" ? "?" : init)
}

# Usable where sleeping is not allowed. A refusal counts where its flags do not sleep either.
function atomic(set, alloc,    i, j, p, s, state, good, n, refused, seen) {
	for (i = 1; i <= slices[set]; i++) {
		split(slice_at[set, i], p, " ")
		if (p[2] == "process" && p[1] != "GFP_ATOMIC")
			continue
		for (j = 1; j <= sizes[set]; j++) {
			s = p[1] " in " p[2]
			state = value("state", set, slice_at[set, i], alloc, size_at[set, j])
			if (p[2] != "process" && state ~ /^(ok|short)$/ && !(s in seen) && ++n <= 3)
				good = listed(good, s)
			if (p[2] != "process" && state ~ /^(ok|short)$/)
				seen[s] = 1
			else if (state == "skipped" && ("|" p[1] "|") ~ /\|GFP_(ATOMIC|NOWAIT)\|/ && refused == "")
				refused = s ": " value("reason", set, slice_at[set, i], alloc, size_at[set, j])
		}
	}
	if (good == "")
		return refused == "" ? "" : "false" OFS "never, by rule; " refused
	return refused == "" ? "true" OFS "ran with " good : "it depends" OFS "ran with " good "; not " refused
}

# Instructions are no time: in that lane nobody was faster.
function faster(set,    i, who, n, won) {
	if (is_insn(set) || emulated(set))
		return ""
	for (i = 1; i <= sizes[set]; i++) {
		who = value("winner", set, usual[set], "vmalloc", size_at[set, i])
		n += who != "-"
		won += who == "kmalloc"
	}
	who = sentence[set, "crossover"]
	sub(/\.$/, "", who)
	return n ? (won == n ? "true" : won ? "it depends" : "false") OFS who : ""
}

# In instructions a fault would be thousands; in time a TLB miss may look like one.
function demand_paged(set,    i, x, y, text, slice) {
	slice = written[set]
	for (i = sizes[set]; i >= 1; i--) {
		x = cost(set, slice, "vmalloc", size_at[set, i], "touch")
		y = cost(set, slice, "vmalloc", size_at[set, i], "retouch")
		if (x == "-" || y == "-" || y <= 0)
			continue
		text = "first write to each page of " long_size(size_at[set, i]) ": " cost_text(set, x) " " unit_name(set) ", second: " cost_text(set, y) \
			" (" times(x / y) " times)"
		if (is_insn(set) && x < 2 * y)
			text = "the first write to each page of " long_size(size_at[set, i]) " takes as many instructions as the second: no fault"
		return x < 2 * y ? "false" OFS text : x > 20 * y ? "true" OFS text : \
			"it depends" OFS text "; TLB misses or faults: the instruction lane tells them apart"
	}
	return ""
}

function exact_size(set,    i, n, more, most, at_most, powers, s) {
	find_facts(set, "kmalloc", "usable")
	powers = 1
	for (i = 1; i <= found; i++) {
		n++
		for (s = 1; s < found_size[i]; s *= 2)
			;
		powers = powers && s == found_size[i]
		if (found_value[i] - found_size[i] > most) {
			most = found_value[i] - found_size[i]
			at_most = i
		}
		more += found_value[i] + 0 > found_size[i]
	}
	if (!n)
		return ""
	if (!more)
		return (powers ? "it depends" : "true") OFS "usable bytes equal those asked for at " n " sizes" (powers ? ", all of them powers of two" : "")
	return (more < n ? "it depends" : "false") OFS "e.g. " grouped(found_value[at_most]) " usable bytes where " grouped(found_size[at_most]) \
		" were asked for"
}

function kvmalloc_region(set,    i, direct, mapped) {
	if (!find_facts(set, "kvmalloc", "region"))
		return ""
	for (i = 1; i <= found; i++) {
		if (found_value[i] == "direct")
			direct = found_size[i]
		if (found_value[i] == "vmalloc" && mapped == "")
			mapped = found_size[i]
	}
	if (direct != "" && mapped != "")
		return "true" OFS "direct map up to " short_size(direct) ", vmalloc region from " short_size(mapped)
	return "it depends" OFS "always the " (direct != "" ? "direct map " sizes_with("direct", 1) : "vmalloc area " sizes_with("vmalloc", 1)) \
		", memory not being scarce"
}

function claim(text, finding) {
	if (finding == "")
		unclaimed = unclaimed (unclaimed == "" ? "" : "; ") text
	else
		row(text OFS finding)
}

function folklore_section(set) {
	section("folklore", "What people say")
	unclaimed = ""
	table("Claims, as measured on this kernel", "lll", "claim\tverdict\tmeasured")
	claim("kmalloc memory is physically contiguous", always(set, "kmalloc", "contiguous", "1", "one extent", "several extents"))
	claim("vmalloc memory is not physically contiguous", scattered(set))
	claim("kmalloc is limited to 128 KB", limit_128k(set))
	claim("vmalloc has no limit", no_limit(set))
	claim("kmalloc memory is not zeroed", not_zeroed(set))
	claim("kzalloc memory is zeroed", always(set, "kzalloc", "zeroed", "1", "all zero", "not all zero"))
	claim("kcalloc memory is zeroed", always(set, "kcalloc", "zeroed", "1", "all zero", "not all zero"))
	claim("vzalloc memory is zeroed", always(set, "vzalloc", "zeroed", "1", "all zero", "not all zero"))
	claim("vmalloc memory is zeroed", always(set, "vmalloc", "zeroed", "1", "all zero", "not all zero"))
	claim("kmalloc can be used in atomic context", atomic(set, "kmalloc"))
	claim("vmalloc can be used in atomic context", atomic(set, "vmalloc"))
	claim("kmalloc is faster than vmalloc", faster(set))
	claim("vmalloc memory is demand-paged", demand_paged(set))
	claim("kmalloc gives just the bytes asked for (ksize)", exact_size(set))
	claim("kvmalloc turns to vmalloc for large sizes", kvmalloc_region(set))
	if (!end_table("-")) {
		para("note", "Not measured in these results: " unclaimed ".")
	} else if (unclaimed != "")
		print "note", "Not measured in these results: " unclaimed "."
}
