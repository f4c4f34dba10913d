"""Approval by change: what was reviewed is applied, what moved since is left out and named."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from scenario import review
from workshop import Project, Run

from reconciler.errors import Refused
from reconciler.plan.model import Plan, PlanOrigin
from reconciler.plan.reviewed import approval_part, reviewed_part
from reconciler.plan.settings import SettingChange
from reconciler.views.plan_json import plan_json

Inside = Callable[..., Run]
SETTINGS = {"project": "tests", "guards.max_destroy": "30%", "recipients": ["age1a", "age1b"]}


def planned(**changes: Any) -> Plan:
    return replace(review().plan, settings=SETTINGS, **changes)


def approval(plan: Plan) -> Any:
    """The least part of the plan's JSON, through a file."""
    return json.loads(json.dumps(approval_part(plan_json(replace(review(), plan=plan)))))


def test_neighbours_merge_leaves_the_rest_of_a_review_valid(project: Project, inside: Inside) -> None:
    """Three changes are reviewed; a neighbour's merge alters one of them and adds another."""
    for name in ("one", "two", "three"):
        project.write(name)
    assert inside(project, "plan", "--out", "plan.json").code == 0
    project.write("two", name="Edited by a neighbour")
    project.write("four")
    shown = inside(project, "plan", "--reviewed", "plan.json", "--format", "json")
    assert shown.code == 3
    assert shown.document["moved"] == [
        {"address": "Interview/four", "reviewed": None, "now": "create"},
        {"address": "Interview/two", "reviewed": "create", "now": "create"},
    ]
    refused = inside(project, "apply", "--auto-approve", "--reviewed", "plan.json", "--all-or-nothing")
    assert (refused.code, project.ids()) == (6, {})
    assert refused.err.count("the change is not the one that was reviewed") == 2
    run = inside(project, "apply", "--auto-approve", "--reviewed", "plan.json")
    assert run.code == 3
    left = "Moved since the review, left out: 2 interviews: four (not reviewed -> create), two (create of other values)"
    assert left in run.out
    assert sorted(project.ids()) == ["one", "three"]
    following = inside(project, "plan", "--format", "json").document
    assert [one["name"] for one in following["resource_changes"] if one["action"] != "keep"] == ["four", "two"]


def test_second_run_of_a_review_does_nothing(project: Project, inside: Inside) -> None:
    project.write("one")
    inside(project, "plan", "--out", "plan.json")
    assert inside(project, "apply", "--auto-approve", "--reviewed", "plan.json").code == 0
    serial = project.state["serial"]
    assert inside(project, "apply", "--auto-approve", "--reviewed", "plan.json", "--all-or-nothing").code == 0
    assert project.state["serial"] == serial


def test_nothing_left_of_a_review_ends_with_3(project: Project, inside: Inside) -> None:
    project.write("one")
    inside(project, "plan", "--out", "plan.json")
    project.write("one", name="Other")
    run = inside(project, "apply", "--auto-approve", "--reviewed", "plan.json", "--format", "json")
    assert (run.code, run.lines[-1]["moved"]) == (3, ["Interview/one"])
    assert project.ids() == {}


def test_a_change_may_be_in_any_of_several_reviews(project: Project, inside: Inside) -> None:
    project.write("one")
    inside(project, "plan", "--out", "first.json")
    project.write("two")
    inside(project, "plan", "two", "--out", "second.json")
    assert inside(project, "apply", "--auto-approve", "--reviewed", "first.json").code == 3
    run = inside(project, "apply", "--auto-approve", "--reviewed", "first.json", "--reviewed", "second.json")
    assert run.code == 0, run
    assert sorted(project.ids()) == ["one", "two"]


def test_all_or_nothing_needs_a_review(project: Project, inside: Inside) -> None:
    assert inside(project, "apply", "--all-or-nothing").code == 64


def test_the_least_part_of_a_plan_approves_the_same() -> None:
    plan = planned()
    whole = {**plan_json(replace(review(), plan=plan)), "lineage": None}
    assert reviewed_part(plan, [whole]) == reviewed_part(plan, [approval(plan)]) == plan


def test_other_settings_void_a_review_unless_it_showed_them() -> None:
    after = {**SETTINGS, "guards.max_destroy": 5, "recipients": ["age1b", "age1c"]}
    merged = (
        SettingChange("guards.max_destroy", "30%", 5),
        SettingChange("recipients", "age1a", None),
        SettingChange("recipients", None, "age1c"),
        SettingChange("token_command", None, "no setting of a plan"),
    )
    now = replace(planned(), settings=after)
    assert reviewed_part(now, [approval(planned(after_merge=merged))]).moved == ()
    with pytest.raises(Refused) as caught:
        reviewed_part(now, [approval(planned())])
    assert caught.value.problems[0].detail.endswith("guards.max_destroy, recipients")


def test_a_review_of_another_state_is_refused_and_of_an_older_serial_is_not() -> None:
    now = planned(origin=PlanOrigin("tests", "default", "lineage-b", 7))
    for lineage, serial in (("", 0), ("lineage-b", 3)):
        earlier = approval(replace(now, origin=PlanOrigin("tests", "default", lineage, serial)))
        assert reviewed_part(now, [earlier]).moved == ()
    other = approval(replace(now, origin=PlanOrigin("tests", "default", "lineage-a", 7)))
    with pytest.raises(Refused, match="the plan is not the one that was reviewed"):
        reviewed_part(now, [other])
    assert reviewed_part(now, [other, earlier]).moved == ()


@pytest.mark.parametrize("document", [None, [], {}, {"resource_changes": [{}]}, "plan", {"settings": {}}])
def test_what_is_no_plan_approves_nothing(document: Any) -> None:
    with pytest.raises(Refused, match="not a saved plan"):
        reviewed_part(planned(), [document])


def test_a_plan_made_without_a_token_approves_what_apply_observes(project: Project, inside: Inside) -> None:
    """A pull request whose job may not ask the service: what nobody changed there has the same digest."""
    for name in ("edited", "gone", "reworded", "kept", "replaced"):
        project.write(name)
    assert inside(project, "apply", "--auto-approve").code == 0
    project.write("edited", name="Other")
    (project.folder / "interviews" / "gone.yaml").unlink()
    project.write("reworded", questions=[{"id": "hard-ticket", "question": "Which ticket was the hardest?"}])
    project.write("new")
    project.write("replaced", mojito_language_code="de")
    assert inside(project, "plan", "--no-refresh", "--out", "plan.json").code == 0
    shown = inside(project, "plan", "--reviewed", "plan.json", "--format", "json")
    moved = [one["address"] for one in shown.document["moved"]]
    assert moved == ["Interview/replaced"]  # what it takes over is only seen on the service
    run = inside(project, "apply", "--auto-approve", "--reviewed", "plan.json")
    assert run.code == 3, run
    assert {"edited", "kept", "reworded", "new"} <= {*project.ids()}
    assert "gone" not in project.ids()
