"""The law of exporting: what is written is valid, in its usual form, and the plan after adopting it is empty."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from workshop import interview

from reconciler.fmt import formatted
from reconciler.generate import manifest_text, name_for, unmanageable
from reconciler.manifest.desired import Desired
from reconciler.plan.model import Action
from reconciler.plan.reconcile import reconcile
from reconciler.project.validate import judge
from reconciler.resources.observed import Observed
from reconciler.state.model import Entry, State

EXAMPLES = sorted((Path(__file__).parents[2] / "examples/interviews").rglob("*.yaml"))
INTERACTIVE = "46b98d37-1557-4391-beca-03037ead19f2"
KNOWLEDGE = "7d1e0000-5a1e-4c0d-9f00-000000000030"

PIECES = [
    "no", "yes", "null", "~", "2030-12-31", "1_000", "0x1F", "1e3", "12:30", ".5", "a", "B", "é", "日本", "Ł", "🙂",
    " ", "  ", "\n", "\n\n", "\t", ": ", ":", " #", "#", "- ", "-", "'", '"', "|", ">", "%", "@", "`", "&a", "*a", "!t",
    "{", "}", "[", "]", ",", "?", "\\", "...", "---", "\r", "\x07", "\x85", "\u2028", "\ufeff", "some words",
]  # fmt: skip
TEXT = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=30).map("".join),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=80),
)
WORDS = TEXT.filter(lambda text: text.strip() != "")
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(-1e6, 1e6).filter(lambda number: not number.is_integer())
    | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
OBJECT = st.dictionaries(TEXT, JSON, max_size=3)
LEVELS = st.fixed_dictionaries(
    {}, optional={name: st.lists(TEXT, max_size=3) for name in ("weak", "moderate", "strong")}
)
MOMENTS = ["2030-12-31", "2030-12-31T18:00:00Z", "2030-12-31T00:30:00+02:00"]
FLAGS = ("is_conditional", "is_without_scoring", "is_candidate_asking_recruiter", "is_expert", "is_multiple_choice")


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


QUESTION = st.fixed_dictionaries(
    {"question": WORDS},
    optional={
        "duration": maybe(st.integers(0, 600) | st.just(12.5)),
        "external_id": maybe(st.text("abC-/ é", min_size=1, max_size=70).filter(lambda text: text == text.strip())),
        "mojito_language_code": maybe(st.sampled_from(["en", "no", "de"])),
        "label": maybe(TEXT),
        "question_alternatives": maybe(st.lists(TEXT, max_size=3)),
        "external_data": maybe(OBJECT),
        "candidate_expectations_json": maybe(LEVELS),
        "knowledge_base_id": maybe(st.just(KNOWLEDGE)),
    }
    | dict.fromkeys(FLAGS, maybe(st.booleans())),
)


@st.composite
def question_lists(draw: st.DrawFn) -> list[dict[str, Any]]:
    questions: list[dict[str, Any]] = draw(
        st.lists(QUESTION, min_size=1, max_size=4, unique_by=lambda item: item.get("external_id") or id(item))
    )
    for index, question in enumerate(questions):
        question["id"] = f"q{index}"
        if index and draw(st.booleans()):
            question["conditional_question_main_id"] = f"q{draw(st.integers(0, index - 1))}"
    return questions


BODY = st.fixed_dictionaries(
    {
        "name": WORDS,
        "location": WORDS,
        "interview_template_id": st.just(INTERACTIVE),
        "mojito_language_code": st.sampled_from(["en", "no", "de"]),
        "description": WORDS,
        "status": st.sampled_from(["draft", "active"]),
        "type": st.sampled_from(["interview", "assessment", "coaching"]),
        "visibility": st.sampled_from(["merchant_public", "merchant_invite", "merchant_unlisted"]),
        "questions": question_lists(),
        "disable_deduplication": st.sampled_from([True]),
    },
    optional={
        "code": maybe(TEXT),
        "description_long": maybe(TEXT),
        "welcome_message": maybe(TEXT),
        "candidate_expectations": maybe(TEXT),
        "candidate_expectations_json": maybe(LEVELS),
        "custom_scoring": maybe(OBJECT),
        "additional_context": maybe(OBJECT),
        "interview_tone": maybe(st.sampled_from(["Professional", "relaxed", "odd"])),
        "seniority_level": maybe(st.just("senior")),
        "interview_attempts": st.integers(1, 20),
        "questions_random_subset": maybe(st.floats(0.01, 0.9)),
        "max_followups": maybe(st.integers(0, 999)),
        "interview_available_till": maybe(st.sampled_from(MOMENTS)),
        "interview_department": maybe(TEXT),
        "hiring_for_company": maybe(st.fixed_dictionaries({}, optional={"name": maybe(TEXT), "sector": maybe(TEXT)})),
        "tags": maybe(st.lists(TEXT, max_size=4)),
        "recording": maybe(st.just("audio_all")),
        "result_view": maybe(st.just("none")),
        "candidate_video_introduction": maybe(st.just("optional")),
        "required_pronunciation": maybe(st.booleans()),
        "result_enable_edit_transcript": maybe(st.booleans()),
        "knowledge_base_store_id": maybe(st.just(KNOWLEDGE)),
        "pdf_export_auto_config": maybe(st.just({"transcript": True, "template": "modern"})),
        "is_embedded": st.booleans(),
    },
)  # fmt: skip
# what a colleague may set in the admin, of which much cannot stand in a manifest
EDITS = st.fixed_dictionaries(
    {},
    optional={
        "recording_full_session": st.sampled_from(["audio_all", "audio_first_5_answers"]),
        "candidate_expectations_json": JSON,
        "pdf_export_auto_config": maybe(OBJECT),
        "tags": maybe(st.lists(TEXT, max_size=3)),
        "max_duration": maybe(st.integers(0, 9000)),
        "interview_salary": maybe(TEXT),
        "creation_parameters": maybe(OBJECT),
        "result_scoring": maybe(OBJECT | st.just({"max_retries": 3})),
    },
)


def wanted(text: str) -> Desired:
    [desired], problems = judge(text.encode(), "written.yaml")
    assert [problem for problem in problems if problem.severity == "error"] == []
    return desired


def assert_nothing_to_do(observed: Observed) -> None:
    name = name_for(observed, ())
    adopting = wanted(manifest_text(name, observed, import_id=observed.id))
    sights = {observed.id: observed}
    [change] = reconcile([adopting], State("lineage"), sights, owner="project").changes
    if not str(observed.attributes.get("code") or "").startswith("jmctl:"):
        assert (change.action, change.fields, change.blocked) == (Action.ADOPT, (), None)
    desired = wanted(manifest_text(name, observed, import_id=None))
    state = State("lineage", entries={interview(name): Entry(interview(name), observed.id, desired.spec)})
    [change] = reconcile([desired], state, sights).changes
    assert (change.action, change.fields, change.blocked) == (Action.KEEP, (), None)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(body=BODY, edits=EDITS)
def test_after_adopting_an_export_there_is_nothing_to_do(account: Any, body: dict[str, Any], edits: Any) -> None:
    interview_id = account.create(body)
    assume(interview_id is not None)
    account.service.admin_edit(interview_id, edits)
    observed = account.read(interview_id)
    assert unmanageable(observed) is None
    assert_nothing_to_do(observed)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(body=BODY)
def test_an_export_is_formatted(account: Any, body: dict[str, Any]) -> None:
    interview_id = account.create(body)
    assume(interview_id is not None)
    text = manifest_text("name", account.read(interview_id), import_id=None)
    assert formatted(text.encode(), "a.yaml") == text.encode()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_comes_back_as_it_went(account: Any, path: Path) -> None:
    desired, _ = judge(path.read_bytes(), str(path))
    for item in desired:
        observed = account.read(account.create(dict(item.spec)))
        assert_nothing_to_do(observed)
        again = wanted(manifest_text(item.name, observed, import_id=None))
        assert [question["external_id"] for question in again.spec["questions"]] == [
            question["external_id"] for question in item.spec["questions"]
        ]
