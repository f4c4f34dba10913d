"""The body of a read to attributes under the manifest's names, by the paths of a field table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.resources.field import Field


def attributes(fields: Mapping[str, Field], body: Mapping[str, Any]) -> dict[str, Any]:
    """Every field that `body` shows; one that it does not name at its top level is left out."""
    found = {}
    for name, row in fields.items():
        value, there = _dig(body, row.read or ())
        if row.read and there:
            found[name] = value
    return found


def _dig(body: Any, path: tuple[str, ...]) -> tuple[Any, bool]:
    """What lies at `path`; a null on the way is null at its end, an absent key is not there."""
    value = body
    for key in path:
        if value is None:
            return None, True
        if not isinstance(value, dict):
            return None, False
        if key not in value:
            # inside an object that was read, a missing key says null; a missing top-level key says nothing
            return None, value is not body
        value = value[key]
    return value, True
