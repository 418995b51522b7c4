# SPDX-License-Identifier: GPL-2.0
# sets.awk - which results belong together.
#
#	awk -f kind.awk -f sets.awk IN/1 IN/2 ...   (tables of results.awk, one file a result)
#
# Prints numbers of set and kind, and the file: results of one kind (kind.awk)
# and one configuration are one set and may be merged. A command line that
# differs in padding only is the same configuration.

BEGIN {
	FS = "\t"
	configured = split("init_on_alloc init_on_free memcg_kmem slub_debug_on slub_debug_kmalloc locks_removed", config_key, " ")
}

FNR == 1 {
	file_at[++files] = FILENAME
}

# By its own name kind.awk knows it.
$1 == "end" && $2 != "file" {
	name_of[FILENAME] = $2
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

END {
	for (i = 1; i <= files; i++) {
		name = name_of[file_at[i]]
		remember_said(name, kind_of(name) SUBSEP config_of(name))
	}
	for (i = 1; i <= files; i++) {
		name = name_of[file_at[i]]
		key = kind_of(name)
		if (!(key in kind))
			kind[key] = ++kinds
		of_kind = kind[key]
		key = key SUBSEP config_of(name)
		key = key said_of(name, key)
		if (!(key in set))
			set[key] = ++sets
		print set[key] "\t" of_kind "\t" file_at[i]
	}
}
