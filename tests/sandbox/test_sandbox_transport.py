"""In process, behind httpx: what a socket would do, this raises."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from reconciler.sandbox.transport import BASE_URL, SandboxTransport

if TYPE_CHECKING:
    from pathlib import Path

_HEADERS = {"Authorization": "Bearer x"}


async def _asked(path: Path, rules: list[Any], operation: str = "merchant-status", **options: Any) -> httpx.Response:
    transport = SandboxTransport(path)
    transport.service.set_faults(rules)
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=_HEADERS) as client:
        return await client.get(f"/{operation}", **options)


def test_an_answer(tmp_path: Path) -> None:
    response = asyncio.run(_asked(tmp_path, [], "merchant-interview-list", params={"limit": 3}))
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.json()["pagination"]["limit"] == 3


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("drop_before", httpx.RemoteProtocolError),
        ("drop_after", httpx.ReadError),
        ("unreachable", httpx.ConnectError),
        ("truncated", httpx.RemoteProtocolError),
    ],
)
def test_broken_connections(tmp_path: Path, fault: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        asyncio.run(_asked(tmp_path, [fault]))


def test_latency_honours_the_read_timeout(tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(httpx.ReadTimeout):
        asyncio.run(_asked(tmp_path, ["slow:*:seconds=30"], timeout=0.05))
    assert 0.04 < time.monotonic() - began < 5
    assert asyncio.run(_asked(tmp_path, ["latency:*:seconds=0.05"])).status_code == 200


def test_requests_wait_side_by_side(tmp_path: Path) -> None:
    async def many() -> float:
        transport = SandboxTransport(tmp_path)
        transport.service.switch(latency_ms=100)
        async with httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=_HEADERS) as client:
            began = time.monotonic()
            await asyncio.gather(*(client.get("/merchant-status") for _ in range(20)))
            return time.monotonic() - began

    assert 0.1 <= asyncio.run(many()) < 1


def test_the_control_endpoints_answer_here_too(tmp_path: Path) -> None:
    async def steered() -> Any:
        async with httpx.AsyncClient(transport=SandboxTransport(tmp_path), base_url="http://sandbox") as client:
            await client.put("/_sandbox/switches", json={"environment": "test"})
            return (await client.get("/_sandbox/switches")).json()["environment"]

    assert asyncio.run(steered()) == "test"
