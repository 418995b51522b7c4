# SPDX-License-Identifier: GPL-2.0
"""Down to source lines, with a vmlinux that has debug information."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from cells import Op
from dump import Bad
from text import number

ROWS = 24
Where = tuple[str, str]


def locate(vmlinux: str, addresses: list[int]) -> dict[int, Where]:
    """Source line and (perhaps inlined) function of each address."""
    asked = "".join(f"{address:x}\n" for address in addresses)
    try:
        done = subprocess.run(["addr2line", "-a", "-f", "-e", vmlinux],
                              input=asked, capture_output=True, text=True,
                              check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Bad(f"addr2line cannot read {vmlinux}") from error
    answer = done.stdout.splitlines()
    found = {}
    for address, function, line in zip(answer[::3], answer[1::3],
                                       answer[2::3]):
        found[int(address, 16)] = (shorten(line), function)
    return found


def shorten(line: str) -> str:
    """mm/slub.c:4123 of a path from the build machine."""
    line = line.partition(" (")[0]
    for part in ("/./", "/mm/", "/include/", "/arch/", "/kernel/", "/lib/"):
        if part in line:
            line = line.rpartition(part)[2] if part == "/./" else \
                part[1:] + line.partition(part)[2]
            break
    return line


def by_line(op: Op, vmlinux: str, typical: bool) -> tuple[Counter[Where], int]:
    """Instructions by source line, and the samples they are of."""
    low, high = op.mode
    paths = [p for p in op.paths if not typical or (
        low <= p.min - op.overhead and p.max - op.overhead <= high)]
    counts: Counter[int] = Counter()
    for path in paths:
        counts.update(path.insns)
    found = locate(vmlinux, sorted(counts))
    where: Counter[Where] = Counter()
    for address, n in counts.items():
        where[found.get(address, ("??", "??"))] += n
    return where, sum(path.n for path in paths)


def report(op: Op, vmlinux: str) -> Iterator[str]:
    """The dearest source lines of an op."""
    where, n = by_line(op, vmlinux, typical=False)
    yield f"{'insns':>12}  source line of {op.key.label}: {op.key.op}"
    for (line, function), insns in where.most_common(ROWS):
        yield f"{number(Fraction(insns, n)):>12}  {line} ({function})"
    yield ""


def difference(base: Op, base_vmlinux: str, new: Op,
               new_vmlinux: str) -> Iterator[str]:
    """Source lines whose cost differs; a moved line is gone and new."""
    before, base_n = by_line(base, base_vmlinux, typical=True)
    after, new_n = by_line(new, new_vmlinux, typical=True)
    rows = [(Fraction(after[at], new_n) - Fraction(before[at], base_n), at)
            for at in before | after]
    rows = sorted((row for row in rows if row[0]),
                  key=lambda row: (-abs(row[0]), row[1]))
    yield f"{'change':>12}  source line of {new.key.label}: {new.key.op}"
    for change, (line, function) in rows[:ROWS]:
        yield f"{float(change):>+12,.2f}  {line} ({function})"
    if len(rows) > ROWS:
        rest = sum((row[0] for row in rows[ROWS:]), Fraction())
        yield f"{float(rest):>+12,.2f}  {len(rows) - ROWS} more lines"
    yield ""
