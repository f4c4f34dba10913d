"""The questions of an interview as a tree, conditional ones under what they depend on, and their times. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reconciler.resources.interview.questions import question_key


@dataclass(frozen=True, slots=True)
class Asked:
    """One question in its place, from 1, with what is asked after it when the answer calls for it."""

    place: int
    key: str
    question: Mapping[str, Any]
    followups: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of the questions that everybody is asked, and of all; how many of all say no time."""

    always: float
    all: float
    unknown: int


def outline(questions: Sequence[Mapping[str, Any]]) -> tuple[Asked, ...]:
    """The questions that depend on no other, in asked order, each with those that depend on it."""
    handles = {question.get("id") for question in questions if question.get("id")}
    children: dict[Any, list[tuple[int, Mapping[str, Any]]]] = {}
    for place, question in enumerate(questions, start=1):
        parent = question.get("conditional_question_main_id")
        children.setdefault(parent if parent in handles else None, []).append((place, question))

    def below(handle: Any) -> tuple[Asked, ...]:
        return tuple(
            Asked(place, question_key(question), question, below(question["id"]) if question.get("id") else ())
            for place, question in children.get(handle, ())
        )

    return below(None)


def times(questions: Sequence[Mapping[str, Any]]) -> Times:
    """How long the answers may take together."""
    known = [question for question in questions if question.get("duration") is not None]
    return Times(
        always=sum(question["duration"] for question in known if not question.get("is_conditional")),
        all=sum(question["duration"] for question in known),
        unknown=len(questions) - len(known),
    )


def branches(asked: Sequence[Asked], lead: str) -> Iterator[tuple[str, str, Asked]]:
    """Each question with what stands before its first line and before its others, as a tree is drawn below `lead`."""
    for item in asked:
        yield from _branch(item, lead, lead)


def _branch(item: Asked, first: str, rest: str) -> Iterator[tuple[str, str, Asked]]:
    stem = "│" if item.followups else " "
    yield f"{first}{item.place:<2} ", f"{rest}{stem}  ", item
    for index, child in enumerate(item.followups, start=1):
        knee, on = ("└─ ", "   ") if index == len(item.followups) else ("├─ ", "│  ")
        yield from _branch(child, rest + knee, rest + on)
