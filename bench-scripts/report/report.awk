# SPDX-License-Identifier: GPL-2.0
# report.awk - the report as lines (document.awk) on stdout, its pictures as a table in the file `pictures`:
#
#	awk -f units.awk -f heads.awk -f tables.awk -f answer.awk -f pictures.awk -f sweeps.awk -f changes.awk -f switches.awk (of ../draw)
#		-f read.awk -f document.awk -f chapter.awk -f comparison.awk -f folklore.awk -f explained.awk -f touches.awk -f counters.awk
#		-f report.awk -v pictures=FILE SETS VERDICT set=NAME TABLES set=NAME TABLES...
#
# SETS names the sets; each TABLES has what results.awk and costs.awk say of one.

# every[1..all_sets]: those of new, then those of base.
function list_sets(    i, k, side) {
	split("new base", side, " ")
	for (k = 1; k <= 2; k++)
		for (i = 1; i <= sets_of[side[k]]; i++)
			every[++all_sets] = set_at[side[k], i]
}

# Of which results a sentence speaks, where there are several.
function which_results(set,    i, kernels, lanes) {
	for (i = 1; i <= all_sets; i++) {
		kernels += kernel_of(every[i]) != kernel_of(set)
		lanes += lane_name(every[i]) != lane_name(set)
	}
	return kernels ? " on " kernel_of(set) : lanes ? " in the " lane_name(set) : ""
}

# What has gone wrong is said before any number is read.
function warn_of(set,    i, state, n, bad, text, name) {
	for (i = 1; i <= ends[set]; i++)
		if (end_state[set, i] != "done") {
			name = end_file[set, i]
			sub(/.*\//, "", name)
			para("warn", "The run of " name " (" kernel_of(set) ") ended as " end_state[set, i] ": later cells have no samples.")
		}
	n = split("aborted failed short skipped", state, " ")
	for (i = 1; i <= n; i++)
		if (cells_with[set, state[i]]) {
			bad += cells_with[set, state[i]]
			text = listed(text, cells_with[set, state[i]] " " state[i])
		}
	if (bad)
		para("warn", planned_cells[set] - bad " of " planned_cells[set] " cells of " kernel_of(set) " are complete; " text \
			". Reasons stand under Cells that are not whole.")
}

# What costs little more than the clock, alike results together.
function warn_limited(    i, o, op, set, text, whose, order, n) {
	split("alloc free pair", op, " ")
	for (i = 1; i <= all_sets; i++) {
		set = every[i]
		text = ""
		for (o = 1; o <= 3; o++)
			if (limit_names[set, op[o]] != "")
				text = text (text == "" ? "" : "; ") op[o] " of " limit_names[set, op[o]]
		if (text == "")
			continue
		if (!(text in whose))
			order[++n] = text
		if (index(whose[text], which_results(set)) == 0 || !(text in whose))
			whose[text] = whose[text] (whose[text] == "" ? "" : " and") which_results(set)
	}
	for (i = 1; i <= n; i++)
		para("warn", "Clock-limited" whose[order[i]] ": " order[i] ". Their medians are below 3 times what reading the clock costs; marked * in " \
			"tables and hollow in pictures.")
}

function limits_of(set) {
	if (is_insn(set))
		return "Instruction lane: one tick is one instruction of the guest, exact and repeatable, but not time. It is blind to cache and TLB misses, " \
			"the cost of atomic operations and interrupts, and contention; rep stos counts every iteration, so clearing a page costs one " \
			"instruction per byte. A harmless change of the boot moves the medians of long paths: ci.sh measures by how much."
	return lane_name(set) != "time lane" ? "Lane " about[set, "lane"] "." : \
		"Time lane: real time of one machine. Every boot lays out memory anew, and medians differ from boot to boot by some percent: small " \
		"effects need many boots. Times under plain emulation (accel=tcg) say nothing about hardware."
}

function more_items(first,    i, k, n, name, t, kind) {
	# Beside a verdict neither a plan's gaps nor what holds for both is news.
	n = split(("sentence" in verdict ? "" : "missing apart ") "kvmalloc touch flags contexts patterns tail", name, " ")
	for (i = 1; i <= n; i++)
		item(sentence[first, name[i]])
	split("cpus live", kind, " ")
	for (t = 1; t <= 2; t++) {
		n = find_families(first, kind[t])
		for (i = 1; i <= n; i++) {
			split(family[i], name, " ")
			k = far_end(first, kind[t], family[i])
			item(k == "" ? "" : (t == 2 ? "Pattern " name[3] ": " : "") k)
		}
	}
	for (i = 2; i <= steps; i++)
		item(step_sentence(i))
	if (sets_of["base"])
		other_items(set_at["base", 1], kernel_of(set_at["base", 1]), first)
	for (i = 2; i <= sets_of["new"]; i++)
		if (kind_of[set_at["new", i]] != kind_of[first])
			other_items(set_at["new", i], "The " lane_name(set_at["new", i]), "-")
}

# The answer of other results, but for what was said of these.
function other_items(set, whose, but,    n, i, name, text) {
	n = split(lead_names, name, " ")
	for (i = 1; i <= n; i++)
		if (sentence[set, name[i]] != "" && sentence[set, name[i]] != sentence[but, name[i]])
			text = text " " sentence[set, name[i]]
	item(text == "" ? "" : whose ":" text)
}

# The picture, then what to do; of two kernels the verdict, and the tables of the new one after what changed.
function answer_section(first, base,    i) {
	section("answer", "The answer")
	if (picture_change("change"))
		figure("change", "What changed")
	else if (picture_latency(first, "latency", usual[first], "alloc free", "Cost of one call by size"))
		figure("latency", "What one call costs")
	if (base && ("sentence" in verdict))
		comparison_answer(base, first)
	para("answer", (base ? kernel_of(first) ": " : "") lead_of(first))
	if (says["refusal"])
		para("warn", "Not compared with the base: " said["refusal", 1])
	for (i = 1; i <= says["fault"]; i++)
		para("warn", "Left out: " said["fault", i] ".")
	for (i = 1; i <= all_sets; i++)
		warn_of(every[i])
	warn_limited()
}

# The numbers of the answer, what else they say, and what no lane of them can.
function summary_section(first, base,    i, lanes) {
	if (base && !says["refusal"])
		section("summary", "What " kernel_of(first) " costs")
	more_items(first)
	summary_table(first, base ? kernel_of(first) ": " : "")
	for (i = 1; i <= all_sets; i++)
		if (!lanes[lane_name(every[i])]++)
			para("note", limits_of(every[i]))
}

function switches_section(    a, s, i, alloc, size) {
	if (!picture_switches("waterfall"))
		return
	section("switches", "What each switch adds per call")
	figure("waterfall", "What each switch adds per call")
	table("alloc + free, medians, " unit_name(step_set[1]) "; each step alone against the first row, not on top of the one before", "llrr", \
		"cell\twith\tcost\tmore")
	split("kmalloc vmalloc", alloc, " ")
	split("64 4096 65536", size, " ")
	for (a = 1; a <= 2; a++)
		for (s = 1; s <= 3; s++)
			for (i = 1; i <= steps && has_steps(alloc[a], size[s]); i++)
				if (step_cost(i, alloc[a], size[s]) != "-")
					row(alloc[a] " " short_size(size[s]) OFS step_label[i] OFS cost_text(step_set[1], step_cost(i, alloc[a], size[s])) OFS \
						(i == 1 ? "" : step_more(i, alloc[a], size[s])))
	note("~: the same (within " same_percent(step_set[1]) " %), as much as a boot may move by itself.")
	end_table("-")
}

# In most rounds and boots: in one of many it is by chance.
function is_blamed(set, key, cause) {
	return 2 * tail_sum[set, key, "blamed " cause] > tail_lines[set, key]
}

function slow_section(set,    i, c, n, cause, text, cells, align, key, total, w, k) {
	if (!tails[set])
		return
	for (c = 1; c <= causes[set]; c++)
		for (i = 1; i <= tails[set]; i++)
			if (is_blamed(set, tail_at[set, i], cause_at[set, c])) {
				cause[++n] = cause_at[set, c]
				text = listed(text, cause[n])
				break
			}
	split("chunks of unexplained unseen", w, " ")
	for (k = 1; k <= 4; k++)
		for (i = 1; i <= tails[set]; i++)
			total[w[k]] += tail_sum[set, tail_at[set, i], w[k]]
	section("slow", "Why were the slowest calls so slow?")
	para("plain", "Samples are taken in chunks, and counters of the kernel are read between these. Of " grouped(total["of"]) " chunks " \
		grouped(total["chunks"]) " hold a sample above p99.9 (p99 where there are few samples). A cause is named where these have it more often " \
		"than all do, by more than chance: " (text == "" ? "none" : text) ". " grouped(total["unexplained"]) " have none of those named." \
		(total["unseen"] ? " " grouped(total["unseen"]) " more chunks were too many to remember." : ""))
	text = "allocator\tsize\top" OFS "how\tchunks\tof"
	for (c = 1; c <= n; c++) {
		text = text OFS cause[c]
		align = align "r"
	}
	table("Chunks with the slowest samples, by cause", "lrllrr" align "r", text "\tunexplained")
	for (i = 1; i <= tails[set]; i++) {
		key = tail_at[set, i]
		cells = key OFS grouped(tail_sum[set, key, "chunks"]) OFS grouped(tail_sum[set, key, "of"])
		for (c = 1; c <= n; c++)
			cells = cells OFS (!is_blamed(set, key, cause[c]) ? "-" : sprintf("%.0f %% (of all %.0f %%)", \
				100 * tail_sum[set, key, cause[c]] / tail_sum[set, key, "chunks"], 100 * tail_sum[set, key, "all_" cause[c]] / tail_sum[set, key, "of"]))
		row(cells OFS grouped(tail_sum[set, key, "unexplained"]))
	}
	end_table()
}

function not_whole_section(    i, j, set, why, several) {
	for (i = 1; i <= all_sets; i++)
		several += kernel_of(every[i]) != kernel_of(every[1])
	table("Nothing is drawn where there is no sample", several ? "llll" : "lll", (several ? "kernel\t" : "") "state\treason\tcells")
	for (i = 1; i <= all_sets; i++) {
		set = every[i]
		for (j = 1; j <= reasons[set]; j++) {
			why = reason_at[set, j]
			row((several ? kernel_of(set) OFS : "") why OFS reason_cells[set, why] \
				(reason_n[set, why] > 12 ? ", and " reason_n[set, why] - 12 " more" : ""))
		}
		for (j = 1; j <= failed[set]; j++)
			row((several ? kernel_of(set) OFS : "") "fail" OFS grouped(failed_n[set, failed_at[set, j]]) \
				" allocations returned NULL and are no samples" OFS failed_at[set, j])
	}
	if (table_rows)
		section("cells", "Cells that are not whole")
	end_table("-")
}

# The spread of the medians over the boots, at worst and in the middle.
function noise_text(set,    k, n, x, p, share) {
	if (about[set, "boots"] < 2)
		return "not known: needs more than one boot"
	for (k in line_of) {
		split(k, p, SUBSEP)
		if (p[1] != set || p[5] ~ /^(cost|written)$/)
			continue
		x = value("least", set, p[2], p[3], p[4], p[5])
		if (x == "-" || x <= 0 || value("boots", set, p[2], p[3], p[4], p[5]) < 2)
			continue
		share[++n] = (value("most", set, p[2], p[3], p[4], p[5]) - x) / x
	}
	sort_numbers(share, n)
	return n ? sprintf("medians differ between boots by %.1f %% at worst, %.1f %% in the middle", 100 * share[n], 100 * share[int(n / 2) + 1]) : \
		"not known"
}

function provenance_of(set, first,    i, n, key, known, text) {
	table(kernel_of(set) ", " lane_name(set) (step_text[set] == "" ? "" : ", " step_text[set]), "ll", "what\tvalue")
	row("kernel" OFS kernel_of(set))
	row("lane" OFS lane_name(set))
	for (i = 1; i <= clock_keys[set]; i++)
		text = text (i == 1 ? "" : " ") clock_key[set, i] "=" clock_of[set, clock_key[set, i]]
	row("clock" OFS text)
	row("cost of the clock" OFS overhead_text(set) ", taken off")
	row("result files" OFS about[set, "files"])
	row("boots" OFS (about[set, "boots"] == 1 ? "1 (one boot covers one layout of memory)" : about[set, "boots"]))
	row("noise" OFS noise_text(set))
	n = split("date accel qemu cpu host_cpu hypervisor cpu_model cpus mem_kib cmdline init_on_alloc governor no_turbo boost smt isolated " \
		"module_cc module_sha256 kernel_sha256", key, " ")
	for (i = 1; i <= n; i++) {
		known[key[i]] = 1
		if (meta_text(set, key[i]) != "")
			row(key[i] OFS meta_text(set, key[i]))
	}
	end_table(set == first ? "-" : "long")
	split("kernel lane command boot boots", key, " ")
	for (i = 1; i <= 5; i++)
		known[key[i]] = 1
	table("Everything else that the results say of the machine", "ll", "what\tvalue")
	for (i = 1; i <= meta_keys[set]; i++)
		if (!(meta_key[set, i] in known))
			row(meta_key[set, i] OFS meta_text(set, meta_key[set, i]))
	end_table("long minor")
	reproduce(set)
}

# The commands of the results, or their parameter lines.
function reproduce(set,    i, c) {
	para("plain", "To repeat the measurement:")
	for (i = 1; i <= meta_n[set, "command"]; i++) {
		c = plainly_quoted(meta_at[set, "command", i])
		print "code", (c ~ /^(vm|collect)\.sh/ ? "bench-scripts/" : "") c
	}
	if (meta_n[set, "command"])
		return
	for (i = 1; i <= param_files[set]; i++)
		if (!((set, param_of[set, param_file[set, i]]) in line_seen)) {
			line_seen[set, param_of[set, param_file[set, i]]] = 1
			print "code", "echo '" param_of[set, param_file[set, i]] "' > /sys/kernel/debug/kallocbench/run"
		}
	if (!param_files[set])
		print "code", "nothing was run"
}

# Without quotes that a shell does not need.
function plainly_quoted(command,    out, word) {
	while (match(command, /'[A-Za-z0-9_.\/=,:%+@-]+'/)) {
		word = substr(command, RSTART + 1, RLENGTH - 2)
		out = out substr(command, 1, RSTART - 1) word
		command = substr(command, RSTART + RLENGTH)
	}
	return out command
}

function provenance_section(    i) {
	section("provenance", "Where this comes from")
	for (i = 1; i <= all_sets; i++)
		provenance_of(every[i], every[1])
	para("note", "Percentiles are taken from histograms merged by adding counts, never averaged, and shown only where at least 10 samples lie " \
		"beyond them. Values are net of the clock's own cost.")
}

function titles(first, base,    i, lanes, set) {
	print "title", "What kernel memory costs: " (base && kernel_of(base) != kernel_of(first) ? kernel_of(base) " against " : "") kernel_of(first)
	lanes = lane_name(first)
	for (i = 2; i <= sets_of["new"]; i++) {
		set = set_at["new", i]
		if (index(lanes, lane_name(set)) == 0)
			lanes = lanes ", " lane_name(set)
	}
	print "sub", lanes ", clock " (about[first, "clock"] == "" ? "?" : about[first, "clock"]) " (its own cost, " overhead_text(first) \
		", is taken off)" (usual[first] == "" ? "" : ", " slice_words(usual[first]))
}

# The sets of the first kernel and lane: one thing switched at a time.
function find_switches(first,    i, n, of_kind) {
	for (i = 1; i <= sets_of["new"]; i++)
		if (kind_of[set_at["new", i]] == kind_of[first])
			of_kind[++n] = set_at["new", i]
	find_steps(of_kind, n)
	for (i = 2; i <= n; i++)
		step_text[of_kind[i]] = step_label[i]
}

END {
	first = set_at["new", 1]
	base = sets_of["base"] ? set_at["base", 1] : ""
	printf "" >pictures
	list_sets()
	for (i = 1; i <= all_sets; i++)
		say_all(every[i])
	if (usual[first] != "")
		find_switches(first)
	chapters = 1
	for (i = 2; i <= sets_of["new"]; i++)
		chapters += kind_of[set_at["new", i]] != kind_of[first]
	titles(first, base)
	answer_section(first, base)
	if (base)
		comparison_section(base, first)
	summary_section(first, base)
	explained_section()
	touches_section(base)
	switches_section()
	chapter(first, "", !base || !comparable(base, first))
	for (i = 2; i <= sets_of["new"]; i++)
		if (kind_of[set_at["new", i]] != kind_of[first])
			chapter(set_at["new", i], "c" ++chapters_done "-")
	slow_section(first)
	folklore_section(first)
	not_whole_section()
	provenance_section()
	# The pictures are read next.
	close(pictures)
}
