from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pytest

if TYPE_CHECKING:
    from conftest import Asker

_PEOPLE: list[dict[str, Any]] = [
    {"candidate_name": "Ada", "score": 4.5, "decision_status": "selected", "created_at": "2026-01-01T10:00:00Z"},
    {"candidate_name": "Bob", "score": 2, "decision_status": "rejected", "created_at": "2026-01-02T10:00:00Z"},
    {"candidate_name": "Eve", "candidate_email": "eve@example.com", "created_at": "2026-01-03T10:00:00Z"},
    {"candidate_name": "Ida", "coach_status": "started", "created_at": "2026-01-04T10:00:00Z"},
    {"candidate_name": "Uma", "status": "archived", "recruiter_risks": {"cheating": 1}, "recruiter_shortlist": True},
]


def _seeded(ask: Asker) -> str:
    interview = ask.create(name="Role")
    ask.service.add_results([{"item": person | {"definition_id": interview}} for person in _PEOPLE])
    return interview


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, "Uma Ida Eve Bob Ada"),
        ({"order_by": "created_at_oldest"}, "Ada Bob Eve Ida Uma"),
        ({"order_by": "score"}, "Ada Bob Uma Ida Eve"),
        ({"order_by": "updated_at_newest", "limit": "1"}, "Uma"),
        ({"tab": ""}, "Uma Ida Eve Bob Ada"),
        ({"tab": "decided-selected"}, "Ada"),
        ({"tab": "decided-rejected"}, "Bob"),
        ({"tab": "undecided"}, "Uma Eve"),
        ({"tab": "incomplete"}, "Ida"),
        ({"tab": "shortlist"}, "Uma"),
        ({"tab": "archived-interview"}, "Uma"),
        ({"risks": "other, cheating"}, "Uma"),
        ({"filter_text": "EVE@"}, "Eve"),
        ({"step": "pre-screening"}, ""),
        ({"type": "assessment"}, ""),
        ({"interview_id": "7d1e0000-5a1e-4c0d-9f00-0000000000ff"}, ""),
        ({"limit": "2", "offset": "1"}, "Ida Eve"),
    ],
)
def test_the_list(ask: Asker, query: dict[str, str], names: str) -> None:
    _seeded(ask)
    status, page = ask.fetch("merchant-result-list", **query)
    assert status == 200
    assert " ".join(item["candidate_name"] for item in page["data"]) == names


def test_no_results_at_first(ask: Asker) -> None:
    assert ask.fetch("merchant-result-list")[1]["pagination"]["total"] == 0


def test_total_tells_whether_an_interview_has_results(ask: Asker) -> None:
    interview, other = _seeded(ask), ask.create()
    assert ask.fetch("merchant-result-list", interview_id=interview, limit="1")[1]["pagination"]["total"] == 5
    assert ask.fetch("merchant-result-list", interview_id=other, limit="1")[1]["pagination"]["total"] == 0
    counts = {item["id"]: item["interview_count"] for item in ask.listed()}
    assert counts == {interview: 5, other: 0}


def test_figures(ask: Asker) -> None:
    _seeded(ask)
    _, figures = ask.fetch("merchant-status")
    assert figures["interview_results"] == figures["candidates"] == 4
    assert (figures["interviews_undecided"], figures["interviews_ongoing"]) == (1, 1)


def test_details(ask: Asker) -> None:
    interview = ask.create(questions=[{"question": "A", "external_id": "ext-a"}])
    question = ask.read(interview)["questions"][0]["id"]
    turns = [
        {"id": "t1", "is_answer": False, "question_original_id": question, "external_id": "ext-a"},
        {"id": "t2", "is_answer": True, "answer": "x", "recording_local_path": "a/1.mp3"},
    ]
    details = {"transcript": turns, "recording_local_path": "a/all.mp4", "own": 1}
    (result,) = ask.service.add_results([{"item": {"definition_id": interview, "score": 3}, "details": details}])
    status, seen = ask.fetch("job-interview-details", interview_result_id=result)
    assert status == 200
    assert (seen["score"], seen["status"], seen["own"]) == (3, "completed", 1)
    assert seen["transcript"] == turns
    assert "recording_url" not in seen
    _, signed = ask.fetch("job-interview-details", interview_result_id=result, get_signed_recordings="true")
    assert "a/all.mp4?token=" in signed["recording_url"]
    assert [bool(turn["recording_url"]) for turn in signed["transcript"]] == [False, True]


def test_details_of_nothing(ask: Asker) -> None:
    unknown = "7d1e0000-5a1e-4c0d-9f00-0000000000ff"
    assert ask.fetch("job-interview-details", interview_result_id=unknown)[0] == 404
    assert ask.fetch("job-interview-details", interview_result_id="x")[0] == 422
    assert ask.fetch("job-interview-details")[1]["name"] == "interview_result_id"


def _seeds(ask: Asker, *, real_size: bool) -> list[dict[str, Any]]:
    interview = ask.create(
        status="active", code="jmctl:shop/agent", questions=[{"question": f"{n}?"} for n in range(4)]
    )
    made = ask.service.seed_results(["agent"], 12, 7, real_size=real_size)
    assert len(made) == 12
    assert {item["definition_id"] for item in ask.fetch("merchant-result-list")[1]["data"]} == {interview}
    return [ask.fetch("job-interview-details", interview_result_id=name)[1] for name in made]


def _raw(details: dict[str, Any]) -> list[Any]:
    return [turn["answer_assessment_raw_data"] for turn in details["transcript"] if turn["is_answer"]]


_KEYS = {
    "voice", "reading_detection_results", "assemblyai", "elevenlabs", "pyannote", "candidate_images", "reading_stats",
    "stt_reliability", "proctor_status", "model", "language",
}  # fmt: skip


def test_results_of_real_size_and_shape(ask: Asker) -> None:
    results = _seeds(ask, real_size=True)
    for details in results:
        assert 470_000 < len(orjson.dumps(details)) < 815_000
        assert len(orjson.dumps(_raw(details))) > 0.9 * len(orjson.dumps(details))
    shapes = {type(raw) for details in results for raw in _raw(details)}
    assert shapes == {dict, list}
    for raw in (raw for details in results for raw in _raw(details)):
        data = raw if isinstance(raw, dict) else raw[1]
        assert data.keys() == _KEYS
        assert data["pyannote"].keys() == {"diarization", "identification", "confidence"}
        assert len(data["reading_detection_results"]) == 120
        assert len(data["voice"]) > 20


def test_results_are_small_unless_real_size_is_asked_for(ask: Asker) -> None:
    for details in _seeds(ask, real_size=False):
        assert len(orjson.dumps(details)) < 25_000
        for raw in _raw(details):
            assert (raw if isinstance(raw, dict) else raw[1]).keys() == _KEYS
        assert all(
            turn["answer_assessment_raw_data"] is None for turn in details["transcript"] if not turn["is_answer"]
        )


def test_the_same_seed_invents_the_same_results(ask: Asker) -> None:
    once = _seeds(ask, real_size=True)
    ask.service.reset()
    again = _seeds(ask, real_size=True)
    assert [_raw(details) for details in once] == [_raw(details) for details in again]


@pytest.mark.parametrize("code", ["jmctl:shop/agent", "jmctl:2:shop/test/agent/0a1b2c3d"])
def test_an_interview_is_found_by_its_mark_or_by_its_name(ask: Asker, code: str) -> None:
    ask.create(name="Support", status="active", code=code)
    assert len(ask.service.seed_results(["agent"], 2, 0)) == 2
    assert len(ask.service.seed_results(["Support"], 2, 0)) == 2
    assert ask.service.seed_results(["other"], 2, 0) == []
