"""Running a use case: its result passes through the event loop untouched."""

from __future__ import annotations

from reconciler.cli.options import run


class Result:
    """Counts how often it was formatted."""

    def __init__(self) -> None:
        self.formatted = 0

    def __repr__(self) -> str:
        self.formatted += 1
        return "a result"


async def use_case() -> Result:
    return Result()


def test_result_is_not_formatted_on_the_way_out() -> None:
    assert run(use_case()).formatted == 0
