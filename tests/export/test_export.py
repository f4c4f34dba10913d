# ruff: noqa: E501 - tables: one case, one line
"""What is written of an interview that exists, case by case."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from reconciler.generate import manifest_text, name_for, unmanageable
from reconciler.project.validate import judge
from reconciler.resources.interview.calls import observed
from reconciler.resources.observed import Observed
from reconciler.yaml.emit import entry
from reconciler.yaml.load import parse

HELD: dict[str, Any] = {
    "name": "Support agent",
    "status": "draft",
    "type": "interview",
    "visibility": "merchant_invite",
    "interview_location": "Praha",
    "interview_template_id": "46b98d37-1557-4391-beca-03037ead19f2",
    "interview_template_type": "interactive_heygen",
    "mojito_language_code": "no",
    "description": "Late shift",
    "questions": [{"question": "How?", "id": "0c1b"}],
    "is_multistage": False,
    "code": None,
    "creation_parameters": None,
    "result_scoring": None,
}


def seen(**held: Any) -> Observed:
    return observed("7d1e0000-5a1e", {**HELD, **held})


def spec_of(text: str) -> dict[str, Any]:
    [document] = parse(text.encode(), "a.yaml")
    spec: dict[str, Any] = document.value["spec"]
    return spec


def written(**held: Any) -> str:
    text = manifest_text("support", seen(**held), import_id=None)
    assert [problem for problem in judge(text.encode(), "a")[1] if problem.severity == "error"] == []
    return text


def test_a_bare_interview_is_a_short_manifest() -> None:
    lines = written().splitlines()
    assert [line for line in lines if "#" not in line] == [
        "apiVersion: jmctl/v1",
        "kind: Interview",
        "metadata:",
        "  name: support",
        "spec:",
        "  name: Support agent",
        "  location: Praha",
        "  interview_template_id: 46b98d37-1557-4391-beca-03037ead19f2",
        "  mojito_language_code: 'no'",
        "  description: Late shift",
        "  status: draft",
        "  type: interview",
        "  visibility: merchant_invite",
        "  questions:",
        "    - id: 0c1b",
        "      question: How?",
    ]


def test_import_names_the_interview_to_take_over() -> None:
    assert "\n  import: 7d1e0000-5a1e\n" in manifest_text("a", seen(), import_id="7d1e0000-5a1e")


@pytest.mark.parametrize(
    ("held", "field"),
    [
        ({"tags": []}, "tags"),
        ({"required_pronunciation": False}, "required_pronunciation"),
        ({"result_enable_edit_transcript": True}, "result_enable_edit_transcript"),
        ({"candidate_video_introduction": "hidden"}, "candidate_video_introduction"),
        ({"creation_parameters": {"interview_tone": "Relaxed"}}, "interview_tone"),
        ({"creation_parameters": {"hiring_for_company": {"name": " "}}}, "hiring_for_company"),
        ({"interview_salary": " "}, "interview_salary"),
        ({"result_scoring": {"max_retries": 2}}, "custom_scoring"),
        ({"merchant_id": "m"}, "merchant_id"),
        ({"candidate_expectations_json": {"weak": ["x"]}}, "candidate_expectations_json"),
        ({"creation_parameters": {"seniority_level": "senior"}}, "seniority_level"),
        ({"code": "jmctl:other/support"}, "code"),
    ],
)
def test_what_nobody_chose_is_not_declared(held: dict[str, Any], field: str) -> None:
    assert field not in spec_of(written(**held))


@pytest.mark.parametrize(
    ("held", "field", "value"),
    [
        ({"status": "preparing"}, "status", "active"),
        ({"result_scoring": {"max_retries": 2, "max_score": 7}}, "custom_scoring", {"max_score": 7}),
        ({"result_scoring": {"max_retries": 2, "max_score": 7}}, "interview_attempts", 2),
        ({"type": "coaching", "candidate_expectations_json": {"weak": []}}, "candidate_expectations_json", {"weak": []}),
        ({"interview_available_till": "2030-12-31T00:00:00.000Z"}, "interview_available_till", "2030-12-31"),
        ({"result_enable_edit_transcript": False}, "result_enable_edit_transcript", False),
        ({"max_duration": 1200.0}, "max_duration", 1200),
        ({"result_view": "none"}, "result_view", "none"),
    ],
)  # fmt: skip
def test_what_somebody_chose_is_declared(held: dict[str, Any], field: str, value: Any) -> None:
    assert spec_of(written(**held))[field] == value


@pytest.mark.parametrize(
    ("held", "comment"),
    [
        ({}, "welcome_message, thank_you_message"),
        ({"candidate_expectations_json": {"weak": []}}, "# candidate_expectations_json: made by the service"),
        ({"creation_parameters": {"seniority_level": "senior"}}, "# seniority_level (senior): made by the service"),
        ({"recording_full_session": "audio_first_5_answers"}, "# recording_full_session is left out: "),
        ({"code": "jmctl:x/\x1by"}, "# code (jmctl:x/\\x1by): the mark of jmctl"),
        ({"interview_description_long": "a\0b"}, "# description_long is left out: "),
        ({"questions": [{"question": "Q", "id": "1", "duration": -1}]}, "# duration is left out: "),
        ({"questions": [{"question": "Q", "id": "1", "is_conditional": True}]}, "# is_conditional is left out: "),
    ],
)
def test_what_is_not_declared_is_named_in_a_comment(held: dict[str, Any], comment: str) -> None:
    lines = written(**held).replace("\n  #   ", " ")  # a long comment is wrapped
    assert comment in lines


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        ({"is_multistage": True, "questions": None}, "several stages"),
        ({"type": "persona"}, "the type persona"),
        ({"type": None}, "the type None"),
        ({"status": "deleted"}, "deleted"),
        ({"status": "archived"}, "archived"),
        ({"visibility": "public"}, "public"),
        ({"interview_location": None}, "location"),
        ({"questions": []}, "questions"),
        ({"name": "a\0b"}, "NUL"),
        ({"questions": [{"question": "A", "external_id": "x"}, {"question": "B", "id": "x"}]}, "the external_id x"),
        ({"questions": [{"question": "A", "id": "1", "external_id": "two\nlines"}]}, "external_id"),
    ],
)  # fmt: skip
def test_what_no_manifest_can_declare_has_a_reason(held: dict[str, Any], reason: str) -> None:
    assert reason in (unmanageable(seen(**held)) or "")
    with pytest.raises(ValueError, match=reason):
        manifest_text("a", seen(**held), import_id=None)


def test_questions_get_readable_ids_and_keep_their_keys() -> None:
    questions = [
        {"question": "A", "id": "r1", "external_id": "support/hard ticket"},
        {"question": "B", "id": "r2", "external_id": "Support hard-ticket"},
        {"question": "C", "id": "r3", "external_id": "hard-ticket", "is_conditional": True,
         "conditional_question_main_id": "r1"},
        {"question": "D", "id": "r4"},
        {"question": "E", "id": "r5", "external_id": "面接"},
    ]  # fmt: skip
    kept = [
        {name: question.get(name) for name in ("id", "external_id", "conditional_question_main_id")}
        for question in spec_of(written(questions=questions))["questions"]
    ]
    assert [tuple(question.values()) for question in kept] == [
        ("support-hard-ticket", "support/hard ticket", None),
        ("support-hard-ticket-2", "Support hard-ticket", None),
        ("hard-ticket", None, "support-hard-ticket"),
        ("r4", None, None),
        ("mianjie", "面接", None),
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Support Agent", "support-agent"),
        ("Řidič C+E (Überlingen)", "ridic-c-e-uberlingen"),
        ("Straßenbahn", "strassenbahn"),
        ("Łódź, Ærø", "lodz-aero"),
        ("Инженер", "inzhener"),
        ("Μηχανικός", "michanikos"),
        ("採用", "caiyong"),
        ("مقابلة", "mqblh"),
        ("🎧", "headphones"),
        ("\u3164", "interview-7d1e0000"),
        ("", "interview-7d1e0000"),
        ("x" * 80, "x" * 63),
    ],
)
def test_names_are_made_of_what_people_wrote(name: str, expected: str) -> None:
    assert name_for(seen(name=name), ()) == expected


def test_names_are_used_once() -> None:
    taken: list[str] = []
    for _ in range(3):
        taken.append(name_for(seen(), taken))
    assert taken == ["support-agent", "support-agent-no", "support-agent-no-2"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain words", ["a: plain words"]),
        ("no", ["a: 'no'"]),
        ("2030-12-31", ["a: '2030-12-31'"]),
        ("12", ["a: '12'"]),
        ("12:30", ["a: '12:30'"]),
        ("it's: so", ["a: 'it''s: so'"]),
        ("", ["a: ''"]),
        ("a\x07b", ['a: "a\\u0007b"']),
        ("one\ntwo\n", ["a: |", "  one", "  two"]),
        ("one\n\ntwo", ["a: |-", "  one", "", "  two"]),
        ("one\n\n\n", ["a: |+", "  one", "", ""]),
        ("  one\ntwo", ["a: |2-", "    one", "  two"]),
        ("word " * 20 + "end", ["a: >-", "  " + ("word " * 19).strip(), "  word end"]),
        ([], ["a: []"]),
        (["b", 1, None], ["a: [b, 1, null]"]),
        (["two words"], ["a:", "  - two words"]),
        ([["x y"]], ["a:", "  - - x y"]),
        ({"no": {}, "b": [{"c": 1, "d": 2}]}, ["a:", "  'no': {}", "  b:", "    - c: 1", "      d: 2"]),
        (True, ["a: true"]),
        (0.5, ["a: 0.5"]),
    ],
)
def test_values_are_written_as_people_read_them(value: Any, expected: list[str]) -> None:
    assert list(entry("a", value, "")) == expected
    [document] = parse("\n".join([*expected, ""]).encode(), "a.yaml")
    assert document.value == {"a": value}


def test_the_published_example_keeps_its_questions() -> None:
    path = Path(__file__).parents[2] / "tests/export/get-response.json"
    held = observed("7d1e0000-5a1e", orjson.loads(path.read_bytes()))
    assert [question["external_id"] for question in spec_of(manifest_text("a", held, import_id=None))["questions"]] == [
        "support/hard-ticket", "support/hard-ticket/followup", "support/channel", "support/ask-us",
    ]  # fmt: skip
