"""Older versions of the state document, brought to the current one step by step. Pure.

A step takes the document of its version as plain JSON, already free of duplicate keys, and returns that of the next
version. It may not assume more than its version promised; the checks of the current version run after the last step.
A new version adds one function, one row in STEPS, and vectors in `tests/state/vectors/`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Document = dict[str, Any]


def v1_to_v2(document: Document) -> Document:
    """Version 2 names the kind of each entry and open create, and the jmctl that wrote the document."""
    upgraded: Document = {"version": 2, "jmctl": "0.1.0"}
    for key, value in document.items():
        if key in ("interviews", "in_doubt") and isinstance(value, list):
            upgraded[key] = [_with_kind(item) for item in value]
        elif key != "version":
            upgraded[key] = value
    return upgraded


def v1_record_to_v2(record: Document) -> Document:
    """The same for one record of a journal."""
    return {"kind": "Interview", **record}


STEPS: dict[int, Callable[[Document], Document]] = {1: v1_to_v2}
RECORD_STEPS: dict[int, Callable[[Document], Document]] = {1: v1_record_to_v2}


def upgraded(value: Document, version: int, steps: dict[int, Callable[[Document], Document]]) -> Document:
    """`value` of `version` after every later step."""
    while version in steps:
        value = steps[version](value)
        version += 1
    return value


def _with_kind(item: Any) -> Any:
    return {"kind": "Interview", **item} if isinstance(item, dict) and "kind" not in item else item
