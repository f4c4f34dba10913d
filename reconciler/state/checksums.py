"""Checksums of what decides in an entry, so that an edit by hand shows in the next plan. Pure.

A checksum finds edits, not forgeries: an author of the document can write the checksum, too. In the job of a pull
request the state of the target branch is compared instead (`plan/state_checks.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple
from hashlib import sha256
from typing import Any

import orjson

from reconciler.address import Address
from reconciler.state.model import Entry, State

PARTS = ("id", "lifecycle", "embed key", "history")
"""What a checksum covers, in the order of its groups."""

_DIGITS = 8
_SEPARATOR = "-"


def checksum(entry: Entry) -> str:
    """Eight hex digits for each of `PARTS`, joined by hyphens."""
    name = str(entry.address)
    parts = (
        [name, entry.id, entry.code],
        [name, entry.lifecycle.protect, entry.lifecycle.on_remove, sorted(entry.lifecycle.ignore)],
        [name, entry.embed_id, entry.embed_signing_key, sorted(entry.sealed_to)],
        [name, *(astuple(former) for former in entry.history)],
    )
    return _SEPARATOR.join(sha256(orjson.dumps(part)).hexdigest()[:_DIGITS] for part in parts)


def checksums(state: State) -> dict[str, str]:
    """The checksum of each entry by its address, in order; an edited one keeps what it had."""
    found = {str(one): state.edited.get(one) for one in sorted(state.entries)}
    own = {str(one): checksum(entry) for one, entry in state.entries.items() if one not in state.edited}
    return {name: text for name, there in found.items() if (text := own[name] if there is None else there)}


def edited(entries: Mapping[Address, Entry], stored: Mapping[str, Any]) -> dict[Address, str]:
    """The entries that are not those of which `stored` has the checksum: what it has for them, empty for nothing."""
    found = {address: str(stored.get(str(address), "")) for address in entries}
    return {address: there for address, there in found.items() if there != checksum(entries[address])}


def edited_parts(entry: Entry, stored: str) -> tuple[str, ...]:
    """Which of `PARTS` differ from the checksum `stored`; all of them when it is none."""
    groups, expected = stored.split(_SEPARATOR), checksum(entry).split(_SEPARATOR)
    if len(groups) != len(expected):
        return PARTS
    return tuple(part for part, there, own in zip(PARTS, groups, expected, strict=True) if there != own)
