"""Looks for what became of creates that ended without an answer, and waits for a list that may lag behind."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf

from reconciler.api.protocol import ANSWERED, Reader
from reconciler.engine.observe import read_all
from reconciler.plan.lost_creates import LostCreateMatch, candidates, find
from reconciler.resources.kind import kind_named
from reconciler.resources.observed import Listed
from reconciler.state.model import Attempt, State
from reconciler.timestamps import instant

_POLL_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class RecoveryTiming:
    """In seconds: how far clocks may differ, how long a list may lag, how long a call may be under way."""

    skew: float
    grace: float
    call: float


async def look_up(
    state: State, service: Reader, patience: RecoveryTiming, concurrency: int, others: Collection[str] = ()
) -> list[LostCreateMatch]:
    """A finding for each open create, from one list for each type and a read of each interview that may be one.

    None of `others`, which other states know, is one. Raises Unanswered when the service cannot be asked.
    """
    rows = await _recent(state, service, patience.skew)
    ids = {row.id: row.kind for row in candidates(state, rows, patience.skew, others)}
    seen = await read_all(ids, service, concurrency)
    return find(state, [one for one in seen.values() if one is not None], patience.skew)


async def _recent(state: State, service: Reader, skew: float) -> list[Listed]:
    attempts = state.in_doubt.values()
    begun = min(instant(attempt.at, default=0.0) for attempt in attempts)
    since = datetime.fromtimestamp(max(0.0, begun - skew), UTC).isoformat()
    scopes = {(one.address.kind, *kind_named(one.address.kind).scope(one.attributes)) for one in attempts}
    pages = await asyncio.gather(
        *(
            service.list_resources(kind_named(kind), resource_type, merchant, since=since)
            for kind, resource_type, merchant in sorted(scopes, key=str)
        )
    )
    return [row for page in pages for row in page]


async def look_patiently(  # noqa: PLR0913 - as look_up, and what to call before waiting
    state: State,
    service: Reader,
    patience: RecoveryTiming,
    concurrency: int,
    on_wait: Callable[[float], None],
    *,
    others: Collection[str] = (),
) -> list[LostCreateMatch]:
    """As `look_up`, but what is not found is looked for again until it could not come any more.

    `on_wait` is called once, with the seconds that this may take. A create may still be under way at the service when
    its connection broke, and its list may lag behind.
    """
    findings = await look_up(state, service, patience, concurrency, others)
    is_reported = False
    while (left := _seconds_left(findings, patience)) > 0:
        if not is_reported:
            on_wait(left)
            is_reported = True
        await asyncio.sleep(min(left, _POLL_SECONDS))
        findings = await look_up(state, service, patience, concurrency, others)
    return findings


def _seconds_left(findings: Sequence[LostCreateMatch], patience: RecoveryTiming) -> float:
    """How long until everything that was not found is certain not to come."""
    waited_for = (one.attempt for one in findings if not one.ids and not _is_refused(one.attempt))
    begun = max((instant(attempt.at, default=-inf) for attempt in waited_for), default=-inf)
    return begun + patience.call + patience.grace - time.time()


def _is_refused(attempt: Attempt) -> bool:
    """Whether the service answered that it could not resolve what the request names: it is not at work any more."""
    answered = attempt.reason.startswith(ANSWERED)
    return answered and kind_named(attempt.address.kind).unresolved(attempt.reason) is not None
