#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Read OpenMetrics on stdin with the parser of the Prometheus client."""
import importlib
import sys


def main(argv: list[str]) -> int:
    parser = importlib.import_module("prometheus_client.openmetrics.parser")
    text = sys.stdin.read()
    for family in parser.text_string_to_metric_families(text):
        for sample in family.samples:
            print(sample.name, *(f"{k}={v}" for k, v in
                                 sorted(sample.labels.items())),
                  sample.value, sep="\t")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
