"""Two lists of questions, paired as the service's update pairs them: kept, edited, added, removed and moved. Pure.

The key of a question is its `external_id`, which is what the service matches on first; a question that came into being
elsewhere has none and stands by its real id.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.canonical_json import canonical, plain
from reconciler.resources.difference import ABSENT, FieldChange, Origin, leaves
from reconciler.resources.field import Rule
from reconciler.resources.interview.fields import QUESTION_FIELDS

Question = Mapping[str, Any]


def question_key(question: Question) -> str:
    """`external_id`, else `id`; a desired question always has the first, an observed one always the second."""
    return str(question.get("external_id") or question.get("id"))


def same_questions(want: Sequence[Question], have: Sequence[Question] | None, language: str | None) -> bool:
    """Whether the service, holding `have`, asks what `want` declares, in that order."""
    keys = [question_key(question) for question in want]
    if have is None or keys != [question_key(question) for question in have]:
        return False
    old, new = _named(have, keys), _named(want, keys)
    return not any(_edits(new[key], old[key], language) for key in keys)


def question_changes(
    want: Sequence[Question], have: Sequence[Question], origin: Origin, language: str | None
) -> list[FieldChange]:
    """Every difference, in asked order, removed questions last."""
    old = _named(have, _names(want, have, language))
    new = _named(want, [question_key(question) for question in want])
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
        if question_key(old[key]) != key:
            changes.append(FieldChange((*path, "external_id"), old[key].get("external_id"), key, origin=origin))
        for name in _edits(question, old[key], language):
            changes.extend(leaves((*path, name), old[key].get(name), question[name], origin))
    changes.extend(
        FieldChange(("questions", key), dict(question), ABSENT, "removed", origin)
        for key, question in old.items()
        if key not in new
    )
    return changes


def paired(want: Sequence[Question], have: Sequence[Question], language: str | None) -> list[Question | None]:
    """For each question of `want` the stored one that the service takes it for, None for one that it will add.

    It matches on the key, then on `id`, then on equal content, and no stored question twice.
    """
    found: list[Question | None] = [None] * len(want)
    free = list(have)

    def take(place: int, spot: int | None) -> None:
        if found[place] is None and spot is not None:
            found[place] = free.pop(spot)

    for name in (question_key, _id):
        for place, question in enumerate(want):
            wanted = name(question)
            take(place, next((spot for spot, one in enumerate(free) if wanted and name(one) == wanted), None))
    for place, question in enumerate(want):
        content = {key: value for key, value in question.items() if key != "conditional_question_main_id"}
        take(place, next((spot for spot, one in enumerate(free) if not _edits(content, one, language)), None))
    return found


def _id(question: Question) -> str | None:
    return question.get("id")


def _names(want: Sequence[Question], have: Sequence[Question], language: str | None) -> list[str]:
    """What each stored question is called: the key under which `want` knows it, else its own, else its id."""
    pairs = zip(want, paired(want, have, language), strict=True)
    known = {id(old): question_key(question) for question, old in pairs if old is not None}
    taken = {question_key(question) for question in want}
    names = []
    for question in have:
        name = known.get(id(question)) or question_key(question)
        if id(question) not in known and name in taken:
            name = str(question.get("id"))
        taken.add(name)
        names.append(name)
    return names


def _named(questions: Sequence[Question], names: Sequence[str]) -> dict[str, Question]:
    """By name, with each conditional question naming its parent so too, whatever ids the two sides use."""
    known = {question["id"]: name for question, name in zip(questions, names, strict=True) if question.get("id")}
    named = {}
    for question, name in zip(questions, names, strict=True):
        parent = question.get("conditional_question_main_id")
        own = {**question, "conditional_question_main_id": known.get(parent, parent)} if parent else question
        named[name] = own
    return named


def _edits(want: Question, have: Question, language: str | None) -> list[str]:
    """The declared fields of one question that differ."""
    return [
        name
        for name, value in want.items()
        if name in QUESTION_FIELDS
        and QUESTION_FIELDS[name].rule is not Rule.KEY
        and canonical(_normal(name, value, language)) != canonical(plain(_normal(name, have.get(name), language)))
    ]


def _normal(name: str, value: Any, language: str | None) -> Any:
    match QUESTION_FIELDS[name].rule:
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
