"""Makes the way to the service: over the network, or into the embedded sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from reconciler.api.client import Service
from reconciler.api.connection import Connection, Endpoint
from reconciler.engine.find_lost import RecoveryTiming
from reconciler.errors import Misconfigured
from reconciler.project.config import Config
from reconciler.secret import Secret
from reconciler.token import find_token, seconds_left

_SOON_SECONDS = 300.0


@asynccontextmanager
async def connect(config: Config, *, read_only: bool, token: Secret | None = None) -> AsyncIterator[Service]:
    """The service of `config`; with `read_only` every request but a GET is refused here, before it leaves."""
    async with Connection(_endpoint(config), config.concurrency, read_only=read_only) as connection:
        yield Service(connection, lambda: access_token(config), token)


def _endpoint(config: Config) -> Endpoint:
    if config.sandbox is None:
        return Endpoint(config.endpoint, config.connect_timeout, config.total_timeout)
    try:
        from reconciler.sandbox.transport import SandboxTransport
    except ImportError as error:
        raise Misconfigured(
            "the sandbox is not installed", f"no module named {error.name}", hint="pip install 'jmctl[sandbox]'"
        ) from None
    transport = SandboxTransport(config.sandbox)
    return Endpoint("http://sandbox/functions/v1", config.connect_timeout, config.total_timeout, transport)


def patience(config: Config) -> RecoveryTiming:
    """How long to wait for what may still come of a create."""
    return RecoveryTiming(skew=config.skew, grace=config.grace, call=config.total_timeout)


def access_token(config: Config) -> Secret:
    """The token for `config`. Raises Unanswered when there is none."""
    if config.sandbox:
        return Secret("sandbox")  # nobody checks it there, and nobody should need an account to try
    return find_token(config.token_command)


def token_warning(token: Secret) -> str | None:
    """What is to be said of `token` before applying: that it has expired or soon will."""
    left = seconds_left(token)
    if left is None or left > _SOON_SECONDS:
        return None
    if left <= 0:
        return "the access token has expired: the service will refuse it; get a new one and set JOBMOJITO_TOKEN"
    return f"the access token expires in {left:.0f} s: what is not done by then will be refused"
