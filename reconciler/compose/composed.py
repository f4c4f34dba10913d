"""ComposedDocument: one interview put together from layers, read like any document, with the place of every value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.compose.layers import Layer
from reconciler.errors import Where
from reconciler.yaml.document import Document, Path

_QUESTION = 3  # spec, questions, number


@dataclass(frozen=True, slots=True)
class ComposedQuestion:
    """One question: its layers, the nearest first, which one each field is of, and where a set was used for it."""

    layers: tuple[Layer, ...]
    origins: Mapping[str, Layer]
    use: Path = ()


@dataclass(frozen=True, slots=True)
class ComposedDocument(Document):
    """`value` is the resolved manifest; `base` the document that declares it."""

    base: Document | None = None
    layers: tuple[Layer, ...] = ()
    origins: Mapping[str, Layer] = field(default_factory=dict)
    questions: tuple[ComposedQuestion, ...] = ()
    lifecycle: tuple[Layer, ...] = ()
    lifecycle_origins: Mapping[str, Layer] = field(default_factory=dict)

    def at(self, *path: str | int) -> Where:
        """The place of a node in the file that it comes from."""
        base = self.base or self
        match path:
            case ("spec", "questions", int(number), str(name), *rest) if number < len(self.questions):
                question = self.questions[number]
                origin = question.origins.get(name)
                return origin.at(name, *rest) if origin else question.layers[-1].at()
            case ("spec", "questions", int(number)) if number < len(self.questions):
                return self.questions[number].layers[-1].at()
            case ("spec", str(name), *rest) if name in self.origins:
                return self.origins[name].at(name, *rest)
            case ("lifecycle", str(name), *rest) if name in self.lifecycle_origins:
                return self.lifecycle_origins[name].at(name, *rest)
        return Document.at(base, *path)

    def used_at(self, number: int) -> Where | None:
        """Where the interview uses the set that its question `number` comes from; None for one of its own."""
        use = self.questions[number].use
        return Document.at(self.base or self, *use) if use else None

    @property
    def files(self) -> tuple[str, ...]:
        """Every file that gave a value, the interview's own first."""
        found = dict.fromkeys([self.where.path])
        for layers in (self.layers, self.lifecycle, *(question.layers for question in self.questions)):
            found |= dict.fromkeys(one.document.where.path for one in layers)
        return tuple(found)
