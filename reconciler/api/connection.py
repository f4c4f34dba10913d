"""Connections to the service: bounded, timed, never redirected, https only except on loopback.

Requests go straight to httpx's transports: its client adds cookies, redirects and URL merging, none of which is wanted
here, for a third of the cost of a request. A pool of httpcore costs O(connections) per request, so that one client
collapses beyond about 32; therefore every transport has one connection, and all of them share one TLS context.
"""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import Any, Protocol, Self
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]  # typeshed leaves it out

import httpx

from reconciler import __version__
from reconciler.errors import Misconfigured

Transport = httpx.AsyncBaseTransport
"""What carries requests: the network, the embedded sandbox, or a stand-in of a test."""

_LARGEST_BODY = 64 * 1024 * 1024  # bytes after decompression; a page of 1,000 rows takes less than 2 MB
_OF_TRANSFER = ("content-encoding", "content-length", "transfer-encoding")  # of a body that is whole and decompressed
_KEEPALIVE_SECONDS = 3.0  # below what servers usually keep, so that a write seldom meets a closing connection
_HEADERS = {"user-agent": f"jmctl/{__version__}", "accept": "application/json", "accept-encoding": "gzip, deflate"}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the service is and how long to wait for it, in seconds. `transport` replaces the network (the sandbox).

    `apikey` is the public key of the gateway before it, sent beside the token (docs/service.md#1-access).
    """

    base_url: str
    connect_timeout: float = 15.0
    total_timeout: float = 60.0
    transport: httpx.AsyncBaseTransport | None = None
    apikey: str | None = None


class Sender(Protocol):
    """What a client needs of a connection."""

    async def send(
        self, method: str, path: str, *, token: str, params: Mapping[str, Any] | None = None, body: bytes | None = None
    ) -> httpx.Response:
        """One request, whole within the total timeout. Raises httpx.TransportError or TimeoutError."""
        ...


class Connection:
    """Sends single requests; knows nothing of what they mean. An async context manager, of one event loop.

    `variables` are those of the process environment, of which the proxies and the trusted authorities are read.
    """

    def __init__(
        self, endpoint: Endpoint, concurrency: int, variables: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        base = httpx.URL(endpoint.base_url.rstrip("/") + "/")
        if endpoint.transport is None:
            _check_scheme(base)
        self._base = base
        self._total = endpoint.total_timeout
        self._headers = {**_HEADERS, **({"apikey": endpoint.apikey} if endpoint.apikey else {})}
        waits = dict.fromkeys(("read", "write", "pool"), endpoint.total_timeout)
        self._extensions = {"timeout": {**waits, "connect": endpoint.connect_timeout}}
        self._transports = [endpoint.transport] if endpoint.transport else _transports(base, concurrency, variables)
        self._in_flight = [0] * len(self._transports)
        self.clock = ServerClock()
        self._urls: dict[str, httpx.URL] = {}

    async def send(
        self, method: str, path: str, *, token: str, params: Mapping[str, Any] | None = None, body: bytes | None = None
    ) -> httpx.Response:
        """One request, whole within the total timeout. Raises httpx.TransportError or TimeoutError."""
        headers = {**self._headers, "authorization": f"Bearer {token}"}
        if body is not None:
            headers["content-type"] = "application/json"
        url = self._urls.get(path) or self._urls.setdefault(path, self._base.join(path))
        request = httpx.Request(
            method, url, params=params, content=body, headers=headers, extensions=dict(self._extensions)
        )
        idlest = self._in_flight.index(min(self._in_flight))
        self._in_flight[idlest] += 1
        try:
            async with asyncio.timeout(self._total):
                response = await _whole(await self._transports[idlest].handle_async_request(request))
        except httpx.DecodingError as error:
            raise httpx.RemoteProtocolError(f"undecodable body: {error}") from None
        finally:
            self._in_flight[idlest] -= 1
        self.clock.note(response.headers.get("date"))
        return response

    def read_only(self) -> Sender:
        """The same connection for those who only read: every request but a GET is refused before it leaves."""
        return _ReadOnly(self)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for transport in self._transports:
            await transport.aclose()


async def _whole(response: httpx.Response) -> httpx.Response:
    """`response` with its body, decompressed. Raises RemoteProtocolError when that is larger than _LARGEST_BODY."""
    parts, size = [], 0
    async for part in response.aiter_bytes():
        parts.append(part)
        size += len(part)
        if size > _LARGEST_BODY:
            await response.aclose()
            raise httpx.RemoteProtocolError(f"the body is larger than {_LARGEST_BODY} bytes")
    headers = [pair for pair in response.headers.multi_items() if pair[0] not in _OF_TRANSFER]
    return httpx.Response(response.status_code, headers=headers, content=b"".join(parts))


class _ReadOnly:
    """A connection that sends nothing but GETs."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def send(
        self, method: str, path: str, *, token: str, params: Mapping[str, Any] | None = None, body: bytes | None = None
    ) -> httpx.Response:
        if method != "GET":
            raise AssertionError(f"planning tried to {method} {path}")
        return await self._connection.send(method, path, token=token, params=params, body=body)


def _transports(url: httpx.URL, count: int, variables: Mapping[str, str]) -> list[httpx.AsyncBaseTransport]:
    verify, proxy = _tls(url, variables), _proxy(url, variables)
    limits = httpx.Limits(max_connections=1, keepalive_expiry=_KEEPALIVE_SECONDS)
    try:
        return [httpx.AsyncHTTPTransport(verify=verify, limits=limits, proxy=proxy) for _ in range(count)]
    except (ImportError, ValueError, httpx.InvalidURL) as error:
        raise Misconfigured(
            "the proxy of the environment cannot be used",
            # never the library's words: they repeat the address, in which a password may stand
            "a SOCKS proxy needs the package socksio" if isinstance(error, ImportError) else "its address is not one",
            hint="correct or unset HTTPS_PROXY and ALL_PROXY, or name the service in NO_PROXY",
        ) from None


def _proxy(url: httpx.URL, variables: Mapping[str, str]) -> str | None:
    """What HTTPS_PROXY, ALL_PROXY and NO_PROXY say; never for plain http, where a proxy would read the token.

    A lower-case name wins over an upper-case one, as in urllib and curl.
    """
    names = sorted((name for name in variables if name.lower().endswith("_proxy")), key=str.islower)
    proxies = {name.lower().removesuffix("_proxy"): variables[name] for name in names if variables[name]}
    if url.scheme != "https" or proxy_bypass_environment(url.host, proxies):
        return None
    found = proxies.get("https") or proxies.get("all")
    return found if not found or "://" in found else f"http://{found}"


def _tls(url: httpx.URL, variables: Mapping[str, str]) -> ssl.SSLContext:
    """One context for all transports; building one costs 25 ms, so plain http builds none that verifies.

    SSL_CERT_FILE and SSL_CERT_DIR name other authorities to trust than those of certifi.
    """
    if url.scheme != "https":
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    file, folder = variables.get("SSL_CERT_FILE"), variables.get("SSL_CERT_DIR")
    if file or folder:
        return ssl.create_default_context(cafile=file or None, capath=folder or None)
    return httpx.create_ssl_context(trust_env=False)


def _check_scheme(url: httpx.URL) -> None:
    if url.scheme == "https" or (url.scheme == "http" and _is_loopback(url.host)):
        return
    raise Misconfigured(
        "the endpoint is not safe for a token",
        f"{url.scheme}://{url.host}",
        hint="use https://; plain http is for loopback addresses only",
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class ServerClock:
    """Gives the service's time: that of the last `Date` header and what has passed since on the monotonic clock.

    Exact to a second or two. Before the first answer, and where answers carry no date, it is this machine's time.
    """

    def __init__(self) -> None:
        self._ahead: float | None = None

    def note(self, date: str | None) -> None:
        """Takes over the `Date` header of an answer that arrives now; what is no date changes nothing."""
        with suppress(ValueError, TypeError, OverflowError):
            found = parsedate_to_datetime(date or "")
            aware = found if found.tzinfo else found.replace(tzinfo=UTC)
            self._ahead = aware.timestamp() - time.monotonic()

    def seconds(self) -> float:
        """The service's time in seconds since 1970."""
        return time.time() if self._ahead is None else time.monotonic() + self._ahead

    def now(self) -> str:
        """The service's time in the form of records: UTC, to the millisecond."""
        found = datetime.fromtimestamp(self.seconds(), UTC)
        return found.isoformat(timespec="milliseconds").replace("+00:00", "Z")
