"""Desired, state and what was seen become changes: a table of situations, and the laws of the digest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workshop import MINIMAL, interview

from reconciler.canonical_json import digest
from reconciler.errors import Refused, Where
from reconciler.manifest.desired import Desired, Lifecycle
from reconciler.plan.approval import check_digest, check_saved
from reconciler.plan.model import Action, Look, Plan, Sight
from reconciler.plan.reconcile import reconcile
from reconciler.resources.observed import Observed
from reconciler.state.model import Attempt, Entry, State
from reconciler.views.plan_json import plan_json
from reconciler.views.plan_review import PlanReview

QUESTIONS = [{"id": "q", "question": "Why?", "external_id": "q"}]
SPEC: dict[str, Any] = {**MINIMAL, "questions": QUESTIONS}
PROTECTED = Lifecycle(protect=True)


def want(name: str = "a", lifecycle: Lifecycle = Lifecycle(), **spec: Any) -> Desired:
    declared = {**SPEC, **spec}
    return Desired(name, declared, digest(declared), Where(f"interviews/{name}.yaml", 4, 3), lifecycle=lifecycle)


def entry(name: str = "a", lifecycle: Lifecycle = Lifecycle(), **spec: Any) -> Entry:
    return Entry(interview(name), f"id-{name}", {**SPEC, **spec}, lifecycle=lifecycle, updated_at="U")


def seen(name: str = "a", status: str = "draft", **attributes: Any) -> Observed:
    """As the service shows it: with every field, also those that nobody declared."""
    shown = {**SPEC, "description_long": None, "tags": [], **attributes, "status": status}
    shown["questions"] = [{**question, "id": f"real-{question['id']}"} for question in shown["questions"]]
    return Observed(f"id-{name}", shown, status, "C", "V", kind="Interview")


def state(*entries: Entry, **doubts: Attempt) -> State:
    return State(
        "line", 1, {one.address: one for one in entries}, {interview(name): one for name, one in doubts.items()}
    )


DOUBT = Attempt(interview("a"), "try", "T", {}, None)


@pytest.mark.parametrize(
    ("desired", "known", "sight", "action", "told", "blocked"),
    [
        pytest.param(want(), None, None, Action.CREATE, [], False, id="new"),
        pytest.param(want(), entry(), None, Action.KEEP, [], False, id="nobody looked"),
        pytest.param(want(), entry(), Look.UNCHANGED, Action.KEEP, [], False, id="not moved"),
        pytest.param(want(), entry(), seen(), Action.KEEP, [], False, id="moved, and as declared"),
        pytest.param(
            want(description="B"), entry(), None, Action.UPDATE, [("description", "ours")], False, id="edited"
        ),
        pytest.param(
            want(description="B"), entry(), seen(), Action.UPDATE, [("description", "ours")], False, id="edited, seen"
        ),
        pytest.param(
            want(), entry(), seen(description="C"), Action.UPDATE, [("description", "drift")], False, id="drift"
        ),
        pytest.param(
            want(description="B"),
            entry(),
            seen(description="C"),
            Action.UPDATE,
            [("description", "both")],
            False,
            id="edited here and there",
        ),
        pytest.param(want(description="B"), entry(), seen(description="B"), Action.KEEP, [], False, id="already so"),
        pytest.param(want(), entry(), seen(description_long="more"), Action.KEEP, [], False, id="not ours"),
        pytest.param(want(status="active"), entry(), seen(), Action.UPDATE, [("status", "ours")], False, id="status"),
        pytest.param(
            want(status="active"),
            entry(status="active"),
            seen(status="preparing"),
            Action.KEEP,
            [],
            False,
            id="renders",
        ),
        pytest.param(
            want(mojito_language_code="de"),
            entry(),
            seen(),
            Action.REPLACE,
            [("mojito_language_code", "ours")],
            False,
            id="another language",
        ),
        pytest.param(
            want(welcome_message="Hi"), entry(), seen(), Action.REPLACE, [("welcome_message", "ours")], False, id="hi"
        ),
        pytest.param(
            want(lifecycle=PROTECTED, mojito_language_code="de"),
            entry(lifecycle=PROTECTED),
            seen(),
            Action.REPLACE,
            [("mojito_language_code", "ours")],
            True,
            id="protected from being replaced",
        ),
        pytest.param(
            want(lifecycle=PROTECTED, description="B"),
            entry(lifecycle=PROTECTED),
            seen(),
            Action.UPDATE,
            [("description", "ours")],
            False,
            id="protected and updated",
        ),
        pytest.param(
            want(lifecycle=PROTECTED), entry(), None, Action.UPDATE, [("lifecycle", "ours")], False, id="made protected"
        ),
        pytest.param(
            want(lifecycle=Lifecycle(ignore=("description",)), description="B"),
            entry(),
            seen(description="C"),
            Action.KEEP,
            [],
            False,
            id="ignored",
        ),
        pytest.param(want(), entry(), Look.MISSING, Action.RECREATE, [], False, id="gone on the service"),
        pytest.param(None, entry(), Look.UNCHANGED, Action.ARCHIVE, [], False, id="removed"),
        pytest.param(None, entry(lifecycle=Lifecycle(on_remove="delete")), None, Action.DELETE, [], False, id="delete"),
        pytest.param(None, entry(lifecycle=Lifecycle(on_remove="forget")), None, Action.FORGET, [], False, id="forget"),
        pytest.param(None, entry(lifecycle=PROTECTED), None, Action.ARCHIVE, [], True, id="removed and protected"),
        pytest.param(None, entry(), Look.MISSING, Action.FORGET, [], False, id="removed here and there"),
        pytest.param(None, entry(), seen(status="archived"), Action.FORGET, [], False, id="removed and archived there"),
    ],
)
def test_what_leads_to_what(  # noqa: PLR0913, PLR0917 - a row has six columns
    desired: Desired | None,
    known: Entry | None,
    sight: Sight | None,
    action: Action,
    told: list[tuple[str, str]],
    blocked: bool,  # noqa: FBT001 - a column
) -> None:
    sights = None if sight is None else {"id-a": sight}
    (change,) = reconcile([desired] if desired else [], state(*[known] if known else []), sights).changes
    assert change.action is action
    assert [(field.field, field.origin) for field in change.fields] == told
    assert (change.blocked is not None) is blocked
    assert change.desired is desired


@pytest.mark.parametrize("desired", [[want()], []])
def test_what_is_in_doubt_is_settled_before_anything_else(desired: list[Desired]) -> None:
    plan = reconcile([*desired, want("b")], state(a=DOUBT), {})
    assert [(change.name, change.action) for change in plan.changes] == [("a", Action.SETTLE), ("b", Action.CREATE)]


def test_a_field_that_no_call_changes_and_that_only_steered_the_creation_is_a_note() -> None:
    (change,) = reconcile([want(disable_deduplication=True)], state(entry()), {"id-a": seen()}).changes
    assert change.action is Action.KEEP
    assert "only steers the creation" in change.notes[0]


def test_a_plan_is_sorted_and_holds_everybody() -> None:
    plan = reconcile([want("c"), want("a")], state(entry("b"), entry("a")), None)
    assert [(change.name, change.action.value) for change in plan.changes] == [
        ("a", "keep"),
        ("b", "archive"),
        ("c", "create"),
    ]
    assert [change.name for change in plan.pending] == ["b", "c"]


# -- the digest


def plan_of(*desired: Desired, known: State | None = None, sights: dict[str, Sight] | None = None) -> Plan:
    return reconcile(desired, known or state(), sights)


def test_equal_plans_have_equal_digests_whatever_the_order_of_the_files() -> None:
    assert plan_of(want("a"), want("b")).digest == plan_of(want("b"), want("a")).digest


def test_where_a_manifest_stands_does_not_matter_to_the_digest() -> None:
    moved = replace(want(), where=Where("elsewhere.yaml", 99, 1), labels={"team": "x"})
    assert plan_of(want()).digest == plan_of(moved).digest


def test_what_is_kept_does_not_matter_to_the_digest() -> None:
    assert plan_of(want("b")).digest == plan_of(want("a"), want("b"), known=state(entry("a"))).digest


@pytest.mark.parametrize(
    "other",
    [
        plan_of(want("a", description="B")),
        plan_of(want("b")),
        plan_of(want("a"), want("b")),
        plan_of(),
        plan_of(want("a"), known=state(entry("a")), sights={"id-a": Look.MISSING}),
        plan_of(want("a"), known=state(a=DOUBT)),
        plan_of(want("a", description="B"), known=state(entry("a"))),
        plan_of(known=state(entry("a"))),
    ],
)
def test_a_plan_that_does_something_else_has_another_digest(other: Plan) -> None:
    assert other.digest != plan_of(want("a")).digest


def test_the_same_edit_on_another_ground_has_another_digest() -> None:
    edit = want("a", description="B")
    grounds = [
        {"id-a": seen()},
        {"id-a": seen(description="C")},
        {"id-a": seen(description="D")},
    ]
    assert len({plan_of(edit, known=state(entry("a")), sights=dict(sights)).digest for sights in grounds}) == 3


@given(st.lists(st.sampled_from("abcd"), unique=True), st.lists(st.sampled_from("abcd"), unique=True))
def test_equal_digests_come_from_equal_pending_changes(first: list[str], second: list[str]) -> None:
    known = state(entry("a"), entry("b"))
    one, two = (reconcile([want(name) for name in names], known, None) for names in (first, second))
    same = [(c.name, c.action) for c in one.pending] == [(c.name, c.action) for c in two.pending]
    assert (one.digest == two.digest) is same


# -- what was agreed


def test_a_plan_agrees_with_itself() -> None:
    plan = plan_of(want("a"), want("b"), known=state(entry("b")))
    check_digest(plan, plan.digest)
    check_saved(plan, plan_json(PlanReview(plan)))


def test_a_plan_that_moved_is_refused_with_what_it_would_do_now() -> None:
    with pytest.raises(Refused) as raised:
        check_digest(plan_of(want("a"), want("b")), plan_of(want("a")).digest)
    assert "create a, create b" in raised.value.problems[0].detail


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (plan_of(want("a", description="B"), want("b")), "moved: a (create -> create)"),
        (plan_of(want("b")), "moved: a (create -> not there)"),
        (plan_of(want("a"), want("b"), want("c")), "moved: c (not there -> create)"),
        (plan_of(want("a"), want("b"), known=state(entry("b"))), "moved: b (create -> keep)"),
    ],
)
def test_a_saved_plan_names_each_interview_that_moved(now: Plan, told: str) -> None:
    saved = plan_json(PlanReview(plan_of(want("a"), want("b"))))
    with pytest.raises(Refused) as raised:
        check_saved(now, saved)
    assert raised.value.problems[0].detail == told
