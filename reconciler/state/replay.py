"""Records change what is remembered: `State, records -> State`, in linear time. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from reconciler.address import Address
from reconciler.canonical_json import digest
from reconciler.state.model import MOST_RUNS, Account, ApplyRun, Attempt, Entry, Revision, State, Superseded, Tombstone
from reconciler.state.records import (
    Adopted,
    Applied,
    Begun,
    Bound,
    Buried,
    Closed,
    Configured,
    Confirmed,
    Doubted,
    Embedded,
    Forgotten,
    Moved,
    Ran,
    Record,
    Retired,
    Seen,
)

_OfEntry = Begun | Doubted | Closed | Moved | Applied | Embedded | Retired | Seen


def replay(state: State, records: Iterable[Record]) -> State:
    """`state` after `records`, in order, in O(entries + records).

    Raises KeyError when a record speaks of what is not there.
    """
    entries = dict(state.entries)
    in_doubt = dict(state.in_doubt)
    tombstones = {tombstone.id: tombstone for tombstone in state.tombstones}
    account, applied, settings = state.account, state.applied, state.settings
    looked_up, edited = state.looked_up, state.edited
    for record in records:
        match record:
            case Bound():
                account = Account(record.endpoint, record.merchant)
            case Configured():
                settings = record.settings
            case Ran():
                applied = (*applied, _run(record))[-MOST_RUNS:]
            case Buried():
                tombstones[record.id] = _buried(record, account)
            case Forgotten():
                tombstone = _tombstone(entries.pop(record.address), record, account)
                tombstones[tombstone.id] = tombstone
            case Confirmed() | Adopted():
                _exists(entries, in_doubt, record, tombstones.pop(record.id, None))
            case _:
                _fold(entries, in_doubt, record)
        if isinstance(record, Begun) and record.looked_up:
            looked_up = record.looked_up
        if isinstance(record, Configured | Ran):
            edited = {}  # a plan that named the edits was approved
    return replace(
        state,
        entries=entries,
        in_doubt=in_doubt,
        account=account,
        applied=applied,
        settings=settings,
        tombstones=tuple(tombstones.values()),
        looked_up=looked_up,
        edited={address: stored for address, stored in edited.items() if address in entries},
    )


def _fold(entries: dict[Address, Entry], in_doubt: dict[Address, Attempt], record: _OfEntry) -> None:
    match record:
        case Begun():
            in_doubt[record.address] = _attempt(record)
        case Doubted():
            in_doubt[record.address] = replace(in_doubt[record.address], reason=record.reason, ended_at=record.at)
        case Closed():
            del in_doubt[record.address]
        case Moved():
            entries[record.to] = replace(entries.pop(record.address), address=record.to)
        case _:
            entries[record.address] = _changed(entries[record.address], record)


def _exists(
    entries: dict[Address, Entry],
    in_doubt: dict[Address, Attempt],
    record: Confirmed | Adopted,
    tombstone: Tombstone | None,
) -> None:
    """An entry for an interview that exists; what its tombstone remembers comes back with it."""
    if isinstance(record, Confirmed):
        entry = _entry(in_doubt.pop(record.address), record, entries.get(record.address))
    else:
        entry = _adopted(record, entries.get(record.address))
    if tombstone:
        history = entry.history or tombstone.history
        entry = replace(entry, history=history, revisions=_joined(tombstone.revisions, entry.revisions))
    entries[record.address] = entry


def _joined(before: tuple[Revision, ...], after: tuple[Revision, ...]) -> tuple[Revision, ...]:
    is_same = bool(before and after) and before[-1].digest == after[0].digest
    return (*before, *after[1:]) if is_same else (*before, *after)


def _changed(entry: Entry, record: Applied | Embedded | Retired | Seen) -> Entry:
    match record:
        case Applied():
            return replace(
                entry,
                attributes=record.attributes,
                lifecycle=record.lifecycle,
                updated_at=record.updated_at,
                kept=_still_kept(entry, record.attributes),
                revisions=_revisions(entry.revisions, record.attributes, record.at),
            )
        case Embedded():
            return replace(
                entry,
                embed_id=record.embed_id,
                embed_signing_key=record.embed_signing_key,
                sealed_to=record.sealed_to,
            )
        case Retired():
            history = (replace(old, retired_at=record.at) if old.id == record.id else old for old in entry.history)
            return replace(entry, history=tuple(history))
        case Seen():
            created_at = record.created_at or entry.created_at
            return replace(entry, created_at=created_at, updated_at=record.updated_at, kept=record.kept)


def _still_kept(entry: Entry, applied: Mapping[str, Any]) -> dict[str, Any]:
    """What the service keeps of fields that were applied as they were before."""
    before = entry.attributes
    return {name: held for name, held in entry.kept.items() if name in applied and applied[name] == before.get(name)}


def _attempt(record: Begun) -> Attempt:
    return Attempt(
        address=record.address,
        attempt=record.attempt,
        at=record.at,
        attributes=record.attributes,
        code=record.code,
        lifecycle=record.lifecycle,
        replaces=record.replaces,
    )


def _entry(attempt: Attempt, record: Confirmed, before: Entry | None) -> Entry:
    return Entry(
        address=record.address,
        id=record.id,
        attributes=attempt.attributes,
        code=attempt.code,
        embed_id=record.embed_id,
        embed_signing_key=record.embed_signing_key,
        sealed_to=record.sealed_to,
        made_at=record.at,
        lifecycle=attempt.lifecycle,
        history=_history(before, record.at, is_replaced=before is not None and attempt.replaces == before.id),
        revisions=_revisions(before.revisions if before else (), attempt.attributes, record.at),
        extra=before.extra if before else {},
    )


def _revisions(before: tuple[Revision, ...], attributes: Mapping[str, Any], at: str) -> tuple[Revision, ...]:
    now = digest(attributes.get("questions"))
    return before if before and before[-1].digest == now else (*before, Revision(at, now))


def _adopted(record: Adopted, before: Entry | None) -> Entry:
    return Entry(
        address=record.address,
        id=record.id,
        attributes=record.attributes,
        code=record.code,
        created_at=record.created_at,
        updated_at=record.updated_at,
        lifecycle=record.lifecycle,
        history=_history(before, record.at, is_replaced=False),
        revisions=_revisions(before.revisions if before else (), record.attributes, record.at),
        extra=before.extra if before else {},
    )


def _history(before: Entry | None, at: str, *, is_replaced: bool) -> tuple[Superseded, ...]:
    """The interview that stood here before: to be archived when it is replaced, gone when it was missing."""
    if before is None:
        return ()
    retired_at = None if is_replaced else at
    return (*before.history, Superseded(before.id, before.embed_id, before.created_at, retired_at))


def _run(record: Ran) -> ApplyRun:
    return ApplyRun(record.at, record.jmctl, record.commit, record.branch, record.run, record.by, record.changes)


def _tombstone(entry: Entry, record: Forgotten, account: Account | None) -> Tombstone:
    return Tombstone(
        address=entry.address,
        id=entry.id,
        at=record.at,
        reason=record.reason,
        attributes=entry.attributes,
        code=entry.code,
        embed_id=entry.embed_id,
        created_at=entry.created_at,
        merchant=_merchant(entry.attributes, account),
        commit=record.commit,
        history=entry.history,
        revisions=entry.revisions,
    )


def _buried(record: Buried, account: Account | None) -> Tombstone:
    return Tombstone(
        address=record.address,
        id=record.id,
        at=record.at,
        reason=record.reason,
        attributes=record.attributes,
        code=record.code,
        created_at=record.created_at,
        merchant=_merchant(record.attributes, account),
        revisions=_revisions((), record.attributes, record.created_at or record.at),
    )


def _merchant(attributes: Mapping[str, Any], account: Account | None) -> str | None:
    merchant = attributes.get("merchant_id")
    return merchant if isinstance(merchant, str) else account.merchant if account else None
