"""Where each value of a resource was written: file, line and column, also of fields inside of keyed lists.

Thousands of places are recalled from the cache and few are looked at, so they are kept as plain numbers and made on
demand. The order of the numbers is that of `paths`, so paths need not be kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from reconciler.errors import Where

Path = tuple[str, ...]
Node = tuple[str | int, ...]
Mark = tuple[int, int]
_NUMBERS = 3  # of one place: index of its file, line, column


def paths(spec: Mapping[str, Any]) -> Iterator[Path]:
    """The paths of `spec` that have places: each field, each entry of a list with stable keys, each of its fields.

    An entry is named by its `external_id`: `("questions", "hard-ticket", "duration")`.
    """
    for name, value in spec.items():
        yield (name,)
        for entry in value if isinstance(value, list) else ():
            if isinstance(entry, dict) and "external_id" in entry:
                yield (name, entry["external_id"])
                yield from ((name, entry["external_id"], field) for field in entry)


class Places(Mapping[Path, Where]):
    """The places of the paths of `spec`; `numbers` holds index in `files`, line and column (from 1) of each in turn.

    They may be given as text, which costs less to read from the cache than many numbers. Looking a place up raises
    ValueError when the numbers do not fit the paths.
    """

    __slots__ = ("_files", "_made", "_numbers", "_spec")

    def __init__(self, spec: Mapping[str, Any], files: Sequence[str], numbers: Sequence[int] | str) -> None:
        self._spec, self._files, self._numbers = spec, files, numbers
        self._made: dict[Path, Where] | None = None

    def __getitem__(self, path: Path) -> Where:
        return self._places()[path]

    def __iter__(self) -> Iterator[Path]:
        return iter(self._places())

    def __len__(self) -> int:
        return len(self._places())

    def __repr__(self) -> str:
        return f"Places({self._places()!r})"

    def as_text(self) -> str:
        """The numbers as text, for the cache."""
        return self._numbers if isinstance(self._numbers, str) else " ".join(map(str, self._numbers))

    def as_text_in(self, index: Mapping[str, int]) -> str:
        """The numbers as text, with each file by its number in `index`."""
        own = [index.get(path, 0) for path in self._files]
        if own == [*range(len(own))]:
            return self.as_text()
        numbers = [*map(int, self.as_text().split())]
        numbers[::_NUMBERS] = [own[file] for file in numbers[::_NUMBERS]]
        return " ".join(map(str, numbers))

    def _places(self) -> dict[Path, Where]:
        if self._made is None:
            numbers = map(int, self.as_text().split())
            triples = zip(numbers, numbers, numbers, strict=True)
            self._made = {
                path: Where(self._files[file], line, column)
                for path, (file, line, column) in zip(paths(self._spec), triples, strict=True)
            }
        return self._made


class Renamed(Mapping[Path, Where]):
    """`places` in which the top-level field `field` is the one that was written as `written`."""

    __slots__ = ("_field", "_places", "_written")

    def __init__(self, places: Mapping[Path, Where], field: str, written: str) -> None:
        self._places, self._field, self._written = places, field, written

    def __getitem__(self, path: Path) -> Where:
        return self._places[(self._written,) if path == (self._field,) else path]

    def __iter__(self) -> Iterator[Path]:
        return ((self._field,) if path == (self._written,) else path for path in self._places)

    def __len__(self) -> int:
        return len(self._places)


def collected(spec: Mapping[str, Any], marks: Mapping[Node, Mark], place: Callable[[Node], Mark]) -> list[int]:
    """The numbers of the places of `spec`, all of one file.

    `marks` has line and column of the nodes of the document; `place` gives them for a node that is not in it.
    """
    numbers: list[int] = []
    find = marks.get  # called for each value of each manifest
    for name, value in spec.items():
        node: Node = ("spec", name)
        numbers += (0, *(find(node) or place(node)))
        for index, entry in enumerate(value if isinstance(value, list) else ()):
            if isinstance(entry, dict) and "external_id" in entry:
                node = ("spec", name, index)
                numbers += (0, *(find(node) or place(node)))
                for field in entry:
                    node = ("spec", name, index, field)
                    numbers += (0, *(find(node) or place(node)))
    return numbers


def gathered(spec: Mapping[str, Any], files: Sequence[str], at: Callable[..., Where]) -> list[int]:
    """As `collected`, of a document whose values come from several `files`; `at` gives the place of a node."""
    number = {path: index for index, path in enumerate(files)}
    numbers: list[int] = []

    def add(*node: str | int) -> None:
        where = at(*node)
        numbers.extend((number.get(where.path, 0), where.line, where.column))

    for name, value in spec.items():
        add("spec", name)
        for index, entry in enumerate(value if isinstance(value, list) else ()):
            if isinstance(entry, dict) and "external_id" in entry:
                add("spec", name, index)
                for field in entry:
                    add("spec", name, index, field)
    return numbers
