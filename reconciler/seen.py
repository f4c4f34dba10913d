"""After applying: notes as of when each created interview was seen, so that the next plan need not read it again."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.apply import Recorder, Result
from reconciler.compare import agrees
from reconciler.observe import list_all
from reconciler.plan import Action
from reconciler.remote import Reader
from reconciler.state import Seen, State


async def look_back(results: Sequence[Result], state: State, service: Reader, recorder: Recorder) -> None:
    """A list call for each type, and a read where `updated_at` is later than `created_at`, which may be an edit."""
    created = [state.entries[result.name] for result in results if result.action is Action.CREATE and result.id]
    rows = await list_all(created, service)
    for entry in created:
        row = rows.get(entry.id)
        if row is None or not row.created_at:
            continue
        if row.created_at == row.updated_at:
            await recorder.record(Seen(entry.name, row.created_at, row.updated_at))
            continue
        seen = await service.read(entry.id)
        if seen is not None and agrees(entry.attributes, seen.attributes):
            await recorder.record(Seen(entry.name, seen.created_at, seen.updated_at))
