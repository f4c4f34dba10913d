"""Looks at the service where there is something to look at, and plans. Sends nothing but GETs."""

from __future__ import annotations

from collections.abc import Sequence

import click

from reconciler.address import Address
from reconciler.manifest.desired import Desired
from reconciler.plan.model import Plan
from reconciler.plan.reconcile import reconcile
from reconciler.project.config import Config
from reconciler.state.model import State
from reconciler.state.records import now
from reconciler.state.replay import replay


def make_plan(
    config: Config, desired: Sequence[Desired], state: State, *, refresh: bool = True, look_up_doubts: bool = True
) -> Plan:
    """The plan that leads to `desired`. Raises Unanswered when the service has to be asked and does not answer.

    With `look_up_doubts` creates of unknown outcome are looked up, and the plan is the one that follows once what was
    found is recorded; recording it is for apply.
    """
    imports = any(want.import_id and want.address not in state.entries for want in desired)
    if not refresh:
        return reconcile(desired, state, None, owner=config.project)
    look_up_doubts = look_up_doubts and bool(state.in_doubt)
    if not (state.entries or look_up_doubts or imports):
        return reconcile(desired, state, {}, owner=config.project)
    import asyncio

    return asyncio.run(_look_and_plan(config, desired, state, look_up_doubts=look_up_doubts))


async def _look_and_plan(config: Config, desired: Sequence[Desired], state: State, *, look_up_doubts: bool) -> Plan:
    from reconciler.cli.orphans import known_ids
    from reconciler.engine.connect import connect, patience
    from reconciler.engine.find_lost import look_up
    from reconciler.engine.observe import observe
    from reconciler.plan.lost_creates import settling_records

    remarks: dict[Address, str] = {}
    async with connect(config, read_only=True) as service:
        if look_up_doubts:
            others = known_ids(config)
            findings = await look_up(state, service, patience(config), config.concurrency, others)
            state = replay(state, settling_records(findings, now(), closing=True))
            remarks = {finding.attempt.address: finding.told for finding in findings}
        sights = await observe(desired, state, service, config.concurrency)
    return reconcile(desired, state, sights, owner=config.project, remarks=remarks)


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
