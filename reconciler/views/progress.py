"""What is seen while applying: a live bar on a terminal, a plain line each in a log, a JSON line each for machines."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from reconciler.plan.outcome import Result
from reconciler.text.sanitize import printable
from reconciler.views.apply_text import result_json
from reconciler.views.progress_bar import live

Watch = Callable[[Result], None]


@contextmanager
def progress(total: int, form: str) -> Iterator[Watch]:
    """Yields what is to be called with every result as it comes."""
    if form == "json":
        yield _json_lines
    elif sys.stderr.isatty():
        with live("applying", total=total) as move:
            yield lambda _: move(advance=1)
    else:
        yield _log_lines(total)


def _json_lines(result: Result) -> None:
    import orjson

    click.echo(orjson.dumps({"event": "result", **result_json(result)}))


def _log_lines(total: int) -> Watch:
    done = 0

    def watch(result: Result) -> None:
        nonlocal done
        done += 1
        click.echo(f"[{done}/{total}] {printable(result.name)}: {result.action.value} {result.ending}", err=True)

    return watch
