"""The lease of a shared state: who writes it, until when, as one member of the state document. Pure.

A document in a shared store has a member `lease`. `fence` counts the leases that were taken and never goes back. While
a run is at work, `id` tells its lease from every other one, and `until` is when it ends unless it is renewed. The times
are the holder's clock, so that a reader waits for `Timing.skew` longer, and for `Timing.call`, the time that a request
under way may take.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import inf
from typing import Any

from reconciler.errors import Damaged, Where
from reconciler.state.backend import Holder
from reconciler.state.format import dump_state
from reconciler.state.json_text import path_text
from reconciler.state.model import State
from reconciler.state.shape import Members, WrongValue, count, filled, maybe_text, text
from reconciler.timestamps import instant

MEMBER = "lease"


@dataclass(frozen=True, slots=True)
class Timing:
    """In seconds: how long a lease holds, how long a call may take, how far clocks may differ.

    Outcomes are pushed every `interval` seconds and whenever `batch` records wait. A lease is renewed at a third.
    """

    lease: float = 180.0
    call: float = 60.0
    skew: float = 300.0
    interval: float = 10.0
    batch: int = 25


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write a shared state. It is free while `id` is empty; `run` is the address of a pipeline's run."""

    fence: int = 0
    id: str = ""
    user: str = ""
    host: str = ""
    process: int = 0
    command: str = ""
    run: str | None = None
    since: str = ""
    until: str = ""

    def taken(self, identity: str, holder: Holder, run: str | None) -> Lease:
        """The lease that `holder` takes after this one."""
        return Lease(self.fence + 1, identity, holder.user, holder.host, holder.process, holder.command, run,
                     holder.since)  # fmt: skip

    def ending(self, at: float) -> Lease:
        """The same lease until `at`, in seconds since 1970."""
        return replace(self, until=datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds"))

    def free(self) -> Lease:
        """The lease once its holder has released it."""
        return Lease(self.fence)

    def free_from(self, timing: Timing) -> float:
        """When another writer may take it, in seconds since 1970; an end that cannot be read never comes."""
        return instant(self.until, default=inf) + timing.call + timing.skew

    def __str__(self) -> str:
        """Who holds it, in one line."""
        holder = Holder(self.user, self.host, self.process, self.command, self.since)
        return f"{holder}, {self.run}" if self.run else str(holder)


_LEASE = Members(
    Lease,
    {
        "fence": count,
        "id": filled,
        "user": text,
        "host": text,
        "process": count,
        "command": text,
        "run": maybe_text,
        "since": text,
        "until": text,
    },
    required=1,
)


def dump_leased(state: State, lease: Lease) -> bytes:
    """The document of `state` with `lease` in it."""
    members: dict[str, Any] = {"fence": lease.fence}
    if lease.id:
        members |= {name: getattr(lease, name) for name in Lease.__slots__ if name != "fence"}
    return dump_state(replace(state, extra={**state.extra, MEMBER: members}))


def split_lease(state: State, where: Where) -> tuple[State, Lease]:
    """`state`, as it was parsed, without its lease, and the lease. Raises Damaged when that is none."""
    if MEMBER not in state.extra:
        return state, Lease()
    extra: Mapping[str, Any] = {name: value for name, value in state.extra.items() if name != MEMBER}
    try:
        lease: Lease = _LEASE(state.extra[MEMBER])
    except WrongValue as wrong:
        detail = f"{path_text((MEMBER, *wrong.path))}: {wrong.detail}"
        hint = "put back an earlier version of the state, then: jmctl state verify"
        raise Damaged("the lease of the state is damaged", detail, hint=hint, where=where) from None
    return replace(state, extra=extra), lease
