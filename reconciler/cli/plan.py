"""jmctl plan: what would change. Sends nothing but GETs, writes nothing but the files that it is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli.choice_options import choice_options, review_options
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.options import EventPrinter, format_option, heading_of, print_json, project_here, run
from reconciler.cli.plan_files import reports_for_mistakes, write_files
from reconciler.cli.write import write
from reconciler.errors import Invalid

if TYPE_CHECKING:
    from reconciler.engine.policy import Review
    from reconciler.engine.project import Project
    from reconciler.plan.model import Plan
    from reconciler.plan.selection import Selection
    from reconciler.views.plan_review import PlanReview


@click.command()
@choice_options
@format_option()
@click.option("--full", "detail", flag_value="full", help="Show every text in whole.")
@click.option("--summary", "detail", flag_value="summary", help="Show counts only.")
@click.option("--no-refresh", is_flag=True, help="Compare with what was last applied; needs neither token nor network.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 when changes are pending.")
@click.option("--no-guards", is_flag=True, help="Show what apply would refuse, but do not exit with 6 for it.")
@review_options
@click.option(
    "--out",
    "files",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    multiple=True,
    help="Save the plan as .json, .md, .html or .txt; repeatable. Apply the JSON with: jmctl apply --plan FILE.",
)
@click.option(
    "--report",
    "reports",
    metavar="FORMAT=FILE",
    multiple=True,
    help="Write a report: sarif, junit, codequality or gitlab-terraform; repeatable. `github` prints annotations.",
)
def command(  # noqa: PLR0913 - one parameter an option
    *,
    selection: Selection | None,
    form: str,
    detail: str | None,
    no_refresh: bool,
    detailed_exitcode: bool,
    no_guards: bool,
    review: Review,
    files: tuple[Path, ...],
    reports: tuple[str, ...],
) -> int:
    """Show what would change, and change nothing.

    With NAMEs, only these; what is left out is shown. Ends with 6 when apply would refuse the plan, with 3
    when it would leave out what --reviewed FILE does not hold.
    """
    printer = EventPrinter()
    project = project_here(printer)
    try:
        shown = _review(project, selection, review, refresh=not no_refresh)
    except Invalid as error:
        reports_for_mistakes(error.problems, reports)
        raise
    finally:
        printer.close()
    write_files(shown, files, reports)
    if form == "json":
        from reconciler.views.plan_json import plan_json

        print_json(plan_json(shown))
    else:
        from reconciler.views.plan_text import plan_lines

        for line in plan_lines(shown, _detail(detail)):
            write(line)
    if shown.refusals and not no_guards:
        return ExitCode.REFUSED
    if shown.plan.moved:
        return ExitCode.PARTIAL
    return ExitCode.PENDING if detailed_exitcode and shown.plan.pending else ExitCode.DONE


def _review(project: Project, selection: Selection | None, review: Review, *, refresh: bool) -> PlanReview:
    from reconciler.views.plan_review import PlanReview

    inputs = project.inputs()
    plan: Plan | None = project.plan_now(inputs, refresh=refresh)
    if plan is None:
        plan = run(project.plan(inputs))
    from reconciler.engine.policy import chosen, judged

    narrowed = chosen(plan, selection) if selection else plan
    plan, refusals = judged(project, narrowed, len(inputs.state.entries), review)
    return PlanReview(plan, heading_of(project), refusals, tuple(inputs.manifests.warnings))


def _detail(detail: str | None) -> Any:
    return detail or "normal"
