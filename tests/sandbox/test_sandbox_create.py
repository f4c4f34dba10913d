from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Asker

_KNOWN = "7d1e0000-5a1e-4c0d-9f00-000000000030"
_UNKNOWN = "7d1e0000-5a1e-4c0d-9f00-0000000000ff"


@pytest.mark.parametrize(
    ("fields", "status", "name"),
    [
        ({"name": ""}, 422, "name"),
        ({"name": 7}, 422, "name"),
        ({"status": "archived"}, 422, "status"),
        ({"type": "persona"}, 422, "type"),
        ({"visibility": "public"}, 422, "visibility"),
        ({"mojito_language_code": "xx"}, 422, "mojito_language_code"),
        ({"questions": []}, 422, "questions"),
        ({"questions": [{"id": "q"}]}, 422, "questions.0.question"),
        ({"questions": [{"question": "A"}, {"question": "B", "is_expert": "yes"}]}, 422, "questions.1.is_expert"),
        ({"max_followups": 1000}, 422, "max_followups"),
        ({"max_followups": 1.5}, 422, "max_followups"),
        ({"interview_attempts": 0}, 422, "interview_attempts"),
        ({"interview_attempts": 21}, 422, "interview_attempts"),
        ({"questions_random_subset": 0.95}, 422, "questions_random_subset"),
        ({"recruiter_profile_id": _UNKNOWN}, 422, "recruiter_profile_id"),
        ({"recruiter_profile_id": "7d1e0000-5a1e-4c0d-9f00-000000000022"}, 422, "recruiter_profile_id"),
        ({"interview_available_till": "soon"}, 422, "interview_available_till"),
        ({"interview_template_id": _UNKNOWN}, 500, None),
        ({"interview_template_id": "7d1e0000-5a1e-4c0d-9f00-000000000004"}, 500, None),
        ({"knowledge_base_store_id": _UNKNOWN}, 500, None),
        ({"questions": [{"question": "A", "knowledge_base_id": _UNKNOWN}]}, 500, None),
        ({"mojito_language_code": "cs", "required_pronunciation": True}, 500, None),
    ],
)
def test_what_is_wrong_is_refused_and_named(ask: Asker, fields: dict[str, Any], status: int, name: str | None) -> None:
    answered, envelope = ask.try_create(**fields)
    assert (answered, envelope.get("name")) == (status, name)
    assert ask.service.dump() == []


def test_a_missing_field_is_named(ask: Asker) -> None:
    assert ask.post("job-interview-create-from-array", {}) == (422, {"error": "Field is required.", "name": "name"})


def test_a_body_that_is_no_json_is_422(ask: Asker) -> None:
    reply = ask.raw("POST", "job-interview-create-from-array", {}, b"{")
    assert getattr(reply, "status", None) == 422


def test_creating_twice_is_two_interviews(ask: Asker) -> None:
    assert ask.create(code="same") != ask.create(code="same")


def test_only_an_embedded_one_answers_credentials(ask: Asker) -> None:
    assert ask.try_create(is_embedded=False)[1].keys() == {"interview_def_set_id"}
    assert ask.try_create(is_embedded=True)[1].keys() == {"interview_def_set_id", "embed_id", "embed_signing_key"}


def test_defaults_are_stored(ask: Asker) -> None:
    seen = ask.read(ask.create())
    assert seen["creation_parameters"] == {"interview_tone": "relaxed", "seniority_level": "intermediate"}
    assert seen["required_pronunciation"] is False
    assert seen["result_enable_edit_transcript"] is True
    assert seen["max_duration"] == 1200
    assert seen["candidate_video_introduction"] == "hidden"
    assert seen["result_scoring"] is None
    assert seen["tags"] is None
    assert seen["created_at"] == seen["updated_at"]
    assert seen["created_at"].endswith("Z")


@pytest.mark.parametrize(
    ("given", "stored"), [(None, "relaxed"), ("PROFESSIONAL", "professional"), ("grumpy", "relaxed")]
)
def test_tones(ask: Asker, given: str | None, stored: str) -> None:
    assert ask.read(ask.create(interview_tone=given))["creation_parameters"]["interview_tone"] == stored


def test_seniority_is_detected_unless_given(ask: Asker) -> None:
    assert ask.read(ask.create(name="Senior cook"))["creation_parameters"]["seniority_level"] == "senior"
    given = ask.create(name="Senior cook", seniority_level="director")
    assert ask.read(given)["creation_parameters"]["seniority_level"] == "director"


@pytest.mark.parametrize("given", [None, {"name": None, "sector": "x"}, {"name": " "}, {}])
def test_hiring_for_nobody_is_for_oneself(ask: Asker, given: dict[str, Any] | None) -> None:
    assert "hiring_for_company" not in ask.read(ask.create(hiring_for_company=given))["creation_parameters"]


def test_hiring_for_a_client_is_kept(ask: Asker) -> None:
    client = {"name": "undisclosed", "sector": "steel"}
    assert ask.read(ask.create(hiring_for_company=client))["creation_parameters"]["hiring_for_company"] == client


def test_expectations_are_generated_for_interviews_only(ask: Asker) -> None:
    generated = ask.read(ask.create(additional_context={"shift": "late"}))["candidate_expectations_json"]
    assert generated.keys() == {"weak", "moderate", "strong"}
    assert generated["strong"][-1] == "Knows about shift"
    assert ask.read(ask.create(candidate_expectations_json=None))["candidate_expectations_json"] is not None
    assert ask.read(ask.create(type="assessment"))["candidate_expectations_json"] is None
    own = {"weak": ["x"], "extra": 1}
    assert ask.read(ask.create(candidate_expectations_json=own))["candidate_expectations_json"] == own


def test_scoring_is_merged_with_the_defaults_and_attempts(ask: Asker) -> None:
    scoring = ask.read(ask.create(custom_scoring={"early_stop": True, "own": 1}, interview_attempts=3))[
        "result_scoring"
    ]
    assert scoring["early_stop"] is True
    assert scoring["own"] == 1
    assert scoring["max_retries"] == 3
    assert "sentiment_analysis" in scoring


def test_renames(ask: Asker) -> None:
    seen = ask.read(ask.create(location="Prague", description_long="# Long"))
    assert (seen["interview_location"], seen["interview_description_long"]) == ("Prague", "# Long")
    assert "location" not in seen
    assert "id" not in seen


def test_blank_is_null_and_a_date_gains_a_time(ask: Asker) -> None:
    seen = ask.read(ask.create(code=" ", interview_department="", interview_available_till="2027-03-01"))
    assert (seen["code"], seen["interview_department"]) == (None, None)
    assert seen["interview_available_till"] == "2027-03-01T00:00:00.000Z"


def test_coaching_is_charged_to_a_coach_credit(ask: Asker) -> None:
    assert ask.read(ask.create(type="coaching"))["type_credit"] == "interview_coach_manager"
    assert ask.read(ask.create())["type_credit"] is None


def test_identical_questions_collapse_unless_told_not_to(ask: Asker) -> None:
    twice = [
        {"question": "A", "id": "1", "external_id": "a"},
        {"question": "A", "id": "2", "external_id": "b"},
        {"question": "B", "conditional_question_main_id": "2"},
    ]
    first, second = ask.read(ask.create(questions=twice))["questions"]
    assert second["conditional_question_main_id"] == first["id"]
    assert len(ask.read(ask.create(questions=twice, disable_deduplication=True))["questions"]) == 3


def test_real_ids_are_minted_and_children_point_at_them(ask: Asker) -> None:
    given = [{"question": "A", "id": "q1"}, {"question": "B", "id": "q2", "conditional_question_main_id": "q1"}]
    parent, child = ask.read(ask.create(questions=given))["questions"]
    assert parent["id"] != "q1"
    assert child["conditional_question_main_id"] == parent["id"]


@pytest.mark.parametrize(
    "questions",
    [
        [{"question": "B", "conditional_question_main_id": "a"}, {"question": "A", "id": "a"}],
        [{"question": "B", "conditional_question_main_id": "gone"}],
        [{"question": "B", "id": "b", "conditional_question_main_id": "b"}],
    ],
)
def test_a_parent_must_come_earlier(ask: Asker, questions: list[dict[str, Any]]) -> None:
    status, envelope = ask.try_create(questions=questions)
    assert (status, envelope["name"]) == (422, "questions.0.conditional_question_main_id")


def test_all_question_keys_come_back(ask: Asker) -> None:
    given = {
        "question": "A",
        "duration": 120,
        "mojito_language_code": "de",
        "label": "x",
        "is_conditional": False,
        "is_without_scoring": True,
        "is_candidate_asking_recruiter": None,
        "is_expert": True,
        "is_multiple_choice": True,
        "question_alternatives": ["B"],
        "knowledge_base_id": _KNOWN,
        "external_id": "e",
        "external_data": {"n": [1, None]},
        "candidate_expectations_json": {"weak": ["w"], "own": 1},
    }
    (seen,) = ask.read(ask.create(questions=[given | {"unknown": 1}]))["questions"]
    assert seen == given | {"id": seen["id"], "conditional_question_main_id": None}


def test_unknown_fields_are_dropped(ask: Asker) -> None:
    assert "colour" not in ask.read(ask.create(colour="red"))
