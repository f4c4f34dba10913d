"""The access token: where it comes from, when it expires. Never from a file of the repository, never from a flag."""

from __future__ import annotations

import asyncio
import base64
import re
import shlex
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

import orjson

from reconciler.errors import Unanswered
from reconciler.secret import Secret

VARIABLE = "JOBMOJITO_TOKEN"
RENEW_SECONDS = 120.0  # before its end: a request may wait that long in a queue
_COMMAND_SECONDS = 60.0
_SENDABLE = re.compile(r"[\x21-\x7e]+")
_HINT = "run it by hand; it must print the token and nothing else"


class TokenSource:
    """The token of one session: fetched when it is first needed, before it expires, and after the service refused it.

    `fetch` gets the token that was refused, or None. A token for which it has no replacement is not asked about again.
    Belongs to one event loop; any number of its tasks may ask at the same time, and `fetch` runs once for all of them.
    """

    def __init__(self, fetch: Callable[[Secret | None], Secret]) -> None:
        self._fetch = fetch
        self._token: Secret | None = None
        self._is_last = False
        self._lock = asyncio.Lock()

    async def current(self) -> Secret:
        """A token that lives for two minutes, if there is one. Raises what `fetch` raises: Unanswered without any."""
        async with self._lock:
            if self._token is None:
                self._token = await asyncio.to_thread(self._fetch, None)
            left = seconds_left(self._token)
            if left is not None and left < RENEW_SECONDS:
                await self._replace(self._token)
            return self._token

    async def renew(self, refused: Secret) -> bool:
        """Whether there is another token than the `refused` one."""
        async with self._lock:
            if self._token is not None and self._token.reveal() == refused.reveal():
                await self._replace(self._token)
            return self._token is not None and self._token.reveal() != refused.reveal()

    async def _replace(self, stale: Secret) -> None:
        if self._is_last:
            return
        with suppress(Unanswered):  # the token may still do, and if not, its refusal says what is wrong
            self._token = await asyncio.to_thread(self._fetch, stale)
        self._is_last = self._token is not None and self._token.reveal() == stale.reveal()


def find_token(command: str | tuple[str, ...] | None, variables: Mapping[str, str]) -> Secret:
    """The token in JOBMOJITO_TOKEN of `variables`, else what `command` prints.

    Raises Unanswered when there is neither.

    A text command is split as a shell would split it, but no shell runs.
    """
    text = variables.get(VARIABLE, "").strip()
    if text:
        return checked_token(text, f"it comes from {VARIABLE}")
    if not command:
        raise Unanswered(
            "no access token",
            f"{VARIABLE} is not set, no session is kept here, and no token_command is configured",
            hint=f"jmctl login, export {VARIABLE}=…, or work without the service: jmctl plan --no-refresh",
        )
    try:
        words = shlex.split(command) if isinstance(command, str) else list(command)
    except ValueError as error:
        raise Unanswered("token_command failed", f"it cannot be split into words: {error}", hint=_HINT) from None
    return _run(words)


def _run(command: list[str]) -> Secret:
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, timeout=_COMMAND_SECONDS, check=True)  # noqa: S603 - the user's own command
    except (OSError, subprocess.SubprocessError) as error:
        cause = error.strerror if isinstance(error, OSError) else type(error).__name__
        raise Unanswered("token_command failed", f"{command[0]}: {cause}", hint=_HINT) from None
    text = done.stdout.decode("utf-8", "replace").strip()
    if not _SENDABLE.fullmatch(text):
        raise Unanswered("token_command printed no token", command[0], hint=_HINT)
    return Secret(text)


def checked_token(text: str, source: str) -> Secret:
    """`text` as a token. Raises Unanswered, without repeating it, when no HTTP header can carry it.

    What may stand in a header is RFC 9110's field-value; a token has no spaces either (RFC 6750, section 2.1).
    """
    if _SENDABLE.fullmatch(text):
        return Secret(text)
    places = [number for number, character in enumerate(text, 1) if not _SENDABLE.fullmatch(character)]
    fault = f"; character {places[0]} of {len(text)} is a line break, a space or not ASCII" if places else ""
    raise Unanswered(
        "the access token cannot be sent", source + fault, hint="copy it again, on one line and without quotes"
    )


def seconds_left(token: Secret) -> float | None:
    """How long the JWT lives, negative when it has expired; None when it does not say.

    Only `exp` is read; whether the signature holds is the service's to judge.
    """
    try:
        payload = token.reveal().split(".")[1]
        expires = orjson.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["exp"]
        return float(expires) - time.time()
    except (IndexError, KeyError, TypeError, ValueError):
        return None
