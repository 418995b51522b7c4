#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Check a KCIDB submission on stdin against its format, version 5.3.

Prints how many checkouts, builds and tests there are, then "path status value
unit" per test. The schema holds what the format says of the fields that are
used here, and lets no other in.
"""
import importlib
import json
import sys
from typing import Any

ID = {"type": "string", "pattern": r"^[a-z0-9_]+:[^\0]*$"}
ORIGIN = {"type": "string", "pattern": r"^[a-z0-9_]+$"}
TEXT = {"type": "string", "pattern": r"^[^\0]*$"}


def item(required: str, **fields: Any) -> dict[str, Any]:
    """A closed object with these fields beside id, origin and comment."""
    return {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "id": ID,
                "origin": ORIGIN,
                "comment": TEXT,
                "misc": {"type": "object"},
                **fields,
            },
            "required": required.split(),
            "additionalProperties": False,
        },
    }


SCHEMA = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "properties": {
        "version": {
            "type": "object",
            "properties": {
                "major": {"const": 5},
                "minor": {"const": 3},
            },
            "required": ["major", "minor"],
            "additionalProperties": False,
        },
        "checkouts": item("id origin"),
        "builds": item("id origin checkout_id", checkout_id=ID),
        "tests": item(
            "id origin build_id",
            build_id=ID,
            path={
                "type": "string",
                "pattern": r"^([a-zA-Z0-9_-]+(\.[a-zA-Z0-9_-]+)*)?$",
            },
            status={
                "enum": ["FAIL", "ERROR", "MISS", "PASS", "DONE", "SKIP"],
            },
            number={
                "type": "object",
                "properties": {
                    "value": {"type": "number"},
                    "unit": TEXT,
                    "prefix": {"enum": ["metric", "binary"]},
                },
                "required": ["value"],
                "additionalProperties": False,
            },
        ),
    },
    "required": ["version"],
    "additionalProperties": False,
}


def main() -> int:
    """Validate, count, list."""
    jsonschema = importlib.import_module("jsonschema")
    data = json.load(sys.stdin)
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    jsonschema.validate(data, SCHEMA, cls=jsonschema.Draft7Validator)
    ids = [test["id"] for test in data["tests"]]
    assert len(ids) == len(set(ids)), "an id stands twice"
    print(len(data.get("checkouts", [])), len(data.get("builds", [])),
          len(data["tests"]))
    for test in data["tests"]:
        number = test.get("number", {})
        print(test["path"], test["status"], number.get("value", "-"),
              number.get("unit", "-"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
