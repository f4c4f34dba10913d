"""Nothing is created before it was looked for: by its mark, else by its content; what is there is adopted."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from workshop import name_in
from world import CREATE, GET, LIST, PROJECT, UPDATE, World, document, told

from reconciler.plan.model import Action, Plan
from reconciler.state.model import State

LOST = State(lineage="another")


def live(world: World) -> list[str]:
    """The names in the marks of what is in use, sorted; empty for what carries none."""
    return sorted(name_in(row["code"]) for row in world.service.dump() if row["status"] not in ("archived", "deleted"))


def actions(plan: Plan) -> list[tuple[str, str]]:
    return [(change.name, change.action.value) for change in plan.pending]


def asked(plan: Plan, name: str = "one") -> str:
    """The notes of a change that is left to a person."""
    (change,) = [change for change in plan.changes if change.name == name]
    assert change.action is Action.SETTLE, told(plan)
    return " ".join(change.notes)


def test_a_mark_names_project_environment_name_and_attempt(world: World) -> None:
    world.apply(document("one"))
    code = str(world.stored(world.id("one"))["code"])
    assert code.startswith(f"jmctl:2:{PROJECT}/default/one/")
    assert len(code.rsplit("/", 1)[-1]) == 8


def test_a_lost_state_adopts_everything_and_creates_nothing(world: World) -> None:
    documents = [document("one", name="One"), document("two", name="Two", type="coaching"), document("new", name="New")]
    world.apply(*documents[:2])
    world.state = LOST
    plan = world.apply(*documents)
    assert actions(plan) == [("new", "create"), ("one", "adopt"), ("two", "adopt")]
    assert Counter(sent.operation for sent in world.writes)[CREATE] == 3
    assert told(world.plan(*documents)) == []


def test_looking_costs_a_list_for_each_type_and_a_read_for_each_unknown(world: World) -> None:
    documents = [document(f"no-{number}", name=f"No {number}") for number in range(5)]
    world.apply(*documents)
    world.state = LOST
    world.sent.clear()
    world.plan(*documents)
    assert Counter(sent.operation for sent in world.sent) == {LIST: 3, GET: 5}


def test_names_that_are_known_cost_nothing_more(world: World) -> None:
    documents = [document(f"no-{number}", name=f"No {number}") for number in range(5)]
    world.settle(*documents)
    world.sent.clear()
    assert told(world.plan(*documents)) == []
    assert Counter(sent.operation for sent in world.sent) == {LIST: 1}


def test_a_list_that_was_looked_through_is_not_read_again(world: World) -> None:
    for number in range(20):
        made_elsewhere(world, name=f"Theirs {number}")
    world.apply(document("one", name="One"))
    world.sent.clear()
    world.apply(document("one", name="One"), document("two", name="Two"))
    reads = [sent.query["position_id"] for sent in world.sent if sent.operation == GET]
    assert len(reads) <= 3, "what moved since, and what was just made"


def made_elsewhere(world: World, **fields: Any) -> str:
    """An interview that somebody makes by hand."""
    import orjson
    from workshop import MINIMAL

    body = orjson.dumps({**MINIMAL, **fields})
    reply = world.service.outcome("POST", f"/functions/v1/{CREATE}", {}, {"Authorization": "Bearer x"}, body)
    return str(orjson.loads(reply.body)["interview_def_set_id"])  # type: ignore[union-attr]


def test_an_older_state_adopts_what_a_newer_one_made(world: World) -> None:
    world.apply(document("one", name="One"))
    older = world.state
    world.apply(document("one", name="One"), document("two", name="Two"))
    world.state = older
    assert actions(world.settle(document("one", name="One"), document("two", name="Two"))) == [("two", "adopt")]
    assert live(world) == ["one", "two"]


def test_a_manifest_that_comes_back_brings_its_interview_back(world: World) -> None:
    world.apply(document("one", status="active"))
    first = world.id("one")
    world.apply()
    assert world.stored(first)["status"] == "archived"
    assert actions(world.settle(document("one", status="active"))) == [("one", "adopt")]
    assert (world.id("one"), world.stored(first)["status"]) == (first, "active")


def test_a_living_one_comes_before_those_that_it_replaced(world: World) -> None:
    world.apply(document("one"))
    world.apply(document("one", welcome_message="Hello"))
    now = world.id("one")
    world.state = LOST
    world.settle(document("one", welcome_message="Hello"))
    assert world.id("one") == now
    assert live(world) == ["one"]


def test_several_living_ones_stop_that_name_and_no_other(world: World) -> None:
    world.apply(document("one", name="One"))
    code = world.stored(world.id("one"))["code"]
    second = made_elsewhere(world, name="One", code=code)
    first, world.state = world.id("one"), LOST
    plan = world.plan(document("one", name="One"), document("two", name="Two"))
    assert actions(plan) == [("one", "settle"), ("two", "create")]
    for one in (first, second):
        assert f"jmctl import one {one}" in asked(plan)
    results = {result.name: result.ending for result in world.carry_out(plan.pending)}
    assert results == {"one": "unknown", "two": "done"}


def test_environments_never_take_each_others_interviews(world: World) -> None:
    world.apply(document("one"))
    config = replace(world.project.config, environment="staging")
    world.state, world.project = LOST, replace(world.project, config=config)
    assert actions(world.settle(document("one"))) == [("one", "create")]
    assert live(world) == ["one", "one"]


def test_a_mark_of_the_first_form_is_adopted_only_where_one_environment_can_own_it(world: World) -> None:
    made_elsewhere(world, code=f"jmctl:{PROJECT}/one")
    alone = world.project
    world.project = replace(alone, config=replace(alone.config, environments=("default", "staging")))
    assert "its mark names no environment" in asked(world.plan(document("one")))
    world.project = alone
    assert actions(world.settle(document("one"))) == [("one", "adopt")]


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("stripped", "the same content and no mark"),
        ("cut", "its mark was changed"),
        ("upper", "its mark was changed"),
    ],
)
def test_a_mark_that_the_service_loses_leads_to_a_person(world: World, how: str, reason: str) -> None:
    world.service.switch(mark_is=how)
    world.carry_out(world.plan(document("one")).pending)
    world.state = LOST
    assert reason in asked(world.plan(document("one")))


def test_content_is_recognised_whatever_the_case_of_the_name(world: World) -> None:
    world.service.switch(mark_is="stripped", name_is="lower", external_ids_kept=False)
    world.carry_out(world.plan(document("one", name="Ärztin  Nord")).pending)
    world.state = LOST
    assert "the same content and no mark" in asked(world.plan(document("one", name="Ärztin Nord")))


def test_without_a_state_a_renamed_manifest_is_found_by_its_former_name(world: World) -> None:
    world.apply(document("old"))
    world.state = LOST
    assert actions(world.settle(document("new", metadata={"renamed_from": ["old"]}))) == [("new", "adopt")]


def test_what_is_gone_is_recreated_as_an_action_of_its_own(world: World) -> None:
    world.apply(document("one"))
    world.service.admin_delete(world.id("one"))
    assert actions(world.settle(document("one"))) == [("one", "recreate")]


def test_what_the_list_shows_is_not_gone_because_a_read_denies_it(world: World) -> None:
    world.settle(document("one"))
    one = world.id("one")
    world.service.admin_edit(one, {"slug": "moved"})
    world.service.switch(read_hides=[one])
    assert "the list shows it" in asked(world.plan(document("one")))
    assert actions(world.plan()) == [("one", "settle")], "nor is it forgotten"
    world.service.switch(read_hides=[])
    assert told(world.plan(document("one"))) == []


def test_a_list_that_hides_what_exists_proves_no_absence(world: World) -> None:
    world.settle(document("one", name="One"))
    world.service.switch(list_hides=[world.id("one")])
    plan = world.plan(document("one", name="One"), document("two", name="Two"))
    assert "the list does not show" in asked(plan, "two")


def test_a_stale_state_does_not_take_a_replaced_interview_back_into_use(world: World) -> None:
    world.apply(document("one", status="active"))
    stale = world.state
    world.apply(document("one", status="active", welcome_message="Hello"))
    now, world.state = world.id("one"), stale
    notes = asked(world.plan(document("one", status="active")))
    assert "this checkout is stale" in notes
    assert now in notes
    assert live(world) == ["one"]


def test_a_create_that_answers_with_the_id_of_another_is_of_unknown_outcome(world: World) -> None:
    world.apply(document("one", name="One"))
    known = world.id("one")

    async def answered(attributes: Any) -> Any:
        from reconciler.api.protocol import Created

        del attributes
        return Created(known)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("reconciler.api.client.Service.create", lambda *given: answered(given))
        plan = world.plan(document("one", name="One"), document("two", name="Two"))
        (result,) = world.carry_out(plan.pending)
    assert (result.ending, "the id of another interview" in result.detail) == ("unknown", True)
    assert [entry.id for entry in world.state.entries.values()] == [known]


def test_an_entry_that_points_to_what_jmctl_did_not_make_is_not_written_to(world: World) -> None:
    world.apply(document("one"))
    theirs = made_elsewhere(world, name="Theirs")
    world.state = replace(
        world.state,
        entries={address: replace(entry, id=theirs) for address, entry in world.state.entries.items()},
    )
    (change,) = world.plan(document("one", description="Other")).changes
    assert change.blocked
    assert change.blocked.summary == "the interview does not carry our mark"
    assert not [sent for sent in world.writes if sent.operation == UPDATE]
