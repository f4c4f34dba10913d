"""What the commands of `jmctl results` share: the options that choose results, and the progress of reading them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import wraps
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Self

import click

from reconciler.cli.options import from_here, print_event
from reconciler.cli.suggestions import recorded_names
from reconciler.cli.write import write
from reconciler.events import Event, ResultsRead
from reconciler.results.selection import TABS, Selection, first_day
from reconciler.results.view import VIEWS
from reconciler.text.plural import counted
from reconciler.views.progress_bar import live

if TYPE_CHECKING:
    from reconciler.engine.results import ReadCounts

STDOUT = Path("-")
"""What FILE is to print instead."""

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


def view_option(default: str) -> Callable[..., Any]:
    """--view; `default` says in words which one counts without it."""
    words = f"How much of each result; full has the raw data of assessments. Default: {default}."
    return click.option("--view", type=click.Choice(VIEWS), help=words)


@contextmanager
def written_to(out: Path) -> Iterator[Path]:
    """The file to write for `out`: itself, or one whose text is printed at the end where `out` is "-"."""
    if out != STDOUT:
        yield from_here(out)
        return
    with TemporaryDirectory() as folder:
        file = Path(folder) / "stdout"
        yield file
        write(file.read_text(encoding="utf-8"), nl=False)


class ReadingProgress:
    """A bar for reading results, on a terminal; a subscriber and a context manager. Other events become lines."""

    def __init__(self, label: str, *, shown: bool = True) -> None:
        self._live = live(label, shown=shown)
        self._stack = ExitStack()
        self.total = 0  # rows that the lists asked so far have

    def __enter__(self) -> Self:
        self._move = self._stack.enter_context(self._live)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def __call__(self, event: Event) -> None:
        if isinstance(event, ResultsRead):
            self.total = event.total
            self._move(completed=event.done, total=event.total)
        else:
            print_event(event)


def counts_text(counts: ReadCounts) -> str:
    """What was read, for stderr."""
    parts = [f"{counted(counts.read, 'result')} read"]
    parts += [f"{counts.kept} kept from before"] if counts.kept else []
    parts += [f"{counts.not_begun} not begun"] if counts.not_begun else []
    parts += [f"{counts.gone} no longer there"] if counts.gone else []
    parts += [f"{counted(counts.shortened, 'cell')} cut (jsonl has them whole)"] if counts.shortened else []
    return ", ".join(parts)
