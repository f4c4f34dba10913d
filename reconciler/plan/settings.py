"""The settings that shape what an apply does, as plain values: shown, part of the digest, kept in the state.

They come from jmctl.yaml and say who can open keys, where requests go, whose interviews are meant and what may be
removed. A reviewer has to see when one of them becomes another one, although no interview changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SettingChange:
    """One setting, or one entry of a list, that is another one than at the last apply; None where there is none."""

    name: str
    before: Any
    after: Any


def setting_changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[SettingChange, ...]:
    """What differs, in the order of names; lists by their entries. Without anything recorded nothing differs."""
    if not before:
        return ()
    found: list[SettingChange] = []
    for name in sorted({*before, *now}):
        old, new = before.get(name), now.get(name)
        if isinstance(old, list) and isinstance(new, list):
            found += [SettingChange(name, entry, None) for entry in _without(old, new)]
            found += [SettingChange(name, None, entry) for entry in _without(new, old)]
        elif old != new:
            found.append(SettingChange(name, old, new))
    return tuple(found)


def settings_after(settings: Mapping[str, Any], changes: Sequence[SettingChange]) -> dict[str, Any]:
    """`settings` once `changes` have taken effect; those of names that `settings` lacks are left out."""
    result = dict(settings)
    for change in changes:
        value = result.get(change.name)
        if isinstance(value, list):
            added = [] if change.after is None else [change.after]
            result[change.name] = [*_without(value, [change.before]), *added]
        elif change.name in result:
            result[change.name] = change.after
    return result


def same_settings(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether both have the same values; the order of lists, which are sets of recipients, does not matter."""
    return _unordered(one) == _unordered(other)


def _unordered(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {name: sorted(map(str, value)) if isinstance(value, list) else value for name, value in settings.items()}


def _without(entries: Sequence[Any], others: Sequence[Any]) -> list[Any]:
    return [entry for entry in entries if entry not in others]
