"""The reference of a kind in Markdown, made from its field table: docs/reference/manifest.md."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.resources.field import (
    By,
    Choice,
    Field,
    Flag,
    FreeObject,
    Group,
    Inherited,
    Integer,
    ListOf,
    MapOf,
    Number,
    Object,
    Rule,
    Text,
    Type,
)
from reconciler.resources.kind import Kind
from reconciler.resources.order import with_aliases

_MOST_CHOICES = 40  # more are counted, not listed
_CHANGED = {
    By.UPDATE: "in place",
    By.STATE: "in place (set-state)",
    By.REPLACE: "by a replacement",
    By.CREATION: "never: it steers the creation only",
}


def reference(kind: Kind) -> str:
    """Every field of `kind` in canonical order, grouped, then the objects that fields consist of."""
    lines = [f"# `kind: {kind.name}`", "", kind.description, ""]
    lines += ["Generated from the field table; fields stand in the order in which `jmctl fmt` writes them.", ""]
    for group in kind.groups:
        lines += [f"## {group.title}", "", *_table(_rows(kind, group), is_nested=False), ""]
    for shape in _objects(kind):
        lines += [f"## Object `{shape.name}`", "", shape.description, "", *_table(shape.fields, is_nested=True), ""]
    return "\n".join(lines).rstrip() + "\n"


def _rows(kind: Kind, group: Group) -> Sequence[Field]:
    """The fields of a group, and behind each what may be written instead."""
    return tuple(with_aliases({field.name: field for field in group.fields}, kind.aliases).values())


def _table(fields: Sequence[Field], *, is_nested: bool) -> Iterator[str]:
    """One row a field; how a nested field is changed is said of the field that it is part of."""
    heads = ["field", "value", "meaning"] + ([] if is_nested else ["changed", "read back", "facts"])
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for field in fields:
        needed = " (required)" if field.required else ""
        cells = [f"`{field.name}`{needed}", _value(field), field.description]
        if not is_nested:
            shown = f"`{'.'.join(field.read)}`" if field.read else "not shown by the service"
            cells += [_CHANGED[field.by], shown, "; ".join(_facts(field))]
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _value(field: Field) -> str:
    return _type(field.type) + (" or null" if field.nullable and not field.required else "")


def _type(kind: Type) -> str:  # noqa: C901, PLR0911 - one line for each type
    match kind:
        case Text(max_length=int(most)):
            return f"text of at most {most} characters"
        case Text():
            return "text"
        case Number() | Integer():
            whole = "whole number" if isinstance(kind, Integer) or kind.step == 1 else "number"
            bounds = [f"from {kind.least}" if kind.least is not None else "", f"to {kind.most}" if kind.most else ""]
            return " ".join([whole, *filter(None, bounds)])
        case Flag():
            return "true or false"
        case Choice(values) if len(values) > _MOST_CHOICES:
            return f"one of {len(values)} codes, `{values[0]}` to `{values[-1]}`"
        case Choice(values):
            return ", ".join(f"`{value}`" for value in values)
        case FreeObject():
            return "any object"
        case ListOf(item):
            return f"list of {_type(item)}"
        case MapOf(item):
            return f"{_type(item)} by name"
        case Object():
            return f"[`{kind.name}`](#object-{kind.name.lower()})"


def _facts(field: Field) -> Iterator[str]:
    """What else is true of a field and makes a difference to an author."""
    if field.default is not None and not isinstance(field.default, Inherited):
        yield f"null means `{str(field.default).lower()}`"
    if not field.clearable and not field.required:
        yield "cannot be cleared: null asks for nothing"
    if not field.created and field.by is By.UPDATE:
        yield "set by an update after the create"
    if field.generated:
        yield "made by the service when absent or null"
    if field.merged:
        yield "laid over what is stored: leaving a key out does not remove it"
    if field.derived_from:
        yield f"overwritten by the service when `{field.derived_from}` changes, unless declared"
    if field.rule in _EQUAL:
        yield _EQUAL[field.rule]


_EQUAL = {
    Rule.BLANK: "blank text is null",
    Rule.CODE: "blank text is null; jmctl's mark stands where none is declared",
    Rule.CASEFOLD: "upper and lower case are the same",
    Rule.INSTANT: "two spellings of one moment are the same",
    Rule.COMPANY: "an object without a name is null",
    Rule.UNORDERED: "a set: order and repetition do not matter",
    Rule.SUBSET: "only the declared keys are compared",
    Rule.OBJECT: "compared field by field; one that limits nothing is null",
    Rule.QUESTIONS: "compared question by question, by key",
}


def _objects(kind: Kind) -> list[Object]:
    """The objects that fields of `kind` are made of, each once, in the order of first use."""
    found: dict[str, Object] = {}

    def visit(part: Type) -> None:
        if isinstance(part, ListOf | MapOf):
            visit(part.item)
        elif isinstance(part, Object) and part.name not in found:
            found[part.name] = part
            for field in part.fields:
                visit(field.type)

    for field in kind.fields.values():
        visit(field.type)
    return list(found.values())
