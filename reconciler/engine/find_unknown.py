"""Reads the listed interviews that no state knows and that could be ours, and says whether the lists can be trusted.

What is read: a row whose name is one of those looked for, and every row that was updated after the list was last looked
through for marks (`State.looked_up`); in a list that never was, all of them, once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from math import inf
from typing import Any

from reconciler.api.protocol import Reader, Unreadable
from reconciler.engine.observe import Scope, Survey, read_each, scopes_of
from reconciler.plan.identify import Unknowns
from reconciler.plan.model import Look, Sight
from reconciler.resources.alike import folded
from reconciler.resources.kind import kind_named, list_key
from reconciler.resources.mark import Owner, is_altered, parse_mark
from reconciler.resources.observed import Listed, Observed
from reconciler.state.model import Entry, State
from reconciler.timestamps import instant


def scopes_to_search(state: State, specs: Iterable[tuple[str, Mapping[str, Any]]]) -> set[Scope]:
    """The lists in which resources of `specs` (kind and attributes) may be.

    Until a list has been looked through for this state, nothing tells of which type they were made: all lists then.
    """
    found: set[Scope] = set()
    for kind, attributes in specs:
        resource_type, merchant = kind_named(kind).scope(attributes)
        found.add((kind, resource_type, merchant))
        if not state.looked_up:
            found.update((kind, each, merchant) for each in kind_named(kind).calls.types)
    return found


async def find_unknown(  # noqa: PLR0913, PLR0917 - where, what is known, what is looked for, and how
    lists: Survey,
    state: State,
    others: Collection[str],
    names: Collection[Any],
    sights: Mapping[str, Sight] | None,
    service: Reader,
    concurrency: int,
    also: Collection[str] = (),
) -> Unknowns:
    """What `lists` show that neither `state` nor a state with `others` knows and that may be called one of `names`.

    What is listed under an id in `also` is read as well. `sights` is what was observed of the entries; without it,
    entries that are not listed are read. Raises Unanswered.
    """
    known = known_ids(state).union(others)
    wanted = {folded(name) for name in names}
    rows = {
        row.id: row
        for scope, listing in lists.listings.items()
        for row in listing.rows
        if row.id not in known
        and (folded(row.name) in wanted or row.id in also or _is_new(row, state.looked_up.get(list_key(scope))))
    }
    unlisted = _unlisted(lists, state, sights)
    if sights is None:
        hidden = await read_each({one.id: one.address.kind for one in unlisted}, service, concurrency)
        unlisted = [entry for entry in unlisted if _exists(hidden[entry.id], lists)]
    found = await read_each({row.id: row.kind for row in rows.values()}, service, concurrency)
    seen = [one for one in found.values() if isinstance(one, Observed)]
    unread = {
        one: rows[one].name
        for one, answer in found.items()
        if isinstance(answer, Unreadable) or (answer is None and rows[one].status != "deleted")
    }
    return Unknowns(seen, unread, _unproven(lists, unlisted))


def known_ids(*states: State) -> set[str]:
    """Every id that one of `states` manages, and every one that it has replaced; a removed interview may come back."""
    entries = [entry for state in states for entry in state.entries.values()]
    histories = [entry.history for entry in entries]
    histories += [removed.history for state in states for removed in state.tombstones]
    return {entry.id for entry in entries} | {former.id for history in histories for former in history}


def looked_up(lists: Survey, unknowns: Unknowns, owner: Owner, before: Mapping[str, str]) -> dict[str, str]:
    """How far each of `lists` has been looked through now; not beyond what may still be ours."""
    open_ids = {seen.id for seen in unknowns.seen if _may_be_ours(seen, owner)}.union(unknowns.unread)
    found = dict(before)
    for scope, listing in lists.listings.items():
        times = [row.updated_at for row in listing.rows if row.updated_at and row.id not in open_ids]
        until = [row.updated_at for row in listing.rows if row.updated_at and row.id in open_ids]
        if listing.is_whole and (times or until):
            found[list_key(scope)] = min(until, key=_seconds) if until else max(times, key=_seconds)
    return found


def _may_be_ours(seen: Observed, owner: Owner) -> bool:
    code = seen.attributes.get(kind_named(seen.kind).mark_field)
    mark = parse_mark(code)
    return mark.is_of(owner) if mark else is_altered(code, owner)


def _seconds(text: str) -> float:
    return instant(text, default=0.0)


def _is_new(row: Listed, until: str | None) -> bool:
    return until is None or instant(row.updated_at, default=inf) >= instant(until, default=-inf)


def _unlisted(lists: Survey, state: State, sights: Mapping[str, Sight] | None) -> list[Entry]:
    """The entries that exist as far as is known, and that the lists which should show them do not."""
    return [
        entry
        for entry in state.entries.values()
        if entry.id not in lists.rows
        and scopes_of([entry]) <= lists.listings.keys()
        and (sights is None or _exists(sights.get(entry.id, Look.MISSING), lists))
    ]


def _exists(sight: Sight | Unreadable | None, lists: Survey) -> bool:
    """Whether it was read, as what one of `lists` shows."""
    if not isinstance(sight, Observed) or sight.status == "deleted":
        return sight is Look.TOO_NEW
    return any(
        sight.kind == kind and sight.attributes.get("type", resource_type) == resource_type
        for kind, resource_type, _ in lists.listings
    )


def _unproven(lists: Survey, unlisted: list[Entry]) -> str:
    if unlisted:
        entry = unlisted[0]
        return f"the list does not show {entry.id} ({entry.name}), which exists"
    broken = sorted(kind for (_, kind, _), listing in lists.listings.items() if not listing.is_whole)
    return f"the pages of the list of type {broken[0]} do not fit together" if broken else ""
