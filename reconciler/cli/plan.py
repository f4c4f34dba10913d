"""jmctl plan: what would change. Sends nothing but GETs, writes nothing."""

from __future__ import annotations

from typing import IO

import click

from reconciler.cli.options import format_option, json_bytes, print_json
from reconciler.cli.project import configuration, manifests, store
from reconciler.config import Config
from reconciler.desired import Desired
from reconciler.plan import Plan, Sight, reconcile
from reconciler.state import State

CHANGES_PENDING = 2


@click.command()
@format_option()
@click.option("--no-refresh", is_flag=True, help="Compare with what was last applied; needs neither token nor network.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 when changes are pending.")
@click.option(
    "--out", type=click.File("wb", atomic=True), help="Save the plan; apply it with: jmctl apply --plan FILE."
)
def command(*, form: str, no_refresh: bool, detailed_exitcode: bool, out: IO[bytes] | None) -> int:
    """Show what would change, and change nothing."""
    config, cache = configuration()
    found = manifests(config, cache)
    plan = make_plan(config, found.desired, store(config).load(), refresh=not no_refresh)
    show_plan(plan, config, form)
    if out is not None:
        from reconciler.views.plan_json import plan_json

        out.write(json_bytes(plan_json(plan, config.environment)))
    return CHANGES_PENDING if detailed_exitcode and plan.pending else 0


def make_plan(config: Config, desired: tuple[Desired, ...], state: State, *, refresh: bool) -> Plan:
    """Looks at the service where there is something to look at, and compares."""
    sights: dict[str, Sight] | None = None
    if refresh:
        sights = look(config, state) if state.entries else {}
    return reconcile(desired, state, sights)


def look(config: Config, state: State) -> dict[str, Sight]:
    """What the service shows of every entry."""
    import asyncio

    from reconciler.cli.service import connect
    from reconciler.observe import observe

    async def run() -> dict[str, Sight]:
        async with connect(config, read_only=True) as service:
            return await observe(state, service, config.concurrency)

    return asyncio.run(run())


def show_plan(plan: Plan, config: Config, form: str) -> None:
    """The plan on stdout."""
    if form == "json":
        from reconciler.views.plan_json import plan_json

        print_json(plan_json(plan, config.environment))
        return
    from reconciler.views.plan_text import plan_lines

    for line in plan_lines(plan):
        click.echo(line)
