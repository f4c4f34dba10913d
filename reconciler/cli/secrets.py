"""jmctl secrets: who can open the embed keys; open one; seal them to others; make new ones."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.lazy_group import Late, LateGroup
from reconciler.cli.options import format_option, identity_option, print_json, project_here
from reconciler.cli.suggestions import recorded_names
from reconciler.cli.write import write, write_revealed
from reconciler.errors import Misused
from reconciler.text.sanitize import printable

if TYPE_CHECKING:
    from reconciler.engine.secrets import SealedEntry

_CHANGES = {
    "rekey": Late("seal every key to the recipients of jmctl.yaml, and to no one else", "secrets_change", "rekey"),
    "rotate": Late("make a new key at the service, so that the old one is worth nothing", "secrets_change", "rotate"),
}
_EXEC = "jmctl secrets exec NAME -- COMMAND"
_OPENS = {"yes": "opens", "no": "not for you", "wrong": "WRONG: belongs to another interview, or is damaged"}


@click.group(cls=LateGroup, late=_CHANGES)
def command() -> None:
    """Embed keys: who can open them, open one, change who can, replace them."""


@command.command("list")
@format_option()
@identity_option
def list_secrets(*, form: str, identity: Path | None) -> ExitCode:
    """List every sealed embed key, who can open it, and whether your identity does.

    Exit code 2 when one is sealed to others than the recipients of jmctl.yaml, 1 when one belongs elsewhere.
    """
    project = project_here()
    rows = project.secrets.list(identity)
    names = project.secrets.names
    if form == "json":
        print_json([_document(row, names) for row in rows])
    else:
        for row in rows:
            for line in _lines(row, names):
                write(line)
        if not rows:
            write("no embed keys are held")
    if any(row.opens == "wrong" for row in rows):
        return ExitCode.ERROR
    return ExitCode.DONE if all(row.is_current for row in rows) else ExitCode.PENDING


def _lines(row: SealedEntry, names: Mapping[str, str]) -> list[str]:
    lines = [f"{printable(row.entry.name)}  {_OPENS.get(row.opens, '')}".rstrip()]
    for key in row.sealed_to:
        former = "  no longer a recipient: jmctl secrets rekey" if key in row.former else ""
        lines.append(f"  {_called(key, names)}{former}")
    lines += [f"  {_called(key, names)}  cannot open it: jmctl secrets rekey" for key in row.missing]
    if not row.sealed_to:
        lines.append("  not known: an earlier jmctl sealed it, without naming its interview: jmctl secrets rekey")
    return lines


def _called(key: str, names: Mapping[str, str]) -> str:
    return printable(f"{names[key]}  {key}" if key in names else key)


def _document(row: SealedEntry, names: Mapping[str, str]) -> dict[str, Any]:
    def described(keys: Sequence[str]) -> list[dict[str, str | None]]:
        return [{"fingerprint": key, "name": names.get(key)} for key in keys]

    return {
        "kind": row.entry.address.kind,
        "name": row.entry.name,
        "sealed_to": described(row.sealed_to),
        "no_longer_recipients": described(row.former),
        "recipients_without_access": described(row.missing),
        "names_its_interview": bool(row.sealed_to),
        "opens": row.opens,
        "current": row.is_current,
    }


@command.command("reveal")
@click.argument("name", shell_complete=recorded_names)
@identity_option
def reveal(*, name: str, identity: Path | None) -> None:
    """Print the embed key of the interview NAME, opened with your identity."""
    project = project_here()
    write_revealed(project.secrets.reveal(project.find_entry(name), identity).reveal())


@command.command("exec", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("name", shell_complete=recorded_names)
@click.argument("words", nargs=-1, required=True, type=click.UNPROCESSED, metavar="-- COMMAND [ARGUMENT]...")
@identity_option
def execute(*, name: str, words: tuple[str, ...], identity: Path | None) -> None:
    """Run COMMAND with EMBED_SIGNING_KEY, EMBED_ID and EMBED_URL of the interview NAME in its environment.

    The key is written nowhere, and is not among the arguments. COMMAND takes the place of jmctl.
    """
    project = project_here()
    entry = project.find_entry(name)
    key = project.secrets.reveal(entry, identity)
    variables = {"EMBED_ID": entry.embed_id or "", "EMBED_URL": project.embed_url(entry) or ""}
    environment = {**os.environ, **variables, "EMBED_SIGNING_KEY": key.reveal()}
    words = words[1:] if words[0] == "--" else words
    try:
        os.execvpe(words[0], words, environment)  # noqa: S606 - the user's own command, without a shell
    except OSError as error:
        raise Misused("the command cannot be run", f"{words[0]}: {error.strerror}", hint=_EXEC) from None
