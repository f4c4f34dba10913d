"""Creates of unknown outcome: which interview on the service, if any, came of each. Pure.

The mark in `code` and the keys of the questions are what a create leaves on the service. An interview that the state
knows, now or in its history, is never one that was lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from reconciler.instant import instant
from reconciler.remote import Listed, Observed
from reconciler.state import Attempt, Closed, Confirmed, Record, State


@dataclass(frozen=True, slots=True)
class Finding:
    """What looking for one attempt gave: the ids that it may have become; exactly one is certainty."""

    attempt: Attempt
    ids: tuple[str, ...]

    @property
    def told(self) -> str:
        """In words, with the commands that settle it when only a human can."""
        name = self.attempt.name
        begun = f"a create begun at {self.attempt.at} ended without an answer ({self.attempt.reason})"
        if not self.ids:
            return f"{begun}; nothing of it is on the service"
        if len(self.ids) == 1:
            return f"{begun}; it was found on the service as {self.ids[0]}"
        commands = " or ".join(f"jmctl resolve {name} --adopt {found}" for found in self.ids)
        return f"{begun}; several interviews may have come of it: settle it with {commands}"


def candidates(state: State, rows: Iterable[Listed], skew: float) -> list[Listed]:
    """The listed interviews that the state does not know and that are no older than the oldest attempt, less `skew`."""
    known = {entry.id for entry in state.entries.values()}
    known |= {former.id for entry in state.entries.values() for former in entry.history}
    begun = min((instant(attempt.at, default=-inf) for attempt in state.in_doubt.values()), default=inf)
    return [row for row in rows if row.id not in known and instant(row.created_at, default=inf) >= begun - skew]


def find(state: State, seen: Sequence[Observed], skew: float) -> list[Finding]:
    """A finding for each open create. An interview that fits several attempts makes none of them certain."""
    fits = {
        name: tuple(one.id for one in seen if _came_of(attempt, one, skew)) for name, attempt in state.in_doubt.items()
    }
    claimed = Counter(one for ids in fits.values() for one in ids)
    findings = []
    for name, attempt in sorted(state.in_doubt.items()):
        ids = fits[name]
        if len(ids) == 1 and claimed[ids[0]] > 1:
            ids = (*ids, *ids)  # not certain: another attempt may have made it
        findings.append(Finding(attempt, ids))
    return findings


def _came_of(attempt: Attempt, seen: Observed, skew: float) -> bool:
    begun = instant(attempt.at, default=-inf)
    if instant(seen.created_at, default=inf) < begun - skew:
        return False
    code = seen.attributes.get("code")
    if attempt.code is not None:
        return bool(code == attempt.code)  # the mark names project and interview; nothing else carries it
    same_code = code == attempt.attributes.get("code")
    asked = _keys(attempt.attributes)
    return same_code and bool(_keys(seen.attributes)) and _keys(seen.attributes) <= asked


def _keys(attributes: Mapping[str, object]) -> frozenset[str]:
    questions = attributes.get("questions")
    if not isinstance(questions, list):
        return frozenset()
    return frozenset(str(question["external_id"]) for question in questions if question.get("external_id"))


def settling_records(findings: Iterable[Finding], at: str, *, closing: bool) -> list[Record]:
    """What is known now: found ones are confirmed; with `closing` those that left nothing are closed.

    The embed key of a found one is not held; the next plan shows the step that reads it.
    """
    records: list[Record] = []
    for finding in findings:
        attempt = finding.attempt
        if len(finding.ids) == 1:
            records.append(Confirmed(attempt.name, attempt.attempt, at, finding.ids[0]))
        elif not finding.ids and closing:
            records.append(Closed(attempt.name, attempt.attempt, at, "looked up: nothing of it is on the service"))
    return records
