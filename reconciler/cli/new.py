"""jmctl new: a manifest from a list of questions."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.options import format_option, print_json, project_here
from reconciler.cli.write import write
from reconciler.text.paths import as_typed
from reconciler.text.sanitize import printable


@click.command()
@click.option(
    "--from",
    "source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    required=True,
    help="The questions: text, Markdown, or a Word document with the extra docx.",
)
@click.option("--name", metavar="NAME", help="The manifest's name. Default: made from the title of the list.")
@click.option("--avatar", metavar="NAME", help="Who asks: a name that jmctl lookup avatars lists.")
@format_option()
def command(*, source: Path, name: str | None, avatar: str | None, form: str) -> None:
    """Write interviews/NAME.yaml that asks the questions of FILE; never over a file that is there.

    One question a line, or as list items; "(2 min)" or "(90 s)" in it is the time to answer. The first heading is
    the title.
    """
    from reconciler.engine.new_interview import new_interview

    made = new_interview(project_here(), source, name, avatar)
    path = as_typed(made.path.parent.parent, f"interviews/{made.path.name}")
    if form == "json":
        print_json({"version": 1, "path": path, "name": made.name, "questions": made.questions})
        return
    write(f"wrote {printable(path)}: {made.questions} questions. Next: jmctl show {printable(made.name)}, jmctl plan")
