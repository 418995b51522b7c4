# SPDX-License-Identifier: GPL-2.0
"""The head of a report: the answer, what went wrong, what it cannot say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import comparison
import figures
import sweeps
import switches
from dataset import DataSet
from doc import Bullets, Para, Section
from inputs import Inputs, is_variation, lane_name

LIMITS = {
    "insn": "Instruction lane: one tick is one instruction of the guest, "
            "exact and repeatable. It is blind to cache and TLB misses, the "
            "cost of atomic operations and interrupts, and contention; "
            "rep stos counts every iteration, so clearing a page costs one "
            "instruction per byte. A harmless change of the boot moves the "
            "medians of long paths: ci.sh measures by how much.",
    "time": "Time lane: real time of one machine. Every boot lays out memory "
            "anew, and medians differ from boot to boot by some percent: "
            "small effects need many boots. Times under plain emulation "
            "(accel=tcg) say nothing about hardware.",
}
LEAD = ("warning", "crossover", "ratio", "caution")
MORE = ("missing", "kvmalloc", "touch", "flags", "contexts", "patterns",
        "tail")


def section(inputs: Inputs) -> Section:
    """One to three sentences, then the rest."""
    first = inputs.sets[0]
    out = Section("answer", "The answer")
    slice_ = first.base_slice()
    if inputs.verdict:
        out.blocks += [
            Para(comparison.summary(inputs.base[0], first, inputs.verdict),
                 "answer"),
            Para("Medians of alloc plus free against "
                 f"{inputs.base[0].kernel}, judged or not:"),
            Bullets(comparison.changes(inputs.base[0], first, slice_))]
    lead = [first.sentences[n] for n in LEAD if n in first.sentences]
    if not set(LEAD[1:]) & set(first.sentences):
        lead.append(first.sentences.get("tail", "Nothing was measured."))
    whose = f"{first.kernel}: " if inputs.base else ""
    out.blocks.append(Para(whose + " ".join(lead), "answer"))
    rest = more(inputs, lead)
    if rest:
        out.blocks.append(Bullets(rest))
    out.blocks += warnings(inputs)
    if slice_:
        table = figures.summary(first, slice_)
        table.caption = whose + table.caption
        out.blocks.append(table)
    lanes = list(dict.fromkeys(d.lane for d in inputs.sets + inputs.base))
    out.blocks += [Para(LIMITS.get(lane, f"Lane {lane}."), "note")
                   for lane in lanes]
    return out


def more(inputs: Inputs, said: Sequence[str]) -> list[str]:
    """What a reader may want to know next."""
    first = inputs.sets[0]
    out = [first.sentences[n] for n in MORE if n in first.sentences
           and first.sentences[n] not in said]
    out += sweeps.far_ends(first) + switches.sentences(inputs)
    others = [(d.kernel, d) for d in inputs.base[:1]]
    others += [(lane_name(d).capitalize(), d) for d in inputs.sets[1:]
               if not is_variation(first, d)]
    return out + [f"{whose}: {d.sentences[n]}" for whose, d in others
                  for n in LEAD if n in d.sentences]


def warnings(inputs: Inputs) -> list[Para]:
    """What did not go well, said before any number is read."""
    out = []
    if inputs.refusal:
        out.append(Para("Not compared with the base: " + inputs.refusal,
                        "warn"))
    out += [Para(f"Left out: {fault}.", "warn") for fault in inputs.faults]
    for data in inputs.sets + inputs.base:
        for file, state in data.ends.items():
            if state != "done":
                out.append(Para(f"The run of {Path(file).name} "
                                f"({data.kernel}) ended as {state}: later "
                                "cells have no samples.", "warn"))
        bad = {s: n for s, n in data.cell_states.items() if s != "ok"}
        total = sum(data.cell_states.values())
        if bad:
            counts = ", ".join(f"{n} {s}" for s, n in sorted(bad.items()))
            out.append(Para(f"{total - sum(bad.values())} of {total} cells "
                            f"of {data.kernel} are complete; {counts}. "
                            "Reasons stand under Cells that are not whole.",
                            "warn"))
    return out + clock_limited(inputs)


def clock_limited(inputs: Inputs) -> list[Para]:
    """What costs little more than the clock, alike results together."""
    whose: dict[str, list[str]] = {}
    kind = "note"
    for data in inputs.sets + inputs.base:
        limited: dict[str, list[str]] = {}
        for key, point in data.points.items():
            names = limited.setdefault(key.op, [])
            if (point.limited and point.n and key.alloc not in names
                    and key.alloc not in figures.REFERENCES):
                names.append(key.alloc)
        shown = "; ".join(f"{op} of {', '.join(names)}"
                          for op, names in limited.items() if names)
        if shown:
            whose.setdefault(shown, []).append(which(inputs, data))
        if limited.get("alloc") or limited.get("free"):
            kind = "warn"
    return [Para(f"Clock-limited{' and'.join(dict.fromkeys(names))}: {shown}. "
                 "Their medians are below 3 times what reading the clock "
                 "costs; marked * in tables and hollow in pictures.", kind)
            for shown, names in whose.items()]


def which(inputs: Inputs, data: DataSet) -> str:
    """Of which results a sentence speaks, where there are several."""
    every = inputs.sets + inputs.base
    names = [d.kernel for d in every]
    if len(set(names)) > 1:
        return f" on {data.kernel}"
    if len({d.lane for d in every}) > 1:
        return f" in the {lane_name(data)}"
    return ""
