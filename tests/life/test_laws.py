"""Laws over random manifests, edits and doings of colleagues, under many readings of what the service documents."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lives import (
    ADMIN,
    STUBBORN,
    SWITCHES,
    TRICKS,
    as_yaml,
    documents,
    edited,
    next_projects,
    projects,
    questions,
    specs,
    trick,
)
from workshop import names_of
from world import CREATE, SET_STATE, UPDATE, World, document, resolved, told

from reconciler.plan.model import Action, Plan
from reconciler.resources.interview.fields import FIELDS
from reconciler.state.model import State

MANY = settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
Project = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One for all examples of a test, emptied before each: opening a database costs more than an example."""
    with World(tmp_path_factory.mktemp("laws") / "sandbox") as made:
        yield made


def lived_through(world: World, project: Project, *, exactly: bool = True, meddled: bool = False) -> Plan:
    """Plans, applies, plans and applies again, and holds every law that can be held on the way.

    `meddled`: a colleague may have changed what no call can change back, which an apply reports once.
    """
    wanted = documents(project)
    before, rows = world.state, world.service.dump()
    world.sent.clear()
    plan = world.plan(*wanted)
    assert {sent.method for sent in world.sent} <= {"GET"}, "planning sent a write"
    assert (world.state, world.service.dump()) == (before, rows), "planning changed something"
    results = world.carry_out(plan.pending)
    assert [(result.name, result.ending) for result in results] == [(change.name, "done") for change in plan.pending], (
        results
    )
    if exactly:
        assert [result.detail for result in results if result.detail] == [], "the questions were foretold wrongly"
        assert [one.name for one in world.surprises if not (meddled and one.is_kept)] == []
    only_declared(world, project, {name for change in plan.pending for name in change.carried})
    again = world.plan(*wanted)
    assert told(again) == [], "a plan after an apply is not empty"
    world.sent.clear()
    world.carry_out(again.pending)
    assert world.writes == []
    assert again.digest == world.plan(*wanted).digest
    assert names_of(world.state.entries) == sorted(project)
    for want in resolved(wanted):
        asked = [(step["external_id"] or step["id"], step["question"]) for step in world.questions(world.id(want.name))]
        assert asked == [(question["external_id"], question["question"]) for question in want.spec["questions"]]
    return plan


def only_declared(world: World, project: Project, carried: set[str]) -> None:
    """Nothing was sent that no manifest declares, but for what a replacement carried over from the old interview."""
    declared = [{*document("any", **spec)["spec"], "position_id"} for spec in project.values()]
    asked: dict[str, set[str]] = {}
    for want in resolved(documents(project)):
        for question in want.spec["questions"]:
            asked.setdefault(question["external_id"], set()).update(question)
    for sent in world.writes:
        names = set(sent.body)
        if sent.operation == CREATE:
            assert any(names - {"code"} - carried <= one for one in declared), names
            assert not names & {"max_duration"}
        elif sent.operation == UPDATE:
            assert any(names - carried <= one for one in declared), names
        else:
            assert sent.operation == SET_STATE
            assert names <= {"position_id", "status", "is_embedded"}
        for question in sent.body.get("questions", ()):
            if question.get("external_id") and not (sent.operation == CREATE and "questions" in carried):
                assert set(question) <= asked[question["external_id"]] | {"id"}


def act(world: World, name: str, doing: Any, place: int) -> None:
    """A colleague does something in the admin; what takes the mark away is refused, see tests/attacks."""
    interview_id = world.id(name)
    if isinstance(doing, dict):
        world.service.admin_edit(interview_id, {field: value for field, value in doing.items() if field != "code"})
    elif doing == "erase":
        world.service.admin_delete(interview_id)
    else:
        world.edit_questions(interview_id, lambda asked: trick(doing, asked, place))


@MANY
@given(st.data(), projects(), SWITCHES)
def test_authors_edit(world: World, data: st.DataObject, project: Project, switches: dict[str, Any]) -> None:
    world.begin_again(**switches)
    lived_through(world, project)
    for _ in range(data.draw(st.integers(1, 4), "days")):
        before, held = (
            project,
            {entry.name: (entry.id, records(world, entry.name)) for entry in world.state.entries.values()},
        )
        project = data.draw(next_projects(project), "project")
        lived_through(world, project)
        for name in before.keys() & project.keys():
            if world.id(name) == held[name][0]:
                unchanged_keep_their_records(world, name, before[name], project[name], held[name][1])


def records(world: World, name: str) -> dict[str, str]:
    """The record id of each question by its key."""
    return {step["external_id"]: step["id"] for step in world.questions(world.id(name))}


def unchanged_keep_their_records(
    world: World, name: str, before: dict[str, Any], after: dict[str, Any], held: dict[str, str]
) -> None:
    old, new = (
        {question["external_id"]: question for question in resolved([document(name, **spec)])[0].spec["questions"]}
        for spec in (before, after)
    )
    now = records(world, name)
    for key, question in new.items():
        if old.get(key) == question and condition(question, new) == condition(question, old):
            assert now[key] == held[key], f"{key} lost its record"


def condition(question: dict[str, Any], asked: dict[str, Any]) -> Any:
    """The key of the question on which this one depends."""
    handle = question.get("conditional_question_main_id")
    return next((key for key, one in asked.items() if handle and one.get("id") == handle), None)


@MANY
@given(st.data(), projects(), SWITCHES)
def test_colleagues_meddle(world: World, data: st.DataObject, project: Project, switches: dict[str, Any]) -> None:
    world.begin_again(**switches)
    lived_through(world, project, meddled=True)
    for _ in range(data.draw(st.integers(1, 3), "days")):
        world.grow_older()
        for _ in range(data.draw(st.integers(1, 2), "doings")):
            name = data.draw(st.sampled_from(sorted(project)), "whose")
            if any(row["id"] == world.id(name) for row in world.service.dump()):
                act(world, name, data.draw(ADMIN, "doing"), data.draw(st.integers(0, 4), "where"))
        if data.draw(st.booleans(), "the author works, too"):
            project = data.draw(next_projects(project), "project")
        lived_through(world, project, meddled=True)


@MANY
@given(st.data(), projects(), SWITCHES, STUBBORN)
def test_it_converges_whatever_the_service_makes_of_questions(
    world: World, data: st.DataObject, project: Project, switches: dict[str, Any], stubborn: dict[str, Any]
) -> None:
    world.begin_again(**switches, **stubborn)
    lived_through(world, project, exactly=False)
    world.grow_older()
    act(world, min(project), data.draw(ADMIN, "doing"), 0)
    lived_through(world, data.draw(next_projects(project), "project"), exactly=False)


@MANY
@given(project=projects(), switches=SWITCHES, doing=st.none() | st.sampled_from(TRICKS[:-1]))
def test_what_is_imported_needs_no_change(
    world: World, project: Project, switches: dict[str, Any], doing: str | None
) -> None:
    """Interviews come under another state as they are: only embed keys are asked for, and no question is touched."""
    world.begin_again(**switches)
    lived_through(world, project)
    ids = {name: world.id(name) for name in project}
    if doing == "lose key":
        return  # a question without its key is another question to these manifests
    held = {name: world.questions(interview_id) for name, interview_id in ids.items()}
    world.state = State(lineage="another")
    adopting = [document(name, metadata={"import": ids[name]}, **spec) for name, spec in project.items()]
    plan = world.plan(*adopting)
    for change in plan.changes:
        assert change.action is Action.ADOPT
        assert change.changed_fields <= {"embed_signing_key", "is_embedded"}, told(plan)
    world.sent.clear()
    world.settle(*adopting)
    assert {sent.operation for sent in world.writes} <= {SET_STATE}
    assert {name: world.questions(interview_id) for name, interview_id in ids.items()} == held
    world.sent.clear()
    assert told(world.plan(*documents(project))) == [], "the key metadata.import can be removed again"


@settings(max_examples=200)
@given(spec=specs(), seed=st.integers(0, 2**32))
def test_order_of_keys_and_spelling_change_no_digest(spec: dict[str, Any], seed: int) -> None:
    written = document("one", **spec)
    (plain,) = resolved([written])
    (typed,) = resolved([as_yaml(written, random.Random(seed))])  # noqa: S311 - repeatable
    assert typed.spec == plain.spec
    assert typed.digest == plain.digest


@settings(max_examples=50)
@given(spec=specs(), seed=st.integers(0, 2**32), data=st.data())
def test_a_reformatted_manifest_changes_no_plan(
    world: World, spec: dict[str, Any], seed: int, data: st.DataObject
) -> None:
    world.begin_again()
    world.apply(document("one", **spec))
    new = document("one", **data.draw(edited(spec)))
    typed = as_yaml(new, random.Random(seed))  # noqa: S311 - repeatable
    assert world.plan(typed).digest == world.plan(new).digest
    assert [change.digest for change in world.plan(typed).changes] == [
        change.digest for change in world.plan(new).changes
    ]


@settings(max_examples=60)
@given(spec=specs(), asked=questions(), data=st.data())
def test_questions_made_elsewhere(
    world: World, spec: dict[str, Any], asked: list[dict[str, Any]], data: st.DataObject
) -> None:
    """Questions that never had a key are adopted under their real ids, and edited like any other."""
    world.begin_again()
    world.apply(document("one", **{**spec, "questions": asked}))
    interview_id = world.id("one")
    world.edit_questions(interview_id, lambda steps: [step | {"external_id": None} for step in steps])
    world.state = State(lineage="another")
    steps = world.questions(interview_id)
    kept = ("id", "question", "is_conditional", "conditional_question_main_id", "duration")
    mine = [{name: step[name] for name in kept if step[name] is not None} for step in steps]
    named = {**spec, "questions": mine}
    adopting = document("one", metadata={"import": interview_id}, **named)
    plan = world.plan(adopting)
    assert plan.changes[0].changed_fields <= {"embed_signing_key", "is_embedded"}, told(plan)
    world.settle(adopting)
    assert world.questions(interview_id) == steps
    for _ in range(2):
        named = data.draw(edited(named), "edited")
        world.settle(document("one", **named))


@pytest.mark.parametrize("name", sorted({row.read[0] for row in FIELDS.values() if row.read} - {"status"}))
def test_a_field_read_as_null_is_drift_at_worst(world: World, name: str) -> None:
    """The vendor's documents let nearly everything be null: a plan says what it sees and goes on."""
    world.begin_again()
    everything = {"tags": ["a"], "interview_tone": "simple", "interview_attempts": 2, "max_duration": 900}
    world.settle(document("one", **everything))
    world.service.switch(null_reads=[name])
    world.service.admin_edit(world.id("one"), {"slug": "touched"})
    (change,) = world.plan(document("one", **everything)).changes
    assert {field.origin for field in change.fields} <= {"drift"}


@example(question={"id": "a", "question": "Why?"})
@given(question=st.fixed_dictionaries({"id": st.sampled_from("abc"), "question": st.just("Why?")}))
@settings(max_examples=5)
def test_a_plan_that_was_carried_out_twice(world: World, question: dict[str, Any]) -> None:
    """The same plan in hand, not planned again: what it archives, updates and embeds can be repeated without harm."""
    world.begin_again()
    world.apply(document("one", status="active"))
    plan = world.plan(document("one", status="draft", description="Other", questions=[question], is_embedded=True))
    first = world.carry_out(plan.pending)
    rows = world.service.dump()
    second = world.carry_out(plan.pending)
    assert [result.ending for result in (*first, *second)] == ["done", "done"]
    for row, again in zip(rows, world.service.dump(), strict=True):
        assert row | {"updated_at": None} == again | {"updated_at": None}
