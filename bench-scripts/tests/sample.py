#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Write a made-up but valid kallocbench result with known answers.

Each allocator gets a cost model: base + slope * size + step above a size. The
spread is seeded, so equal arguments give equal bytes. Only tests use this.
"""
import argparse
import random
import sys
from collections import Counter
from dataclasses import dataclass, field

QUANTILES = (("p50", 5000), ("p90", 9000), ("p99", 9900), ("p999", 9990))
KALLOC = (120.0, 0.0, 8192, 900.0, 0.02)
VALLOC = (2500.0, 0.03, 0, 0.0, 0.0)
MODELS = {  # in ticks
    # base, per byte, step at size, step, per byte above the step
    "null": (0.0, 0.0, 0, 0.0, 0.0),
    "kmalloc": KALLOC,
    "kzalloc": (130.0, 0.17, 8192, 900.0, 1.0),
    "kvmalloc": (144.0, 0.0, 8192, 900.0, 0.02),
    "vmalloc": VALLOC,
}


@dataclass
class Options:
    """What the command line asks for."""
    allocs: list[str]
    sizes: list[int]
    samples: int
    noise: float
    seed: int
    lane: str
    rounds: int
    cpus: str
    flags: list[str]
    patterns: list[str]
    touch: bool
    kernel: str
    models: dict[str, tuple[float, ...]] = field(default_factory=dict)


def bucket(value: int) -> tuple[int, int]:
    """Bounds of the bucket of the contract that holds the value."""
    if value < 4096:
        return value, value
    width = 1 << (value.bit_length() - 1 - 7)
    low = value - value % width
    return low, low + width - 1


def percentile(buckets: list[tuple[tuple[int, int], int]], n: int, basis: int,
               top: int) -> str:
    """Nearest rank, upper bound of the bucket, '-' where n is too small."""
    if n * (10000 - basis) < 100000:
        return "-"
    rank = (n * basis + 9999) // 10000
    seen = 0
    for (_, high), count in buckets:
        seen += count
        if seen >= rank:
            return str(min(high, top))
    raise ValueError("rank beyond the last bucket")


def op_lines(cell: int, op: str, values: list[int], cpu: str) -> list[str]:
    """The op line of one op and its hist line."""
    where = f"cell={cell} op={op}" + (f" cpu={cpu}" if cpu else "")
    n = len(values)
    if not n:
        return [f"op {where} n=0 sum=- min=- p50=- p90=- p99=- p999=- max=- "
                "under=0"]
    buckets = sorted(Counter(bucket(v) for v in values).items())
    top = max(values)
    shown = " ".join(f"{name}={percentile(buckets, n, basis, top)}"
                     for name, basis in QUANTILES)
    words = " ".join(f"{lo}-{hi}:{count}" for (lo, hi), count in buckets)
    return [f"op {where} n={n} sum={sum(values)} min={min(values)} {shown} "
            f"max={top} under=0", f"hist {where} {words}"]


def draw(rng: random.Random, opts: Options, cost: float) -> list[int]:
    """Samples around a cost: a narrow body and a rare slow path."""
    out = []
    for _ in range(opts.samples):
        value = cost
        if opts.noise and cost:
            value *= 1 + opts.noise * rng.expovariate(1)
            if rng.random() < 0.01:
                value += 6 * cost + 800 * rng.random()
        out.append(round(value))
    return out


def cost_of(model: tuple[float, ...], size: int) -> float:
    """Ticks the model takes for one call at this size."""
    base, slope, step, jump, above = model
    return base + slope * size + ((jump + above * size) if size > step > 0
                                  else 0.0)


def cell_lines(opts: Options, cell: int, alloc: str, size: int, flags: str,
               pattern: str, round_: int) -> list[str]:
    """One cell with its ops, or the skipped cell."""
    head = (f"cell id={cell} alloc={alloc} size={size} flags={flags} "
            f"context=process pattern={pattern} cpus={opts.cpus} "
            f"round={round_}")
    if alloc == "kmalloc" and size > 4 << 20:
        return [f"{head} state=skipped fail=0 reason=size\\040is\\040above"
                "\\040the\\040maximum\\0404194304"]
    rng = random.Random(f"{opts.seed} {alloc} {size} {flags} {pattern} "
                        f"{round_}")
    model = opts.models.get(alloc, MODELS.get(alloc, KALLOC))
    cost = cost_of(model, size)
    if pattern != "pair":
        cost *= 1.2
    ops = {"alloc": cost, "free": cost * 0.6}
    if opts.touch:
        ops["touch"] = 40.0 * max(1, size // 4096)
    lines = []
    wall = 0
    for op, ticks in ops.items():
        values = draw(rng, opts, ticks)
        wall += sum(values) + 60 * len(values)
        lines += op_lines(cell, op, values, "")
    return [f"{head} state=ok fail=0 wall={wall}"] + lines


def header(opts: Options) -> list[str]:
    """Everything before the first cell."""
    unit = "insn" if opts.lane == "insn" else "tick"
    accel = "tcg-icount" if opts.lane == "insn" else "none"
    touch = "page" if opts.touch else "none"
    return [
        "kallocbench 1",
        f"meta kernel={opts.kernel} arch=x86_64 init_on_alloc=0 "
        f"lane={opts.lane} accel={accel} qemu=7.2 made_up=yes",
        f"param allocs={','.join(opts.allocs)} "
        f"sizes={','.join(map(str, opts.sizes))} flags={','.join(opts.flags)} "
        f"patterns={','.join(opts.patterns)} contexts=process "
        f"cpus={opts.cpus} node=any timing=op touch={touch} depth=64 "
        f"order=fifo samples={opts.samples} warmup=256 rounds={opts.rounds} "
        f"budget_ms=1000 seed={opts.seed}",
        f"clock name=tsc khz=1000000 overhead=4 overhead_p50=4 unit={unit}",
    ]


def result(opts: Options) -> list[str]:
    """The lines of the whole file."""
    lines = header(opts)
    cell = 0
    for round_ in range(opts.rounds):
        for alloc in opts.allocs:
            for size in opts.sizes:
                for flags in opts.flags:
                    for pattern in opts.patterns:
                        lines += cell_lines(opts, cell, alloc, size, flags,
                                            pattern, round_)
                        cell += 1
    return lines + [f"end cells={cell} state=done"]


def parse(argv: list[str]) -> Options:
    """Command line to options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--allocs", default="kmalloc,vmalloc")
    parser.add_argument("--sizes", default="",
                        help="comma list; default 8 to 4M in powers of two")
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--noise", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lane", default="insn", choices=("insn", "time"))
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--flags", default="GFP_KERNEL")
    parser.add_argument("--patterns", default="pair")
    parser.add_argument("--touch", action="store_true")
    parser.add_argument("--kernel", default="6.12.0-made-up")
    parser.add_argument("--model", action="append", default=[],
                        help="alloc=base,slope,step_at,step,slope_above")
    args = parser.parse_args(argv)
    models = {}
    for text in args.model:
        alloc, numbers = text.split("=")
        models[alloc] = tuple(map(float, numbers.split(",")))
    sizes = ([int(s) for s in args.sizes.split(",")] if args.sizes
             else [1 << e for e in range(3, 23)])
    return Options(args.allocs.split(","), sizes, args.samples, args.noise,
                   args.seed, args.lane, args.rounds, "0",
                   args.flags.split(","), args.patterns.split(","),
                   args.touch, args.kernel, models)


def main(argv: list[str]) -> int:
    """Print one result file."""
    sys.stdout.write("\n".join(result(parse(argv))) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
