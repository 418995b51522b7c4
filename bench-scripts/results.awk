# SPDX-License-Identifier: GPL-2.0
# results.awk - the only reader of the result format (results/README.md).
#
#	awk -f results.awk -v table=NAME[,NAME...] FILE...
#
# Prints tables (add_table() below) as tab-separated text under a header line;
# hists has the buckets of an op in one column, as they stand in the file, and is
# the faster to read. With several names every line starts with the name of its
# table. Every file is checked whole against the contract before a byte
# is printed: the first fault is reported as FILE:LINE: reason, exit code 2.
#
# A file name that looks like an awk assignment ("a=b") must be given as
# "./a=b".

BEGIN {
	OFS = "\t"
	add_table("meta", "file key value")
	add_table("param", "file key value")
	add_table("clock", "file key value")
	add_table("fact", "file alloc size flags more")
	add_table("cells", "file cell alloc size flags context pattern cpus round state fail reason more variant")
	add_table("ops", "file cell alloc size flags context pattern cpus round op cpu n sum min p50 p90 p99 p999 max under calls objects overhead")
	add_table("hist", "file cell alloc size flags context pattern round op cpu lo hi count")
	add_table("hists", "file cell alloc size flags context pattern round op cpu buckets")
	add_table("tail", "file cell alloc size flags context pattern round op above chunks more")
	add_table("vector", "file cell alloc size flags context pattern cpus round op variant metric n min p50 max sum")
	add_table("counter", "file cell alloc size flags context pattern cpus round op variant name n sum min p50 max calls overhead")
	add_table("end", "file cells state")
	if (table == "")
		usage("no table given")
	tables = split(table, wanted, ",")
	for (i = 1; i <= tables; i++) {
		if (!(wanted[i] in header))
			usage("no table is called '" wanted[i] "'")
		want[wanted[i]] = 1
	}
	# What of the parameter line changes what is timed, in the order of a cell's
	# name, with the defaults of kmod/keys.def.
	split("touch=none timing=op calls=100 counters=none node=any depth=64 order=fifo mix=1 share=40 bytes=auto", defaults, " ")
	must["cell"] = split("alloc size flags context pattern cpus round state fail", cell_keys, " ")
	must["op"] = split("n sum min p50 p90 p99 p999 max under", op_keys, " ")
	must["counter"] = split("n sum min max calls overhead", counter_keys, " ")
	cell_columns = "^(id|reason"
	for (i = 1; i <= must["cell"]; i++)
		cell_columns = cell_columns "|" cell_keys[i]
	cell_columns = cell_columns ")$"
	quantiles = split("5000 9000 9900 9990", quantile, " ")
	split("p50 p90 p99 p999", quantile_name, " ")
	known = " meta warning param clock fact cell op hist tail vector counter end "
}

function add_table(name, columns) {
	header[name] = columns
	table_names = table_names " " name
}

function usage(why) {
	print "results.awk: " why "; tables:" table_names > "/dev/stderr"
	failed = 1
	exit 2
}

function refuse(why) {
	print file ":" (line + 0) ": " why > "/dev/stderr"
	failed = 1
	exit 2
}

function emit(name, row) {
	if (name in want)
		rows[name, ++count[name]] = row
}

# Tab and newline stay escaped: they separate columns and rows.
function unescape(value) {
	if (index(value, "\\")) {
		gsub(/\\040/, " ", value)
		gsub(/\\134/, "\\", value)
	}
	return value
}

function is_number(value) {
	return value ~ /^[0-9]+$/
}

function need_number(key) {
	if (!is_number(v[key]))
		refuse(kind ": " key "=" v[key] " is not a number")
}

# The words from the second on, into v[] by key and key_at[] by position.
# hist lines end in buckets, which carry no '='; they begin at word `bare`.
function parse_words(    i, at, key, value) {
	split("", v)
	keys = 0
	bare = NF + 1
	for (i = 2; i <= NF; i++) {
		at = index($i, "=")
		if (!at && kind == "hist") {
			bare = i
			return
		}
		key = substr($i, 1, at - 1)
		value = substr($i, at + 1)
		if (at < 2 || key !~ /^[A-Za-z0-9_.-]+$/)
			refuse("'" $i "' is not key=value")
		if (key in v)
			refuse(kind ": " key "= stands twice")
		v[key] = value
		key_at[++keys] = key
	}
}

function check_text(    rest) {
	if ($0 ~ /[[:cntrl:]]/)
		refuse("control character in the line")
	if ($0 ~ /^ |  | $/)
		refuse("words are separated by one blank")
	if (!index($0, "\\"))
		return
	rest = $0
	gsub(/\\(040|011|012|134)/, "", rest)
	if (index(rest, "\\"))
		refuse("unknown escape: \\040 \\011 \\012 \\134 are the known ones")
}

# Number of CPUs in a list such as 0-3,8; 0 when it is not such a list.
function cpu_count(list,    n, i, part, bound, sum) {
	if (list !~ /^[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*$/)
		return 0
	n = split(list, part, ",")
	for (i = 1; i <= n; i++)
		sum += split(part[i], bound, "-") == 2 ? bound[2] - bound[1] + 1 : 1
	return sum
}

# Every char of a text by another text. Awks do not agree on what a backslash is in a replacement of gsub().
function replaced(text, char, by,    n, part, i, out) {
	n = split(text, part, char)
	out = part[1]
	for (i = 2; i <= n; i++)
		out = out by part[i]
	return out
}

function start_file() {
	if (NR > 1)
		finish_file()
	line = 1
	file = FILENAME == "" ? "-" : FILENAME
	shown = file
	shown = replaced(replaced(shown, "\t", "\\011"), "\n", "\\012")
	seen[file] = 1
	cells = op_lines = params = clocks = 0
	ended = charged = ""
	split("", meta)
	split("", cell); split("", state); split("", ops); split("", op_n)
	split("", hist_done); split("", worker_n)
	split("", op_line); split("", op_length); split("", param); split("", ticks)
	split("", cell_line); split("", wall); split("", attempts)
	if ($0 != "kallocbench 1")
		refuse($0 ~ /^kallocbench [0-9]+$/ ? \
			"format version " $2 " is not known to this reader (1 is)" : \
			"not a kallocbench result: the first line must be 'kallocbench 1'")
}

function read_pairs(name,    i) {
	for (i = 1; i <= keys; i++)
		emit(name, shown OFS key_at[i] OFS unescape(v[key_at[i]]))
}

function read_meta(    i, key) {
	for (i = 1; i <= keys; i++) {
		key = key_at[i]
		if ((key in meta) && meta[key] != v[key])
			refuse("meta: " key "=" v[key] ", but " meta[key] " before")
		meta[key] = v[key]
	}
	read_pairs("meta")
}

# What spoils a measurement, in words; in the table meta for whoever reads that, as often as there are any.
function read_warning() {
	if (v["text"] == "")
		refuse("warning: text= is missing")
	emit("meta", shown OFS "warning" OFS unescape(v["text"]))
}

function read_param(    key) {
	if (params++)
		refuse("a second param line")
	if ("samples" in v)
		need_number("samples")
	for (key in v)
		param[key] = v[key]
	variant = variant_of_param()
	read_pairs("param")
}

# The words that are not the default, joined by commas, or "-"; a list by +.
function variant_of_param(    i, word, value, text) {
	for (i = 1; i in defaults; i++) {
		split(defaults[i], word, "=")
		value = param[word[1]]
		gsub(/,/, "+", value)
		if (value != "" && value != word[2])
			text = text (text == "" ? "" : ",") word[1] "=" value
	}
	return text == "" ? "-" : text
}

function read_clock() {
	if (clocks++)
		refuse("a second clock line")
	if (v["name"] == "")
		refuse("clock: name= is missing")
	need_number("khz")
	if (v["unit"] == "tick" && v["khz"] + 0 == 0)
		refuse("clock: khz=0, ticks cannot be turned into time")
	need_number("overhead")
	if ("overhead_p50" in v)
		need_number("overhead_p50")
	if (v["unit"] != "insn" && v["unit"] != "tick")
		refuse("clock: unit=" v["unit"] " is neither insn nor tick")
	read_pairs("clock")
}

function read_fact() {
	if ("size" in v)
		need_number("size")
	emit("fact", shown OFS or_dash("alloc") OFS or_dash("size") OFS or_dash("flags") OFS others("^(alloc|size|flags)$"))
}

# The words without a column of their own, still escaped, or "-".
function others(pattern,    i, more) {
	for (i = 1; i <= keys; i++)
		if (key_at[i] !~ pattern)
			more = more (more == "" ? "" : " ") key_at[i] "=" v[key_at[i]]
	return more == "" ? "-" : more
}

function or_dash(key) {
	return (key in v) && v[key] != "" ? unescape(v[key]) : "-"
}

function read_cell(    i, id) {
	if (!params)
		refuse("a cell before the param line")
	for (i = 1; i <= must["cell"]; i++)
		if (!(cell_keys[i] in v))
			refuse("cell: " cell_keys[i] "= is missing")
	need_number("id"); need_number("size"); need_number("round"); need_number("fail")
	if (!cpu_count(v["cpus"]))
		refuse("cell: cpus=" v["cpus"] " is not a list of CPUs")
	id = v["id"]
	if (id in cell)
		refuse("cell id=" id " stands twice")
	if (v["state"] !~ /^(ok|short|failed|aborted|skipped)$/)
		refuse("cell: state=" v["state"] " is not known")
	if (v["state"] != "ok" && v["reason"] == "")
		refuse("cell: state=" v["state"] " without a reason=")
	cell_at[++cells] = id
	state[id] = v["state"]
	cell_line[id] = line
	if ("wall" in v) {
		need_number("wall")
		wall[id] = v["wall"]
	}
	if (v["state"] == "ok" && v["pattern"] == "pair" && param["timing"] == "op" && ("samples" in param))
		attempts[id] = param["samples"] * cpu_count(v["cpus"]) - v["fail"]
	if ((id in attempts) && attempts[id] < 0)
		refuse("cell: fail=" v["fail"] " is more than there were calls")
	cell[id] = id OFS unescape(v["alloc"]) OFS v["size"] OFS unescape(v["flags"]) OFS v["context"] OFS v["pattern"]
	cpus[id] = v["cpus"]
	round[id] = v["round"]
	if ("charged" in v)
		read_charged()
	emit("cells", shown OFS cell[id] OFS v["cpus"] OFS v["round"] OFS v["state"] OFS v["fail"] OFS \
		or_dash("reason") OFS others(cell_columns) OFS variant)
}

# Whether __GFP_ACCOUNT charged a group depends on the writer, not on the cell: it configures what is measured. Both
# stand in one file where the writer was moved meanwhile.
function read_charged() {
	if (v["charged"] !~ /^[01]$/)
		refuse("cell: charged=" v["charged"] " is neither 0 nor 1")
	if (charged == "") {
		emit("meta", shown OFS "charged" OFS v["charged"])
		charged_row = count["meta"]
		charged = v["charged"]
	} else if (charged != v["charged"]) {
		rows["meta", charged_row] = shown OFS "charged" OFS "some"
	}
}

# Which (cell, op, cpu) an op or hist line speaks of.
function row_key() {
	if (!("cell" in v) || !("op" in v) || v["op"] == "")
		refuse(kind ": cell= and op= are needed")
	if (!(v["cell"] in cell))
		refuse(kind ": no cell id=" v["cell"] " before this line")
	if (("cpu" in v) && !is_number(v["cpu"]))
		refuse(kind ": cpu=" v["cpu"] " is not a number")
	cpu = ("cpu" in v) ? v["cpu"] : "-"
	return v["cell"] SUBSEP v["op"] SUBSEP cpu
}

function read_op(    i, key, row) {
	key = row_key()
	if (!clocks)
		refuse("an op before the clock line")
	if (state[v["cell"]] == "skipped")
		refuse("op: cell " v["cell"] " is skipped and cannot have samples")
	if (key in op_line)
		refuse("op: cell " v["cell"] " op " v["op"] " cpu " cpu " stands twice")
	for (i = 1; i <= must["op"]; i++) {
		if (!(op_keys[i] in v))
			refuse("op: " op_keys[i] "= is missing")
		if (v[op_keys[i]] != "-")
			need_number(op_keys[i])
		row = row OFS v[op_keys[i]]
	}
	check_op()
	ops[v["cell"]]++
	op_line[key] = line
	op_at[++op_lines] = key
	op_n[key] = v["n"] + 0
	op_length[key] = v["min"] " " v["max"] " " v["sum"]
	for (i in v)
		op_value[i] = v[i]
	op_key = key
	if (cpu == "-") {
		ticks[v["cell"]] += v["sum"]
	} else {
		worker_n[v["cell"], v["op"]] += v["n"]
	}
	emit("ops", shown OFS cell[v["cell"]] OFS cpus[v["cell"]] OFS round[v["cell"]] OFS v["op"] OFS cpu row OFS or_dash("calls") OFS or_dash("objects") OFS or_dash("overhead"))
}

function check_op(    i, n, last, p) {
	if (v["n"] == "-" || v["under"] == "-" && v["n"] > 0)
		refuse("op: n= and under= must be numbers")
	n = v["n"] + 0
	if (v["under"] + 0 > n)
		refuse("op: under=" v["under"] " of n=" n " samples")
	for (i = 2; i <= must["op"] - 1; i++)
		if (op_keys[i] !~ /^p/ && (v[op_keys[i]] == "-") != (n == 0))
			refuse("op: " op_keys[i] "=" v[op_keys[i]] " with n=" n)
	for (i = 1; i <= quantiles; i++) {
		p = v[quantile_name[i]]
		if ((p == "-") != (n * (10000 - quantile[i]) < 100000))
			refuse("op: " quantile_name[i] "=" p " with n=" n ": a percentile q is printed only when n(1-q) >= 10")
	}
	if (n == 0)
		return
	last = v["min"] + 0
	for (i = 1; i <= quantiles + 1; i++) {
		p = i > quantiles ? v["max"] : v[quantile_name[i]]
		if (p == "-")
			continue
		if (p + 0 < last)
			refuse("op: min, percentiles and max are not in ascending order")
		last = p + 0
	}
	if (!between(v["sum"], n * v["min"], n * v["max"]))
		refuse("op: sum=" v["sum"] " lies outside n*min .. n*max")
}

# Doubles carry 53 bits: sums beyond that are compared with their rounding.
function between(x, low, high) {
	return x + x * 1e-12 >= low + 0 && x - x * 1e-12 <= high + 0
}

function read_hist(    key, i) {
	key = row_key()
	if (!(key in op_line))
		refuse("hist: no op line for cell " v["cell"] " op " v["op"] " cpu " cpu)
	if (key in hist_done)
		refuse("hist: cell " v["cell"] " op " v["op"] " cpu " cpu " stands twice")
	if (key != op_key)
		refuse("hist: must follow its op line")
	hist_done[key] = 1
	for (q = 1; q <= quantiles; q++)
		rank[q] = int((op_n[key] * quantile[q] + 9999) / 10000)
	q = 1
	top = -1
	total = low = high = 0
	for (i = bare; i <= NF; i++)
		read_bucket($i)
	if (total != op_n[key])
		refuse("hist: counts add up to " total ", the op line says n=" op_n[key])
	if (total && (op_value["max"] + 0 < bottom || op_value["max"] + 0 > top))
		refuse("hist: max=" op_value["max"] " of the op line is not in the last bucket")
	if (total && !between(op_value["sum"], low, high))
		refuse("hist: sum=" op_value["sum"] " of the op line does not fit the buckets")
	if (("hist" in want) || ("hists" in want))
		emit_hist()
}

function read_bucket(word,    b, lo, hi) {
	if (word !~ /^[0-9]+-[0-9]+:[0-9]+$/)
		refuse("hist: '" word "' is not lowest-highest:count")
	split(word, b, /[-:]/)
	lo = b[1] + 0
	hi = b[2] + 0
	if (b[3] < 1)
		refuse("hist: bucket " word " is empty")
	if (lo <= top)
		refuse("hist: bucket " word " does not lie above the one before")
	if (hi != lo && (hi < lo || lo < 4096 || (hi - lo) * 128 > lo))
		refuse("hist: bucket " word " is wider than the format allows")
	if (top < 0 && (op_value["min"] + 0 < lo || op_value["min"] + 0 > hi))
		refuse("hist: min=" op_value["min"] " of the op line is not in the first bucket " word)
	bottom = lo
	top = hi
	total += b[3]
	low += lo * b[3]
	high += hi * b[3]
	while (q <= quantiles && total >= rank[q])
		check_quantile(q++, hi)
}

function check_quantile(q, hi,    said) {
	said = op_value[quantile_name[q]]
	if (hi > op_value["max"] + 0)
		hi = op_value["max"] + 0
	if (said != "-" && said + 0 != hi)
		refuse("hist: " quantile_name[q] "=" said " of the op line, but the buckets say " hi)
}

# The buckets are expanded only when printed: ten times smaller in memory.
function emit_hist(    i, id, words) {
	id = v["cell"]
	words = $0
	for (i = 1; i < bare; i++)
		sub(/^[^ ]* ?/, "", words)
	emit("hist", shown OFS cell[id] OFS round[id] OFS v["op"] OFS cpu)
	if ("hist" in want)
		buckets[count["hist"]] = words
	emit("hists", shown OFS cell[id] OFS round[id] OFS v["op"] OFS cpu OFS words)
}

# What was seen in the chunks that hold the slowest samples of an op.
function read_tail(    id) {
	if (!(row_key() in op_line))
		refuse("tail: no op line for cell " v["cell"] " op " v["op"])
	need_number("chunks")
	id = v["cell"]
	emit("tail", shown OFS cell[id] OFS round[id] OFS v["op"] OFS or_dash("above") OFS v["chunks"] OFS \
		others("^(cell|op|cpu|above|chunks)$"))
}

# What QEMU's plugin counted of an op, a word a metric: its instructions are those that were measured.
function read_vector(    i, key) {
	key = row_key()
	if (!(key in op_line))
		refuse("vector: no op line for cell " v["cell"] " op " v["op"])
	need_number("n")
	if (v["n"] + 0 != op_n[key])
		refuse("vector: n=" v["n"] ", the op line says n=" op_n[key])
	for (i = 1; i <= keys; i++)
		if (key_at[i] !~ /^(cell|op|n)$/)
			read_metric(key, key_at[i], v[key_at[i]])
}

function read_metric(key, name, value,    x) {
	if (value !~ /^[0-9]+:[0-9]+:[0-9]+:[0-9]+$/)
		refuse("vector: " name "=" value " is not least:median:most:sum")
	split(value, x, ":")
	if (x[1] + 0 > x[2] + 0 || x[2] + 0 > x[3] + 0 || !between(x[4], v["n"] * x[1], v["n"] * x[3]))
		refuse("vector: " name "=" value " is not in order, or its sum does not fit n=" v["n"])
	if (name == "insns" && x[1] " " x[3] " " x[4] != op_length[key])
		refuse("vector: insns=" value ", but the op line says min, max, sum " op_length[key])
	emit("vector", shown OFS cell[v["cell"]] OFS cpus[v["cell"]] OFS round[v["cell"]] OFS v["op"] OFS variant OFS name OFS v["n"] OFS \
		x[1] OFS x[2] OFS x[3] OFS x[4])
}

# What the processor counted of the stretches of an op.
function read_counter(    i, key) {
	key = row_key()
	if (!(key in op_line))
		refuse("counter: no op line for cell " v["cell"] " op " v["op"])
	if (v["name"] == "")
		refuse("counter: name= is missing")
	for (i = 1; i <= must["counter"]; i++)
		if (v["n"] != "0" || counter_keys[i] !~ /^(sum|min|max)$/)
			need_number(counter_keys[i])
	if (v["n"] + 0 != op_n[key])
		refuse("counter: n=" v["n"] ", the op line says n=" op_n[key])
	if (v["n"] + 0 && !between(v["sum"], v["n"] * v["min"], v["n"] * v["max"]))
		refuse("counter: sum=" v["sum"] " does not fit n, min and max")
	emit("counter", shown OFS cell[v["cell"]] OFS cpus[v["cell"]] OFS round[v["cell"]] OFS v["op"] OFS variant OFS v["name"] OFS v["n"] OFS \
		v["sum"] OFS v["min"] OFS or_dash("p50") OFS v["max"] OFS v["calls"] OFS v["overhead"])
}

function read_end() {
	need_number("cells")
	if (v["state"] !~ /^(idle|done|aborted|failed)$/)
		refuse("end: state=" v["state"] " is not known")
	if (v["cells"] + 0 != cells)
		refuse("end: cells=" v["cells"] ", but the file has " cells " cell lines")
	ended = v["state"]
	emit("end", shown OFS v["cells"] OFS v["state"])
}

# What can only be judged when every line of the file has been seen.
function finish_file(    i, key, part, id) {
	if (ended == "")
		refuse("truncated: the file has no end line")
	for (i = 1; i <= op_lines; i++) {
		key = op_at[i]
		split(key, part, SUBSEP)
		line = op_line[key]
		if (op_n[key] && !(key in hist_done))
			refuse("op: n=" op_n[key] " samples without a hist line")
		if (part[3] == "-" && ((part[1], part[2]) in worker_n) && worker_n[part[1], part[2]] != op_n[key])
			refuse("op: the workers have " worker_n[part[1], part[2]] " samples, merged n=" op_n[key])
		if (part[3] != "-" && !((part[1], part[2], "-") in op_line))
			refuse("op: a worker's line without the merged one")
	}
	for (i = 1; i <= cells; i++) {
		id = cell_at[i]
		line = cell_line[id]
		if (state[id] == "ok" && !ops[id])
			refuse("cell: state=ok without an op line")
		if ((id in wall) && !between(ticks[id], 0, wall[id]))
			refuse("cell: the samples add up to " ticks[id] " ticks, more than wall=" wall[id])
		key = id SUBSEP "alloc" SUBSEP "-"
		if (attempts[id] > 0 && (key in op_n) && op_n[key] != attempts[id])
			refuse("cell: n=" op_n[key] " of op alloc, expected samples times workers less fail = " attempts[id])
	}
}

function print_hist(i,    j, n, word, b, prefix) {
	prefix = (tables > 1 ? "hist" OFS : "") rows["hist", i]
	n = split(buckets[i], word, " ")
	for (j = 1; j <= n; j++) {
		split(word[j], b, /[-:]/)
		print prefix OFS b[1] OFS b[2] OFS b[3]
	}
}

function print_table(name,    i, prefix) {
	prefix = tables > 1 ? name OFS : ""
	gsub(/ /, OFS, header[name])
	print prefix header[name]
	for (i = 1; i <= count[name]; i++)
		if (name == "hist")
			print_hist(i)
		else
			print prefix rows[name, i]
}

FNR == 1 {
	start_file()
	next
}

{
	line = FNR
	kind = $1
	if (ended != "")
		refuse("text after the end line")
	check_text()
	if (kind !~ /^[a-z][a-z0-9_-]*$/)
		refuse("'" kind "' is not a kind of line")
	if (kind == "kallocbench")
		refuse("a second first line: two results in one file?")
	if (!index(known, " " kind " "))
		next
	parse_words()
	if (kind == "meta") read_meta()
	else if (kind == "warning") read_warning()
	else if (kind == "param") read_param()
	else if (kind == "clock") read_clock()
	else if (kind == "fact") read_fact()
	else if (kind == "cell") read_cell()
	else if (kind == "op") read_op()
	else if (kind == "hist") read_hist()
	else if (kind == "tail") read_tail()
	else if (kind == "vector") read_vector()
	else if (kind == "counter") read_counter()
	else read_end()
}

END {
	if (failed)
		exit 2
	if (NR)
		finish_file()
	for (i = 1; i < ARGC; i++)
		if (ARGV[i] !~ /^[A-Za-z_][A-Za-z0-9_]*=/ && ARGV[i] != "" && !(ARGV[i] in seen)) {
			file = ARGV[i]
			line = 0
			refuse("truncated: the file is empty or cannot be read")
		}
	if (!NR)
		usage("no result file")
	for (i = 1; i <= tables; i++)
		print_table(wanted[i])
}
