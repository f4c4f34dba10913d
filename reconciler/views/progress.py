"""What is seen of an apply: the plan, then a bar, a line or a JSON line for each interview, and the sum at its end."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Self

import click

from reconciler.events import ApplyStarted, ChangeFinished, Event, PlanMade
from reconciler.plan.outcome import Ending, Result
from reconciler.text.sanitize import printable
from reconciler.views.plan_review import Heading

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

    def __call__(self, event: Event) -> bool:
        """Shows the progress that `event` reports; false when it reports something else."""
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
                return False
        return True

    def _show(self, result: Result) -> None:
        if self._form == "json":
            import orjson

            self._write(orjson.dumps({"event": "result", **result_json(result)}))
        elif self._move:
            self._move(advance=1)
        else:
            line = f"[{self._done}/{self._total}] {printable(result.name)}: {result.action.value} {result.ending}"
            self._write(line, err=True)


_COLOURS: dict[Ending, str] = {
    "done": "green",
    "failed": "red",
    "unknown": "magenta",
    "interrupted": "yellow",
    "not started": "yellow",
}
_MOST_LINKS = 5


def result_line(result: Result) -> str:
    """One interview: how it ended, its name, its id, and why when there is a why."""
    ending = click.style(f"{result.ending:<11}", fg=_COLOURS[result.ending], bold=result.ending != "done")
    parts = [f"{result.action.value:<7}", printable(result.name), printable(result.id or ""), printable(result.detail)]
    return f"{ending} " + "  ".join(part for part in parts if part)


def result_lines(results: Sequence[Result], state_file: str) -> Iterator[str]:
    """The table and the sum."""
    for result in results:
        yield result_line(result)
        if result.hint:
            yield f"{'':<11} hint: {printable(result.hint)}"
    counts = Counter(result.ending for result in results)
    counted = ", ".join(f"{counts[ending]} {ending}" for ending in _COLOURS if counts[ending])
    yield click.style(f"Applied: {counted}. State: {state_file}", bold=True)


def next_lines(opened: Sequence[tuple[str, str | None]]) -> Iterator[str]:
    """What can be clicked now and what to type next; `opened` are names and links, None in a sandbox on this disk."""
    for name, link in opened[:_MOST_LINKS]:
        if link:
            yield f"{printable(name)} opens at {printable(link)}"
    if len(opened) > _MOST_LINKS:
        yield f"and {len(opened) - _MOST_LINKS} more"
    name, link = opened[0]
    if link:
        yield f"next: jmctl embed {printable(name)} for a page of yours, jmctl results list once it was taken"
    else:
        yield f"next: jmctl sandbox open {printable(name)} to take it in your browser, then jmctl results list"


def result_json(result: Result) -> dict[str, Any]:
    """The same for machines."""
    return {
        "kind": result.address.kind,
        "name": result.name,
        "action": result.action.value,
        "ending": result.ending,
        "id": result.id,
        "detail": result.detail,
        "hint": result.hint,
    }
