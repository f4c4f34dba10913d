"""A server that answers exactly the bytes it is told, and remembers what it was asked."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Self

from reconciler.api.client import Service
from reconciler.api.connection import Connection, Endpoint
from reconciler.secret import Secret
from reconciler.token import TokenSource

RESET, CLOSE, SILENCE, DRIP = "reset", "close", "silence", "drip"


def reply(status: int, body: bytes = b"", *headers: str, length: int | None = None) -> bytes:
    """A whole answer; `length` may lie."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass
class Wire:
    """Answers in turn, the last one for ever. `asked` holds each request as it came."""

    answers: list[bytes | str | Callable[[str], bytes]]
    asked: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    port: int = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/functions/v1"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._answer(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next((line.split(":")[1] for line in head.lower().splitlines() if line.startswith("content-le")), "0")
        body = await reader.readexactly(int(length))
        self.asked.append(head + body.decode())
        self.times.append(asyncio.get_running_loop().time())
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if callable(answer):
            answer = answer(self.asked[-1])
        if isinstance(answer, bytes):
            writer.write(answer)
            await writer.drain()
            return b"Connection: close" not in answer
        if answer == RESET:
            linger = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            writer.transport.abort()
        if answer == SILENCE:
            await reader.read()
        while answer == DRIP and not reader.at_eof():
            writer.write(b"HTTP/1.1 200 OK\r\n"[len(self.times) % 17 :][:1])
            await asyncio.sleep(0.05)
        return False

    @property
    def tokens(self) -> list[str]:
        """The bearer tokens in the order in which they came."""
        lines = [line for asked in self.asked for line in asked.splitlines()]
        return [line.split()[-1] for line in lines if line.lower().startswith("authorization:")]


class Tokens:
    """Hands out tokens in turn, the last one for ever, and counts."""

    def __init__(self, *tokens: str) -> None:
        self._tokens = list(tokens)
        self.fetched = 0

    def __call__(self, _refused: Secret | None = None) -> Secret:
        self.fetched += 1
        return Secret(self._tokens.pop(0) if len(self._tokens) > 1 else self._tokens[0])


def asking(
    url: str, question: Any, *, seconds: float = 5.0, tokens: Tokens | None = None, width: int = 2, **variables: str
) -> Any:
    """What `question(service)` comes to, asked over a real connection; connecting may take a fifth of `seconds`."""

    async def run() -> Any:
        endpoint = Endpoint(url, connect_timeout=seconds / 5, total_timeout=seconds)
        async with Connection(endpoint, width, variables) as connection:
            return await question(Service(connection, TokenSource(tokens or Tokens("token"))))

    return run()


def within(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Runs it to its end, which has to come."""
    return asyncio.run(asyncio.wait_for(coroutine, 30))
