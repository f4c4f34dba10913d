"""The service behind a socket (the only aiohttp here)."""

from __future__ import annotations

import asyncio
import signal
import socket
import struct
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import web

from reconciler.sandbox.reply import Dropped, Reply

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from reconciler.sandbox.service import Service

# lingering for zero seconds makes closing a reset, as of a machine that died
_RESET = struct.pack("ii", 1, 0)


async def serve(service: Service, host: str, port: int, listening: Callable[[str, int], None]) -> None:
    """Answers until SIGINT or SIGTERM; `listening` receives the host and the port in use."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    runner = web.ServerRunner(web.Server(_answering(service), access_log=None), shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port, backlog=1024).start()
        listening(host, runner.addresses[0][1])
        await stop.wait()
    finally:
        await runner.cleanup()


def _is_from_elsewhere(request: web.BaseRequest) -> bool:
    """Whether a page of another site sent it: by a name that leads to this machine, or from another origin.

    Any page in a browser of this machine can send requests to loopback; its control requests would read embed keys.
    """
    here = request.transport.get_extra_info("sockname") if request.transport else None
    if not here or not _is_loopback(here[0]):
        return False
    host = request.headers.get("Host", "")
    name = urlsplit(f"//{host}").hostname or ""
    origin = request.headers.get("Origin")
    return not _is_loopback(name) or origin not in {None, f"http://{host}"}


def _is_loopback(name: str) -> bool:
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def _answering(service: Service) -> Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]:
    async def respond(request: web.BaseRequest) -> web.StreamResponse:
        if _is_from_elsewhere(request):
            return web.Response(status=403, text="The sandbox answers tools of this machine, not pages of others.")
        try:
            body = await request.content.read()  # not request.read(): results added in bulk exceed its limit
        except ConnectionResetError:  # the client died in the middle of its request, as clients under test do
            return web.Response()
        reply = await service.answer(request.method, request.path, request.query, request.headers, body)
        if isinstance(reply, Dropped):
            return _dropped(request, reply)
        if reply.cut:
            return await _cut(request, reply)
        return web.Response(status=reply.status, body=reply.body, headers=reply.headers)

    return respond


def _dropped(request: web.BaseRequest, dropped: Dropped) -> web.StreamResponse:
    if request.transport is not None:
        if dropped.worked:
            _will_reset(request.transport)
        request.transport.abort()
    return web.Response()  # has nowhere to go


async def _cut(request: web.BaseRequest, reply: Reply) -> web.StreamResponse:
    response = web.StreamResponse(status=reply.status, headers=reply.headers)
    response.content_length = len(reply.body)
    await response.prepare(request)
    await response.write(reply.body[: len(reply.body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response


def _will_reset(transport: asyncio.BaseTransport) -> None:
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
