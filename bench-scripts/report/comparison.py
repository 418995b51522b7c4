# SPDX-License-Identifier: GPL-2.0
"""One kernel against another: verdicts of compare.sh, and by how much."""

from __future__ import annotations

from typing import Any

from dataset import DataSet, Slice
from doc import Bullets, Figure, Panel, Para, Section, Table
from figures import drawn_allocs
from svgdraw import Plot, power_scale, size_scale, styles
from units import percent, size_short, size_text

# Above and below the lines, for the words that stand there.
ROOM = 1.45


def changes(base: DataSet, new: DataSet, slice_: Slice | None) -> list[str]:
    """How far the medians moved, allocator by allocator."""
    parts: list[str] = []
    if slice_ is None or base.unit.insn != new.unit.insn:
        return parts
    for name, points in in_both(base, new, slice_).items():
        moved = [(ratio - 1, size) for size, _, _, ratio in points]
        ends = list(dict.fromkeys(
            f"{percent(change)} (at {size_text(size)})"
            for change, size in (min(moved), max(moved))))
        parts.append(f"{name}: {' to '.join(ends)}")
    return parts


def in_both(base: DataSet, new: DataSet, slice_: Slice
            ) -> dict[str, list[tuple[int, float, float, float]]]:
    """(size, base, new, ratio) of each allocator that both have measured.

    Base and new in ticks; the ratio in time, for two clocks may differ.
    """
    tick = new.unit.value(1) / base.unit.value(1)
    series = {}
    for name in drawn_allocs(new, slice_):
        pairs = [(size, b, n, n / b * tick)
                 for size in new.sizes if base.has(name)
                 and (b := base.pair(slice_, name, size))
                 and (n := new.pair(slice_, name, size))]
        if pairs:
            series[name] = pairs
    return series


def change(base: DataSet, new: DataSet, slice_: Slice,
           prefix: str) -> Figure | None:
    """Cost of the new kernel over that of the base, by size."""
    series = in_both(base, new, slice_)
    if not series or base.unit.insn != new.unit.insn:
        return None
    ratios = [ratio for pairs in series.values() for _, _, _, ratio in pairs]
    style = styles(list(series))
    plot = Plot("new as a multiple of base", size_scale(new.sizes),
                power_scale(min(ratios + [0.8]) / ROOM,
                            max(ratios + [1.25]) * ROOM, 2 ** 0.5
                            if max(ratios) / min(ratios) < 16 else 2),
                "size asked for", "alloc + free",
                [(name, style[name]) for name in series])
    plot.y.ticks = [(v, f"{v:.2g}") for v, _ in plot.y.ticks]
    plot.rule(y=1)
    plot.words(plot.x.high, plot.y.high, "dearer than base", "note end", -4,
               16)
    plot.words(plot.x.high, plot.y.low, "cheaper than base", "note end", -4,
               -8)
    for name, pairs in series.items():
        plot.path([(size, ratio) for size, _, _, ratio in pairs], style[name])
        for size, b, n, ratio in pairs:
            plot.point(size, ratio, style[name], f"{name} {size_text(size)}: "
                       f"{base.unit.text(b)} before, {new.unit.text(n)} now, "
                       f"{percent(ratio - 1)}")
    alt = f"Cost with {new.kernel} over cost with {base.kernel} by size"
    rows = [[name, size_short(size), base.unit.text(b), new.unit.text(n),
             percent(ratio - 1)]
            for name, pairs in series.items() for size, b, n, ratio in pairs]
    return Figure(f"{prefix}change", "What changed, by size",
                  f"{new.kernel} is new, {base.kernel} the base. Medians of "
                  "alloc plus free; judged in the table of verdicts, not "
                  "here.", [Panel(plot.svg(alt), alt)],
                  Table(f"alloc + free, medians, {new.unit.name}",
                        ["allocator", "size", "base", "new", "change"], rows,
                        long=len(rows) > 12))


def summary(base: DataSet, first: DataSet, verdict: dict[str, Any]) -> str:
    """For the head of the report."""
    return " ".join(filter(None, (
        str(verdict["sentence"]), unjudged(verdict),
        f"A is {base.kernel}, B is {first.kernel}.",
        verdict_counts(verdict))))


def unjudged(verdict: dict[str, Any]) -> str:
    """What most figures without a verdict lack, and who provides it."""
    lacks = [str(row["remark"]) for row in verdict["rows"]
             if row["verdict"] == "INCONCLUSIVE" and row["remark"]]
    if not lacks:
        return ""
    most = max(dict.fromkeys(lacks), key=lacks.count)
    advice = ("; ci.sh measures as many as a verdict needs"
              if "needs" in most else "")
    return f"Why ({lacks.count(most):,} times): {most}{advice}."


def section(base: DataSet, first: DataSet, verdict: dict[str, Any] | None,
            refusal: str) -> Section:
    """The verdicts, and a picture of the change."""
    out = Section("comparison", f"{base.kernel} against {first.kernel}")
    if verdict:
        out.blocks.append(Para(verdict["sentence"]))
        out.blocks += [Para(str(e), "warn") for e in verdict["errors"]]
        out.blocks.append(verdict_table(verdict))
        if verdict.get("notes"):
            out.blocks.append(Bullets([str(n) for n in verdict["notes"]]))
    elif refusal:
        out.blocks.append(Para("No verdict: " + refusal, "warn"))
        return out
    slice_ = first.base_slice()
    drawn = change(base, first, slice_, "") if slice_ else None
    if drawn:
        out.blocks.append(drawn)
    return out


def verdict_counts(verdict: dict[str, Any]) -> str:
    """What got worse, better, is equal, or is undecided."""
    counts: dict[str, int] = {}
    for row in verdict["rows"]:
        name = str(row["verdict"]).lower()
        counts[name] = counts.get(name, 0) + 1
    return "Figures: " + ", ".join(
        f"{n:,} {name}" for name, n in counts.items()) + "."


def figure_text(value: Any, digits: int = 0) -> str:
    """A number of the verdict, or '-'."""
    if not isinstance(value, (int, float)):
        return "-"
    if digits:
        return f"{value:+,.{digits}f} %"
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:g}"


def tolerance_text(row: dict[str, Any], verdict: dict[str, Any]) -> str:
    """Instructions, or a share in percent in the time lane."""
    text = figure_text(row["tolerance"])
    return text if text == "-" or verdict["lane"] == "insn" else f"{text} %"


def verdict_table(verdict: dict[str, Any]) -> Table:
    """Every judged cell, worst first as compare.sh sorts."""
    rows = []
    for row in verdict["rows"]:
        rows.append([str(row["cell"]), f"{row['op']} {row['figure']}",
                     figure_text(row["a"]), figure_text(row["b"]),
                     figure_text(row["percent"], 1),
                     tolerance_text(row, verdict), str(row["verdict"])])
    return Table("Verdicts, in "
                 + ("instructions" if verdict["unit"] == "insn"
                    else str(verdict["unit"])),
                 ["cell", "figure", "base", "new", "change", "tolerance",
                  "verdict"], rows, {0, 1, 6},
                 long=len(rows) > 24, ranked=True)
