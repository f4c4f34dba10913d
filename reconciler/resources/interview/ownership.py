"""The body of a create, and the part of an interview that an update must add afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.resources.interview.fields import FIELDS


def create_body(created: Mapping[str, Any], code: str | None) -> dict[str, Any]:
    """The body of job-interview-create-from-array: the created part of an interview, marked with `code`."""
    return {**created, **({} if code is None else {"code": code})}


def created_part(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """What of `attributes` an interview has once the create alone is done."""
    return {name: value for name, value in attributes.items() if _is_created(name, value)}


def remaining_part(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """What the create cannot do and an update must: fields it does not take, and nulls where it would make a value."""
    return {name: value for name, value in attributes.items() if not _is_created(name, value)}


def _is_created(name: str, value: Any) -> bool:
    row = FIELDS[name]
    return row.created and not (value is None and row.generated)
