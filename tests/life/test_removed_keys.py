"""Keys taken out of an object that is still declared: sent where the service replaces, shown where it merges."""

from __future__ import annotations

import click
import pytest
from world import UPDATE, World, document, told

from reconciler.plan.drift import drift_of
from reconciler.views.drift_text import drift_lines
from reconciler.views.plan_review import PlanReview
from reconciler.views.plan_text import plan_lines


def text(world: World, *documents: object) -> str:
    return click.unstyle("\n".join(plan_lines(PlanReview(world.plan(*documents)))))  # type: ignore[arg-type]


def test_a_key_of_the_report_is_taken_back_by_sending_the_rest(world: World) -> None:
    report = {"mojito_language_code": "en", "contact_details": True}
    world.settle(document("one", pdf_export_auto_config=report))
    less = document("one", pdf_export_auto_config={"mojito_language_code": "en"})
    assert "- pdf_export_auto_config.contact_details  true" in text(world, less)
    world.settle(less)
    (sent,) = [sent for sent in world.writes if sent.operation == UPDATE]
    assert sent.body["pdf_export_auto_config"] == {"mojito_language_code": "en"}
    stored = world.stored(world.id("one"))["pdf_export_auto_config"]
    assert not stored.get("contact_details")


def test_a_key_of_the_scoring_stays_and_the_plan_says_how_to_take_it_back(world: World) -> None:
    world.settle(document("one", custom_scoring={"early_stop": True, "max_score": 5}))
    less = document("one", custom_scoring={"max_score": 5})
    shown = text(world, less)
    assert "custom_scoring.early_stop  no longer declared; the service merges custom_scoring, so it stays true" in shown
    assert "declare `early_stop: null` or another value" in shown
    world.settle(less)
    assert [sent for sent in world.writes if sent.operation == UPDATE] == [], "nothing can be sent for that"

    back = document("one", custom_scoring={"max_score": 5, "early_stop": None})
    world.settle(back)
    stored = world.stored(world.id("one"))["result_scoring"]
    assert not stored.get("early_stop")


def test_another_key_edited_at_the_same_time_is_sent_and_the_removed_one_still_shown(world: World) -> None:
    world.settle(document("one", custom_scoring={"early_stop": True, "max_score": 5}))
    edited = document("one", custom_scoring={"max_score": 7})
    assert told(world.plan(edited)) == [
        (
            "one",
            "update",
            "custom_scoring.early_stop: True -> Absent.ABSENT dropped",
            "custom_scoring.max_score: 5 -> 7 changed",
        )
    ]
    world.settle(edited)


QUESTIONS = [{"id": "a", "question": "A?"}, {"id": "b", "question": "B?"}]


@pytest.fixture
def drifted(world: World) -> World:
    world.settle(
        document(
            "one",
            interview_salary="50k",
            tags=["a"],
            questions=QUESTIONS,
        ),
        document("two"),
    )
    world.service.admin_edit(world.id("one"), {"interview_salary": "70k"})
    world.edit_questions(world.id("one"), lambda questions: questions[:1])
    world.service.admin_edit(world.id("two"), {"status": "deleted"})
    return world


def test_drift_runs_from_what_was_applied_to_what_is_there(drifted: World) -> None:
    documents = [
        document(
            "one",
            interview_salary="90k",
            tags=["a"],
            questions=QUESTIONS,
        ),
        document("two"),
    ]
    found = drift_of(drifted.plan(*documents))
    lines = click.unstyle("\n".join(drift_lines(found)))
    assert '~ interview_salary  "50k" -> "70k"' in lines, "the manifest says 90k by now, which is no drift"
    assert '- questions.b  "B?"' in lines
    assert "- two  deleted on the service" in lines
    assert "create" not in lines
    assert lines.endswith("Drift: 2 of 2 interviews differ from what was applied.")
