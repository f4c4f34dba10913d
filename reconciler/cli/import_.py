"""jmctl import: brings interviews that exist under jmctl. Reads the service, never writes to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path

import click

from reconciler.cli.options import TYPES, say
from reconciler.cli.project import configuration, holder, manifests, store
from reconciler.cli.suggestions import unrecorded_names
from reconciler.engine.plan import make_plan
from reconciler.errors import Misused, Refused
from reconciler.manifest.desired import Desired
from reconciler.plan.model import Action, Change
from reconciler.project.config import Config
from reconciler.resources.mark import is_foreign
from reconciler.resources.observed import Listed, Observed
from reconciler.state.backend import StateWriter
from reconciler.state.model import State
from reconciler.state.records import now
from reconciler.text.plural import counted


@click.command()
@click.argument("name", required=False, shell_complete=unrecorded_names)
@click.argument("interview_id", metavar="ID", required=False)
@click.option("--all", "everything", is_flag=True, help="Import what the service holds and nobody manages.")
@click.option("--type", "kinds", type=click.Choice(TYPES), multiple=True, help="With --all: only this type.")
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
    kinds: tuple[str, ...],
    statuses: tuple[str, ...],
    match: str | None,
    folder: Path | None,
) -> None:
    """Bring the interview ID under the manifest NAME, or write manifests for --all that nobody manages."""
    if everything:
        if name or folder is None:
            raise Misused("--all writes manifests", "it takes no name", hint="jmctl import --all --write DIR")
        _import_all(kinds or TYPES, statuses or ("draft", "active"), match or "*", folder)
    elif name and interview_id:
        _import_one(name, interview_id)
    else:
        raise Misused("what is to be imported", hint="jmctl import NAME ID, or jmctl import --all --write DIR")


def _import_one(name: str, interview_id: str) -> None:
    config, cache = configuration()
    wanted = {want.name: want for want in manifests(config, cache).desired}
    if name not in wanted:
        raise Misused("no manifest declares this interview", name, hint=f"write one with metadata.name: {name} first")
    with store(config).open(holder()) as writer:
        state = writer.state
        if entry := state.entries.get(wanted[name].address):
            raise Refused("the name is managed already", f"{name} is {entry.id}", hint="jmctl state list")
        changes = _adopt(config, [replace(wanted[name], import_id=interview_id)], state)
        _record(writer, changes)
    told = len({field.path for field in changes[0].fields})
    click.echo(f"{name} is {interview_id} now; differences to its manifest: {told}; see: jmctl plan")


def _import_all(kinds: Sequence[str], statuses: Sequence[str], match: str, folder: Path) -> None:
    config, cache = configuration()
    with store(config).open(holder()) as writer:
        state = writer.state
        managed = {entry.id for entry in state.entries.values()}

        def chosen(row: Listed) -> bool:
            return row.id not in managed and row.status in statuses and fnmatch(row.name or "", match)

        written = _write(asyncio.run(_held(config, kinds, chosen)), state, config, folder)
        imported = [want for want in manifests(config, cache).desired if want.import_id in written]
        _record(writer, _adopt(config, imported, state))
    click.echo(f"Imported {counted(len(imported), 'interview')}; manifests in {folder}. Next: jmctl plan")
    if len(imported) < len(written):
        say(f"warning: {len(written) - len(imported)} manifests are outside of `manifests` in jmctl.yaml")


async def _held(config: Config, kinds: Sequence[str], chosen: Callable[[Listed], bool]) -> list[Observed]:
    """What the service holds of `kinds`; only what is chosen by its row in the list is read."""
    from reconciler.engine.connect import connect
    from reconciler.engine.observe import read_all

    async with connect(config, read_only=True) as service:
        pages = await asyncio.gather(*(service.list_interviews(kind) for kind in kinds))
        ids = [row.id for page in pages for row in page if chosen(row)]
        seen = await read_all(ids, service, config.concurrency)
    return [one for one in seen.values() if one is not None]


def _write(found: Sequence[Observed], state: State, config: Config, folder: Path) -> set[str]:
    """One manifest each; returns the ids written. What belongs to another project, or cannot be declared, is told."""
    from reconciler.atomic_file import replace_file
    from reconciler.generate import manifest_text, name_for, unmanageable

    folder.mkdir(parents=True, exist_ok=True)
    taken = {address.name for address in state.entries} | {path.stem for path in folder.iterdir()}
    written = set()
    for seen in found:
        code = seen.attributes.get("code")
        if is_foreign(code, config.project):
            say(f"left out {seen.id}: another project owns it ({code})")
            continue
        reason = unmanageable(seen)
        if reason:
            say(f"left out {seen.id}: {reason}")
            continue
        name = name_for(seen, taken)
        taken.add(name)
        replace_file(folder / f"{name}.yaml", manifest_text(name, seen, import_id=seen.id).encode())
        written.add(seen.id)
    return written


def _adopt(config: Config, wanted: Sequence[Desired], state: State) -> list[Change]:
    """The adoptions, checked. Raises Refused when one is not ours to adopt."""
    addresses = {want.address for want in wanted}
    plan = make_plan(config, wanted, state)
    changes = [change for change in plan.changes if change.address in addresses and change.action is Action.ADOPT]
    problems = [change.blocked for change in changes if change.blocked]
    if problems:
        raise Refused.because(problems)
    return changes


def _record(writer: StateWriter, changes: Sequence[Change]) -> None:
    from reconciler.plan.diff import adoption

    records = [adoption(one.desired, one.observed, now()) for one in changes if one.desired and one.observed]
    writer.append(records)
    writer.finish()
