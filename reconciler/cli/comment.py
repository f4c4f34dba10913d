"""jmctl comment: one comment on the pull request of this job, with a section for each environment."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli.options import json_file, project_here, say
from reconciler.errors import Misused

if TYPE_CHECKING:
    from reconciler.forge.pipeline import Pipeline


@click.command()
@click.option(
    "--body",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="What to write, as Markdown: jmctl plan --out FILE.md",
)
@click.option("--section", metavar="ENV", help="Whose section to write. Default: the environment of the project.")
@click.option("--pull", type=click.IntRange(1), help="The number of the pull request. Default: that of the pipeline.")
@click.option(
    "--check",
    type=click.File("rb"),
    metavar="PLAN.json",
    help="Write the digests of this plan into a check of the pull request's head, too. GitHub only.",
)
@click.option("--update-only", is_flag=True, help="Begin no comment; only bring one that is there up to date.")
def command(*, body: Path, section: str | None, pull: int | None, check: Any, update_only: bool) -> None:
    """Write the section of one environment into the comment on a pull request.

    Runs in a job of GitHub Actions, with GITHUB_TOKEN, or of GitLab CI, with a project token in JMCTL_FORGE_TOKEN.
    """
    from reconciler.engine.comment import write_section
    from reconciler.forge.model import Denied
    from reconciler.forge.open import open_forge
    from reconciler.forge.sections import Section, is_name, mark_of, without_marks

    project = project_here()
    pipeline = _pipeline(project.variables)
    number = pull or pipeline.number
    if number is None:
        raise Misused("no pull request to comment on", hint="jmctl comment --body FILE --pull NUMBER")
    name = section or project.config.environment
    if not is_name(name):
        raise Misused("not a name of a section", name, hint="write --section with letters, digits, dots and dashes")
    forge = open_forge(pipeline, project.variables)
    if check:
        _write_check(forge, number, name, json_file(check))
    text = without_marks(body.read_text("utf-8", "replace"))
    try:
        written = write_section(
            forge, number, mark_of(project.config.project), Section(name, pipeline.run, text), update_only=update_only
        )
    except Denied as error:
        if pipeline.host == "github":
            raise
        say(f"no comment: {error.problems[0].detail}; the token of a job may not write notes")
        say("see the reports of the merge request, or set JMCTL_FORGE_TOKEN to a project token of the scope api")
        return
    say(
        {
            "written": f"the comment on #{number} holds the section of {name}",
            "later": f"the comment on #{number} is of a later run already",
            "none": f"#{number} has no comment, and there is nothing to say",
        }[written]
    )


def _pipeline(variables: Any) -> Pipeline:
    from reconciler.forge.pipeline import pipeline_of

    found = pipeline_of(variables)
    if found is None:
        raise Misused("not a job of GitHub Actions or GitLab CI", hint="run it in a pipeline")
    return found


def _write_check(forge: Any, number: int, environment: str, document: Any) -> None:
    from reconciler.engine.review_check import check_name, write_check
    from reconciler.forge.github import GitHub

    if not isinstance(forge, GitHub):
        raise Misused("only GitHub has checks that carry a plan", hint="leave out --check")
    if not write_check(forge, forge.head_of(number), environment, document):
        say("the plan has too many changes for a check; apply takes none of them as reviewed")
        return
    say(f"the check `{check_name(environment)}` holds the digests of the plan")
