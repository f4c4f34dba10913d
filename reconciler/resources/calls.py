"""Calls: the service's operations for one kind of resource, and how their bodies are read. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.resources.field import Field
from reconciler.resources.observed import Listed, Observed


@dataclass(frozen=True, slots=True)
class Calls:
    """Paths of the five operations, names of the id in their bodies, and decoders.

    `types` are the values of `type` that the list operation is asked for, each a list of its own. `listed` makes a
    value of one row of a list, `observed` of an id and the body of a read, which does not carry the id; both raise
    ValueError when a body lacks what jmctl depends on, and take nulls and unknown keys as normal in all else.
    """

    list: str
    read: str
    create: str
    update: str
    set_state: str
    types: tuple[str, ...]
    id_parameter: str
    created_id: str
    listed: Callable[[Mapping[str, Any]], Listed]
    observed: Callable[[str, Mapping[str, Any]], Observed]


def required_text(body: Mapping[str, Any], key: str) -> str:
    """The text at `key`. Raises ValueError when there is none."""
    value = body.get(key)
    if not isinstance(value, str) or not value:
        raise ValueError(f"no {key} in the answer")
    return value


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
