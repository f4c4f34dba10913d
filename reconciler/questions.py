"""Two lists of questions, aligned by key: what is kept, edited, added, removed and moved. Pure.

The key of a question is its `external_id`, which is what the service's update matches on first; a question that came
into being elsewhere has none and stands by its real id.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.difference import ABSENT, FieldChange, Origin, leaves
from reconciler.digest import canonical
from reconciler.fields import QUESTION_FIELDS, Rule

Question = Mapping[str, Any]


def question_key(question: Question) -> str:
    """`external_id`, else `id`; a desired question always has the first, an observed one always the second."""
    return str(question.get("external_id") or question.get("id"))


def same_questions(want: Sequence[Question], have: Sequence[Question] | None, language: str | None) -> bool:
    """Whether the service, holding `have`, asks what `want` declares, in that order."""
    if have is None or [question_key(question) for question in want] != [question_key(question) for question in have]:
        return False
    old, new = _aligned(have), _aligned(want)
    return all(not _edits(new[key], old[key], language) for key in new)


def question_changes(
    want: Sequence[Question], have: Sequence[Question], origin: Origin, language: str | None
) -> list[FieldChange]:
    """Every difference, in asked order, removed questions last."""
    old, new = _aligned(have), _aligned(want)
    still = _in_order([key for key in old if key in new], list(new))
    changes: list[FieldChange] = []
    for position, (key, question) in enumerate(new.items(), start=1):
        path = ("questions", key)
        if key not in old:
            changes.append(FieldChange(path, ABSENT, dict(question), "added", origin))
            continue
        if key not in still:
            before = list(old).index(key) + 1
            changes.append(FieldChange(path, before, position, "moved", origin))
        for name in _edits(question, old[key], language):
            changes.extend(leaves((*path, name), old[key].get(name), question[name], origin))
    changes.extend(
        FieldChange(("questions", key), dict(question), ABSENT, "removed", origin)
        for key, question in old.items()
        if key not in new
    )
    return changes


def _aligned(questions: Sequence[Question]) -> dict[str, Question]:
    """By key, with each conditional question naming its parent by key too, whatever ids the two sides use."""
    keys = {question["id"]: question_key(question) for question in questions if question.get("id")}
    aligned = {}
    for question in questions:
        parent = question.get("conditional_question_main_id")
        named = {**question, "conditional_question_main_id": keys.get(parent, parent)} if parent else question
        aligned[question_key(question)] = named
    return aligned


def _edits(want: Question, have: Question, language: str | None) -> list[str]:
    """The declared fields of one question that differ."""
    return [
        name
        for name, value in want.items()
        if name in QUESTION_FIELDS
        and QUESTION_FIELDS[name] is not Rule.KEY
        and canonical(_normal(name, value, language)) != canonical(_normal(name, have.get(name), language))
    ]


def _normal(name: str, value: Any, language: str | None) -> Any:
    match QUESTION_FIELDS[name]:
        case Rule.DEFAULT:
            default: Any = language if name == "mojito_language_code" else False
            return default if value is None else value
        case Rule.EMPTY:
            return value or None
        case _:
            return value


def _in_order(before: list[str], after: list[str]) -> set[str]:
    """The largest set of keys in unchanged relative order, so that the fewest are called moved (patience sorting)."""
    places = {key: place for place, key in enumerate(after)}
    tails: list[int] = []
    ends: list[str] = []
    previous: dict[str, str | None] = {}
    for key in before:
        spot = bisect_left(tails, places[key])
        tails[spot : spot + 1] = [places[key]]
        ends[spot : spot + 1] = [key]
        previous[key] = ends[spot - 1] if spot else None
    kept: set[str] = set()
    step = ends[-1] if ends else None
    while step is not None:
        kept.add(step)
        step = previous[step]
    return kept
