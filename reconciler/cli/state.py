"""jmctl state: what jmctl remembers. Never shows a secret; a sealed one is shown to be there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from reconciler.cli.lazy_group import Late, LateGroup
from reconciler.cli.options import format_option, print_json, project_here, say
from reconciler.cli.suggestions import recorded_names
from reconciler.cli.write import write
from reconciler.text.plural import counted
from reconciler.text.sanitize import printable

if TYPE_CHECKING:
    from reconciler import Entry, State
    from reconciler.address import Address

IN_DOUBT = "in doubt"
_CARE = {
    "verify": Late("check that the state can be trusted", "state_repair", "verify"),
    "rebuild": Late("make a lost state anew from the marks on the service", "state_repair", "rebuild"),
    "log": Late("show who applied what and when", "state_account", "log"),
    "bind": Late("bind the state to the account of now", "state_account", "bind"),
    "recover": Late("bring back the records of a rescue file", "state_repair", "recover"),
    "merge": Late("merge two state files by interview", "state_repair", "merge"),
}


@click.group(cls=LateGroup, late=_CARE)
def command() -> None:
    """Look at what jmctl remembers."""


@command.command("list")
@format_option()
def list_entries(*, form: str) -> None:
    """List every interview with its id and the status last applied."""
    rows = _rows(project_here().state())
    if form == "json":
        print_json(rows)
        return
    width = max((len(row["name"]) for row in rows), default=0)
    for row in rows:
        write(f"{row['name']:<{width}}  {printable(row['id'] or '-'):<36}  {printable(str(row['status']))}")


def _rows(state: State) -> list[dict[str, Any]]:
    rows = {
        address: {**_named(address), "id": entry.id, "status": entry.attributes.get("status")}
        for address, entry in state.entries.items()
    }
    for address in state.in_doubt:
        known = rows[address]["id"] if address in rows else None
        rows[address] = {**_named(address), "id": known, "status": IN_DOUBT}
    return [rows[address] for address in sorted(rows)]


def _named(address: Address) -> dict[str, str]:
    return {"kind": address.kind, "name": address.name}


@command.command("show")
@click.argument("name", shell_complete=recorded_names)
@format_option()
def show_entry(*, name: str, form: str) -> None:
    """Show everything remembered of the interview NAME."""
    document = _document(project_here().find_entry(name))
    if form == "json":
        print_json(document)
        return
    import json

    width = max(map(len, document))
    for key, value in document.items():
        if key != "attributes":
            write(f"{key:<{width}}  {printable(json.dumps(value, ensure_ascii=False))}")
    write("attributes")
    for key, value in document["attributes"].items():
        write(f"  {key:<{width}}  {printable(json.dumps(value, ensure_ascii=False))}")


def _document(entry: Entry) -> dict[str, Any]:
    return {
        **_named(entry.address),
        "id": entry.id,
        "code": entry.code,
        "embed_id": entry.embed_id,
        "embed_signing_key": "sealed" if entry.embed_signing_key else None,
        "created_at": entry.created_at,
        "updated_at": entry.updated_at,
        "lifecycle": {"protect": entry.lifecycle.protect, "on_remove": entry.lifecycle.on_remove},
        "history": [{"id": former.id, "retired_at": former.retired_at} for former in entry.history],
        "attributes": dict(entry.attributes),
    }


@command.command("mv")
@click.argument("name", required=False, shell_complete=recorded_names)
@click.argument("new_name", required=False)
@click.option("--from", "source", metavar="STORE", help="The store that the state is in, as `state` names it.")
@click.option("--to", "target", metavar="STORE", help="The store that the state goes to.")
def move_entry(*, name: str | None, new_name: str | None, source: str | None, target: str | None) -> None:
    """Let the entry NAME go by NEW_NAME, or bring the whole state to another store; nothing is sent to the service."""
    if source and target and not name:
        from reconciler.engine.state_stores import transfer

        state, label = transfer(project_here(), source, target)
        write(f"{label} holds the state now: {counted(len(state.entries), 'interview')}")
        say(f"write `state: {target}` in jmctl.yaml, and remove the old one once jmctl plan shows no changes")
    elif name and new_name and not (source or target):
        project_here().edits.move(name, new_name)
        write(f"{name} is {new_name} now; rename its manifest too")
    else:
        hint = "jmctl state mv NAME NEW_NAME, or jmctl state mv --from STORE --to STORE"
        from reconciler.errors import Misused

        raise Misused("nothing to move", "two names or two stores are needed", hint=hint)


@command.command("rm")
@click.argument("name", shell_complete=recorded_names)
def remove_entry(*, name: str) -> None:
    """Forget the entry NAME; the interview on the service stays as it is."""
    entry = project_here().edits.remove(name)
    write(f"{name} is forgotten; the interview stays: {printable(entry.id)}")
