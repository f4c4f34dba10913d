"""What was counted becomes what a report says: shares, means and distributions, with interval and number. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from reconciler.results.belonging import asked_by
from reconciler.results.intervals import Estimate, difference, mean, share
from reconciler.results.tally import Interview, Question, Stretch, Worded

_BINS = 10
_USUAL_SCALE = 5


@dataclass(frozen=True, slots=True)
class RevisionFigures:
    """One revision in numbers; `bins` are (from, to, how many) over the scale of scores."""

    label: str
    held: int
    completed: Estimate | None
    coverage: Estimate | None
    score: Estimate | None
    bins: tuple[tuple[float, float, int], ...]


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


@dataclass(frozen=True, slots=True)
class Step:
    """How many were still there at a question; `stopped` is how many fewer than at the step before."""

    key: str
    there: int
    share: float
    stopped: int


def revision_label(number: int | None, newest: int) -> str:
    """A revision in words."""
    if number is None:
        return "unknown"
    if number == 0:
        return "before revision 1"
    return f"revision {number}" + (" (now)" if number == newest else "")


def scale(interview: Interview) -> float:
    """The best score there is: what the manifest says, and more when more was given."""
    scoring = interview.entry.attributes.get("custom_scoring") or {}
    declared = scoring.get("max_score") if isinstance(scoring, dict) else None
    best = float(declared) if isinstance(declared, int | float) and declared > 0 else float(_USUAL_SCALE)
    highest = max((score for stretch in interview.stretches.values() for score in stretch.scores), default=0.0)
    return next((limit for limit in (best, 5.0, 10.0, 100.0) if limit >= max(best, highest)), highest)


def revisions(interview: Interview) -> list[RevisionFigures]:
    """Every revision that has results, oldest first."""
    best, newest = scale(interview), len(interview.entry.revisions)
    return [
        RevisionFigures(
            revision_label(stretch.revision, newest),
            stretch.held,
            share(stretch.completed, stretch.held),
            mean(stretch.coverage, 0, 100),
            mean(stretch.scores, 0, best),
            bins(stretch.scores, best),
        )
        for stretch in ordered(interview)
    ]


def ordered(interview: Interview) -> list[Stretch]:
    """The revisions with results, oldest first, the unknown before them."""
    return sorted(
        interview.stretches.values(), key=lambda stretch: -1 if stretch.revision is None else stretch.revision
    )


def questions(interview: Interview) -> list[QuestionFigures]:
    """The questions of the manifest in asked order, then those that it no longer holds."""
    current = asked_by(interview.entry)
    gone = [key for key in interview.questions if key not in current]
    return [_question(interview, key) for key in (*current, *gone)]


def funnel(interview: Interview, stretch: Stretch) -> list[Step]:
    """Who was still there at each question of one revision, from all that began to those that finished."""
    counts = [("began", stretch.held)]
    counts += [(key, stretch.there[key]) for key in asked_by(interview.entry)]
    counts.append(("finished", stretch.completed))
    before = stretch.held
    steps = []
    for key, there in counts:
        steps.append(Step(key, there, there / stretch.held if stretch.held else 0.0, before - there))
        before = there
    return steps


def bins(values: Sequence[float], best: float) -> tuple[tuple[float, float, int], ...]:
    """Ten equal steps of the scale and how many values lie in each; the last one holds the best score too."""
    width = best / _BINS
    counts = [0] * _BINS
    for value in values:
        counts[min(max(int(value / width), 0), _BINS - 1)] += 1
    return tuple((place * width, (place + 1) * width, count) for place, count in enumerate(counts))


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
