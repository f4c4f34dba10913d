"""Two values of a field: are they the same to the service, and if not, which leaves differ. Pure; decided by rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from reconciler.canonical_json import canonical, plain
from reconciler.resources.difference import ABSENT, FieldChange, Origin, leaves
from reconciler.resources.field import Field, Rule
from reconciler.resources.interview.fields import FIELDS
from reconciler.resources.interview.ownership import is_marked
from reconciler.resources.interview.questions import question_changes, same_questions

_PATHS = {row.read for row in FIELDS.values()}


def same(name: str, want: Any, have: Any, language: str | None = None) -> bool:
    """Whether `have` needs no change to be what the manifest declares as `want` for the field `name`."""
    row = FIELDS[name]
    if want is None and not row.clearable:
        return True  # null cannot be written there, so declaring it asks for nothing
    if have is ABSENT:
        return row.read is None and canonical(_normal(row, want)) == canonical(_normal(row, None))
    if row.rule is Rule.QUESTIONS:
        return same_questions(want, have, language)
    return canonical(plain(_normal(row, want))) == canonical(plain(_normal(row, _ours(row, want, have))))


def agrees(applied: Mapping[str, Any], seen: Mapping[str, Any]) -> bool:
    """Whether the service, where it can be read, shows what was applied."""
    language = applied.get("mojito_language_code")
    return all(same(name, value, seen[name], language) for name, value in applied.items() if name in seen)


def _ours(row: Field, want: Any, have: Any) -> Any:
    """The part of `have` that `want` is about: the service adds keys, and some belong to other fields."""
    if row.rule is Rule.COMPANY and isinstance(have, dict):
        return {key: value for key, value in have.items() if value is not None or key in (want or ())}
    if row.rule is not Rule.SUBSET or not isinstance(have, dict):
        return have
    if isinstance(want, dict):
        return {key: have[key] for key in want if key in have}
    own = {key: value for key, value in have.items() if (*(row.read or ()), key) not in _PATHS}
    return own or None


def _normal(row: Field, value: Any) -> Any:  # noqa: PLR0911 - one line a rule is the table readers want
    match row.rule:
        case Rule.BLANK:
            return None if isinstance(value, str) and not value.strip() else value
        case Rule.CODE:
            own = isinstance(value, str) and value.strip() and not is_marked(value)
            return value if own else None
        case Rule.DEFAULT:
            return row.default if value is None else value
        case Rule.CASEFOLD:
            return value.casefold() if isinstance(value, str) else row.default
        case Rule.INSTANT:
            return _instant(value)
        case Rule.COMPANY:
            return value if isinstance(value, dict) and str(value.get("name") or "").strip() else None
        case Rule.UNORDERED:
            return sorted(set(value or ()))
        case Rule.STATUS:
            return "active" if value == "preparing" else value
        case _:
            return value


def _instant(value: Any) -> Any:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return value
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def changes_of(name: str, want: Any, have: Any, origin: Origin, language: str | None = None) -> list[FieldChange]:
    """The leaves by which `have` differs from `want`, for a field that `same` says differs."""
    row = FIELDS[name]
    if row.rule is Rule.QUESTIONS:
        return question_changes(want, () if have is ABSENT else have or (), origin, language)
    return list(leaves((name,), _ours(row, want, have), want, origin))
