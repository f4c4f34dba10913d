"""Connections to the service: bounded, timed, never redirected, https only except on loopback.

One httpx client collapses beyond about 32 connections, because its pool costs O(connections) per request; clients of at
most 8 connections each, sharing one TLS context, do not.
"""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import httpx

from reconciler import __version__
from reconciler.errors import Misconfigured

_CONNECTIONS_PER_CLIENT = 8
_KEEPALIVE_SECONDS = 3.0  # below what servers usually keep, so that a write seldom meets a closing connection


@dataclass(frozen=True, slots=True)
class Address:
    """Where the service is and how long to wait for it, in seconds. `transport` replaces the network (the sandbox)."""

    base_url: str
    connect_timeout: float = 15.0
    total_timeout: float = 60.0
    transport: httpx.AsyncBaseTransport | None = None


class Connection:
    """Sends single requests; knows nothing of what they mean. An async context manager."""

    def __init__(self, address: Address, concurrency: int, *, read_only: bool) -> None:
        _check_scheme(httpx.URL(address.base_url))
        self._address = address
        self._read_only = read_only
        count = 1 if address.transport else -(-concurrency // _CONNECTIONS_PER_CLIENT)
        verify = _tls(address)
        self._clients = [self._client(verify) for _ in range(count)]
        self._in_flight = [0] * count

    def _client(self, verify: ssl.SSLContext) -> httpx.AsyncClient:
        total = self._address.total_timeout
        return httpx.AsyncClient(
            base_url=self._address.base_url.rstrip("/") + "/",
            headers={"user-agent": f"jmctl/{__version__}", "accept": "application/json"},
            timeout=httpx.Timeout(total, connect=self._address.connect_timeout),
            limits=httpx.Limits(max_connections=_CONNECTIONS_PER_CLIENT, keepalive_expiry=_KEEPALIVE_SECONDS),
            follow_redirects=False,
            transport=self._address.transport,
            verify=verify,
        )

    async def send(
        self, method: str, path: str, *, token: str, params: Mapping[str, Any] | None = None, body: bytes | None = None
    ) -> httpx.Response:
        """One request, whole within the total timeout. Raises httpx.TransportError or TimeoutError."""
        if self._read_only and method != "GET":
            raise AssertionError(f"planning tried to {method} {path}")
        headers = {"authorization": f"Bearer {token}"}
        if body is not None:
            headers["content-type"] = "application/json"
        idlest = self._in_flight.index(min(self._in_flight))
        self._in_flight[idlest] += 1
        try:
            async with asyncio.timeout(self._address.total_timeout):
                return await self._clients[idlest].request(method, path, params=params, content=body, headers=headers)
        finally:
            self._in_flight[idlest] -= 1

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for client in self._clients:
            await client.aclose()


def _tls(address: Address) -> ssl.SSLContext:
    """One context for all clients; building one costs 25 ms, so plain http builds none that verifies."""
    if address.transport or address.base_url.startswith("http://"):
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return httpx.create_ssl_context()


def _check_scheme(url: httpx.URL) -> None:
    if url.scheme == "https" or (url.scheme == "http" and (_is_loopback(url.host) or url.host == "sandbox")):
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
