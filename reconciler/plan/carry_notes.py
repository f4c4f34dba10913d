"""What a replacement takes over and what it loses, in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.canonical_json import canonical
from reconciler.resources.carry import Carried

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


def _values(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {_short(value)}" for name, value in values.items())


def _short(value: Any) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str) and value and isinstance(value[0], Mapping):
        return "(fields that the manifest does not declare)"
    text = canonical(value).decode()
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
