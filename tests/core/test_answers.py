"""Answers that are hostile or broken: every form of Retry-After, and bodies without end."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from reconciler.api import connection
from reconciler.api.connection import Connection, Endpoint
from reconciler.api.outcome import retry_after


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("2", 2, 2),
        ("inf", 120, 120),
        ("1e400", 120, 120),
        ("-5", 0, 0),
        ("-inf", 0, 0),
        ("nan", 0, 0),
        ("9" * 400, 120, 120),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0, 0),
        ("Wed, 21 Oct 2015 07:28:00 -0000", 0, 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 120, 120),
        ("Fri, 31 Dec 9999 23:59:59 -2359", 120, 120),
    ],
)
def test_every_form_of_retry_after_is_a_bounded_wait(text: str, least: float, most: float) -> None:
    seconds = retry_after(httpx.Response(429, headers={"retry-after": text}))
    assert seconds is not None
    assert least <= seconds <= most


@pytest.mark.parametrize("ending", [" GMT", " -0000", ""])
def test_date_is_waited_for_whatever_its_zone_looks_like(ending: str) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=60)).removesuffix(" +0000")
    seconds = retry_after(httpx.Response(429, headers={"retry-after": soon + ending}))
    assert seconds is not None
    assert 1 <= seconds <= 60


@pytest.mark.parametrize("text", ["", "soon", "Wed, 99 Oct 2015", "\u0662"])
def test_what_is_no_time_says_nothing(text: str) -> None:
    headers = [(b"retry-after", text.encode())]
    assert retry_after(httpx.Response(429, headers=headers)) in (None, 2.0)


def _asked(answer: httpx.Response) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.MockTransport(lambda _: answer)
        async with Connection(Endpoint("https://service.invalid", transport=transport), 1) as opened:
            return await opened.send("GET", "x", token="t")  # noqa: S106 - not a secret

    return asyncio.run(ask())


async def _endless() -> AsyncIterator[bytes]:
    while True:
        yield b"x" * 65536


def test_a_body_without_end_is_an_error_and_not_a_full_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_LARGEST_BODY", 1_000_000)
    with pytest.raises(httpx.RemoteProtocolError, match="larger than 1000000"):
        _asked(httpx.Response(200, content=_endless()))


def test_a_body_that_decompresses_beyond_the_bound_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_LARGEST_BODY", 1_000_000)
    packed = gzip.compress(bytes(5_000_000))
    with pytest.raises(httpx.RemoteProtocolError, match="larger"):
        _asked(httpx.Response(200, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(packed)))


def test_a_compressed_body_arrives_whole() -> None:
    packed = httpx.ByteStream(gzip.compress(b"{}"))
    assert _asked(httpx.Response(200, headers={"content-encoding": "gzip"}, stream=packed)).content == b"{}"
