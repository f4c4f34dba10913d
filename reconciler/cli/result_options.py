"""The options that choose results, and the way through the pages of the list."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli.suggestions import recorded_names
from reconciler.results.selection import TABS, Selection, first_day, is_meant, is_past, queries
from reconciler.text.plural import counted

if TYPE_CHECKING:
    from reconciler.api.results import Asked
    from reconciler.project.config import Config
    from reconciler.results.listed_result import Listed
    from reconciler.state.model import State

_FILTERS: Mapping[str, tuple[str, Any]] = {
    "tab": ("Only those of this state of decision or completion.", click.Choice(TABS)),
    "step": ("Only those of this step.", click.Choice(("pre-screening", "interview"))),
    "risks": ("Only those with one of these risks, comma-separated.", str),
    "filter_text": ("Only candidates with this in name or e-mail address.", str),
    "filter_emoji": ("Only candidates marked with this emoji.", str),
    "profile_interview_id": ("Only this candidate.", str),
}
_FLAGS = {"filter_text": "text", "filter_emoji": "emoji", "profile_interview_id": "candidate"}


def selection_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """NAME... and the filters, gathered into `selection`."""

    @wraps(function)
    def gathered(*, names: tuple[str, ...], since: str | None, **options: Any) -> Any:
        filters = {name: options.pop(name) for name in _FILTERS}
        chosen = {name: value for name, value in filters.items() if value is not None}
        return function(selection=Selection(names, chosen, first_day(since) if since else None), **options)

    wrapped: Callable[..., Any] = click.argument("names", metavar="[NAME]...", nargs=-1, shell_complete=recorded_names)(
        gathered
    )
    wrapped = click.option("--since", metavar="TIME", help="Only those since a date, or an age: 30d, 12h, 6w.")(wrapped)
    for name, (words, kind) in reversed(list(_FILTERS.items())):
        flag = f"--{_FLAGS.get(name, name)}"
        wrapped = click.option(flag, name, type=kind, help=words)(wrapped)
    return wrapped


async def rows(
    service: Asked,
    state: State,
    selection: Selection,
    known: Mapping[str, Any],
    *,
    count: Callable[[int, int], None] = lambda _seen, _total: None,
) -> AsyncIterator[Listed]:
    """Every row of the selection, page after page; `count` is told how many rows were seen and how many there are."""
    from reconciler.api.results import result_pages

    seen = before = total = 0
    for query in queries(state, selection):
        async for page in result_pages(service, query):
            seen += len(page.rows)
            total = page.total
            count(seen, before + total)
            for row in page.rows:
                if is_meant(row, selection, known):
                    yield row
            if page.rows and is_past(page.rows[-1], selection):
                break
        before += total


async def told(config: Config, state: State, selection: Selection, *, limit: int | None, form: str) -> None:
    """The list on stdout: lines as they come, or one document."""
    from reconciler.engine.connect import connect
    from reconciler.results.provenance import index
    from reconciler.views.progress_bar import live
    from reconciler.views.results.document import as_json
    from reconciler.views.results.listing import header, row_json, row_line

    known = index(state)
    width = max((len(address.name) for address in state.entries), default=8)
    documents: list[dict[str, Any]] = []
    number = 0
    async with connect(config, read_only=True) as service:
        rows_are_seen = form != "json" and sys.stdout.isatty()
        with live("results", shown=not rows_are_seen) as move:

            def count(seen: int, total: int) -> None:
                move(completed=seen, total=total)

            async for row in rows(service, state, selection, known, count=count):
                name = known[row.interview_id][0].name if row.interview_id in known else None
                number += 1
                if form == "json":
                    documents.append(row_json(row, name))
                else:
                    if number == 1:
                        click.echo(header(width))
                    click.echo(row_line(row, name, width))
                if number == limit:
                    break
    if form == "json":
        click.echo(as_json({"version": 1, "count": number, "results": documents}))
    else:
        click.echo(f"{counted(number, 'result')}.")
