"""Observe what an apply changed: what differs is sent once more, and what the service keeps even then is remembered.

The next plan then need not read what was applied, and a value that the service keeps is reported once instead of being
planned again for ever.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from reconciler.api.protocol import Changed, Reader, Writer
from reconciler.engine.observe import read_all
from reconciler.engine.recorder import Recorder
from reconciler.events import AppliedDiffers
from reconciler.plan.diff import is_kept
from reconciler.plan.model import Action, Change, changed_by
from reconciler.plan.outcome import Result
from reconciler.resources.compare import changes_of, same
from reconciler.resources.difference import FieldChange
from reconciler.resources.field import By
from reconciler.resources.kind import kind_named
from reconciler.resources.observed import Observed
from reconciler.state.model import Entry, State
from reconciler.state.records import Seen

_NEW = (Action.CREATE, Action.RECREATE, Action.REPLACE)


class Remote(Reader, Writer, Protocol):
    """Reads what was applied, and writes what was not stored."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """What verifying needs; `concurrency` is how many reads are under way at the same time."""

    service: Remote
    recorder: Recorder
    concurrency: int

    async def verify(self, changes: Sequence[Change], results: Sequence[Result], state: State) -> list[AppliedDiffers]:
        """Records what was seen to be as applied, and returns what differs, for each resource where something does.

        Costs one read for each resource that was changed. Fields that this apply wrote and that differ are sent once
        more, and read again. Raises Unanswered when the service cannot be asked, Misconfigured when a record cannot be
        written.
        """
        done = {result.address for result in results if result.ending == "done"}
        written = {change.address: change for change in changes if change.address in done}
        entries = [state.entries[address] for address in written if address in state.entries]
        found = await self._read(entries)
        again = [
            entry for entry in entries if await self._sent_again(entry, written[entry.address], found.get(entry.id))
        ]
        if again:
            found = {**found, **await self._read(again)}
        repeated = {entry.id for entry in again}
        checked = [_check(entry, found.get(entry.id), entry.id in repeated) for entry in entries]
        # together, because those that arrive together share an fsync
        await asyncio.gather(*(self.recorder.record(one.seen) for one in checked if one.seen))
        return [
            one.differs
            for entry, one in zip(entries, checked, strict=True)
            if one.differs and not (found.get(entry.id) is None and written[entry.address].action in _NEW)
        ]

    async def _read(self, entries: Iterable[Entry]) -> dict[str, Observed | None]:
        return await read_all({entry.id: entry.address.kind for entry in entries}, self.service, self.concurrency)

    async def _sent_again(self, entry: Entry, change: Change, seen: Observed | None) -> bool:
        """Whether what this apply wrote differed in `seen` and was accepted when it was sent once more."""
        if seen is None:
            return False
        wrote = entry.attributes.keys() if change.action in _NEW else change.changed_fields
        fields = frozenset(
            name
            for name in _differing(entry, seen)
            if name in wrote and changed_by(entry.address.kind, name) is By.UPDATE
        )
        if not fields or ("questions" in fields and seen.refuses_questions):
            return False
        kind = kind_named(entry.address.kind)
        steps = kind.update_steps(entry.attributes, entry.attributes, entry.attributes, fields, seen)
        outcomes = [await self.service.update(kind, entry.id, step.patch) for step in steps if step.patch is not None]
        return bool(outcomes) and all(isinstance(outcome, Changed) for outcome in outcomes)


@dataclass(frozen=True, slots=True)
class _Checked:
    seen: Seen | None
    differs: AppliedDiffers | None


def _check(entry: Entry, seen: Observed | None, is_repeated: bool) -> _Checked:  # noqa: FBT001 - a fact, not a switch
    """What to record of `entry`, and what to report of it. `is_repeated`: what differs was sent twice."""
    if seen is None:
        return _Checked(None, AppliedDiffers(entry.name))
    differing = _differing(entry, seen)
    kept = {
        name: seen.attributes[name]
        for name in differing
        if changed_by(entry.address.kind, name) is By.REPLACE or (is_repeated and _is_updated(entry, name))
    }
    kept |= {name: held for name, held in entry.kept.items() if name in differing and is_kept(entry, seen, name)}
    left_alone = [name for name in differing if not _is_reported(entry, name)]
    is_settled = all(name in kept for name in differing if name not in left_alone)
    record = Seen(entry.address, seen.created_at, seen.updated_at, kept) if is_settled and not left_alone else None
    new = [name for name in differing if name not in left_alone and not is_kept(entry, seen, name)]
    fields = tuple(leaf for name in new for leaf in _leaves(entry, seen, name))
    return _Checked(record, AppliedDiffers(entry.name, fields, is_kept=is_settled) if new else None)


def _differing(entry: Entry, seen: Observed) -> list[str]:
    kind, applied = kind_named(entry.address.kind), entry.attributes
    return [
        name
        for name, value in applied.items()
        if name in seen.attributes and not same(kind, name, value, seen.attributes[name], applied)
    ]


def _leaves(entry: Entry, seen: Observed, name: str) -> list[FieldChange]:
    """From what the service holds to what was applied, as in a plan."""
    kind, applied = kind_named(entry.address.kind), entry.attributes
    return changes_of(kind, name, applied[name], seen.attributes[name], "drift", applied)


def _is_updated(entry: Entry, name: str) -> bool:
    return changed_by(entry.address.kind, name) is By.UPDATE


def _is_reported(entry: Entry, name: str) -> bool:
    """Not what is left alone: the plan says that it differs, it is no surprise."""
    return name not in entry.lifecycle.ignore and changed_by(entry.address.kind, name) is not By.CREATION
