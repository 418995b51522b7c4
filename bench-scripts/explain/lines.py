# SPDX-License-Identifier: GPL-2.0
"""Down to source lines, with a vmlinux that has debug information."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from cells import Op
from diff import signed
from dump import Bad
from text import number

ROWS = 24
# Lines named beside a function that changed.
NAMED = 3
Where = tuple[str, str]
OUTSIDE = ("outside vmlinux", "the module, its clock read included")


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
        found[int(address, 16)] = OUTSIDE if line.startswith("??") else (
            shorten(line), function)
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
        where[found.get(address, OUTSIDE)] += n
    return where, sum(path.n for path in paths)


def report(op: Op, vmlinux: str) -> Iterator[str]:
    """The dearest source lines of an op."""
    where, n = by_line(op, vmlinux, typical=False)
    shown = where.most_common(ROWS)
    rest = sum(where.values()) - sum(insns for _, insns in shown)
    yield f"{'insns':>12}  source line of {op.key.title}"
    for (line, function), insns in shown:
        yield f"{number(Fraction(insns, n)):>12}  {line} ({function})"
    if rest:
        yield f"{number(Fraction(rest, n)):>12}  {len(where) - ROWS} more"
    yield ""


def by_function(where: Counter[Where], n: int) -> dict[Where, Fraction]:
    """Instructions a sample by file and (inlined) function: lines move."""
    found: dict[Where, Fraction] = {}
    for (line, function), insns in where.items():
        at = line.partition(":")[0], function
        found[at] = found.get(at, Fraction()) + Fraction(insns, n)
    return found


def dearest(at: Where, where: Counter[Where], n: int) -> str:
    """The lines of a function in the new kernel."""
    lines = [(insns, line) for (line, function), insns in where.items()
             if (line.partition(":")[0], function) == at and ":" in line]
    lines.sort(key=lambda row: (-row[0], row[1]))
    named = [f"{number(Fraction(insns, n))} at line {line.partition(':')[2]}"
             for insns, line in lines[:NAMED]]
    return f": {', '.join(named)}" if named else ""


def difference(base: Op, base_vmlinux: str, new: Op,
               new_vmlinux: str) -> Iterator[str]:
    """Where in the source the difference is, inlined functions apart."""
    where, n = by_line(new, new_vmlinux, typical=True)
    before = by_function(*by_line(base, base_vmlinux, typical=True))
    after = by_function(where, n)
    rows = [(after.get(at, Fraction()) - before.get(at, Fraction()), at)
            for at in before.keys() | after.keys()]
    rows = sorted((row for row in rows if row[0]),
                  key=lambda row: (-abs(row[0]), row[1]))
    if not rows:
        return
    yield f"{'change':>12}  in the source of {new.key.title}"
    for change, at in rows[:ROWS]:
        yield (f"{signed(change):>12}  {at[0]} ({at[1]})"
               f"{dearest(at, where, n)}")
    rest = sum((row[0] for row in rows[ROWS:]), Fraction())
    if len(rows) > ROWS:
        yield f"{signed(rest):>12}  {len(rows) - ROWS} more functions"
    yield f"{signed(sum((row[0] for row in rows), Fraction())):>12}  sum"
    yield ""
