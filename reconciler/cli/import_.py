"""jmctl import: bring interviews that exist under jmctl. Reads the service, never writes to it."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.options import from_here, project_here, run, say
from reconciler.cli.suggestions import unrecorded_names
from reconciler.cli.write import write
from reconciler.errors import Misused
from reconciler.resources.kind import kinds
from reconciler.text.plural import counted

_TYPES = [one for kind in kinds() for one in kind.calls.types]


@click.command()
@click.argument("name", required=False, shell_complete=unrecorded_names)
@click.argument("interview_id", metavar="ID", required=False)
@click.option("--all", "everything", is_flag=True, help="Import every interview that is not managed yet.")
@click.option(
    "--type",
    "types",
    type=click.Choice(_TYPES),
    multiple=True,
    help="With --all: only this type.",
)
@click.option("--status", "statuses", multiple=True, help="With --all: only this status. Default: draft and active.")
@click.option("--match", metavar="GLOB", help="With --all: only interviews whose name matches.")
@click.option(
    "--write", "folder", type=click.Path(file_okay=False, path_type=Path), help="With --all: where manifests go."
)
def command(  # noqa: PLR0913 - one parameter an option
    *,
    name: str | None,
    interview_id: str | None,
    everything: bool,
    types: tuple[str, ...],
    statuses: tuple[str, ...],
    match: str | None,
    folder: Path | None,
) -> None:
    """Bring the interview ID under the manifest NAME, or write manifests for --all that are not managed yet."""
    if everything:
        if name or folder is None:
            raise Misused("--all writes manifests", "it takes no name", hint="jmctl import --all --write DIR")
        folder = from_here(folder)
        done = run(project_here().import_all(folder, types=types, statuses=statuses, match=match or "*"))
        write(f"Imported {counted(done.imported, 'interview')}; manifests in {folder}. Next: jmctl plan")
        if done.imported < done.written:
            say(f"warning: {done.written - done.imported} manifests are outside of `manifests` in jmctl.yaml")
    elif name and interview_id:
        change = run(project_here().import_one(name, interview_id))
        differing = len({field.path for field in change.fields})
        write(f"{name} is {interview_id} now; differences to its manifest: {differing}; see: jmctl plan")
    else:
        raise Misused("nothing named to import", hint="jmctl import NAME ID, or jmctl import --all --write DIR")
