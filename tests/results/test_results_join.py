from __future__ import annotations

from typing import Any

import pytest
from candidates import EXAMPLE, FORMER, HERE, NOW, QUESTIONS, example, row, state

from reconciler.results.conformance import findings, held_in
from reconciler.results.held import held
from reconciler.results.join import Spoken, Wording
from reconciler.results.model import Turn, detail
from reconciler.results.provenance import index
from reconciler.results.transcript import exchanges


def turn(original: str | None, *, answer: str | None = None, **fields: Any) -> dict[str, Any]:
    told = {"id": "t", "is_answer": answer is not None, "question_original_id": original, "answer": answer}
    return told | {"question_original": "Q" if original else None} | fields


def test_the_example_is_the_contract() -> None:
    contract = HERE.parents[2] / "shared/contract/examples/job-interview-details-response.json"
    if not contract.exists():
        pytest.skip("the contract does not lie beside the checkout")
    assert (HERE / "details.json").read_bytes() == contract.read_bytes()


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        ([], []),
        ([turn("a"), turn("a", answer="x")], [("a", ["x"])]),
        ([turn("a"), turn("a", answer="x"), turn("a", answer="y")], [("a", ["x", "y"])]),
        ([turn("a"), turn("b"), turn("b", answer="x")], [("a", []), ("b", ["x"])]),
        ([turn("a", answer="x"), turn("b", answer="y")], [("a", ["x"]), ("b", ["y"])]),
        ([turn("a"), turn(None, answer="x")], [("a", ["x"])]),
        ([turn("a"), turn("a", answer="x"), turn(None), turn(None, answer="y")], [("a", ["x"]), (None, ["y"])]),
    ],
)
def test_every_answer_stands_under_its_question(turns: list[dict[str, Any]], expected: list[Any]) -> None:
    found = exchanges(map(Turn, turns))
    assert [
        (one.text("question_original_id"), [said.text("answer") for said in one.answers]) for one in found
    ] == expected


@pytest.mark.parametrize(
    ("start", "interview", "revision", "earlier"),
    [
        ("2026-01-01T00:00:00Z", NOW, 0, False),
        ("2026-01-10T00:00:00Z", NOW, 1, False),
        ("2026-02-09T23:59:59Z", NOW, 1, False),
        ("2026-02-10T01:00:00+01:00", NOW, 2, False),
        ("2026-01-01T00:00:00", FORMER, 0, True),
        (None, NOW, 1, False),  # the list's row says when
    ],
)
def test_the_revision_in_force_when_it_was_held(
    start: str | None, interview: str, revision: int, *, earlier: bool
) -> None:
    belongs = example(EXAMPLE | {"start": start}, definition_id=interview).belongs
    assert belongs
    assert (belongs.entry.name, belongs.revision, belongs.earlier) == ("support", revision, earlier)


def test_an_imported_interview_counts_from_its_first_revision() -> None:
    body = EXAMPLE | {"start": "2025-01-01T00:00:00Z", "transcript": EXAMPLE["transcript"][2:]}
    belongs = held(detail("r", body), row(), index(state(revisions=1))).belongs
    assert belongs
    assert belongs.revision == 1


def test_a_result_of_nobody() -> None:
    assert example(definition_id="other").belongs is None


def test_without_a_row_the_keys_tell() -> None:
    belongs = held(detail("r", EXAMPLE), None, index(state())).belongs
    assert belongs
    assert (belongs.entry.name, belongs.certain) == ("support", False)


def asked(text: str | None, **fields: Any) -> Any:
    told = turn("id", external_id="support/shifts", question_asked=text) | {"question_original": text} | fields
    (join,) = held(detail("r", {"transcript": [told]}), row(), index(state())).joins
    return join.wording, join.key, join.spoken


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, (Wording.SAME, "support/shifts", Spoken.AS_WRITTEN)),
        ({"question_original": "Which  shifts\ncould you work?"}, (Wording.SAME, "support/shifts", Spoken.AS_WRITTEN)),
        ({"question_original": "Which shifts?"}, (Wording.CHANGED, "support/shifts", Spoken.REPHRASED)),
        ({"question_asked": "So, which shifts?"}, (Wording.SAME, "support/shifts", Spoken.REPHRASED)),
        ({"external_id": None}, (Wording.SAME, "support/shifts", Spoken.AS_WRITTEN)),
        ({"external_id": "other"}, (Wording.ABSENT, "other", Spoken.AS_WRITTEN)),
        (
            {"external_id": None, "question_original_id": None, "question_original": None},
            (Wording.FOLLOW_UP, None, None),
        ),
        (
            {"external_id": "support/hard-ticket", "question_original": QUESTIONS[0]["question"]}
            | {"question_asked": "Tell me about a hard ticket."},
            (Wording.SAME, "support/hard-ticket", Spoken.ALTERNATIVE),
        ),
    ],
)
def test_where_a_question_comes_from(fields: dict[str, Any], expected: Any) -> None:
    assert asked("Which shifts could you work?", **fields) == expected


def checked(body: dict[str, Any], language: str | None = "en", **fields: Any) -> list[tuple[Any, ...]]:
    one = example(body, **fields)
    assert one.belongs
    found = findings(one.detail, one.belongs, one.joins, language)
    return [(item.kind, item.key, item.counts, item.explained) for item in found]


NEW = {"start": "2026-03-01T00:00:00Z", "ai_interview_coverage_percentage": 100}
SAME = EXAMPLE | NEW | {"transcript": EXAMPLE["transcript"][2:]}


def test_what_a_later_revision_explains_is_a_difference_with_its_cause() -> None:
    assert checked(EXAMPLE) == [
        ("wording", "support/hard-ticket", True, True),
        ("skipped", "support/shifts", False, False),  # half covered, so it ended early
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (EXAMPLE | NEW, [("wording", "support/hard-ticket", True, False), ("skipped", "support/shifts", True, False)]),
        (SAME, [("skipped", "support/hard-ticket", True, False), ("skipped", "support/shifts", True, False)]),
        (
            SAME | {"status": "started"},
            [("skipped", "support/hard-ticket", True, False), ("skipped", "support/shifts", False, False)],
        ),
        (
            EXAMPLE | NEW | {"transcript": []},
            [
                ("skipped", "support/hard-ticket", True, False),
                ("skipped", "support/hard-ticket/followup", False, False),
                ("skipped", "support/shifts", True, False),
            ],
        ),
    ],
)
def test_what_was_skipped(body: dict[str, Any], expected: list[Any]) -> None:
    assert checked(body) == expected


def test_another_language_is_a_difference() -> None:
    spoken = [said | {"mojito_language_code": "de"} for said in SAME["transcript"]]
    found = checked(SAME | {"transcript": spoken})
    assert ("language", "support/hard-ticket/followup", True, False) in found
    assert held_in(example(SAME | {"transcript": spoken}).joins, "en") == ["de"]
    assert ("language", None, True, False) in checked(SAME | {"transcript": []}, "fr")
