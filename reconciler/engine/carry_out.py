"""Carries out what was agreed: journal, requests, interrupts, commit. Whatever happens, what is known is on disk."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

import click

from reconciler.api.client import Service
from reconciler.cli.errors import INTERRUPTED
from reconciler.cli.options import say
from reconciler.engine.apply_change import Applier
from reconciler.engine.connect import access_token, connect, token_warning
from reconciler.engine.create import Creator
from reconciler.engine.recorder import Recorder
from reconciler.engine.verify import verify_applied
from reconciler.engine.walk import StopSignal, Walker, exit_code
from reconciler.errors import JmctlError
from reconciler.plan.guards import ApplyPolicy
from reconciler.plan.model import Change
from reconciler.plan.outcome import Result
from reconciler.project.config import Config
from reconciler.state.backend import StateWriter
from reconciler.state.format import dump_records
from reconciler.state.model import State
from reconciler.state.rescue import write_rescue
from reconciler.views.progress import progress

Watch = Callable[[Result], None]


def carry_out(
    changes: Sequence[Change], permit: ApplyPolicy, config: Config, writer: StateWriter, *, form: str
) -> tuple[list[Result], int]:
    """Applies `changes`, commits what became of them to `writer`, and gives the results with the exit code.

    Raises Refused when `permit` does not allow them, Unanswered without a token, and Misconfigured when the state
    cannot be written; then nothing was sent.
    """
    token = access_token(config)
    warning = token_warning(token)
    if warning:
        say(f"warning: {warning}")
    writer.announce(())  # fails here, before anything is sent, when the state cannot be written
    brake = StopSignal()
    recorder = Recorder(writer)

    async def run(watch: Watch) -> list[Result]:
        _listen(brake)
        async with connect(config, read_only=False, token=token) as service:
            applier = Applier(service, recorder, Creator(service, recorder, config.recipients, config.project))
            results = await Walker(applier, permit, config.concurrency).walk(changes, brake, watch)
            if not brake.pulled:
                await _verify_applied(results, writer, service, recorder)
        return results

    try:
        with progress(len(changes), form) as watch:
            results = asyncio.run(run(watch))
    finally:
        _commit(writer, recorder)
    known = writer.state
    results = [_as_known(result, known) for result in results]
    return results, INTERRUPTED if brake.interrupted else exit_code(results)


def _as_known(result: Result, state: State) -> Result:
    """What the journal says of a change that was cut short: only an open create is unknown."""
    if result.ending != "interrupted":
        return result
    if result.address in state.in_doubt:
        return replace(result, ending="unknown", detail="interrupted before the answer came")
    entry = state.entries.get(result.address)
    return replace(result, id=entry.id if entry else None, detail="the next run goes on from here")


async def _verify_applied(results: list[Result], writer: StateWriter, service: Service, recorder: Recorder) -> None:
    """Only saves the next plan some reads, so that a service that does not answer now is no failure of the apply."""
    with suppress(JmctlError):
        for name in await verify_applied(results, writer.state, service, recorder):
            say(f"warning: {name}: the service shows other values than were applied; see: jmctl plan")
    await recorder.drain()


def _listen(brake: StopSignal) -> None:
    """The first Ctrl-C (or SIGTERM) stops starting, the second stops what is under way."""
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()

    def interrupt() -> None:
        if brake.interrupted and task is not None:
            task.cancel()
            return
        brake.interrupted = brake.pulled = True
        click.echo(err=True)  # behind the ^C that the terminal shows
        say("finishing what is under way, starting nothing new; interrupt again to stop at once")

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, interrupt)


def _commit(writer: StateWriter, recorder: Recorder) -> None:
    """Makes what happened the state. What could not be journaled is in it, or else in a rescue file and on stderr."""
    try:
        writer.finish(recorder.lost)
    except JmctlError:
        if recorder.lost:
            _rescue(writer, recorder)
        raise


def _rescue(writer: StateWriter, recorder: Recorder) -> None:
    say("these records could not be written to the state; keep them:")
    click.echo(dump_records(recorder.lost), err=True, nl=False)
    path = write_rescue(writer.snapshot.state, recorder.lost)
    if path:
        say(f"they are in {path}; once the state can be written: jmctl state recover {path}")
