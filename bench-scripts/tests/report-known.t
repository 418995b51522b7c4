#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Holds pictures and tables against values worked out by hand.

    report-known.t [FOLDER]    the bench-scripts to try, by default our own

Speaks TAP. The results: kmalloc 200 + 120 in new and 100 + 60 in base, vmalloc
400 + 240 in new and 1000 + 600 in base, at 64, 512 and 4096 bytes; one call in
ten of kmalloc's at 64 bytes takes 2000.
"""

from __future__ import annotations

import math
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from svg import Picture  # noqa: E402

SIZES = (64, 512, 4096)
TWO_PATHS = ("200-200:1000", "200-200:900 2000-2000:100",
             "n=1000 sum=200000 min=200 p50=200 p90=200 p99=200 p999=- "
             "max=200", "n=1000 sum=380000 min=200 p50=200 p90=200 p99=2000 "
             "p999=- max=2000")


class Known:
    """The results, the reports of them, and what was found."""

    def __init__(self, scripts: Path, work: Path) -> None:
        self.scripts, self.work, self.count, self.bad = scripts, work, 0, 0

    def check(self, good: bool, what: str, why: object = "") -> None:
        """One line of TAP."""
        self.count += 1
        self.bad += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {what}")
        if not good:
            print(f"# {why}")

    def sample(self, name: str, *words: str) -> Path:
        """A made-up result."""
        done = subprocess.run([HERE / "sample", "--noise=0", *words],
                              check=True, stdout=subprocess.PIPE, text=True)
        path = self.work / name
        path.write_text(done.stdout, encoding="utf-8")
        return path

    def report(self, name: str, *words: str | Path) -> tuple[str, str]:
        """The page and the text of a report."""
        subprocess.run([self.scripts / "report.sh", "-o",
                        self.work / f"{name}.html", *words], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return tuple(((self.work / f"{name}.{end}").read_text(
            encoding="utf-8") for end in ("html", "txt")))  # type: ignore


def picture(page: str, name: str, k: int = 0) -> Picture:
    """The k-th picture of a figure."""
    part = page[page.index(f'<figure id="{name}"'):]
    part = part[:part.index("</figure>")]
    return Picture(re.findall(r"<svg.*?</svg>", part, re.S)[k])


def tried(known: Known, test: Callable[..., None], *words: object) -> None:
    """A picture that is not there is a wrong answer, too."""
    try:
        test(known, *words)
    except (ValueError, StopIteration, IndexError) as error:
        known.check(False, test.__doc__ or "", repr(error))


def near(a: float, b: float, share: float = 0.02) -> bool:
    """As near as pixels tell."""
    return abs(a - b) <= share * max(abs(a), abs(b), 1e-9)


def by_name(shown: Picture, panel: int, name: str) -> list[float]:
    """The heights of one curve's points, by size."""
    found = [(x, y) for k, _, tip, (x, y) in shown.points()
             if k == panel and tip.startswith(name + " ")]
    return [y for _, y in sorted(found)] if [
        round(math.log2(x)) for x, _ in sorted(found)] == [
            int(math.log2(s)) for s in SIZES] else []


def all_near(seen: list[float], wanted: float) -> bool:
    """Three points at one height."""
    return len(seen) == 3 and all(near(y, wanted) for y in seen)


def test_latency(known: Known, page: str) -> None:
    """Points, their tips, their band and their colours."""
    shown = picture(page, "latency")
    for panel, name, want in ((0, "kmalloc", 200), (0, "vmalloc", 400),
                              (1, "kmalloc", 120), (1, "vmalloc", 240)):
        seen = by_name(shown, panel, name)
        known.check(all_near(seen, want), f"latency: {name} {want}", seen)
    tips = {tip for _, _, tip, _ in shown.points()}
    tip = ("kmalloc 64 B, allocate: median 200 instructions, p1 200, p99 "
           "2,000, max 2,000, 1,000 samples")
    known.check(tip in tips, "latency: what a point says", sorted(tips)[:3])
    colours = {tip.split()[0]: css for _, css, tip, _ in shown.points()}
    known.check(colours == {"kmalloc": "C1", "vmalloc": "C2"},
                "latency: each allocator in its colour", colours)
    known.check(shown.legend() == colours, "latency: the legend says which",
                shown.legend())
    band = [y for k, css, corners in shown.boxes() if k == 0 and css == "F1"
            for x, y in corners if near(x, 64)]
    known.check(bool(band) and near(max(band), 2000) and near(min(band), 200),
                "latency: the band goes from p1 to p99", band)


def test_ratio(known: Known, page: str) -> None:
    """vmalloc over kmalloc, and whose side is whose."""
    shown = picture(page, "ratio")
    seen = [y for _, _, _, (_, y) in shown.points()]
    known.check(all_near(seen, 2), "ratio: 640 over 320 is 2", seen)
    tip = shown.points()[0][2]
    known.check("vmalloc costs 2.0 times as much as kmalloc" in tip,
                "ratio: what a point says", tip)


def test_zones(known: Known) -> None:
    """Far from 1 a curve is at the edge, where the names of zones stand."""
    page, _ = known.report("edge", known.sample(
        "far.txt", "--sizes=64,512,4096", "--model=kmalloc=10,0,0,0,0",
        "--model=vmalloc=400,0,0,0,0"))
    shown = picture(page, "ratio")
    low = next(y for text, _, y, _ in shown.texts
               if text == "above 1: kmalloc is cheaper")
    top = max(y for _, _, _, (_, y) in shown.points())
    known.check(shown.panels[0].y.at(low) > top,
                "ratio: no curve through the name of a zone", top)


def test_spread(known: Known, page: str) -> None:
    """Nine calls in ten at 200, all of them at 2000."""
    shown = picture(page, "distribution-64")
    curve = next(c for k, css, c in shown.lines() if css == "S1" and k == 0)
    # A pixel is half a percent.
    top = max(y for _, y in curve)
    known.check(abs(top - 100) < 1, "CDF: ends at 100 %", top)
    flat = [x for x, y in curve if abs(y - 90) < 1]
    known.check(len(flat) >= 2 and near(min(flat), 200) and near(
        max(flat), 2000), "CDF: 90 % from 200 to 2000", curve)
    shown = picture(page, "distribution-64", 1)
    boxes = sorted((min(x for x, _ in c), max(x for x, _ in c),
                    max(y for _, y in c)) for k, css, c in shown.boxes()
                   if k == 0 and css == "F1")
    for box, at, share in zip(boxes, (200, 2000), (90, 10)):
        low = 2 ** (math.floor(12 * math.log2(at)) / 12)
        known.check(near(box[0], low, 0.01) and near(
            box[1], low * 2 ** (1 / 12), 0.01) and near(box[2], share, 0.04),
            f"bars: {share} % of the calls at {at}", box)
    known.check(len(boxes) == 2, "bars: two of kmalloc", boxes)


def test_heat(known: Known, page: str) -> None:
    """Each size over its name, each cost at its height."""
    shown = picture(page, "heat")
    seen = []
    for k, _, corners in shown.boxes():
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        seen.append((k, round(math.sqrt(min(xs) * max(xs))), min(ys),
                     max(ys)))
    good = all(any(k == 1 and near(x, size, 0.03) and low <= 401 and
                   high >= 399 for k, x, low, high in seen) for size in SIZES)
    known.check(good, "heat map: vmalloc at 400 at every size", seen)


def rows_apart(page: str) -> int:
    """How many stretches of kmalloc's rows have an empty row between."""
    rows = sorted({(min(y for _, y in c), max(y for _, y in c)) for k, _, c
                   in picture(page, "heat").boxes() if k == 0})
    return 1 + sum(b[0] > a[1] * 1.05 for a, b in zip(rows, rows[1:]))


def test_heat_paths(known: Known) -> None:
    """One cluster over the edge of a row is one path, as the text has it."""
    for name, other, paths in (("edge", 2567, 1), ("far", 9000, 2)):
        made = known.sample(f"{name}.txt", "--sizes=64", "--allocs=kmalloc",
                            "--model=kmalloc=2346,0,0,0,0")
        words = made.read_text(encoding="utf-8")
        words = words.replace("2346-2346:1000", f"2346-2346:500 {other}-"
                              f"{other}:500", 1)
        words = words.replace(
            "sum=2346000 min=2346 p50=2346 p90=2346 p99=2346 p999=- max=2346",
            f"sum={500 * (2346 + other)} min=2346 p50=2346 p90={other} "
            f"p99={other} p999=- max={other}", 1)
        made.write_text(re.sub(r"wall=\d+", "wall=99999999", words),
                        encoding="utf-8")
        page, _ = known.report(f"heat-{name}", made)
        apart = rows_apart(page)
        known.check(apart == paths, f"heat map: 2346 and {other} are {paths}",
                    apart)
    known.check("Full rows with an empty one between them are two paths; "
                "side by side they may be one" in " ".join(re.sub(
                    "<[^>]*>", " ", page).split()),
                "heat map: what says that there are two")


def test_hollow(known: Known) -> None:
    """What the clock limits is a ring with the paper inside."""
    page, _ = known.report("broken", HERE / "data" / "broken.txt")
    tip = page.index("<title>kmalloc 64 B, allocate: median 40 ns")
    group = page[page.rindex("<g ", 0, tip):tip]
    known.check('class="pt Fpaper"' in group and 'fill="#ffffff"' in group,
                "a hollow point is not filled", group)


def test_answer(known: Known, text: str) -> None:
    """Cheapest, what to avoid and by how much, what to do."""
    said = " ".join(text.split())
    known.check("kmalloc is cheaper than vmalloc at every size measured, "
                "64 B to 4 KiB. Avoid vmalloc: it costs 2.0 times as much as "
                "kmalloc at 4 KiB (640 against 320 instructions). Use kmalloc."
                in said, "the answer", said[:600])


def test_change(known: Known, page: str) -> None:
    """A bar from 1 to new over base, in the colour of its side."""
    shown = picture(page, "change")
    for css, ends in (("Fworse", (1, 2)), ("Fbetter", (0.4, 1))):
        seen = [sorted({x for x, _ in c}) for _, name, c in shown.boxes()
                if name == css]
        known.check(len(seen) == 3 and all(near(s[0], ends[0]) and near(
            s[-1], ends[1]) for s in seen), f"change: three bars from "
            f"{ends[0]} to {ends[1]} in {css[1:]}", seen)
    known.check(shown.legend() == {"costs more": "Fworse",
                                   "costs less": "Fbetter"},
                "change: what the colours mean", shown.legend())
    tips = [tip for _, _, tip, _ in shown.points()]
    known.check("kmalloc 64 pair: base 160, new 320 instructions, +100 %"
                in tips, "change: what a bar says", tips[:1])
    # From top to bottom: what is first is highest up.
    rows = [text for text, _, _, _ in sorted(
        shown.texts, key=lambda t: t[2]) if re.match("k?v?malloc", text)]
    known.check(rows == [f"{name} {size}" for name in ("kmalloc", "vmalloc")
                         for size in ("64", "512", "4K")],
                "change: rows by name and size", rows)
    beside = {y for text, _, y, _ in shown.texts
              if text == "160 → 320  +100 %"}
    known.check(beside == {y for text, _, y, _ in shown.texts
                           if text.startswith("kmalloc ")},
                "change: both costs beside the name", beside)


def test_cells(known: Known, page: str) -> None:
    """A row of the verdict leads to its picture: base beside new."""
    row = re.search(r'<a href="#([^"]*)">kmalloc 64-4K pair</a>', page)
    known.check(row is not None, "a row of the verdict links to its picture")
    if not row:
        return
    shown = picture(page, row[1])
    seen = {css: [y for k, c, _, (_, y) in shown.points()
                  if c == css and k == 0] for css in ("Cbase", "Cnew")}
    known.check(all_near(seen["Cbase"], 100) and all_near(seen["Cnew"], 200),
                "base 100 and new 200 in one panel", seen)
    label = shown.root.get("aria-label", "")
    known.check(label.startswith("kmalloc pair touch=page."),
                "and it is that cell's",
                label)


def test_text(known: Known, text: str) -> None:
    """The table of verdicts, worse before better, and the mean."""
    rows = re.findall(r"^(\w+ 64-4K pair +\w+ .*)$", text, re.M)
    fields = [re.split(r" {2,}", r) for r in rows]
    known.check([f[:5] for f in fields[:2]] == [
        ["kmalloc 64-4K pair", "alloc", "100", "200", "+100 %"],
        ["kmalloc 64-4K pair", "free", "60", "120", "+100 %"]],
        "regressions: 100 -> 200, +100 %", fields)
    known.check([f[:5] for f in fields[2:]] == [
        ["vmalloc 64-4K pair", "alloc", "1,000", "400", "-60.0 %"],
        ["vmalloc 64-4K pair", "free", "600", "240", "-60.0 %"]],
        "improvements: 1,000 -> 400, -60.0 %", fields)
    worse, better = text.find("Worse in new: "), text.find("Better in new: ")
    known.check(0 < worse < better, "what is worse comes first")
    flat = " ".join(text.split())
    known.check("FAIL: 6 figures of 18 worse, 6 better, 0 could not be judged."
                " The largest rise: kmalloc 64-4K pair, alloc, 100 to 200 "
                "(+100 %). The largest fall: vmalloc 64-4K pair, alloc, 1,000 "
                "to 400 (-60.0 %)." in flat and
                "Worse in new: 6 figures," in flat,
                "one count of figures, minima not twice", flat[:500])
    # three times 2 and three times 0.4
    known.check("6 costs of alloc plus free: 0.894 (-10.6 %)" in flat,
                "geometric mean of 2, 2, 2, 0.4, 0.4 and 0.4")
    known.check(re.search(r"^ +64 +320 +640 +2\.0$", text, re.M) is not None,
                "costs: 200 + 120 and 400 + 240")
    known.check("faster" not in flat.replace(
        "kmalloc is faster than vmalloc", ""),
        "instructions are not called fast")


def test_counts(known: Known, new: Path, base: Path) -> None:
    """A count of something else stands after the costs and is called so."""
    subprocess.run([known.scripts / "compare.sh", "--save", known.work / "v",
                    base, new], stdout=subprocess.DEVNULL, check=False)
    lines = (known.work / "v" / "verdict.tsv").read_text(
        encoding="utf-8").splitlines()
    lines[-1:] = ["row\tkmalloc 64 pair touch=page\talloc\tlocked\t2\t8\t6"
                  "\t300\t0\t-\t-\t-\tREGRESSION\t-\t-",
                  f"end\t{int(lines[-1].split()[1]) + 1}"]
    table = known.work / "counts.tsv"
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    _, text = known.report("counts", new, "--base", base, "--verdict", table)
    rows = [r.split()[3:5] for r in text.splitlines() if re.match(
        r"kmalloc 64\S* pair .* \+\d+ %", r)]
    known.check(rows == [["alloc", "100"], ["free", "60"],
                         ["alloc", "locked"]], "costs before counts", rows)
    flat = " ".join(text.split())
    known.check("in instructions, or in what the figure names" in flat,
                "a count is not called instructions")
    known.check("The largest rise: kmalloc 64-4K pair, alloc, 100" in flat,
                "the largest rise is that of a cost")


def test_switches(known: Known, plain: Path) -> None:
    """What init_on_alloc adds, and in which colour."""
    other = known.sample("switched.txt", "--sizes=64", "--touch",
                         "--model=kmalloc=250,0,0,0,0",
                         "--model=vmalloc=300,0,0,0,0")
    words = other.read_text(encoding="utf-8")
    other.write_text(words.replace("init_on_alloc=0", "init_on_alloc=1"),
                     encoding="utf-8")
    page, text = known.report("switches", plain, other)
    shown = picture(page, "waterfall")
    for css, name, ends in (("Fworse", "kmalloc", (320, 400)),
                            ("Fbetter", "vmalloc", (480, 640))):
        seen = [sorted({round(x) for x, _ in c}) for _, c2, c in shown.boxes()
                if c2 == css]
        known.check(len(seen) == 1 and near(seen[0][0], ends[0]) and near(
            seen[0][-1], ends[1]), f"switches: {name} from {ends[0]} to "
            f"{ends[1]} in {css[1:]}", seen)
    known.check(re.search(r"kmalloc 64 +init_on_alloc=1 +400 +\+80", text)
                is not None, "switches: 400 is 80 more than 320")


def test_time(known: Known) -> None:
    """Ticks of 2 GHz are half a nanosecond; what boots differ by."""
    boots = []
    for boot, cost in ((1, 200), (2, 220)):
        folder = known.work / f"t/boot-{boot}"
        folder.mkdir(parents=True)
        made = known.sample("t.txt", "--sizes=64,512,4096", "--lane=time",
                            "--touch", f"--model=kmalloc={cost},0,0,0,0",
                            "--model=vmalloc=400,0,0,0,0")
        words = made.read_text(encoding="utf-8").replace(
            "khz=1000000", "khz=2000000").replace(
                "meta ", f"meta boot={boot} ", 1)
        boots.append(folder / "result-01.txt")
        boots[-1].write_text(words, encoding="utf-8")
    page, text = known.report("time", *boots)
    shown = picture(page, "latency")
    seen = by_name(shown, 0, "kmalloc")
    known.check(all_near(seen, 100), "time: 200 ticks of 2 GHz are 100 ns",
                seen)
    head = [t for t, *_ in shown.texts if t.endswith("per call")]
    known.check("allocate, ns per call" in head, "time: the unit", head)
    # 320 and 352 ticks
    known.check(re.search(r"^ +64 +160 ±8\.0 +320 ±0 ", text, re.M)
                is not None, "time: 160 ns, and the boots differ by 16")
    known.check('<section id="touch">' in page, "time: the first write")


def main(argv: list[str]) -> int:
    """All of it."""
    scripts = Path(argv[0]).resolve() if argv else HERE.parent
    with tempfile.TemporaryDirectory() as folder:
        known = Known(scripts, Path(folder))
        sizes = "--sizes=64,512,4096"
        new = known.sample("new.txt", sizes, "--touch",
                           "--model=kmalloc=200,0,0,0,0",
                           "--model=vmalloc=400,0,0,0,0")
        text = new.read_text(encoding="utf-8")
        for old, other in zip(TWO_PATHS[::2], TWO_PATHS[1::2]):
            text = text.replace(old, other, 1)
        new.write_text(re.sub(r"wall=\d+", "wall=99999999", text),
                       encoding="utf-8")
        base = known.sample("base.txt", sizes, "--touch",
                            "--kernel=6.1.0-made-up",
                            "--model=kmalloc=100,0,0,0,0",
                            "--model=vmalloc=1000,0,0,0,0")
        page, text = known.report("one", new)
        tried(known, test_latency, page)
        tried(known, test_ratio, page)
        tried(known, test_zones)
        tried(known, test_spread, page)
        tried(known, test_heat, page)
        tried(known, test_heat_paths)
        tried(known, test_hollow)
        tried(known, test_answer, text)
        known.check('<section id="touch">' not in page,
                    "no section about the loop's own instructions")
        page, text = known.report("two", new, "--base", base)
        tried(known, test_change, page)
        tried(known, test_cells, page)
        tried(known, test_text, text)
        tried(known, test_counts, new, base)
        tried(known, test_switches, new)
        tried(known, test_time)
    print(f"1..{known.count}")
    return known.bad > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
