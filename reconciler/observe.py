"""Which interviews to look at, and the looking: a list per type, then a read only for those that moved."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from reconciler.plan import Look, Sight
from reconciler.remote import Listed, Reader
from reconciler.state import Entry, State


async def observe(state: State, service: Reader, concurrency: int) -> dict[str, Sight]:
    """What the service shows of every entry, by id.

    Costs one list call for each type and 1,000 interviews, and one read for each whose `updated_at` is not the one that
    was last seen. Raises Unanswered when the service cannot be asked.
    """
    rows = await list_all(state.entries.values(), service)
    limit = asyncio.Semaphore(concurrency)

    async def look(entry: Entry) -> Sight:
        row = rows.get(entry.id)
        if row is not None and row.status == "deleted":
            return Look.MISSING
        if row is not None and entry.updated_at is not None and row.updated_at == entry.updated_at:
            return Look.UNCHANGED
        async with limit:
            seen = await service.read(entry.id)
        return Look.MISSING if seen is None or seen.status == "deleted" else seen

    entries = list(state.entries.values())
    sights = await asyncio.gather(*map(look, entries))
    return {entry.id: sight for entry, sight in zip(entries, sights, strict=True)}


async def list_all(entries: Iterable[Entry], service: Reader) -> dict[str, Listed]:
    """Every listed interview of the types and merchants that `entries` are of, by id."""
    scopes = {(entry.attributes["type"], entry.attributes.get("merchant_id")) for entry in entries}
    pages = await asyncio.gather(
        *(service.list_interviews(kind, merchant) for kind, merchant in sorted(scopes, key=str))
    )
    return {row.id: row for page in pages for row in page}
