"""Import: bring interviews that exist under jmctl. Reads the service, never writes to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path

from reconciler.atomic_file import replace_file
from reconciler.engine.account import checked_account
from reconciler.engine.observe import read_all
from reconciler.engine.plan import plan_observed
from reconciler.engine.project import Project
from reconciler.engine.session import Session, open_session
from reconciler.errors import NotFound, Refused
from reconciler.events import LeftOut
from reconciler.generate import manifest_text, name_for, unmanageable
from reconciler.manifest.desired import Desired
from reconciler.plan.diff import adoption
from reconciler.plan.model import Action, Change
from reconciler.resources.kind import kind_named, kinds
from reconciler.resources.mark import is_foreign
from reconciler.resources.observed import Listed, Observed
from reconciler.state.backend import StateWriter
from reconciler.state.model import State
from reconciler.state.records import now


@dataclass(frozen=True, slots=True)
class Imported:
    """What `import_all` did: how many interviews are managed now, how many manifests it wrote.

    There are more manifests than imports when `folder` is outside of the patterns in jmctl.yaml.
    """

    imported: int
    written: int


async def import_one(project: Project, name: str, interview_id: str) -> Change:
    """Records that the manifest `name` stands for `interview_id`; the change holds the differences between them.

    Raises NotFound without such a manifest, Refused when the name is managed or the interview is not ours to adopt.
    """
    wanted = {want.name: want for want in project.manifests().desired}
    if name not in wanted:
        raise NotFound("no manifest declares this interview", name, hint=f"write one with metadata.name: {name} first")
    with project.open_state() as writer:
        state = writer.state
        if entry := state.entries.get(wanted[name].address):
            raise Refused("the name is managed already", f"{name} is {entry.id}", hint="jmctl state list")
        async with open_session(project) as session:
            await checked_account(project, session, state)
            changes = await _adopt(project, session, [replace(wanted[name], import_id=interview_id)], state)
        _record(writer, changes)
    return changes[0]


async def import_all(
    project: Project, folder: Path, types: Collection[str], statuses: Collection[str], match: str
) -> Imported:
    """Writes a manifest into `folder` for each interview that no state entry knows, and records both."""
    statuses = statuses or ("draft", "active")
    with project.open_state() as writer:
        state = writer.state
        managed = {entry.id for entry in state.entries.values()}

        def chosen(row: Listed) -> bool:
            return row.id not in managed and row.status in statuses and fnmatch(row.name or "", match)

        async with open_session(project) as session:
            await checked_account(project, session, state)
            written = _write(project, await _existing(session, types, chosen), state, folder)
            wanted = [want for want in project.manifests().desired if want.import_id in written]
            _record(writer, await _adopt(project, session, wanted, state))
    return Imported(len(wanted), len(written))


async def _existing(session: Session, types: Collection[str], chosen: Callable[[Listed], bool]) -> list[Observed]:
    """What the service holds of `types` (empty: of all); only what is chosen by its row in the list is read."""
    lists = ((kind, one) for kind in kinds() for one in kind.calls.types if one in types or not types)
    pages = await asyncio.gather(*(session.reader.list_resources(*one) for one in lists))
    wanted = {row.id: row.kind for page in pages for row in page.rows if chosen(row)}
    seen = await read_all(wanted, session.reader, session.concurrency)
    return [one for one in seen.values() if one is not None]


def _write(project: Project, found: Sequence[Observed], state: State, folder: Path) -> set[str]:
    """One manifest each; returns the ids written. Reports what another project owns or no manifest can declare."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = {address.name for address in state.entries} | {path.stem for path in folder.iterdir()}
    written = set()
    for seen in found:
        code = seen.attributes.get(kind_named(seen.kind).mark_field)
        foreign = f"it carries the mark of another owner ({code})" if is_foreign(code, project.config.owner) else None
        reason = foreign or unmanageable(seen)
        if reason:
            project.notify(LeftOut(seen.id, reason))
            continue
        name = name_for(seen, taken)
        taken.add(name)
        replace_file(folder / f"{name}.yaml", manifest_text(name, seen, import_id=seen.id).encode())
        written.add(seen.id)
    return written


async def _adopt(project: Project, session: Session, wanted: Sequence[Desired], state: State) -> list[Change]:
    """The adoptions, checked. Raises Refused when one is not ours to adopt."""
    addresses = {want.address for want in wanted}
    plan = await plan_observed(project, session, wanted, state)
    changes = [change for change in plan.changes if change.address in addresses and change.action is Action.ADOPT]
    problems = [change.blocked for change in changes if change.blocked]
    if problems:
        raise Refused.because(problems)
    return changes


def _record(writer: StateWriter, changes: Sequence[Change]) -> None:
    writer.append([adoption(one.desired, one.observed, now()) for one in changes if one.desired and one.observed])
    writer.finish()
