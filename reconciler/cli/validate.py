"""jmctl validate: every mistake of every manifest at its line. Asks nobody, writes nothing but the cache."""

from __future__ import annotations

from typing import Any

import click

from reconciler.cli.options import format_option, print_json
from reconciler.cli.project import configuration, manifests
from reconciler.errors import Invalid, Problem
from reconciler.project.load import Manifests
from reconciler.text.plural import counted, is_or_are


@click.command()
@format_option()
def command(form: str) -> int:
    """Check every manifest and explain each mistake at its line."""
    if form == "json":
        return _as_document()
    config, cache = configuration()
    found = manifests(config, cache)
    click.echo(_sentence(found))
    return 0


def _as_document() -> int:
    """One document whatever the files say; trouble outside of them is told by whoever tells every error."""
    from reconciler.project.load import read_manifests

    try:
        config, cache = configuration()
        found = read_manifests(config.root, config.manifests, cache, config.manifest_places)
    except Invalid as error:
        print_json(_document([], list(error.problems), valid=False))
        return error.exit_code
    interviews = [{"name": item.name, **_place(item.where.path, item.where.line)} for item in found.desired]
    print_json(_document(interviews, list(found.warnings), valid=True))
    return 0


def _document(interviews: list[dict[str, Any]], problems: list[Problem], *, valid: bool) -> dict[str, Any]:
    from reconciler.views.problems import problem_json

    return {"valid": valid, "interviews": interviews, "problems": [problem_json(problem) for problem in problems]}


def _place(path: str, line: int) -> dict[str, Any]:
    return {"path": path, "line": line}


def _sentence(found: Manifests) -> str:
    number = len(found.desired)
    return f"{counted(number, 'interview')} in {counted(found.files, 'file')} {is_or_are(number)} valid"
