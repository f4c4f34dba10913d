"""jmctl output: what other programs need of one interview, for scripts."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import click

from reconciler.cli.options import format_option, identity_option, json_bytes, project_here
from reconciler.cli.suggestions import recorded_names
from reconciler.cli.write import write_revealed
from reconciler.errors import Misused


@click.command()
@click.argument("name", shell_complete=recorded_names)
@format_option("json", "env", "dotenv", "k8s-secret", "github", "gitlab")
@click.option("--reveal", is_flag=True, help="Add embed_signing_key, opened with your identity.")
@identity_option
def command(*, name: str, form: str, reveal: bool, identity: Path | None) -> None:
    """Print id, embed_id and embed_url of the interview NAME.

    With --format github they become outputs of the step, and the key is masked first. env, dotenv and gitlab print
    lines for a shell, a .env file and a dotenv report; k8s-secret prints a Kubernetes Secret.
    """
    project = project_here()
    entry = project.find_entry(name)
    values = {"id": entry.id, "embed_id": entry.embed_id, "embed_url": project.embed_url(entry)}
    if reveal:
        key = project.secrets.reveal(entry, identity) if entry.embed_signing_key else None
        values["embed_signing_key"] = key.reveal() if key else None
    if form == "json":
        write_revealed(json_bytes(values))
        return
    from reconciler.views.output_formats import LINES, secret_text

    if form == "github":
        _to_github(values)
    elif form == "k8s-secret":
        write_revealed(secret_text(entry.name, values))
    else:
        write_revealed(LINES[form](values))


def _to_github(values: dict[str, str | None]) -> None:
    from reconciler.views.output_formats import github_text, mask_commands

    path = os.environ.get("GITHUB_OUTPUT")
    if not path:
        raise Misused("not a step of GitHub Actions", "GITHUB_OUTPUT is not set", hint="use --format env")
    entries = github_text(values, f"jmctl-{secrets.token_hex(16)}")
    if masks := mask_commands(values):
        write_revealed(masks)
    with Path(path).open("a", encoding="utf-8") as file:
        file.write(entries)
