"""A kind's field table to the pydantic model of its manifests. Imported only when a manifest is judged."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from types import GenericAlias
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, create_model
from pydantic import Field as ModelField

from reconciler.manifest.base_types import Strict
from reconciler.manifest.envelope import document_model
from reconciler.resources.field import (
    Choice,
    Field,
    Flag,
    FreeObject,
    Integer,
    ListOf,
    MapOf,
    Number,
    Object,
    Text,
    Type,
)
from reconciler.resources.kind import Kind

_SPEC = "The fields of the service under its own names. Absent means not managed, null means cleared."


class _Open(BaseModel):
    """As Strict, but further keys are kept."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)


def manifest_model(kind: Kind) -> type[BaseModel]:
    """The model of a manifest of `kind`: the envelope around its spec. One model for each kind in a process."""
    fields = (*kind.fields.values(), *(alias.row for alias in kind.aliases))
    known = _MADE.get(kind.name)
    # equal rows are nearly always the same ones, which costs no comparison; hashing them would cost a third of a check
    if known is None or known[0] != fields:
        known = _MADE[kind.name] = fields, _manifest_model(kind.name, kind.description, fields)
    return known[1]


_MADE: dict[str, tuple[tuple[Field, ...], type[BaseModel]]] = {}
"""The fields and the model of each kind, as made last."""


@cache
def _manifest_model(name: str, description: str, fields: tuple[Field, ...]) -> type[BaseModel]:
    return document_model(name, description, _model("Spec", _SPEC, fields, Strict))


@cache
def object_model(shape: Object) -> type[BaseModel]:
    """One model for each object, however many fields are of it: the JSON Schema then defines it once."""
    return _model(shape.name, shape.description, shape.fields, _Open if shape.is_open else Strict)


def _model(name: str, description: str, fields: Sequence[Field], base: type[BaseModel]) -> type[BaseModel]:
    parts: dict[str, Any] = {field.name: (_annotation(field), _info(field)) for field in fields}
    model: type[BaseModel] = create_model(name, __base__=base, __doc__=description, __module__=__name__, **parts)
    return model


def _annotation(field: Field) -> Any:
    annotation = _type(field.type)
    return annotation if field.required or not field.nullable else annotation | None


def _info(field: Field) -> Any:
    facts: dict[str, Any] = {"description": field.description, **_limits(field.type)}
    if field.examples:
        facts["json_schema_extra"] = {"examples": list(field.examples)}
    if field.required:
        return ModelField(**facts)
    if isinstance(field.type, ListOf) and not field.nullable:
        return ModelField(default_factory=list, **facts)
    return ModelField(default=field.initial, **facts)


def _type(kind: Type) -> Any:  # noqa: C901, PLR0911 - one line for each type is what readers want
    match kind:
        case Text(None, None, None):
            return str
        case Text():
            limits = StringConstraints(min_length=kind.min_length, max_length=kind.max_length, pattern=kind.pattern)
            return Annotated[str, limits]
        case ListOf():
            return GenericAlias(list, _type(kind.item))
        case MapOf():
            return GenericAlias(dict, (str, _type(kind.item)))
        case Choice():
            return Literal[kind.values]
        case Object():
            return object_model(kind)
        case Number():
            return float
        case Integer():
            return int
        case Flag():
            return bool
        case FreeObject():
            return dict[str, Any]


def _limits(kind: Type) -> dict[str, Any]:
    """What pydantic calls the limits of a number or a list."""
    match kind:
        case Number():
            limits = {"ge": kind.least, "le": kind.most, "multiple_of": kind.step}
        case Integer():
            limits = {"ge": kind.least, "le": kind.most}
        case ListOf():
            limits = {"min_length": kind.min_length}
        case _:
            return {}
    return {name: value for name, value in limits.items() if value is not None}
