"""An interview that not everyone may take is never open to everyone, at whatever request a run breaks off."""

from __future__ import annotations

from typing import Any

import pytest
from workshop import name_in
from world import CREATE, UPDATE, Sent, World, document, told

from reconciler.plan.model import Plan

LIMITS = {"countries_allowed": ["CZ"]}
LIMITED = document("one", status="active", country_availability=LIMITS)


def watched(world: World) -> list[str]:
    """The names of the interviews that were seen active and without their limit, filled while requests pass."""
    open_to_all: list[str] = []

    def look(_: Sent) -> None:
        open_to_all.extend(
            row["id"] for row in world.service.dump() if row["status"] == "active" and not row["country_availability"]
        )

    world.wire.meanwhile = look
    return open_to_all


def broken_off(world: World, plan: Plan, operation: str) -> None:
    """Carries `plan` out until the first request for `operation`, which does not arrive."""

    def cut(sent: Sent) -> None:
        if sent.operation == operation:
            raise ConnectionError("cut")

    world.wire.meanwhile = cut
    with pytest.raises(BaseExceptionGroup):
        world.carry_out(plan.pending, looked_up=plan.looked_up)
    world.wire.meanwhile = lambda _: None


def bodies(world: World, operation: str) -> list[Any]:
    return [sent.body for sent in world.writes if sent.operation == operation]


def test_a_limited_interview_is_created_as_draft_and_opened_by_the_update_that_limits_it(world: World) -> None:
    open_to_all = watched(world)
    (change,) = world.plan(LIMITED).pending
    opening = 'the update that sets country_availability makes it status "active", so that it is never open to all'
    assert change.notes == (f'created with status "draft"; {opening}',)
    world.settle(LIMITED)
    assert open_to_all == []
    assert [body["status"] for body in bodies(world, CREATE)] == ["draft"]
    (update,) = bodies(world, UPDATE)
    assert (update["status"], update["country_availability"]) == ("active", LIMITS)
    assert world.stored(world.id("one"))["status"] == "active"


def test_after_a_break_before_the_update_the_limit_still_comes_first(world: World) -> None:
    broken_off(world, world.plan(LIMITED), UPDATE)
    assert world.stored(world.id("one"))["status"] == "draft"
    open_to_all = watched(world)
    world.settle(LIMITED)
    assert open_to_all == []
    assert world.stored(world.id("one"))["status"] == "active"


def test_a_lost_create_that_is_found_is_a_draft(world: World) -> None:
    world.service.set_faults(["drop_after:create:count=1"])
    plan = world.plan(LIMITED)
    assert [result.ending for result in world.carry_out(plan.pending, looked_up=plan.looked_up)] == ["unknown"]
    assert [(name_in(row["code"]), row["status"]) for row in world.service.dump()] == [("one", "draft")]


def test_limits_set_by_hand_are_on_the_replacement_before_it_is_open(world: World) -> None:
    world.settle(document("one", status="active"))
    world.service.admin_edit(world.id("one"), {"country_availability": LIMITS})
    german = document("one", status="active", mojito_language_code="de")
    open_to_all = watched(world)
    plan = world.plan(german)
    assert any(note.startswith('created with status "draft"; the update that sets') for note in plan.pending[0].notes)
    broken_off(world, plan, UPDATE)
    assert world.stored(world.id("one"))["status"] == "draft"
    open_to_all = watched(world)
    world.settle(german)
    assert open_to_all == []
    assert world.stored(world.id("one"))["status"] == "active"


@pytest.mark.parametrize("limits", [None, {}, {"countries_blocked": [], "countries_blocked_eu": False}])
def test_no_limit_holds_nothing_back(world: World, limits: Any) -> None:
    one = document("one", status="active", country_availability=limits)
    assert world.plan(one).pending[0].notes == ()
    world.settle(one)
    assert [body["status"] for body in bodies(world, CREATE)] == ["active"]


def test_an_update_that_is_refused_leaves_it_closed(world: World) -> None:
    world.service.set_faults(["error_before:update:count=1,status=422"])
    plan = world.plan(LIMITED)
    (result,) = world.carry_out(plan.pending, looked_up=plan.looked_up)
    assert result.ending == "failed"
    assert world.stored(world.id("one"))["status"] == "draft"
    world.settle(LIMITED)


def test_a_draft_needs_no_holding_back(world: World) -> None:
    one = document("one", status="draft", country_availability=LIMITS)
    assert world.plan(one).pending[0].notes == ()
    world.settle(one)
    assert ["status" in body for body in bodies(world, UPDATE)] == [False]
    assert told(world.plan(one)) == []
