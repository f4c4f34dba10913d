"""The ten operations as jmctl uses them: reads are retried, writes are classed.

A read that fails for a passing reason is repeated with backoff. An update or set-state is repeated only after an answer
that certainly did nothing: 429, and once after 401 with a fresh token. A create is never repeated here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import httpx
import orjson
import stamina

from reconciler.api import decode, outcome
from reconciler.api.cause import cause_of
from reconciler.api.connection import Sender
from reconciler.api.protocol import AccountStatus, ChangeOutcome, CreateOutcome, Rejected, Unknown, Unreadable
from reconciler.errors import Unanswered
from reconciler.resources.calls import Calls
from reconciler.resources.kind import Kind
from reconciler.resources.observed import Listed, Listing, Observed
from reconciler.token import TokenSource

_T = TypeVar("_T")
_PAGE = 1000  # the most that a list operation gives
_RETRY = stamina.AsyncRetryingCaller(attempts=5, timeout=None)
_SWEEPS = 3  # times that a list is begun anew when writes in between made it skip rows


class _Passing(Exception):
    """An answer after which the same request may be sent again; `seconds` when the service says when."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(f"the service answered {response.status_code}")
        self.response = response
        self.seconds = outcome.retry_after(response)


def _backoff(error: Exception) -> bool | float:
    """For reads: how long to wait before the next attempt, True for the usual backoff, False to give up."""
    if isinstance(error, _Passing):
        return True if error.seconds is None else error.seconds
    return isinstance(error, httpx.TransportError | TimeoutError)


class Service:
    """One merchant's resources. A token is fetched when the first request needs it, and once more after a 401.

    Belongs to one event loop; any number of its tasks may use it at the same time.
    """

    def __init__(self, connection: Sender, tokens: TokenSource) -> None:
        self._connection = connection
        self._tokens = tokens
        self.environments: set[str] = set()  # of the service, as the rows of lists name them

    # -- reading

    async def list_resources(self, kind: Kind, resource_type: str, merchant_id: str | None = None) -> Listing:
        """Every resource of `resource_type`, any status, each once.

        Rows come newest-updated first, so a write between two pages can hide one; the list is then begun anew. What is
        still inconsistent after that says so.
        """
        params = {"type": resource_type, "limit": _PAGE} | ({"merchant_id": merchant_id} if merchant_id else {})
        found: dict[str, Listed] = {}
        is_whole = False
        for _ in range(_SWEEPS):
            known = len(found)
            total, is_whole = await self._sweep(kind.calls, params, found)
            is_whole = is_whole or known == len(found) == total
            if is_whole or known == len(found):
                break
        return Listing(tuple(found.values()), is_whole)

    async def _sweep(self, calls: Calls, params: Mapping[str, Any], found: dict[str, Listed]) -> tuple[int, bool]:
        """Adds all pages to `found`; returns the total that the service states, and whether the pages are consistent.

        They are when no row came twice and there are as many as stated. A page that brings nothing new is the last,
        whatever `has_more` says, so that the number of calls is bounded by that of rows.
        """
        path = calls.list
        seen: set[str] = set()
        offset, more, total, is_repeated = 0, True, 0, False
        while more:
            body = await self.get(path, {**params, "offset": offset}) or {}
            rows, more, total = _decoded(path, decode.page, body)
            page = {row.id: row for row in _decoded(path, lambda rows=rows: [calls.listed(row) for row in rows])}
            is_repeated |= len(page) < len(rows) or not seen.isdisjoint(page)
            more = more and not seen.issuperset(page)
            seen.update(page)
            found.update(page)
            self.environments.update(row.environment for row in page.values() if row.environment)
            offset += len(rows)
        return total, not is_repeated and total in (0, len(seen))

    async def account(self) -> AccountStatus:
        """Whom the token acts for. Raises Unanswered."""
        body = await self.get("merchant-status", {})
        return _decoded("merchant-status", decode.account, body or {})

    async def read(self, kind: Kind, resource_id: str) -> Observed | None:
        """The resource, or None when the service says in its own error envelope that there is none.

        Raises Unreadable after any other 404, which a proxy may have sent, and when the answer has another shape.
        """
        calls = kind.calls
        response = await self._read(calls.read, {calls.id_parameter: resource_id})
        if response.status_code == httpx.codes.NOT_FOUND:
            if isinstance(outcome.of_refusal(response), Rejected):
                return None
            detail = f"{calls.read}: 404 without the service's own error"
            raise Unreadable("the service's answer cannot be read", detail)
        body = _body(calls.read, response)
        try:
            return calls.observed(resource_id, body)
        except (ValueError, TypeError, AttributeError) as error:
            detail = f"{calls.read}: {error}"
            raise Unreadable("the service's answer has another shape than documented", detail) from None

    async def get(self, path: str, params: Mapping[str, Any]) -> dict[str, Any] | None:
        """The body of a 200, None for a 404. Raises Unanswered for all else, after the retries."""
        response = await self._read(path, params)
        if response.status_code == httpx.codes.NOT_FOUND:
            return None
        return _body(path, response)

    async def _read(self, path: str, params: Mapping[str, Any]) -> httpx.Response:
        try:
            return await self._answer(_backoff, "GET", path, params=params)
        except (httpx.TransportError, TimeoutError) as error:
            raise Unanswered(
                "the service cannot be reached",
                f"{path}: {cause_of(error)}",
                hint="check the endpoint and the network, or work without it: jmctl plan --no-refresh",
            ) from None

    # -- writing

    async def create(self, kind: Kind, attributes: Mapping[str, Any]) -> CreateOutcome:
        """Sends one create, once; `attributes` is the body as `creation.create_body` makes it.

        After a 401 a new token is fetched, and the refusal says that it may be asked again: every send is announced in
        the journal by the caller, so none is repeated here.
        """
        token = await self._tokens.current()
        try:
            response = await self._connection.send(
                "POST", kind.calls.create, token=token.reveal(), body=orjson.dumps(attributes)
            )
        except (httpx.HTTPError, TimeoutError) as error:
            return outcome.of_error(error)
        if response.status_code == httpx.codes.OK:
            try:
                return decode.created(decode.json_object(response.content), kind.calls.created_id)
            except ValueError as error:
                return Unknown(f"unreadable answer to a create: {error}")
        refusal = outcome.of_refusal(response)
        if response.status_code == httpx.codes.UNAUTHORIZED and await self._tokens.renew(token):
            return Rejected(response.status_code, refusal.reason, retry_after=0.0)
        return refusal

    async def update(self, kind: Kind, resource_id: str, patch: Mapping[str, Any]) -> ChangeOutcome:
        """Writes the fields in `patch` and no others."""
        return await self._change(kind.calls.update, {kind.calls.id_parameter: resource_id, **patch})

    async def set_state(self, kind: Kind, resource_id: str, state: Mapping[str, Any]) -> ChangeOutcome:
        """Changes what is in `state`, such as the status or whether there is an embed key; the rest is left alone."""
        return await self._change(kind.calls.set_state, {kind.calls.id_parameter: resource_id, **state})

    async def _change(self, path: str, body: Mapping[str, Any]) -> ChangeOutcome:
        """A write that can be repeated: 429 is waited out, a 401 answered with a new token."""
        try:
            response = await self._answer(_patience, "POST", path, body=orjson.dumps(body))
        except (httpx.HTTPError, TimeoutError) as error:
            return outcome.of_error(error)
        if response.status_code != httpx.codes.OK:
            return outcome.of_refusal(response)
        try:
            return decode.changed(decode.json_object(response.content))
        except ValueError as error:
            return Unknown(f"unreadable answer: {error}")

    # -- both

    async def _answer(self, again: Callable[[Exception], bool | float], *request: str, **parts: Any) -> httpx.Response:
        """The answer, or the last one of as many attempts as `again` allows."""
        try:
            return await _RETRY(again, self._lasting, *request, **parts)
        except _Passing as passing:
            return passing.response

    async def _lasting(self, method: str, path: str, **parts: Any) -> httpx.Response:
        response = await self._send(method, path, **parts)
        if response.status_code == httpx.codes.TOO_MANY_REQUESTS or response.is_server_error:
            raise _Passing(response)
        return response

    async def _send(self, method: str, path: str, **parts: Any) -> httpx.Response:
        """One request with the token; after a 401 once more with a new one."""
        token = await self._tokens.current()
        response = await self._connection.send(method, path, token=token.reveal(), **parts)
        if response.status_code == httpx.codes.UNAUTHORIZED and await self._tokens.renew(token):
            token = await self._tokens.current()
            response = await self._connection.send(method, path, token=token.reveal(), **parts)
        return response


def _patience(error: Exception) -> bool | float:
    """For writes: 429 only. A transport error or a 5xx is an outcome, never a reason to send again."""
    busy = isinstance(error, _Passing) and error.response.status_code == httpx.codes.TOO_MANY_REQUESTS
    return busy and _backoff(error)


def _decoded(path: str, decoder: Callable[..., _T], *parts: Any) -> _T:
    try:
        return decoder(*parts)
    except (ValueError, TypeError, AttributeError) as error:
        raise Unanswered("the service's answer has another shape than documented", f"{path}: {error}") from None


def _body(path: str, response: httpx.Response) -> dict[str, Any]:
    if response.status_code == httpx.codes.OK:
        try:
            return decode.json_object(response.content)
        except ValueError as error:
            raise Unanswered("the service's answer cannot be read", f"{path}: {error}") from None
    refusal = outcome.of_refusal(response)
    hint = ""
    if response.status_code == httpx.codes.UNAUTHORIZED and "apikey" in refusal.reason.lower():
        hint = "set `apikey` in jmctl.yaml to the public key of the service's gateway"
    elif response.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        hint = "the token is missing, expired or for another merchant: get a new one and set JOBMOJITO_TOKEN"
    raise Unanswered("the service refused a read", f"{path}: {response.status_code}: {refusal.reason}", hint=hint)
