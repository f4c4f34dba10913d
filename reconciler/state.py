"""What jmctl remembers, the records of what happened, and how records change what is remembered.

A record says what is known at that moment, never what is hoped. `replay` folds records into a state in linear time;
the same records are fsynced by the journal and shown to the user.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, ClassVar

from reconciler.desired import Lifecycle
from reconciler.digest import digest

STATE_VERSION = 1


@dataclass(frozen=True, slots=True)
class Former:
    """An interview that an entry once stood for, so that old results still find their manifest."""

    id: str
    embed_id: str | None
    created_at: str | None
    retired_at: str | None  # None while it is still to be archived


@dataclass(frozen=True, slots=True)
class Revision:
    """One wording of the questions: in force from `at` on; `digest` is that of the list of questions."""

    at: str
    digest: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One interview under jmctl.

    `attributes` are those last applied. `code` is what its creation sent as `code`, the mark that finds it again.
    `embed_signing_key` is sealed (ASCII-armored age), never clear. `updated_at` is the service's own time when the
    interview was last seen to equal `attributes`; None means that it has to be looked at.
    """

    name: str
    id: str
    attributes: Mapping[str, Any]
    code: str | None = None
    embed_id: str | None = None
    embed_signing_key: str | None = None
    created_at: str | None = None
    updated_at: str | None = None
    lifecycle: Lifecycle = Lifecycle()
    history: tuple[Former, ...] = ()
    revisions: tuple[Revision, ...] = ()


@dataclass(frozen=True, slots=True)
class Attempt:
    """A create that was begun and whose outcome is not known."""

    name: str
    attempt: str
    at: str
    attributes: Mapping[str, Any]
    code: str | None
    lifecycle: Lifecycle = Lifecycle()
    replaces: str | None = None
    reason: str = "jmctl ended before the answer came"


@dataclass(frozen=True, slots=True)
class State:
    """Everything remembered for one environment; `lineage` names its line of descent, `serial` counts its commits."""

    lineage: str
    serial: int = 0
    entries: Mapping[str, Entry] = field(default_factory=dict)
    in_doubt: Mapping[str, Attempt] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Begun:
    """On disk before the first byte of a create leaves; `replaces` is the id that is archived once it is confirmed."""

    record: ClassVar[str] = "begun"
    name: str
    attempt: str
    at: str
    attributes: Mapping[str, Any]
    code: str | None
    lifecycle: Lifecycle = Lifecycle()
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The service confirmed a create."""

    record: ClassVar[str] = "created"
    name: str
    attempt: str
    at: str
    id: str
    embed_id: str | None = None
    embed_signing_key: str | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """A create certainly did not happen: never sent, or rejected."""

    record: ClassVar[str] = "closed"
    name: str
    attempt: str
    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class Doubted:
    """A create ended without a readable answer."""

    record: ClassVar[str] = "doubted"
    name: str
    attempt: str
    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class Applied:
    """The interview now has these attributes and is treated so; `updated_at` when it was read back."""

    record: ClassVar[str] = "applied"
    name: str
    at: str
    attributes: Mapping[str, Any]
    lifecycle: Lifecycle
    updated_at: str | None = None


@dataclass(frozen=True, slots=True)
class Embedded:
    """The embed credentials as the service gave them, the key sealed; None after they were removed."""

    record: ClassVar[str] = "embedded"
    name: str
    at: str
    embed_id: str | None
    embed_signing_key: str | None


@dataclass(frozen=True, slots=True)
class Adopted:
    """An interview that existed before jmctl is under it from now on."""

    record: ClassVar[str] = "adopted"
    name: str
    at: str
    id: str
    attributes: Mapping[str, Any]
    lifecycle: Lifecycle
    code: str | None
    created_at: str | None
    updated_at: str | None


@dataclass(frozen=True, slots=True)
class Retired:
    """An interview that was replaced is archived now."""

    record: ClassVar[str] = "retired"
    name: str
    at: str
    id: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The entry goes by another name; nothing was sent."""

    record: ClassVar[str] = "moved"
    name: str
    to: str
    at: str


@dataclass(frozen=True, slots=True)
class Seen:
    """The service was seen to hold what was applied, as of its own `updated_at`."""

    record: ClassVar[str] = "seen"
    name: str
    created_at: str | None
    updated_at: str | None


@dataclass(frozen=True, slots=True)
class Forgotten:
    """The entry is no longer ours."""

    record: ClassVar[str] = "forgotten"
    name: str
    at: str
    reason: str


Record = Begun | Confirmed | Closed | Doubted | Applied | Embedded | Adopted | Retired | Moved | Seen | Forgotten


def now() -> str:
    """The time of a record: UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def replay(state: State, records: Iterable[Record]) -> State:
    """`state` after `records`, in order, in O(entries + records).

    Raises KeyError when a record speaks of what is not there.
    """
    entries = dict(state.entries)
    in_doubt = dict(state.in_doubt)
    for record in records:
        _fold(entries, in_doubt, record)
    return replace(state, entries=entries, in_doubt=in_doubt)


def _fold(entries: dict[str, Entry], in_doubt: dict[str, Attempt], record: Record) -> None:
    match record:
        case Begun():
            in_doubt[record.name] = _attempt(record)
        case Doubted():
            in_doubt[record.name] = replace(in_doubt[record.name], reason=record.reason)
        case Closed():
            del in_doubt[record.name]
        case Confirmed():
            entries[record.name] = _entry(in_doubt.pop(record.name), record, entries.get(record.name))
        case Adopted():
            entries[record.name] = _adopted(record)
        case Forgotten():
            del entries[record.name]
        case Moved():
            entries[record.to] = replace(entries.pop(record.name), name=record.to)
        case _:
            entries[record.name] = _changed(entries[record.name], record)


def _changed(entry: Entry, record: Applied | Embedded | Retired | Seen) -> Entry:
    match record:
        case Applied():
            return replace(
                entry,
                attributes=record.attributes,
                lifecycle=record.lifecycle,
                updated_at=record.updated_at,
                revisions=_revisions(entry.revisions, record.attributes, record.at),
            )
        case Embedded():
            return replace(entry, embed_id=record.embed_id, embed_signing_key=record.embed_signing_key)
        case Retired():
            history = (replace(old, retired_at=record.at) if old.id == record.id else old for old in entry.history)
            return replace(entry, history=tuple(history))
        case Seen():
            return replace(entry, created_at=record.created_at or entry.created_at, updated_at=record.updated_at)


def _attempt(record: Begun) -> Attempt:
    return Attempt(
        name=record.name,
        attempt=record.attempt,
        at=record.at,
        attributes=record.attributes,
        code=record.code,
        lifecycle=record.lifecycle,
        replaces=record.replaces,
    )


def _entry(attempt: Attempt, record: Confirmed, before: Entry | None) -> Entry:
    return Entry(
        name=record.name,
        id=record.id,
        attributes=attempt.attributes,
        code=attempt.code,
        embed_id=record.embed_id,
        embed_signing_key=record.embed_signing_key,
        lifecycle=attempt.lifecycle,
        history=_history(before, attempt, record.at),
        revisions=_revisions(before.revisions if before else (), attempt.attributes, record.at),
    )


def _revisions(before: tuple[Revision, ...], attributes: Mapping[str, Any], at: str) -> tuple[Revision, ...]:
    now = digest(attributes.get("questions"))
    return before if before and before[-1].digest == now else (*before, Revision(at, now))


def _adopted(record: Adopted) -> Entry:
    return Entry(
        name=record.name,
        id=record.id,
        attributes=record.attributes,
        code=record.code,
        created_at=record.created_at,
        updated_at=record.updated_at,
        lifecycle=record.lifecycle,
        revisions=_revisions((), record.attributes, record.at),
    )


def _history(before: Entry | None, attempt: Attempt, at: str) -> tuple[Former, ...]:
    """The interview that stood here before: to be archived when it is replaced, gone when it was missing."""
    if before is None:
        return ()
    retired_at = None if attempt.replaces == before.id else at
    return (*before.history, Former(before.id, before.embed_id, before.created_at, retired_at))
