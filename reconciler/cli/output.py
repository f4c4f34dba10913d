"""jmctl output: what other programs need of one interview, for scripts."""

from __future__ import annotations

import shlex
from pathlib import Path
from urllib.parse import urlencode

import click

from reconciler.address import matching
from reconciler.cli.options import format_option, identity_option, print_json
from reconciler.cli.project import configuration, store
from reconciler.cli.suggestions import recorded_names
from reconciler.errors import Misused
from reconciler.state.model import Entry, State
from reconciler.text.nearest import did_you_mean


@click.command()
@click.argument("name", shell_complete=recorded_names)
@format_option("json", "env")
@click.option("--reveal", is_flag=True, help="Add embed_signing_key, opened with your identity.")
@identity_option
def command(*, name: str, form: str, reveal: bool, identity: Path | None) -> None:
    """Print id, embed_id and embed_url of the interview NAME."""
    config, _ = configuration()
    entry = find_entry(store(config).read().state, name)
    values: dict[str, str | None] = {"id": entry.id, "embed_id": entry.embed_id, "embed_url": None}
    if entry.embed_id:
        values["embed_url"] = f"{config.embed_url}?{urlencode({'embed_id': entry.embed_id})}"
    if reveal:
        values["embed_signing_key"] = _key(entry, identity)
    if form == "json":
        print_json(values)
        return
    for key, value in values.items():
        click.echo(f"{key.upper()}={shlex.quote(value) if value else ''}")


def find_entry(state: State, name: str) -> Entry:
    """The entry `name`. Raises Misused, with the nearest name, when the state has none."""
    found = matching(name, state.entries)
    if len(found) == 1:
        return state.entries[found[0]]
    if found:
        raise Misused("several kinds have this name", name, hint=f"write one of {', '.join(map(str, found))}")
    hint = did_you_mean(name, [address.name for address in state.entries]) or "see: jmctl state list"
    if matching(name, state.in_doubt):
        hint = "its create has no known outcome: see jmctl plan"
    raise Misused("no such interview in the state", name, hint=hint)


def _key(entry: Entry, identity: Path | None) -> str | None:
    if entry.embed_signing_key is None:
        return None
    from reconciler.encryption import find_identities, open_sealed

    return open_sealed(entry.embed_signing_key, find_identities(identity)).reveal()
