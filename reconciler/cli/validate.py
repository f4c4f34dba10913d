"""jmctl validate: every mistake of every manifest at its line. Sends nothing, writes nothing but the cache."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from reconciler.cli.exit_codes import ExitCode, of_error
from reconciler.cli.options import format_option, print_json, project_here
from reconciler.cli.write import write
from reconciler.errors import Invalid, Problem
from reconciler.text.plural import counted, is_or_are

if TYPE_CHECKING:
    from reconciler import Manifests


@click.command()
@format_option()
def command(form: str) -> int:
    """Check every manifest and explain each mistake at its line."""
    if form == "json":
        return _as_document()
    write(_sentence(project_here().manifests()))
    return ExitCode.DONE


def _as_document() -> int:
    """One document whatever the files say; errors outside of them are reported by `cli.errors`."""
    try:
        found = project_here(lambda _: None).manifests()  # the document holds the warnings
    except Invalid as error:
        print_json(_document([], list(error.problems), valid=False))
        return of_error(error)
    interviews = [{"name": item.name, **_place(item.where.path, item.where.line)} for item in found.desired]
    print_json(_document(interviews, list(found.warnings), valid=True))
    return ExitCode.DONE


def _document(interviews: list[dict[str, Any]], problems: list[Problem], *, valid: bool) -> dict[str, Any]:
    from reconciler.views.problems import problem_json

    return {
        "version": 1,
        "valid": valid,
        "interviews": interviews,
        "problems": [problem_json(problem) for problem in problems],
    }


def _place(path: str, line: int) -> dict[str, Any]:
    return {"path": path, "line": line}


def _sentence(found: Manifests) -> str:
    number = len(found.desired)
    return f"{counted(number, 'interview')} in {counted(found.files, 'file')} {is_or_are(number)} valid"
