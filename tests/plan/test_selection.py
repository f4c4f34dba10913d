"""Choosing by name, label and exclusion."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from workshop import Project, Run, interview

from reconciler.errors import Misused
from reconciler.plan.selection import Selection

LABELS = {
    interview("a"): {"team": "support", "tier": "test"},
    interview("b"): {"team": "support"},
    interview("c"): {"team": "sales"},
    interview("d"): {},
}


@pytest.mark.parametrize(
    ("selection", "chosen"),
    [
        (Selection(), "abcd"),
        (Selection(("a", "Interview/c")), "ac"),
        (Selection(exclude=("a",)), "bcd"),
        (Selection(("a", "b"), exclude=("a",)), "b"),
        (Selection(selector="team=support"), "ab"),
        (Selection(selector="team==support,tier!=test"), "b"),
        (Selection(selector="team!=support"), "cd"),
        (Selection(selector="tier"), "a"),
        (Selection(selector="!team"), "d"),
        (Selection(("c",), "team=support"), ""),
    ],
)
def test_selection_chooses(selection: Selection, chosen: str) -> None:
    assert {address.name for address in selection.chosen(LABELS)} == {*chosen}


@pytest.mark.parametrize("selector", ["team=", "=", "a b", "team=x,,y", "!team=x", "team>3"])
def test_other_selectors_are_refused(selector: str) -> None:
    if selector == "team=":
        assert Selection(selector=selector).chosen(LABELS) == frozenset()  # equal to an empty value
        return
    with pytest.raises(Misused):
        Selection(selector=selector).chosen(LABELS)


def test_apply_does_what_was_chosen_and_names_the_rest(project: Project, inside: Callable[..., Run]) -> None:
    project.write_many(3)
    digest = inside(project, "plan", "interview-0001", "--format", "json").document["digest"]
    run = inside(project, "apply", "interview-0001", "--auto-approve", "--expect", digest)
    assert run.code == 0, run
    assert "Left out by the selection: 2 interviews: interview-0000, interview-0002" in run.out
    assert [*project.ids()] == ["interview-0001"]
    assert inside(project, "plan", "interview-0001", "--detailed-exitcode").code == 0
    assert inside(project, "plan", "--exclude", "interview-0001", "--detailed-exitcode").code == 2
    drift = inside(project, "drift", "interview-0001", "--format", "json")
    assert (drift.code, len(drift.document["left_out"])) == (0, 2)


def test_an_unknown_name_is_no_empty_plan(project: Project, inside: Callable[..., Run]) -> None:
    project.write_many(1)
    for command in (("plan",), ("apply", "--auto-approve"), ("drift",)):
        run = inside(project, *command, "interview-0009")
        assert run.code == 1, run
        assert "did you mean `interview-0000`?" in run.err


def test_a_plan_ends_as_its_apply_will(project: Project, inside: Callable[..., Run]) -> None:
    project.configure(recipients=None)
    project.write("keyed", is_embedded=True)
    plan, apply = inside(project, "plan"), inside(project, "apply", "--auto-approve")
    assert (plan.code, apply.code) == (6, 6)
    assert "no recipients configured for the embed key" in plan.out
    assert "Refused: apply would refuse this plan for 1 reason." in plan.out
    assert inside(project, "plan", "--no-guards").code == 0
    document = inside(project, "plan", "--format", "json").document
    assert [problem["code"] for problem in document["refusals"]] == ["JM0903"]
    assert document["applyable"] is False
    project.configure(recipients=[project.recipient])
    assert inside(project, "plan", "--approve", "update").code == 6
    assert inside(project, "plan", "--expect", "0").code == 6
    assert inside(project, "plan").code == 0
