"""Apply: settle what is open, plan, check, have it approved, carry it out; all under one lock and in one session."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from reconciler.engine.carry_out import carry_out
from reconciler.engine.plan import plan_observed, plan_without_service
from reconciler.engine.policy import chosen, policy_of
from reconciler.engine.project import Project
from reconciler.engine.session import Session, open_session
from reconciler.engine.walk import StopSignal
from reconciler.errors import Refused
from reconciler.events import LockLeftBehind, PlanMade
from reconciler.manifest.desired import Desired
from reconciler.plan.approval import check_digest, check_saved
from reconciler.plan.guards import GRADED, ApplyPolicy, check_not_empty, refusals
from reconciler.plan.model import Action, Plan
from reconciler.plan.outcome import Result
from reconciler.plan.selection import Selection
from reconciler.state.backend import StateWriter
from reconciler.state.model import State
from reconciler.state.records import Configured, now

Approve = Callable[[Plan], bool | Awaitable[bool]]
"""Answers whether the plan may be carried out; called inside the event loop, with the lock held."""


@dataclass(frozen=True, slots=True)
class ApplyRequest:
    """What is to become true, and how far it may go.

    `desired` is empty to remove every interview. `approved` are the actions that may be carried out. `expect` is the
    digest of the plan that was reviewed, `saved` its document as `plan --out` writes it. Without `settle` interviews
    with a create of unknown outcome are left alone. What `selection` does not choose is left alone, too.
    """

    desired: Sequence[Desired]
    removes_all: bool = False
    approved: frozenset[Action] = frozenset(GRADED)
    expect: str | None = None
    saved: Any = None
    settle: bool = True
    selection: Selection | None = None


@dataclass(frozen=True, slots=True)
class ApplyReport:
    """What an apply came to: a result for each pending change of the plan, in its order.

    `state` names the store that remembers it. `interrupted` says that a stop was requested.
    """

    plan: Plan
    results: tuple[Result, ...]
    state: str
    interrupted: bool = False


async def apply(project: Project, request: ApplyRequest, approve: Approve, stop: StopSignal) -> ApplyReport:
    """Carries out `request`.

    Raises Locked, Refused (guards, protection, a plan that is not the reviewed one or not approved), Damaged,
    Unanswered and Misconfigured; nothing was sent then, unless the state could not be written at the end. Cancelling
    it stops at once and still records what is known.
    """
    label = project.backend().label
    with project.open_state() as writer:
        if writer.left_behind:
            project.notify(LockLeftBehind(writer.left_behind))
        state = writer.state
        policy = _policy(project, request, state)
        async with open_session(project) as session:
            if state.in_doubt and request.settle:
                from reconciler.engine.settle import settle

                state = await settle(project, session, writer)
            plan = await _checked_plan(project, session, request, policy, state)
            if not plan.pending:
                if plan.changed_settings:
                    _remember_settings(writer, plan)
                    writer.finish()
                return ApplyReport(plan, (), label)
            await _ask(approve, plan)
            if dict(plan.settings) != dict(state.settings):
                _remember_settings(writer, plan)
            results = await carry_out(project, session, plan.pending, policy, writer, stop)
    return ApplyReport(plan, tuple(results), label, stop.requested)


def _policy(project: Project, request: ApplyRequest, state: State) -> ApplyPolicy:
    managed = len(state.entries)
    if request.removes_all:
        return ApplyPolicy(project.config.recipients, managed, max_destroy=None)
    check_not_empty(request.desired, state)
    return policy_of(project, managed, request.approved)


async def _checked_plan(
    project: Project, session: Session, request: ApplyRequest, policy: ApplyPolicy, state: State
) -> Plan:
    """The plan of now, reported. Raises Refused when it is not the one that was reviewed, or not allowed."""
    plan = plan_without_service(project, request.desired, state, refresh=True)
    if plan is None:
        plan = await plan_observed(project, session, request.desired, state, look_up=False)
    if request.selection:
        plan = chosen(plan, request.selection)
    project.notify(PlanMade(plan))
    if request.expect is not None:
        check_digest(plan, request.expect)
    if request.saved is not None:
        check_saved(plan, request.saved)
    problems = refusals(plan.pending, policy)
    if problems:
        raise Refused.because(problems)
    return plan


def _remember_settings(writer: StateWriter, plan: Plan) -> None:
    writer.append([Configured(now(), plan.settings)])


async def _ask(approve: Approve, plan: Plan) -> None:
    answer = approve(plan)
    if not (await answer if inspect.isawaitable(answer) else answer):
        raise Refused("the plan was not approved", "nothing was sent", hint="jmctl apply")
