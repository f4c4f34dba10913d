"""What an apply came to: a line for each interview, then the sum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import click

from reconciler.plan.outcome import Ending, Result
from reconciler.text.sanitize import printable

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
