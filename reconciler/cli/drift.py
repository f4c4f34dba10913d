"""jmctl drift: what somebody else changed on the service, and nothing of our own changes."""

from __future__ import annotations

from dataclasses import replace

import click

from reconciler.cli.options import format_option, print_json
from reconciler.cli.project import configuration, manifests, store
from reconciler.engine.plan import make_plan
from reconciler.plan.model import Action, Change, Plan
from reconciler.text.plural import counted, is_or_are

DRIFTED = 2


@click.command()
@format_option()
def command(*, form: str) -> int:
    """Show what was changed on the service since it was applied; exit with 2 when something was."""
    config, cache = configuration()
    state = store(config).read().state
    plan = make_plan(config, manifests(config, cache).desired, state)
    drifted = [drift for change in plan.changes if (drift := _drift(change))]
    if form == "json":
        from reconciler.views.plan_json import change_json

        print_json({"version": 1, "environment": config.environment, "drift": [change_json(one) for one in drifted]})
    else:
        _tell(Plan(tuple(drifted), observed=True), len(state.entries))
    return DRIFTED if drifted else 0


def _drift(change: Change) -> Change | None:
    """The part of `change` that others caused; None when there is none."""
    fields = tuple(field for field in change.fields if field.origin != "ours")
    missing = change.action is Action.CREATE and change.entry is not None
    if change.entry is None or not (fields or missing):
        return None
    return change if missing else replace(change, action=Action.UPDATE, fields=fields, notes=(), blocked=None)


def _tell(plan: Plan, managed: int) -> None:
    from reconciler.views.plan_text import change_lines

    for change in plan.changes:
        for line in change_lines(change):
            click.echo(line)
    number, interviews = len(plan.changes), counted(managed, "interview")
    if number:
        differ = "differs" if number == 1 else "differ"
        click.echo(f"Drift: {number} of {interviews} {differ} from what was applied.")
    else:
        click.echo(f"No drift: {interviews} {is_or_are(managed)} as applied, as far as the service shows them.")
