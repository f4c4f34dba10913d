"""Running a use case: its result passes through the event loop untouched."""

from __future__ import annotations

from reconciler.cli.options import run


class Result:
    """Fails a run that formats its result."""

    def __repr__(self) -> str:
        raise AssertionError("a result is formatted only when it is shown")


async def use_case() -> Result:
    return Result()


def test_result_is_not_formatted_on_the_way_out() -> None:
    assert isinstance(run(use_case()), Result)
