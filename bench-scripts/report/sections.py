# SPDX-License-Identifier: GPL-2.0
"""The sections of a report, from its sets of results."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import comparison
import figures
import folklore
import overview
import spread
import sweeps
from dataset import DataSet, Slice
from doc import Bullets, Code, Para, Section, Table
from units import size_short, times

LANES = {"insn": "instruction lane", "time": "time lane"}
LIMITS = {
    "insn": "Instruction lane: one tick is one instruction of the guest, "
            "exact and repeatable. It is blind to cache and TLB misses, the "
            "cost of atomic operations and interrupts, and contention; "
            "rep stos counts every iteration, so clearing a page costs one "
            "instruction per byte. A harmless change of the boot can move a "
            "median by 2.5 %.",
    "time": "Time lane: real time of one machine. Every boot lays out memory "
            "anew, and medians differ from boot to boot by some percent: "
            "small effects need many boots. Times under plain emulation "
            "(accel=tcg) say nothing about hardware.",
}
LEAD = ("crossover", "ratio", "caution")
MORE = ("missing", "kvmalloc", "touch", "flags", "contexts", "patterns",
        "tail")
LONGEST_REASONS = 12
# What of the environment changes an answer, for the table of provenance.
IMPORTANT = (
    "arch kernel_cc module_cc preempt init_on_alloc init_on_free "
    "slub_debug_on kasan lockdep kfence_ms alloc_profiling random_kmalloc "
    "freelist_random memcg memcg_kmem indirect_thunks huge_vmalloc thp "
    "hypervisor accel qemu cpu cpus nodes mem_kib cmdline governor no_turbo "
    "boost smt isolated microcode taint date kernel_sha256 module_sha256"
    ).split()
SAID_ELSEWHERE = {"kernel", "lane", "command", "boot"}


@dataclass
class Inputs:
    """What a report is made of."""
    sets: list[DataSet]
    base: list[DataSet] = field(default_factory=list)
    verdict: dict[str, Any] | None = None
    refusal: str = ""
    explain: dict[str, Any] | None = None
    explain_dir: Path | None = None


def lane_name(data: DataSet) -> str:
    """For a heading."""
    return LANES.get(data.lane, f"lane {data.lane}")


def is_variation(first: DataSet, other: DataSet) -> bool:
    """The same kernel and lane, configured in another way."""
    return (first.kernel, first.lane) == (other.kernel, other.lane)


def answer(inputs: Inputs) -> Section:
    """One to three sentences, then the rest."""
    first = inputs.sets[0]
    section = Section("answer", "The answer")
    slice_ = first.base_slice()
    if inputs.verdict:
        section.blocks.append(Para(comparison.summary(
            inputs.base[0], first, inputs.verdict), "answer"))
    lead = [first.sentences[n] for n in LEAD if n in first.sentences]
    if not lead:
        lead = [first.sentences.get("tail", "Nothing was measured.")]
    section.blocks.append(Para(" ".join(lead), "answer"))
    rest = [first.sentences[n] for n in MORE if n in first.sentences
            and first.sentences[n] not in lead]
    for other in inputs.sets[1:]:
        if not is_variation(first, other):
            rest += [f"{lane_name(other).capitalize()}: {other.sentences[n]}"
                     for n in LEAD if n in other.sentences]
    if rest:
        section.blocks.append(Bullets(rest))
    section.blocks += warnings(inputs)
    if slice_:
        section.blocks.append(figures.summary(first, slice_))
    lanes = list(dict.fromkeys(d.lane for d in inputs.sets + inputs.base))
    section.blocks += [Para(LIMITS.get(lane, f"Lane {lane}."), "note")
                       for lane in lanes]
    return section


def warnings(inputs: Inputs) -> list[Para]:
    """What did not go well, said before any number is read."""
    out = []
    if inputs.refusal:
        out.append(Para("Not compared with the base: " + inputs.refusal,
                        "warn"))
    for data in inputs.sets + inputs.base:
        for file, state in data.ends.items():
            if state != "done":
                out.append(Para(f"The run of {Path(file).name} "
                                f"({data.kernel}) ended as {state}: later "
                                "cells are missing.", "warn"))
        bad = {s: n for s, n in data.cell_states.items() if s != "ok"}
        total = sum(data.cell_states.values())
        if bad:
            counts = ", ".join(f"{n} {s}" for s, n in sorted(bad.items()))
            out.append(Para(f"{total - sum(bad.values())} of {total} cells "
                            f"of {data.kernel} are complete; {counts}. "
                            "Reasons stand under Cells that are not whole.",
                            "warn"))
        limited: dict[str, list[str]] = {}
        for key, point in data.points.items():
            names = limited.setdefault(key.op, [])
            if (point.limited and point.n and key.alloc not in names
                    and key.alloc not in figures.REFERENCES):
                names.append(key.alloc)
        shown = "; ".join(f"{op} of {', '.join(names)}"
                          for op, names in limited.items() if names)
        if shown:
            out.append(Para("Clock-limited (median below 3 times the clock's "
                            f"own cost of {data.overhead:g} ticks): {shown}; "
                            "marked * in tables and hollow in pictures.",
                            "warn" if limited.get("alloc")
                            or limited.get("free") else "note"))
    return out


def chapter(data: DataSet, prefix: str, several: bool) -> list[Section]:
    """All pictures of one set."""
    tail = f", {lane_name(data)}" if several else ""
    slice_ = data.base_slice()
    if slice_ is None:
        return [Section(f"{prefix}empty", "No pictures" + tail, [
            Para("No cell of this result has enough samples for a median.",
                 "warn")])]
    found = [
        ("cost", figures.latency(data, slice_, prefix)),
        ("order", figures.ratio(data, slice_, prefix)),
        ("all", overview.overview(data, slice_, prefix)),
        ("heatmap", spread.heat(data, slice_, prefix)),
        ("scaling", sweeps.scaling(data, prefix)),
        ("depth", sweeps.live_objects(data, prefix)),
        ("usable", sweeps.waste(data, prefix)),
    ]
    out = [Section(prefix + name, figure.title + tail, [figure])
           for name, figure in found if figure]
    groups = [f for size in spread.sizes_to_show(data, slice_)
              if (f := spread.distribution(data, slice_, size, prefix))]
    if groups:
        out.insert(min(2, len(out)), Section(
            prefix + "spread", "How the calls are spread" + tail,
            [*groups]))
    touch_slice = data.base_slice(True)
    if touch_slice:
        touch = figures.latency(data, touch_slice, prefix,
                                ("touch", "retouch"))
        if touch:
            touch.title = "What the first and second write cost"
            out.insert(min(2, len(out)), Section(
                prefix + "touch", touch.title + tail, [touch]))
    others = other_ways(data, slice_)
    if others:
        out.append(Section(prefix + "ways", "Other ways to call" + tail,
                           [others]))
    return out


def other_ways(data: DataSet, base: Slice) -> Table | None:
    """Flags, contexts, patterns and CPUs against the usual way."""
    unit = data.unit
    rows = []
    for slice_ in data.slices:
        changed = [f"{value}" if name != "cpus" else f"CPU {value}"
                   for name, value, usual in zip(slice_._fields, slice_, base)
                   if value != usual]
        for alloc in data.allocs:
            for size in data.sizes if changed else []:
                cost = data.pair(slice_, alloc, size)
                usual_cost = data.pair(base, alloc, size)
                if cost is not None and usual_cost:
                    rows.append([", ".join(changed), alloc, size_short(size),
                                 unit.text(usual_cost), unit.text(cost),
                                 times(cost / usual_cost)])
    if not rows:
        return None
    return Table(f"alloc + free, medians, {unit.name}; usual: {base.words()}",
                 ["changed", "allocator", "size", "usual", "changed cost",
                  "times"], rows, {0, 1}, long=len(rows) > 12)


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
    return Section("cells", "Cells that are not whole", [Table(
        "Nothing is drawn where there is no sample", [
            "kernel", "state", "reason", "cells"], rows, {0, 1, 2, 3})])


def slow_ones(data: DataSet) -> Section | None:
    """What counters saw where the samples above p99 were taken."""
    causes = list(dict.fromkeys(
        name for counts in data.tails.values() for name in counts
        if name != "chunks"))
    rows = [[key.alloc, size_short(key.size), key.op, *ways(key.slice),
             f"{counts.get('chunks', 0):,}",
             *(f"{counts.get(cause, 0):,}" for cause in causes)]
            for key, counts in data.tails.items()]
    if not rows:
        return None
    return Section("slow", "Why were those so slow?", [
        Para("Samples are taken in chunks. Of the chunks that hold a sample "
             "above p99, so many saw this happen between their ends; a chunk "
             "may have several causes, and what no counter proves is "
             "unexplained."),
        Table("Chunks with samples above p99, by cause",
              ["allocator", "size", "op", "how", "chunks", *causes], rows,
              {0, 2, 3}, long=len(rows) > 12)])


def ways(slice_: Slice) -> list[str]:
    """Flags, context and pattern in one cell."""
    return [", ".join((slice_.flags, slice_.context, slice_.pattern))]


def facts(data: DataSet) -> Section:
    """The folklore table."""
    return Section("folklore", "What people say", [folklore.table(data)])


def variations(inputs: Inputs) -> Section | None:
    """The waterfall over results of one kernel, configured differently."""
    first = inputs.sets[0]
    same = [d for d in inputs.sets if is_variation(first, d)]
    figure = sweeps.waterfall(labelled(same), "")
    return Section("switches", figure.title, [figure]) if figure else None


SWITCHES = ("init_on_alloc", "init_on_free", "slub_debug_on", "memcg_kmem",
            "kasan", "lockdep", "debug_pagealloc", "alloc_profiling")


def labelled(sets: Sequence[DataSet]) -> list[tuple[str, DataSet]]:
    """Sets named by the words and switches in which they differ."""
    first = sets[0]
    old = set(" ".join(first.meta.get("cmdline", [])).split())
    out = [("as it is", first)]
    for data in sets[1:]:
        new = " ".join(data.meta.get("cmdline", [])).split()
        changed = [w for w in new if w not in old]
        changed += [word for key in SWITCHES if key in data.meta
                    and first.meta.get(key) != data.meta[key]
                    and (word := f"{key}={data.meta[key][0]}") not in changed]
        out.append((" ".join(changed) or "again", data))
    return out


def provenance(inputs: Inputs) -> Section:
    """Where the numbers come from, and how to get them again."""
    section = Section("provenance", "Where this comes from")
    for data in inputs.sets + inputs.base:
        rows = [["kernel", data.kernel], ["lane", lane_name(data)],
                ["clock", " ".join(f"{k}={v}"
                                   for k, v in data.clock.items())],
                ["cost of the clock", f"{data.overhead:g} ticks, taken off"],
                ["result files", data.about.get("files", "?")],
                ["boots", boots_of(data)], ["noise", noise_of(data)]]
        known = [k for k in IMPORTANT if k in data.meta]
        rest = sorted(set(data.meta) - set(known) - SAID_ELSEWHERE)
        rows += [[key, "; ".join(data.meta[key][:4])] for key in known]
        section.blocks.append(Table(
            f"{data.kernel}, {lane_name(data)}", ["what", "value"], rows,
            {0, 1}, long=data is not inputs.sets[0]))
        if rest:
            section.blocks.append(Table(
                "Everything else that the results say of the machine",
                ["what", "value"],
                [[key, "; ".join(data.meta[key][:4])] for key in rest],
                {0, 1}, long=True))
        section.blocks.append(Para("To measure the same again:"))
        section.blocks.append(Code(reproduce(data)))
    section.blocks.append(Para(
        "Percentiles are taken from histograms merged by adding counts, "
        "never averaged, and shown only where at least 10 samples lie beyond "
        "them. Values are net of the clock's own cost.", "note"))
    return section


def boots_of(data: DataSet) -> str:
    """How many boots, as the results themselves say."""
    most = max((p.boots for p in data.points.values()), default=0)
    return f"{most} (one boot covers one layout of memory)" \
        if most == 1 else str(most)


def noise_of(data: DataSet) -> str:
    """Spread of the medians over the boots."""
    spans = [(high - low) / low for p in data.points.values()
             if p.boots > 1 and (low := p.p50_low) and (high := p.p50_high)]
    if not spans:
        return "not known: needs more than one boot"
    spans.sort()
    return (f"medians differ between boots by {100 * spans[-1]:.1f} % at "
            f"worst, {100 * spans[len(spans) // 2]:.1f} % in the middle")


def reproduce(data: DataSet) -> str:
    """The command of the result, or the parameter lines."""
    commands = data.meta.get("command", [])
    if commands:
        return "\n".join(plainly_quoted(c) for c in commands)
    return "\n".join(f"echo '{line}' > /sys/kernel/debug/kallocbench/run"
                     for line in data.params) or "nothing was run"


def plainly_quoted(command: str) -> str:
    """The same command with quotes only where a shell needs them."""
    try:
        return shlex.join(shlex.split(command))
    except ValueError:
        return command
