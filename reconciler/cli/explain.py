"""jmctl explain: what a problem code means and what cures it; where a value of an interview comes from."""

from __future__ import annotations

import re

import click

from reconciler.cli.options import format_option, print_json, project_here
from reconciler.cli.suggestions import codes_and_names
from reconciler.cli.write import write
from reconciler.errors import Misused
from reconciler.problem_table import ProblemRow, rows
from reconciler.text.nearest import did_you_mean
from reconciler.text.sanitize import printable

_CODE = re.compile(r"jm[0-9]+", re.IGNORECASE)


@click.command()
@click.argument("code", metavar="CODE | NAME", shell_complete=codes_and_names)
@click.argument("field", required=False)
@format_option()
def command(*, code: str, field: str | None, form: str) -> None:
    """Explain a problem by its CODE, such as JM0203, or where FIELD of the interview NAME comes from.

    FIELD is a field of the manifest, such as status, lifecycle.protect or questions.KEY.duration.
    """
    if field is not None:
        _explain_field(code, field, form)
        return
    from reconciler.views.problem_page import page_json, page_lines

    row = find_row(code)
    if form == "json":
        print_json(page_json(row))
        return
    for line in page_lines(row):
        write(line)


def _explain_field(name: str, path: str, form: str) -> None:
    from reconciler.engine.origins import explain_field
    from reconciler.views.origin_text import origin_json, origin_lines

    found = explain_field(project_here(lambda _: None), name, path)
    if form == "json":
        print_json(origin_json(found.name, found.path, found.candidates))
        return
    for line in origin_lines(found.name, found.path, found.candidates):
        write(line)


def find_row(word: str) -> ProblemRow:
    """The row of the code `word`, in either case, with or without its leading zero. Raises Misused."""
    table = rows()
    code = word.upper()
    if _CODE.fullmatch(word):
        code = f"JM{word[2:].lstrip('0'):>04}"
    if row := table.get(code):
        return row
    # a code is mistyped within its subject more often than across: those of the same hundred come first
    near = [known for known in table if known[:4] == code[:4]] or [*table]
    hint = did_you_mean(code, near, before="jmctl explain ") or "see docs/reference/problems.md for every code"
    raise Misused("unknown problem code", printable(word), hint=hint)
