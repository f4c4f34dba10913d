"""Observe what an apply changed, so that the next plan need not read it and a surprise is shown at once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.api.protocol import Reader
from reconciler.engine.observe import list_all, read_all
from reconciler.engine.recorder import Recorder
from reconciler.plan.model import Action, changed_by
from reconciler.plan.outcome import Result
from reconciler.resources.compare import agrees
from reconciler.resources.field import By
from reconciler.resources.kind import kind_named
from reconciler.resources.observed import Observed
from reconciler.state.model import Entry, State
from reconciler.state.records import Seen

_NEW = (Action.CREATE, Action.REPLACE)


async def verify_applied(
    results: Sequence[Result], state: State, service: Reader, recorder: Recorder, concurrency: int = 8
) -> list[str]:
    """Records what was seen to be as applied, and returns the names of those that are not.

    A new interview costs its share of a list call: untouched since its creation, it is as created. Any other is read,
    as is one whose `updated_at` is later than its `created_at`: that may be a person's edit.
    """
    done = {
        result.address: result.action
        for result in results
        if result.ending == "done" and result.address in state.entries
    }
    new = [state.entries[address] for address, action in done.items() if action in _NEW]
    rows = await list_all(new, service)
    as_created: list[Seen] = []
    to_read: list[Entry] = []
    for address, action in done.items():
        entry = state.entries[address]
        row = rows.get(entry.id) if action in _NEW else None
        if action in _NEW and row is None:
            continue  # the list lags behind: the next plan will look
        if row and row.created_at and row.created_at == row.updated_at:
            as_created.append(Seen(address, row.created_at, row.updated_at))
        else:
            to_read.append(entry)
    found = await read_all([entry.id for entry in to_read], service, concurrency)
    read = [(entry, found[entry.id]) for entry in to_read]
    as_applied = [
        Seen(entry.address, seen.created_at, seen.updated_at)
        for entry, seen in read
        if seen and _agrees(entry, entry.attributes, seen)
    ]
    # together, because those that arrive together share an fsync
    await asyncio.gather(*(recorder.record(seen) for seen in (*as_created, *as_applied)))
    return [entry.name for entry, seen in read if seen is None or not _agrees(entry, _ours(entry), seen)]


def _agrees(entry: Entry, applied: Mapping[str, Any], seen: Observed) -> bool:
    return agrees(kind_named(entry.address.kind), applied, seen.attributes)


def _ours(entry: Entry) -> dict[str, Any]:
    """What was applied, without the fields that are left alone: the plan tells that they differ, it is no surprise."""
    return {
        name: value
        for name, value in entry.attributes.items()
        if name not in entry.lifecycle.ignore and changed_by(entry.address.kind, name) is not By.CREATION
    }
