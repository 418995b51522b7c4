# SPDX-License-Identifier: GPL-2.0
"""Which function of one kernel is which of another."""

from __future__ import annotations

import csv
import re
from pathlib import Path as File

# What compilers add to the name of a part or a copy of a function.
COMPILER = re.compile(r"(\.(isra|constprop|part|cold|llvm)(\.\d+)?)+$")


def load(file: File) -> dict[str, str]:
    """The rename table: name in an older kernel, name in a newer one."""
    with file.open(encoding="ascii", newline="") as lines:
        rows = [row for row in csv.reader(lines, delimiter="\t")
                if row and not row[0].startswith("#")]
    return {old: new for old, new in rows}


def canonical(name: str, renames: dict[str, str]) -> str:
    """The same for the same function of any kernel."""
    name = COMPILER.sub("", name)
    seen = set()
    while name in renames and name not in seen:
        seen.add(name)
        name = renames[name]
    # From 6.10 on the allocation functions under the tagging macros.
    return name.removesuffix("_noprof")
