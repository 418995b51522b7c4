# SPDX-License-Identifier: GPL-2.0
"""What switches cost: results of one kernel, configured differently."""

from __future__ import annotations

from collections.abc import Sequence

from dataset import DataSet, Slice
from doc import Figure, Panel, Section, Table
from figures import drawn_allocs
from inputs import Inputs, is_variation
from svgdraw import Plot, Scale, linear_scale, styles
from sweeps import span
from units import size_short, size_text

ALLOCS = ("kmalloc", "vmalloc")
SIZES = (64, 4096, 65536)
LABEL_LEFT = 14.0
LABEL_LONGEST = 52
SWITCHES = ("init_on_alloc", "init_on_free", "slub_debug_on", "memcg_kmem",
            "charged", "kasan", "lockdep", "debug_pagealloc",
            "alloc_profiling")
CHARGED = {"0": "nobody charged", "1": "charged to a memcg",
           "some": "charged in some cells"}
KEY = ("Pale: the cost in the first row. Full colour: what is added, or, in "
       "green, saved.")


def command_line(data: DataSet) -> list[str]:
    """Words of the kernel's command line, each once."""
    return list(dict.fromkeys(" ".join(data.meta.get("cmdline", [])).split()))


def labelled(inputs: Inputs) -> list[tuple[str, DataSet]]:
    """Sets of the first kernel, by the words in which they differ."""
    first = inputs.sets[0]
    others = [d for d in inputs.sets[1:] if is_variation(first, d)]
    old = command_line(first)
    kept = [w for w in old
            if any(w not in command_line(other) for other in others)]
    out = [(" ".join(["plain", *(f"({word})" for word in kept)]), first)]
    for data in others:
        changed = [w for w in command_line(data) if w not in old]
        changed += [word for key in SWITCHES if key in data.meta
                    and first.meta.get(key) != data.meta[key]
                    and (word := f"{key}={data.meta[key][0]}") not in changed]
        out.append((" ".join(changed) or "again", data))
    return out


def steps(sets: Sequence[tuple[str, DataSet]],
          base: Slice) -> list[tuple[str, DataSet, Slice]]:
    """What to draw: each configuration, and accounting in the first."""
    first = sets[0][1]
    out = [(label, data, base) for label, data in sets]
    return out + [(f"__GFP_ACCOUNT, {whom(data)}", data, slice_)
                  for data in (data for _, data in sets)
                  for slice_ in data.slices if "ACCOUNT" in slice_.flags
                  and slice_._replace(flags=base.flags) == base
                  and (data is first or differs(first, data))]


def whom(data: DataSet) -> str:
    """Whom __GFP_ACCOUNT charged; older results do not say."""
    return CHARGED.get(" ".join(data.meta.get("charged", [])),
                       "whether charged is not known")


def differs(first: DataSet, other: DataSet) -> bool:
    """Was somebody else charged?"""
    return whom(first) != whom(other)


def difference(data: DataSet, first: float, cost: float) -> str:
    """What is more, or '~' where that is no more than a boot moves."""
    if data.same(first, cost):
        return "~"
    return f"{data.unit.value(cost - first):+,.0f}"


def sentences(inputs: Inputs) -> list[str]:
    """What each switch does to the usual costs."""
    sets = labelled(inputs)
    first = sets[0][1]
    slice_ = first.base_slice()
    out = []
    for label, data, where in steps(sets, slice_) if slice_ else []:
        assert slice_
        if data is first:
            continue
        parts = []
        for alloc in drawn_allocs(first, slice_):
            found = sorted((cost / usual, size) for size in first.sizes
                           if (usual := first.pair(slice_, alloc, size))
                           and (cost := data.pair(where, alloc, size)))
            if found and max(found[-1][0], 1 / found[0][0]) <= (
                    1 + first.tolerance / 100):
                parts.append(f"{alloc} costs the same (within "
                             f"{first.tolerance:g} %)")
            elif found:
                parts.append(f"{alloc} costs {span(found[0], found[-1])} as "
                             "much")
        if parts:
            out.append(f"With {label}: {'; '.join(parts)}.")
    return out


def section(inputs: Inputs) -> Section | None:
    """The waterfall: one thing switched on at a time."""
    sets = labelled(inputs)
    base = sets[0][1]
    slice_ = base.base_slice()
    if slice_ is None:
        return None
    switched = steps(sets, slice_)
    panels, rows = [], []
    for alloc in ALLOCS:
        for size in SIZES:
            costs = [(label, cost) for label, data, where in switched
                     if (cost := data.pair(where, alloc, size)) is not None]
            if len(costs) < 2 or base.pair(slice_, alloc, size) is None:
                continue
            panels.append(waterfall_panel(base, alloc, size, costs))
            first = costs[0][1]
            rows += [[f"{alloc} {size_short(size)}", label,
                      base.unit.text(cost),
                      difference(base, first, cost) if i else ""]
                     for i, (label, cost) in enumerate(costs)]
    if not panels:
        return None
    note = (f"~: the same within {base.tolerance:g} %, as much as a boot may "
            "move by itself.")
    figure = Figure(
        "waterfall", "What each switch adds per call",
        "alloc + free, medians; each step alone against the first row, not "
        "on top of the one before.", panels,
        Table(f"alloc + free, medians, {base.unit.name}",
              ["cell", "with", "cost", "more"], rows, {0, 1}, [note]),
        key=KEY)
    return Section("switches", figure.title, [figure])


def waterfall_panel(base: DataSet, alloc: str, size: int,
                    costs: Sequence[tuple[str, float]]) -> Panel:
    """Bars from the plain cost to the cost with a switch."""
    unit = base.unit
    top = max(unit.value(c) for _, c in costs) * 1.3
    plot = Plot(f"{alloc} {size_text(size)}", linear_scale(0, top),
                Scale(0, len(costs), False, []), unit.name, "", [],
                90 + 46.0 * len(costs))
    plot.x.start = LABEL_LEFT
    style = styles([alloc])[alloc]
    first = costs[0][1]
    for i, (label, cost) in enumerate(costs):
        y = len(costs) - i - 1
        plot.box(0, unit.value(first), y + 0.12, y + 0.5,
                 f"s{style} bar")
        if i and not base.same(first, cost):
            plot.box(unit.value(min(first, cost)),
                     unit.value(max(first, cost)), y + 0.12, y + 0.5,
                     "s2 solid pt" if cost > first else "s3 solid pt",
                     f"{label}: {unit.value(cost - first):+,.0f} {unit.name}")
        text = unit.text(cost) + (
            f" ({difference(base, first, cost)})" if i else "")
        if len(label) + len(text) > LABEL_LONGEST:
            label = label[:LABEL_LONGEST - len(text) - 3] + "..."
        plot.words(0, y + 0.66, f"{label}: {text}", "key", 2)
    alt = (f"Cost of {alloc} at {size_text(size)} with "
           + ", ".join(label for label, _ in costs))
    return Panel(plot.svg(alt), alt)
