"""The working file of an export after every way of being broken off."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from reconciler.errors import Locked
from reconciler.results.checkpoint import Partial
from reconciler.results.ordered_map import in_order


def filled(target: Path, count: int = 3) -> Path:
    with Partial(target, "key") as partial:
        for number in range(count):
            partial.add(f"id-{number}", "then", [{"n": number}])
        return partial.path


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_torn_end_is_cut_off_and_the_rest_kept(tmp_path: Path, cut: int) -> None:
    path = filled(tmp_path / "out")
    path.write_bytes(path.read_bytes()[:-cut])
    with Partial(tmp_path / "out", "key") as partial:
        assert partial.recalled == 2 - (cut > len('{"id":"id-2","at":"then","rows":[{"n":2}]}\n'))
        partial.add("id-9", "then", [{"n": 9}])
        assert list(partial.rows(["id-9", "id-0"])) == [{"n": 9}, {"n": 0}]
    with Partial(tmp_path / "out", "key") as partial:
        assert partial.holds("id-9", "then")
        assert not partial.holds("id-9", "later")


@pytest.mark.parametrize(
    "data", [b"", b"\x00\xff", b'{"key":"other"}\n{"id":"id-0","at":null,"rows":[]}\n', b'{"key":"key"}']
)
def test_what_is_not_ours_begins_anew(tmp_path: Path, data: bytes) -> None:
    path = filled(tmp_path / "out")
    path.write_bytes(data)
    with Partial(tmp_path / "out", "key") as partial:
        assert partial.recalled == 0
        partial.add("id-0", None, [{"n": 0}])
        assert list(partial.rows(["id-0"])) == [{"n": 0}]


def test_a_result_that_changed_is_read_again_and_the_newer_rows_count(tmp_path: Path) -> None:
    filled(tmp_path / "out")
    with Partial(tmp_path / "out", "key") as partial:
        partial.add("id-0", "later", [{"n": "new"}])
        assert list(partial.rows(["id-0"])) == [{"n": "new"}]


def test_one_export_at_a_time(tmp_path: Path) -> None:
    with Partial(tmp_path / "out", "key"), pytest.raises(Locked, match="another export"):
        Partial(tmp_path / "out", "key")
    with Partial(tmp_path / "out", "key") as partial:
        assert partial.recalled == 0


def test_work_is_bounded_and_in_order() -> None:
    at_once = most = 0

    async def items() -> AsyncIterator[int]:
        for number in range(50):
            yield number

    async def work(number: int) -> int:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.001 * (number % 3))
        at_once -= 1
        return number

    async def run() -> list[int]:
        return [done async for done in in_order(items(), work, 4)]

    assert asyncio.run(run()) == list(range(50))
    assert most == 4


def test_the_first_error_ends_the_work() -> None:
    begun = []

    async def items() -> AsyncIterator[int]:
        for number in range(100):
            yield number

    async def work(number: int) -> int:
        begun.append(number)
        await asyncio.sleep(0)
        if number == 3:
            raise LookupError
        return number

    async def run() -> None:
        async for _ in in_order(items(), work, 2):
            pass

    with pytest.raises(LookupError):
        asyncio.run(run())
    assert len(begun) < 12
