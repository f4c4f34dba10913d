"""jmctl rollback: the manifests of an earlier commit. The same plan, the same question, the same applying."""

from __future__ import annotations

import click

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.interaction import apply_here, approval
from reconciler.cli.options import format_option, heading_of, print_json, project_here, run
from reconciler.cli.write import write


@click.command()
@format_option()
@click.option("--to", metavar="COMMIT", required=True, help="Whose manifests: a commit, tag or branch of this clone.")
@click.option("--dry-run", is_flag=True, help="Only show the plan.")
@click.option("--auto-approve", is_flag=True, help="Do not ask. Without a terminal nothing is applied unless given.")
@click.option("--expect", metavar="DIGEST", help="Refuse unless the plan's digest is the one that was reviewed.")
def command(*, form: str, to: str, dry_run: bool, auto_approve: bool, expect: str | None) -> int:
    """Make the interviews what the manifests of COMMIT say; the files here stay as they are.

    The next apply of a newer commit goes forward again: revert the commit in git too.
    """
    from reconciler.engine.rollback import plan_rollback, rollback

    if not dry_run:
        approve = approval(auto_approve=auto_approve)
        return apply_here(lambda project, stop: rollback(project, to, approve=approve, expect=expect, stop=stop), form)
    from reconciler.views.plan_review import PlanReview

    project = project_here()
    review = PlanReview(run(plan_rollback(project, to)), heading_of(project))
    if form == "json":
        from reconciler.views.plan_json import plan_json

        print_json(plan_json(review))
        return ExitCode.DONE
    from reconciler.views.plan_text import plan_lines

    for line in plan_lines(review):
        write(line)
    return ExitCode.DONE
