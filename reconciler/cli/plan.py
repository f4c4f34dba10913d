"""jmctl plan: what would change. Sends nothing but GETs, writes nothing."""

from __future__ import annotations

from typing import IO

import click

from reconciler.cli.options import format_option, json_bytes
from reconciler.cli.project import configuration, manifests, store
from reconciler.engine.plan import make_plan, show_plan
from reconciler.plan.guards import check_not_empty

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
    state = store(config).read().state
    check_not_empty(found.desired, state)
    plan = make_plan(config, found.desired, state, refresh=not no_refresh)
    show_plan(plan, config, form)
    if out is not None:
        from reconciler.views.plan_json import plan_json

        out.write(json_bytes(plan_json(plan, config.environment)))
    return CHANGES_PENDING if detailed_exitcode and plan.pending else 0
