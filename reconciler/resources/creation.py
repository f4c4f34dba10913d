"""The body of a create, and the part of a resource that an update must add afterwards, by the field table. Pure.

But for the ownership mark, only what a manifest declares is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.resources.compare import equal_bytes
from reconciler.resources.kind import Kind


def create_body(kind: Kind, created: Mapping[str, Any], code: str | None) -> dict[str, Any]:
    """The body of the create call: the created part of a resource, marked with `code`."""
    return {**created, **({} if code is None else {kind.mark_field: code})}


def created_part(kind: Kind, attributes: Mapping[str, Any]) -> dict[str, Any]:
    """What of `attributes` a resource has once the create alone is done."""
    return {name: value for name, value in attributes.items() if _is_created(kind, name, value)}


def remaining_part(kind: Kind, attributes: Mapping[str, Any]) -> dict[str, Any]:
    """What the create cannot do and an update must: fields it does not take, and nulls where it would make a value."""
    return {name: value for name, value in attributes.items() if not _is_created(kind, name, value)}


def late_limits(kind: Kind, attributes: Mapping[str, Any]) -> list[str]:
    """The fields of `attributes` that limit who may use the resource and that the create cannot carry."""
    return [
        name
        for name, value in remaining_part(kind, attributes).items()
        if kind.fields[name].limits_access
        and equal_bytes(kind.fields[name], value, attributes) != equal_bytes(kind.fields[name], None, attributes)
    ]


def held_back(kind: Kind, attributes: Mapping[str, Any]) -> dict[str, Any]:
    """What the update after the create opens, by the values at which the create keeps it closed.

    Empty unless a limit is late: without it the resource would be open to everyone until the update arrives.
    """
    if not late_limits(kind, attributes):
        return {}
    rows = (kind.fields[name] for name in attributes)
    return {row.name: row.closed for row in rows if row.closed not in (None, attributes[row.name])}


def _is_created(kind: Kind, name: str, value: Any) -> bool:
    row = kind.fields[name]
    return row.created and not (value is None and row.generated)
