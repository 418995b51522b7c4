# SPDX-License-Identifier: GPL-2.0
"""Common claims about the allocators against what was measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from dataset import DataSet, Row
from doc import Table
from units import grouped, size_short, size_text, times

TRUE, FALSE, DEPENDS, OPEN = "true", "false", "it depends", "not measured"


class Finding(NamedTuple):
    """What was measured, and what that makes of the claim."""
    measured: str
    verdict: str


NOTHING = Finding("no such fact in these results", OPEN)


def facts_of(data: DataSet, alloc: str,
             key: str) -> list[tuple[int, str, Row]]:
    """(size, value, all words) of the facts that have the key, each once."""
    found = {(size, more[key]): (size, more[key], more)
             for a, size, flags, more in data.facts
             if a == alloc and size is not None and key in more
             and not (key == "zeroed" and "__GFP_ZERO" in flags)}
    return [found[key] for key in sorted(found)]


def largest_of(data: DataSet, alloc: str) -> tuple[int, bool] | None:
    """Largest size that worked, and whether the search was cut short."""
    for a, _, _, more in data.facts:
        text = more.get("largest", "")
        digits = text.removeprefix(">=")
        if a == alloc and digits.isdigit():
            return int(digits), text.startswith(">=")
    return None


def spans(sizes: Sequence[int]) -> str:
    """8, 16, 64 -> 8 B to 64 B."""
    if min(sizes) == max(sizes):
        return f"at {size_text(min(sizes))}"
    return f"from {size_text(min(sizes))} to {size_text(max(sizes))}"


def yes_no(data: DataSet, alloc: str, key: str, wanted: str,
           good: str, bad: str) -> Finding:
    """A claim that a fact is the same at every size."""
    facts = facts_of(data, alloc, key)
    if not facts:
        return NOTHING
    held = [size for size, value, _ in facts if value == wanted]
    other = [size for size, value, _ in facts if value != wanted]
    if not other:
        return Finding(f"{good} {spans(held)}", TRUE)
    if not held:
        return Finding(f"{bad} {spans(other)}", FALSE)
    return Finding(f"{good} {spans(held)}, {bad} {spans(other)}", DEPENDS)


def contiguous(data: DataSet) -> Finding:
    """kmalloc memory is one piece."""
    return yes_no(data, "kmalloc", "contiguous", "1", "one extent",
                  "several extents")


def scattered(data: DataSet) -> Finding:
    """vmalloc memory is many pieces."""
    facts = [(size, value, more) for size, value, more in
             facts_of(data, "vmalloc", "extents")
             if more.get("pages", "2") not in ("0", "1")]
    if not facts:
        return NOTHING
    size, value, _ = facts[-1]
    sizes = {s for s, _, _ in facts}
    many = {s for s, v, _ in facts if v != "1"}
    verdict = TRUE if many == sizes else DEPENDS if many else FALSE
    return Finding(f"{value} extents at {size_text(size)}; more than one at "
                   f"{len(many)} of {len(sizes)} sizes above a page", verdict)


def limit_128k(data: DataSet) -> Finding:
    """kmalloc stops at 128 KiB."""
    found = largest_of(data, "kmalloc")
    costs = [s for s in data.sizes for sl in data.slices
             if data.pair(sl, "kmalloc", s) is not None]
    if found and (found[0] > 128 << 10 or not found[1]):
        return Finding(f"{size_text(found[0])} worked"
                       + (" before the budget ended the search"
                          if found[1] else " and no more"),
                       FALSE if found[0] > 128 << 10 else TRUE)
    if costs and max(costs) > 128 << 10:
        return Finding(f"{size_text(max(costs))} was measured", FALSE)
    return NOTHING


def no_limit(data: DataSet) -> Finding:
    """vmalloc takes any size."""
    found = largest_of(data, "vmalloc")
    if not found:
        return NOTHING
    if found[1]:
        return Finding(f"at least {size_text(found[0])}: the byte budget "
                       "ended the search, not vmalloc", DEPENDS)
    return Finding(f"{size_text(found[0])} worked and no more", FALSE)


def switch_text(data: DataSet) -> str:
    """The switch that zeroes everything."""
    values = data.meta.get("init_on_alloc", ["?"])
    return f"init_on_alloc={'/'.join(values)}"


def not_zeroed(data: DataSet) -> Finding:
    """kmalloc memory holds what was there before."""
    found = yes_no(data, "kmalloc", "zeroed", "0", "not zeroed", "zeroed")
    if found.verdict == OPEN:
        return found
    return Finding(f"{found.measured}, with {switch_text(data)}", DEPENDS)


def zeroed(alloc: str) -> Callable[[DataSet], Finding]:
    """This allocator clears what it returns."""
    return lambda data: yes_no(data, alloc, "zeroed", "1", "all zero",
                               "not all zero")


def may_sleep(flags: str) -> bool:
    """Whether a refusal outside process context is about these flags."""
    return not {"GFP_ATOMIC", "GFP_NOWAIT"} & set(flags.split("|"))


def atomic(alloc: str) -> Callable[[DataSet], Finding]:
    """Usable where sleeping is not allowed."""
    def look(data: DataSet) -> Finding:
        good, refused = [], []
        for (slice_, a, _), (state, reason) in data.states.items():
            hard = slice_.context != "process"
            if a == alloc and (hard or slice_.flags == "GFP_ATOMIC"):
                where = f"{slice_.flags} in {slice_.context}"
                if hard and state in ("ok", "short"):
                    good.append(where)
                elif state == "skipped" and not may_sleep(slice_.flags):
                    refused.append(f"{where}: {reason}")
        good, refused = list(dict.fromkeys(good)), list(dict.fromkeys(refused))
        if not good and not refused:
            return NOTHING
        if not good:
            return Finding(f"never, by rule; {refused[0]}", FALSE)
        text = "ran with " + ", ".join(good[:3])
        if refused:
            return Finding(f"{text}; not {refused[0]}", DEPENDS)
        return Finding(text, TRUE)
    return look


def faster(data: DataSet) -> Finding:
    """kmalloc beats vmalloc."""
    text = data.sentences.get("crossover", "")
    if "cost the same" in text and "cheaper" not in text:
        return Finding(text.rstrip("."), FALSE)
    if "cheaper" not in text:
        return NOTHING
    if text.startswith("kmalloc is cheaper than vmalloc at"):
        return Finding(text.rstrip("."), TRUE)
    if text.startswith("vmalloc is cheaper than kmalloc at"):
        return Finding(text.rstrip("."), FALSE)
    return Finding(text.rstrip("."), DEPENDS)


def demand_paged(data: DataSet) -> Finding:
    """The first write to vmalloc memory faults a page in."""
    slice_ = data.base_slice(True)
    if slice_ is None:
        return NOTHING
    for size in reversed(data.sizes):
        first = data.p50(slice_, "vmalloc", size, "touch")
        second = data.p50(slice_, "vmalloc", size, "retouch")
        if first is not None and second:
            unit = data.unit
            text = (f"first write to each page of {size_text(size)}: "
                    f"{unit.text(first)} {unit.name}, second: "
                    f"{unit.text(second)} ({times(first / second)} times)")
            if first < 2 * second:
                return Finding(text, FALSE)
            if first > 20 * second:
                return Finding(text, TRUE)
            return Finding(text + "; TLB misses or faults: the instruction "
                           "lane tells them apart", DEPENDS)
    return NOTHING


def exact_size(data: DataSet) -> Finding:
    """kmalloc returns the bytes asked for and no more."""
    facts = [(size, int(value)) for size, value, _ in
             facts_of(data, "kmalloc", "usable") if value.isdigit()]
    if not facts:
        return NOTHING
    more = [(u - s, s, u) for s, u in facts if u > s]
    if not more:
        powers = all(s & (s - 1) == 0 for s, _ in facts)
        return Finding("usable bytes equal those asked for at "
                       f"{len(facts)} sizes"
                       + (", all of them powers of two" if powers else ""),
                       DEPENDS if powers else TRUE)
    _, size, usable = max(more)
    return Finding(f"e.g. {grouped(usable)} usable bytes where "
                   f"{grouped(size)} were asked for",
                   DEPENDS if len(more) < len(facts) else FALSE)


def kvmalloc_region(data: DataSet) -> Finding:
    """kvmalloc is kmalloc for small and vmalloc for large."""
    facts = facts_of(data, "kvmalloc", "region")
    if not facts:
        return NOTHING
    direct = [s for s, v, _ in facts if v == "direct"]
    mapped = [s for s, v, _ in facts if v == "vmalloc"]
    if mapped and direct:
        return Finding(f"direct map up to {size_short(max(direct))}, vmalloc "
                       f"region from {size_short(min(mapped))}", TRUE)
    return Finding(f"always the {'direct map' if direct else 'vmalloc area'} "
                   + spans(direct or mapped) + ", memory not being scarce",
                   DEPENDS)


CLAIMS: list[tuple[str, Callable[[DataSet], Finding]]] = [
    ("kmalloc memory is physically contiguous", contiguous),
    ("vmalloc memory is not physically contiguous", scattered),
    ("kmalloc is limited to 128 KB", limit_128k),
    ("vmalloc has no limit", no_limit),
    ("kmalloc memory is not zeroed", not_zeroed),
    ("kzalloc memory is zeroed", zeroed("kzalloc")),
    ("kcalloc memory is zeroed", zeroed("kcalloc")),
    ("vzalloc memory is zeroed", zeroed("vzalloc")),
    ("vmalloc memory is zeroed", zeroed("vmalloc")),
    ("kmalloc can be used in atomic context", atomic("kmalloc")),
    ("vmalloc can be used in atomic context", atomic("vmalloc")),
    ("kmalloc is faster than vmalloc", faster),
    ("vmalloc memory is demand-paged", demand_paged),
    ("kmalloc gives just the bytes asked for (ksize)", exact_size),
    ("kvmalloc turns to vmalloc for large sizes", kvmalloc_region),
]


def table(data: DataSet) -> Table:
    """The folklore table; claims without a measurement are named last."""
    found = [(claim, look(data)) for claim, look in CLAIMS]
    rows = [[claim, finding.verdict, finding.measured]
            for claim, finding in found if finding.verdict != OPEN]
    missing = [claim for claim, finding in found if finding.verdict == OPEN]
    notes = ([f"Not measured in these results: {'; '.join(missing)}."]
             if missing else [])
    return Table("Claims, as measured on this kernel",
                 ["claim", "verdict", "measured"], rows, {0, 1, 2}, notes)
