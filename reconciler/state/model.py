"""What jmctl remembers: values only. Records change it, and nothing else does.

`extra` holds members that a later jmctl of the same format version wrote: they are kept and written back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.address import Address
from reconciler.manifest.desired import Lifecycle

STATE_VERSION = 2


@dataclass(frozen=True, slots=True)
class Superseded:
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
    `embed_signing_key` is sealed (ASCII-armored age), never clear; `sealed_to` are the fingerprints of the public keys
    whose holders can open it, empty for a key that was sealed without naming its interview. `made_at` is when jmctl
    created it, None when it was adopted; `created_at` is the service's own time, None until it was seen there; so is
    `updated_at`, when the interview was last seen to equal `attributes`; None means that it has to be looked at.
    `kept` holds what the service showed for fields of which it did not take the applied value, sent twice.
    """

    address: Address
    id: str
    attributes: Mapping[str, Any]
    code: str | None = None
    embed_id: str | None = None
    embed_signing_key: str | None = None
    sealed_to: tuple[str, ...] = ()
    made_at: str | None = None
    created_at: str | None = None
    updated_at: str | None = None
    lifecycle: Lifecycle = Lifecycle()
    history: tuple[Superseded, ...] = ()
    revisions: tuple[Revision, ...] = ()
    kept: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name alone, as views show it."""
        return self.address.name


@dataclass(frozen=True, slots=True)
class Attempt:
    """A create that was begun and whose outcome is not known.

    `ended_at` is when jmctl stopped waiting for the answer; None when it ended before, so that the request may have
    left at any time after `at`.
    """

    address: Address
    attempt: str
    at: str
    attributes: Mapping[str, Any]
    code: str | None
    lifecycle: Lifecycle = Lifecycle()
    replaces: str | None = None
    reason: str = "jmctl ended before the answer came"
    ended_at: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name alone, as views show it."""
        return self.address.name


@dataclass(frozen=True, slots=True)
class Account:
    """Whose interviews a state is about: the API's address as configured, and the merchant that the token acts for."""

    endpoint: str
    merchant: str


@dataclass(frozen=True, slots=True)
class ApplyRun:
    """One apply that was begun: from which commit, by whom, with what in its plan ("create Interview/a").

    `run` is the URL of the pipeline's run. What could not be found out is None.
    """

    at: str
    jmctl: str
    commit: str | None = None
    branch: str | None = None
    run: str | None = None
    by: str | None = None
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tombstone:
    """An interview that was under jmctl and is not any more; `reason` is what was done to it, `commit` from where.

    Whatever leads from its results to its wording stays; its embed key does not.
    """

    address: Address
    id: str
    at: str
    reason: str
    attributes: Mapping[str, Any]
    code: str | None = None
    embed_id: str | None = None
    created_at: str | None = None
    merchant: str | None = None
    commit: str | None = None
    history: tuple[Superseded, ...] = ()
    revisions: tuple[Revision, ...] = ()


MOST_RUNS = 20


@dataclass(frozen=True, slots=True)
class State:
    """Everything remembered for one environment; `lineage` names its line of descent, `serial` counts its commits.

    `account` is None until the first apply. `applied` holds the newest MOST_RUNS applies, oldest first; `tombstones`
    are in the order of removal. `settings` are those of the last apply that recorded any (plan/settings.py).
    `looked_up` says for each list (`resources.kind.list_key`) up to which `updated_at` it has been looked through for
    marks of this environment: of what it showed before that time, nothing unknown to this state is ours.
    `edited` are the entries that are not those of their checksums (state/checksums.py), with that checksum, which is
    empty where the document has none: they were changed without an apply, and stay so until the next one.
    """

    lineage: str
    serial: int = 0
    entries: Mapping[Address, Entry] = field(default_factory=dict)
    in_doubt: Mapping[Address, Attempt] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    account: Account | None = None
    applied: tuple[ApplyRun, ...] = ()
    tombstones: tuple[Tombstone, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    looked_up: Mapping[str, str] = field(default_factory=dict)
    edited: Mapping[Address, str] = field(default_factory=dict)
