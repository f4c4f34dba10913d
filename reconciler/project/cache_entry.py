"""What the files that make some resources gave, as plain JSON for the cache, and back.

    inputs     digests of the files that it was made from; the first is the manifest itself
    desired    one row a resource; its places name files by their index in `inputs`
    warnings   one row each, with the same index

No path is kept: equal files share an entry, and a file that moves keeps its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reconciler.errors import Problem, Where
from reconciler.manifest.desired import Desired, Lifecycle
from reconciler.manifest.places import Places

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Judged = tuple[list[Desired], list[Problem]]


def kept(inputs: Mapping[str, str], desired: Sequence[Desired], warnings: Sequence[Problem]) -> dict[str, Any]:
    """The entry for resources without errors; `inputs` gives the path of each digest, in the order of their places."""
    index = {path: number for number, path in enumerate(inputs.values())}
    return {
        "inputs": list(inputs),
        "desired": [
            [
                item.name,
                item.spec,
                item.digest,
                *_numbers(index, item.where),
                item.places.as_text_in(index) if isinstance(item.places, Places) else "",
                item.labels,
                [item.lifecycle.protect, item.lifecycle.on_remove, item.lifecycle.ignore],
                item.renamed_from,
                item.import_id,
                item.kind,
            ]
            for item in desired
        ],
        "warnings": [
            [note.summary, note.detail, note.hint, *_numbers(index, note.where or Where(""))] for note in warnings
        ],
    }


def recalled(entry: Any, paths: Mapping[str, str]) -> Judged | None:
    """What an entry says, where `paths` gives the path of each file by its digest.

    None when there is no entry, when one of its inputs is not among `paths`, and when it is not what `kept` writes.
    """
    if entry is None:
        return None
    try:
        files = [paths[digest] for digest in entry["inputs"]]
        return (
            [_desired(row, files) for row in entry["desired"]],
            [_warning(row, files) for row in entry["warnings"]],
        )
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        return None


def _desired(row: Any, files: Sequence[str]) -> Desired:
    name, spec, digest, file, line, column, places, labels, lifecycle, renamed_from, import_id, kind = row
    protect, on_remove, ignore = lifecycle
    return Desired(
        name,
        spec,
        digest,
        Where(files[file], line, column),
        Places(spec, files, places),
        labels,
        Lifecycle(protect, on_remove, tuple(ignore)),
        tuple(renamed_from),
        import_id,
        kind,
    )


def _warning(row: Any, files: Sequence[str]) -> Problem:
    summary, detail, hint, file, line, column = row
    return Problem(summary, detail, hint, Where(files[file], line, column), "warning")


def _numbers(index: Mapping[str, int], where: Where) -> tuple[int, int, int]:
    return index.get(where.path, 0), where.line, where.column
