"""Live progress line on a terminal's stderr; none in a log. rich is imported here alone."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

Move = Callable[..., None]


@contextmanager
def live(words: str, *, total: int | None = None, shown: bool = True) -> Iterator[Move]:
    """Yields what moves the line on: called with `advance=1`, or with `completed` and `total`."""
    if not shown or not sys.stderr.isatty():
        yield lambda **_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    # not redirected: rich would send the rows on stdout to stderr
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False) as bar:
        yield partial(bar.update, bar.add_task(words, total=total))
