"""Carry out approved changes: journal, requests, stop requests, commit. Whatever happens, what is known is durable."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from reconciler.engine.apply_change import Applier
from reconciler.engine.create import Creator
from reconciler.engine.project import Project
from reconciler.engine.recorder import Recorder
from reconciler.engine.sealing import Sealer
from reconciler.engine.session import Session
from reconciler.engine.verify import Verifier
from reconciler.engine.walk import StopSignal, Walker
from reconciler.errors import JmctlError
from reconciler.events import (
    ApplyStarted,
    ChangeFinished,
    RecordsRescued,
    Subscriber,
)
from reconciler.manifest.desired import Desired
from reconciler.plan.guards import ApplyPolicy, needs_sealing
from reconciler.plan.model import Action, Change
from reconciler.plan.outcome import Result
from reconciler.state.backend import StateWriter
from reconciler.state.journal_format import dump_header, dump_records
from reconciler.state.model import Entry, State
from reconciler.state.records import Ran, Record
from reconciler.state.rescue import write_rescue


async def carry_out(  # noqa: PLR0913, PLR0917 - whose, where, what, how far, into what, until when
    project: Project,
    session: Session,
    changes: Sequence[Change],
    policy: ApplyPolicy,
    writer: StateWriter,
    stop: StopSignal,
    opening: Sequence[Record] = (),
    looked_up: Mapping[str, str] = MappingProxyType({}),
) -> list[Result]:
    """Applies `changes`, commits what became of them to `writer`, and returns a result for each.

    `opening` are records of the state as a whole that come first; `looked_up` is recorded with each create.

    Raises Refused when `policy` does not allow them, Unanswered without a token, and Misconfigured when the state
    cannot be written at the start or keys cannot be sealed to the recipients; nothing was sent then.
    """
    config = project.config
    sealer = Sealer(config.recipients, config.project, config.environment)
    if any(map(needs_sealing, changes)):
        await asyncio.to_thread(sealer.check)  # a key that is given out once must not meet a recipient that fails
    # fails here, before anything is sent, when the state cannot be written
    if opening or not writer.announces_together:
        writer.append(opening)
    recorder = Recorder(writer, project.config.total_timeout)
    creator = Creator(session.writer, recorder, sealer, project.config.owner, session.clock.now, looked_up)
    if writer.announces_together:
        await creator.announce(_creates(changes))
    commit = next((record.commit for record in opening if isinstance(record, Ran)), None)
    walker = Walker(Applier(session.writer, recorder, creator, commit), policy, session.concurrency)
    try:
        project.notify(ApplyStarted(len(changes)))
        results = await walker.walk(changes, stop, lambda result: project.notify(ChangeFinished(result)))
        if not (stop.requested or recorder.failing or any(result.denied for result in results)):
            await _verify(changes, results, writer, session, recorder, project.notify)
    finally:
        _commit(writer, [*recorder.lost, *(creator.unsent() if creator.announced else ())], project.notify)
    known = writer.state
    return [_as_known(result, known) for result in results]


def _creates(changes: Sequence[Change]) -> Iterator[tuple[Desired, str | None, Mapping[str, Any]]]:
    """What is created in the course of `changes`, with the id that it replaces and what it carries over."""
    for change in changes:
        match change.action, change.desired, change.entry:
            case ((Action.CREATE | Action.RECREATE), Desired() as want, _):
                yield want, None, {}
            case Action.REPLACE, Desired() as want, Entry(id=replaced):
                yield want, replaced, change.carried
            case _:
                pass


def _as_known(result: Result, state: State) -> Result:
    """What the journal says of a change that was cut short: only an open create is unknown."""
    if result.ending != "interrupted":
        return result
    if result.address in state.in_doubt:
        return replace(result, ending="unknown", detail="interrupted before the answer came")
    entry = state.entries.get(result.address)
    return replace(result, id=entry.id if entry else None, detail="the next run goes on from here")


async def _verify(  # noqa: PLR0913, PLR0917 - what was done, what came of it, where, and whom to tell
    changes: Sequence[Change],
    results: list[Result],
    writer: StateWriter,
    session: Session,
    recorder: Recorder,
    notify: Subscriber,
) -> None:
    """The next plan looks at what is not verified now, so that a service that does not answer fails no apply."""
    with suppress(JmctlError):
        verifier = Verifier(session.writer, recorder, session.concurrency)
        for differs in await verifier.verify(changes, results, writer.state):
            notify(differs)
    await recorder.drain()


def _commit(writer: StateWriter, unwritten: Sequence[Record], notify: Subscriber) -> None:
    """Makes what happened the state. What no store and no journal took is in a rescue file and an event."""
    try:
        writer.finish(unwritten)
    except JmctlError:
        known = [*writer.unstored, *unwritten]
        if known:
            lines = dump_header(writer.stored.state, writer.stored.digest) + dump_records(known)
            notify(RecordsRescued(lines, write_rescue(writer.stored, known)))
        raise
