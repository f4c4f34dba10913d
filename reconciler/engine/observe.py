"""Which interviews to look at, and the looking: a list per type, then a read only for those that moved."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from reconciler.api.protocol import Reader
from reconciler.canonical_json import digest
from reconciler.manifest.desired import Desired
from reconciler.plan.model import Look, Sight
from reconciler.resources.kind import kind_named
from reconciler.resources.observed import Listed, Observed
from reconciler.state.model import Entry, State


async def observe(desired: Sequence[Desired], state: State, service: Reader, concurrency: int) -> dict[str, Sight]:
    """What the service shows of every entry, and of every interview that `desired` wants to adopt, by id.

    Costs one list call for each type and 1,000 interviews, and one read for each whose `updated_at` is not the one that
    was last seen, or whose manifest changed. Raises Unanswered when the service cannot be asked.
    """
    rows = await list_all(state.entries.values(), service)
    known = {entry.id: entry for entry in state.entries.values()}
    declared = {want.address: want.digest for want in desired}
    wanted = {want.import_id: want.kind for want in desired if want.import_id and want.address not in state.entries}
    sights: dict[str, Sight] = {
        entry.id: Look.UNCHANGED
        for entry in known.values()
        if _unmoved(entry, rows.get(entry.id)) and declared.get(entry.address) == digest(entry.attributes)
    }
    kinds = {**dict(sorted(wanted.items())), **{entry.id: entry.address.kind for entry in known.values()}}
    unsure = {one: kinds[one] for one in (*known, *kinds) if one not in sights}
    for interview_id, seen in (await read_all(unsure, service, concurrency)).items():
        sights[interview_id] = _sight(seen, rows.get(interview_id))
    return sights


def _unmoved(entry: Entry, row: Listed | None) -> bool:
    return row is not None and entry.updated_at is not None and row.updated_at == entry.updated_at


def _sight(seen: Observed | None, row: Listed | None) -> Sight:
    if seen is None or seen.status == "deleted":
        return Look.MISSING
    return replace(seen, interview_count=row.interview_count if row else None)


async def read_all(kinds: Mapping[str, str], service: Reader, concurrency: int) -> dict[str, Observed | None]:
    """Every resource whose id is in `kinds`, in their order, None where the service does not show it; some at a time.

    `kinds` has the kind of each id.
    """
    limit = asyncio.Semaphore(concurrency)

    async def read(resource_id: str, kind: str) -> Observed | None:
        async with limit:
            return await service.read(kind_named(kind), resource_id)

    return dict(zip(kinds, await asyncio.gather(*(read(*pair) for pair in kinds.items())), strict=True))


async def list_all(entries: Iterable[Entry], service: Reader) -> dict[str, Listed]:
    """Every listed resource of the types and merchants that `entries` are of, by id."""
    scopes = {(entry.address.kind, *kind_named(entry.address.kind).scope(entry.attributes)) for entry in entries}
    pages = await asyncio.gather(
        *(
            service.list_resources(kind_named(kind), resource_type, merchant)
            for kind, resource_type, merchant in sorted(scopes, key=str)
        )
    )
    return {row.id: row for page in pages for row in page}
