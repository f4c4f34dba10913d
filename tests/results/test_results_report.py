"""What a report counts."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from candidates import EXAMPLE, FORMER, QUESTIONS, example

from reconciler.errors import Misconfigured
from reconciler.results.aggregate import Interview, ReportData, fold
from reconciler.results.statistics import bins, funnel, ordered, revisions, scale
from reconciler.results.wording_statistics import questions
from reconciler.views.results import rows_parquet
from reconciler.views.results.page import page, require
from reconciler.views.results.report import Heading, report_html

FIRST, SECOND, LAST = (str(question["external_id"]) for question in QUESTIONS)


def said(key: str, text: str, score: float | None, seconds: float = 30) -> list[dict[str, Any]]:
    common = {"external_id": key, "question_original_id": key, "question_original": text, "question_asked": text}
    answer = {"answer": "x" if score is not None else None, "score": score, "duration": seconds * 10}
    return [{"id": "q", "is_answer": False} | common, {"id": "a", "is_answer": True} | common | answer]


def body(month: int, status: str, *turns: list[dict[str, Any]], score: float | None = None) -> dict[str, Any]:
    told = {"start": f"2026-{month:02}-20T00:00:00Z", "status": status, "score": score}
    return EXAMPLE | told | {"transcript": [turn for pair in turns for turn in pair]}


NOW, THEN, SHIFTS = QUESTIONS[0]["question"], "Describe a ticket.", QUESTIONS[2]["question"]


@pytest.fixture
def interview() -> Interview:
    counted = ReportData()
    for told in (
        body(1, "completed", said(FIRST, THEN, 2), said(LAST, SHIFTS, 3), score=2),
        body(1, "started", said(FIRST, THEN, 1)),
        body(2, "completed", said(FIRST, NOW, 4, 150), said(SECOND, "?", 5), said(LAST, SHIFTS, 3, 90), score=4),
        body(2, "completed", said(FIRST, f" {NOW}\n", 5), score=5),
        body(2, "started"),
        body(2, "started", said(FIRST, NOW, None)),
    ):
        fold(counted, example(told))
    assert counted.results == 6
    return counted.interviews["support"]


def test_revisions(interview: Interview) -> None:
    first, second = revisions(interview)
    assert (first.label, first.held, second.label, second.held) == ("revision 1", 2, "revision 2 (now)", 4)
    assert first.completed
    assert second.completed
    assert second.score
    assert (first.completed.value, second.completed.value, second.score.value) == (0.5, 0.5, 4.5)
    assert [count for _, _, count in second.bins] == [0] * 8 + [1, 1]


def test_where_candidates_stop(interview: Interview) -> None:
    steps = funnel(interview, ordered(interview)[-1])
    assert [(step.key, step.there, step.stopped) for step in steps] == [
        ("began", 4, 0),
        (FIRST, 2, 2),  # one said nothing at all, one was asked and did not answer
        (SECOND, 2, 0),
        (LAST, 2, 0),
        ("finished", 2, 0),
    ]


def test_questions_and_their_wordings(interview: Interview) -> None:
    first, second, last = questions(interview)
    assert [one.key for one in (first, second, last)] == [FIRST, SECOND, LAST]
    now, then = first.wordings
    assert (now.text.strip(), now.is_current, now.asked, now.revisions) == (NOW, True, 3, "revision 2 (now)")
    assert (then.text, then.is_current, then.asked, then.revisions) == (THEN, False, 2, "revision 1")
    assert then.against
    assert then.against.value == -3
    assert then.against.is_few
    assert last.skipped
    assert last.skipped.value == pytest.approx(1 / 3)  # of three that finished, one did not hear it
    assert last.over_time
    assert last.over_time.value == 0.5  # 90 s of the 60 allotted
    assert second.is_conditional
    assert second.score
    assert second.score.count == 1


@pytest.mark.parametrize(
    ("values", "best", "counts"),
    [
        ([], 5, [0] * 10),
        ([0, 0.5, 5, 4.99], 5, [1, 1, 0, 0, 0, 0, 0, 0, 0, 2]),
        ([-1, 7], 5, [1, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
    ],
)
def test_bins(values: list[float], best: float, counts: list[int]) -> None:
    assert [count for _, _, count in bins(values, best)] == counts


@pytest.mark.parametrize(("score", "best"), [(3, 5.0), (5, 5.0), (7.5, 10.0), (88, 100.0), (640, 640.0)])
def test_the_scale_holds_every_score(score: float, best: float) -> None:
    counted = ReportData()
    fold(counted, example(body(2, "completed", score=score)))
    assert scale(counted.interviews["support"]) == best


def test_what_is_left_out_is_counted() -> None:
    counted = ReportData()
    fold(counted, example(is_test=True))
    fold(counted, example(definition_id="another team's"))
    fold(counted, example(definition_id=FORMER))
    assert (counted.tests, counted.strangers, counted.results) == (1, 1, 1)
    assert counted.interviews["support"].earlier == 1
    html = report_html(counted, Heading("p", "e", datetime(2026, 5, 1, tzinfo=UTC), "all"))
    for words in ("1 test result left out", "1 of interviews that are not managed here", "1 of them in an earlier"):
        assert words in html


@pytest.mark.parametrize("ask", [require, lambda: page("report.html.j2")])
def test_a_missing_library_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch, ask: Callable[[], Any]) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(Misconfigured) as error:
        ask()
    assert "jmctl[report]" in error.value.problems[0].hint


def test_a_missing_parquet_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(Misconfigured) as error:
        rows_parquet.require()
    assert "jmctl[parquet]" in error.value.problems[0].hint
