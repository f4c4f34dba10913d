"""Which interviews to look at, and the looking: a list per type, then a read only for those that moved."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from reconciler.address import Address
from reconciler.api.protocol import Reader, Unreadable
from reconciler.canonical_json import digest
from reconciler.manifest.desired import Desired
from reconciler.plan.model import Look, Sight
from reconciler.resources.kind import kind_named
from reconciler.resources.observed import Listed, Listing, Observed
from reconciler.state.model import Entry, State

Scope = tuple[str, str, str | None]
"""A list: the kind, the type and the merchant of what it shows."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What one look at the lists gave, by list; `rows` is all of it by id."""

    listings: Mapping[Scope, Listing]
    rows: Mapping[str, Listed] = field(init=False)

    def __post_init__(self) -> None:
        rows = {row.id: row for listing in self.listings.values() for row in listing.rows}
        object.__setattr__(self, "rows", rows)

    @property
    def is_whole(self) -> bool:
        """Whether the pages of every list fitted together."""
        return all(listing.is_whole for listing in self.listings.values())


async def survey(scopes: Iterable[Scope], service: Reader) -> Survey:
    """One look at each list of `scopes`, all at the same time. Raises Unanswered."""
    wanted = sorted(set(scopes), key=str)
    found = await asyncio.gather(*(service.list_resources(kind_named(one[0]), one[1], one[2]) for one in wanted))
    return Survey(dict(zip(wanted, found, strict=True)))


def scopes_of(entries: Iterable[Entry]) -> set[Scope]:
    """The lists that show `entries`."""
    return {(entry.address.kind, *kind_named(entry.address.kind).scope(entry.attributes)) for entry in entries}


async def observe(  # noqa: PLR0913 - what, against what, from where, and what is known already
    desired: Sequence[Desired],
    state: State,
    service: Reader,
    concurrency: int,
    *,
    lists: Survey | None = None,
    too_new: Collection[Address] = (),
) -> dict[str, Sight]:
    """What the service shows of every entry, and of every interview that `desired` wants to adopt, by id.

    Costs one list call for each type and 1,000 interviews, unless `lists` are given, and one read for each whose
    `updated_at` is not the one that was last seen, or whose manifest changed. What is neither listed nor read counts as
    missing, but not the entries at `too_new`. Raises Unanswered when the service cannot be asked.
    """
    lists = lists or await survey(scopes_of(state.entries.values()), service)
    known = {entry.id: entry for entry in state.entries.values()}
    declared = {want.address: want.digest for want in desired}
    wanted = {want.import_id: want.kind for want in desired if want.import_id and want.address not in state.entries}
    sights: dict[str, Sight] = {
        entry.id: Look.UNCHANGED
        for entry in known.values()
        if _unmoved(entry, lists.rows.get(entry.id)) and declared.get(entry.address) == digest(entry.attributes)
    }
    kinds = {**dict(sorted(wanted.items())), **{entry.id: entry.address.kind for entry in known.values()}}
    unsure = {one: kinds[one] for one in (*known, *kinds) if one not in sights}
    for interview_id, seen in (await read_each(unsure, service, concurrency)).items():
        entry = known.get(interview_id)
        is_new = entry is not None and entry.address in too_new
        sights[interview_id] = _sight(seen, lists.rows.get(interview_id), is_whole=lists.is_whole, is_new=is_new)
    return sights


def _unmoved(entry: Entry, row: Listed | None) -> bool:
    return row is not None and entry.updated_at is not None and row.updated_at == entry.updated_at


def _sight(seen: Observed | Unreadable | None, row: Listed | None, *, is_whole: bool, is_new: bool) -> Sight:
    """Missing is only what list and read agree about."""
    if isinstance(seen, Unreadable):
        return Look.UNREADABLE
    if seen is None or seen.status == "deleted":
        if row and row.status != "deleted":
            return Look.CONTRADICTED
        if seen is None and not row and not is_whole:
            return Look.UNLISTED
        return Look.TOO_NEW if seen is None and is_new else Look.MISSING
    return replace(seen, interview_count=row.interview_count if row else None)


async def read_each(
    kinds: Mapping[str, str], service: Reader, concurrency: int
) -> dict[str, Observed | Unreadable | None]:
    """Every resource whose id is in `kinds`, in their order, None where the service says that there is none.

    `kinds` has the kind of each id; some are read at a time. One that cannot be read alone is its Unreadable. Raises
    Unanswered when the service cannot be asked.
    """
    limit = asyncio.Semaphore(concurrency)

    async def read(resource_id: str, kind: str) -> Observed | Unreadable | None:
        async with limit:
            try:
                return await service.read(kind_named(kind), resource_id)
            except Unreadable as error:
                return error

    return dict(zip(kinds, await asyncio.gather(*(read(*pair) for pair in kinds.items())), strict=True))


async def read_all(kinds: Mapping[str, str], service: Reader, concurrency: int) -> dict[str, Observed | None]:
    """As `read_each`, but None also for what cannot be read."""
    found = await read_each(kinds, service, concurrency)
    return {one: None if isinstance(seen, Unreadable) else seen for one, seen in found.items()}
