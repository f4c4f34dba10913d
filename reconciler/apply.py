"""Carries out one change: intent on disk, request, outcome on disk, next request.

A create is the only call that cannot be repeated, so it alone is announced before it is sent. All other calls can be:
what became of them is seen by looking, and the next plan goes on from there.
"""

from __future__ import annotations

import asyncio
import random
import uuid
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from reconciler.change import Action, Change
from reconciler.creation import create_body, created_part, mark, remaining_part
from reconciler.desired import Desired
from reconciler.diff import adoption, settled
from reconciler.errors import Misconfigured, Unanswered
from reconciler.recorder import Recorder
from reconciler.remote import Changed, Created, CreateOutcome, NotSent, Reader, Rejected, Unknown, Writer
from reconciler.seal import seal
from reconciler.secret import Secret
from reconciler.state import (
    Applied,
    Begun,
    Closed,
    Confirmed,
    Doubted,
    Embedded,
    Entry,
    Forgotten,
    Moved,
    Record,
    Retired,
    now,
)
from reconciler.steps import Prediction, Step, predict, reported, update_steps

_UNAUTHORIZED = 401
_TRIES = 8  # of a create that the service refuses for now (429, or 401 with a new token at hand)

Ending = Literal["done", "failed", "unknown", "interrupted", "not started"]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one change; `detail` says why it failed, or what is odd about it.

    `denied` says that the access token is refused: whatever is asked next will be refused too.
    """

    name: str
    action: Action
    ending: Ending
    id: str | None = None
    detail: str = ""
    denied: bool = False


class Failed(Exception):
    """A call that was not done, or of which nobody knows; the change ends there."""

    def __init__(self, outcome: NotSent | Rejected | Unknown, interview_id: str | None = None) -> None:
        super().__init__(told(outcome))
        self.outcome = outcome
        self.interview_id = interview_id


class Remote(Writer, Reader, Protocol):
    """Applying writes; it reads only where a write has failed and may have been needless."""


@dataclass(frozen=True, slots=True)
class Applier:
    """What applying one change needs; `project` names the owner in the mark, `recipients` whom keys are sealed to."""

    service: Remote
    recorder: Recorder
    recipients: tuple[str, ...]
    project: str

    async def apply(self, change: Change) -> Result:
        """Carries out one change. Raises Misconfigured when a record cannot be written, for nothing else."""
        if change.blocked:
            raise AssertionError(f"{change.name} is blocked and was not refused")
        try:
            return await self._carry_out(change)
        except Failed as failed:
            ending: Ending = "unknown" if isinstance(failed.outcome, Unknown) else "failed"
            interview_id = failed.interview_id or change.interview_id
            denied = isinstance(failed.outcome, Rejected) and failed.outcome.status == _UNAUTHORIZED
            return Result(change.name, change.action, ending, interview_id, str(failed), denied)

    async def _carry_out(self, change: Change) -> Result:
        want, entry = change.desired, change.entry
        if change.moved_from:
            await self.recorder.record(Moved(change.moved_from, change.name, now()))
        match change.action, want, entry:
            case Action.CREATE, Desired(), _:
                return await self._create(change, want)
            case Action.REPLACE, Desired(), Entry():
                return await self._replace(change, want, entry)
            case Action.UPDATE, Desired(), Entry():
                return await self._update(change, want, entry)
            case Action.ADOPT, Desired(), None:
                return await self._adopt(change, want)
            case ((Action.ARCHIVE | Action.DELETE | Action.FORGET), None, Entry()):
                return await self._remove(change, entry)
            case Action.SETTLE, _, _:
                return Result(change.name, change.action, "unknown", detail=change.notes[0])
        raise AssertionError(f"a plan does not {change.action} {change.name}")

    async def _create(self, change: Change, want: Desired, *, replaces: str | None = None) -> Result:
        outcome = await self._attempt(want, replaces)
        for tries in range(1, _TRIES):
            again = outcome.retry_after if isinstance(outcome, Rejected) else None
            if again is None:
                break
            # spread out, so that those who were refused together do not come back together
            await asyncio.sleep(again + random.uniform(0, tries / 10))  # noqa: S311 - no secret
            outcome = await self._attempt(want, replaces)
        if not isinstance(outcome, Created):
            raise Failed(outcome)
        await self._finish(want, outcome.id)
        return Result(change.name, change.action, "done", outcome.id)

    async def _attempt(self, want: Desired, replaces: str | None) -> CreateOutcome:
        """One create with its intent before and its outcome after; every send has an intent of its own."""
        attempt = uuid.uuid4().hex
        code = None if want.spec.get("code") else mark(self.project, want.name)
        sent = created_part(want.spec)
        try:
            await self.recorder.record(Begun(want.name, attempt, now(), sent, code, want.lifecycle, replaces))
        except Misconfigured as error:
            return NotSent(error.problems[0].summary)
        outcome = await self.service.create(create_body(sent, code))
        await self.recorder.record(self._outcome_record(want.name, attempt, outcome))
        return outcome

    def _outcome_record(self, name: str, attempt: str, outcome: CreateOutcome) -> Record:
        match outcome:
            case Created():
                sealed = self._sealed(outcome.embed_signing_key)
                return Confirmed(name, attempt, now(), outcome.id, outcome.embed_id, sealed)
            case Unknown():
                return Doubted(name, attempt, now(), outcome.reason)
            case Rejected() | NotSent():
                return Closed(name, attempt, now(), outcome.reason)

    async def _finish(self, want: Desired, interview_id: str) -> None:
        """The fields that the create could not take; until they are there, the next plan shows them."""
        patch = remaining_part(want.spec)
        if patch:
            _done(await self.service.update(interview_id, patch), interview_id)
            await self.recorder.record(Applied(want.name, now(), want.spec, want.lifecycle))

    async def _replace(self, change: Change, want: Desired, entry: Entry) -> Result:
        """The new one first: whatever fails after that, candidates have an interview."""
        result = await self._create(change, want, replaces=entry.id)
        await self._retire_former(want.name, entry)
        await self._retire(want.name, entry.id)
        return result

    async def _retire_former(self, name: str, entry: Entry) -> None:
        """Archives what `entry` has replaced and what an earlier apply did not come to archive."""
        for former in entry.history:
            if former.retired_at is None:
                await self._retire(name, former.id)

    async def _retire(self, name: str, interview_id: str) -> None:
        outcome = await self.service.set_state(interview_id, status="archived")
        if not isinstance(outcome, Changed) and not await self._is_gone(interview_id):
            raise Failed(outcome)
        await self.recorder.record(Retired(name, now(), interview_id))

    async def _is_gone(self, interview_id: str) -> bool:
        """Whether somebody else has removed it: nobody looked when the plan was made, and it cannot be archived now."""
        try:
            seen = await self.service.read(interview_id)
        except Unanswered:
            return False
        return seen is None or seen.status in ("archived", "deleted")

    async def _update(self, change: Change, want: Desired, entry: Entry) -> Result:
        await self._retire_former(want.name, entry)
        odd = ""
        steps = update_steps(change, want, entry)
        for step in steps:
            odd = await self._step(change, want, entry.id, step) or odd
        if not steps:
            known = settled(want, entry)
            await self.recorder.record(Applied(want.name, now(), known, want.lifecycle, entry.updated_at))
        return Result(change.name, change.action, "done", entry.id, odd)

    async def _step(self, change: Change, want: Desired, interview_id: str, step: Step) -> str:
        """One call and its record; returns what is odd about the answer."""
        if step.patch is not None:
            outcome = _done(await self.service.update(interview_id, step.patch))
        else:
            outcome = _done(
                await self.service.set_state(interview_id, status=step.status, is_embedded=step.is_embedded)
            )
        if step.is_embedded is not None:
            sealed = self._sealed(outcome.embed_signing_key)
            await self.recorder.record(Embedded(want.name, now(), outcome.embed_id, sealed))
        await self.recorder.record(Applied(want.name, now(), step.attributes, want.lifecycle))
        expected = predict(change) if step.patch and "questions" in step.patch else None
        return _mismatch(expected, reported(outcome.answer))

    async def _adopt(self, change: Change, want: Desired) -> Result:
        seen = change.observed
        if seen is None:
            raise AssertionError("an interview is adopted only when it was seen")
        adopted = adoption(want, seen, now())
        await self.recorder.record(adopted)
        if not change.fields:
            return Result(change.name, change.action, "done", seen.id)
        entry = Entry(want.name, seen.id, adopted.attributes, lifecycle=want.lifecycle)
        return replace(await self._update(change, want, entry), action=Action.ADOPT)

    async def _remove(self, change: Change, entry: Entry) -> Result:
        status = {Action.ARCHIVE: "archived", Action.DELETE: "deleted"}.get(change.action)
        if entry.lifecycle.on_remove != "forget":
            await self._retire_former(entry.name, entry)
        if status:
            _done(await self.service.set_state(entry.id, status=status))
        await self.recorder.record(Forgotten(entry.name, now(), change.action.value))
        return Result(change.name, change.action, "done", entry.id)

    def _sealed(self, key: Secret | None) -> str | None:
        return seal(key, self.recipients) if key else None


def _done(outcome: Changed | NotSent | Rejected | Unknown, interview_id: str | None = None) -> Changed:
    if isinstance(outcome, Changed):
        return outcome
    raise Failed(outcome, interview_id)


def _mismatch(expected: Prediction | None, actual: Prediction | None) -> str:
    if expected is None or actual is None or expected == actual:
        return ""
    return f"the plan foretold questions {expected.told()}; the service did {actual.told()}"


def told(outcome: NotSent | Rejected | Unknown) -> str:
    """One line for the result table."""
    match outcome:
        case NotSent():
            return f"not sent: {outcome.reason}"
        case Rejected():
            field = f" ({outcome.field})" if outcome.field else ""
            return f"rejected with {outcome.status}: {outcome.reason}{field}"
        case Unknown():
            return outcome.reason
