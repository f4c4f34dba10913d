"""jmctl render: one interview as it resolves, each line with its origin. Sends nothing, writes nothing."""

from __future__ import annotations

import click

from reconciler.cli.options import format_option, print_json, project_here
from reconciler.cli.suggestions import declared_names
from reconciler.cli.write import write


@click.command()
@click.argument("name", shell_complete=declared_names)
@click.option("--no-origins", is_flag=True, help="Leave out the comments that say where each value comes from.")
@format_option()
def command(*, name: str, no_origins: bool, form: str) -> None:
    """Print the interview NAME as one manifest, with defaults, sets, texts and variables resolved.

    A comment beside each field says where it comes from. The output is a manifest that stands by itself.
    """
    from reconciler.engine.origins import render
    from reconciler.views.origin_text import rendered_lines

    found = render(project_here(lambda _: None), name)
    if form == "json":
        print_json({"version": 1, "manifest": found.manifest})
        return
    for line in rendered_lines(found.lines, origins=not no_origins):
        write(line)
