"""The keys of questions, and references between them. Pure; the same questions give the same keys."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from reconciler.text.slug import slug

if TYPE_CHECKING:
    from collections.abc import Sequence

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
