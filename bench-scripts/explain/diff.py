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

# Unchanged functions are counted, not listed; small changes past that too.
ROWS = 24


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
        yield line(number(sum((r.base for r in rest), Fraction())),
                   number(sum((r.new for r in rest), Fraction())),
                   signed(sum((r.change for r in rest), Fraction())),
                   f"{plural(len(rest), 'function')} {kind}")
    yield line(number(sum((r.base for r in rows), Fraction())),
               number(sum((r.new for r in rows), Fraction())),
               signed(sum((r.change for r in rows), Fraction())), "sum")


def summary(what: str, base: Fraction, new: Fraction) -> str:
    """One figure of both kernels."""
    relative = f" ({float(100 * (new - base) / base):+.1f} %)" \
        if base and new != base else ""
    return (f"{what}: {number(base)} -> {number(new)} instructions, "
            f"{signed(new - base)}{relative}")


def mode_note(op: Op) -> str:
    """How the mode was found, where it is not one length."""
    low, high = op.mode
    return "" if low == high else f" {low:,}-{high:,}"


def report(base: Op, new: Op, renames: dict[str, str],
           full: bool) -> Iterator[str]:
    """One op of one cell in both kernels."""
    limit = None if full else ROWS
    typical = changes(base.typical, new.typical, renames)
    whole = changes(base.whole, new.whole, renames)
    yield f"== {new.key.label}: {new.key.op}"
    yield summary(f"most frequent length{mode_note(new)}",
                  mean(base.typical), mean(new.typical))
    yield from table(typical, limit)
    if [(r.label, r.change) for r in whole] != \
            [(r.label, r.change) for r in typical]:
        yield ""
        yield summary("mean of all samples, rare paths included",
                      mean(base.whole), mean(new.whole))
        yield from table(whole, limit)
    yield ""


def by_change(rows: list[Change]) -> Colour:
    """Red for functions that cost more in the new kernel, blue for less."""
    change = {row.new_name: row.change for row in rows}
    most = max((abs(row.change) for row in rows), default=Fraction()) or 1

    def colour(name: str) -> str:
        part = change.get(name, Fraction()) / most
        if not part:
            return "hsl(0,0%,86%)"
        return f"hsl({8 if part > 0 else 215},75%,{86 - 30 * abs(part):.0f}%)"

    return colour
