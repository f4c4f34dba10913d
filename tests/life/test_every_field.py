# ruff: noqa: FBT003 - true and false are values of fields here
"""Every field of an interview and of a question: changed in the manifest, it leads to the right call and to no other.

The table is the specification (docs/service.md#10-fields) written a second time, by hand: it shares nothing with the
table in reconciler.resources.interview.fields but the names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from workshop import INTERACTIVE, MINIMAL, OFFLINE
from world import CREATE, SET_STATE, UPDATE, World, document, told

from reconciler.plan.model import Action
from reconciler.resources.interview.fields import FIELDS, QUESTION_FIELDS

RECRUITER = "7d1e0000-5a1e-4c0d-9f00-000000000020"
COLLEAGUE = "7d1e0000-5a1e-4c0d-9f00-000000000021"
SHELF = "7d1e0000-5a1e-4c0d-9f00-000000000030"
OTHER_SHELF = "7d1e0000-5a1e-4c0d-9f00-000000000031"
MERCHANT = "7d1e0000-5a1e-4c0d-9f00-000000000001"
OTHER_MERCHANT = "7d1e0000-5a1e-4c0d-9f00-000000000009"
QUESTION = {"id": "q", "question": "Why?"}


@dataclass(frozen=True)
class Row:
    """One field: two values, the kind of change, and where the service keeps it.

    `required`: it cannot be left out. `clearable`: null empties it; else null asks for nothing. `column` is the path in
    the sandbox's row, "" when the value is kept among the steps or nowhere. `null_stored` is what null comes to there.
    `beside` are declared all along, `switches` set before.
    """

    name: str
    first: Any
    second: Any
    kind: str = "update"
    column: str | None = None
    required: bool = False
    clearable: bool = True
    null_stored: Any = None
    beside: dict[str, Any] = field(default_factory=dict)
    switches: dict[str, Any] = field(default_factory=dict)

    def stored(self, row: dict[str, Any]) -> Any:
        """The service's own value."""
        value: Any = row
        for key in (self.column or self.name).split("."):
            value = (value or {}).get(key)
        return value


def _parameter(name: str, first: Any, second: Any, **more: Any) -> Row:
    return Row(name, first, second, column=f"creation_parameters.{name}", **more)


ROWS = [
    Row("name", "Support agent", "Support hero", required=True),
    Row("location", "remote", "Prague", column="interview_location", required=True),
    Row("interview_template_id", INTERACTIVE, OFFLINE, required=True),
    Row("mojito_language_code", "en", "cs", "replace", required=True),
    Row("description", "Synthetic", "Still synthetic", required=True),
    Row("status", "draft", "active", "set-state", required=True),
    Row("type", "interview", "assessment", required=True),
    Row("coach_plan", "demo", "closing"),
    Row("type_credit", "resume_check", "cover_letter"),
    Row(
        "country_availability", {"countries_allowed": ["DE", "CZ"], "countries_allowed_eu": False},
        {"countries_blocked": ["US"], "countries_allowed": []},
    ),
    Row("visibility", "merchant_invite", "merchant_public", required=True),
    Row("questions", [QUESTION], [QUESTION, {"id": "r", "question": "How?"}], column="", required=True),
    Row("recording", "audio_all", "video_all"),
    Row("recording_full_session", "audio_all", "video_all"),
    _parameter("interview_type", "pre-screening", "second-interview"),
    _parameter("seniority_level", "senior", "director"),
    Row("result_view", "minimal", "advanced", clearable=False),
    Row("interview_conversation_speed", "slower", "faster"),
    Row("candidate_video_introduction", "optional", "required"),
    _parameter("interview_tone", "professional", "persuasive", null_stored="relaxed"),
    Row("interview_attempts", 3, 5, column="result_scoring.max_retries", clearable=False),
    Row("questions_random_subset", 0.5, 0.75),
    Row("max_followups", 2, 0),
    Row("max_duration", 900, 1800),
    Row("code", "OUR-1", "OUR-2"),
    Row("cover_image_url", "https://media.example/a.png", "https://media.example/b.png"),
    Row("interview_department", "Support", "Care"),
    Row("interview_salary", "1", "2"),
    Row("interview_available_till", "2030-12-31T18:00:00.000Z", "2031-12-31T18:00:00.000Z"),
    Row("recruiter_profile_id", RECRUITER, COLLEAGUE),
    _parameter("hiring_for_company", {"name": "Acme"}, {"name": "Bolt", "sector": "Energy"}),
    Row("tags", ["night", "remote"], ["day"]),
    Row("required_pronunciation", True, False),
    Row("result_enable_edit_transcript", False, True),
    Row("pdf_export_auto_config", {"transcript": True}, {"transcript": True, "template": "modern"}),
    Row("knowledge_base_store_id", SHELF, OTHER_SHELF),
    Row(
        "merchant_id", MERCHANT, OTHER_MERCHANT, "replace", column="", clearable=False,
        switches={"caller_is_admin": True},
    ),
    Row("description_long", "Long", "*Longer*", column="interview_description_long"),
    Row("candidate_expectations", "RecoveryTiming", "More patience"),
    Row("candidate_expectations_json", {"weak": ["Listens"]}, {"weak": ["Listens"], "strong": ["Solves"]}),
    Row("custom_scoring", {"max_score": 10}, {"max_score": 20}, column="result_scoring"),
    Row("additional_context", {"team": "night"}, {"team": "day"}, "creation", column=""),
    Row("instructional_video", True, False, "replace", column=""),
    Row(
        "instructional_video_custom_text", "Look here", "Look there", "replace", column="",
        beside={"instructional_video": True},
    ),
    Row("disable_deduplication", True, False, "creation", column=""),
    Row("welcome_message", "Hello", "Good day", "replace", column=""),
    Row("thank_you_message", "Thanks", "Many thanks", "replace", column=""),
    Row("is_embedded", False, True, "set-state", column=""),
]  # fmt: skip
# no create takes them: an update follows it
LATER = {"max_duration", "coach_plan", "type_credit", "country_availability"}
OPTIONAL = [row for row in ROWS if not row.required]
KINDS = {"update": Action.UPDATE, "set-state": Action.UPDATE, "replace": Action.REPLACE, "creation": Action.KEEP}


def by_name(rows: list[Any]) -> Any:
    return pytest.mark.parametrize("row", rows, ids=lambda row: row.name if isinstance(row, Row) else None)


def test_the_table_has_a_row_for_every_field() -> None:
    assert sorted(row.name for row in ROWS) == sorted(FIELDS)
    assert {row.name for row in ROWS if row.required} == set(MINIMAL)


@by_name(ROWS)
def test_a_changed_field(world: World, row: Row) -> None:
    world.service.switch(**row.switches)
    world.settle(document("one", **row.beside, **{row.name: row.first}))
    changed(world, row, row.second)


@by_name(OPTIONAL)
def test_a_field_declared_for_the_first_time(world: World, row: Row) -> None:
    world.service.switch(**row.switches)
    world.settle(document("one", **row.beside))
    changed(world, row, {"is_embedded": True}.get(row.name, row.first))


@by_name([row for row in OPTIONAL if row.clearable])
def test_null_clears(world: World, row: Row) -> None:
    value = True if row.name == "is_embedded" else row.first
    world.settle(document("one", **row.beside, **{row.name: value}))
    changed(world, row, None)


@by_name([row for row in OPTIONAL if not row.clearable])
def test_null_where_nothing_can_be_cleared_asks_for_nothing(world: World, row: Row) -> None:
    world.service.switch(**row.switches)
    world.settle(document("one", **{row.name: row.first}))
    nothing_follows(world, document("one", **{row.name: None}))


@by_name(OPTIONAL)
def test_a_field_no_longer_declared_is_left_as_it_is(world: World, row: Row) -> None:
    world.service.switch(**row.switches)
    world.settle(document("one", **row.beside, **{row.name: row.first}))
    before = world.stored(world.id("one"))
    world.sent.clear()
    (change,) = world.settle(document("one", **row.beside)).pending
    assert [(part.path, part.kind) for part in change.fields] == [((row.name,), "dropped")]
    assert world.writes == []
    assert world.stored(world.id("one")) == before


@by_name(OPTIONAL)
def test_null_from_the_beginning(world: World, row: Row) -> None:
    """A create with null, and whatever the service makes of it: there is nothing left to do, and nothing comes up."""
    world.service.switch(**row.switches)
    world.settle(document("one", **row.beside, **{row.name: None}))
    world.service.admin_edit(world.id("one"), {"slug": "touched"})
    assert told(world.plan(document("one", **row.beside, **{row.name: None}))) == []


@by_name(ROWS)
def test_a_create_sends_what_is_declared_and_the_mark(world: World, row: Row) -> None:
    world.service.switch(**row.switches)
    world.apply(document("one", **row.beside, **{row.name: row.first}))
    create, *rest = world.writes
    assert create.operation == CREATE
    if row.name in LATER:
        assert create.fields == MINIMAL.keys() | {"code"}
        assert [(sent.operation, sent.fields) for sent in rest] == [(UPDATE, {row.name})]
        return
    assert create.fields == MINIMAL.keys() | row.beside.keys() | {row.name, "code"}
    assert rest == []


def test_a_declared_type_credit_is_sent_with_a_new_type(world: World) -> None:
    """The service derives type_credit from type, unless it is sent."""
    world.settle(document("one", type="interview", type_credit="resume_check"))
    world.sent.clear()
    wanted = document("one", type="coaching", type_credit="resume_check")
    world.settle(wanted)
    assert [(sent.operation, sent.fields) for sent in world.writes] == [(UPDATE, {"type", "type_credit"})]
    assert world.stored(world.id("one"))["type_credit"] == "resume_check"
    nothing_follows(world, wanted)


def changed(world: World, row: Row, value: Any) -> None:
    """Declares `value`: the plan says so, exactly the right call is sent, and then there is nothing left to do."""
    wanted = document("one", **row.beside, **{row.name: value})
    old = world.id("one")
    world.sent.clear()
    plan = world.plan(wanted)
    (change,) = plan.changes
    assert world.writes == []
    silent = row.kind == "replace" and same_as_nothing(row, value)
    if row.kind == "creation" or silent:
        assert change.action is Action.KEEP
        nothing_follows(world, wanted)
        return
    assert change.action is KINDS[row.kind], told(plan)
    assert change.changed_fields == {row.name}
    assert {part.origin for part in change.fields} == {"ours"}
    world.settle(wanted)
    called(world, row, value, old)
    if row.column != "":
        assert row.stored(world.stored(world.id("one"))) == fitting(row, value)


def same_as_nothing(row: Row, value: Any) -> bool:
    """Whether declaring `value` says no more than declaring nothing."""
    return row.name == "merchant_id" and value == MERCHANT


def fitting(row: Row, value: Any) -> Any:
    """What the service keeps of `value`: scoring is laid over its defaults."""
    if value is None:
        return row.null_stored
    if row.name == "custom_scoring":
        return {"max_score": 5, "early_stop": False, "sentiment_analysis": True, "ai_pronunciation": False, **value}
    return value


# what the service made by itself for the old interview, which a replacement takes over
MADE = {"seniority_level", "result_view", "candidate_expectations_json"}


def called(world: World, row: Row, value: Any, old: str) -> None:
    if row.kind == "replace":
        create, rest, archive = world.writes
        declared = MINIMAL.keys() | row.beside.keys() | {row.name}
        assert (create.operation, create.fields - {"code"} - (MADE - {row.name})) == (CREATE, declared)
        assert (rest.operation, rest.fields) == (UPDATE, {"max_duration"}), "carried over from the old interview"
        assert (archive.operation, archive.body) == (SET_STATE, {"position_id": old, "status": "archived"})
        assert world.id("one") != old
        return
    (sent,) = world.writes
    assert (sent.operation, sent.fields) == ({"update": UPDATE, "set-state": SET_STATE}[row.kind], {row.name})
    assert sent.body["position_id"] == world.id("one") == old
    if row.name == "questions":
        assert [entry["external_id"] for entry in sent.body["questions"]] == [entry["id"] for entry in value]
    else:
        assert sent.body[row.name] == (False if row.name == "is_embedded" and value is None else value)


def nothing_follows(world: World, wanted: dict[str, Any]) -> None:
    """The plan is empty, and applying it sends nothing but GETs."""
    world.sent.clear()
    assert told(world.settle(wanted)) == []
    assert world.writes == []


def test_a_creation_only_field_is_told(world: World) -> None:
    world.settle(document("one", additional_context={"team": "night"}))
    (change,) = world.plan(document("one", additional_context={"team": "day"})).changes
    assert change.notes == (
        "additional_context only steers the creation; the change has no effect on an interview that exists",
    )


# what the manifest says, and how the service may spell it: nothing differs
ALIKE: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"max_duration": 1200}, {"max_duration": 1200.0}),
    ({"questions_random_subset": 0.5}, {"questions_random_subset": 0.50}),
    ({"interview_attempts": 3}, {"result_scoring": {"max_retries": 3.0}}),
    ({"interview_attempts": 3, "custom_scoring": None}, {}),
    ({"custom_scoring": {"max_score": 5}}, {"result_scoring": {"max_score": 5.0, "something": "new"}}),
    ({"custom_scoring": None}, {"result_scoring": {}}),
    ({"tags": ["a", "b"]}, {"tags": ["b", "a"]}),
    ({"tags": []}, {"tags": None}),
    ({"tags": None}, {"tags": []}),
    ({"interview_tone": "Professional"}, {}),
    ({"interview_tone": "relaxed"}, {"creation_parameters": None}),
    ({"interview_available_till": "2030-12-31"}, {}),
    ({"interview_available_till": "2030-12-31T18:00:00+02:00"}, {}),
    ({"interview_available_till": "2030-12-31"}, {"interview_available_till": "2030-12-31"}),
    ({"candidate_video_introduction": None}, {"candidate_video_introduction": None}),
    ({"required_pronunciation": False}, {"required_pronunciation": None}),
    ({"result_enable_edit_transcript": True}, {"result_enable_edit_transcript": None}),
    ({"hiring_for_company": {"name": " "}}, {}),
    ({"hiring_for_company": None}, {"creation_parameters": {"hiring_for_company": {"name": None}}}),
    (
        {"hiring_for_company": {"name": "Acme"}},
        {"creation_parameters": {"hiring_for_company": {"name": "Acme", "sector": None, "location": None}}},
    ),
    ({"code": "", "interview_department": " "}, {"interview_department": None, "code": None}),
    ({"status": "active"}, {"status": "preparing"}),
    ({"pdf_export_auto_config": {"files": True}}, {"pdf_export_auto_config": {"files": True, "template": "classic"}}),
    ({"seniority_level": "senior", "interview_tone": None}, {}),
]


@pytest.mark.parametrize(
    ("spec", "columns"), ALIKE, ids=[f"{number}-{next(iter(row[0]))}" for number, row in enumerate(ALIKE)]
)
def test_spellings_of_one_value_are_no_difference(world: World, spec: dict[str, Any], columns: dict[str, Any]) -> None:
    world.settle(document("one", **spec))
    world.service.admin_edit(world.id("one"), columns)
    assert told(world.plan(document("one", **spec))) == []


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        ({"duration": 120}, {"duration": 120.0}),
        ({"external_data": {"weight": 2}}, {"external_data": {"weight": 2.0}}),
        ({"is_expert": False}, {"is_expert": None}),
        ({"mojito_language_code": "en"}, {"mojito_language_code": None}),
        ({"mojito_language_code": None}, {"mojito_language_code": "en"}),
        ({"question_alternatives": []}, {"question_alternatives": None}),
    ],
)
def test_spellings_of_one_question_are_no_difference(world: World, said: Any, stored: Any) -> None:
    wanted = document("one", questions=[{**QUESTION, **said}])
    world.settle(wanted)
    world.edit_questions(world.id("one"), lambda questions: [{**questions[0], **stored}])
    assert told(world.plan(wanted)) == []


# -- questions

OTHER = {"id": "first", "question": "Who are you?"}


@dataclass(frozen=True)
class Part:
    """One field of a question: two values, and what counts as nothing."""

    name: str
    first: Any
    second: Any
    nothing: Any = None
    beside: dict[str, Any] = field(default_factory=dict)


PARTS = [
    Part("question", "Why?", "Why not?"),
    Part("duration", 60, 90),
    Part("mojito_language_code", "cs", "de"),
    Part("label", "warm-up", "main"),
    Part("is_conditional", True, False, False, beside={"conditional_question_main_id": "first"}),
    Part("is_without_scoring", True, False, False),
    Part("is_candidate_asking_recruiter", True, False, False),
    Part("is_expert", True, False, False),
    Part("is_multiple_choice", True, False, False, beside={"question_alternatives": ["yes", "no"]}),
    Part("question_alternatives", ["How so?"], ["How come?"], []),
    Part("conditional_question_main_id", "first", "second", beside={"is_conditional": True}),
    Part("knowledge_base_id", SHELF, OTHER_SHELF),
    Part("external_data", {"topic": "night"}, {"topic": "day"}, {}),
    Part("candidate_expectations_json", {"weak": ["Listens"]}, {"weak": ["Solves"]}),
]
KEYS = ("id", "external_id")
REQUIRED = ("question", "is_conditional", "conditional_question_main_id")


def test_the_table_has_a_row_for_every_field_of_a_question() -> None:
    assert sorted([*(part.name for part in PARTS), *KEYS]) == sorted(QUESTION_FIELDS)


def asking(part: Part, *value: Any) -> dict[str, Any]:
    """Three questions, the last of them with the field set to `value`, or without it."""
    given = {part.name: value[0]} if value else {}
    last = {"id": "q", "question": "Why?", **part.beside, **given}
    if part.name == "is_conditional" and not (value and value[0]):
        del last["conditional_question_main_id"]
    return document("one", questions=[OTHER, {"id": "second", "question": "Where?"}, last])


def edited(world: World, part: Part, wanted: dict[str, Any]) -> None:
    """One question is edited: the others keep their records, and only the list is sent."""
    before = world.questions(world.id("one"))
    world.sent.clear()
    plan = world.settle(wanted)
    (change,) = plan.pending
    assert change.action is Action.UPDATE
    assert {part.name} <= {step.path[2] for step in change.fields} <= {part.name, *part.beside}
    assert {step.path[:2] for step in change.fields} == {("questions", "q")}
    (sent,) = world.writes
    assert (sent.operation, sent.fields) == (UPDATE, {"questions"})
    after = world.questions(world.id("one"))
    assert [step["id"] for step in after[:2]] == [step["id"] for step in before[:2]]
    assert after[2]["id"] != before[2]["id"]
    assert after[2]["external_id"] == before[2]["external_id"] == "q"


def sent_keys(world: World) -> list[set[str]]:
    """The keys of each question in the last write."""
    return [set(entry) for entry in world.writes[-1].body["questions"]]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_a_changed_field_of_a_question(world: World, part: Part) -> None:
    world.settle(asking(part, part.first))
    wanted = asking(part, part.second)
    edited(world, part, wanted)
    keys = {"id", "external_id"}
    declared = [keys | set(question) for question in wanted["spec"]["questions"]]
    assert sent_keys(world) == declared


@pytest.mark.parametrize("part", [part for part in PARTS if part.name not in REQUIRED], ids=lambda part: part.name)
class TestAnOptionalFieldOfAQuestion:
    def test_declared_for_the_first_time(self, world: World, part: Part) -> None:
        world.settle(asking(part))
        edited(world, part, asking(part, part.first))

    def test_null_clears(self, world: World, part: Part) -> None:
        world.settle(asking(part, part.first))
        edited(world, part, asking(part, None))
        assert not world.questions(world.id("one"))[2][part.name]

    def test_nothing_is_the_same_as_null(self, world: World, part: Part) -> None:
        world.settle(asking(part, None))
        nothing_follows(world, asking(part, part.nothing))

    def test_no_longer_declared_is_left_as_it_is(self, world: World, part: Part) -> None:
        world.settle(asking(part, part.first))
        before = world.questions(world.id("one"))
        nothing_follows(world, asking(part))
        assert world.questions(world.id("one")) == before

    @pytest.mark.parametrize("unset", ["stored", "absent", "false"])
    def test_null_from_the_beginning(self, world: World, part: Part, unset: str) -> None:
        world.service.switch(unset_flags_as=unset)
        world.settle(asking(part, None))
        world.service.admin_edit(world.id("one"), {"slug": "touched"})
        assert told(world.plan(asking(part, None))) == []


def test_another_id_is_another_name_for_the_key(world: World) -> None:
    """With an external_id the id is only a handle inside the manifest."""
    world.settle(document("one", questions=[{"id": "a", "external_id": "k", "question": "Why?"}]))
    nothing_follows(world, document("one", questions=[{"id": "b", "external_id": "k", "question": "Why?"}]))


@pytest.mark.parametrize("key", KEYS)
def test_another_key_is_another_question(world: World, key: str) -> None:
    """The service would match it by its content, and replace it all the same."""
    world.settle(document("one", questions=[OTHER, {key: "a", "question": "Why?"}]))
    before = world.questions(world.id("one"))
    world.settle(document("one", questions=[OTHER, {key: "b", "question": "Why?"}]))
    after = world.questions(world.id("one"))
    assert [step["external_id"] for step in after] == ["first", "b"]
    assert after[0]["id"] == before[0]["id"]
    assert after[1]["id"] != before[1]["id"]
