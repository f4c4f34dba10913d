"""Results into a file: what was read is kept while reading, and put in place at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from reconciler.atomic_file import replacing
from reconciler.cli.options import say
from reconciler.engine.read_results import Tally, read_all
from reconciler.errors import Misconfigured, Unanswered, Where
from reconciler.results.columns import Column, Per
from reconciler.results.listed_result import Listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reconciler.project.config import Config
    from reconciler.results.selection import Selection
    from reconciler.state.model import State

    Write = Callable[[BinaryIO, Sequence[Column], Iterable[dict[str, Any]]], None]


async def export(  # noqa: PLR0913, PLR0917 - what, of which, how, where
    config: Config, state: State, selection: Selection, per: Per, columns: Sequence[Column], write: Write, out: Path
) -> Tally:
    """Writes the file `out`, atomically; broken off and called again it goes on where it was. Raises Unanswered."""
    from reconciler.canonical_json import digest
    from reconciler.results.checkpoint import Partial
    from reconciler.results.rows import rows

    key = digest([config.endpoint, state.lineage, state.serial, selection.key(), per, [item.name for item in columns]])
    tally = Tally()
    try:
        with Partial(out, key) as partial:
            if partial.recalled:
                say(f"going on with an export that was broken off: {partial.recalled} results are there")
            async for result in read_all(config, state, selection, tally, skip=lambda row: _is_there(partial, row)):
                at = result.listed.text("updated_at") if result.listed else None
                partial.add(result.detail.result_id, at, rows(result, per, columns))
            there = [result_id for result_id in tally.order if partial.holds_any(result_id)]
            with replacing(out) as file:
                write(file, columns, partial.rows(there))
            partial.remove()
    except Unanswered as error:
        (problem, *_) = error.problems
        hint = f"{problem.hint}\n" if problem.hint else ""
        again = "then run the same command again: what was read is kept"
        raise Unanswered(problem.summary, problem.detail, hint=f"{hint}{again}") from None
    except OSError as error:
        raise Misconfigured(
            "the file cannot be written", error.strerror or "", hint="check the path", where=Where(str(out))
        ) from None
    return tally


def _is_there(partial: Any, row: Listed) -> bool:
    return bool(partial.holds(row.result_id, row.text("updated_at")))


def writer(form: str) -> Write:
    """What writes rows in this format. Raises Misconfigured when its library is missing."""
    if form == "csv":
        from reconciler.views.results.rows_csv import write_csv

        return write_csv
    if form == "parquet":
        from reconciler.views.results.rows_parquet import require, write_parquet

        require()
        return write_parquet
    from reconciler.views.results.rows_jsonl import write_jsonl

    return write_jsonl
