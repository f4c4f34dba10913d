"""Rotate embed keys: take the key away at the service and let it mint another (docs/service.md, on set-state)."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from reconciler.engine.apply import ApplyReport, Approve
from reconciler.engine.recorder import Recorder
from reconciler.engine.sealing import Sealer
from reconciler.engine.secrets import is_embedded, set_embedded
from reconciler.engine.session import Session, open_session
from reconciler.engine.state_edit import find_entry
from reconciler.errors import Misconfigured, Misused, Problem, Refused
from reconciler.events import ApplyStarted, ChangeFinished, PlanMade
from reconciler.plan.model import Action, Change, Plan
from reconciler.plan.outcome import Ending, Failed, Result, done
from reconciler.resources.difference import FieldChange
from reconciler.state.records import Embedded, now

if TYPE_CHECKING:
    from reconciler.api.protocol import Changed
    from reconciler.engine.project import Project
    from reconciler.engine.walk import StopSignal
    from reconciler.secret import Secret
    from reconciler.state.model import Entry, State

_NOTES = (
    "links that were signed with the old key stop working, and the embed id may change: deploy the new one at once",
    "until the new key is there, the interview is not embedded",
)


def plan_rotation(state: State, names: Collection[str]) -> Plan:
    """One update for each of `names`. Raises Misused for a name without an embedded interview."""
    entries = {entry.address: entry for entry in (find_entry(state, name) for name in names)}
    return Plan(tuple(_planned(entries[address]) for address in sorted(entries)), observed=False)


async def rotate(project: Project, names: Collection[str], approve: Approve, stop: StopSignal) -> ApplyReport:
    """Rotates the keys of `names`, one after the other, under the lock of the state.

    Before a key is taken away the state says that it is not held, so that whatever happens then, the next apply reads
    the key that there is. Raises Refused when an interview is protected or the plan is not approved, Misconfigured when
    keys cannot be sealed or the state cannot be written, Unanswered without a token; nothing was sent then.
    """
    sealer = Sealer.of(project.config)
    with project.open_state() as writer:
        plan = plan_rotation(writer.state, names)
        project.notify(PlanMade(plan))
        if blocked := [change.blocked for change in plan.changes if change.blocked]:
            raise Refused.because(blocked)
        answer = approve(plan)
        if not (answer if isinstance(answer, bool) else await answer):
            raise Refused("the plan was not approved", "nothing was sent", hint="jmctl secrets rotate NAME")
        await asyncio.to_thread(sealer.check)
        writer.announce(())
        recorder = Recorder(writer, project.config.total_timeout)
        async with open_session(project) as session:
            try:
                project.notify(ApplyStarted(len(plan.changes)))
                results = await _rotate_all(plan.changes, session, recorder, sealer, project, stop)
            finally:
                await recorder.drain()
                writer.finish(recorder.lost)
    return ApplyReport(plan, tuple(results), project.backend().label, stop.requested)


def _planned(entry: Entry) -> Change:
    if not is_embedded(entry):
        hint = "set is_embedded: true in its manifest, and apply"
        raise Misused("the interview is not embedded", entry.name, hint=hint)
    change = Change(
        entry.address,
        Action.UPDATE,
        (FieldChange(("embed_signing_key",), "in use", "removed, and a new one made and sealed"),),
        entry=entry,
        notes=_NOTES,
    )
    if not entry.lifecycle.protect:
        return change
    blocked = Problem(
        "the interview is protected",
        f"{entry.name}: lifecycle.protect refuses to take its embed key away",
        hint="set lifecycle.protect to false in its manifest and apply that first",
    )
    return replace(change, blocked=blocked)


async def _rotate_all(  # noqa: PLR0913, PLR0917 - what, where, into what, how, whose, until when
    changes: Sequence[Change],
    session: Session,
    recorder: Recorder,
    sealer: Sealer,
    project: Project,
    stop: StopSignal,
) -> list[Result]:
    results = []
    for change in changes:
        if stop.requested or recorder.failing or change.entry is None:
            results.append(Result(change.address, change.action, "not started"))
            continue
        ending, detail = await _rotate(change.entry, session, recorder, sealer)
        results.append(Result(change.address, change.action, ending, change.entry.id, detail))
        project.notify(ChangeFinished(results[-1]))
    return results


async def _rotate(entry: Entry, session: Session, recorder: Recorder, sealer: Sealer) -> tuple[Ending, str]:
    """What became of one rotation, and why."""
    try:
        old = (await _set(session, entry, embedded=True)).embed_signing_key
        await recorder.record(Embedded(entry.address, now(), None, None))
        await _set(session, entry, embedded=False)
        answer = await _set(session, entry, embedded=True)
        new = answer.embed_signing_key
        if new is None:
            return "failed", "the service gave no key; the next apply asks again"
        sealed = sealer.seal(new, entry.id, answer.embed_id)
        await recorder.record(Embedded(entry.address, now(), answer.embed_id, *sealed))
    except Failed as failed:
        return "failed", f"{failed}; the key may be the old one: rotate it again"
    except Misconfigured as error:
        return "failed", f"{error.problems[0].summary}; the next apply reads the key again"
    return ("failed", "the service gave the old key again") if _equal(old, new) else ("done", "")


async def _set(session: Session, entry: Entry, *, embedded: bool) -> Changed:
    return done(await set_embedded(session.writer, entry, embedded=embedded))


def _equal(old: Secret | None, new: Secret) -> bool:
    return old is not None and old.reveal() == new.reveal()
