"""jmctl show: one interview as a candidate meets it. From its manifest and the state; sends nothing."""

from __future__ import annotations

from collections.abc import Sequence

import click

from reconciler.cli.options import format_option, print_json, project_here
from reconciler.cli.suggestions import declared_names
from reconciler.cli.write import write
from reconciler.engine.lookup import listed_type
from reconciler.engine.project import Project
from reconciler.errors import NotFound
from reconciler.manifest.desired import Desired
from reconciler.text.sanitize import printable
from reconciler.views.show_json import Known, show_json
from reconciler.views.show_text import show_lines

TEMPLATES = ("interactive_heygen", "interactive_elevenlabs", "offline_heygen")


@click.command()
@click.argument("name", shell_complete=declared_names)
@click.option(
    "--template-type",
    type=click.Choice(TEMPLATES),
    help="The kind of its template, which a manifest does not say, for the exact price.",
)
@format_option()
def command(*, name: str, template_type: str | None, form: str) -> None:
    """Show the interview NAME as a candidate meets it: texts, questions, times, and what it costs."""
    project = project_here()
    desired = _find(project.manifests().desired, name)
    known = _known(project, desired, template_type)
    if form == "json":
        print_json(show_json(desired, known))
        return
    for line in show_lines(desired, known):
        write(line)


def _find(wanted: Sequence[Desired], name: str) -> Desired:
    names = {item.name: item for item in wanted}
    if name in names:
        return names[name]
    from reconciler.text.nearest import did_you_mean

    hint = did_you_mean(name, names, before="jmctl show ") or "see: jmctl validate --format json"
    raise NotFound("no such interview among the manifests", printable(name), hint=hint)


def _known(project: Project, desired: Desired, template_type: str | None) -> Known:
    template_type = template_type or listed_type(project, desired)
    entry = project.state().entries.get(desired.address)
    if entry is None:
        return Known(template_type=template_type)
    return Known(entry.id, project.embed_url(entry), template_type)
