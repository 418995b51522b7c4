#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Open reports as a reader does: three widths, light and dark, with a mouse.

Speaks TAP. Skipped where there is no Chromium. KAB_SHOTS=DIR keeps pictures.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from browser import Browser, missing  # noqa: E402

WIDTHS = (390, 820, 1440)
# What lies outside the window, or on another text, as the browser sees it.
OUTSIDE = """
const room = document.documentElement.clientWidth, bad = [];
if (document.documentElement.scrollWidth > room)
  bad.push('page is ' + document.documentElement.scrollWidth + ' wide');
for (const e of document.querySelectorAll('body *')) {
  if (e.closest('.scroll') && !e.matches('.scroll')) continue;
  const r = e.getBoundingClientRect();
  if (r.width && (r.right > room + 1 || r.left < -1))
    bad.push(e.tagName + ' ' + r.left + '..' + r.right);
}
for (const svg of document.querySelectorAll('svg.fig')) {
  const box = svg.getBoundingClientRect();
  if (!box.width) continue;
  const texts = [...svg.querySelectorAll('text')];
  const rects = texts.map(t => t.getBoundingClientRect());
  texts.forEach((t, i) => {
    const a = rects[i];
    if (a.left < box.left - 1 || a.right > box.right + 1 ||
        a.top < box.top - 1 || a.bottom > box.bottom + 1)
      bad.push('text leaves its picture: ' + t.textContent);
    for (let j = 0; j < i; j++) {
      const b = rects[j];
      const x = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const y = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (x > 1 && y > 3)
        bad.push('on each other: ' + t.textContent + ' / ' +
                 texts[j].textContent);
    }
  });
}
return [...new Set(bad)].slice(0, 5);
"""
CENTRE = """
const e = document.querySelector(arguments[0]);
e.scrollIntoView({block: 'center'});
const r = e.getBoundingClientRect();
return [r.left + r.width / 2, r.top + r.height / 2];
"""
SAVED = """
const blobs = [], make = URL.createObjectURL, click =
  HTMLAnchorElement.prototype.click;
let name = '', text = null;
URL.createObjectURL = b => { blobs.push(b); return make(b); };
HTMLAnchorElement.prototype.click = function () { name = this.download; };
document.querySelector('.panel .save').click();
URL.createObjectURL = make;
HTMLAnchorElement.prototype.click = click;
return blobs[0].text().then(t => {
  const d = new DOMParser().parseFromString(t, 'image/svg+xml');
  return [name, d.documentElement.nodeName,
          d.querySelectorAll('parsererror').length,
          d.querySelectorAll('style').length];
});
"""
COLUMN = """
const t = document.querySelector(arguments[0]);
return [...t.tBodies[0].rows].map(r => r.cells[arguments[1]].textContent);
"""


class Tap:
    """Counts and prints."""

    def __init__(self) -> None:
        self.count = 0

    def check(self, good: bool, text: str, why: object = "") -> None:
        """One test."""
        self.count += 1
        print(f"{'ok' if good else 'not ok'} {self.count} - {text}")
        if not good:
            print(f"# {why}")
        sys.stdout.flush()


def shell(*words: str | Path, out: Path | None = None) -> None:
    """Run a program of the project, its output into a file if asked for."""
    done = subprocess.run([str(w) for w in words], check=True,
                          stdout=subprocess.PIPE)
    if out:
        out.write_bytes(done.stdout)


def make_reports(folder: Path) -> dict[str, Path]:
    """One kernel, two, two lanes, one that went wrong, switches."""
    sample, report = HERE / "sample", HERE.parent / "report.sh"
    four = "--allocs=kmalloc,kzalloc,kvmalloc,vmalloc"
    one, old, time = folder / "1.txt", folder / "0.txt", folder / "2.txt"
    shell(sample, four, "--noise=0.2", "--touch", "--model",
          "kmalloc=100,0.1,0,0,0", "--model", "vmalloc=2500,0.01,0,0,0",
          out=one)
    shell(sample, four, "--noise=0.2", "--kernel=6.1.0-made-up", "--touch",
          "--model", "kmalloc=140,0.1,0,0,0", "--model",
          "vmalloc=2500,0.01,0,0,0", out=old)
    shell(sample, four, "--noise=0.4", "--lane=time", out=time)
    broken = HERE / "data" / "broken.txt"
    other, sizes = folder / "3.txt", "--sizes=64,4096,65536"
    shell(sample, sizes, "--flags=GFP_KERNEL,GFP_KERNEL|__GFP_ACCOUNT",
          out=other)
    switched = folder / "4.txt"
    shell(sample, sizes, "--model", "kmalloc=150,0.2,0,0,0", out=switched)
    text = switched.read_text(encoding="utf-8")
    switched.write_text(text.replace(
        "init_on_alloc=0", "init_on_alloc=1 cmdline=a_very_long_word_of_the"
        "_kernel_command_line=with_a_value_that_does_not_end_soon"),
        encoding="utf-8")
    live = []
    for depth in (8, 512, 32768):
        live.append(folder / f"live-{depth}.txt")
        shell(sample, sizes, "--patterns=churn", out=live[-1])
        text = live[-1].read_text(encoding="utf-8")
        live[-1].write_text(text.replace("depth=64", f"depth={depth}"),
                            encoding="utf-8")
    reports: dict[str, list[str | Path]] = {
        "one": [one], "two": [one, "--base", old],
        "lanes": [one, time], "broken": [broken],
        "switches": [other, switched, HERE / "data" / "folklore.txt"],
        "live": [*live]}
    for name, words in reports.items():
        shell(report, *words, "-o", folder / f"{name}.html")
    return {name: folder / f"{name}.html" for name in reports}


def test_layout(tap: Tap, browser: Browser, name: str, page: Path) -> None:
    """No overflow, no overlap, no console message, at every width."""
    shots = os.environ.get("KAB_SHOTS")
    for width in WIDTHS:
        for dark in (False, True):
            browser.look(width, 900, dark)
            browser.open(page)
            browser.run("document.querySelectorAll('.pick button:last-child')"
                        ".forEach(b => b.click());"
                        "document.querySelectorAll('.pick select').forEach("
                        "s => { s.selectedIndex = s.length - 1;"
                        " s.dispatchEvent(new Event('change')); })")
            bad = browser.run(OUTSIDE)
            where = f"{name}, {width} px, {'dark' if dark else 'light'}"
            tap.check(not bad, f"{where}: nothing overflows or overlaps", bad)
            said = browser.console()
            tap.check(not said, f"{where}: nothing on the console", said)
            if shots:
                browser.picture(Path(shots) / f"{where}.png")


def test_colours(tap: Tap, browser: Browser, page: Path) -> None:
    """Dark is dark, light is light, print is light."""
    seen = []
    for dark, print_ in ((False, False), (True, False), (True, True)):
        browser.look(820, 900, dark, print_)
        browser.open(page)
        seen.append(browser.run("return getComputedStyle(document.body)"
                                ".backgroundColor"))
    tap.check(seen == ["rgb(255, 255, 255)", "rgb(21, 24, 27)",
                       "rgb(255, 255, 255)"], "light, dark and print", seen)


def test_width(tap: Tap, browser: Browser, page: Path) -> None:
    """A picture that stands alone has the whole row, up to its size."""
    browser.look(820, 900, False)
    browser.open(page)
    wide = browser.run("return document.querySelector('#latency svg')"
                       ".getBoundingClientRect().width")
    tap.check(600 < wide <= 660, "at 820 px a lone picture is wide", wide)


def test_hover(tap: Tap, browser: Browser, page: Path) -> None:
    """The value of a point shows, and is that of the table."""
    browser.look(1440, 900, False)
    browser.open(page)
    x, y = browser.run(
        CENTRE, "#latency svg .pt[data-tip^='kmalloc 64 B, allocate']")
    browser.pointer(x, y)
    tip = browser.run("return document.getElementById('tip').hidden ? '' : "
                      "document.getElementById('tip').textContent")
    cells = browser.run(
        "return [...document.querySelectorAll('#cost tbody tr')]"
        ".map(r => [...r.cells].map(c => c.textContent))")
    row = next(r for r in cells if r[:3] == ["kmalloc", "64", "alloc"])
    tap.check(f"median {row[4]} instructions" in tip, "hover shows the value",
              (tip, row))
    browser.pointer(5, 5)
    hidden = browser.run("return document.getElementById('tip').hidden")
    tap.check(hidden is True, "and goes away again")


def test_sort(tap: Tap, browser: Browser, page: Path) -> None:
    """A click on a head sorts by number, another turns it round."""
    browser.look(1440, 900, False)
    browser.open(page)
    table = "#answer table"
    before = browser.run(COLUMN, table, 0)
    for want in (True, False):
        x, y = browser.run(CENTRE, f"{table} th:nth-child(1) button")
        browser.pointer(x, y, click=True)
        seen = browser.run(COLUMN, table, 0)
        good = seen == (before if want else before[::-1])
        tap.check(good and len(seen) > 10,
                  f"sort {'up' if want else 'down'} by size, 8 before 1K",
                  seen)


def test_switch(tap: Tap, browser: Browser, page: Path) -> None:
    """A button shows one size, 'all' shows all."""
    browser.look(1440, 900, False)
    browser.open(page)
    count = ("return [...document.querySelectorAll('.group figure')]"
             ".filter(f => !f.hidden).map(f => f.id)")
    tap.check(browser.run(count) == ["distribution-4096"],
              "4K is shown first", browser.run(count))
    x, y = browser.run(CENTRE, ".pick button")
    browser.pointer(x, y, click=True)
    tap.check(browser.run(count) == ["distribution-8"],
              "a button shows another")
    x, y = browser.run(CENTRE, ".pick button:last-child")
    browser.pointer(x, y, click=True)
    tap.check(len(browser.run(count)) > 6, "'all' shows all")


def test_save(tap: Tap, browser: Browser, page: Path) -> None:
    """A picture can be saved, and what is saved is SVG with its colours."""
    browser.open(page)
    saved = browser.run(SAVED)
    tap.check(saved == ["latency-1.svg", "svg", 0, 1],
              "a picture is saved as SVG", saved)


def test_without_script(tap: Tap, browser: Browser, page: Path) -> None:
    """All sizes show when nothing can switch them."""
    browser.script_off(True)
    browser.open(page)
    browser.script_off(False)
    seen = browser.run("return [document.querySelectorAll('figure[hidden]')"
                       ".length, document.querySelectorAll('button').length,"
                       " document.querySelectorAll('svg title').length]")
    tap.check(seen[0] == 0 and seen[1] == 0 and seen[2] > 100,
              "without JavaScript everything is there", seen)


def test_alone(tap: Tap, page: Path) -> None:
    """Nothing is fetched from anywhere."""
    text = page.read_text(encoding="utf-8")
    for space in ("2000/svg", "1999/xlink"):
        text = text.replace(f"http://www.w3.org/{space}", "")
    bad = [w for w in ("http://", "https://", "@import", "<link rel=\"style",
                       "src=\"/", "url(") if w in text]
    tap.check(not bad, "the page needs no network", bad)


def main() -> int:
    """All of it, or a reason why not."""
    reason = missing()
    if reason:
        print(f"1..0 # SKIP {reason}")
        return 0
    tap = Tap()
    with tempfile.TemporaryDirectory() as name, Browser() as browser:
        reports = make_reports(Path(name))
        for label, page in reports.items():
            test_layout(tap, browser, label, page)
        tests: list[Callable[[Tap, Browser, Path], None]] = [
            test_colours, test_width, test_hover, test_sort, test_switch,
            test_save, test_without_script]
        for test in tests:
            test(tap, browser, reports["one"])
        test_alone(tap, reports["lanes"])
    print(f"1..{tap.count}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
