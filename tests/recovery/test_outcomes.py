"""What became of a write, by what happened on the socket. The table is that of docs/recovery.md."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import httpx
import pytest

from reconciler.api import outcome
from reconciler.api.client import Service
from reconciler.api.connection import Connection, Endpoint
from reconciler.api.protocol import Changed, Created, CreateOutcome, NotSent, Rejected, Unknown
from reconciler.resources.interview.kind import INTERVIEW
from reconciler.secret import Secret
from reconciler.token import TokenSource

SECONDS = 0.4
RESET = struct.pack("ii", 1, 0)
ID = "46b98d37-1557-4391-beca-03037ead19f2"
Talk = Callable[[socket.socket], None]


def _received(connection: socket.socket) -> None:
    """Reads one whole request."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(
        next(line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
    )
    while len(body) < length:
        body += connection.recv(65536)


def says(status: int, body: bytes, *headers: str, cut: int = 0) -> Talk:
    """Answers; with `cut` the connection ends so many bytes before the body does."""

    def talk(connection: socket.socket) -> None:
        _received(connection)
        lines = [f"HTTP/1.1 {status} x", f"Content-Length: {len(body)}", *headers, "", ""]
        connection.sendall("\r\n".join(lines).encode() + body[: len(body) - cut])

    return talk


def resets(connection: socket.socket) -> None:
    _received(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)


def resets_at_once(connection: socket.socket) -> None:
    connection.recv(1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)


def closes(connection: socket.socket) -> None:
    _received(connection)


def is_silent(connection: socket.socket) -> None:
    _received(connection)
    connection.settimeout(SECONDS * 3)
    with suppress(TimeoutError):
        connection.recv(1)


def talks_no_tls(connection: socket.socket) -> None:
    connection.recv(1000)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


def trickles(connection: socket.socket) -> None:
    """Never silent for long, and never done: only a limit on the whole call ends it."""
    _received(connection)
    with suppress(OSError):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(100):
            connection.sendall(b" ")
            threading.Event().wait(SECONDS / 4)


ENVELOPE = json.dumps({"error": "Field is required.", "name": "questions"}).encode()
MADE = json.dumps({"success": True, "interview_def_set_id": ID}).encode()


@dataclass(frozen=True)
class Row:
    """One thing that can happen, and what a create has come to after it."""

    name: str
    talk: Talk
    outcome: type[CreateOutcome]
    scheme: str = "http"


ROWS = [
    Row("tls-failure", talks_no_tls, NotSent, "https"),
    Row("write-error-before-the-end-of-the-request", resets_at_once, Unknown),
    Row("read-timeout", is_silent, Unknown),
    Row("answer-that-never-ends", trickles, Unknown),
    Row("reset-after-sending", resets, Unknown),
    Row("closed-after-sending", closes, Unknown),
    Row("400-with-its-envelope", says(400, ENVELOPE), Rejected),
    Row("401-with-its-envelope", says(401, b'{"error":"Invalid token."}'), Rejected),
    Row("422-with-its-envelope", says(422, ENVELOPE), Rejected),
    Row("400-without-a-body", says(400, b""), Unknown),
    Row("404-of-a-gateway", says(404, b"<html>not here</html>"), Unknown),
    Row("408-of-a-gateway", says(408, b"{}"), Unknown),
    Row("422-with-another-body", says(422, b'["no"]'), Unknown),
    Row("429-with-its-envelope", says(429, b'{"error":"Too many."}', "Retry-After: 0"), Rejected),
    Row("429-with-a-date", says(429, b"", "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT"), Rejected),
    Row("429-without-a-word", says(429, b""), Unknown),
    Row("500", says(500, ENVELOPE), Unknown),
    Row("502", says(502, b""), Unknown),
    Row("503", says(503, b"", "Retry-After: 1"), Unknown),
    Row("504", says(504, b"<html>"), Unknown),
    Row("redirect", says(307, b"", "Location: http://127.0.0.1:9/"), Unknown),
    Row("204", says(204, b""), Unknown),
    Row("200-truncated", says(200, MADE, cut=10), Unknown),
    Row("200-with-half-the-json", says(200, MADE[:-10]), Unknown),
    Row("200-without-an-id", says(200, b'{"success":true}'), Unknown),
    Row("200-with-an-empty-id", says(200, b'{"interview_def_set_id":""}'), Unknown),
    Row("200-with-another-shape", says(200, b"[]"), Unknown),
    Row("200-that-is-not-what-it-says", says(200, b"no gzip", "Content-Encoding: gzip"), Unknown),
    Row("200", says(200, MADE), Created),
]


@contextmanager
def server(talk: Talk) -> Iterator[tuple[int, list[int]]]:
    """A listener that has `talk` with whoever connects; counts its connections."""
    listener = socket.create_server(("127.0.0.1", 0))
    came: list[int] = []

    def accept() -> None:
        while True:
            connection, _ = listener.accept()
            with connection:
                if ended.is_set():
                    return
                came.append(1)
                with suppress(ConnectionError):
                    talk(connection)

    ended = threading.Event()
    thread = threading.Thread(target=accept)
    thread.start()
    port = listener.getsockname()[1]
    try:
        yield port, came
    finally:
        ended.set()
        socket.create_connection(("127.0.0.1", port)).close()
        thread.join()
        listener.close()


def created(base_url: str, *, size: int = 0) -> CreateOutcome:
    """What one create comes to."""

    async def run() -> CreateOutcome:
        async with Connection(Endpoint(base_url, SECONDS, SECONDS), 1, {}) as connection:
            service = Service(connection, TokenSource(lambda _: Secret("token")))
            return await service.create(INTERVIEW, {"name": "x" * size})

    return asyncio.run(run())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_what_a_create_has_come_to(row: Row) -> None:
    size = 30_000_000 if row.talk is resets_at_once else 100
    with server(row.talk) as (port, came):
        found = created(f"{row.scheme}://127.0.0.1:{port}", size=size)
    assert type(found) is row.outcome, found
    assert len(came) == 1, "one send, whatever comes of it"


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert type(created(f"http://127.0.0.1:{port}")) is NotSent


def test_a_name_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert type(created("https://jmctl.invalid")) is NotSent


def test_a_connection_that_is_never_made() -> None:
    """A listener whose queue is full lets nobody in and says nothing."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = []
        for _ in range(4):
            one = socket.socket()
            one.settimeout(0)
            one.connect_ex(listener.getsockname())
            waiting.append(one)
        found = created(f"http://127.0.0.1:{listener.getsockname()[1]}")
        for one in waiting:
            one.close()
    assert isinstance(found, NotSent | Unknown), "both limits run out at once; neither leads to a second send unseen"


@pytest.mark.parametrize(
    "error", [httpx.ConnectError(""), httpx.ConnectTimeout(""), httpx.PoolTimeout(""), httpx.UnsupportedProtocol("")]
)
def test_before_the_first_byte(error: httpx.HTTPError) -> None:
    assert type(outcome.of_error(error)) is NotSent


@pytest.mark.parametrize(
    "error",
    [
        httpx.WriteError(""), httpx.WriteTimeout(""), httpx.ReadError(""), httpx.ReadTimeout(""), httpx.CloseError(""),
        httpx.RemoteProtocolError(""), httpx.LocalProtocolError(""), httpx.ProxyError(""), TimeoutError(),
    ],
    ids=lambda error: type(error).__name__,
)  # fmt: skip
def test_after_it(error: Exception) -> None:
    assert type(outcome.of_error(error)) is Unknown


@pytest.mark.parametrize("row", [row for row in ROWS if row.outcome is Unknown], ids=lambda row: row.name)
def test_an_update_of_unknown_outcome_is_not_sent_again_either(row: Row) -> None:
    async def run(port: int) -> object:
        async with Connection(Endpoint(f"http://127.0.0.1:{port}", SECONDS, SECONDS), 1, {}) as connection:
            service = Service(connection, TokenSource(lambda _: Secret("token")))
            return await service.update(
                INTERVIEW, ID, {"name": "x" * (30_000_000 if row.talk is resets_at_once else 9)}
            )

    with server(row.talk) as (port, came):
        found = asyncio.run(run(port))
    answered = row.name.startswith("200-with") and row.name not in ("200-with-half-the-json", "200-with-another-shape")
    assert type(found) is (Changed if answered else Unknown), found
    assert len(came) == 1 or row.name == "429-without-a-word"
