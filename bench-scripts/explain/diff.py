# SPDX-License-Identifier: GPL-2.0
"""The report of two kernels: where the difference of an op went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from cells import Op, Route
from flame import Colour
from names import canonical
from text import number, plural

# Unchanged functions are counted, not listed; small changes past these too.
ROWS = 24
MEAN_ROWS = 10


@dataclass(frozen=True)
class Change:
    """Instructions of one function per sample, in both kernels."""

    base_name: str
    new_name: str
    base: Fraction
    new: Fraction

    @property
    def change(self) -> Fraction:
        """More is positive."""
        return self.new - self.base

    @property
    def label(self) -> str:
        """The name, and what became of it."""
        if not self.base_name:
            return f"{self.new_name} (new)"
        if not self.new_name:
            return f"{self.base_name} (gone)"
        if self.base_name == self.new_name:
            return self.new_name
        return f"{self.base_name} -> {self.new_name}"


def grouped(route: Route, renames: dict[str, str]
            ) -> tuple[Counter[str], dict[str, str]]:
    """Instructions by canonical name, and the dearest name behind each."""
    insns: Counter[str] = Counter()
    names: dict[str, str] = {}
    for name in route.functions:
        same = canonical(name, renames)
        insns[same] += route.insns[name]
        names.setdefault(same, name)
    return insns, names


def changes(base: Route, new: Route, renames: dict[str, str]) -> list[Change]:
    """Function by function, the largest change first; they add up."""
    before, before_names = grouped(base, renames)
    after, after_names = grouped(new, renames)
    rows = [Change(before_names.get(name, ""), after_names.get(name, ""),
                   Fraction(before[name], base.n),
                   Fraction(after[name], new.n))
            for name in before | after]
    rows.sort(key=lambda row: (-abs(row.change), -row.new, row.label))
    return rows


def signed(value: Fraction) -> str:
    """With its sign, 0 without."""
    return f"+{number(value)}" if value > 0 else number(value)


def mean(route: Route) -> Fraction:
    """Instructions a sample."""
    return Fraction(route.sum, route.n)


def line(base: str, new: str, change: str, name: str) -> str:
    """A row of the table."""
    return f"{base:>11} {new:>11} {change:>11}  {name}"


def whole_row(rows: list[Change], label: str) -> str:
    """Several rows as one."""
    return line(number(sum((row.base for row in rows), Fraction())),
                number(sum((row.new for row in rows), Fraction())),
                signed(sum((row.change for row in rows), Fraction())), label)


def table(rows: list[Change], limit: int | None) -> Iterator[str]:
    """Changed functions, the rest in a line, and the sum."""
    yield line("base", "new", "change", "function")
    changed = [row for row in rows if row.change]
    shown = changed[:limit]
    for row in shown:
        yield line(number(row.base) if row.base_name else "-",
                   number(row.new) if row.new_name else "-",
                   signed(row.change), row.label)
    rest = [row for row in rows if row not in shown]
    if rest:
        kind = "with smaller changes or none" if len(shown) < len(changed) \
            else "unchanged"
        yield whole_row(rest, f"{plural(len(rest), 'function')} {kind}")
    yield whole_row(rows, "sum")


def summary(what: str, base: Fraction, new: Fraction) -> str:
    """One figure of both kernels."""
    relative = f" ({float(100 * (new - base) / base):+.1f} %)" \
        if base and new != base else ""
    return (f"{what}: {number(base)} -> {number(new)}, "
            f"{signed(new - base)}{relative}")


def bucket_rows(base: Op, new: Op) -> Iterator[str]:
    """From the exact sum to the figure of compare.sh, where they differ.

    Above 4,096 the result has buckets, and compare.sh takes upper bounds.
    """
    before, after = Fraction(base.mode[1]), Fraction(new.mode[1])
    exact = mean(base.typical), mean(new.typical)
    if exact == (before, after):
        return
    yield line(signed(before - exact[0]), signed(after - exact[1]),
               signed(after - before - (exact[1] - exact[0])),
               "to the upper bounds of the histogram's buckets")
    yield line(number(before), number(after), signed(after - before),
               "as compare.sh takes them")


def section(what: str, base: Route, new: Route, renames: dict[str, str],
            limit: int | None) -> Iterator[str]:
    """One figure of an op, function by function."""
    rows = changes(base, new, renames)
    yield summary(what, mean(base), mean(new))
    if limit is None or any(row.change for row in rows):
        yield from table(rows, limit)
    else:
        yield f"none of {plural(len(rows), 'function')} changed"


def moved(base: Route, new: Route,
          renames: dict[str, str]) -> set[tuple[str, Fraction]]:
    """What changed, for the question whether two figures tell the same."""
    return {(row.label, row.change)
            for row in changes(base, new, renames) if row.change}


def report(base: Op, new: Op, renames: dict[str, str], full: bool,
           gate: list[str]) -> Iterator[str]:
    """One op of one cell in both kernels; gate: what a verdict said of it."""
    usual = moved(base.typical, new.typical, renames)
    yield f"== {new.key.title}"
    yield from gate
    yield from section("most frequent length", base.typical, new.typical,
                       renames, None if full else ROWS)
    yield from bucket_rows(base, new)
    if moved(base.least, new.least, renames) != usual:
        yield ""
        yield from section("shortest sample", base.least, new.least, renames,
                           None if full else MEAN_ROWS)
    if moved(base.whole, new.whole, renames) != usual:
        yield ""
        yield from section("mean of all samples, rare paths included",
                           base.whole, new.whole, renames,
                           None if full else MEAN_ROWS)
    yield ""


def by_change(rows: list[Change], renames: dict[str, str]) -> Colour:
    """Red for functions that cost more in the new kernel, blue for less."""
    change = {canonical(row.new_name, renames): row.change for row in rows}
    most = max((abs(row.change) for row in rows), default=Fraction()) or 1

    def colour(name: str) -> str:
        part = change.get(canonical(name, renames), Fraction()) / most
        if not part:
            return "hsl(0,0%,86%)"
        hue = 8 if part > 0 else 215
        return f"hsl({hue},75%,{86 - round(30 * abs(part))}%)"

    return colour
