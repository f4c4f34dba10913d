"""Creates one interview: the only call that cannot be repeated, so each send is announced before it leaves.

One attempt covers all sends of one create, because only a send that was refused is repeated. Where announcing costs a
request to a store, the attempts of a whole plan are announced before the first of them is sent; each send is recorded
once more, so that the attempt tells when the last request left.
"""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from reconciler.address import Address
from reconciler.api.protocol import Created, CreateOutcome, NotSent, Rejected, Unknown, Writer
from reconciler.engine.recorder import Recorder
from reconciler.engine.sealing import NOT_HELD, KeyNotHeld, SealedKey, Sealer
from reconciler.errors import JmctlError, Misconfigured
from reconciler.manifest.desired import Desired
from reconciler.plan.outcome import Failed, done
from reconciler.resources.creation import create_body, created_part, held_back, remaining_part
from reconciler.resources.kind import kind_named
from reconciler.resources.mark import Owner, mark
from reconciler.secret import Secret
from reconciler.state.records import Applied, Begun, Closed, Confirmed, Doubted, Record, now

_TRIES = 8  # of a create that the service refuses for now (429, or 401 with a new token at hand)


@dataclass(frozen=True, slots=True)
class Creator:
    """What creating needs; `owner` is whom the mark names.

    `now` is the service's time, in the form of records; `looked_up` is recorded with each intent. `made` holds the ids
    that creates were answered with.
    """

    service: Writer
    recorder: Recorder
    sealer: Sealer
    owner: Owner
    now: Callable[[], str] = now
    looked_up: Mapping[str, str] = field(default_factory=dict)
    made: dict[str, Address] = field(default_factory=dict)
    announced: dict[Address, Begun] = field(default_factory=dict)  # those of the plan that were not sent yet

    async def create(
        self, want: Desired, *, replaces: str | None = None, carried: Mapping[str, Any] = MappingProxyType({})
    ) -> str:
        """The id of the new interview.

        Raises Failed, KeyNotHeld when it exists but its key could not be sealed, and Misconfigured when an outcome
        cannot be written.

        `replaces` is the id of the interview in whose place it is made, `carried` what it takes over from that one:
        sent, but not remembered as applied, because no manifest declares it.
        """
        # one attempt for all sends: one that is sent again was refused, and made nothing
        begun = self.announced.pop(want.address, None) or self.intent(want, replaces, carried)
        outcome = await self._send(want, begun, carried)
        for tries in range(1, _TRIES):
            again = outcome.retry_after if isinstance(outcome, Rejected) else None
            if again is None:
                break
            # spread out, so that those who were refused together do not come back together
            await asyncio.sleep(again + random.uniform(0, tries / 10))  # noqa: S311 - no secret
            outcome = await self._send(want, begun, carried)
        cause = ""
        if self.recorder.is_announced(begun):
            record, cause = self._outcome_record(begun, outcome)
            await self.recorder.record(record)
        if not isinstance(outcome, Created):
            raise Failed(outcome)
        await self._finish(want, outcome.id, carried)
        if cause:
            raise KeyNotHeld(outcome.id, cause)
        return outcome.id

    async def announce(self, wants: Iterable[tuple[Desired, str | None, Mapping[str, Any]]]) -> None:
        """Announces a create of each, with the id that it replaces and what it carries over from that one.

        Raises what `StateWriter.announce` raises.
        """
        intents = {want.address: self.intent(want, replaces, carried) for want, replaces, carried in wants}
        await self.recorder.announce(tuple(intents.values()))
        self.announced.update(intents)

    def intent(self, want: Desired, replaces: str | None, carried: Mapping[str, Any]) -> Begun:
        """A create that is about to be announced."""
        kind = kind_named(want.kind)
        sent = {**created_part(kind, want.spec), **held_back(kind, {**carried, **want.spec})}
        attempt = uuid.uuid4().hex
        code = None if want.spec.get(kind.mark_field) else mark(self.owner, want.name, attempt)
        return Begun(want.address, attempt, self.now(), sent, code, want.lifecycle, replaces, self.looked_up)

    def unsent(self) -> list[Closed]:
        """A record for each announced create that was never sent."""
        return [Closed(one.address, one.attempt, self.now(), "not sent") for one in self.announced.values()]

    async def _send(self, want: Desired, begun: Begun, carried: Mapping[str, Any]) -> CreateOutcome:
        """One request, with its intent before it."""
        try:
            await self.recorder.record(replace(begun, at=self.now()))
        except JmctlError as error:
            return NotSent(error.problems[0].summary)
        if not self.recorder.has_time:
            return NotSent("the lease of the state would end before the answer came")
        kind = kind_named(want.kind)
        body = create_body(kind, {**begun.attributes, **created_part(kind, carried)}, begun.code)
        return self._plausible(want.address, await self.service.create(kind, body))

    def _plausible(self, address: Address, outcome: CreateOutcome) -> CreateOutcome:
        """`outcome`, or that it is unknown when the id in the answer is that of another interview."""
        if not isinstance(outcome, Created):
            return outcome
        taken = self.recorder.knows(outcome.id) or self.made.setdefault(outcome.id, address) != address
        return Unknown(f"the service answered with the id of another interview: {outcome.id}") if taken else outcome

    def _outcome_record(self, begun: Begun, outcome: CreateOutcome) -> tuple[Record, str]:
        address, attempt = begun.address, begun.attempt
        match outcome:
            case Created():
                sealed, cause = self.sealed(outcome.embed_signing_key, outcome.id, outcome.embed_id)
                return Confirmed(address, attempt, self.now(), outcome.id, outcome.embed_id, *sealed), cause
            case Unknown():
                return Doubted(address, attempt, self.now(), outcome.reason), ""
            case Rejected() | NotSent():
                return Closed(address, attempt, self.now(), outcome.reason), ""

    async def _finish(self, want: Desired, interview_id: str, carried: Mapping[str, Any]) -> None:
        """The fields that the create could not take; until they are there, the next plan shows them."""
        kind = kind_named(want.kind)
        opened = {name: want.spec[name] for name in held_back(kind, {**carried, **want.spec})}
        patch = {**remaining_part(kind, carried), **remaining_part(kind, want.spec), **opened}
        if patch:
            done(await self.service.update(kind, interview_id, patch), interview_id)
            await self.recorder.record(Applied(want.address, now(), want.spec, want.lifecycle))

    def sealed(self, key: Secret | None, interview_id: str, embed_id: str | None) -> tuple[SealedKey, str]:
        """An embed key as it may be written, and why it is not held, if it could not be sealed."""
        if key is None:
            return NOT_HELD, ""
        try:
            return self.sealer.seal(key, interview_id, embed_id), ""
        except Misconfigured as error:
            return NOT_HELD, ": ".join(filter(None, (error.problems[0].summary, error.problems[0].detail)))
