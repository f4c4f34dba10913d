"""Results folded one by one into what a report counts: numbers stay, transcripts go.

These are accumulators, so they alone among the values here change. With `redact` nothing that a candidate said or is
called ever enters them.
"""

from __future__ import annotations

from array import array
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

from reconciler.resources.interview.questions import same_text
from reconciler.results.conformance import DONE
from reconciler.results.held import Held
from reconciler.results.join import Joined, Wording
from reconciler.results.provenance import asked_by
from reconciler.state.model import Entry

_RECENT = 25
_QUOTED = 3
_DECI = 10


def _numbers() -> array[float]:
    return array("d")


@dataclass(slots=True)
class Worded:
    """One wording of one question: `seconds` are those of the answers."""

    text: str
    is_current: bool
    revisions: set[int | None] = field(default_factory=set)
    asked: int = 0
    answered: int = 0
    scores: array[float] = field(default_factory=_numbers)
    seconds: array[float] = field(default_factory=_numbers)


@dataclass(slots=True)
class Question:
    """One question by its key, in all its wordings; `quotes` are the latest answers."""

    key: str
    wordings: dict[str, Worded] = field(default_factory=dict)
    quotes: deque[tuple[str, str]] = field(default_factory=lambda: deque(maxlen=_QUOTED))


@dataclass(slots=True)
class RevisionTotals:
    """One revision's results: `there` counts by question who was still there, `heard` who heard it and finished."""

    revision: int | None
    held: int = 0
    completed: int = 0
    scores: array[float] = field(default_factory=_numbers)
    coverage: array[float] = field(default_factory=_numbers)
    there: Counter[str] = field(default_factory=Counter)
    heard: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Interview:
    """Everything counted of one manifest."""

    entry: Entry
    stretches: dict[int | None, RevisionTotals] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    recent: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=_RECENT))
    follow_ups: int = 0
    earlier: int = 0


@dataclass(slots=True)
class ReportData:
    """All interviews by name, and what was left out."""

    redact: bool = False
    with_tests: bool = False
    interviews: dict[str, Interview] = field(default_factory=dict)
    results: int = 0
    tests: int = 0
    synthetic: int = 0
    strangers: int = 0


def fold(counted: ReportData, held: Held) -> None:
    """Adds one result."""
    if held.listed and held.listed.is_test and not counted.with_tests:
        counted.tests += 1
        return
    if held.belongs is None:
        counted.strangers += 1
        return
    counted.results += 1
    counted.synthetic += "_synthetic" in held.detail.fields
    entry = held.belongs.entry
    interview = counted.interviews.setdefault(entry.name, Interview(entry))
    interview.earlier += held.belongs.earlier
    stretch = interview.stretches.setdefault(held.belongs.revision, RevisionTotals(held.belongs.revision))
    _count(stretch, held)
    for join in held.joins:
        if join.wording is Wording.FOLLOW_UP:
            interview.follow_ups += 1
        elif join.key:
            _ask(interview, join, held, redact=counted.redact)
    if not counted.redact:
        interview.recent.append(_recent(held))


def _count(stretch: RevisionTotals, held: Held) -> None:
    is_done = held.detail.text("status") == DONE
    stretch.held += 1
    stretch.completed += is_done
    if (score := held.detail.number("score")) is not None:
        stretch.scores.append(score)
    if (coverage := held.detail.number("ai_interview_coverage_percentage")) is not None:
        stretch.coverage.append(coverage)
    order = list(asked_by(held.belongs.entry)) if held.belongs else []
    answered = {join.key for join in held.joins if join.exchange.is_answered}
    furthest = (
        len(order) if is_done else max((place for place, key in enumerate(order, 1) if key in answered), default=0)
    )
    stretch.there.update(order[:furthest])
    if is_done:
        stretch.heard.update({join.key for join in held.joins if join.key})


def _ask(interview: Interview, join: Joined, held: Held, *, redact: bool) -> None:
    key = join.key or ""
    question = interview.questions.setdefault(key, Question(key))
    # without a defined text only the spoken one is known, and that may quote the candidate
    text = join.exchange.text("question_original") or ("" if redact else join.then)
    worded = question.wordings.setdefault(same_text(text), Worded(text, join.wording is Wording.SAME))
    worded.revisions.add(held.belongs.revision if held.belongs else None)
    worded.asked += 1
    if not join.exchange.is_answered:
        return
    worded.answered += 1
    if (score := join.exchange.mean("score")) is not None:
        worded.scores.append(score)
    if (length := join.exchange.total("duration")) is not None:
        worded.seconds.append(length / _DECI)
    if not redact:
        said = next((words for turn in join.exchange.answers if (words := turn.text("answer"))), "")
        question.quotes.append((held.detail.result_id, said[:2000]))


def _recent(held: Held) -> dict[str, Any]:
    listed = held.listed
    return {
        "result_id": held.detail.result_id,
        "name": listed.text("candidate_name") if listed else None,
        "email": listed.text("candidate_email") if listed else None,
        "at": held.detail.started or (listed.created if listed else None),
        "status": held.detail.text("status"),
        "score": held.detail.number("score"),
        "reason": (held.detail.text("ai_completion_reason") or "")[:300],
    }
