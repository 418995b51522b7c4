# SPDX-License-Identifier: GPL-2.0
# sweeps.awk - what changes where slices differ in a number only: CPUs at once (cpus) or live objects (live). Functions,
# loaded behind pictures.awk.

# CPUs in a list such as 0-3,8.
function cpu_count(cpus,    n, i, part, bound, sum) {
	n = split(cpus, part, ",")
	for (i = 1; i <= n; i++)
		sum += split(part[i], bound, "-") == 2 ? bound[2] - bound[1] + 1 : 1
	return sum
}

# 64 is the default.
function depth_of(variant) {
	return match(variant, /depth=[0-9]+/) ? substr(variant, RSTART + 6, RLENGTH - 6) + 0 : 64
}

function place_of(kind, slice,    p) {
	split(slice, p, " ")
	return kind == "cpus" ? cpu_count(p[4]) : depth_of(p[5])
}

# What the slices of a family have in common.
function family_of(kind, slice,    p) {
	split(slice, p, " ")
	if (kind == "live") {
		gsub(/,?depth=[0-9]+/, "", p[5])
		sub(/^,/, "", p[5])
	}
	return p[1] " " p[2] " " p[3] " " (kind == "cpus" ? "0" : p[4]) " " (p[5] == "" ? "-" : p[5])
}

# Into family[1..families], the largest first and at most four: member[FAMILY, 1..members[FAMILY]], slices in the order of
# their number.
function find_families(set, kind,    i, j, s, f, n, list, p) {
	split("", members)
	split("", member)
	split("", family)
	families = n = 0
	for (i = 1; i <= slices[set]; i++) {
		s = slice_at[set, i]
		split(s, p, " ")
		if (kind == "live" && p[3] ~ /^(pair|cold)$/ || !choose_drawn(set, s))
			continue
		f = family_of(kind, s)
		if (!(f in members))
			list[++n] = f
		for (j = 1; j <= members[f] && place_of(kind, member[f, j]) != place_of(kind, s); j++)
			;
		if (j > members[f])
			for (j = ++members[f]; j > 1 && place_of(kind, member[f, j - 1]) > place_of(kind, s); j--)
				member[f, j] = member[f, j - 1]
		member[f, j] = s
	}
	for (i = 1; i <= n; i++) {
		if (members[list[i]] < 2)
			continue
		for (j = ++families; j > 1 && members[family[j - 1]] < members[list[i]]; j--)
			family[j] = family[j - 1]
		family[j] = list[i]
	}
	if (families > 4)
		families = 4
	return families
}

function number_noun(kind) {
	return kind == "cpus" ? "CPUs" : "live objects"
}

# What the far end costs against the near one.
function far_end(set, kind, f,    n, k, near, far, text) {
	near = member[f, 1]
	far = member[f, members[f]]
	n = choose_drawn(set, near)
	for (k = 1; k <= n; k++)
		if (range_of(set, near, drawn[k], set, far, drawn[k]))
			text = text (text == "" ? "" : "; ") drawn[k] " costs " range_text(set)
	return text == "" ? "" : grouped(place_of(kind, far)) " " number_noun(kind) " against " grouped(place_of(kind, near)) ": " text "."
}

# Is a slice in a picture of its own, at another number than the plain one?
function in_family(set, slice,    k, kind, f, i) {
	split("cpus live", kind, " ")
	for (k = 1; k <= 2; k++)
		if (find_families(set, kind[k]))
			for (f = 1; f <= families; f++)
				for (i = 1; i <= members[family[f]]; i++)
					if (member[family[f], i] == slice && place_of(kind[k], slice) != place_of(kind[k], plain[set]))
						return 1
	return 0
}

# Sizes that more than one of a family has a cost at: into size[]; the usual ones, or the first four.
function family_sizes(set, f, draws, size,    i, m, k, s, n, found, pass) {
	for (pass = 1; pass <= 2 && !n; pass++)
		for (i = 1; i <= sizes[set] && n < 4; i++) {
			s = size_at[set, i]
			found = 0
			for (k = 1; k <= draws; k++)
				for (m = 1; m <= members[f]; m++)
					found += cost(set, member[f, m], drawn[k], s) != "-"
			if (found > 1 && (pass == 2 || s ~ /^(64|4096|65536|1048576)$/))
				size[++n] = s
		}
	return n + 0
}

function picture_sweep(set, name, kind, f,    n, s, i, k, m, x, title, size) {
	n = choose_drawn(set, member[f, 1])
	s = family_sizes(set, f, n, size)
	if (!s)
		return 0
	title = kind == "cpus" ? "Many CPUs at once" : "Live objects"
	open_picture(name, title, where_text(set, f), (kind == "cpus" ? "One pinned worker on each CPU; a flat line is perfect scaling. " : \
		"A knee is where objects no longer come from what the CPU keeps at hand. ") limits_text(set))
	for (i = 1; i <= s; i++) {
		open_panel("lines", long_size(size[i]) ", alloc + free, " unit_name(set), i == s ? number_noun(kind) : "", "count", "log", 170)
		for (k = 1; k <= n; k++) {
			open_series(legend_name(set, drawn[k], f), style_of[drawn[k]])
			for (m = 1; m <= members[f]; m++)
				if ((x = cost(set, member[f, m], drawn[k], size[i])) != "-" && x > 0)
					draw_point(place_of(kind, member[f, m]), x, "-", "-", "full", drawn[k] " " long_size(size[i]) ", " \
						grouped(place_of(kind, member[f, m])) " " number_noun(kind) ": " cost_text(set, x) " " unit_name(set))
		}
	}
	return s
}
