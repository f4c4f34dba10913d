"""A judged file as plain JSON for the cache, and back. Places are kept without path: equal files share an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reconciler.errors import Problem, Where
from reconciler.manifest.desired import Desired, Lifecycle

if TYPE_CHECKING:
    from collections.abc import Sequence

_NOWHERE = (0, 0)

Judged = tuple[list[Desired], list[Problem]]


def kept(desired: Sequence[Desired], warnings: Sequence[Problem]) -> dict[str, Any]:
    """The entry for a file without errors."""
    return {
        "desired": [
            [
                item.name,
                item.spec,
                item.digest,
                item.where.line,
                item.where.column,
                [number for key in item.spec for number in item.marks.get(key, _NOWHERE)],
                item.labels,
                [item.lifecycle.protect, item.lifecycle.on_remove, item.lifecycle.ignore],
                item.renamed_from,
                item.import_id,
            ]
            for item in desired
        ],
        "warnings": [[note.summary, note.detail, note.hint, *_place(note)] for note in warnings],
    }


def recalled(entry: Any, path: str) -> Judged | None:
    """What an entry says about the file at `path`; None when there is none or it is not what `kept` writes."""
    if entry is None:
        return None
    try:
        return (
            [_desired(row, path) for row in entry["desired"]],
            [_warning(row, path) for row in entry["warnings"]],
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _desired(row: Any, path: str) -> Desired:
    name, spec, digest, line, column, marks, labels, (protect, on_remove, ignore), renamed_from, import_id = row
    return Desired(
        name,
        spec,
        digest,
        Where(path, line, column),
        # every key of spec has its mark, in the same order
        dict(zip(spec, zip(marks[::2], marks[1::2], strict=True), strict=True)),
        labels,
        Lifecycle(protect, on_remove, tuple(ignore)),
        tuple(renamed_from),
        import_id,
    )


def _warning(row: Any, path: str) -> Problem:
    summary, detail, hint, line, column = row
    return Problem(summary, detail, hint, Where(path, line, column), "warning")


def _place(note: Problem) -> tuple[int, int]:
    return (note.where.line, note.where.column) if note.where else (0, 0)
