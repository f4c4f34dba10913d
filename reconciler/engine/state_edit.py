"""Edit and check the state by itself: move, forget, verify, rebuild, recover. Sends nothing but GETs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconciler.address import Address, matching
from reconciler.errors import Damaged, Misused, NotFound, Refused, Where
from reconciler.state.model import Entry, State
from reconciler.state.records import Adopted, Buried, Forgotten, Moved, Record, now
from reconciler.text.nearest import did_you_mean
from reconciler.text.plural import counted

if TYPE_CHECKING:
    from reconciler.engine.project import Project
    from reconciler.engine.session import Session
    from reconciler.manifest.desired import Desired
    from reconciler.resources.observed import Observed


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild found: how many of the `declared` manifests have an interview, and which cannot be found.

    `unmarked` are the names whose manifest declares a code of its own, so that no mark finds them.
    """

    found: int
    declared: int
    unmarked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StateEdits:
    """The use cases of `jmctl state`. Each that writes takes the lock, and raises Locked when it is held."""

    project: Project

    def move(self, name: str, to: str) -> None:
        """Lets the entry `name` go by the name `to`. Raises Misused when either name does not fit."""

        def moved(state: State) -> Moved:
            address = find_entry(state, name).address
            return Moved(address, _free(state, Address(address.kind, to)), now())

        record_alone(self.project, lambda state: [moved(state)])

    def remove(self, name: str) -> Entry:
        """Forgets the entry `name` and returns it; the interview on the service stays as it is."""
        forgotten: list[Entry] = []

        def forget(state: State) -> Forgotten:
            forgotten.append(find_entry(state, name))
            return Forgotten(forgotten[0].address, now(), "jmctl state rm")

        record_alone(self.project, lambda state: [forget(state)])
        return forgotten[0]

    def faults(self) -> list[str]:
        """What is inconsistent in the state, one line each. Raises Damaged when it cannot even be read."""
        return _faults(self.project.state())

    async def missing(self) -> list[Entry]:
        """The entries whose interview the service does not show any more."""
        from reconciler.engine.account import checked_account
        from reconciler.engine.observe import observe
        from reconciler.engine.session import open_session
        from reconciler.plan.model import Look

        state = self.project.state()
        async with open_session(self.project) as session:
            await checked_account(self.project, session, state)
            sights = await observe((), state, session.reader, session.concurrency)
        return [entry for entry in state.entries.values() if sights[entry.id] is Look.MISSING]

    async def rebuild(self) -> Rebuilt:
        """Makes a lost state anew from the marks on the service; reports interviews that no manifest declares.

        Raises Refused when the state holds anything, or when several interviews carry one mark.
        """
        from reconciler.engine.account import binding, checked_account
        from reconciler.engine.session import open_session

        wanted = {want.name: want for want in self.project.manifests().desired}
        with self.project.open_state() as writer:
            state = writer.state
            if state.entries or state.in_doubt:
                hint = f"restore it from git, or move it away first: {self.project.backend().label}"
                raise Refused(
                    "there is a state already", f"it holds {counted(len(state.entries), 'interview')}", hint=hint
                )
            async with open_session(self.project) as session:
                account = await checked_account(self.project, session, state)
                records = await _adoptions(self.project, session, wanted)
            writer.append([*binding(self.project, state, account), *records])
            writer.finish()
        unmarked = tuple(name for name, want in wanted.items() if want.spec.get("code"))
        found = sum(isinstance(record, Adopted) for record in records)
        return Rebuilt(found, len(wanted), unmarked)

    def recover(self, data: bytes, file: str) -> tuple[int, int]:
        """Brings back the records of a rescue file; returns how many, and how many were settled in the meantime.

        `data` may be a log of a run in which these lines stand, `file` is what the user calls it.
        """
        from reconciler.state.journal_format import journal_lines, parse_journal
        from reconciler.state.rescue import bring_back

        with self.project.open_state() as writer:
            state = writer.state
            journal = parse_journal(journal_lines(data), Where(file))
            if journal is None:
                raise Misused("the rescue file is empty", file)
            if journal.lineage != state.lineage:
                detail = f"it is of {journal.lineage}, the state of {state.lineage}"
                raise Damaged("the rescue file belongs to another state", detail, where=Where(file))
            is_overtaken = journal.digest != writer.snapshot.digest
            useful, stale = bring_back(state, journal.records, is_overtaken=is_overtaken)
            writer.append(useful)
            writer.finish()
        return len(useful), stale


def find_entry(state: State, name: str) -> Entry:
    """The entry that a user calls `name`. Raises NotFound, with the nearest name, when the state has none."""
    found = matching(name, state.entries)
    if len(found) == 1:
        return state.entries[found[0]]
    if found:
        raise Misused("several kinds have this name", name, hint=f"write one of {', '.join(map(str, found))}")
    hint = did_you_mean(name, [address.name for address in state.entries]) or "see: jmctl state list"
    if matching(name, state.in_doubt):
        hint = "its create has no known outcome: see jmctl plan"
    raise NotFound("no such interview in the state", name, hint=hint)


def record_alone(project: Project, make: Callable[[State], Sequence[Record]]) -> None:
    """Records what `make` says of the state, under the lock, and commits it."""
    with project.open_state() as writer:
        writer.append(make(writer.state))
        writer.finish()


def _free(state: State, address: Address) -> Address:
    name = address.name
    if not re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", name):
        raise Misused("not a name for an interview", name, hint="use lower-case letters, digits and hyphens")
    if address in state.entries or address in state.in_doubt:
        raise Misused("the name is taken", name, hint="see: jmctl state list")
    return address


def _faults(state: State) -> list[str]:
    found = []
    owners: dict[str, str] = {}
    for entry in state.entries.values():
        name = entry.name
        if entry.id in owners:
            found.append(f"{name} and {owners[entry.id]} have the same id {entry.id}")
        owners[entry.id] = name
        if entry.embed_signing_key and not entry.embed_signing_key.startswith("-----BEGIN AGE ENCRYPTED FILE-----"):
            found.append(f"{name}: its embed key is not sealed; rotate it and restore the state from git")
    return found


async def _adoptions(project: Project, session: Session, wanted: Mapping[str, Desired]) -> list[Record]:
    """A record for each interview whose mark names a manifest, and for each that was removed; reports the others."""
    from reconciler.engine.orphans import marked
    from reconciler.events import LeftOut
    from reconciler.plan.diff import adoption

    found = await marked(project, session, ())
    records: list[Record] = [*_burials(found)]
    for name, seen in sorted(_by_name(project, found).items()):
        want = wanted.get(name)
        if want is None:
            project.notify(LeftOut(seen.id, f"no manifest declares {name}"))
            continue
        records.append(adoption(want, seen, now()))
    return records


def _burials(found: Sequence[Observed]) -> Iterator[Buried]:
    """A tombstone for each archived or deleted interview whose mark names this environment."""
    from reconciler.resources.kind import kind_named
    from reconciler.resources.mark import parse_mark

    for seen in found:
        kind = kind_named(seen.kind)
        code = seen.attributes.get(kind.mark_field)
        found_mark = parse_mark(code)
        if seen.status in ("archived", "deleted") and found_mark and found_mark.environment:
            values = {name: seen.attributes.get(name) for name in kind.fields if name != kind.mark_field}
            known = {name: value for name, value in values.items() if value is not None}
            address = Address(seen.kind, found_mark.name)
            yield Buried(address, now(), seen.id, known, str(seen.status), code, seen.created_at)


def _by_name(project: Project, found: list[Observed]) -> dict[str, Observed]:
    """The live interview of each name. Raises Refused where several could be it."""
    from reconciler.events import LeftOut
    from reconciler.resources.mark import parse_mark

    names: dict[str, Observed] = {}
    for seen in found:
        if seen.status in ("archived", "deleted"):
            continue
        found_mark = parse_mark(seen.attributes["code"])
        if found_mark is None or (found_mark.environment is None and not project.config.owner.is_alone):
            project.notify(
                LeftOut(seen.id, "its mark names no environment, and there are several: jmctl import NAME ID")
            )
            continue
        name = found_mark.name
        if name in names:
            detail = f"{name}: {names[name].id} and {seen.id}"
            raise Refused("several interviews carry one mark", detail, hint="archive all but one in the admin")
        names[name] = seen
    return names
