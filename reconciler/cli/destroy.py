"""jmctl destroy: planning with no manifests. The same plan, the same questions, the same applying."""

from __future__ import annotations

import click

from reconciler.cli.apply import ApplyRequest, plan_and_apply
from reconciler.cli.options import format_option
from reconciler.cli.project import configuration
from reconciler.plan.guards import ApplyPolicy
from reconciler.state.model import State


@click.command()
@format_option()
@click.option(
    "--auto-approve", is_flag=True, help="Do not ask. Without a terminal nothing is done unless this is given."
)
def command(*, form: str, auto_approve: bool) -> int:
    """Do with every managed interview what its lifecycle.on_remove says.

    Protected interviews stop it. guards.max_destroy does not: whoever types destroy means it.
    """
    config, _ = configuration()

    def permit(state: State) -> ApplyPolicy:
        return ApplyPolicy(config.recipients, len(state.entries), max_destroy=None)

    return plan_and_apply(config, ApplyRequest((), permit), form=form, auto_approve=auto_approve)
