"""Whose interviews a state is about: checked before anything is read of them or sent, recorded by the first apply."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from reconciler.api.protocol import AccountStatus
from reconciler.engine.project import Project
from reconciler.engine.session import Session
from reconciler.errors import Misused, Refused
from reconciler.state.model import Account, State
from reconciler.state.records import Bound, Record, now

_T = TypeVar("_T")
_HINT = (
    "give every account an environment of its own in jmctl.yaml and choose it with --env; if it is the same account at "
    "another address: jmctl state bind"
)


def check_endpoint(project: Project, state: State) -> None:
    """Raises Refused when `state` was applied through another endpoint; sends nothing."""
    if state.account and state.account.endpoint != project.config.endpoint:
        now_at = f"jmctl.yaml names {project.config.endpoint}"
        raise Refused("the state belongs to another account", f"{_described(state.account)}; {now_at}", hint=_HINT)


async def checked_account(project: Project, session: Session, state: State) -> AccountStatus:
    """Whom the token acts for, in one request.

    Raises Refused when that is not the account of `state`, or not the one that jmctl.yaml expects; Unanswered.
    """
    check_endpoint(project, state)
    account = await session.reader.account()
    if state.account and state.account.merchant != account.merchant:
        detail = f"{_described(state.account)}; the token acts for merchant {account.merchant}"
        raise Refused("the state belongs to another account", detail, hint=_HINT)
    expected = project.config.expect.merchant
    if expected and expected != account.merchant:
        raise Refused(
            "the account is not the expected one",
            f"`expect` names merchant {expected}; the token acts for merchant {account.merchant}",
            hint="use a token of that merchant, or correct `expect`; jmctl whoami shows the account",
            where=project.config.at("expect", "merchant"),
        )
    return account


def check_environment(project: Project, session: Session) -> None:
    """Raises Refused when a list of this session named another environment than jmctl.yaml expects."""
    expected = project.config.expect.environment
    others = sorted(session.reader.environments - {expected})
    if expected and others:
        raise Refused(
            "the account is not the expected one",
            f"`expect` names environment {expected}; the service lists interviews of {', '.join(others)}",
            hint="use a token of that environment, or correct `expect`; jmctl whoami shows the account",
            where=project.config.at("expect", "environment"),
        )


async def with_account(
    project: Project, session: Session, state: State, work: Coroutine[Any, Any, _T]
) -> tuple[AccountStatus, _T]:
    """The checked account and what `work`, which may only read, gives; both at the same time.

    A refused account ends `work` and comes before any error of it.
    """
    working = asyncio.create_task(work)
    try:
        account = await checked_account(project, session, state)
        found = await working
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
    check_environment(project, session)
    return account, found


def binding(project: Project, state: State, account: AccountStatus) -> list[Record]:
    """The record that binds `state` to `account`; none when it is bound already."""
    return [] if state.account else [Bound(now(), project.config.endpoint, account.merchant)]


async def bind(project: Project) -> tuple[Account | None, Account]:
    """Binds the state to the account of now; returns the account before and after.

    Raises Misused when the state has interviews and that account shows none of them.
    """
    from reconciler.engine.observe import scopes_of, survey
    from reconciler.engine.session import open_session

    with project.open_state() as writer:
        state = writer.state
        async with open_session(project) as session:
            account = await session.reader.account()
            rows = (await survey(scopes_of(state.entries.values()), session.reader)).rows
        if state.entries and not any(entry.id in rows for entry in state.entries.values()):
            detail = f"merchant {account.merchant} at {project.config.endpoint} shows none of {len(state.entries)}"
            raise Misused("this account has no interview of the state", detail, hint="check the endpoint and the token")
        writer.append([Bound(now(), project.config.endpoint, account.merchant)])
        writer.finish()
    return state.account, Account(project.config.endpoint, account.merchant)


def _described(account: Account) -> str:
    return f"it is of merchant {account.merchant} at {account.endpoint}"
