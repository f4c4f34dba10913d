"""jmctl drift: what others changed on the service, and nothing of our own changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reconciler.cli.choice_options import choice_options
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.options import format_option, print_json, project_here, run, say
from reconciler.cli.write import write
from reconciler.errors import Misused

if TYPE_CHECKING:
    from reconciler.engine.project import Project
    from reconciler.plan.drift import Drift
    from reconciler.plan.selection import Selection


@click.command()
@choice_options
@format_option()
@click.option(
    "--issue", is_flag=True, help="Keep an issue at the code host: open while there is drift, closed when it is gone."
)
def command(*, selection: Selection | None, form: str, issue: bool) -> int:
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
    if issue:
        _keep_issue(project, drift)
    return ExitCode.PENDING if drift.changes else ExitCode.DONE


def _keep_issue(project: Project, drift: Drift) -> None:
    from reconciler.engine.drift_issue import keep_issue
    from reconciler.forge.open import open_forge
    from reconciler.forge.pipeline import pipeline_of
    from reconciler.forge.sections import mark_of
    from reconciler.views.drift_text import drift_markdown

    pipeline = pipeline_of(project.variables)
    if pipeline is None:
        raise Misused("not a job of GitHub Actions or GitLab CI", hint="run it in a pipeline")
    environment = project.config.environment
    mark = mark_of(f"{project.config.project}.{environment}", "drift")
    body = drift_markdown(drift) if drift.changes else None
    title = f"jmctl: drift in {environment} of {project.config.project}"
    kept = keep_issue(open_forge(pipeline, project.variables), mark, title, body)
    say("no issue about drift is open" if kept == "none" else f"the issue about drift: {kept}")
