"""What a replacement takes over from the resource that it replaces: values that no manifest declares. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.resources.compare import equal_bytes, own_part
from reconciler.resources.field import By, Choice, Rule
from reconciler.resources.kind import Kind


@dataclass(frozen=True, slots=True)
class Carried:
    """`values` are sent to the new resource; `lost` names what it cannot be given, `unseen` what cannot be read."""

    values: Mapping[str, Any] = field(default_factory=dict)
    lost: Mapping[str, Any] = field(default_factory=dict)
    unseen: tuple[str, ...] = ()


def carried(kind: Kind, spec: Mapping[str, Any], old: Mapping[str, Any]) -> Carried:
    """What the resource with the attributes `old`, as they were read, has besides `spec`.

    A value that means the same as null is not carried. Lists with keys are: entry by entry, where `spec` has the entry.
    """
    values: dict[str, Any] = {}
    lost: dict[str, Any] = {}
    unseen = []
    for name, row in kind.fields.items():
        if row.rule is Rule.QUESTIONS:
            if more := kind.carried_list(spec.get(name), old.get(name), old):
                values[name] = more
            continue
        if name in spec or name in {kind.mark_field, kind.credential_field}:
            continue
        if row.read is None:
            unseen += [name] if row.by is By.REPLACE else []
            continue
        value = own_part(kind, row, old.get(name))
        if value is None or equal_bytes(row, value, old) == equal_bytes(row, None, old) or row.by is By.REPLACE:
            continue
        fits = not isinstance(row.type, Choice) or value in row.type.values
        (values if fits else lost)[name] = value
    return Carried(values, lost, tuple(unseen))
