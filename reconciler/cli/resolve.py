"""jmctl resolve: a human settles a create of unknown outcome."""

from __future__ import annotations

import click

from reconciler.cli.options import project_here, run
from reconciler.cli.suggestions import unsettled_names
from reconciler.cli.write import write
from reconciler.errors import Misused


@click.command()
@click.argument("name", shell_complete=unsettled_names)
@click.option("--adopt", "interview_id", metavar="ID", help="The interview on the service that the create became.")
@click.option("--not-created", is_flag=True, help="The create did nothing: the interview may be created again.")
def command(*, name: str, interview_id: str | None, not_created: bool) -> None:
    """Settle the create of NAME whose outcome is unknown."""
    if bool(interview_id) == not_created:
        raise Misused(
            "specify --adopt ID or --not-created", name, hint=f"jmctl resolve {name} --adopt ID, or --not-created"
        )
    run(project_here().resolve(name, adopt=interview_id))
    write(f"{name} is settled. Next: jmctl plan")
