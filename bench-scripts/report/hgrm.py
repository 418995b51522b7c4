# SPDX-License-Identifier: GPL-2.0
"""HdrHistogram's percentile format, for its public plotter."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from buckets import Bucket
from dataset import DataSet, Key


TICKS_PER_HALF = 5


def levels(total: int) -> Iterator[float]:
    """Percentiles to report, five to each halving of what is left.

    The plotter lays several files over each other row by row, so the rows
    must be those of every other HdrHistogram file.
    """
    level = 0.0
    while (1 - level) * total >= 1:
        yield level
        halvings = math.floor(math.log2(1 / (1 - level))) + 1
        level += 1 / (TICKS_PER_HALF * 2 ** halvings)


def hgrm(buckets: Sequence[Bucket], top: float, factor: float) -> str:
    """Value, percentile, count so far, 1/(1-percentile).

    The last line has no fourth column, as the Java library writes it. Values
    are at most `top`, and multiplied by a factor (ns per tick, or 1).
    """
    total = sum(count for _, _, count in buckets)
    middles = [((low + high) / 2 * factor, count)
               for low, high, count in buckets]
    mean = sum(value * count for value, count in middles) / total
    square = sum((value - mean) ** 2 * count for value, count in middles)
    lines = [f"{'Value':>12} {'Percentile':>14} {'TotalCount':>10} "
             f"{'1/(1-Percentile)':>14}", ""]
    at, seen = 0, buckets[0][2]
    for level in levels(total):
        while seen < level * total - 1e-9:
            at += 1
            seen += buckets[at][2]
        value = min(buckets[at][1], top) * factor
        lines.append(f"{value:12.3f} {level:14.12f} {seen:10d}"
                     f" {1 / (1 - level):14.2f}")
    top *= factor
    lines += [f"{top:12.3f} {1:14.12f} {total:10d}",
              f"#[Mean    = {mean:12.3f}, StdDeviation   = "
              f"{math.sqrt(square / total):12.3f}]",
              f"#[Max     = {top:12.3f}, Total count    = {total:12d}]",
              f"#[Buckets = {len(buckets):12d}, SubBuckets     = "
              f"{128:12d}]"]
    return "\n".join(lines) + "\n"


def file_name(key: Key) -> str:
    """A name that any file system takes."""
    slice_ = [value for value, usual in
              zip(key.slice, ("GFP_KERNEL", "process", "pair", "0", "-"))
              if value != usual]
    words = [key.alloc, str(key.size), *slice_, key.op]
    return re.sub(r"[^A-Za-z0-9_=.,-]+", "_", "-".join(words)) + ".hgrm"


def wanted(data: DataSet, text: str) -> bool:
    """Whether the file name of any histogram contains a text."""
    return any(text in file_name(key) for key in data.hist)


def export(data: DataSet, folder: Path, text: str) -> int:
    """A file for every histogram whose file name contains a text."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for key, buckets in data.hist.items():
        name = file_name(key)
        if text in name:
            top = data.points[key].max or 0
            (folder / name).write_text(
                hgrm(buckets, top, data.unit.value(1)), encoding="utf-8")
            count += 1
    return count
