# SPDX-License-Identifier: GPL-2.0
"""Latency by size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dataset import DataSet, Key, Point, Slice
from doc import Figure, Panel, Table
from svgdraw import Plot, log_scale, size_scale, styles
from units import size_short, size_text, times

MOST_DRAWN = 6
PATTERNS = {
    "pair": "each object is freed at once, the hottest path there is",
    "batch": "depth= objects are allocated, then all of them freed",
    "churn": "depth= objects live, a random one is replaced each time",
    "remote": "each object is freed on another CPU than it came from",
    "cold": "as pair, with the caches evicted before each",
    "fragmented": "as pair, with part of the free memory pinned in pieces",
    "exhaust": "allocated until memory is used up, then all of it freed"}
REFERENCES = ("null", "delay", "control")
FIRST = ("kmalloc", "kzalloc", "kvmalloc", "vmalloc")
OP_TITLES = {"alloc": "allocate", "free": "free", "touch": "first write",
             "retouch": "second write", "pair": "allocate + free"}
KEY = ("Line: median. Band: p1 to p99, where a percentile has 10 samples "
       "beyond it. Hollow: clock-limited. A missing or failed cell is a gap.")


def drawn_allocs(data: DataSet, slice_: Slice) -> list[str]:
    """Which allocators go into a picture: the well-known, then the others."""
    there = [a for a in data.allocs if a not in REFERENCES and any(
        data.pair(slice_, a, size) is not None for size in data.sizes)]
    known = [a for a in FIRST if a in there]
    if len(known) >= 3:
        return known
    return (known + [a for a in there if a not in known])[:MOST_DRAWN]


def stretches(data: DataSet, slice_: Slice, alloc: str,
              op: str) -> Iterator[list[Point]]:
    """Points that a line may join: a cell without a value ends a stretch."""
    run: list[Point] = []
    for size in data.sizes:
        point = data.points.get(Key(slice_, alloc, size, op))
        if point and point.p50:
            run.append(point)
        elif (slice_, alloc, size) in data.states and run:
            yield run
            run = []
    if run:
        yield run


def tip_of(data: DataSet, point: Point) -> str:
    """What shows when a point is hovered."""
    unit = data.unit
    parts = [f"{point.key.alloc} {size_text(point.key.size)}, "
             f"{OP_TITLES.get(point.key.op, point.key.op)}: "
             f"median {unit.text(point.p50)} {unit.name}"]
    parts += [f"{name} {unit.text(value)}" for name in ("p1", "p99", "max")
              if (value := point.figures[name]) is not None]
    parts.append(f"{point.n:,} samples")
    if point.limited:
        parts.append("clock-limited")
    if point.state != "ok":
        parts.append(f"{point.state}: {point.reason}")
    return ", ".join(parts)


def latency_panel(data: DataSet, slice_: Slice, names: Sequence[str],
                  op: str, values: Sequence[float]) -> Panel:
    """One op of every allocator by size."""
    unit = data.unit
    style = styles(names)
    plot = Plot(OP_TITLES.get(op, op), size_scale(data.sizes),
                log_scale(values), "size asked for", f"{unit.name} per call",
                [(name, style[name]) for name in names])
    for name in names:
        for run in stretches(data, slice_, name, op):
            for band in bands(data, run):
                plot.band(band, style[name])
    for name in names:
        for run in stretches(data, slice_, name, op):
            plot.path([(p.key.size, unit.value(p.p50 or 0)) for p in run],
                      style[name])
            for p in run:
                plot.point(p.key.size, unit.value(p.p50 or 0), style[name],
                           tip_of(data, p), p.limited)
    alt = (f"{plot.title} by size for {', '.join(names)}; "
           "the values are in the table below")
    return Panel(plot.svg(alt), alt)


def bands(data: DataSet,
          run: Sequence[Point]) -> Iterator[list[tuple[float, float, float]]]:
    """Parts of a stretch where both p1 and p99 are known."""
    part: list[tuple[float, float, float]] = []
    for point in run:
        if point.p1 is not None and point.p99 is not None:
            part.append((point.key.size, data.unit.value(point.p1),
                         data.unit.value(point.p99)))
        elif part:
            yield part
            part = []
    if part:
        yield part


def op_values(data: DataSet, slice_: Slice, names: Sequence[str],
              ops: Sequence[str]) -> list[float]:
    """All values that an axis must hold."""
    found = [point.figures[q] for (s, a, _, op), point in data.points.items()
             if s == slice_ and a in names and op in ops
             for q in ("p1", "p50", "p99")]
    return [data.unit.value(v) for v in found if v]


def latency(data: DataSet, slice_: Slice, prefix: str,
            ops: Sequence[str] = ("alloc", "free")) -> Figure | None:
    """The first picture of a report."""
    names = drawn_allocs(data, slice_)
    if all((slice_, a, s, "pair") not in data.points
           for a in names for s in data.sizes):
        wanted = [op for op in ops
                  if op_values(data, slice_, names, [op])]
    else:
        wanted = ["pair"]
    values = op_values(data, slice_, names, wanted)
    if not values or not wanted:
        return None
    panels = [latency_panel(data, slice_, names, op, values)
              for op in wanted]
    left_out = [a for a in data.allocs if a not in names
                and a not in REFERENCES and not all(
                    data.pair(slice_, a, s) is None for s in data.sizes)]
    note = (f" Not drawn, but in the table: {', '.join(left_out)}."
            if left_out else "")
    return Figure(f"{prefix}latency-{wanted[0]}", "What one call costs",
                  f"{slice_.words()}.{note}", panels,
                  latency_table(data, slice_, names + left_out, wanted),
                  key=KEY)


def latency_table(data: DataSet, slice_: Slice, names: Sequence[str],
                  ops: Sequence[str]) -> Table:
    """Every number of the pictures, and the ones that would not fit."""
    unit = data.unit
    rows = []
    marks = set()
    for name in names:
        for size in data.sizes:
            for op in ops:
                point = data.points.get(Key(slice_, name, size, op))
                if not point or point.n == 0:
                    continue
                flag = "*" if point.limited else ""
                marks |= {flag}
                rows.append([name, size_short(size), op] + [
                    unit.text(point.figures[q]) + (flag if q == "p50" else "")
                    for q in ("min", "p50", "p90", "p99", "p999", "max")])
            rows += state_row(data, slice_, name, size)
    notes = (["* clock-limited: median below 3 times the clock's own cost; "
              "timing=batch measures it."] if "*" in marks else [])
    notes += data.per_object(names)
    return Table(f"Cost by size, {unit.name} per call",
                 ["allocator", "size", "op", "min", "p50", "p90", "p99",
                  "p99.9", "max"], rows, {0, 2}, notes, len(rows) > 12)


def state_row(data: DataSet, slice_: Slice, name: str,
              size: int) -> list[list[str]]:
    """A row that says why a cell has no samples."""
    state, reason = data.states.get((slice_, name, size), ("ok", ""))
    empty = all(not p.n for op in ("alloc", "free", "pair", "-")
                if (p := data.points.get(Key(slice_, name, size, op))))
    if state == "ok" or not empty:
        return []
    return [[name, size_short(size), f"{state}: {reason}"] + [""] * 6]


def summary(data: DataSet, slice_: Slice) -> Table:
    """The one table that a mail should carry: size against allocator."""
    names = drawn_allocs(data, slice_)[:4]
    both = {"kmalloc", "vmalloc"} <= set(names)
    names.sort(key=lambda n: both and n not in ("kmalloc", "vmalloc"))
    rows = []
    marks = set()
    for size in data.sizes:
        row = [size_short(size)]
        for name in names:
            flag = "*" if data.limited(slice_, name, size) else ""
            cost = data.pair(slice_, name, size)
            marks |= {flag} if cost is not None else {"-"}
            row.append(data.unit.text(cost) + (flag if cost is not None
                                               else ""))
        if not any(cell != "-" for cell in row[1:]):
            continue
        k = data.pair(slice_, "kmalloc", size)
        v = data.pair(slice_, "vmalloc", size)
        rows.append(row[:3] + ([times(v / k) if k and v else "-"]
                               if both else []) + row[3:])
    notes = [text for flag, text in (
        ("*", "* clock-limited: below 3 times the clock's own cost."),
        ("-", "- no median: not in the plan, skipped, failed, aborted or too "
              "few samples.")) if flag in marks]
    notes += data.per_object(names)
    if both:
        notes.append("ratio: vmalloc/kmalloc.")
    if slice_.pattern in PATTERNS:
        notes.append(f"pattern {slice_.pattern}: "
                     f"{PATTERNS[slice_.pattern]}.")
    return Table(f"alloc + free, medians, {data.unit.name}; "
                 f"{slice_.words()}",
                 ["size", *names[:2], *["ratio"] * both, *names[2:]],
                 rows, set(), notes)
