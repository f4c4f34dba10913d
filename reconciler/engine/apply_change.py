"""Carries out one change: request, outcome on disk, next request.

All calls but a create can be repeated: what became of them is seen by looking, and the next plan goes on from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from reconciler.address import Address
from reconciler.api.protocol import Changed, NotSent, Reader, Rejected, Unknown, Writer
from reconciler.engine.create import Creator
from reconciler.engine.recorder import Recorder
from reconciler.engine.sealing import KeyNotHeld
from reconciler.errors import Unanswered
from reconciler.manifest.desired import Desired
from reconciler.plan.diff import adoption, settled
from reconciler.plan.model import Action, Change
from reconciler.plan.outcome import Ending, Failed, Result, correction, done
from reconciler.plan.ownership import former_not_ours
from reconciler.resources.carry import carried
from reconciler.resources.creation import remaining_part
from reconciler.resources.kind import Kind, kind_named
from reconciler.resources.observed import Observed
from reconciler.resources.step import Prediction, Step
from reconciler.state.model import Entry
from reconciler.state.records import Applied, Embedded, Forgotten, Moved, Retired, now

_UNAUTHORIZED = 401


class Remote(Writer, Reader, Protocol):
    """Applying writes; it reads only where a write has failed and may have been needless."""


@dataclass(frozen=True, slots=True)
class Applier:
    """What applying one change needs; `commit` is that of the manifests."""

    service: Remote
    recorder: Recorder
    creator: Creator
    commit: str | None = None

    async def apply(self, change: Change) -> Result:
        """Carries out one change. Raises Misconfigured when a record cannot be written, for nothing else."""
        if change.blocked:
            raise AssertionError(f"{change.name} is blocked and was not refused")
        try:
            return await self._carry_out(change)
        except KeyNotHeld as lost:
            return Result(change.address, change.action, "failed", lost.interview_id, str(lost))
        except Failed as failed:
            ending: Ending = "unknown" if isinstance(failed.outcome, Unknown) else "failed"
            interview_id = failed.interview_id or change.interview_id
            denied = isinstance(failed.outcome, Rejected) and failed.outcome.status == _UNAUTHORIZED
            hint = correction(failed.outcome, change.desired)
            return Result(change.address, change.action, ending, interview_id, str(failed), denied, hint)

    async def _carry_out(self, change: Change) -> Result:
        want, entry = change.desired, change.entry
        if change.moved_from:
            await self.recorder.record(Moved(change.moved_from, change.address, now()))
        if change.adopts and want and change.observed:
            await self.recorder.record(adoption(want, change.observed, now()))
        match change.action, want, entry:
            case ((Action.CREATE | Action.RECREATE), Desired(), _):
                return Result(change.address, change.action, "done", await self.creator.create(want))
            case Action.REPLACE, Desired(), Entry():
                return await self._replace(change, want, entry)
            case Action.UPDATE, Desired(), Entry():
                return await self._update(change, want, entry)
            case Action.ADOPT, Desired(), _:
                return await self._adopt(change, want)
            case ((Action.ARCHIVE | Action.DELETE | Action.FORGET), None, Entry()):
                return await self._remove(change, entry)
            case Action.SETTLE, _, _:
                return Result(change.address, change.action, "unknown", detail=change.notes[0])
        raise AssertionError(f"a plan does not {change.action} {change.name}")

    async def _replace(self, change: Change, want: Desired, entry: Entry) -> Result:
        """The new one first: whatever fails after that, candidates have an interview."""
        created = await self.creator.create(want, replaces=entry.id, carried=change.carried)
        await self._retire_former(want.address, entry)
        await self._retire(want.address, entry.id)
        return Result(change.address, change.action, "done", created)

    async def _take_over(self, want: Desired, entry: Entry) -> None:
        """Goes on with a replacement that was interrupted: what only an update can carry may be missing."""
        kind = kind_named(want.kind)
        for former in entry.history:
            if former.retired_at is None and (seen := await self._seen(kind, former.id)) is not None:
                patch = remaining_part(kind, carried(kind, want.spec, seen.attributes).values)
                if patch:
                    done(await self.service.update(kind, entry.id, patch))

    async def _seen(self, kind: Kind, interview_id: str) -> Observed | None:
        """The interview as it is now; None when it is gone or cannot be read."""
        try:
            return await self.service.read(kind, interview_id)
        except Unanswered:
            return None

    async def _retire_former(self, address: Address, entry: Entry) -> None:
        """Archives what `entry` has replaced and what an earlier apply did not come to archive.

        Each is read first: it is archived only where our mark is.
        """
        for former in entry.history:
            if former.retired_at is not None:
                continue
            seen = await self._read(kind_named(address.kind), former.id)
            problem = former_not_ours(entry, former, seen, self.creator.owner) if seen else None
            if problem:
                raise Failed(NotSent(f"{problem.summary}: {problem.detail}"), former.id)
            await self._retire(address, former.id)

    async def _read(self, kind: Kind, interview_id: str) -> Observed | None:
        """The interview, None when there is none. Raises Failed when that cannot be known."""
        try:
            return await self.service.read(kind, interview_id)
        except Unanswered as error:
            problem = error.problems[0]
            raise Failed(NotSent(f"{interview_id} cannot be read: {problem.summary}"), interview_id) from None

    async def _retire(self, address: Address, interview_id: str) -> None:
        outcome = await self.service.set_state(kind_named(address.kind), interview_id, {"status": "archived"})
        if not isinstance(outcome, Changed) and not await self._is_gone(address.kind, interview_id):
            raise Failed(outcome)
        await self.recorder.record(Retired(address, now(), interview_id))

    async def _is_gone(self, kind: str, interview_id: str) -> bool:
        """Whether it was removed on the service since: planned without observing, it cannot be archived now."""
        try:
            seen = await self.service.read(kind_named(kind), interview_id)
        except Unanswered:
            return False
        return seen is None or seen.status in ("archived", "deleted")

    async def _update(self, change: Change, want: Desired, entry: Entry) -> Result:
        await self._take_over(want, entry)
        await self._retire_former(want.address, entry)
        odd = ""
        end = settled(want, entry)
        steps = change.kind.update_steps(want.spec, entry.attributes, end, change.changed_fields, change.observed)
        known = entry.attributes
        for step in steps:
            await self._announce(want, known, step)
            odd = await self._step(change, want, entry.id, step) or odd
            known = step.attributes
        if not steps:
            await self.recorder.record(Applied(want.address, now(), end, want.lifecycle, entry.updated_at))
        return Result(change.address, change.action, "done", entry.id, odd)

    async def _announce(self, want: Desired, known: Mapping[str, Any], step: Step) -> None:
        """A credential cannot be read back: before it changes, the state is made one that asks for it again.

        Declared without a key held leads to reading the key, or to removing it when the manifest says no by then.
        """
        field, wanted = _credential(want, step)
        if wanted is True:
            await self.recorder.record(Applied(want.address, now(), {**known, field: True}, want.lifecycle))
        elif wanted is False:
            await self.recorder.record(Embedded(want.address, now(), None, None))

    async def _step(self, change: Change, want: Desired, interview_id: str, step: Step) -> str:
        """One call and its record; returns what is odd about the answer."""
        if step.patch is not None:
            outcome = done(await self.service.update(change.kind, interview_id, step.patch))
        else:
            outcome = done(await self.service.set_state(change.kind, interview_id, step.state or {}))
        cause = ""
        if _credential(want, step)[1]:
            sealed, cause = self.creator.sealed(outcome.embed_signing_key, interview_id, outcome.embed_id)
            await self.recorder.record(Embedded(want.address, now(), outcome.embed_id, *sealed))
        await self.recorder.record(Applied(want.address, now(), step.attributes, want.lifecycle))
        if cause:
            raise KeyNotHeld(interview_id, cause)
        expected = change.prediction if step.patch else None
        return _mismatch(expected, change.kind.reported(outcome.answer))

    async def _adopt(self, change: Change, want: Desired) -> Result:
        seen = change.observed
        if seen is None:
            raise AssertionError("an interview is adopted only when it was seen")
        adopted = adoption(want, seen, now())
        await self.recorder.record(adopted)
        if not change.fields:
            return Result(change.address, change.action, "done", seen.id)
        entry = Entry(want.address, seen.id, adopted.attributes, lifecycle=want.lifecycle)
        return replace(await self._update(change, want, entry), action=Action.ADOPT)

    async def _remove(self, change: Change, entry: Entry) -> Result:
        status = {Action.ARCHIVE: "archived", Action.DELETE: "deleted"}.get(change.action)
        if entry.lifecycle.on_remove != "forget":
            await self._retire_former(entry.address, entry)
        if status:
            done(await self.service.set_state(change.kind, entry.id, {"status": status}))
        await self.recorder.record(Forgotten(entry.address, now(), change.action.value, self.commit))
        return Result(change.address, change.action, "done", entry.id)


def _credential(want: Desired, step: Step) -> tuple[str, bool | None]:
    """The field that gives out a credential, and whether `step` makes one (True), removes one (False) or neither."""
    field = kind_named(want.kind).credential_field or ""
    return field, (step.state or {}).get(field)


def _mismatch(expected: Prediction | None, actual: Prediction | None) -> str:
    if expected is None or actual is None or expected == actual:
        return ""
    return f"predicted questions {expected.describe()}; the service reported {actual.describe()}"
