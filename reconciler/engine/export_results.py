"""Export results to a file: what was read is kept while reading, and put in place at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reconciler.atomic_file import PRIVATE, replacing
from reconciler.canonical_json import digest
from reconciler.engine.results import ReadCounts, Results, RowWriter
from reconciler.errors import Misconfigured, Unanswered, Where
from reconciler.events import ExportResumed
from reconciler.results.checkpoint import Partial
from reconciler.results.columns import Column, Per
from reconciler.results.listed_result import Listed
from reconciler.results.rows import rows
from reconciler.results.selection import Selection
from reconciler.results.view import View


async def export(  # noqa: PLR0913, PLR0917 - what, of which, where, how
    results: Results,
    selection: Selection,
    out: Path,
    per: Per,
    columns: Sequence[Column],
    write: RowWriter,
    view: View,
) -> ReadCounts:
    """Writes the file `out`, atomically; broken off and called again it goes on where it was. Raises Unanswered."""
    project = results.project
    state = project.state()
    names = [item.name for item in columns]
    key = digest([project.config.endpoint, state.lineage, state.serial, selection.key(), per, names, view])
    counts = ReadCounts()
    try:
        with Partial(out, key) as partial:
            if partial.recalled:
                project.notify(ExportResumed(partial.recalled))
            async for result in results.read(selection, counts, skip=lambda row: _is_there(partial, row)):
                at = result.listed.text("updated_at") if result.listed else None
                partial.add(result.detail.result_id, at, rows(result, per, columns, view))
            there = [result_id for result_id in counts.order if partial.holds_any(result_id)]
            with replacing(out, mode=PRIVATE) as file:
                counts.shortened = write(file, columns, partial.rows(there))
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
    return counts


def _is_there(partial: Partial, row: Listed) -> bool:
    return row.result_id is not None and partial.holds(row.result_id, row.text("updated_at"))
