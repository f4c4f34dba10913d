"""The service behind httpx without a socket: what a connection would do, this raises (the only httpx here)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx

from reconciler.sandbox.reply import Dropped, Reply
from reconciler.sandbox.service import Service

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

BASE_URL = "http://sandbox/functions/v1"


class SandboxTransport(httpx.AsyncBaseTransport):
    """Give it to httpx.AsyncClient; `service` is there for looking inside."""

    def __init__(self, path: Path) -> None:
        self.service = Service(path)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        url = request.url
        reply = self.service.outcome(request.method, url.path, dict(url.params), request.headers, body)
        await _wait(reply.delay, request)
        if isinstance(reply, Dropped):
            raise _broken(reply, request)
        if any(name == "Content-Encoding" for name, _ in reply.headers):
            # as a stream: the client decides how much of it to unpack
            return httpx.Response(reply.status, headers=list(reply.headers), stream=_Whole(reply), request=request)
        if not reply.cut:
            return httpx.Response(reply.status, headers=list(reply.headers), content=reply.body, request=request)
        headers = [*reply.headers, ("Content-Length", str(len(reply.body)))]
        return httpx.Response(reply.status, headers=headers, stream=_Half(reply, request), request=request)

    async def aclose(self) -> None:
        self.service.close()


class _Whole(httpx.AsyncByteStream):
    """A body that is read when the client asks for it."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._reply.body


class _Half(httpx.AsyncByteStream):
    """A body whose connection closes half way."""

    def __init__(self, reply: Reply, request: httpx.Request) -> None:
        self._reply = reply
        self._request = request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        body = self._reply.body
        yield body[: len(body) // 2]
        raise httpx.RemoteProtocolError(
            f"peer closed connection without sending complete message body (received {len(body) // 2} bytes, "
            f"expected {len(body)})",
            request=self._request,
        )


async def _wait(delay: float, request: httpx.Request) -> None:
    if not delay:
        return
    patience = request.extensions.get("timeout", {}).get("read")
    if patience is not None and patience < delay:
        await asyncio.sleep(patience)
        raise httpx.ReadTimeout("", request=request)
    await asyncio.sleep(delay)


def _broken(dropped: Dropped, request: httpx.Request) -> httpx.TransportError:
    if not dropped.reached:
        return httpx.ConnectError("All connection attempts failed", request=request)
    if dropped.worked:
        return httpx.ReadError("", request=request)
    return httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)
