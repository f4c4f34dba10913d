"""What apply and destroy share at a terminal: the approval question, signals, progress, and the closing lines."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import Any

import click

from reconciler.cli.exit_codes import ExitCode, of_apply
from reconciler.cli.options import EventPrinter, heading_of, is_quiet, print_json_line, project_here, run, say
from reconciler.cli.write import write
from reconciler.engine.apply import ApplyReport, Approve
from reconciler.engine.project import Project
from reconciler.engine.walk import StopSignal
from reconciler.errors import Refused
from reconciler.events import ApplyStarted, Event, PlanMade
from reconciler.plan.model import Plan
from reconciler.views.progress import ApplyProgress

UseCase = Callable[[Project, StopSignal], Coroutine[Any, Any, ApplyReport]]


def apply_here(use_case: UseCase, form: str) -> ExitCode:
    """Runs an apply of the project that the global options name, shows it as it goes, and gives its exit code."""
    stop, printer = StopSignal(), EventPrinter()
    with ApplyProgress(form, _no_talk if is_quiet() else write) as progress:

        def notify(event: Event) -> None:
            if isinstance(event, ApplyStarted):
                _stop_on_signals(stop)
            if isinstance(event, PlanMade):
                printer.close()
            if not progress(event):
                printer(event)

        project = project_here(notify)
        progress.heading = heading_of(project)
        report = run(use_case(project, stop))
    _print_end(project, report, form)
    return of_apply(report)


def _no_talk(content: str | bytes = "", *, err: bool = False, nl: bool = True) -> None:
    """Print results only."""
    if not err:
        write(content, nl=nl)


def approval(*, auto_approve: bool) -> Approve:
    """Asks at the terminal whether to apply; `auto_approve` answers for it. Raises Refused without a terminal."""

    def ask(_: Plan) -> bool:
        if auto_approve:
            return True
        if not sys.stdin.isatty():
            raise Refused(
                "approval required, but stdin is not a terminal",
                "standard input is not a terminal",
                hint="jmctl apply --auto-approve",
            )
        # asyncio's own handler would only take note of an interrupt and let the question go on waiting
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            typed = click.prompt("Apply these changes? Only 'yes' does", default="", show_default=False, err=True)
        finally:
            signal.signal(signal.SIGINT, before)
        return bool(typed == "yes")

    return ask


def _stop_on_signals(stop: StopSignal) -> None:
    """The first Ctrl-C (or SIGTERM) starts nothing new, the second stops what is under way."""
    loop = asyncio.get_running_loop()

    def interrupt() -> None:
        if stop.requested:
            stop.abort()
            return
        stop.request()
        write(err=True)  # behind the ^C that the terminal shows
        say("finishing what is under way, starting nothing new; interrupt again to stop at once")

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, interrupt)


def _print_end(project: Project, report: ApplyReport, form: str) -> None:
    if form == "json":
        code = int(of_apply(report))
        end = {"event": "end", "digest": report.plan.digest, "exit_code": code, "state": report.state}
        moved = [str(one.address) for one in report.plan.moved]
        print_json_line({**end, "moved": moved} if moved else end)
    elif report.plan.pending:
        from reconciler.views.progress import next_lines, result_lines

        for line in result_lines(report.results, report.state):
            write(line)
        is_folder = project.config.sandbox is not None
        opened = [(entry.name, None if is_folder else project.embed_url(entry)) for entry in report.opened]
        for line in next_lines(opened) if opened else ():
            say(line)
