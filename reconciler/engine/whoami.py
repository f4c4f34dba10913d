"""Whoami: the account that the token acts for, beside the one that the state belongs to. Checks nothing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from reconciler.api.protocol import AccountStatus
from reconciler.engine.project import Project
from reconciler.engine.session import open_session
from reconciler.resources.kind import kinds
from reconciler.state.model import Account
from reconciler.token import seconds_left


@dataclass(frozen=True, slots=True)
class Whoami:
    """`service_environments` are those that the service's lists name; `token_seconds` None when the token has no end.

    `bound` is the account of the state, None before the first apply.
    """

    project: str
    environment: str
    endpoint: str
    account: AccountStatus
    service_environments: tuple[str, ...]
    token_seconds: float | None
    bound: Account | None


async def whoami(project: Project) -> Whoami:
    """Asks the service for the account and lists its interviews. Raises Unanswered."""
    state = project.state()
    async with open_session(project) as session:
        lists = (session.reader.list_resources(kind, kind.calls.types[0]) for kind in kinds())
        account, _ = await asyncio.gather(session.reader.account(), asyncio.gather(*lists))
        left = seconds_left(await session.tokens.current())
        environments = tuple(sorted(session.reader.environments))
    config = project.config
    return Whoami(config.project, config.environment, config.endpoint, account, environments, left, state.account)
