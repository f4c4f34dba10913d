"""jmctl destroy: planning with no manifests. The same plan, the same question, the same applying."""

from __future__ import annotations

import click

from reconciler.cli.interaction import apply_here, approval
from reconciler.cli.options import format_option


@click.command()
@format_option()
@click.option(
    "--auto-approve", is_flag=True, help="Do not ask. Without a terminal nothing is done unless this is given."
)
def command(*, form: str, auto_approve: bool) -> int:
    """Do with every managed interview what its lifecycle.on_remove says.

    Protected interviews stop it. guards.max_destroy does not: destroy says so explicitly.
    """
    approve = approval(auto_approve=auto_approve)
    return apply_here(lambda project, stop: project.destroy(approve=approve, stop=stop), form)
