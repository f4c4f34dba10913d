"""PartKind: a kind of document that is no resource by itself, but of which resources are composed.

A part is a folder in `resources/` and one row in `PARTS`. Its rows describe the whole document but for `apiVersion` and
`kind`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from reconciler.manifest.envelope import API_VERSION
from reconciler.resources.field import Choice, Field, Flag, ListOf, MapOf, Object, Text
from reconciler.resources.kind import Kind, kind_named

if TYPE_CHECKING:
    from reconciler.errors import Problem
    from reconciler.manifest.explain import Glossary
    from reconciler.yaml.document import Document

# kind in a document -> module and name of its PartKind; imported when first asked for
PARTS: dict[str, str] = {
    "Defaults": "reconciler.resources.defaults.kind:DEFAULTS",
    "QuestionSet": "reconciler.resources.question_set.kind:QUESTION_SET",
    "Texts": "reconciler.resources.texts.kind:TEXTS",
}

NAME = Text(max_length=63, pattern=r"^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$")
COMPOSES = "Interview"  # the kind that parts are for


@dataclass(frozen=True, slots=True)
class PartKind:
    """One kind of part. `glossary` gives the words of its mistakes, `check` what no single field shows."""

    name: str
    description: str
    fields: tuple[Field, ...]
    glossary: Callable[[], Glossary]
    check: Callable[[Document], list[Problem]]

    @property
    def shape(self) -> Object:
        """The whole document."""
        version = Field("apiVersion", Choice((API_VERSION,)), "The version of the manifest's format.", required=True)
        kind = Field("kind", Choice((self.name,)), "What the document describes.", required=True)
        return Object(self.name, self.description, (version, kind, *self.fields))


@cache
def part_named(name: str) -> PartKind:
    """The part that documents call `name`. Raises KeyError for one that is not registered."""
    module, _, called = PARTS[name].partition(":")
    part: PartKind = getattr(import_module(module), called)
    return part


def optional_fields(kind: Kind) -> tuple[Field, ...]:
    """The rows of `kind` but for its questions, none of them required: what a layer may declare."""
    rows = (*kind.fields.values(), *(alias.row for alias in kind.aliases))
    return tuple(
        replace(row, required=False, nullable=row.nullable and not row.required)
        for row in rows
        if row.name != "questions"
    )


def written_questions(kind: Kind) -> Field:
    """The row `questions` as an interview may write it: own questions, sets that it uses, changes by id."""
    row = kind.fields["questions"]
    shape = row.type.item if isinstance(row.type, ListOf) else None
    if not isinstance(shape, Object):
        raise TypeError(f"{kind.name} has no list of questions")
    use = Field(
        "use",
        Text(pattern=r"^[a-z0-9][a-z0-9-]*(?:/.+)?$"),
        "A question set, or SET/QUESTION for one of its questions; numbers and flags beside it may differ.",
        nullable=False,
    )
    own = (replace(inner, required=False, nullable=inner.nullable and not inner.required) for inner in shape.fields)
    entry = Object("QuestionEntry", "A question of its own, or a set to use.", (use, *own), is_ordered=True)
    return replace(row, type=ListOf(entry), required=False, nullable=False)


LIFECYCLE = Object(
    "LifecyclePart",
    "How jmctl treats the interviews.",
    (
        Field("protect", Flag(), "Refuse to archive, delete or replace them.", nullable=False),
        Field(
            "on_remove",
            Choice(("archive", "delete", "forget")),
            "What happens on the service when a manifest is removed.",
            nullable=False,
        ),
        Field("ignore", ListOf(Text()), "Fields of spec that are changed elsewhere on purpose.", nullable=False),
    ),
    is_ordered=True,
)


def environments(kind: Kind, *more: Field) -> Field:
    """The row `environments`: what differs in an environment, with the rows `more` in its spec."""
    spec = Object(
        "EnvironmentSpec", "Fields of the service that differ.", (*optional_fields(kind), *more), is_ordered=True
    )
    part = Object(
        "EnvironmentPart",
        "What differs in one environment.",
        (
            Field("spec", spec, "Fields of the service that differ.", nullable=False),
            Field("lifecycle", LIFECYCLE, "How jmctl treats them there.", nullable=False),
        ),
        is_ordered=True,
    )
    return Field("environments", MapOf(part), "What differs, by environment of jmctl.yaml.", nullable=False)


def composed_kind() -> Kind:
    """The kind that parts are for."""
    return kind_named(COMPOSES)
