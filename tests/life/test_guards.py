"""What must hold before anything is sent, the order in which things are done, and how interrupted changes go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from workshop import OFFLINE, Project, Run, interview, names_of
from world import CREATE, RECIPIENT, SET_STATE, UPDATE, Sent, World, document, resolved, told

from reconciler.cli.exit_codes import ExitCode, of_error
from reconciler.errors import Refused
from reconciler.manifest.desired import Lifecycle
from reconciler.plan.guards import GRADED, ApplyPolicy, check_not_empty, refusals
from reconciler.plan.model import Action, Change, Plan
from reconciler.plan.outcome import Result
from reconciler.sandbox.service import Service

Inside = Callable[..., Run]
QUESTIONS = [{"id": "a", "question": "Why?"}, {"id": "b", "question": "How?"}]


def many(count: int) -> list[dict[str, Any]]:
    return [document(f"no-{number:02}", name=f"No {number}") for number in range(count)]


def refused(world: World, plan: Plan, permit: ApplyPolicy) -> list[str]:
    """Why the walker refuses; nothing is sent and nothing recorded."""
    world.sent.clear()
    before = world.state
    with pytest.raises(Refused) as caught:
        world.carry_out(plan.pending, permit)
    assert world.sent == []
    assert world.state == before
    return [f"{problem.summary}: {problem.detail}" for problem in caught.value.problems]


def permit(world: World, **parts: Any) -> ApplyPolicy:
    return ApplyPolicy(**{"recipients": (RECIPIENT,), "managed": len(world.state.entries), **parts})


# -- no manifests


@pytest.mark.parametrize("command", [["plan"], ["plan", "--no-refresh"], ["apply", "--auto-approve"], ["drift"]])
def test_an_empty_set_of_manifests_never_means_remove_all(project: Project, inside: Inside, command: list[str]) -> None:
    project.write("one")
    assert inside(project, "apply", "--auto-approve").code == 0
    before = project.snapshot.read_bytes()
    (project.folder / "interviews" / "one.yaml").unlink()
    run = inside(project, *command)
    assert run.code == 1
    assert run.out == ""
    assert "no manifest found: `interviews/**/*.yaml` matches no file" in run.err
    assert "to remove every interview use `jmctl destroy`" in run.err
    assert project.snapshot.read_bytes() == before


def test_an_empty_set_is_refused_however_it_came_about(world: World) -> None:
    check_not_empty((), world.state)
    world.apply(document("one"))
    with pytest.raises(Refused, match="there are no manifests") as caught:
        check_not_empty((), world.state)
    assert of_error(caught.value) is ExitCode.REFUSED
    assert "jmctl destroy" in caught.value.problems[0].hint


# -- how many may go


@pytest.mark.parametrize(
    ("managed", "kept", "limit", "allowed"),
    [
        (10, 7, "30%", None),
        (10, 6, "30%", 3),
        (13, 9, "30%", 3),
        (13, 10, "30%", None),
        (9, 1, "30%", None),  # a share means nothing among few
        (10, 9, "0%", 0),
        (3, 2, 1, None),
        (3, 1, 1, 1),
        (3, 2, 0, 0),
        (12, 1, None, None),
        (12, 1, "100%", None),
    ],
)
def test_max_destroy(world: World, managed: int, kept: int, limit: str | int | None, allowed: int | None) -> None:
    world.apply(*many(managed))
    plan = world.plan(*many(kept))
    if allowed is None:
        assert refusals(plan.pending, permit(world, max_destroy=limit)) == []
        return
    going = ", ".join(f"no-{number:02}" for number in range(kept, managed))
    (problem,) = refused(world, plan, permit(world, max_destroy=limit))
    assert problem.startswith(f"plan removes too many interviews: {managed - kept} of {managed} would be archived")
    assert problem.endswith(f"guards.max_destroy is {limit}, which allows {allowed}: {going}")


def test_replacing_and_deleting_count_forgetting_does_not(world: World) -> None:
    wanted = [
        document("deleted", lifecycle={"on_remove": "delete"}),
        document("forgotten", lifecycle={"on_remove": "forget"}),
        document("replaced"),
        document("archived"),
    ]
    world.apply(*wanted)
    plan = world.plan(document("replaced", mojito_language_code="cs"))
    (problem,) = refused(world, plan, permit(world, max_destroy=2))
    assert "3 of 4" in problem
    assert problem.endswith(": archived, deleted, replaced")
    assert refusals(plan.pending, permit(world, max_destroy=3)) == []


def test_max_destroy_is_read_from_the_configuration(project: Project, inside: Inside) -> None:
    project.configure(guards={"max_destroy": 1})
    project.write_many(3)
    assert inside(project, "apply", "--auto-approve").code == 0
    before = project.snapshot.read_bytes()
    for number in (1, 2):
        (project.folder / "interviews" / f"interview-000{number}.yaml").unlink()
    planned, run = inside(project, "plan"), inside(project, "apply", "--auto-approve")
    assert planned.code == 6, "a plan ends as its apply will"
    assert run.code == 6
    assert "2 of 3 would be archived" in run.err
    assert "guards.max_destroy is 1, which allows 1" in run.err
    assert project.snapshot.read_bytes() == before
    assert {row["status"] for row in stored(project)} == {"draft"}


def stored(project: Project) -> list[dict[str, Any]]:
    service = Service(project.folder / ".sandbox")
    rows = service.dump()
    service.close()
    return rows


# -- what was approved


def every_action(world: World) -> Plan:
    """A plan with each action that touches an interview, and an adoption that updates."""
    before = [
        document("recreate"),
        document("update"),
        document("replace"),
        document("archive"),
        document("delete", lifecycle={"on_remove": "delete"}),
        document("adopted"),
    ]
    world.apply(*before)
    interview_id = world.id("adopted")
    world.service.admin_delete(world.id("recreate"))
    world.state = replace(
        world.state,
        entries={address: entry for address, entry in world.state.entries.items() if address.name != "adopted"},
    )
    return world.plan(
        document("create"),
        document("recreate"),
        document("update", description="Other"),
        document("replace", welcome_message="Hello"),
        document("adopt", metadata={"import": interview_id}, description="Other"),
    )


@pytest.mark.parametrize("missing", GRADED, ids=str)
def test_what_was_not_approved_is_refused(world: World, missing: Action) -> None:
    plan = every_action(world)
    approved = frozenset(GRADED) - {missing}
    problems = refused(world, plan, permit(world, max_destroy=None, approved=approved))
    names = ["adopt", "update"] if missing is Action.UPDATE else [missing.value]
    assert problems == [f"the change is beyond what was approved: {name}: {missing.value}" for name in names]


def test_everything_approved_goes_through(world: World) -> None:
    plan = every_action(world)
    results = world.carry_out(plan.pending, permit(world, max_destroy=None))
    assert {result.ending for result in results} == {"done"}


def test_an_adoption_that_touches_nothing_needs_no_approval(world: World) -> None:
    world.apply(document("one"))
    interview_id = world.id("one")
    world.state = replace(world.state, entries={})
    plan = world.plan(document("one", metadata={"import": interview_id}))
    assert refusals(plan.pending, permit(world, approved=frozenset())) == []


def test_the_hint_allows_all_of_it(world: World) -> None:
    plan = every_action(world)
    hints = {problem.hint for problem in refusals(plan.pending, permit(world, max_destroy=None, approved=frozenset()))}
    assert hints == {"allow it: --approve create,recreate,update,replace,archive,delete"}


def test_approve_on_the_command_line(project: Project, inside: Inside) -> None:
    project.write("one")
    run = inside(project, "apply", "--auto-approve", "--approve", "update,replace")
    assert (run.code, stored(project)) == (6, [])
    assert "--approve create,update,replace" in run.err
    assert inside(project, "apply", "--auto-approve", "--approve", "create").code == 0
    assert inside(project, "apply", "--auto-approve", "--approve", "destroy").code == 64


# -- protection


@pytest.mark.parametrize("on_remove", ["archive", "delete"])
def test_protection_survives_the_manifest(world: World, on_remove: str) -> None:
    wanted = document("one", lifecycle={"protect": True, "on_remove": on_remove})
    world.settle(wanted, document("two"))
    plan = world.plan(document("two"))
    assert told(plan) == [("one", on_remove, "the interview is protected")]
    assert refused(world, plan, permit(world)) == [
        f"the interview is protected: one: lifecycle.protect refuses to {on_remove} it"
    ]


def test_protection_refuses_to_replace(world: World) -> None:
    world.settle(document("one", lifecycle={"protect": True}))
    plan = world.plan(document("one", mojito_language_code="cs", lifecycle={"protect": True}))
    assert [change.blocked and change.blocked.summary for change in plan.pending] == ["the interview is protected"]
    unlocked = world.plan(document("one", mojito_language_code="cs"))
    assert unlocked.pending[0].blocked, "it is lifted first, by an apply of its own"
    assert refused(world, unlocked, permit(world))


def test_protection_is_lifted_by_its_own_apply(world: World) -> None:
    world.settle(document("one", lifecycle={"protect": True}))
    world.sent.clear()
    world.settle(document("one"))
    assert world.writes == []
    world.settle(document("one", mojito_language_code="cs"))


def test_what_is_protected_can_be_forgotten_and_updated(world: World) -> None:
    wanted = document("one", lifecycle={"protect": True, "on_remove": "forget"})
    world.settle(wanted)
    world.settle({**wanted, "spec": {**wanted["spec"], "description": "Other"}})
    world.settle()
    assert world.service.dump()[0]["status"] == "draft"


@pytest.mark.parametrize("action", [Action.ARCHIVE, Action.DELETE, Action.REPLACE])
def test_the_walker_refuses_what_nobody_planned(world: World, action: Action) -> None:
    """A change made by hand, without the block that planning puts on it."""
    world.apply(document("one", lifecycle={"protect": True}))
    want = resolved([document("one", mojito_language_code="cs")])[0] if action is Action.REPLACE else None
    change = Change(interview("one"), action, desired=want, entry=world.state.entries[interview("one")])
    assert refused(world, Plan((change,), observed=True), permit(world)) == [
        f"the interview is protected: one: lifecycle.protect refuses to {action.value} it"
    ]


def test_the_walker_refuses_what_cannot_be_sealed(world: World) -> None:
    plan = world.plan(document("one", is_embedded=True))
    assert refused(world, plan, permit(world, recipients=())) == [
        (
            "no recipients configured for the embed key: "
            "one is embedded, and jmctl.yaml names no recipients to seal its key to"
        )
    ]


# -- removal


@pytest.mark.parametrize(
    ("on_remove", "status", "sent"), [("archive", "archived", 1), ("delete", "deleted", 1), ("forget", "draft", 0)]
)
def test_on_remove(world: World, on_remove: str, status: str, sent: int) -> None:
    world.settle(document("one", lifecycle={"on_remove": on_remove}), document("two"))
    world.sent.clear()
    world.settle(document("two"))
    assert [(one.operation, one.body.get("status")) for one in world.writes] == [(SET_STATE, status)] * sent
    assert world.service.dump()[0]["status"] == status
    assert names_of(world.state.entries) == ["two"]


@pytest.mark.parametrize("gone", ["archived", "deleted", "erased"])
def test_what_is_gone_already_is_only_forgotten(world: World, gone: str) -> None:
    world.settle(document("one", lifecycle={"protect": gone != "archived"}), document("two"))
    if gone == "erased":
        world.service.admin_delete(world.id("one"))
    else:
        world.service.admin_edit(world.id("one"), {"status": gone})
    world.sent.clear()
    plan = world.settle(document("two"))
    assert [change.action for change in plan.pending] == [Action.FORGET]
    assert world.writes == []


def test_destroy(project: Project, inside: Inside) -> None:
    project.configure(guards={"max_destroy": 0})
    project.write("archived", lifecycle={"on_remove": "archive"}, name="archived")
    project.write("deleted", lifecycle={"on_remove": "delete"}, name="deleted")
    project.write("draft", lifecycle={"on_remove": "forget"}, name="draft")
    assert inside(project, "apply", "--auto-approve").code == 0
    unasked = inside(project, "destroy")
    assert unasked.code == 6
    assert {row["status"] for row in stored(project)} == {"draft"}
    assert inside(project, "destroy", "--auto-approve").code == 0
    assert {row["name"]: row["status"] for row in stored(project)} == {
        name: name for name in ("archived", "deleted", "draft")
    }
    assert project.state["interviews"] == []


def test_destroy_stops_at_what_is_protected(project: Project, inside: Inside) -> None:
    project.write("one", lifecycle={"protect": True})
    project.write("two", name="Two")
    assert inside(project, "apply", "--auto-approve").code == 0
    run = inside(project, "destroy", "--auto-approve")
    assert run.code == 6
    assert "the interview is protected: one" in run.err
    assert {row["status"] for row in stored(project)} == {"draft"}
    assert len(project.state["interviews"]) == 2


# -- replacing


def test_the_new_one_is_made_before_the_old_one_goes(world: World) -> None:
    world.apply(document("one", is_embedded=True))
    old = world.state.entries[interview("one")]
    world.sent.clear()
    world.settle(document("one", is_embedded=True, mojito_language_code="cs"))
    assert [sent.operation for sent in world.writes] == [CREATE, UPDATE, SET_STATE]
    entry = world.state.entries[interview("one")]
    (former,) = entry.history
    assert (former.id, former.embed_id, former.created_at) == (old.id, old.embed_id, old.created_at)
    assert former.retired_at
    assert {row["id"]: row["status"] for row in world.service.dump()} == {old.id: "archived", entry.id: "draft"}
    assert entry.embed_signing_key != old.embed_signing_key


def test_a_replacement_that_cannot_be_made_leaves_the_old_one(world: World) -> None:
    world.apply(document("one"))
    old = world.id("one")
    world.service.set_faults(["error_before:create:status=422"])
    (result,) = world.carry_out(world.plan(document("one", mojito_language_code="cs")).pending)
    assert result.ending == "failed"
    assert (world.id("one"), world.stored(old)["status"]) == (old, "draft")
    world.service.set_faults([])
    world.settle(document("one", mojito_language_code="cs"))


class Killed(BaseException):
    """jmctl ends here: nothing after this line is run, what is recorded stays."""


@pytest.mark.parametrize("ending", ["kill", "error_before:set-state", "drop_after:set-state", "truncated:set-state"])
@pytest.mark.parametrize("then", ["goes on", "declares another", "is removed"])
def test_an_archiving_that_was_interrupted_is_made_up_for(world: World, ending: str, then: str) -> None:
    world.apply(document("one"), document("two"))
    old = world.id("one")
    cut_short(world, ending, world.plan(document("one", mojito_language_code="cs"), document("two")))
    (former,) = world.state.entries[interview("one")].history
    # where the work was done and only the answer is lost, one look settles it
    assert (former.id, bool(former.retired_at)) == (old, ending not in ("kill", "error_before:set-state"))
    wanted = {
        "goes on": [document("one", mojito_language_code="cs")],
        "declares another": [document("one", mojito_language_code="de")],
        "is removed": [],
    }[then]
    plan = world.plan(*wanted, document("two"))
    if then == "goes on" and not former.retired_at:
        assert told(plan) == [("one", "update", f"replaced.{old}: still there -> archived changed")]
    world.settle(*wanted, document("two"))
    expected = [*["archived"] * (len(world.service.dump()) - 1 - len(wanted)), *["draft"] * (1 + len(wanted))]
    assert sorted(row["status"] for row in world.service.dump()) == expected
    if wanted:
        assert all(former.retired_at for former in world.state.entries[interview("one")].history)


def cut_short(world: World, ending: str, plan: Plan, *, skip: int = 0) -> list[Result]:
    """Carries out `plan` until the set-state (or the write) after `skip` others ends so."""
    if ending != "kill":
        world.service.set_faults([f"{ending}:count=1,skip={skip}"])
        results = world.carry_out(plan.pending)
        world.service.set_faults([])
        return results
    left = iter(range(skip))

    def kill(sent: Sent) -> None:
        if sent.operation in (SET_STATE, UPDATE) and next(left, None) is None:
            raise Killed

    world.wire.meanwhile = kill
    with pytest.raises((Killed, BaseExceptionGroup)):
        world.carry_out(plan.pending)
    world.wire.meanwhile = lambda _: None
    return []


# -- draft, update, active


@pytest.mark.parametrize("ending", ["kill", "error_before:writes", "drop_after:writes", "invalid_json:writes"])
@pytest.mark.parametrize("step", [0, 1, 2])
def test_changing_the_questions_of_an_active_prerendered_interview_can_be_resumed(
    world: World, step: int, ending: str
) -> None:
    before = document("one", interview_template_id=OFFLINE, status="active", questions=QUESTIONS)
    after = document(
        "one", interview_template_id=OFFLINE, status="active", questions=QUESTIONS[::-1], description="New"
    )
    world.settle(before)
    records = {row["external_id"]: row["id"] for row in world.questions(world.id("one"))}
    cut_short(world, ending, world.plan(after), skip=step)
    world.settle(after)
    row = world.stored(world.id("one"))
    assert (row["status"], row["description"]) == ("active", "New")
    assert [(one["external_id"], one["id"]) for one in world.questions(world.id("one"))] == [
        ("b", records["b"]),
        ("a", records["a"]),
    ]
    assert len(world.service.dump()) == 1


def test_its_three_steps_are_three_calls_and_three_records(world: World) -> None:
    world.apply(document("one", interview_template_id=OFFLINE, status="active", questions=QUESTIONS))
    world.sent.clear()
    world.records.clear()
    world.settle(document("one", interview_template_id=OFFLINE, status="active", questions=QUESTIONS[:1]))
    assert [(sent.operation, sorted(sent.fields)) for sent in world.writes] == [
        (SET_STATE, ["status"]),
        (UPDATE, ["questions"]),
        (SET_STATE, ["status"]),
    ]
    assert [sent.body.get("status") for sent in world.writes] == ["draft", None, "active"]
    applied = [record for record in world.records if record.record == "applied"]
    assert [(len(record.attributes["questions"]), record.attributes["status"]) for record in applied] == [
        (2, "draft"),
        (1, "draft"),
        (1, "active"),
    ]


def test_an_interactive_interview_needs_no_detour(world: World) -> None:
    world.apply(document("one", status="active", questions=QUESTIONS))
    world.sent.clear()
    world.settle(document("one", status="active", questions=QUESTIONS[:1]))
    assert [sent.operation for sent in world.writes] == [UPDATE]


# -- adopting and moving


@pytest.mark.parametrize("code", ["jmctl:elsewhere/one", "jmctl:testsuite/one", "jmctl:/one"])
def test_what_another_project_owns_is_not_adopted(world: World, code: str) -> None:
    world.apply(document("one"))
    interview_id = world.id("one")
    world.service.admin_edit(interview_id, {"code": code})
    world.state = replace(world.state, entries={})
    plan = world.plan(document("mine", metadata={"import": interview_id}))
    assert told(plan) == [("mine", "adopt", "another project owns the interview")]
    assert refused(world, plan, permit(world)) == [f"another project owns the interview: its code is {code}"]


@pytest.mark.parametrize("case", ["managed", "gone", "deleted", "position", "language"])
def test_what_cannot_be_adopted(world: World, case: str) -> None:
    world.apply(document("one"), document("other"))
    interview_id = world.id("one")
    spec: dict[str, Any] = {}
    if case != "managed":
        world.state = replace(world.state, entries={interview("other"): world.state.entries[interview("other")]})
    match case:
        case "gone":
            world.service.admin_delete(interview_id)
        case "deleted":
            world.service.admin_edit(interview_id, {"status": "deleted"})
        case "position":
            interview_id = world.service.add_position()
        case "language":
            spec = {"mojito_language_code": "cs"}
    beside = [document("one")] if case == "managed" else []
    plan = world.plan(document("new", metadata={"import": interview_id}, **spec), document("other"), *beside)
    (change,) = plan.pending
    assert change.action is Action.ADOPT
    assert change.blocked
    assert (
        change.blocked.summary
        == {
            "managed": "the interview is already managed",
            "gone": "the interview to import is not there",
            "deleted": "the interview to import is not there",
            "position": "a multi-stage position cannot be imported",
            "language": "an interview cannot be adopted and replaced at once",
        }[case]
    )
    assert refused(world, plan, permit(world))


def test_a_rename_sends_nothing(world: World) -> None:
    world.settle(document("old"))
    renamed = document("new", metadata={"renamed_from": ["old"]})
    interview_id = world.id("old")
    world.sent.clear()
    world.settle(renamed)
    assert world.writes == []
    assert world.id("new") == interview_id


def test_a_renamed_interview_can_be_replaced_at_once(world: World) -> None:
    world.settle(document("old"))
    old = world.id("old")
    world.settle(document("new", metadata={"renamed_from": ["old"]}, mojito_language_code="cs"))
    assert [former.id for former in world.state.entries[interview("new")].history] == [old]
    assert world.stored(old)["status"] == "archived"


def test_state_mv_and_rm(project: Project, inside: Inside) -> None:
    project.write("old")
    project.write("two", name="Two")
    assert inside(project, "apply", "--auto-approve").code == 0
    ids = {row["name"]: row["id"] for row in project.state["interviews"]}
    assert inside(project, "state", "mv", "old", "new").code == 0
    (project.folder / "interviews" / "old.yaml").unlink()
    project.write("new")
    assert inside(project, "plan", "--detailed-exitcode").code == 0
    assert {row["name"]: row["id"] for row in project.state["interviews"]} == {"new": ids["old"], "two": ids["two"]}
    assert inside(project, "state", "rm", "two").code == 0
    assert [row["name"] for row in project.state["interviews"]] == ["new"]
    assert {row["status"] for row in stored(project)} == {"draft"}
    assert inside(project, "plan", "--detailed-exitcode").code == 2, "two is declared and would be created again"
    for wrong in (["mv", "gone", "x"], ["rm", "gone"]):
        assert inside(project, "state", *wrong).code == 1, wrong
    for wrong in (["mv", "new", "new"], ["mv", "new", "No Name"]):
        assert inside(project, "state", *wrong).code == 64, wrong


def test_lifecycle_is_remembered(world: World) -> None:
    world.settle(document("one", lifecycle={"protect": True, "on_remove": "delete", "ignore": ["status"]}))
    assert world.state.entries[interview("one")].lifecycle == Lifecycle(
        protect=True, on_remove="delete", ignore=("status",)
    )
