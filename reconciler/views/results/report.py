"""The report: one self-contained page of what the wordings of questions do, a table under every plot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reconciler.results.aggregate import Interview, ReportData
from reconciler.results.confidence import Estimate
from reconciler.results.statistics import (
    RevisionFigures,
    Step,
    funnel,
    ordered,
    revision_label,
    revisions,
    scale,
)
from reconciler.results.wording_statistics import QuestionFigures, questions
from reconciler.views.results import plots
from reconciler.views.results.format_value import plain_number
from reconciler.views.results.page import page

_NARROW = 3  # revisions whose distributions are drawn; the table has them all


@dataclass(frozen=True, slots=True)
class Heading:
    """What the report is of."""

    project: str
    environment: str
    made: datetime
    selection: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """One interview as the page shows it; plots are markup."""

    name: str
    interview: Interview
    best: float
    held: int
    completed: Estimate | None
    revisions: tuple[RevisionFigures, ...]
    questions: tuple[QuestionFigures, ...]
    funnels: tuple[tuple[str, tuple[Step, ...]], ...]
    distributions: tuple[tuple[str, Any], ...]
    score_plot: Any
    time_plot: Any
    funnel_plot: Any


def report_html(counted: ReportData, heading: Heading) -> str:
    """The page."""
    chapters = [_chapter(interview) for _, interview in sorted(counted.interviews.items())]
    return page(
        "report.html.j2",
        heading=heading,
        counted=counted,
        chapters=chapters,
        estimate_words=estimate_words,
        percent=percent,
    )


def estimate_words(estimate: Estimate | None) -> str:
    """A number with its interval and what it rests on."""
    if estimate is None:
        return "—"
    if estimate.low is None or estimate.high is None:
        return f"{plain_number(estimate.value)} (n = {estimate.count})"
    return f"{plain_number(estimate.value)} [{plain_number(estimate.low)} to {plain_number(estimate.high)}]"


def percent(estimate: Estimate | None) -> str:
    """A share with its interval."""
    if estimate is None or estimate.low is None or estimate.high is None:
        return "—"
    return f"{estimate.value:.0%} [{estimate.low:.0%} to {estimate.high:.0%}]"


def _chapter(interview: Interview) -> Chapter:
    from reconciler.results.confidence import share

    name, best = interview.entry.name, scale(interview)
    figures, asked, stretches = revisions(interview), questions(interview), ordered(interview)
    newest = len(interview.entry.revisions)
    funnels = [(revision_label(one.revision, newest), tuple(funnel(interview, one))) for one in stretches]
    held = sum(stretch.held for stretch in stretches)
    last_label, last_steps = funnels[-1]
    return Chapter(
        name,
        interview,
        best,
        held,
        share(sum(stretch.completed for stretch in stretches), held),
        tuple(figures),
        tuple(asked),
        tuple(funnels),
        tuple(
            (
                one.label,
                plots.distribution(
                    one.bins, f"Distribution of scores, {name}, {one.label}: {estimate_words(one.score)}"
                ),
            )
            for one in figures[-_NARROW:]
            if one.score
        ),
        plots.scores(asked, best, f"Mean score of each question and wording of {name}; numbers in the table below"),
        plots.times(asked, f"Time taken for each question of {name} against the time allotted; numbers below"),
        plots.funnel(last_steps, f"How many were still there at each question of {name}, {last_label}; numbers below"),
    )
