"""Looks for what became of creates that ended without an answer, and waits for a list that may lag behind."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from reconciler.api.connection import ServerClock
from reconciler.api.protocol import ANSWERED, Reader
from reconciler.engine.find_unknown import find_unknown, scopes_to_search
from reconciler.engine.observe import scopes_of, survey
from reconciler.plan.lost_creates import LostCreateMatch, find
from reconciler.resources.kind import kind_named
from reconciler.resources.mark import Owner
from reconciler.state.model import Attempt, State
from reconciler.timestamps import instant

_POLL_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class RecoveryTiming:
    """In seconds: how long a list may lag, how long a call may be under way."""

    grace: float
    call: float


@dataclass(frozen=True, slots=True)
class LostSearch:
    """Where open creates are looked for, and for whom. `others` are the ids that other states know."""

    service: Reader
    clock: ServerClock
    timing: RecoveryTiming
    concurrency: int
    owner: Owner
    others: Collection[str] = ()

    async def look_up(self, state: State) -> list[LostCreateMatch]:
        """A match for each open create, from one list for each type and a read of each interview that may be one.

        Raises Unanswered when the service cannot be asked.
        """
        attempts = list(state.in_doubt.values())
        scopes = scopes_to_search(state, [(one.address.kind, one.attributes) for one in attempts])
        lists = await survey(scopes | scopes_of(state.entries.values()), self.service)
        names = [one.attributes.get("name") for one in attempts]
        unknowns = await find_unknown(lists, state, self.others, names, None, self.service, self.concurrency)
        return find(state, unknowns, self.owner)

    async def look_patiently(self, state: State, on_wait: Callable[[float], None]) -> list[LostCreateMatch]:
        """As `look_up`, but what is not found is looked for again until it could not come any more.

        `on_wait` is called once, with the seconds that this may take at most. A create may still be under way at the
        service when its connection broke, and its list may lag behind.
        """
        begun = time.monotonic()
        matches = await self.look_up(state)
        is_reported = False
        while (left := self._seconds_left(matches, time.monotonic() - begun)) > 0:
            if not is_reported:
                on_wait(left)
                is_reported = True
            await asyncio.sleep(min(left, _POLL_SECONDS))
            matches = await self.look_up(state)
        return matches

    def _seconds_left(self, matches: Sequence[LostCreateMatch], waited: float) -> float:
        """How long until everything that was not found is certain not to come; never more than the whole time.

        Counted by the service's clock from the end of the send. Where that is not known, because jmctl ended first, the
        request may have left at any time before this look began.
        """
        whole = self.timing.call + self.timing.grace
        passed = [
            max(waited, self.clock.seconds() - instant(one.attempt.ended_at, default=self.clock.seconds()))
            for one in matches
            if not one.ids and not _is_refused(one.attempt)
        ]
        return whole - min(passed) if passed else 0.0


def _is_refused(attempt: Attempt) -> bool:
    """Whether the service answered that it could not resolve what the request names: it is not at work any more."""
    answered = attempt.reason.startswith(ANSWERED)
    return answered and kind_named(attempt.address.kind).unresolved(attempt.reason) is not None
