"""The keys of questions, and two lists paired as the service's update pairs them: kept, edited, added, removed. Pure.

The key of a question is its `external_id`, which is what the service matches on first; a question that came into being
elsewhere has none and stands by its real id.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar
from unicodedata import normalize

from reconciler.canonical_json import canonical, plain
from reconciler.resources.compare import Spec, normal_form
from reconciler.resources.difference import ABSENT, FieldChange, Origin, leaves
from reconciler.resources.field import Rule
from reconciler.resources.interview.fields import QUESTION_FIELDS
from reconciler.text.slug import slug

if TYPE_CHECKING:
    from collections.abc import Sequence

Question = Mapping[str, Any]
_K = TypeVar("_K", str, bytes)


def question_key(question: Question) -> str:
    """`external_id`, else `id`; a desired question always has the first, an observed one always the second."""
    return str(question.get("external_id") or question.get("id"))


def same_questions(want: Sequence[Question], have: Sequence[Question] | None, spec: Spec) -> bool:
    """Whether the service, holding `have`, asks what `want` declares, in that order."""
    keys = [question_key(question) for question in want]
    if have is None or keys != [question_key(question) for question in have]:
        return False
    old, new = _named(have, keys), _named(want, keys)
    return not any(_edits(new[key], old[key], spec) for key in keys)


def question_changes(
    want: Sequence[Question], have: Sequence[Question], origin: Origin, spec: Spec
) -> list[FieldChange]:
    """Every difference, in asked order, removed questions last."""
    old = _named(have, _names(want, have, spec))
    new = _named(want, [question_key(question) for question in want])
    still = _in_order([key for key in old if key in new], list(new))
    places = {key: place for place, key in enumerate(old, start=1)}
    changes: list[FieldChange] = []
    for position, (key, question) in enumerate(new.items(), start=1):
        path = ("questions", key)
        if key not in old:
            changes.append(FieldChange(path, ABSENT, dict(question), "added", origin))
            continue
        if key not in still:
            changes.append(FieldChange(path, places[key], position, "moved", origin))
        if question_key(old[key]) != key:
            changes.append(FieldChange((*path, "external_id"), old[key].get("external_id"), key, origin=origin))
        for name in _edits(question, old[key], spec):
            changes.extend(leaves((*path, name), old[key].get(name), question[name], origin))
    changes.extend(
        FieldChange(("questions", key), dict(question), ABSENT, "removed", origin)
        for key, question in old.items()
        if key not in new
    )
    return changes


def paired(want: Sequence[Question], have: Sequence[Question], spec: Spec) -> list[Question | None]:
    """For each question of `want` the stored one that the service takes it for, None for one that it will add.

    It matches on the key, then on `id`, then on equal content, and no stored question twice. Linear in both: questions
    are looked up by key, by id, and by the normal form of the fields that are declared.
    """
    found: list[Question | None] = [None] * len(want)
    free = dict(enumerate(have))

    def take(place: int, spots: deque[int]) -> None:
        while spots:
            spot = spots.popleft()
            if spot in free:
                found[place] = free.pop(spot)
                return

    for name in (question_key, _id):
        named = _by(name, free)
        for place, question in enumerate(want):
            if found[place] is None and (wanted := name(question)):
                take(place, named.get(wanted, deque()))
    alike: dict[tuple[str, ...], dict[bytes, deque[int]]] = {}
    for place, question in enumerate(want):
        if found[place] is None and free:
            names = tuple(sorted(_compared(question) - {"conditional_question_main_id"}))
            if names not in alike:
                alike[names] = _by(partial(_content, names=names, spec=spec), free)
            take(place, alike[names].get(_content(question, names, spec), deque()))
    return found


def carried_questions(want: Sequence[Question], have: Sequence[Question], old: Spec) -> list[dict[str, Any]] | None:
    """`want`, each with the undeclared fields of the question that it is paired with; None when there are none."""
    found = []
    for question, match in zip(want, paired(want, have, old), strict=True):
        more = {
            name: match[name]
            for name, row in QUESTION_FIELDS.items()
            if match is not None
            and name not in question
            and row.rule not in {Rule.KEY, Rule.PARENT}
            and _content(match, (name,), old) != _content({}, (name,), old)
        }
        found.append({**question, **more})
    return found if any(len(new) > len(question) for new, question in zip(found, want, strict=True)) else None


def _by(name: Callable[[Question], _K | None], questions: Mapping[int, Question]) -> dict[_K, deque[int]]:
    """The places of `questions` by what `name` calls each, in order."""
    places: dict[_K, deque[int]] = {}
    for place, question in questions.items():
        if (called := name(question)) is not None:
            places.setdefault(called, deque()).append(place)
    return places


def _compared(question: Question) -> set[str]:
    """The declared fields by which one question may differ from another."""
    return {name for name in question if name in QUESTION_FIELDS and QUESTION_FIELDS[name].rule is not Rule.KEY}


def _content(question: Question, names: Iterable[str], spec: Spec) -> bytes:
    return canonical(plain({name: normal_form(QUESTION_FIELDS[name], question.get(name), spec) for name in names}))


def _id(question: Question) -> str | None:
    return question.get("id")


def _names(want: Sequence[Question], have: Sequence[Question], spec: Spec) -> list[str]:
    """What each stored question is called: the key under which `want` knows it, else its own, else its id."""
    pairs = zip(want, paired(want, have, spec), strict=True)
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


def _edits(want: Question, have: Question, spec: Spec) -> list[str]:
    """The declared fields of one question that differ, in the order in which they are declared."""
    compared = _compared(want)
    if _content(want, compared, spec) == _content(have, compared, spec):
        return []
    return [
        name for name in want if name in compared and _content(want, (name,), spec) != _content(have, (name,), spec)
    ]


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


_HEX_DIGITS = 6


def question_keys(questions: Sequence[dict[str, Any]]) -> list[str]:
    """The stable key of each question: its external_id, else its id, else one made from its text."""
    return [item.get("external_id") or item.get("id") or text_key(item["question"]) for item in questions]


def text_key(text: str) -> str:
    """A readable key that only changes when the words change: white space and Unicode forms do not count."""
    same = same_text(text)
    return f"{slug(same) or 'question'}-{sha256(same.encode()).hexdigest()[:_HEX_DIGITS]}"


def same_text(text: str) -> str:
    """`text` in the form in which two texts are compared."""
    return normalize("NFC", " ".join(text.split()))


def parent_of(reference: str, earlier: Sequence[dict[str, Any]]) -> int | None:
    """Which of the earlier questions a conditional question refers to: by id first, else by external_id."""
    for name in ("id", "external_id"):
        for index, question in enumerate(earlier):
            if question.get(name) == reference:
                return index
    return None


def keyed(questions: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The questions with their keys as external_id, and every reference to a parent through the parent's id."""
    keys = question_keys(questions)
    keyed = [
        question if question.get("external_id") == key else {**question, "external_id": key}
        for question, key in zip(questions, keys, strict=True)
    ]
    for index, question in enumerate(questions):
        reference = question.get("conditional_question_main_id")
        if reference is None or (parent := parent_of(reference, questions[:index])) is None:
            continue
        handle = keyed[parent].get("id") or keys[parent]
        if "id" not in keyed[parent]:
            keyed[parent] = {**keyed[parent], "id": handle}
        if handle != reference:
            keyed[index] = {**keyed[index], "conditional_question_main_id": handle}
    return keyed
