"""A replacement takes over what the manifest does not declare, and says what it cannot."""

from __future__ import annotations

from typing import Any

from world import UPDATE, Sent, World, document, told

COUNTRIES = {
    "countries_allowed": ["CZ"],
    "countries_allowed_eu": False,
    "countries_blocked": [],
    "countries_blocked_eu": False,
}
BY_HAND: dict[str, Any] = {
    "interview_salary": "99k",
    "coach_plan": "screening",
    "country_availability": COUNTRIES,
    "candidate_expectations_json": {"weak": ["tuned by hand"], "moderate": [], "strong": []},
}


def tuned(world: World) -> None:
    """An interview that was edited in the admin, in what no manifest declares."""
    world.settle(document("one"))
    world.service.admin_edit(world.id("one"), BY_HAND)
    world.edit_questions(world.id("one"), lambda questions: [{**questions[0], "label": "by hand"}])


GERMAN = document("one", mojito_language_code="de")


def test_what_no_manifest_declares_is_carried_over_and_shown(world: World) -> None:
    tuned(world)
    old = world.id("one")
    (change,) = world.plan(GERMAN).pending
    assert change.action.value == "replace"
    notes = "\n".join(change.notes)
    for shown in ('interview_salary "99k"', 'coach_plan "screening"', "country_availability", "tuned by hand"):
        assert shown in notes
    assert "lost unless declared, because it cannot be read: instructional_video" in notes
    world.settle(GERMAN)
    assert world.id("one") != old
    new = world.read(world.id("one"))
    assert new is not None
    assert {name: new.attributes[name] for name in BY_HAND} == BY_HAND
    assert [question["label"] for question in world.questions(world.id("one"))] == ["by hand"]
    assert "interview_salary" not in world.state.entries[change.address].attributes, "it is not ours"
    assert told(world.plan(GERMAN)) == []


def test_what_is_carried_is_part_of_what_was_reviewed(world: World) -> None:
    tuned(world)
    before = world.plan(GERMAN).digest
    world.service.admin_edit(world.id("one"), {"interview_salary": "10k"})
    assert world.plan(GERMAN).digest != before


def test_a_value_that_no_call_takes_is_named_as_lost(world: World) -> None:
    world.settle(document("one"))
    world.service.admin_edit(world.id("one"), {"recording_full_session": "audio_first_5_answers"})
    notes = "\n".join(world.plan(GERMAN).pending[0].notes)
    assert 'lost, because no create or update takes it: recording_full_session "audio_first_5_answers"' in notes


def test_an_interrupted_replacement_carries_the_rest_before_the_old_one_goes(world: World) -> None:
    tuned(world)
    old = world.id("one")

    def break_off(sent: Sent) -> None:
        if sent.operation == UPDATE:
            raise ConnectionError("cut")

    world.wire.meanwhile = break_off
    try:
        world.carry_out(world.plan(GERMAN).pending)
    except BaseExceptionGroup:
        world.state = world.state  # the process died there
    world.wire.meanwhile = lambda _: None
    assert world.id("one") != old
    world.settle(GERMAN)
    new = world.read(world.id("one"))
    assert new is not None
    assert new.attributes["country_availability"] == COUNTRIES
    assert world.stored(old)["status"] == "archived"
