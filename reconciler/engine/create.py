"""Creates one interview: the only call that cannot be repeated, so each send is announced before it leaves."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from reconciler.address import Address
from reconciler.api.protocol import Created, CreateOutcome, NotSent, Rejected, Unknown, Writer
from reconciler.encryption import seal
from reconciler.engine.recorder import Recorder
from reconciler.errors import Misconfigured
from reconciler.manifest.desired import Desired
from reconciler.plan.outcome import Failed, done
from reconciler.resources.creation import create_body, created_part, remaining_part
from reconciler.resources.kind import kind_named
from reconciler.resources.mark import mark
from reconciler.secret import Secret
from reconciler.state.records import Applied, Begun, Closed, Confirmed, Doubted, Record, now

_TRIES = 8  # of a create that the service refuses for now (429, or 401 with a new token at hand)


@dataclass(frozen=True, slots=True)
class Creator:
    """What creating needs; `project` names the owner in the mark, `recipients` whom keys are sealed to."""

    service: Writer
    recorder: Recorder
    recipients: tuple[str, ...]
    project: str

    async def create(
        self, want: Desired, *, replaces: str | None = None, carried: Mapping[str, Any] = MappingProxyType({})
    ) -> str:
        """The id of the new interview. Raises Failed, and Misconfigured when an outcome cannot be written.

        `replaces` is the id of the interview in whose place it is made, `carried` what it takes over from that one:
        sent, but not remembered as applied, because no manifest declares it.
        """
        outcome = await self._attempt(want, replaces, carried)
        for tries in range(1, _TRIES):
            again = outcome.retry_after if isinstance(outcome, Rejected) else None
            if again is None:
                break
            # spread out, so that those who were refused together do not come back together
            await asyncio.sleep(again + random.uniform(0, tries / 10))  # noqa: S311 - no secret
            outcome = await self._attempt(want, replaces, carried)
        if not isinstance(outcome, Created):
            raise Failed(outcome)
        await self._finish(want, outcome.id, carried)
        return outcome.id

    async def _attempt(self, want: Desired, replaces: str | None, carried: Mapping[str, Any]) -> CreateOutcome:
        """One create with its intent before and its outcome after; every send has an intent of its own."""
        attempt = uuid.uuid4().hex
        kind = kind_named(want.kind)
        code = None if want.spec.get(kind.mark_field) else mark(self.project, want.name)
        sent = created_part(kind, want.spec)
        try:
            await self.recorder.record(Begun(want.address, attempt, now(), sent, code, want.lifecycle, replaces))
        except Misconfigured as error:
            return NotSent(error.problems[0].summary)
        body = create_body(kind, {**sent, **created_part(kind, carried)}, code)
        outcome = await self.service.create(kind, body)
        await self.recorder.record(self._outcome_record(want.address, attempt, outcome))
        return outcome

    def _outcome_record(self, address: Address, attempt: str, outcome: CreateOutcome) -> Record:
        match outcome:
            case Created():
                sealed = self.sealed(outcome.embed_signing_key)
                return Confirmed(address, attempt, now(), outcome.id, outcome.embed_id, sealed)
            case Unknown():
                return Doubted(address, attempt, now(), outcome.reason)
            case Rejected() | NotSent():
                return Closed(address, attempt, now(), outcome.reason)

    async def _finish(self, want: Desired, interview_id: str, carried: Mapping[str, Any]) -> None:
        """The fields that the create could not take; until they are there, the next plan shows them."""
        kind = kind_named(want.kind)
        patch = {**remaining_part(kind, carried), **remaining_part(kind, want.spec)}
        if patch:
            done(await self.service.update(kind, interview_id, patch), interview_id)
            await self.recorder.record(Applied(want.address, now(), want.spec, want.lifecycle))

    def sealed(self, key: Secret | None) -> str | None:
        """An embed key as it may be written."""
        return seal(key, self.recipients) if key else None
