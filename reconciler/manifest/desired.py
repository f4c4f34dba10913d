"""What a human wants, validated: the value that leaves the front of the pipeline, read by everything behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from reconciler.address import Address
from reconciler.errors import Where
from reconciler.manifest.places import Path

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
    question carries its stable key as `external_id`. `places` says where each of its values was written (see
    `manifest.places`). `digest` is that of `spec` alone: formatting, comments, key order and labels do not change it.
    """

    name: str
    spec: Mapping[str, Any]
    digest: str
    where: Where
    places: Mapping[Path, Where] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    lifecycle: Lifecycle = Lifecycle()
    renamed_from: tuple[str, ...] = ()
    import_id: str | None = None
    kind: str = "Interview"

    @property
    def address(self) -> Address:
        """Its identity within the environment."""
        return Address(self.kind, self.name)

    def at(self, *path: str) -> Where:
        """The place of a value inside `spec`, else of what is around it, else of the resource itself."""
        for end in range(len(path), 0, -1):
            if place := self.places.get(path[:end]):
                return place
        return self.where
