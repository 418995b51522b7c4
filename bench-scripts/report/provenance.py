# SPDX-License-Identifier: GPL-2.0
"""Where the numbers of a report come from."""

from __future__ import annotations

import shlex

from dataset import DataSet
from doc import Code, Para, Section, Table
from inputs import Inputs, lane_name
from switches import labelled

# What of the environment changes an answer, for the table of provenance.
IMPORTANT = (
    "date accel qemu cpu host_cpu hypervisor cpu_model cpus mem_kib cmdline "
    "init_on_alloc governor no_turbo boost smt isolated module_cc "
    "module_sha256 kernel_sha256").split()
SAID_ELSEWHERE = {"kernel", "lane", "command", "boot", "boots"}


def section(inputs: Inputs) -> Section:
    """Where the numbers come from, and how to get them again."""
    out = Section("provenance", "Where this comes from")
    switched = {id(data): f", {label}" for label, data in labelled(inputs)[1:]}
    for data in inputs.sets + inputs.base:
        rows = [["kernel", data.kernel], ["lane", lane_name(data)],
                ["clock", " ".join(f"{k}={v}"
                                   for k, v in data.clock.items())],
                ["cost of the clock", f"{data.overhead}, taken off"],
                ["result files", data.about.get("files", "?")],
                ["boots", boots_of(data)], ["noise", noise_of(data)]]
        known = [k for k in IMPORTANT if k in data.meta]
        rest = sorted(set(data.meta) - set(known) - SAID_ELSEWHERE)
        rows += [[key, "; ".join(data.meta[key][:4])] for key in known]
        out.blocks.append(Table(
            f"{data.kernel}, {lane_name(data)}"
            + switched.get(id(data), ""), ["what", "value"], rows,
            {0, 1}, long=data is not inputs.sets[0]))
        if rest:
            out.blocks.append(Table(
                "Everything else that the results say of the machine",
                ["what", "value"],
                [[key, "; ".join(data.meta[key][:4])] for key in rest],
                {0, 1}, long=True, minor=True))
        out.blocks.append(Para("To measure the same again:"))
        out.blocks.append(Code(reproduce(data)))
    out.blocks.append(Para(
        "Percentiles are taken from histograms merged by adding counts, "
        "never averaged, and shown only where at least 10 samples lie beyond "
        "them. Values are net of the clock's own cost.", "note"))
    return out


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
        return "\n".join("bench-scripts/" * c.startswith(("vm.sh", "'vm.sh'",
                                                          "collect.sh"))
                         + plainly_quoted(c) for c in commands)
    return "\n".join(f"echo '{line}' > /sys/kernel/debug/kallocbench/run"
                     for line in data.params) or "nothing was run"


def plainly_quoted(command: str) -> str:
    """The same command with quotes only where a shell needs them."""
    try:
        return shlex.join(shlex.split(command))
    except ValueError:
        return command
