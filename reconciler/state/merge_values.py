"""How the parts of two entries merge: histories, revisions, members of a later format; the same both ways. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from reconciler.canonical_json import digest
from reconciler.errors import Damaged
from reconciler.state.model import MOST_RUNS, Account, ApplyRun, Entry, Revision, Superseded, Tombstone


def history(*sides: Iterable[Superseded]) -> tuple[Superseded, ...]:
    """Every interview of both, once, in the order of the longer one; retired as soon as one side says so."""
    found: dict[str, Superseded] = {}
    for former in (former for side in sorted(map(tuple, sides), key=_long_first) for former in side):
        known = found.setdefault(former.id, former)
        found[former.id] = replace(
            known,
            embed_id=known.embed_id or former.embed_id,
            created_at=known.created_at or former.created_at,
            retired_at=max(known.retired_at or "", former.retired_at or "") or None,
        )
    return tuple(found.values())


def _long_first(side: tuple[Superseded, ...]) -> tuple[int, list[str]]:
    return -len(side), [former.id for former in side]


def revisions(found: Iterable[Revision]) -> tuple[Revision, ...]:
    kept: list[Revision] = []
    for revision in sorted(set(found), key=lambda revision: (revision.at, revision.digest)):
        if not kept or kept[-1].digest != revision.digest:
            kept.append(revision)
    return tuple(kept)


def applied(found: Iterable[ApplyRun]) -> tuple[ApplyRun, ...]:
    """The newest applies of both sides, each once."""
    return tuple(sorted(set(found), key=lambda run: (run.at, run.commit or "", run.changes))[-MOST_RUNS:])


def tombstones(found: Iterable[Tombstone], entries: Collection[Entry]) -> tuple[Tombstone, ...]:
    """The tombstones of both sides, each interview once, but for those that an entry stands for."""
    living = {entry.id for entry in entries}
    kept: dict[str, Tombstone] = {}
    for tombstone in sorted(found, key=lambda one: (one.at, one.id, one.reason)):
        if tombstone.id not in living:
            kept[tombstone.id] = tombstone
    return tuple(kept.values())


def account(ours: Account | None, theirs: Account | None) -> Account | None:
    """The account of both. Raises Damaged when they are of different accounts."""
    if ours and theirs and ours != theirs:
        detail = f"one is of merchant {ours.merchant} at {ours.endpoint}, the other of {theirs.merchant} at"
        hint = "keep the one of the account that jmctl.yaml names: jmctl whoami"
        raise Damaged("the states are of different accounts", f"{detail} {theirs.endpoint}", hint=hint)
    return ours or theirs


def extra(base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """Members of a later format: what one side changed is taken from it; what both did, from one of them."""
    merged = {}
    for key in sorted({*ours, *theirs}):
        here, there, then = (side.get(key) for side in (ours, theirs, base))
        value = here if there == then else there if here == then else max(here, there, key=digest)
        if value is not None:
            merged[key] = value
    return merged
