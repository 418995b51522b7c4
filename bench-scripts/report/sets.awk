# SPDX-License-Identifier: GPL-2.0
# sets.awk - which results belong together.
#
#	awk -f ../lib/kind.awk -f sets.awk -v work=DIR MAP TABLES		(map of ../gate/sides.sh; tables of results.awk)
#
# Results of one side, of one kind (kind.awk) and one configuration are one set and may be merged; a command line that
# differs in padding only is the same configuration. Prints the table sets (set side kind) and a set's tables into
# DIR/SET.tables; the first new one is new1.

BEGIN {
	FS = "\t"
	configured = split("init_on_alloc init_on_free memcg_kmem slub_debug_on slub_debug_kmalloc locks_removed", config_key, " ")
}

FNR == NR {
	file_at[++files] = $1
	side_of[$1] = $2
	next
}

# TABLES comes twice: the first time for what decides, and once more to be told apart.
FNR == 1 && ++passes == 2 { find_sets() }

passes == 2 && ($2 in set_of) { print >(work "/" set_of[$2] ".tables") }

passes == 2 && $2 == "file" && !($1 in seen) {
	seen[$1] = 1
	for (i = 1; i <= sets; i++)
		print >(work "/" set_name[i] ".tables")
}

# The words of a command line that configure the kernel, in one order.
function switches(line,    n, i, j, word, t, text) {
	n = split(line, word, " ")
	for (i = 2; i <= n; i++) {
		t = word[i]
		for (j = i; j > 1 && word[j - 1] > t; j--)
			word[j] = word[j - 1]
		word[j] = t
	}
	for (i = 1; i <= n; i++)
		if (word[i] !~ /^(kab_?pad|pad|padding|console|panic|quiet|loglevel)/)
			text = text " " word[i]
	return text
}

function kind_of(name,    i, key) {
	for (i = 1; i <= must_agree; i++)
		key = key SUBSEP value_of(name, agree[i])
	for (i = 1; i <= must_within; i++)
		key = key SUBSEP value_of(name, within[i])
	return key
}

function config_of(name,    i, key) {
	key = switches(value[name, "cmdline"])
	for (i = 1; i <= configured; i++)
		key = key SUBSEP value[name, config_key[i]]
	return key
}

# What a result leaves unsaid it shares with the first that says it.
function remember_said(name, config,    i) {
	for (i = 1; i <= must_where_said; i++)
		if (said(name, where_said[i]) && !((config, where_said[i]) in usual))
			usual[config, where_said[i]] = value[name, where_said[i]]
}

function said_of(name, config,    i, key) {
	for (i = 1; i <= must_where_said; i++)
		key = key SUBSEP (said(name, where_said[i]) ? value[name, where_said[i]] : usual[config, where_said[i]])
	return key
}

function check_kernel(name, side) {
	if (!(side in kernel))
		kernel[side] = value[name, "kernel"]
	if (kernel[side] == value[name, "kernel"])
		return
	print "report.sh: results of " kernel[side] " and of " value[name, "kernel"] ": give those of one of them with --base" >"/dev/stderr"
	exit 2
}

function find_sets(    i, name, key, of_kind) {
	for (i = 1; i <= files; i++)
		remember_said(file_at[i], kind_of(file_at[i]) SUBSEP config_of(file_at[i]))
	print "sets\tset\tside\tkind"
	for (i = 1; i <= files; i++) {
		name = file_at[i]
		check_kernel(name, side_of[name])
		key = side_of[name] SUBSEP kind_of(name)
		if (!(key in kind))
			kind[key] = ++kinds
		of_kind = kind[key]
		key = key SUBSEP config_of(name)
		key = key said_of(name, kind_of(name) SUBSEP config_of(name))
		if (!(key in set)) {
			set[key] = side_of[name] (++sets_of[side_of[name]])
			set_name[++sets] = set[key]
			print "sets\t" set[key] "\t" side_of[name] "\t" of_kind
		}
		set_of[name] = set[key]
	}
}
