# SPDX-License-Identifier: GPL-2.0
# Names of packages in, rows out: SERIES FLAVOUR ARCH RELEASE of every release that has both an image and headers. With
# -v bare=1 the names are of releases already. Debian's: 6.1.0-56-cloud-amd64 (ABI number), 6.12.117+deb12-amd64,
# 7.3-rc7-rt-arm64; what is neither cloud nor rt is generic, and packages of other kinds (-dbg, -16k) are none.

function row(release, rest, flavour, arch) {
	rest = release
	if (!match(rest, /-(amd64|arm64)$/))
		return
	arch = substr(rest, RSTART + 1)
	rest = substr(rest, 1, RSTART - 1)
	flavour = "generic"
	if (match(rest, /-(cloud|rt)$/)) {
		flavour = substr(rest, RSTART + 1)
		rest = substr(rest, 1, RSTART - 1)
	}
	if (rest !~ /^[0-9]+\.[0-9]+[-.+~][-.+~0-9a-z]*$/)
		return
	match(rest, /^[0-9]+\.[0-9]+/)
	print substr(rest, 1, RLENGTH), flavour, arch, release
}

bare {
	row($0)
	next
}

/^linux-headers-[0-9]/ {
	headers[substr($0, 15)] = 1
}

/^linux-(image|binary|binary-unsigned)-[0-9]/ {
	sub(/^linux-(image|binary-unsigned|binary)-/, "")
	sub(/-unsigned$/, "")
	image[$0] = 1
}

END {
	for (release in image)
		if (release in headers)
			row(release)
}
