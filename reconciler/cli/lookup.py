"""jmctl lookup: the avatars and languages of the account, fetched into the catalogue that every command then uses."""

from __future__ import annotations

from typing import Literal

import click

from reconciler.cli.options import format_option, print_json, project_here, run
from reconciler.cli.write import write
from reconciler.text.sanitize import printable


@click.command()
@click.argument("subject", type=click.Choice(("avatars", "languages")))
@format_option()
def command(*, subject: Literal["avatars", "languages"], form: str) -> None:
    """Fetch the avatars or languages that interviews may use into .jmctl/catalogue.json, and list them."""
    from reconciler.engine.lookup import look_up

    found = run(look_up(project_here(), subject))
    if form == "json":
        print_json(found.as_json()[subject])
        return
    if subject == "languages":
        for language in found.languages:
            note = "" if language.has_pronunciation else "  no pronunciation assessment"
            write(f"{printable(language.code):<4} {printable(language.name)}{note}")
        return
    width = max((len(avatar.name) for avatar in found.avatars), default=0)
    for avatar in found.avatars:
        shown = (avatar.id, f"{avatar.name:<{width}}", f"{avatar.type:<24}", avatar.language or "")
        write("  ".join(printable(part) for part in shown).rstrip())
