"""A TCP proxy that breaks one connection in so many, before the service hears of a request or after it is done."""

from __future__ import annotations

import asyncio
import random
import socket
import struct
import threading
from collections import Counter
from typing import Self

_RESET = struct.pack("ii", 1, 0)


class Proxy:
    """Passes requests on to `port`, in a thread of its own; which connections break, and when, is drawn from `seed`.

    A connection carries at most `requests` requests. One that breaks does so at any one of them:
    before      the request is read and dropped; the service never hears of it
    after       the service has done it and answered; the answer is dropped
    """

    def __init__(self, port: int, *, one_in: int, requests: int, seed: int) -> None:
        self._target = port
        self._one_in = one_in
        self._requests = requests
        self._chance = random.Random(seed)  # noqa: S311 - a repeatable die, not a secret
        self.connections = self.passed = 0
        self.broken: Counter[str] = Counter()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    async def _start(self) -> int:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        onward, answers = await asyncio.open_connection("127.0.0.1", self._target)
        self.connections += 1
        breaks = self._chance.randrange(self._one_in) == 0
        at, fate = self._chance.randrange(self._requests), self._chance.choice(("before", "after"))
        try:
            for number in range(self._requests):
                request = await _message(reader)
                if not request:
                    return
                breaks_now = breaks and number == at
                if not (breaks_now and fate == "before"):
                    answers.write(request)
                    answer = await _message(onward)
                if breaks_now:
                    self.broken[fate] += 1
                    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                    return
                self.passed += 1
                is_last = number == self._requests - 1
                writer.write(answer.replace(b"\r\n", b"\r\nConnection: close\r\n", 1) if is_last else answer)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()
            answers.close()

    def __enter__(self) -> Self:
        self._thread.start()
        self.port = asyncio.run_coroutine_threadsafe(self._start(), self._loop).result()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        await asyncio.sleep(0)
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


async def _message(reader: asyncio.StreamReader) -> bytes:
    """One whole HTTP message with a content length; empty when the other side has gone."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
        return head + await reader.readexactly(int(fields.get(b"content-length", b"0")))
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""
