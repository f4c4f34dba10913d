"""Equality of two values of a field: a normal form for each side, then equality. Pure.

The rule in the field's row says what the normal form is. Only what the manifest declares is ever compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from reconciler.canonical_json import canonical, plain
from reconciler.resources.difference import ABSENT, FieldChange, Origin, leaves
from reconciler.resources.field import Field, Inherited, Object, Rule
from reconciler.resources.kind import Kind
from reconciler.resources.mark import is_marked

Spec = Mapping[str, Any]


def same(kind: Kind, name: str, want: Any, have: Any, spec: Spec) -> bool:
    """Whether `have` needs no change to be what the manifest declares as `want` for the field `name`.

    `have` is ABSENT when nothing is known of it. `spec` is what the manifest declares, of which defaults may be taken.
    """
    row = kind.fields[name]
    if want is None and not row.clearable:
        return True  # null cannot be written there, so declaring it asks for nothing
    if have is ABSENT:
        return row.read is None and equal_bytes(row, want, spec) == equal_bytes(row, None, spec)
    if isinstance(want, str) and want == have:
        return True
    if row.rule is Rule.QUESTIONS:
        return kind.same_list(want, have, spec)
    return equal_bytes(row, want, spec) == equal_bytes(row, _declared_part(kind, row, want, have), spec)


def agrees(kind: Kind, applied: Spec, seen: Mapping[str, Any]) -> bool:
    """Whether the service, where it can be read, shows what was applied."""
    return all(same(kind, name, value, seen[name], applied) for name, value in applied.items() if name in seen)


def changes_of(kind: Kind, name: str, want: Any, have: Any, origin: Origin, spec: Spec) -> list[FieldChange]:  # noqa: PLR0913, PLR0917 - as `same`, and who changed it
    """The leaves by which `have` differs from `want`, for a field that `same` says differs."""
    row = kind.fields[name]
    if row.rule is Rule.QUESTIONS:
        return kind.list_changes(want, () if have is ABSENT else have or (), origin, spec)
    return list(leaves((name,), _declared_part(kind, row, want, have), want, origin))


def equal_bytes(row: Field, value: Any, spec: Spec) -> bytes:
    """The normal form of `value` as bytes: two values of a field are the same when these are equal."""
    return canonical(plain(normal_form(row, value, spec)))


def _declared_part(kind: Kind, row: Field, want: Any, have: Any) -> Any:
    """The part of `have` that `want` is about: the service adds keys, and some belong to other fields."""
    if row.rule is Rule.COMPANY and isinstance(have, dict):
        return {key: value for key, value in have.items() if value is not None or key in (want or ())}
    if row.rule is not Rule.SUBSET or not isinstance(have, dict):
        return have
    if isinstance(want, dict):
        return {key: have[key] for key in want if key in have}
    return own_part(kind, row, have)


def own_part(kind: Kind, row: Field, have: Any) -> Any:
    """`have` without the keys that other fields are read from; None when nothing is left of an object."""
    if row.rule is not Rule.SUBSET or not isinstance(have, Mapping):
        return have
    others = {other.read for other in kind.fields.values()}
    own = {key: value for key, value in have.items() if (*(row.read or ()), key) not in others}
    return own or None


def normal_form(row: Field, value: Any, spec: Spec) -> Any:  # noqa: C901, PLR0911 - one line a rule is the table readers want
    """`value` so that all spellings of one meaning are the same; of another type than the field's it stays as it is."""
    match row.rule:
        case Rule.BLANK:
            return None if isinstance(value, str) and not value.strip() else value
        case Rule.CODE:
            own = isinstance(value, str) and value.strip() and not is_marked(value)
            return value if own else None
        case Rule.DEFAULT:
            return _default(row, spec) if value is None else value
        case Rule.CASEFOLD:
            return value.casefold() if isinstance(value, str) else row.default
        case Rule.INSTANT:
            return _instant(value)
        case Rule.COMPANY:
            return value if isinstance(value, dict) and str(value.get("name") or "").strip() else None
        case Rule.UNORDERED:
            return _set(value)
        case Rule.UPPERCASE:
            return _set([str(item).upper() for item in value or ()])
        case Rule.OBJECT:
            return _object(row, value, spec)
        case Rule.STATUS:
            return "active" if value == "preparing" else value
        case Rule.EMPTY:
            return value or None
        case _:
            return value


def _default(row: Field, spec: Spec) -> Any:
    return spec.get(row.default.field) if isinstance(row.default, Inherited) else row.default


def _set(value: Any) -> Any:
    return sorted(set(value or ()))


def _object(row: Field, value: Any, spec: Spec) -> Any:
    """Each field in its normal form, without those that mean the same as null; None when none is left."""
    if not isinstance(value, dict) or not isinstance(row.type, Object):
        return value
    forms = {part.name: normal_form(part, value.get(part.name), spec) for part in row.type.fields}
    blank = {part.name: normal_form(part, None, spec) for part in row.type.fields}
    return {name: form for name, form in forms.items() if form != blank[name]} or None


def _instant(value: Any) -> Any:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return value
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
