# SPDX-License-Identifier: GPL-2.0
"""The sections of a report, from its sets of results."""

from __future__ import annotations

from dataclasses import replace

import figures
import folklore
import overview
import ratio
import spread
import sweeps
from dataset import DataSet, Slice
from doc import Figure, Para, Section, Table
from inputs import Inputs, lane_name
from units import size_short

LONGEST_REASONS = 12


def chapter(data: DataSet, prefix: str, several: bool) -> list[Section]:
    """All pictures of one set."""
    tail = f", {lane_name(data)}" if several else ""
    slice_ = data.base_slice()
    if slice_ is None:
        return [Section(f"{prefix}empty", "No pictures" + tail, [
            Para("No cell of this result has enough samples for a median.",
                 "warn")])]
    touch = written(data, prefix)
    groups = [f for size in spread.sizes_to_show(data, slice_)
              if (f := spread.distribution(data, slice_, size, prefix))]
    one = [("cost", figures.latency(data, slice_, prefix)),
           ("order", ratio.ratio(data, slice_, prefix)),
           ("touch", touch),
           ("all", overview.overview(data, slice_, prefix)),
           ("heatmap", spread.heat(data, slice_, prefix)),
           ("usable", sweeps.waste(data, prefix))]
    out = [Section(prefix + name, figure.title + tail, [figure])
           for name, figure in one if figure]
    out.insert(min(len(out), 2 + bool(touch)), Section(
        prefix + "spread", "How the calls are spread" + tail, [*groups]))
    out[1:1] = [Section(prefix + name, kind.title + tail,
                        [*sweeps.sweeps(data, kind, prefix)])
                for name, kind in (("scaling", sweeps.CPUS),
                                   ("depth", sweeps.LIVE))]
    others = other_ways(data, slice_)
    return [section for section in out if section.blocks] + (
        [Section(prefix + "ways", "Other ways to call" + tail, [others])]
        if others else [])


def written(data: DataSet, prefix: str) -> Figure | None:
    """The picture of the first and second write."""
    slice_ = data.base_slice(True)
    figure = slice_ and figures.latency(data, slice_, prefix,
                                        ("touch", "retouch"))
    if not figure:
        return None
    return replace(figure, title="What the first and second write cost")


def other_ways(data: DataSet, base: Slice) -> Table | None:
    """Flags, contexts, patterns and CPUs against the usual way."""
    unit = data.unit
    rows = []
    plain = base._replace(variant="-")
    base = plain if plain in data.slices else base
    drawn = sweeps.drawn(data, base)
    for slice_ in data.slices:
        changed = [f"{value}" if name != "cpus" else f"CPU {value}"
                   for name, value, usual in zip(slice_._fields, slice_, base)
                   if value != usual]
        if "touch=" in slice_.variant or slice_ in drawn:
            continue
        for alloc in data.allocs:
            for size in data.sizes if changed else []:
                cost = data.pair(slice_, alloc, size)
                usual_cost = data.pair(base, alloc, size)
                if cost is not None and usual_cost:
                    rows.append([", ".join(changed), alloc, size_short(size),
                                 unit.text(usual_cost), unit.text(cost),
                                 data.multiple(usual_cost, cost)])
    if not rows:
        return None
    return Table(f"alloc + free, medians, {unit.name}; usual: {base.words()}",
                 ["changed", "allocator", "size", "usual", "changed cost",
                  "times"], rows, {0, 1},
                 [f"~: the same within {data.tolerance:g} %."],
                 len(rows) > 12)


def not_whole(inputs: Inputs) -> Section | None:
    """Every cell that is not ok, by reason."""
    rows = []
    for data in inputs.sets + inputs.base:
        for (state, reason), cells in sorted(data.reasons.items()):
            names = list(dict.fromkeys(cells))
            shown = ", ".join(names[:LONGEST_REASONS])
            if len(names) > LONGEST_REASONS:
                shown += f", and {len(names) - LONGEST_REASONS} more"
            rows.append([data.kernel, state, reason, shown])
        for label, count in sorted(data.failures.items()):
            rows.append([data.kernel, "fail", f"{count:,} allocations "
                         "returned NULL and are no samples", label])
    if not rows:
        return None
    head = ["kernel", "state", "reason", "cells"]
    if len({data.kernel for data in inputs.sets + inputs.base}) == 1:
        head, rows = head[1:], [row[1:] for row in rows]
    return Section("cells", "Cells that are not whole", [Table(
        "Nothing is drawn where there is no sample", head, rows,
        set(range(len(head))))])


def is_blamed(counts: dict[str, int], cause: str) -> bool:
    """In most rounds and boots: in one of many it is by chance."""
    return 2 * counts.get("blamed " + cause, 0) > counts["lines"]


def slow_share(counts: dict[str, int], cause: str) -> str:
    """Of the slow chunks, and of all: one alone says nothing."""
    if not is_blamed(counts, cause):
        return "-"
    return (f"{100 * counts[cause] / counts['chunks']:.0f} % (of all "
            f"{100 * counts['all_' + cause] / counts['of']:.0f} %)")


def slow_ones(data: DataSet) -> Section | None:
    """What counters saw where the slowest samples were taken."""
    if not data.tails:
        return None
    causes = list(dict.fromkeys(
        name.removeprefix("all_") for counts in data.tails.values()
        for name in counts if name.startswith("all_")
        and is_blamed(counts, name.removeprefix("all_"))))
    whole = {name: sum(counts[name] for counts in data.tails.values())
             for name in ("chunks", "of", "unexplained", "unseen")}
    rows = [[key.alloc, size_short(key.size), key.op, *ways(key.slice),
             f"{counts['chunks']:,}", f"{counts['of']:,}",
             *(slow_share(counts, cause) for cause in causes),
             f"{counts['unexplained']:,}"]
            for key, counts in data.tails.items()]
    return Section("slow", "Why were the slowest calls so slow?", [
        Para("Samples are taken in chunks, and counters of the kernel are "
             f"read between these. Of {whole['of']:,} chunks "
             f"{whole['chunks']:,} hold a sample above p99.9 (p99 where "
             "there are few samples). A cause is named where these have it "
             "more often than all do, by more than chance: "
             f"{', '.join(causes) or 'none'}. {whole['unexplained']:,} have "
             "none of those named."
             + (f" {whole['unseen']:,} more chunks were too many to "
                "remember." if whole["unseen"] else "")),
        Table("Chunks with the slowest samples, by cause",
              ["allocator", "size", "op", "how", "chunks", "of", *causes,
               "unexplained"], rows, {0, 2, 3}, [], len(rows) > 12)])


def ways(slice_: Slice) -> list[str]:
    """Flags, context and pattern in one cell."""
    return [", ".join((slice_.flags, slice_.context, slice_.pattern))]


def facts(data: DataSet) -> Section:
    """The folklore table."""
    return Section("folklore", "What people say", [folklore.table(data)])
