"""What was counted becomes what a report says: shares, means and distributions, with interval and number. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reconciler.results.aggregate import Interview, RevisionTotals
from reconciler.results.confidence import Estimate, mean, share
from reconciler.results.provenance import asked_by

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


def ordered(interview: Interview) -> list[RevisionTotals]:
    """The revisions with results, oldest first, the unknown before them."""
    return sorted(
        interview.stretches.values(), key=lambda stretch: -1 if stretch.revision is None else stretch.revision
    )


def funnel(interview: Interview, stretch: RevisionTotals) -> list[Step]:
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
