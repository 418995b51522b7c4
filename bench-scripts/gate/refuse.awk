# SPDX-License-Identifier: GPL-2.0
# What may be compared at all. Every difference that would make the figures
# speak of something else than the kernel is refused, with both values.
#
#	awk -f lib/kind.awk -f map.awk -f refuse.awk [-v strict=1] [-v across=1] MAP TABLES
#
# MAP:    file side unit
# TABLES: results.awk -v table=meta,param,clock,end
# strict: also refuse another QEMU; for results measured at another time.
# across: two compilers of the module may be compared, where both sides have cells of the allocator control.
# Prints refuse, unjudged, note and run lines, tab-separated.

BEGIN {
	meaning["lane"] = "lane"
	meaning["accel"] = "accelerator"
	meaning["entry"] = "way into the kernel (--entry)"
	meaning["arch"] = "architecture"
	meaning["cpu"] = "CPU model"
	meaning["cpu_model"] = "CPU model"
	meaning["smp"] = "number of CPUs"
	meaning["module_cc"] = "compiler of the module"
	meaning["clock.name"] = "clock"
	meaning["clock.unit"] = "unit of the clock"
	meaning["qemu"] = "QEMU version"
	meaning["kernel"] = "kernel"
	meaning["kernel_sha256"] = "kernel image"
	meaning["module_sha256"] = "module"
	meaning["charged"] = "charging of __GFP_ACCOUNT"
	# Worth a line in the report.
	must_warn = split("charged kernel_cc qemu machine host_cpu governor no_turbo boost smt isolated microcode", warn, " ")
	meaning["kernel_cc"] = "compiler of the kernel"
	meaning["machine"] = "machine"
	meaning["host_cpu"] = "CPU of the host"
	meaning["governor"] = "frequency governor"
	meaning["no_turbo"] = meaning["boost"] = "turbo"
	meaning["smt"] = "SMT"
	meaning["isolated"] = "isolated CPUs"
	meaning["microcode"] = "microcode"
	if (strict)
		agree[++must_agree] = "qemu"
	if (across)
		move_compiler()
}

# From what both sides must agree in to what each side must, and worth a line.
function move_compiler(    i) {
	for (i = 1; agree[i] != "module_cc"; i++)
		;
	agree[i] = "lane"
	within[++must_within] = "module_cc"
	warn[++must_warn] = "module_cc"
}

$1 == "meta" && $3 == "kernel_cc" { value[$2, $3] = plain_compiler($4) }
$1 == "meta" && $3 == "kernel_version" && !(($2, "kernel_cc") in value) { value[$2, "kernel_cc"] = compiler_in($4) }
$1 == "meta" && $3 == "warning" && !((side[$2], $4) in warned) {
	warned[side[$2], $4] = 1
	print "note", side[$2] ": " $4
}
# Before there were any, nobody said that there are none.
$1 == "param" && $3 "=" $4 != "counters=none" { param[$2] = param[$2] " " $3 "=" $4 }
$1 == "param" && $3 == "allocs" && $4 ~ /(^|,)(control|all)(,|$)/ { has_control[side[$2]] = 1 }
$1 == "end" && $4 != "done" { print "unjudged", $2 ": the run ended as " $4 }

# /proc/version: Linux version R (builder) (compiler, linker) #N date
function compiler_in(version) {
	sub(/^[^(]*\([^)]*\) \(/, "", version)
	sub(/, [^,]*(ld|LLD).*/, "", version)
	return plain_compiler(version)
}

# A cross compiler's prefix does not make another compiler.
function plain_compiler(name) {
	sub(/^[a-z0-9_]+-linux-gnu-/, "", name)
	return name
}

function refuse(key, f, g) {
	print "refuse", "different " meaning[key] ": " value_of(f, key) " in " f ", " value_of(g, key) " in " g \
		(key == "module_cc" && side[f] != side[g] ? "; --across-compilers compares them all the same" : "")
}

# The first file of a side speaks for it; every other one is held against it.
function check_keys(list, count, f, g,    i) {
	for (i = 1; i <= count; i++)
		if (value_of(f, list[i]) != value_of(g, list[i]))
			refuse(list[i], f, g)
}

# Held against the first file of its side that says it; the other side may differ.
function check_where_said(f,    i, key) {
	for (i = 1; i <= must_where_said; i++) {
		key = where_said[i]
		if (!said(f, key))
			continue
		if (!((side[f], key) in first_said))
			first_said[side[f], key] = f
		else if (value[f, key] != value[first_said[side[f], key], key])
			refuse(key, first_said[side[f], key], f)
	}
}

function words_of(text, word,    n, i, list) {
	split("", word)
	n = split(text, list, " ")
	for (i = 1; i <= n; i++)
		word[list[i]] = 1
	return n
}

# Words of `text` that `other` lacks; the padding of a phase is no difference.
function words_beyond(text, other,    n, i, list, has, out) {
	words_of(other, has)
	n = split(text, list, " ")
	for (i = 1; i <= n; i++)
		if (!(list[i] in has) && list[i] !~ /^kab_pad=/)
			out = out " " list[i]
	return out
}

# Parameter lines are compared as sets over a side: base's boots may hold them in
# several files. The message names the first word that differs.
function check_params(    f, i, s, p, line) {
	for (i = 1; i <= files; i++) {
		f = file[i]
		measured[side[f], param[f]] = f
		if (!((unit[f], side[f], param[f]) in in_unit)) {
			in_unit[unit[f], side[f], param[f]] = 1
			units_with[side[f], param[f]]++
		}
	}
	for (line in measured) {
		split(line, p, SUBSEP)
		s = p[1] == "base" ? "new" : "base"
		if (!((s, p[2]) in measured))
			refuse_param(p[1], p[2], s)
		if (units_with[p[1], p[2]] != units_of(p[1]))
			print "unjudged", p[1] ": not every boot has results for" p[2]
	}
}

function units_of(s,    i, n, seen) {
	for (i = 1; i <= files; i++)
		if (side[file[i]] == s && !(unit[file[i]] in seen)) {
			seen[unit[file[i]]] = 1
			n++
		}
	return n
}

function refuse_param(s, text, other,    line, p, best, least, only_here, only_there, n, a, b) {
	least = -1
	for (line in measured) {
		split(line, p, SUBSEP)
		if (p[1] != other)
			continue
		n = split(words_beyond(text, p[2]), a, " ")
		if (least < 0 || n < least) {
			least = n
			best = p[2]
		}
	}
	only_here = words_beyond(text, best)
	only_there = words_beyond(best, text)
	split(only_here, a, " ")
	split(only_there, b, " ")
	print "refuse", "different parameters: " (a[1] == "" ? "nothing" : a[1]) " in " measured[s, text] ", " \
		(b[1] == "" ? "nothing" : b[1]) " in " measured[other, best]
}

function first_of(s,    i) {
	for (i = 1; i <= files; i++)
		if (side[file[i]] == s)
			return file[i]
	return ""
}

function same_and_said(f, g, key) {
	return value_of(f, key) != "(not said)" && value_of(f, key) == value_of(g, key)
}

# The command line in its order, since the last of two words wins, without the
# padding of a phase.
function unpadded(f,    text) {
	text = " " value[f, "cmdline"] " "
	gsub(/ kab_pad=[^ ]*/, "", text)
	gsub(/  +/, " ", text)
	return text
}

function check_controls(f, g) {
	if (across && value_of(f, "module_cc") != value_of(g, "module_cc") && !(has_control["base"] && has_control["new"]))
		print "refuse", "different compilers, and no cell of the allocator control: nobody knows what they change by themselves"
}

# Two sides are one and the same when image, module and command line are.
function identical(f, g) {
	return same_and_said(f, g, "kernel_sha256") && same_and_said(f, g, "module_sha256") && unpadded(f) == unpadded(g)
}

# What a lane measures with; other results cannot be judged by its rules.
function check_lane(f,    lane) {
	lane = value_of(f, "lane")
	if (lane != "insn" && lane != "time")
		print "refuse", "no lane known here: lane " lane " in " f "; insn and time are"
	else if (value_of(f, "clock.unit") != (lane == "insn" ? "insn" : "tick"))
		print "refuse", "not of lane " lane ": unit of the clock " value_of(f, "clock.unit") " in " f
	else if (lane == "insn" && value_of(f, "accel") != "tcg-icount")
		print "refuse", "not of lane insn: accelerator " value_of(f, "accel") " in " f ", not tcg-icount"
}

# The boots of one side, and those of its A/A arm, differ by padding only:
# another word would hide a change as scatter.
function check_cmdline(f, g, whose,    a, b) {
	a = words_beyond(value[f, "cmdline"], value[g, "cmdline"])
	b = words_beyond(value[g, "cmdline"], value[f, "cmdline"])
	if (a != "" || b != "")
		print "refuse", "different command line " whose ":" (a == "" ? " nothing" : a) " in " f "," \
			(b == "" ? " nothing" : b) " in " g
}

# A clock calibrated anew at every boot differs by less than a per mille. Ticks
# become ns by each boot's own rate; a wrong rate is a change of all figures.
function check_khz(f, g,    a, b) {
	a = value[f, "clock.khz"]
	b = value[g, "clock.khz"]
	if (value_of(f, "lane") == "time" && (a > 1.01 * b || b > 1.01 * a) && !rates_noted++)
		print "note", "different clock rate: " a " kHz in " f ", " b " kHz in " g
}

# The A/A arm is base booted again, not a third kernel.
function check_aa(f, g) {
	check_keys(within, must_within, f, g)
	check_cmdline(f, g, "of the A/A arm")
}

# All of base, then all of new: 27 % false alarms under a drift of 3 %, 3.5 % when
# interleaved. One boot a side has no order to choose.
function check_interleaved() {
	if (units_of("base") < 2 || units_of("new") < 2 || !date_range("base") || !date_range("new"))
		return
	if (last_date["base"] < first_date["new"] || last_date["new"] < first_date["base"])
		print "note", "base and new were not interleaved: a drift of the machine counts as a change"
}

# ISO 8601 dates in UTC sort as text. False unless every result is dated.
function date_range(s,    i, date) {
	for (i = 1; i <= files; i++) {
		if (side[file[i]] != s)
			continue
		date = value[file[i], "date"] ""
		if (date == "")
			return 0
		if (!(s in first_date) || date < first_date[s])
			first_date[s] = date
		if (!(s in last_date) || date > last_date[s])
			last_date[s] = date
	}
	return 1
}

# The clock's own figures are in ticks; the time lane's table is in ns.
function in_figures_unit(f, key) {
	if (value[f, "clock.unit"] != "tick" || !((f, key) in value))
		return value_of(f, key)
	return sprintf("%.1f", value[f, key] * 1000000 / value[f, "clock.khz"])
}

function describe(s, f, g) {
	return value_of(f, "kernel") words_beyond(value[f, "cmdline"], value[g, "cmdline"])
}

END {
	f = first_of("base")
	g = first_of("new")
	check_keys(agree, must_agree, f, g)
	check_controls(f, g)
	for (i = 1; i <= files; i++) {
		first = first_of(side[file[i]])
		check_keys(agree, must_agree, first, file[i])
		check_keys(within, must_within, first, file[i])
		check_where_said(file[i])
		check_lane(file[i])
		check_cmdline(first, file[i], "within " side[first])
		check_khz(f, file[i])
	}
	if (first_of("aa") != "")
		check_aa(f, first_of("aa"))
	check_params()
	for (i = 1; i <= must_warn; i++)
		if (value_of(f, warn[i]) != value_of(g, warn[i]))
			print "note", "different " meaning[warn[i]] ": " value_of(f, warn[i]) " in base, " value_of(g, warn[i]) " in new"
	if (value_of(f, "lane") == "time")
		check_interleaved()
	print "run", "lane", value_of(f, "lane")
	print "run", "unit", (value[f, "clock.unit"] == "insn" ? "insn" : "ns")
	print "run", "base", describe("base", f, g)
	print "run", "new", describe("new", g, f)
	print "run", "identical", (identical(f, g) ? 1 : 0)
	print "run", "clock_overhead", in_figures_unit(f, "clock.overhead") (value[f, "clock.overhead_p50"] == "" ? "" : \
		" (p50 " in_figures_unit(f, "clock.overhead_p50") ")")
	print "run", "qemu", value_of(g, "qemu")
	print "run", "date", value_of(g, "date")
}
