"""What a human wants, validated: the value that leaves the front of the pipeline, read by everything behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from reconciler.address import Address
from reconciler.errors import Where

OnRemove = Literal["archive", "delete", "forget"]


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """How jmctl treats an interview; never sent to the service."""

    protect: bool = False
    on_remove: OnRemove = "archive"
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Desired:
    """One interview as declared.

    `spec` is plain JSON under the API's own names and holds only what the manifest declares, except that every
    question carries its stable key as `external_id`. `marks` gives line and column (from 1) of each key of `spec`.
    `digest` is that of `spec` alone: formatting, comments, key order and labels do not change it.
    """

    name: str
    spec: Mapping[str, Any]
    digest: str
    where: Where
    marks: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    lifecycle: Lifecycle = Lifecycle()
    renamed_from: tuple[str, ...] = ()
    import_id: str | None = None
    kind: str = "Interview"

    @property
    def address(self) -> Address:
        """Its identity within the environment."""
        return Address(self.kind, self.name)

    def at(self, key: str) -> Where:
        """Where `spec.<key>` stands, or the interview itself when the manifest does not declare it."""
        line, column = self.marks.get(key, (self.where.line, self.where.column))
        return Where(self.where.path, line, column)
