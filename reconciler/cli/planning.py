"""Looks at the service where there is something to look at, and plans. Sends nothing but GETs."""

from __future__ import annotations

from collections.abc import Sequence

import click

from reconciler.change import Plan, Sight
from reconciler.config import Config
from reconciler.desired import Desired
from reconciler.plan import reconcile
from reconciler.state import State


def make_plan(config: Config, desired: Sequence[Desired], state: State, *, refresh: bool = True) -> Plan:
    """The plan that leads to `desired`. Raises Unanswered when the service has to be asked and does not answer."""
    sights: dict[str, Sight] | None = None
    if refresh:
        imports = any(want.import_id and want.name not in state.entries for want in desired)
        sights = look(config, desired, state) if state.entries or imports else {}
    return reconcile(desired, state, sights, owner=config.project)


def look(config: Config, desired: Sequence[Desired], state: State) -> dict[str, Sight]:
    """What the service shows of every entry and of what is to be adopted."""
    import asyncio

    from reconciler.cli.service import connect
    from reconciler.observe import observe

    async def run() -> dict[str, Sight]:
        async with connect(config, read_only=True) as service:
            return await observe(desired, state, service, config.concurrency)

    return asyncio.run(run())


def show_plan(plan: Plan, config: Config, form: str) -> None:
    """The plan on stdout."""
    if form == "json":
        from reconciler.cli.options import print_json
        from reconciler.views.plan_json import plan_json

        print_json(plan_json(plan, config.environment))
        return
    from reconciler.views.plan_text import plan_lines

    for line in plan_lines(plan):
        click.echo(line)
