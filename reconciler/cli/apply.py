"""jmctl apply: makes it so. Plans under the lock, asks, and hands what was agreed to the applying."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import IO

import click

from reconciler.agreement import check_digest, check_saved
from reconciler.apply import Result
from reconciler.cli.applying import carry_out
from reconciler.cli.options import format_option, print_json_line, say
from reconciler.cli.plan import make_plan, show_plan
from reconciler.cli.project import configuration, manifests, store
from reconciler.errors import Refused
from reconciler.guards import refusals
from reconciler.plan import Plan
from reconciler.store import shown


@click.command()
@format_option()
@click.option(
    "--auto-approve", is_flag=True, help="Do not ask. Without a terminal nothing is applied unless this is given."
)
@click.option("--expect", metavar="DIGEST", help="Refuse unless the plan's digest is the one that was reviewed.")
@click.option(
    "--plan", "saved", type=click.File("rb"), help="Refuse unless the plan is the one in FILE (jmctl plan --out)."
)
@click.option(
    "--concurrency", type=click.IntRange(1, 256), help="How many interviews at a time. Default: jmctl.yaml's."
)
def command(
    *, form: str, auto_approve: bool, expect: str | None, saved: IO[bytes] | None, concurrency: int | None
) -> int:
    """Make the interviews what the manifests say, and record their ids and embed keys."""
    from reconciler.lock import hold

    config, cache = configuration()
    if concurrency:
        config = replace(config, concurrency=concurrency)
    found = manifests(config, cache)
    place = store(config)
    with hold(place.lock) as left_behind:
        if left_behind:
            say(f"an earlier run ended without releasing the lock ({left_behind}); its records are kept")
        state = place.load()
        plan = make_plan(config, found.desired, state, refresh=True)
        if form == "human":
            show_plan(plan, config, form)
        _check_agreed(plan, expect, saved)
        problems = refusals(plan.pending, recipients=config.recipients)
        if problems:
            raise Refused.because(problems)
        if plan.pending:
            _ask(auto_approve=auto_approve)
            results, code = carry_out(plan.pending, config, place, place.begin(state), form)
        else:
            results, code = [], 0
    _show(plan, results, shown(place.snapshot), form, code)
    return code


def _show(plan: Plan, results: list[Result], state_file: str, form: str, code: int) -> None:
    if form == "json":
        print_json_line({"event": "end", "digest": plan.digest, "exit_code": code, "state": state_file})
    elif plan.pending:
        from reconciler.views.apply_text import result_lines

        for line in result_lines(results, state_file):
            click.echo(line)


def _check_agreed(plan: Plan, expect: str | None, saved: IO[bytes] | None) -> None:
    if expect:
        check_digest(plan, expect)
    if saved:
        import orjson

        try:
            document = orjson.loads(saved.read())
        except orjson.JSONDecodeError:
            document = None
        check_saved(plan, document)


def _ask(*, auto_approve: bool) -> None:
    if auto_approve:
        return
    if not sys.stdin.isatty():
        raise Refused(
            "nobody is there to approve the plan",
            "standard input is not a terminal",
            hint="jmctl apply --auto-approve",
        )
    if click.prompt("Apply these changes? Only 'yes' does", default="", show_default=False, err=True) != "yes":
        raise Refused("the plan was not approved", "nothing was sent", hint="jmctl apply")
