"""A composed interview as one manifest that stands by itself, each line with the place that it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reconciler.compose.composed import ComposedDocument
from reconciler.compose.variables import escaped
from reconciler.errors import Where
from reconciler.yaml.emit import entry

Line = tuple[str, Where | None]


def resolved_lines(document: ComposedDocument) -> Iterator[Line]:
    """The lines of the manifest, without line breaks. Read again alone they give the same interview."""
    for name, value in document.value.items():
        if name == "spec" and isinstance(value, dict):
            yield "spec:", None
            yield from _spec(document, value)
        else:
            for line in entry(name, _escaped(value) if name == "spec" else value, ""):
                yield line, document.at(name)


def _spec(document: ComposedDocument, spec: dict[str, Any]) -> Iterator[Line]:
    for name, value in spec.items():
        if name != "questions" or not document.questions:
            yield from _entry(name, value, "  ", document.at("spec", name))
            continue
        yield "  questions:", None
        for number, question in enumerate(value):
            lead = "    - "
            for field, part in question.items():
                for line, where in _entry(field, part, " " * 6, document.at("spec", "questions", number, field)):
                    yield lead + line[6:] if lead else line, where
                    lead = ""


def _entry(name: str, value: Any, indent: str, where: Where) -> Iterator[Line]:
    for line in entry(name, _escaped(value), indent):
        yield line, where


def _escaped(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _escaped(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_escaped(item) for item in value]
    return escaped(value) if isinstance(value, str) else value
