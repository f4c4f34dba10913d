"""jmctl drift: what others changed on the service, and nothing of our own changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reconciler.cli.choice_options import choice_options
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.options import format_option, print_json, project_here, run
from reconciler.cli.write import write

if TYPE_CHECKING:
    from reconciler.plan.selection import Selection


@click.command()
@choice_options
@format_option()
def command(*, selection: Selection | None, form: str) -> int:
    """Show what was changed on the service since it was applied; exit with 2 when something was."""
    project = project_here()
    drift = run(project.drift(selection))
    if form == "json":
        from reconciler.views.plan_json import drift_json

        print_json(drift_json(drift, project.config.environment))
    else:
        from reconciler.views.drift_text import drift_lines

        for line in drift_lines(drift):
            write(line)
    return ExitCode.PENDING if drift.changes else ExitCode.DONE
