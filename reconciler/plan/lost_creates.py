"""Creates of unknown outcome: which interview on the service, if any, came of each. Pure.

The mark in `code` and the keys of the questions are what a create leaves on the service. An interview that a state
knows, now or in its history, is never one that was lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from math import inf

from reconciler.resources.kind import kind_named
from reconciler.resources.mark import is_marked
from reconciler.resources.observed import Listed, Observed
from reconciler.state.model import Attempt, State
from reconciler.state.records import Closed, Confirmed, Record
from reconciler.timestamps import instant


@dataclass(frozen=True, slots=True)
class LostCreateMatch:
    """What looking for one attempt gave: the ids that it may have become, and whether that leaves no doubt."""

    attempt: Attempt
    ids: tuple[str, ...]
    certain: bool = True

    @property
    def description(self) -> str:
        """In words, with the commands that settle it when only a human can."""
        name = self.attempt.name
        begun = f"a create begun at {self.attempt.at} ended without an answer ({self.attempt.reason})"
        if not self.ids:
            return f"{begun}; nothing of it is on the service"
        if self.certain:
            return f"{begun}; it was found on the service as {self.ids[0]}"
        commands = [*(f"jmctl resolve {name} --adopt {found}" for found in self.ids)]
        commands += [f"jmctl resolve {name} --not-created"]
        may = "several interviews" if len(self.ids) > 1 else "an interview"
        return f"{begun}; {may} may be its result: settle it with {' or '.join(commands)}"


def candidates(state: State, rows: Iterable[Listed], skew: float, others: Collection[str] = ()) -> list[Listed]:
    """The listed interviews that may have come of an attempt: no older than the oldest, less `skew`, and not known.

    `others` are the ids that other states know: environments share their marks.
    """
    known = {entry.id for entry in state.entries.values()}.union(others)
    known |= {former.id for entry in state.entries.values() for former in entry.history}
    begun = min((instant(attempt.at, default=-inf) for attempt in state.in_doubt.values()), default=inf)
    return [row for row in rows if row.id not in known and instant(row.created_at, default=inf) >= begun - skew]


def find(state: State, seen: Sequence[Observed], skew: float) -> list[LostCreateMatch]:
    """A finding for each open create. Certain is what carries the mark, alone, and fits no other attempt."""
    marked = {address: _fitting(_is_marked, attempt, seen, skew) for address, attempt in state.in_doubt.items()}
    alike = {address: _fitting(_is_alike, attempt, seen, skew) for address, attempt in state.in_doubt.items()}
    claimed = Counter(one for ids in marked.values() for one in ids)
    return [
        LostCreateMatch(attempt, ids, certain=len(ids) == 1 and claimed[ids[0]] == 1)
        if (ids := marked[address])
        else LostCreateMatch(attempt, alike[address], certain=not alike[address])
        for address, attempt in sorted(state.in_doubt.items())
    ]


def _fitting(
    fits: Callable[[Attempt, Observed], bool], attempt: Attempt, seen: Sequence[Observed], skew: float
) -> tuple[str, ...]:
    begun = instant(attempt.at, default=-inf)
    in_time = (one for one in seen if instant(one.created_at, default=inf) >= begun - skew)
    return tuple(one.id for one in in_time if one.kind == attempt.address.kind and fits(attempt, one))


def _is_marked(attempt: Attempt, seen: Observed) -> bool:
    field = kind_named(attempt.address.kind).mark_field
    code = seen.attributes.get(field)
    if attempt.code is not None:
        return bool(code == attempt.code)  # the mark names project and interview; nothing else carries it
    keys = kind_named(attempt.address.kind).content_keys
    same_code = code == attempt.attributes.get(field)
    return same_code and bool(keys(seen.attributes)) and keys(seen.attributes) <= keys(attempt.attributes)


def _is_alike(attempt: Attempt, seen: Observed) -> bool:
    """Whether it could be what the create made, its mark since removed; a person decides."""
    keys = kind_named(attempt.address.kind).content_keys
    mine = seen.attributes.get("name") == attempt.attributes.get("name")
    marked = is_marked(seen.attributes.get(kind_named(attempt.address.kind).mark_field))
    return mine and not marked and bool(found := keys(seen.attributes)) and found == keys(attempt.attributes)


def settling_records(findings: Iterable[LostCreateMatch], at: str, *, closing: bool) -> list[Record]:
    """What is known now: found ones are confirmed; with `closing` those that left nothing are closed.

    The embed key of a found one is not held; the next plan shows the step that reads it.
    """
    records: list[Record] = []
    for finding in findings:
        attempt = finding.attempt
        if finding.ids and finding.certain:
            records.append(Confirmed(attempt.address, attempt.attempt, at, finding.ids[0]))
        elif not finding.ids and closing:
            records.append(Closed(attempt.address, attempt.attempt, at, "looked up: nothing of it is on the service"))
    return records
