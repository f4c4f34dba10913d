"""The body of a create, and the part of a resource that an update must add afterwards, by the field table. Pure.

But for the ownership mark, only what a manifest declares is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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


def _is_created(kind: Kind, name: str, value: Any) -> bool:
    row = kind.fields[name]
    return row.created and not (value is None and row.generated)
