"""jmctl drift: what others changed on the service, and nothing of our own changes."""

from __future__ import annotations

import click

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.options import format_option, print_json, project_here, run


@click.command()
@format_option()
def command(*, form: str) -> int:
    """Show what was changed on the service since it was applied; exit with 2 when something was."""
    project = project_here()
    drift = run(project.drift())
    if form == "json":
        from reconciler.views.plan_json import change_json

        changes = [change_json(change) for change in drift.changes]
        print_json({"version": 1, "environment": project.config.environment, "drift": changes})
    else:
        from reconciler.views.plan_text import drift_lines

        for line in drift_lines(drift.changes, drift.managed):
            click.echo(line)
    return ExitCode.PENDING if drift.changes else ExitCode.DONE
