"""One YAML document as plain JSON values, with the place of each. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from reconciler.errors import Where

Path = tuple[str | int, ...]
Mark = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document as plain JSON, with the line and column of each node; an entry stands where its key does.

    `written` holds what stands in the file for a number, true or false where their usual form differs: `55.000`, `007`.
    """

    value: Any
    marks: dict[Path, Mark]
    where: Where
    written: dict[Path, str] = field(default_factory=dict)

    @property
    def files(self) -> tuple[str, ...]:
        """The files that its values come from, where it was put together from several; else none."""
        return ()

    def at(self, *path: str | int) -> Where:
        """The place of a node, or of the nearest node around it that has one."""
        for end in range(len(path), -1, -1):
            if mark := self.marks.get(path[:end]):
                return Where(self.where.path, *mark)
        return self.where
