"""jmctl output: what other programs need of one interview, for scripts."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from reconciler.cli.options import format_option, identity_option, print_json, project_here
from reconciler.cli.suggestions import recorded_names


@click.command()
@click.argument("name", shell_complete=recorded_names)
@format_option("json", "env")
@click.option("--reveal", is_flag=True, help="Add embed_signing_key, opened with your identity.")
@identity_option
def command(*, name: str, form: str, reveal: bool, identity: Path | None) -> None:
    """Print id, embed_id and embed_url of the interview NAME."""
    project = project_here()
    entry = project.find_entry(name)
    values = {"id": entry.id, "embed_id": entry.embed_id, "embed_url": project.embed_url(entry)}
    if reveal:
        key = project.secrets.reveal(entry, identity) if entry.embed_signing_key else None
        values["embed_signing_key"] = key.reveal() if key else None
    if form == "json":
        print_json(values)
        return
    for field, value in values.items():
        click.echo(f"{field.upper()}={shlex.quote(value) if value else ''}")
