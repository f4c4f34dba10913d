"""What a create keeps closed at first, what a replacement takes over and what it loses, in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.canonical_json import canonical
from reconciler.resources.carry import Carried
from reconciler.resources.creation import held_back, late_limits
from reconciler.resources.kind import Kind

_LONGEST = 60


def carry_notes(found: Carried | None) -> list[str]:
    """The notes of a replacement; None says that the old interview was not read."""
    if found is None:
        return ["not looked at: what the new interview takes over from the old one is not known"]
    notes = []
    if found.values:
        notes.append(f"carried over from the old interview: {_values(found.values)}")
    if found.lost:
        notes.append(f"lost, because no create or update takes it: {_values(found.lost)}")
    if found.unseen:
        notes.append(f"lost unless declared, because it cannot be read: {', '.join(found.unseen)}")
    return notes


def closed_notes(kind: Kind, attributes: Mapping[str, Any]) -> tuple[str, ...]:
    """That a new resource with `attributes` is opened only by the update that sets its limits; none where it is not."""
    closed = held_back(kind, attributes)
    if not closed:
        return ()
    begins = ", ".join(f"{name} {_short(value)}" for name, value in closed.items())
    becomes = ", ".join(f"{name} {_short(attributes[name])}" for name in closed)
    limits = ", ".join(late_limits(kind, attributes))
    return (
        f"created with {begins}; the update that sets {limits} makes it {becomes}, so that it is never open to all",
    )


def _values(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {_short(value)}" for name, value in values.items())


def _short(value: Any) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str) and value and isinstance(value[0], Mapping):
        return "(fields that the manifest does not declare)"
    text = canonical(value).decode()
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
