"""Turns -> exchanges: each question with the answers that followed it. Pure.

A turn of the avatar opens an exchange. A candidate's turn belongs to the exchange before it, unless it names another
question: then the service left that question's own turn out, and the answer opens the exchange itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.results.model import Turn


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question as it was asked, and what was answered; `position` counts from 1."""

    position: int
    question: Turn | None
    answers: tuple[Turn, ...]

    def text(self, name: str) -> str | None:
        """A field that describes the question, from whichever turn carries it."""
        for turn in self.turns:
            if value := turn.text(name):
                return value
        return None

    def total(self, name: str) -> float | None:
        """The sum of a number over the answers, None when no answer has it."""
        found = [number for turn in self.answers if (number := turn.number(name)) is not None]
        return sum(found) if found else None

    def mean(self, name: str) -> float | None:
        """The mean of a number over the answers, None when no answer has it."""
        found = [number for turn in self.answers if (number := turn.number(name)) is not None]
        return sum(found) / len(found) if found else None

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The question's turn, if there is one, then the answers."""
        return (self.question, *self.answers) if self.question else self.answers

    @property
    def is_answered(self) -> bool:
        """Whether the candidate said anything."""
        return any(turn.text("answer") for turn in self.answers)


def exchanges(turns: Iterable[Turn]) -> list[Exchange]:
    """The transcript as questions with their answers, in order."""
    found: list[tuple[Turn | None, list[Turn]]] = []
    for turn in turns:
        if not turn.is_answer:
            found.append((turn, []))
        elif found and _goes_on(found[-1], turn):
            found[-1][1].append(turn)
        else:
            found.append((None, [turn]))
    return [Exchange(place, question, tuple(answers)) for place, (question, answers) in enumerate(found, start=1)]


def _goes_on(open_one: tuple[Turn | None, list[Turn]], turn: Turn) -> bool:
    question, answers = open_one
    before = question or answers[-1]
    return turn.text("question_original_id") in {None, before.text("question_original_id")}
