"""jmctl init: what a new project needs, or what a new colleague needs in an existing one. Never overwrites."""

from __future__ import annotations

import click

from reconciler.cli.options import print_event
from reconciler.cli.write import write


@click.command()
@click.option("--project", metavar="NAME", help="The project's name. Default: that of the folder.")
def command(*, project: str | None) -> None:
    """Start a project here, or join the one that is here."""
    from reconciler.engine.init_project import init_project

    init_project(click.get_current_context().obj["directory"], project, print_event)
    write("Ready. Next: jmctl plan")
