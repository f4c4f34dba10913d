"""The join: every exchange with the manifest, the question's key and the wording that it had. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from reconciler.resources.interview.questions import same_text
from reconciler.results.provenance import Belonging, asked_by
from reconciler.results.transcript import Exchange


class Wording(Enum):
    """How the question that was asked compares with the manifest as it was last applied."""

    SAME = "same"
    CHANGED = "changed"
    ABSENT = "absent"
    FOLLOW_UP = "follow-up"


class Spoken(Enum):
    """How the avatar put the question that was defined."""

    AS_WRITTEN = "as written"
    ALTERNATIVE = "alternative"
    REPHRASED = "rephrased"


@dataclass(frozen=True, slots=True)
class Joined:
    """One exchange and where it comes from; `question` is the manifest's, None when no manifest holds it."""

    exchange: Exchange
    key: str | None
    wording: Wording
    spoken: Spoken | None
    question: Mapping[str, Any] | None

    @property
    def then(self) -> str:
        """The wording that was defined when it was asked, else the one that was spoken."""
        return self.exchange.text("question_original") or self.exchange.text("question_asked") or ""

    @property
    def now(self) -> str | None:
        """The wording of the manifest."""
        return None if self.question is None else str(self.question["question"])


def joined(heard: Iterable[Exchange], belongs: Belonging | None) -> list[Joined]:
    """Every exchange, in order, joined to the manifest that `belongs` names."""
    questions = {} if belongs is None else asked_by(belongs.entry)
    by_text = {same_text(question["question"]): key for key, question in questions.items()}
    return [_join(exchange, questions, by_text) for exchange in heard]


def _join(exchange: Exchange, questions: Mapping[str, Mapping[str, Any]], by_text: Mapping[str, str]) -> Joined:
    key = exchange.text("external_id")
    original = exchange.text("question_original")
    if key is None and exchange.text("question_original_id") is None and original is None:
        return Joined(exchange, None, Wording.FOLLOW_UP, None, None)
    if key is None:  # defined by other hands, or before keys were sent: the words may still tell
        key = by_text.get(same_text(original or ""))
    question = questions.get(key) if key else None
    if question is None:
        return Joined(exchange, key, Wording.ABSENT, _spoken(exchange, None), None)
    then = original or exchange.text("question_asked") or ""
    same = same_text(then) == same_text(question["question"])
    return Joined(exchange, key, Wording.SAME if same else Wording.CHANGED, _spoken(exchange, question), question)


def _spoken(exchange: Exchange, question: Mapping[str, Any] | None) -> Spoken | None:
    defined, asked = exchange.text("question_original"), exchange.text("question_asked")
    if defined is None or asked is None:
        return None
    if same_text(defined) == same_text(asked):
        return Spoken.AS_WRITTEN
    others = (question or {}).get("question_alternatives") or ()
    return Spoken.ALTERNATIVE if same_text(asked) in map(same_text, others) else Spoken.REPHRASED
