# SPDX-License-Identifier: GPL-2.0
# Which results of base and new must be equal, where image, module and command line are the same: those of equal
# settings.
#
#	awk -f map.awk -f same.awk MAP TABLES
#
# MAP:    file side unit
# TABLES: results.awk -v table=meta,param
# Prints FILE_OF_BASE TAB FILE_OF_NEW for each of new, of several the one of the same phase or boot; FILE_OF_BASE is "-"
# where no result of base has its settings, and the other way round.

BEGIN {
	# What a boot was given besides; the padding of a phase is part of the command line here.
	settings = split("cmdline mem smp settle initrd_sha256 qemu machine", setting, " ")
}

$1 == "meta" { value[$2, $3] = $4 }
$1 == "param" { param[$2] = param[$2] " " $3 "=" $4 }

function settings_of(f,    i, text) {
	text = param[f]
	for (i = 1; i <= settings; i++)
		text = text OFS value[f, setting[i]]
	return text
}

function partner(at, u) {
	if ((at, u) in of_unit)
		return of_unit[at, u]
	return (at in of_base) ? of_base[at] : "-"
}

END {
	for (i = 1; i <= files; i++) {
		if (side[file[i]] != "base")
			continue
		at = settings_of(file[i])
		if (!(at in of_base))
			of_base[at] = file[i]
		if (!((at, unit[file[i]]) in of_unit))
			of_unit[at, unit[file[i]]] = file[i]
	}
	for (i = 1; i <= files; i++) {
		if (side[file[i]] != "new")
			continue
		at = settings_of(file[i])
		met[at] = 1
		print partner(at, unit[file[i]]), file[i]
	}
	for (at in of_base)
		if (!(at in met))
			print of_base[at], "-"
}
