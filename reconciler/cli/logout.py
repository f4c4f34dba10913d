"""jmctl logout: ends the session that `jmctl login` began."""

from __future__ import annotations

import click

from reconciler.cli.options import project_here
from reconciler.cli.write import write


@click.command()
def command() -> None:
    """Sign out: revoke the session and forget it."""
    from reconciler.engine.login import sign_out

    write("Signed out." if sign_out(project_here()) else "Not signed in.")
