# SPDX-License-Identifier: GPL-2.0
"""Numbers as a person reads them."""

from __future__ import annotations

from dataclasses import dataclass

BINARY = ("B", "KiB", "MiB", "GiB", "TiB")


def size_text(size: int) -> str:
    """4096 -> 4 KiB; what is not whole stays in the smaller unit."""
    step = 0
    while size >= 1024 and size % 1024 == 0 and step < len(BINARY) - 1:
        size //= 1024
        step += 1
    return f"{size} {BINARY[step]}"


def size_short(size: int) -> str:
    """4096 -> 4K, as a parameter line writes it."""
    return size_text(size).replace(" ", "").replace("iB", "").rstrip("B")


def grouped(value: float) -> str:
    """1234.5 -> 1,234 (or 1,235): thousands apart."""
    return f"{value:,.0f}"


def compact(value: float) -> str:
    """1500 -> 1.5k, for the scale of an axis."""
    for factor, suffix in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= factor:
            return f"{value / factor:g}{suffix}"
    return f"{value:g}"


def percent(change: float) -> str:
    """0.041 -> +4.1 %."""
    digits = 0 if abs(change) >= 0.995 else 1
    return f"{100 * change:+,.{digits}f} %"


def times(ratio: float) -> str:
    """A multiple, with two digits that mean something."""
    if ratio >= 9.95:
        return f"{ratio:,.0f}"
    return f"{ratio:.1f}" if ratio >= 0.995 else f"{ratio:.2f}"


@dataclass(frozen=True)
class Unit:
    """What a tick is, for a person: an instruction, or so many ns."""
    insn: bool
    khz: float

    @property
    def name(self) -> str:
        """For an axis or the head of a column."""
        return "instructions" if self.insn else "ns"

    def value(self, ticks: float) -> float:
        """Ticks in this unit."""
        return ticks if self.insn else ticks * 1e6 / self.khz

    def text(self, ticks: float | None) -> str:
        """Ticks in this unit as text, '-' where there are none."""
        if ticks is None:
            return "-"
        value = self.value(ticks)
        if not self.insn and 0 < value < 9.95:
            return f"{value:.1f}"
        return grouped(value)
