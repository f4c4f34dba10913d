"""What was counted of each question and each of its wordings becomes what a report says. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median, quantiles

from reconciler.results.aggregate import Interview, Question, Worded
from reconciler.results.confidence import Estimate, difference, mean, share
from reconciler.results.provenance import asked_by
from reconciler.results.statistics import bins, revision_label, scale


@dataclass(frozen=True, slots=True)
class WordingFigures:
    """One wording in numbers; `against` is its mean score less that of the wording of now, None where unknown."""

    text: str
    is_current: bool
    revisions: str
    asked: int
    answered: Estimate | None
    score: Estimate | None
    median_seconds: float | None
    against: Estimate | None


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """One question in numbers; seconds are low, middle and high tenth of the answers, `allotted` its `duration`."""

    key: str
    is_current: bool
    is_conditional: bool
    skipped: Estimate | None
    score: Estimate | None
    bins: tuple[tuple[float, float, int], ...]
    seconds: tuple[float, float, float] | None
    over_time: Estimate | None
    allotted: float | None
    wordings: tuple[WordingFigures, ...]
    quotes: tuple[tuple[str, str], ...]


def questions(interview: Interview) -> list[QuestionFigures]:
    """The questions of the manifest in asked order, then those that it no longer holds."""
    current = asked_by(interview.entry)
    gone = [key for key in interview.questions if key not in current]
    return [_question(interview, key) for key in (*current, *gone)]


def _question(interview: Interview, key: str) -> QuestionFigures:
    question = interview.questions.get(key) or Question(key)
    declared = asked_by(interview.entry).get(key)
    best = scale(interview)
    worded = sorted(question.wordings.values(), key=lambda one: (not one.is_current, -one.asked))
    scores = [score for one in worded for score in one.scores]
    seconds = [length for one in worded for length in one.seconds]
    allotted = (declared or {}).get("duration")
    limit = float(allotted) if isinstance(allotted, int | float) else None
    return QuestionFigures(
        key,
        declared is not None,
        bool((declared or {}).get("is_conditional")),
        _skipped(interview, key),
        mean(scores, 0, best),
        bins(scores, best),
        _spread(seconds),
        None if limit is None else share(sum(length > limit for length in seconds), len(seconds)),
        limit,
        tuple(_wording(interview, one, worded[0]) for one in worded),
        tuple(question.quotes),
    )


def _wording(interview: Interview, worded: Worded, now: Worded) -> WordingFigures:
    newest = len(interview.entry.revisions)
    numbers = sorted(worded.revisions, key=lambda number: -1 if number is None else number)
    return WordingFigures(
        worded.text,
        worded.is_current,
        ", ".join(revision_label(number, newest) for number in numbers),
        worded.asked,
        share(worded.answered, worded.asked),
        mean(worded.scores, 0, scale(interview)),
        median(worded.seconds) if worded.seconds else None,
        difference(now.scores, worded.scores) if now.is_current and worded is not now else None,
    )


def _skipped(interview: Interview, key: str) -> Estimate | None:
    """Of the finished interviews of revisions that are known to hold the question, how many did not ask it."""
    newest = len(interview.entry.revisions)
    holding = [
        stretch
        for stretch in interview.stretches.values()
        if stretch.heard[key] or (stretch.revision == newest and key in asked_by(interview.entry))
    ]
    done = sum(stretch.completed for stretch in holding)
    return share(done - sum(stretch.heard[key] for stretch in holding), done)


def _spread(seconds: list[float]) -> tuple[float, float, float] | None:
    if not seconds:
        return None
    if len(seconds) == 1:
        return seconds[0], seconds[0], seconds[0]
    tenths = quantiles(seconds, n=10, method="inclusive")
    return tenths[0], median(seconds), tenths[-1]
