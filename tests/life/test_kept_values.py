"""Values that the service silently keeps: reported once, never planned again, never a reason to replace."""

from __future__ import annotations

from typing import Any

from world import CREATE, GET, UPDATE, World, document, told

from reconciler.events import AppliedDiffers

OTHER_MERCHANT = "22222222-2222-4222-8222-222222222222"
QUESTIONS = [{"id": "a", "question": "Why us?"}, {"id": "b", "question": "Why us?"}]


def differing(world: World) -> list[tuple[str, bool, list[str]]]:
    """What the last apply reported to be otherwise than applied."""
    return [
        (event.name, event.is_kept, [".".join(field.path) for field in event.fields])
        for event in world.events
        if isinstance(event, AppliedDiffers)
    ]


def carried_out(world: World, *documents: dict[str, Any]) -> list[str]:
    """Applies; returns the actions that were done."""
    results = world.carry_out(world.plan(*documents).pending)
    assert [result.ending for result in results] == ["done"] * len(results), results
    return [result.action.value for result in results]


def test_a_merchant_that_the_service_ignores_is_reported_once_and_never_a_reason_to_replace(world: World) -> None:
    declared = {"merchant_id": OTHER_MERCHANT}
    assert carried_out(world, document("one", **declared)) == ["create"]
    assert differing(world) == [("one", True, ["merchant_id"])]
    assert told(world.plan(document("one", **declared))) == []
    first = world.id("one")
    for description in ("Edited", "Edited again"):
        edited = document("one", **declared, description=description)
        plan = world.plan(edited)
        assert told(plan)[0][1] == "update"
        assert any("no replacement changes that" in note for note in plan.pending[0].notes)
        assert carried_out(world, edited) == ["update"]
        assert differing(world) == []
        assert told(world.plan(edited)) == []
    assert world.id("one") == first
    assert sum(sent.operation == CREATE for sent in world.sent) == 1


def test_a_new_interview_is_read_once_and_what_a_create_did_not_store_is_sent_again(world: World) -> None:
    """Two equal questions are stored as one by the create; an update can add the second."""
    asked = document("one", questions=QUESTIONS)
    assert carried_out(world, asked) == ["create"]
    assert [sent.operation for sent in world.sent if sent.operation in (GET, UPDATE)] == [GET, UPDATE, GET]
    assert [question["external_id"] for question in world.questions(world.id("one"))] == ["a", "b"]
    assert differing(world) == []
    assert told(world.plan(asked)) == []


def test_an_ordinary_create_costs_one_read(world: World) -> None:
    carried_out(world, document("one"), document("two"))
    operations = [sent.operation for sent in world.sent]
    assert operations[operations.index(CREATE) :] == [CREATE, CREATE, GET, GET]


def test_a_field_that_the_service_never_writes_is_sent_twice_reported_once_and_left(world: World) -> None:
    world.service.switch(fields_ignored=["interview_salary"])
    paid = document("one", interview_salary="50k")
    carried_out(world, paid)
    assert differing(world) == [("one", True, ["interview_salary"])]
    assert told(world.plan(paid)) == []

    edited = document("one", interview_salary="50k", description="Edited")
    plan = world.plan(edited)
    assert [change.field for change in plan.pending[0].fields] == ["description"]
    assert any("interview_salary was applied" in note for note in plan.pending[0].notes)
    carried_out(world, edited)
    assert differing(world) == []

    raised = document("one", interview_salary="60k", description="Edited")
    assert [change.field for change in world.plan(raised).pending[0].fields] == ["interview_salary"]


def test_what_others_change_after_it_was_kept_is_drift_again(world: World) -> None:
    world.service.switch(fields_ignored=["interview_salary"])
    paid = document("one", interview_salary="50k")
    carried_out(world, paid)
    world.service.admin_edit(world.id("one"), {"interview_salary": "70k"})
    assert told(world.plan(paid)) == [("one", "update", "interview_salary: 70k -> 50k changed")]
