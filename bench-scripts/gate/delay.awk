# SPDX-License-Identifier: GPL-2.0
# Stretches of calls in the time lane, and the delay beside them: functions only, for time.awk, whose histogram they
# read.

# Stretches of delay of whatever size are one histogram.
function note_stretch(    part, f, at, i) {
	split(hist_at, part, SUBSEP)
	f = hist_at SUBSEP "p10"
	stretch[f] = 1
	reference_of[f] = reference_name(part[1], part[2])
	if (alloc_of(part[1]) != "delay")
		return
	at = reference_of[f] SUBSEP side SUBSEP unit
	for (i = 1; i <= m; i++) {
		if (!((at, lo[i]) in delayed)) {
			delay_lo[at, ++delays[at]] = lo[i]
			delay_hi[at, lo[i]] = hi[i]
		}
		delayed[at, lo[i]] += count[i]
	}
	delay_calls[at] = calls
	has_delay[reference_of[f]] = 1
}

# What a cell has in common with the delay it is held against: the plan and all but allocator and size.
function reference_name(key, op) {
	sub("/[^/]*/[^/]*/", "/", key)
	return key SUBSEP op
}

# Ticks per call of delay, of the boot the figure is from; 0 where the boot has none.
function delay_of(f, side, u,    at) {
	at = reference_of[f] SUBSEP side SUBSEP u
	if ((at in delays) && !(at in delay_p10))
		delay_p10[at] = delay_quick(at)
	return delay_p10[at]
}

function delay_quick(at,    i, l, h, c) {
	for (i = 1; i <= delays[at]; i++)
		l[i] = delay_lo[at, i]
	sort_numbers(l, delays[at])
	for (i = 1; i <= delays[at]; i++) {
		h[i] = delay_hi[at, l[i]]
		c[i] = delayed[at, l[i]]
	}
	return hist_quantile(l, h, c, delays[at], 0.10) / delay_calls[at]
}

function is_relative(f) {
	return (f in stretch) && (reference_of[f] in has_delay)
}

function note_stretches(    f, relative, alone) {
	for (f in stretch) {
		if (is_reference(key_of(f)))
			continue
		relative += is_relative(f)
		alone += !is_relative(f)
	}
	if (relative)
		print "note", "stretches of calls are judged by their p10 relative to that of delay in the same boot"
	if (alone)
		print "note", "no delay beside the stretches of " alone " figures: with it in allocs= the speed of the machine cancels"
}
