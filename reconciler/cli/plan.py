"""jmctl plan: what would change. Sends nothing but GETs, writes nothing."""

from __future__ import annotations

from typing import IO

import click

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.options import format_option, json_bytes, print_json, project_here


@click.command()
@format_option()
@click.option("--no-refresh", is_flag=True, help="Compare with what was last applied; needs neither token nor network.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 when changes are pending.")
@click.option(
    "--out", type=click.File("wb", atomic=True), help="Save the plan; apply it with: jmctl apply --plan FILE."
)
def command(*, form: str, no_refresh: bool, detailed_exitcode: bool, out: IO[bytes] | None) -> int:
    """Show what would change, and change nothing."""
    project = project_here()
    inputs = project.inputs()
    plan = project.plan_now(inputs, refresh=not no_refresh)
    if plan is None:
        from reconciler.cli.options import run

        plan = run(project.plan(inputs))
    if form == "json" or out is not None:
        from reconciler.views.plan_json import plan_json

        document = plan_json(plan, project.config.environment)
        if form == "json":
            print_json(document)
        if out is not None:
            out.write(json_bytes(document))
    if form == "human":
        from reconciler.views.plan_text import plan_lines

        for line in plan_lines(plan):
            click.echo(line)
    return ExitCode.PENDING if detailed_exitcode and plan.pending else ExitCode.DONE
