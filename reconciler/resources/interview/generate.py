"""What of an observed interview a manifest declares: all that was chosen, nothing that is a default. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain, count
from typing import Any

from reconciler.canonical_json import plain
from reconciler.resources.compare import Spec, equal_bytes, same
from reconciler.resources.field import Field
from reconciler.resources.interview.fields import FIELDS, QUESTION_FIELDS
from reconciler.resources.interview.kind import INTERVIEW
from reconciler.resources.interview.questions import question_key
from reconciler.resources.mark import is_marked
from reconciler.resources.observed import Observed
from reconciler.text.slug import transliterated

_LONGEST_ID = 60
_REQUIRED = ("name", "location", "interview_template_id", "mojito_language_code", "description", "status", "type")
# The caller's own merchant, unless an administrator declared another one
_LEFT_OUT = frozenset({"merchant_id", "questions"})


def declared_fields(observed: Observed) -> dict[str, Any]:
    """The fields of `spec` but for the questions, in order; what the service makes by itself is not among them."""
    fields = {}
    for name in FIELDS:
        if name in _LEFT_OUT or name not in observed.attributes:
            continue
        value = _declared(name, plain(observed.attributes[name]))
        if name in _REQUIRED or not (
            value is None or (same(INTERVIEW, name, None, value, observed.attributes) and FIELDS[name].clearable)
        ):
            fields[name] = value
    for name in made_by_service(observed):
        fields.pop(name, None)
    return fields


def _declared(name: str, value: Any) -> Any:
    match name:
        case "status":
            return "active" if value == "preparing" else value
        case "code" if is_marked(value):
            return None
        case "custom_scoring" if isinstance(value, dict):
            # max_retries is interview_attempts under its stored name
            return {key: part for key, part in value.items() if key != "max_retries"} or None
        case "interview_available_till":
            return _day(value)
        case _:
            return value


def _day(moment: Any) -> Any:
    """The day, when that says it all: a day given is stored as its first moment."""
    try:
        parsed = datetime.fromisoformat(moment)
    except (TypeError, ValueError):
        return moment
    at = parsed.astimezone(UTC) if parsed.tzinfo else parsed
    return at.date().isoformat() if at == at.replace(hour=0, minute=0, second=0, microsecond=0) else moment


def made_by_service(observed: Observed) -> tuple[str, ...]:
    """Fields whose value the service may have generated; a person may have written it as well."""
    held = observed.attributes
    # expectations are only made for interviews
    makes = held.get("type") == "interview"
    return tuple(
        name
        for name, row in FIELDS.items()
        if row.generated and held.get(name) is not None and (makes or name != "candidate_expectations_json")
    )


def declared_questions(observed: Observed) -> list[dict[str, Any]]:
    """The questions with readable ids, parents named by them. A key that came from the service stays the key."""
    questions = [plain(dict(question)) for question in observed.attributes.get("questions") or ()]
    ids = _ids(questions)
    by_real_id = {question["id"]: name for question, name in zip(questions, ids, strict=True) if question.get("id")}
    return [
        _question(question, name, by_real_id, observed.attributes)
        for question, name in zip(questions, ids, strict=True)
    ]


def _ids(questions: Sequence[Mapping[str, Any]]) -> list[str]:
    """One for each, unlike every key. A question without external_id keeps its real id: that is its key."""
    keys = [question_key(question) for question in questions]
    taken = set(keys)
    ids: list[str] = []
    for question, key in zip(questions, keys, strict=True):
        name = transliterated(key, max(len(key), _LONGEST_ID))
        if question.get("external_id") and name != key:
            base = name[:_LONGEST_ID].strip("-") or "question"
            numbered = (f"{base}-{number}" for number in count(2))
            name = next(name for name in chain([base], numbered) if name not in taken)
            taken.add(name)
        else:
            name = key
        ids.append(name)
    return ids


def _question(question: Mapping[str, Any], name: str, by_real_id: Mapping[str, str], spec: Spec) -> dict[str, Any]:
    declared: dict[str, Any] = {"id": name}
    for field, row in QUESTION_FIELDS.items():
        value = question.get(field)
        if field == "id" or value is None or (field == "external_id" and value == name):
            continue
        if field == "conditional_question_main_id":
            value = by_real_id.get(value, value)
        if not _is_default(row, value, spec):
            declared[field] = value
    return declared


def _is_default(row: Field, value: Any, spec: Spec) -> bool:
    return equal_bytes(row, value, spec) == equal_bytes(row, None, spec)
