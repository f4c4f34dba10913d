"""What is seen of an apply: the plan, then a bar on a terminal, a line each in a log, a JSON line each for machines."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from reconciler.events import ApplyStarted, ChangeFinished, Event, PlanMade
from reconciler.text.sanitize import printable
from reconciler.views.apply_text import result_json
from reconciler.views.plan_heading import Heading

if TYPE_CHECKING:
    from reconciler.plan.outcome import Result
    from reconciler.views.progress_bar import Move


class ApplyProgress:
    """A subscriber for the length of one apply, and a context manager, which ends the bar; `form` is human or json.

    `heading` is shown above the plan. `write` prints a line, to stderr with err=True.
    """

    def __init__(self, form: str, write: Callable[..., None]) -> None:
        self.heading = Heading()
        self._form = form
        self._write = write
        self._stack = ExitStack()
        self._move: Move | None = None
        self._total = self._done = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def __call__(self, event: Event) -> None:
        match event:
            case PlanMade(plan) if self._form == "human":
                from reconciler.views.plan_review import PlanReview
                from reconciler.views.plan_text import plan_lines

                for line in plan_lines(PlanReview(plan, self.heading)):
                    self._write(line)
            case ApplyStarted(total):
                self._total = total
                if self._form == "human" and sys.stderr.isatty():
                    from reconciler.views.progress_bar import live

                    self._move = self._stack.enter_context(live("applying", total=total))
            case ChangeFinished(result):
                self._done += 1
                self._show(result)
            case _:
                pass

    def _show(self, result: Result) -> None:
        if self._form == "json":
            import orjson

            self._write(orjson.dumps({"event": "result", **result_json(result)}))
        elif self._move:
            self._move(advance=1)
        else:
            line = f"[{self._done}/{self._total}] {printable(result.name)}: {result.action.value} {result.ending}"
            self._write(line, err=True)
