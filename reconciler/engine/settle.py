"""Settle creates of unknown outcome: by looking them up, or by what a human says."""

from __future__ import annotations

from reconciler.address import matching
from reconciler.engine.account import checked_account
from reconciler.engine.find_lost import LostSearch
from reconciler.engine.orphans import known_ids
from reconciler.engine.project import Project
from reconciler.engine.session import Session, open_session
from reconciler.engine.state_edit import record_alone
from reconciler.errors import Misused, NotFound
from reconciler.events import CreateLookedUp, WaitingForCreates
from reconciler.plan.lost_creates import settling_records
from reconciler.resources.kind import kind_named
from reconciler.state.backend import StateWriter
from reconciler.state.model import State
from reconciler.state.records import Closed, Confirmed, Record, Seen, now


async def settle(project: Project, session: Session, writer: StateWriter) -> State:
    """Looks up every create of unknown outcome, records what is certain, reports all of it.

    Writes nothing to the service: the embed key of a found interview is read by a step of the plan that follows.
    """
    search = lost_search(project, session)
    matches = await search.look_patiently(writer.state, lambda seconds: project.notify(WaitingForCreates(seconds)))
    for match in matches:
        project.notify(CreateLookedUp(match))
    records = settling_records(matches, now(), closing=True)
    if not records:
        return writer.state
    writer.append(records)
    return writer.finish().state


def lost_search(project: Project, session: Session) -> LostSearch:
    """The search for open creates of `project`."""
    others = known_ids(project)
    return LostSearch(session.reader, session.clock, session.timing, session.concurrency, project.config.owner, others)


async def resolve(project: Project, name: str, interview_id: str | None) -> None:
    """Records that the create of `name` became `interview_id`, or, if that is None, that nothing came of it.

    Raises NotFound when nothing is open under that name or there is no such interview, Misused when it is managed,
    Refused for another account than that of the state.
    """
    seen = None
    found = matching(name, project.state().in_doubt) if interview_id else []
    if interview_id and len(found) == 1:
        async with open_session(project) as session:
            await checked_account(project, session, project.state())
            seen = await session.reader.read(kind_named(found[0].kind), interview_id)
            if seen is None:
                raise NotFound("no such interview on the service", interview_id, hint="look it up: jmctl orphans")

    def verdict(state: State) -> list[Record]:
        record = _verdict(state, name, interview_id)
        # the time of its creation proves later that it is the one, where it carries no mark
        return [record, Seen(record.address, seen.created_at, None)] if seen else [record]

    record_alone(project, verdict)


def _verdict(state: State, name: str, interview_id: str | None) -> Confirmed | Closed:
    found = matching(name, state.in_doubt)
    if len(found) != 1:
        hint = f"write one of {', '.join(map(str, found))}" if found else "see: jmctl plan"
        raise NotFound("no unsettled create of this name", name, hint=hint)
    attempt = state.in_doubt[found[0]]
    for entry in state.entries.values():
        if interview_id in (entry.id, *(former.id for former in entry.history)):
            raise Misused(
                "the interview is already managed",
                f"{interview_id} is {'' if interview_id == entry.id else 'a former '}{entry.name}",
                hint="jmctl state list",
            )
    if interview_id:
        return Confirmed(found[0], attempt.attempt, now(), interview_id)
    return Closed(found[0], attempt.attempt, now(), "settled by hand: not created")
