"""Layers of values, the nearest first: a field is taken whole from the first layer that declares it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reconciler.errors import Where
from reconciler.yaml.document import Document, Path


@dataclass(frozen=True, slots=True)
class Layer:
    """The values that one part of one document declares.

    They stand below `prefix` in `document`, but for those whose node `spots` gives. `raw` is the document before
    variables were replaced. `title` says which layer it is.
    """

    title: str
    document: Document
    prefix: Path
    values: Mapping[str, Any]
    raw: Document
    spots: Mapping[str, Path] = field(default_factory=dict)

    def node(self, *path: str | int) -> Path:
        """The path in `document` of the value at `path` of this layer."""
        if not path:
            return self.prefix
        return (*self.spots.get(str(path[0]), (*self.prefix, path[0])), *path[1:])

    def at(self, *path: str | int) -> Where:
        """The place of a value."""
        return self.document.at(*self.node(*path))

    def written(self, *path: str | int) -> Any:
        """A value as it stands in the file, with its variables; None where there is none."""
        return node_at(self.raw.value, self.node(*path))


def node_at(value: Any, path: Path) -> Any:
    """What stands at `path` inside `value`; None when nothing does."""
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def layer(title: str, document: Document, raw: Document, prefix: Path) -> Layer | None:
    """The layer of what stands at `prefix`; None when no mapping does."""
    values = node_at(document.value, prefix)
    return Layer(title, document, prefix, values, raw) if isinstance(values, dict) else None


def chain(layers: Sequence[Layer], name: str, same: Mapping[str, str]) -> list[tuple[Layer, str]]:
    """Every layer that declares the field `name`, the one that wins first, with the name it is declared under.

    `same` gives for another way to write a field the field itself: the two are one.
    """
    wanted = same.get(name, name)
    return [(one, key) for one in layers for key in one.values if same.get(key, key) == wanted]


def merged(layers: Sequence[Layer], same: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Layer]]:
    """The values that win, and the layer of each. What one layer writes in two ways stays twice."""
    values: dict[str, Any] = {}
    origins: dict[str, Layer] = {}
    taken: dict[str, Layer] = {}
    for one in layers:
        for key, value in one.values.items():
            if taken.setdefault(same.get(key, key), one) is one:
                values[key] = value
                origins[key] = one
    return values, origins
