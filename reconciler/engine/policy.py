"""What the project allows an apply to do, and why it would refuse a plan; plan and apply ask the same questions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reconciler.errors import NotFound, Problem, Refused
from reconciler.plan.approval import check_digest, check_saved
from reconciler.plan.guards import GRADED, ApplyPolicy, refusals
from reconciler.plan.model import Action, Plan
from reconciler.plan.reviewed import moved_problems, reviewed_part
from reconciler.plan.selection import Selection, narrowed

if TYPE_CHECKING:
    from reconciler.engine.project import Project


@dataclass(frozen=True, slots=True)
class Review:
    """What was reviewed: `approved` actions, the digest `expect`, `saved`, a document of `plan --out`.

    `reviewed` are such documents, of which each change is approved by itself; with `all_or_nothing` a change that is in
    none of them stops all others.
    """

    approved: Collection[Action] = GRADED
    expect: str | None = None
    saved: Any = None
    reviewed: Sequence[Any] = ()
    all_or_nothing: bool = False


def policy_of(project: Project, managed: int, approved: Collection[Action] = GRADED) -> ApplyPolicy:
    """The policy for an apply of manifests, with `managed` interviews in the state."""
    guards = project.config.guards
    return ApplyPolicy(
        project.config.recipients, managed, guards.max_destroy, guards.max_destroy_minimum, frozenset(approved)
    )


def judged(project: Project, plan: Plan, managed: int, review: Review) -> tuple[Plan, tuple[Problem, ...]]:
    """The part of `plan` that was reviewed, and every reason for which an apply would refuse it."""
    found: list[Problem] = []
    try:
        if review.reviewed:
            plan = reviewed_part(plan, review.reviewed)
        if review.expect is not None:
            check_digest(plan, review.expect)
        if review.saved is not None:
            check_saved(plan, review.saved)
    except Refused as error:
        found.extend(error.problems)
    if review.all_or_nothing:
        found.extend(moved_problems(plan))
    return plan, (*found, *refusals(plan.pending, policy_of(project, managed, review.approved)))


def chosen(plan: Plan, selection: Selection) -> Plan:
    """The part of `plan` that `selection` chooses. Raises NotFound for a name that the plan does not hold."""
    known = [change.address for change in plan.changes]
    unknown = selection.unknown(known)
    if unknown:
        from reconciler.text.nearest import did_you_mean

        hint = did_you_mean(unknown[0], [address.name for address in known]) or "see: jmctl plan"
        raise NotFound("no such interview in the plan", ", ".join(unknown), hint=hint)
    return narrowed(plan, selection)
