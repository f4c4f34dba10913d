"""Explain what pydantic found to the author of a manifest, each problem at its line.

A summary is one of a few fixed phrases; the detail names the field and what stands there; the hint says what to type.
Which words are probably meant is data: a Glossary comes with each model.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from reconciler.errors import Problem
from reconciler.manifest.messages import BY_TYPE, Finding, anything, meaning, subject
from reconciler.text.nearest import nearest
from reconciler.text.quote import shown, tick
from reconciler.text.sanitize import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

    from reconciler.yaml.document import Document

_MANY = 12
_STRANGER = "extra_forbidden"


@dataclass(frozen=True, slots=True)
class Glossary:
    """What people write and mean: other names of fields, hints for fields that do not exist, hints for values."""

    synonyms: Mapping[str, str] = field(default_factory=dict)
    strangers: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[tuple[str, Any], str] = field(default_factory=dict)
    sections: Mapping[str, str] = field(default_factory=dict)
    whole: str = "the document"
    everything: str = ""


def explain(error: ValidationError, model: type[BaseModel], document: Document, glossary: Glossary) -> list[Problem]:
    """Every error as a problem at its place."""
    findings = [_found(details, model, document) for details in error.errors(include_url=False, include_input=False)]
    # a misspelt field is also a missing one: one mistake, one problem
    misspelt = {(*finding.path[:-1], _meant(finding, glossary)) for finding in findings if finding.type == _STRANGER}
    return [
        Problem(*_explained(finding, glossary), document.at(*finding.path))
        for finding in findings
        if finding.type != "missing" or finding.path not in misspelt
    ]


def _explained(finding: Finding, glossary: Glossary) -> tuple[str, str, str]:
    about = subject(finding.path, glossary.whole)
    if finding.type == "missing":
        owner = subject(finding.path[:-1], glossary.whole)
        return "missing field", f"{owner} has no {tick(finding.name)}", f"add {tick(finding.name)}{meaning(finding)}"
    if finding.type == _STRANGER:
        return _unknown(finding, glossary)
    if finding.path and (hint := _value_hint(finding, glossary)):
        return "unknown value", f"{about} is {shown(finding.value)}", hint
    if finding.value is None and finding.type != "string_pattern_mismatch":
        return "missing value", f"{about} has no value (null), but needs one", f"write a value{meaning(finding)}"
    return BY_TYPE.get(finding.type, anything)(finding, about)


def _unknown(finding: Finding, glossary: Glossary) -> tuple[str, str, str]:
    """An unknown field: misspelt, in the wrong place, known not to exist, or a complete stranger."""
    name, known = finding.name, tuple(finding.siblings)
    detail = f"{tick(name)} is not a field of {subject(finding.path[:-1], glossary.whole)}"
    if hint := glossary.strangers.get(name):
        return "unknown field", detail, hint
    meant = _meant(finding, glossary)
    section = glossary.sections.get(name)
    if meant in finding.owner:
        hint = f"`{meant}` is set already; remove this line"
    elif meant:
        hint = f"did you mean `{meant}`?"
    elif section:
        hint = f"`{name}` belongs under `{section}`"
    elif len(known) <= _MANY:
        hint = f"possible here: {', '.join(f'`{item}`' for item in known)}"
    else:
        hint = f"remove it; {glossary.everything}"
    return "unknown field", detail, hint


def _meant(finding: Finding, glossary: Glossary) -> str | None:
    known = tuple(finding.siblings)
    meant = glossary.synonyms.get(finding.name.lower())
    return meant if meant in known else nearest(finding.name, known)


def _value_hint(finding: Finding, glossary: Glossary) -> str | None:
    value = finding.value.lower() if isinstance(finding.value, str) else finding.value
    return glossary.values.get((finding.name, value)) if isinstance(value, str | bool) else None


def _found(details: ErrorDetails, model: type[BaseModel], document: Document) -> Finding:
    """Follows an error's path through the model and through the file's value side by side."""
    path = tuple(part for part in details["loc"] if part != "[key]")
    expected: Any = model
    value, description = document.value, ""
    siblings: Mapping[str, Any] = {}
    owner: Any = {}
    for part in path:
        owner = value
        siblings, description_here, expected = _inside(expected, part)
        description = description_here or description
        value = _child(value, part)
    if details["loc"] != path:
        value = path[-1]
    limits = details.get("ctx", {})
    written = printable(document.written.get(path, shown(value)))
    return Finding(details["type"], path, value, expected, description, limits, siblings, owner, written)


def _inside(expected: Any, part: str | int) -> tuple[Mapping[str, Any], str, Any]:
    origin = get_origin(expected)
    if origin in {list, dict, tuple}:
        inner = get_args(expected)
        return {}, "", _core(inner[-1] if origin is dict else inner[0])
    fields = {info.alias or name: info for name, info in getattr(expected, "model_fields", {}).items()}
    if part in fields:
        info = fields[str(part)]
        return fields, info.description or "", _core(info.annotation)
    return fields, "", None


def _core(annotation: Any) -> Any:
    """The type itself, without Annotated and without the null beside it."""
    while get_origin(annotation) in {Annotated, Union, UnionType}:
        annotation = next(item for item in get_args(annotation) if item is not type(None))
    return annotation


def _child(value: Any, part: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(part)
    if isinstance(value, list) and isinstance(part, int) and part < len(value):
        return value[part]
    return None
