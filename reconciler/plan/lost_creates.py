"""Creates of unknown outcome: which interview on the service, if any, came of each. Pure.

The mark in `code` and the keys of the questions are what a create leaves on the service. An interview that a state
knows, now or in its history, is never one that was lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from reconciler.plan.identify import Unknowns
from reconciler.resources.alike import folded
from reconciler.resources.kind import kind_named
from reconciler.resources.mark import Owner, is_altered, parse_mark
from reconciler.resources.observed import Observed
from reconciler.state.model import Attempt, State
from reconciler.state.records import Closed, Confirmed, Record


@dataclass(frozen=True, slots=True)
class LostCreateMatch:
    """What looking for one attempt gave: the ids that it may have become, and whether that leaves no doubt.

    `unproven` says why the lists may lack what came of it.
    """

    attempt: Attempt
    ids: tuple[str, ...]
    certain: bool = True
    unproven: str = ""

    @property
    def description(self) -> str:
        """In words, with the commands that settle it when only a human can."""
        name = self.attempt.name
        begun = f"a create begun at {self.attempt.at} ended without an answer ({self.attempt.reason})"
        if not self.ids and self.unproven:
            return f"{begun}; whether anything of it is on the service is not certain: {self.unproven}"
        if not self.ids:
            return f"{begun}; nothing of it is on the service"
        if self.certain:
            return f"{begun}; it was found on the service as {self.ids[0]}"
        commands = [*(f"jmctl resolve {name} --adopt {found}" for found in self.ids)]
        commands += [f"jmctl resolve {name} --not-created"]
        may = "several interviews" if len(self.ids) > 1 else "an interview"
        return f"{begun}; {may} may be its result: settle it with {' or '.join(commands)}"


def find(state: State, unknowns: Unknowns, owner: Owner) -> list[LostCreateMatch]:
    """A match for each open create. Certain is what carries its mark, alone, and fits no other attempt."""
    seen = unknowns.seen
    marked = {address: _fitting(seen, partial(_is_marked, attempt)) for address, attempt in state.in_doubt.items()}
    claimed = Counter(one for ids in marked.values() for one in ids)
    return [
        _match(attempt, marked[address], claimed, unknowns, owner)
        for address, attempt in sorted(state.in_doubt.items())
    ]


def _match(
    attempt: Attempt, marked: tuple[str, ...], claimed: Counter[str], unknowns: Unknowns, owner: Owner
) -> LostCreateMatch:
    if marked:
        is_sure = attempt.code is None or owner.is_alone or _attempt_named(attempt.code)
        return LostCreateMatch(attempt, marked, certain=len(marked) == 1 and claimed[marked[0]] == 1 and is_sure)
    name = folded(attempt.attributes.get("name"))
    alike = _fitting(unknowns.seen, lambda seen: _is_alike(attempt, seen, owner))
    alike += tuple(one for one, called in unknowns.unread.items() if folded(called) == name)
    return LostCreateMatch(attempt, alike, certain=not (alike or unknowns.unproven), unproven=unknowns.unproven)


def _attempt_named(code: str) -> bool:
    mark = parse_mark(code)
    return mark is not None and mark.attempt is not None


def _fitting(seen: Sequence[Observed], fits: Callable[[Observed], bool]) -> tuple[str, ...]:
    return tuple(one.id for one in seen if fits(one))


def _is_marked(attempt: Attempt, seen: Observed) -> bool:
    if seen.kind != attempt.address.kind:
        return False
    field = kind_named(attempt.address.kind).mark_field
    code = seen.attributes.get(field)
    if attempt.code is not None:
        return bool(code == attempt.code)  # the mark names this very attempt; nothing else carries it
    keys = kind_named(attempt.address.kind).content_keys
    same_code = code == attempt.attributes.get(field)
    return same_code and bool(keys(seen.attributes)) and keys(seen.attributes) <= keys(attempt.attributes)


def _is_alike(attempt: Attempt, seen: Observed, owner: Owner) -> bool:
    """Whether it could be what the create made, its mark since lost or changed; a person decides."""
    kind = kind_named(attempt.address.kind)
    code = seen.attributes.get(kind.mark_field)
    if attempt.code is not None and is_altered(code, owner, attempt.name):
        return True
    is_other = seen.kind != kind.name or (code and code != attempt.attributes.get(kind.mark_field))
    return not is_other and kind.is_alike(attempt.attributes, seen.attributes)


def settling_records(findings: Iterable[LostCreateMatch], at: str, *, closing: bool) -> list[Record]:
    """What is known now: found ones are confirmed; with `closing` those that left nothing are closed.

    The embed key of a found one is not held; the next plan shows the step that reads it.
    """
    records: list[Record] = []
    for finding in findings:
        attempt = finding.attempt
        if finding.ids and finding.certain:
            records.append(Confirmed(attempt.address, attempt.attempt, at, finding.ids[0]))
        elif not finding.ids and finding.certain and closing:
            records.append(Closed(attempt.address, attempt.attempt, at, "looked up: nothing of it is on the service"))
    return records
