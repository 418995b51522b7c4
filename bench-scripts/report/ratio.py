# SPDX-License-Identifier: GPL-2.0
"""vmalloc against kmalloc, by size."""

from __future__ import annotations

from dataset import DataSet, Slice
from doc import Figure, Panel, Table
from svgdraw import Plot, power_scale, size_scale
from units import size_short, size_text, times

WRITE_NOTE = ("+write is measured in cells of its own: where it costs less "
              "than the call alone, the allocator was in another state.")
# Of no allocator: these lines are of two of them.
RATIO_STYLES = (7, 5)


def ratio_values(data: DataSet, slice_: Slice,
                 touch: bool) -> list[list[tuple[int, float]]]:
    """vmalloc over kmalloc in stretches without a gap."""
    runs: list[list[tuple[int, float]]] = [[]]
    for size in data.sizes:
        k = data.pair(slice_, "kmalloc", size, touch)
        v = data.pair(slice_, "vmalloc", size, touch)
        if k and v:
            runs[-1].append((size, v / k))
        elif any((slice_, a, size) in data.states
                 for a in ("kmalloc", "vmalloc")):
            runs.append([])
    return [run for run in runs if run]


def approximate_size(size: float) -> str:
    """26734.2 -> 26.1 KiB."""
    for factor, name in ((2 ** 20, "MiB"), (2 ** 10, "KiB")):
        if size >= factor:
            return f"{size / factor:.1f} {name}"
    return f"{size:.0f} B"


def ratio(data: DataSet, slice_: Slice, prefix: str) -> Figure | None:
    """From which size on vmalloc is the better choice."""
    series = [("call alone", ratio_values(data, slice_, False))]
    touch_slice = data.base_slice(True)
    if touch_slice:
        series.append(("with first write",
                       ratio_values(data, touch_slice, True)))
    series = [(name, runs) for name, runs in series if runs]
    if not series:
        return None
    values = [r for _, runs in series for run in runs for _, r in run]
    plot = Plot("vmalloc as a multiple of kmalloc",
                size_scale(data.sizes),
                power_scale(min(values + [0.7]) / 1.5,
                            max(values + [1.5]) * 2.2), "size asked for",
                "alloc + free", [(n, i) for i, (n, _) in
                                 zip(RATIO_STYLES, series)])
    plot.box(plot.x.low, plot.x.high, plot.y.low, 1, "s2 shade")
    plot.rule(y=1)
    plot.words(plot.x.high, plot.y.high, "above 1: kmalloc is cheaper",
               "note end", -4, 16)
    plot.words(plot.x.low, plot.y.low, "below 1: vmalloc is cheaper",
               "note", 4, -8)
    for i, (name, runs) in zip(RATIO_STYLES, series):
        for run in runs:
            plot.path(run, i)
            for size, r in run:
                plot.point(size, r, i, f"{size_text(size)}, {name}: vmalloc "
                           f"costs {times(r)} times as much as kmalloc")
    found = list(map(int, data.sentences.get("crossings", "").split()))
    for where in found:
        plot.rule(x=where, css="rule dot")
        plot.words(where, plot.y.high, approximate_size(where), "note", 4, 34)
    alt = ("Ratio of the cost of vmalloc to kmalloc by size; "
           + data.sentences.get("crossover", ""))
    return Figure(f"{prefix}ratio", "kmalloc or vmalloc, by size",
                  "Medians of alloc plus free. " + (
                      "Crossover by interpolation: " + ", ".join(
                          approximate_size(s) for s in found) + "."
                      if found else "No crossover."),
                  [Panel(plot.svg(alt), alt)],
                  ratio_table(data, slice_, touch_slice))


def ratio_table(data: DataSet, slice_: Slice,
                touch_slice: Slice | None) -> Table:
    """Costs of both and the ratio."""
    rows = []
    head = ["size", "kmalloc", "vmalloc", "ratio"]
    if touch_slice:
        head += ["kmalloc+write", "vmalloc+write", "ratio+write"]
    for size in data.sizes:
        row = [size_short(size)]
        for where, touch in ((slice_, False), (touch_slice, True)):
            if where is None:
                continue
            k = data.pair(where, "kmalloc", size, touch)
            v = data.pair(where, "vmalloc", size, touch)
            row += [data.unit.text(k), data.unit.text(v),
                    times(v / k) if k and v else "-"]
        if any(cell != "-" for cell in row[1:]):
            rows.append(row)
    notes = ([WRITE_NOTE] if any(
        (alone := data.pair(slice_, name, size)) is not None
        and (more := data.pair(touch_slice, name, size, True)) is not None
        and more < alone for name in ("kmalloc", "vmalloc")
        for size in data.sizes) else []) if touch_slice else []
    return Table(f"alloc + free, medians, {data.unit.name}", head, rows,
                 set(), notes)
