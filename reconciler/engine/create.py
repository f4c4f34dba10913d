"""Creates one interview: the only call that cannot be repeated, so each send is announced before it leaves.

One attempt covers all sends of one create, because only a send that was refused is repeated. Where announcing costs a
request to a store, the attempts of a whole plan are announced before the first of them is sent; each send is recorded
once more, so that the attempt tells when the last request left.
"""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from reconciler.address import Address
from reconciler.api.protocol import Created, CreateOutcome, NotSent, Rejected, Unknown, Writer
from reconciler.encryption import seal
from reconciler.engine.recorder import Recorder
from reconciler.errors import JmctlError
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
    announced: dict[Address, Begun] = field(default_factory=dict)  # those of the plan that were not sent yet

    async def create(
        self, want: Desired, *, replaces: str | None = None, carried: Mapping[str, Any] = MappingProxyType({})
    ) -> str:
        """The id of the new interview. Raises Failed, and Misconfigured when an outcome cannot be written.

        `replaces` is the id of the interview in whose place it is made, `carried` what it takes over from that one:
        sent, but not remembered as applied, because no manifest declares it.
        """
        begun = self.announced.pop(want.address, None) or self.intent(want, replaces)
        outcome = await self._send(want, begun, carried)
        for tries in range(1, _TRIES):
            again = outcome.retry_after if isinstance(outcome, Rejected) else None
            if again is None:
                break
            # spread out, so that those who were refused together do not come back together
            await asyncio.sleep(again + random.uniform(0, tries / 10))  # noqa: S311 - no secret
            outcome = await self._send(want, begun, carried)
        if self.recorder.is_announced(begun):
            await self.recorder.record(self._outcome_record(begun, outcome))
        if not isinstance(outcome, Created):
            raise Failed(outcome)
        await self._finish(want, outcome.id, carried)
        return outcome.id

    async def announce(self, wants: Iterable[tuple[Desired, str | None]]) -> None:
        """Announces a create of each, with the id that it replaces. Raises what `StateWriter.announce` raises."""
        intents = {want.address: self.intent(want, replaces) for want, replaces in wants}
        await self.recorder.announce(tuple(intents.values()))
        self.announced.update(intents)

    def intent(self, want: Desired, replaces: str | None) -> Begun:
        """A create that is about to be announced."""
        kind = kind_named(want.kind)
        code = None if want.spec.get(kind.mark_field) else mark(self.project, want.name)
        sent = created_part(kind, want.spec)
        return Begun(want.address, uuid.uuid4().hex, now(), sent, code, want.lifecycle, replaces)

    def unsent(self) -> list[Closed]:
        """A record for each announced create that was never sent."""
        return [Closed(one.address, one.attempt, now(), "not sent") for one in self.announced.values()]

    async def _send(self, want: Desired, begun: Begun, carried: Mapping[str, Any]) -> CreateOutcome:
        """One request, with its intent before it."""
        try:
            await self.recorder.record(replace(begun, at=now()))
        except JmctlError as error:
            return NotSent(error.problems[0].summary)
        if not self.recorder.has_time:
            return NotSent("the lease of the state would end before the answer came")
        kind = kind_named(want.kind)
        body = create_body(kind, {**begun.attributes, **created_part(kind, carried)}, begun.code)
        return await self.service.create(kind, body)

    def _outcome_record(self, begun: Begun, outcome: CreateOutcome) -> Record:
        address, attempt = begun.address, begun.attempt
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
