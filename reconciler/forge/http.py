"""Requests to a code host's API as JSON, with pages, repeated where a repetition does the same."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from reconciler.errors import Refused, Unanswered
from reconciler.forge.model import Denied

_SECONDS = 15.0
_TRIES = 3
_PAGE = 100
_PAGES = 50
_DENIED = (401, 403, 404)  # GitHub says 404 for what a token may not see
_AGAIN = (429, 500, 502, 503, 504)


class Api:
    """The API at `base`, an https address from the process environment; `headers` hold the token.

    Not for two threads at once. Raises Refused for an address to which a token must not go.
    """

    def __init__(self, base: str, headers: Mapping[str, str], *, pause: float = 1.0) -> None:
        parts = urlsplit(base)
        if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
            raise Refused("the code host may not receive the token", f"{parts.scheme}://{parts.hostname} is not https")
        self._base = base.rstrip("/")
        self._pause = pause
        self._client = httpx.Client(headers=dict(headers), timeout=_SECONDS, follow_redirects=False)

    def call(self, method: str, path: str, body: Any = None, **query: str | int) -> Any:
        """The answer's JSON, None when it is empty. Raises Denied and Unanswered.

        A POST is sent once: a second comment or issue would be worse than an error.
        """
        tries = 1 if method == "POST" else _TRIES
        for attempt in range(1, tries + 1):
            try:
                answer = self._client.request(method, f"{self._base}{path}", json=body, params=query)
            except httpx.HTTPError as error:
                if attempt == tries:
                    raise Unanswered(
                        "the code host does not answer", f"{method} {path}: {type(error).__name__}"
                    ) from None
            else:
                if answer.status_code not in _AGAIN or attempt == tries:
                    return self._read(answer, method, path)
            time.sleep(self._pause * attempt)
        raise AssertionError("the last attempt returns or raises")

    def pages(self, path: str, member: str = "", **query: str | int) -> Iterator[Any]:
        """The entries of a list, page by page; `member` names the list inside of the answer."""
        for page in range(1, _PAGES + 1):
            answer = self.call("GET", path, per_page=_PAGE, page=page, **query)
            rows = answer.get(member, []) if member else answer
            yield from rows
            if len(rows) < _PAGE:
                return

    def _read(self, answer: httpx.Response, method: str, path: str) -> Any:
        if answer.is_success:
            try:
                return answer.json() if answer.content else None
            except ValueError:
                raise Unanswered("the code host's answer cannot be read", f"{method} {path}: not JSON") from None
        detail = f"{method} {path}: {answer.status_code}"
        if answer.status_code in _DENIED:
            raise Denied("the code host refuses the token", detail, hint="give the job's token the permission to write")
        raise Unanswered("the code host's answer cannot be read", detail)
