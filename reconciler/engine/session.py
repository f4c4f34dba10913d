"""One session for one use case: one connection to the service, or to the embedded sandbox, and one token."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.util import find_spec

from reconciler.api.client import Service
from reconciler.api.connection import Connection, Endpoint, ServerClock
from reconciler.engine.find_lost import RecoveryTiming
from reconciler.engine.project import Project
from reconciler.engine.trust import check_endpoint, token_command
from reconciler.errors import Misconfigured
from reconciler.project.config import Config
from reconciler.secret import Secret
from reconciler.token import VARIABLE, TokenSource, find_token

_SANDBOX_URL = "http://sandbox/functions/v1"  # never resolved: the sandbox's transport answers


@dataclass(frozen=True, slots=True)
class Session:
    """The service for the length of one use case; belongs to the event loop that opened it.

    `reader` refuses every request but a GET before it leaves; `writer` does not. They share connection and token;
    `clock` is that of the service.
    """

    reader: Service
    writer: Service
    tokens: TokenSource
    timing: RecoveryTiming
    concurrency: int
    clock: ServerClock


@asynccontextmanager
async def open_session(project: Project) -> AsyncIterator[Session]:
    """A session with the service of `project`. No request is made, and no token fetched, before one is needed.

    Raises Refused when the endpoint may not receive a token, and Misconfigured when the proxy or the sandbox cannot be
    used.
    """
    config = project.config
    check_endpoint(project)
    tokens = TokenSource(lambda refused: access_token(project, refused))
    async with Connection(_endpoint(project), config.concurrency, project.variables) as connection:
        reader, writer = Service(connection.read_only(), tokens), Service(connection, tokens)
        yield Session(reader, writer, tokens, _timing(config), config.concurrency, connection.clock)


def access_token(project: Project, refused: Secret | None = None) -> Secret:
    """The token for `project`: of JOBMOJITO_TOKEN, of the session that `jmctl login` made, of a trusted command.

    Another one than `refused` where there is one. Blocks. Raises Unanswered when there is none.
    """
    if project.config.sandbox:
        return Secret("sandbox")  # the embedded sandbox checks none, and trying jmctl must need no account
    if not project.variables.get(VARIABLE, "").strip():
        from reconciler.engine.login import kept_session

        token = kept_session(project, refused)
        if token is not None:
            return token
    is_set = project.variables.get(VARIABLE, "").strip()
    return find_token(None if is_set else token_command(project), project.variables)


def _endpoint(project: Project) -> Endpoint:
    config = project.config
    waits = config.connect_timeout, config.total_timeout
    if project.transport is not None:
        return Endpoint(_SANDBOX_URL, *waits, project.transport, config.apikey)
    if config.sandbox is None:
        return Endpoint(config.endpoint, *waits, apikey=config.apikey)
    if find_spec("jsonschema_rs") is None:  # the sandbox imports it with its first request, too late to explain
        hint = "pip install 'jmctl[sandbox]'"
        raise Misconfigured("the sandbox is not installed", "no module named jsonschema_rs", hint=hint)
    from reconciler.sandbox.transport import SandboxTransport

    return Endpoint(_SANDBOX_URL, *waits, SandboxTransport(config.sandbox), config.apikey)


def _timing(config: Config) -> RecoveryTiming:
    return RecoveryTiming(grace=config.grace, call=config.total_timeout)
