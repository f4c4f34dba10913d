"""What happened, one record at a time: what is known at that moment, never what is hoped.

The journal fsyncs them, and a state is what they add up to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar

from reconciler.address import Address
from reconciler.manifest.desired import Lifecycle

# What records of the state as a whole are about
OF_ACCOUNT = Address("State", "account")
OF_SETTINGS = Address("State", "settings")
OF_RUN = Address("State", "run")


@dataclass(frozen=True, slots=True)
class Begun:
    """On disk before the first byte of a create leaves; `replaces` is the id that is archived once it is confirmed.

    `looked_up` is what `State.looked_up` becomes: how far the lists had been looked through when it was begun.
    """

    record: ClassVar[str] = "begun"
    address: Address
    attempt: str
    at: str
    attributes: Mapping[str, Any]
    code: str | None
    lifecycle: Lifecycle = Lifecycle()
    replaces: str | None = None
    looked_up: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The service confirmed a create."""

    record: ClassVar[str] = "created"
    address: Address
    attempt: str
    at: str
    id: str
    embed_id: str | None = None
    embed_signing_key: str | None = None
    sealed_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Closed:
    """A create certainly did not happen: never sent, or rejected."""

    record: ClassVar[str] = "closed"
    address: Address
    attempt: str
    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class Doubted:
    """A create ended without a readable answer."""

    record: ClassVar[str] = "doubted"
    address: Address
    attempt: str
    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class Applied:
    """The interview now has these attributes and is treated so; `updated_at` when it was read back."""

    record: ClassVar[str] = "applied"
    address: Address
    at: str
    attributes: Mapping[str, Any]
    lifecycle: Lifecycle
    updated_at: str | None = None


@dataclass(frozen=True, slots=True)
class Embedded:
    """The embed credentials as the service gave them, the key sealed; None after they were removed."""

    record: ClassVar[str] = "embedded"
    address: Address
    at: str
    embed_id: str | None
    embed_signing_key: str | None
    sealed_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Adopted:
    """An interview that existed before jmctl is under it from now on."""

    record: ClassVar[str] = "adopted"
    address: Address
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
    address: Address
    at: str
    id: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The entry goes by another name; nothing was sent."""

    record: ClassVar[str] = "moved"
    address: Address
    to: Address
    at: str


@dataclass(frozen=True, slots=True)
class Seen:
    """The service was seen to hold what was applied, as of its own `updated_at`, but for what it keeps (`kept`)."""

    record: ClassVar[str] = "seen"
    address: Address
    created_at: str | None
    updated_at: str | None
    kept: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """The entry is no longer ours: a tombstone keeps what it stood for. `commit` is that of the manifests."""

    record: ClassVar[str] = "forgotten"
    address: Address
    at: str
    reason: str
    commit: str | None = None


@dataclass(frozen=True, slots=True)
class Buried:
    """An interview that carries the mark of `address` and is archived: a tombstone that a rebuild found again."""

    record: ClassVar[str] = "buried"
    address: Address
    at: str
    id: str
    attributes: Mapping[str, Any]
    reason: str
    code: str | None = None
    created_at: str | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """The account that the state is about from now on. Of the state as a whole, which has an address of its own."""

    record: ClassVar[str] = "bound"
    at: str
    endpoint: str
    merchant: str
    address: Address = OF_ACCOUNT


@dataclass(frozen=True, slots=True)
class Configured:
    """The settings under which an apply was begun (plan/settings.py). Of the state as a whole, as `Bound` is."""

    record: ClassVar[str] = "configured"
    at: str
    settings: Mapping[str, Any]
    address: Address = OF_SETTINGS


@dataclass(frozen=True, slots=True)
class Ran:
    """An apply was begun; see `ApplyRun`. Of the state as a whole, as `Bound` is."""

    record: ClassVar[str] = "ran"
    at: str
    jmctl: str
    commit: str | None = None
    branch: str | None = None
    run: str | None = None
    by: str | None = None
    changes: tuple[str, ...] = ()
    address: Address = OF_RUN


Record = (
    Begun
    | Confirmed
    | Closed
    | Doubted
    | Applied
    | Embedded
    | Adopted
    | Retired
    | Moved
    | Seen
    | Forgotten
    | Buried
    | Bound
    | Ran
    | Configured
)


def now() -> str:
    """The time of a record: UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
