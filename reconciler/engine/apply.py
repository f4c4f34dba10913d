"""Apply: settle what is open, plan, check, have it approved, carry it out; all under one lock and in one session."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reconciler.api.protocol import AccountStatus
from reconciler.engine.account import binding, check_endpoint, check_environment, checked_account, with_account
from reconciler.engine.carry_out import carry_out
from reconciler.engine.checkout import Checkout, going_back
from reconciler.engine.plan import origin_of, plan_observed, plan_without_service
from reconciler.engine.policy import chosen, policy_of
from reconciler.engine.project import Project
from reconciler.engine.session import Session, open_session
from reconciler.engine.state_checks import remember_serial
from reconciler.engine.walk import StopSignal
from reconciler.errors import NotFound, Refused
from reconciler.events import LockLeftBehind, PlanMade, TokenExpires
from reconciler.manifest.desired import Desired
from reconciler.plan.approval import check_digest, check_saved
from reconciler.plan.guards import GRADED, ApplyPolicy, check_not_empty, refusals
from reconciler.plan.model import Action, Plan
from reconciler.plan.outcome import Result
from reconciler.plan.reviewed import moved_problems, reviewed_part
from reconciler.plan.selection import Selection
from reconciler.state.model import Entry, State
from reconciler.state.records import Configured, Ran, Record, now
from reconciler.token import seconds_left

_SOON_SECONDS = 300.0
Approve = Callable[[Plan], bool | Awaitable[bool]]
"""Answers whether the plan may be carried out; called inside the event loop, with the lock held."""


@dataclass(frozen=True, slots=True)
class ApplyRequest:
    """What is to become true, and how far it may go.

    `desired` is empty to remove every interview. `approved` are the actions that may be carried out. `expect` is the
    digest of the plan that was reviewed, `saved` its document as `plan --out` writes it. With `reviewed`, such
    documents, only changes that one of them holds are carried out; with `all_or_nothing` any other one stops the apply.
    Without `settle` interviews with a create of unknown outcome are left alone. What `selection` does not choose is
    left alone, too; names in `new` are created without looking for them first. With `allow_older` the manifests may be
    older than what was last applied. `commit` is where they come from when that is not the checkout.
    """

    desired: Sequence[Desired]
    removes_all: bool = False
    approved: frozenset[Action] = frozenset(GRADED)
    expect: str | None = None
    saved: Any = None
    reviewed: Sequence[Any] = ()
    all_or_nothing: bool = False
    settle: bool = True
    selection: Selection | None = None
    allow_older: bool = False
    commit: str | None = None
    new: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ApplyReport:
    """What an apply came to: a result for each pending change of the plan, in its order.

    `state` names the store that remembers it. `interrupted` says that a stop was requested. `opened` are the embedded
    interviews that are new with this run: their links open now.
    """

    plan: Plan
    results: tuple[Result, ...]
    state: str
    interrupted: bool = False
    opened: tuple[Entry, ...] = ()


async def apply(project: Project, request: ApplyRequest, approve: Approve, stop: StopSignal) -> ApplyReport:
    """Carries out `request`.

    Raises Locked, Refused (another account, an older checkout, guards, protection, a plan that is not the reviewed one
    or not approved), Damaged,
    Unanswered and Misconfigured; nothing was sent then, unless the state could not be written at the end. Cancelling
    it stops at once and still records what is known.
    """
    label = project.backend().label
    with project.open_state() as writer:
        if writer.left_behind:
            project.notify(LockLeftBehind(writer.left_behind))
        found = writer.state
        check_endpoint(project, found)
        checkout = Checkout(project.config.root, project.variables)
        origin = replace(origin_of(project, found), goes_back=_going_back(checkout, request, found))
        policy = _policy(project, request, found)
        async with open_session(project) as session:
            account, state = None, found
            if found.in_doubt and request.settle:
                from reconciler.engine.settle import settle

                account = await checked_account(project, session, found)
                state = await settle(project, session, writer)
            plan, account = await _plan(project, session, request, state, account)
            if account is None and plan.pending and not refusals(plan.pending, policy):
                await _notice_token(project, session)
                account = await checked_account(project, session, state)
            plan = replace(plan, origin=replace(origin, account=account))
            _check(project, request, policy, plan)
            if not plan.pending or account is None:
                if plan.changed_settings or state.edited:
                    writer.append([Configured(now(), plan.settings)])
                    writer.finish()
                return ApplyReport(plan, (), label)
            await _ask(approve, plan)
            opening = [*binding(project, found, account), *_settings(plan, state), _begun(checkout, request, plan)]
            looked_up = plan.looked_up
            results = await carry_out(project, session, plan.pending, policy, writer, stop, opening, looked_up)
        remember_serial(project, writer.snapshot.state)
        opened = _opened(found, writer.state, results)
    return ApplyReport(plan, tuple(results), label, stop.requested, opened)


def _opened(before: State, after: State, results: Sequence[Result]) -> tuple[Entry, ...]:
    """The entries of what was done whose embed id no entry had before."""
    entries = [after.entries.get(result.address) for result in results if result.ending == "done"]
    old = {entry.embed_id for entry in before.entries.values()}
    return tuple(entry for entry in entries if entry and entry.embed_id and entry.embed_id not in old)


def _going_back(checkout: Checkout, request: ApplyRequest, state: State) -> str:
    if request.commit:
        return f"goes back to {request.commit[:12]}"
    return "" if request.removes_all else going_back(checkout, state, allow_older=request.allow_older)


def _begun(checkout: Checkout, request: ApplyRequest, plan: Plan) -> Ran:
    changes = tuple(f"{change.action.value} {change.address}" for change in plan.pending)
    return checkout.begun(request.commit or checkout.head(), changes)


def _policy(project: Project, request: ApplyRequest, state: State) -> ApplyPolicy:
    managed = len(state.entries)
    if request.removes_all:
        return ApplyPolicy(project.config.recipients, managed, max_destroy=None)
    check_not_empty(request.desired, state)
    return policy_of(project, managed, request.approved)


async def _plan(
    project: Project, session: Session, request: ApplyRequest, state: State, account: AccountStatus | None
) -> tuple[Plan, AccountStatus | None]:
    """The plan of now, and the account, which is asked for once, together with what the plan has to look at."""
    unknown = sorted(request.new - {want.name for want in request.desired})
    if unknown:
        raise NotFound("no manifest declares this interview", ", ".join(unknown), hint="jmctl validate")
    plan = plan_without_service(project, request.desired, state, refresh=True)
    if plan is None:
        await _notice_token(project, session)
        plan, account = await _observed(project, session, request, state, account)
    plan = chosen(plan, request.selection) if request.selection else plan
    return (reviewed_part(plan, request.reviewed) if request.reviewed else plan), account


async def _observed(
    project: Project, session: Session, request: ApplyRequest, state: State, account: AccountStatus | None
) -> tuple[Plan, AccountStatus]:
    planning = plan_observed(project, session, request.desired, state, look_up=False, new=request.new)
    if account is None:
        account, plan = await with_account(project, session, state, planning)
        return plan, account
    plan = await planning
    check_environment(project, session)
    return plan, account


async def _notice_token(project: Project, session: Session) -> None:
    """Reports that the token may not last, before the service refuses it. Raises Unanswered without a token."""
    left = seconds_left(await session.tokens.current())
    if left is not None and left <= _SOON_SECONDS:
        project.notify(TokenExpires(left))


def _check(project: Project, request: ApplyRequest, policy: ApplyPolicy, plan: Plan) -> None:
    """Reports the plan. Raises Refused when it is not the one that was reviewed, or not allowed."""
    project.notify(PlanMade(plan))
    if request.expect is not None:
        check_digest(plan, request.expect)
    if request.saved is not None:
        check_saved(plan, request.saved)
    moved = moved_problems(plan) if request.all_or_nothing else []
    if problems := [*moved, *refusals(plan.pending, policy)]:
        raise Refused.because(problems)


def _settings(plan: Plan, state: State) -> list[Record]:
    """The settings that the plan was made with, when the state remembers others."""
    return [] if dict(plan.settings) == dict(state.settings) else [Configured(now(), plan.settings)]


async def _ask(approve: Approve, plan: Plan) -> None:
    answer = approve(plan)
    if not (await answer if inspect.isawaitable(answer) else answer):
        raise Refused("the plan was not approved", "nothing was sent", hint="jmctl apply")
