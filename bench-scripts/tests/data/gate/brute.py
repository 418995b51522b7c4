#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Compute what gate/stats.awk computes, by definition and by brute force.

Nothing is shared with the awk code: every flip is enumerated and its t is
computed with mean and standard deviation, every subset of ranks is counted,
every bucket is spread into single samples. Input on stdin, a word and numbers
per line; output one line per input line.
"""
import itertools
import math
import statistics
import sys


def walsh(d: list[float]) -> list[float]:
    return sorted((d[i] + d[j]) / 2
                  for i in range(len(d)) for j in range(i, len(d)))


def rank(n: int) -> int:
    """Largest k such that at most 2.5 % of all sign patterns have a signed
    rank sum below k."""
    sums = [sum(r + 1 for r in range(n) if bits >> r & 1)
            for bits in range(2 ** n)]
    k = 0
    while sum(s < k + 1 for s in sums) <= 0.025 * 2 ** n:
        k += 1
    return k


def t_value(d: tuple[float, ...]) -> float:
    sd = statistics.stdev(d)
    if sd == 0:
        return math.inf if d[0] else 0.0
    return abs(statistics.mean(d)) / (sd / math.sqrt(len(d)))


def flip(cells: list[list[float]]) -> list[float]:
    """Family-wise adjusted p of each cell, all 2^n flips."""
    n = len(cells[0])
    observed = [t_value(tuple(d)) for d in cells]
    reached = [0] * len(cells)
    for signs in itertools.product((1, -1), repeat=n):
        top = max(t_value(tuple(s * x for s, x in zip(signs, d)))
                  for d in cells)
        for c, t in enumerate(observed):
            slack = 1e-9 * max(t, 1.0) if math.isfinite(t) else 0.0
            reached[c] += top >= t - slack
    return [r / 2 ** n for r in reached]


def quantile(share: float, buckets: list[list[float]]) -> float:
    """Each bucket's samples spread evenly; the point where a share of all of
    them has been passed, found by walking in small steps of count."""
    n = sum(b[2] for b in buckets)
    target = share * n
    edges = [(lo - 0.5, hi + 0.5, count) for lo, hi, count in buckets]
    low, high = edges[0][0], edges[-1][1]
    for _ in range(200):
        middle = (low + high) / 2
        mass = sum(count * min(max((middle - left) / (right - left), 0.0), 1.0)
                   for left, right, count in edges)
        if mass < target:
            low = middle
        else:
            high = middle
    return high


def answer(line: str) -> str:
    word, *rest = line.split()
    if word == "walsh":
        w = walsh([float(x) for x in rest])
        k = rank(len(rest))
        ends = [w[k - 1], w[-k]] if k else [math.nan, math.nan]
        return " ".join(f"{x:.9g}" for x in [statistics.median(w), *ends])
    if word == "rank":
        return str(rank(int(rest[0])))
    if word == "flip":
        cells = [[float(x) for x in cell.split(",")] for cell in rest]
        return " ".join(f"{p:.9g}" for p in flip(cells))
    if word == "quantile":
        buckets = [[float(x) for x in b.split(",")] for b in rest[1:]]
        return f"{quantile(float(rest[0]), buckets):.6f}"
    raise ValueError(line)


def main(argv: list[str]) -> int:
    for line in sys.stdin:
        print(answer(line))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
