"""jmctl resolve: a human settles a create of unknown outcome. And how apply settles those that it can be certain of."""

from __future__ import annotations

import asyncio

import click

from reconciler.address import matching
from reconciler.cli.options import say
from reconciler.cli.project import configuration
from reconciler.cli.suggestions import unsettled_names
from reconciler.errors import Misused
from reconciler.project.config import Config
from reconciler.state.backend import StateWriter
from reconciler.state.model import State
from reconciler.state.records import Closed, Confirmed, Record, now


@click.command()
@click.argument("name", shell_complete=unsettled_names)
@click.option("--adopt", "interview_id", metavar="ID", help="The interview on the service that the create became.")
@click.option("--not-created", is_flag=True, help="Nothing came of it: it may be created again.")
def command(*, name: str, interview_id: str | None, not_created: bool) -> None:
    """Settle the create of NAME whose outcome is unknown."""
    if bool(interview_id) == not_created:
        raise Misused("say what came of it", name, hint=f"jmctl resolve {name} --adopt ID, or --not-created")
    from reconciler.cli.state import record_alone

    config, _ = configuration()
    if interview_id:
        _check_there(config, interview_id)
    record_alone(lambda state: _verdict(state, name, interview_id))
    click.echo(f"{name} is settled. Next: jmctl plan")


def _verdict(state: State, name: str, interview_id: str | None) -> Record:
    found = matching(name, state.in_doubt)
    if len(found) != 1:
        hint = f"write one of {', '.join(map(str, found))}" if found else "see: jmctl plan"
        raise Misused("nothing is in doubt here", name, hint=hint)
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


def _check_there(config: Config, interview_id: str) -> None:
    from reconciler.engine.connect import connect

    async def read() -> bool:
        async with connect(config, read_only=True) as service:
            return await service.read(interview_id) is not None

    if not asyncio.run(read()):
        raise Misused("no such interview on the service", interview_id, hint="look it up: jmctl orphans")


def settle(config: Config, writer: StateWriter) -> State:
    """Looks up every create of unknown outcome, records what is certain, and reports all of it.

    Writes nothing to the service: the embed key of a found interview is read by a step of the plan that follows.
    """
    from reconciler.cli.orphans import known_ids
    from reconciler.engine.connect import connect, patience
    from reconciler.engine.find_lost import look_patiently
    from reconciler.plan.lost_creates import settling_records

    state = writer.state
    others = known_ids(config)

    async def look() -> list[Record]:
        async with connect(config, read_only=True) as service:
            findings = await look_patiently(state, service, patience(config), config.concurrency, say, others=others)
        for finding in findings:
            say(f"{finding.attempt.name}: {finding.told}")
        return settling_records(findings, now(), closing=True)

    records = asyncio.run(look())
    if not records:
        return state
    writer.append(records)
    return writer.finish().state
