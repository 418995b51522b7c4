# SPDX-License-Identifier: GPL-2.0
"""The report of one kernel, for people."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from cells import Op, Route

# The usual path is printed whole; of a rare one the dearest functions.
RARE_ROWS = 8
RARE_ROUTES = 6
DOORS = 3


def number(value: Fraction | int) -> str:
    """Whole where it is, else with two decimals."""
    value = Fraction(value)
    if value.denominator == 1:
        return f"{value.numerator:,}"
    return f"{float(value):,.2f}"


def share(part: int, whole: int) -> str:
    """Percent with one decimal, but never 100.0 or 0.0 by rounding."""
    if part == whole:
        return "100 %"
    percent = 100 * part / whole
    if percent < 0.1:
        return "< 0.1 %"
    if percent > 99.9:
        return "> 99.9 %"
    return f"{percent:.1f} %"


def lengths(route: Route) -> str:
    """How many instructions such samples take."""
    if route.min == route.max:
        return f"{route.min:,} instructions"
    return f"{route.min:,} to {route.max:,} instructions"


def plural(count: int, word: str) -> str:
    """1 function, 2 functions."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def headline(route: Route, op: Op, usual: bool) -> str:
    """What share of the samples, how dear, through what."""
    line = (f"{share(route.n, op.n)} of samples ({route.n:,}): "
            f"{lengths(route)}, {plural(len(route.insns), 'function')}")
    if route.interrupted:
        return f"{line},\n  interrupted or another task between"
    doors = [name for name, _ in route.doors.most_common()]
    if usual or not doors:
        return line
    more = "" if len(doors) <= DOORS else \
        f" and {len(doors) - DOORS} more"
    return f"{line},\n  through {', '.join(doors[:DOORS])}{more}"


def rows(route: Route, limit: int | None) -> Iterator[str]:
    """The table of a route, with its sum."""
    yield f"{'insns':>12} {'calls':>8} {'share':>8}  function"
    names = route.functions
    shown = names if limit is None or len(names) <= limit + 1 \
        else names[:limit]
    for name in shown:
        calls = "-" if name == route.root else \
            number(Fraction(route.calls[name], route.n))
        yield (f"{number(Fraction(route.insns[name], route.n)):>12} "
               f"{calls:>8} "
               f"{share(route.insns[name], route.sum):>8}  {name}")
    if len(shown) < len(names):
        rest = sum(route.insns[name] for name in names[len(shown):])
        yield (f"{number(Fraction(rest, route.n)):>12} {'':>8} "
               f"{share(rest, route.sum):>8}  {len(names) - len(shown)} more")
    yield f"{number(Fraction(route.sum, route.n)):>12} {'':>8} {'':>8}  sum"


def others(routes: list[Route], op: Op) -> str:
    """The routes not shown, in a line."""
    n = sum(route.n for route in routes)
    low = min(route.min for route in routes)
    high = max(route.max for route in routes)
    return (f"{share(n, op.n)} of samples ({n:,}): {low:,} to {high:,} "
            f"instructions, on {plural(len(routes), 'other path')}")


def report(op: Op, full: bool) -> Iterator[str]:
    """One op of one cell."""
    each = "stretch" if op.calls not in ("-", "1") else "sample"
    yield f"== {op.key.title}"
    yield (f"{plural(op.n, each)}, {op.sum:,} instructions, all accounted for,"
           f" the {op.overhead} of each")
    yield "clock read taken off, as in the result"
    routes = op.routes
    shown = routes if full else routes[:RARE_ROUTES + 1]
    for i, route in enumerate(shown):
        yield ""
        yield headline(route, op, usual=i == 0)
        yield from rows(route, None if full or i == 0 else RARE_ROWS)
    if len(shown) < len(routes):
        yield ""
        yield others(routes[len(shown):], op)
    yield ""
