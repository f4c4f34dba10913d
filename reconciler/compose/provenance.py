"""Where the values of an interview come from: every layer that declares a field, the one that wins first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reconciler.compose.composed import ComposedDocument
from reconciler.compose.layers import Layer, chain
from reconciler.compose.texts import handle_of
from reconciler.errors import Where
from reconciler.resources.kind import Kind

PRECEDENCE = (
    "environment part of the interview",
    "interview",
    "environment part of the nearest defaults",
    "nearest defaults",
    "the same of each folder above",
)
_QUESTIONS = "questions"
_LIFECYCLE = "lifecycle"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that one layer declares; `written` is how it stands in the file, with its variables."""

    layer: str
    where: Where
    value: Any
    written: Any


def candidates(document: ComposedDocument, path: str, kind: Kind) -> list[Candidate] | None:
    """The values of the field at `path`, such as `status`, `lifecycle.protect` or `questions.hard-ticket.duration`.

    None for a path that is no field of `kind`; empty for one that no layer declares.
    """
    head, _, rest = path.partition(".")
    if head == _LIFECYCLE and rest in ("protect", "on_remove", "ignore"):
        return _of(document.lifecycle, rest, {})
    if head == _QUESTIONS and rest:
        return _of_question(document, rest)
    same = {alias.row.name: alias.field for alias in kind.aliases}
    if head == _QUESTIONS:
        return [
            Candidate(one.layers[-1].title, one.layers[-1].at(), handle_of(one.layers[-1].values), None)
            for one in document.questions
        ]
    return _of(document.layers, head, same) if not rest and head in {*kind.fields, *same} else None


def paths_of(document: ComposedDocument) -> list[str]:
    """Every path that `candidates` knows and some layer declares, in order."""
    found = [*document.origins, *(f"{_LIFECYCLE}.{name}" for name in document.lifecycle_origins)]
    for question in document.questions:
        key = handle_of(question.layers[-1].values)
        found += [f"{_QUESTIONS}.{key}.{name}" for name in question.origins]
    return found


def _of_question(document: ComposedDocument, rest: str) -> list[Candidate] | None:
    for question in document.questions:
        key = handle_of(question.layers[-1].values)
        if rest == key:
            return [Candidate(one.title, one.at(), None, None) for one in question.layers]
        if rest.startswith(f"{key}."):
            return _of(question.layers, rest.removeprefix(f"{key}."), {})
    return None


def _of(layers: Sequence[Layer], name: str, same: dict[str, str]) -> list[Candidate]:
    return [
        Candidate(one.title, one.at(key), one.values[key], one.written(key)) for one, key in chain(layers, name, same)
    ]
