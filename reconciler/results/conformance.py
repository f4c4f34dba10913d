"""What a candidate really heard against what the manifest says: every difference with its cause. Pure.

A finding `counts` when it is a difference. What the rules of the interview explain (a condition not met, a random
subset, an interview that ended early, a rewording that the manifest allows) is a note.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from reconciler.results.join import Joined, Spoken, Wording
from reconciler.results.model import Detail
from reconciler.results.provenance import Belonging, asked_by

Kind = Literal["not in the manifest", "wording", "rephrased", "skipped", "language", "earlier interview"]

DONE = "completed"
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as the manifest says: the question's key, both wordings where there are two, the cause.

    `explained` says that a later revision of the manifest is the cause, so that no change on the service is implied.
    """

    kind: Kind
    key: str | None
    cause: str
    counts: bool
    explained: bool = False
    then: str | None = None
    now: str | None = None


def findings(detail: Detail, belongs: Belonging, joins: Sequence[Joined], language: str | None) -> list[Finding]:
    """Everything worth saying, in the order of the conversation, then what was not asked.

    `language` is the one that the list says the interview was held in.
    """
    found = list(_heard(belongs, joins))
    found.extend(_skipped(detail, belongs, joins))
    found.extend(_languages(belongs, joins, language))
    if belongs.earlier:
        found.insert(0, Finding("earlier interview", None, "the interview was since replaced by another", counts=False))
    return found


def held_in(joins: Sequence[Joined], language: str | None) -> list[str]:
    """The languages that were spoken, most turns first."""
    spoken: dict[str, int] = {}
    for join in joins:
        for turn in join.exchange.turns:
            if code := turn.text("mojito_language_code"):
                spoken[code] = spoken.get(code, 0) + 1
    return sorted(spoken, key=lambda code: -spoken[code]) or ([language] if language else [])


def _heard(belongs: Belonging, joins: Sequence[Joined]) -> Iterator[Finding]:
    old = not belongs.is_current
    for join in joins:
        if join.wording is Wording.ABSENT:
            cause = "asked at an earlier revision" if old else "the manifest has no such question: not from here"
            yield Finding("not in the manifest", join.key, cause, counts=True, explained=old, then=join.then)
        elif join.wording is Wording.CHANGED:
            cause = "since changed by a later revision" if old else "changed by other hands"
            yield Finding("wording", join.key, cause, counts=True, explained=old, then=join.then, now=join.now)
        if join.spoken is Spoken.REPHRASED:
            spoken = join.exchange.text("question_asked")
            yield Finding(
                "rephrased", join.key, "the avatar used other words", counts=False, then=join.then, now=spoken
            )


def _skipped(detail: Detail, belongs: Belonging, joins: Sequence[Joined]) -> Iterator[Finding]:
    heard = {join.key for join in joins if join.question is not None}
    questions = asked_by(belongs.entry)
    order = list(questions)
    last = max((order.index(key) for key in heard if key in questions), default=-1)
    for place, (key, question) in enumerate(questions.items()):
        if key in heard:
            continue
        cause = _excuse(detail, belongs.entry.attributes, question, is_after=place > last)
        later = cause is None and not belongs.is_current
        words = cause or ("perhaps added by a later revision" if later else "no rule explains it")
        yield Finding("skipped", key, words, counts=cause is None, explained=later, now=str(question["question"]))


def _excuse(
    detail: Detail, attributes: Mapping[str, Any], question: Mapping[str, Any], *, is_after: bool
) -> str | None:
    """Why a question may rightly not have been asked; `is_after` says that nothing behind it was asked either."""
    if question.get("is_conditional"):
        return "its condition was not met"
    if attributes.get("questions_random_subset"):
        return "a random subset is asked"
    status, coverage = detail.text("status"), detail.number("ai_interview_coverage_percentage")
    if is_after and ((status or DONE) != DONE or (coverage is not None and coverage < _WHOLE)):
        reason = detail.text("ai_completion_reason")
        return f"the interview ended early: {reason}" if reason else "the interview ended early"
    return None


def _languages(belongs: Belonging, joins: Sequence[Joined], language: str | None) -> Iterator[Finding]:
    declared = belongs.entry.attributes.get("mojito_language_code")
    for join in joins:
        wanted = (join.question or {}).get("mojito_language_code") or declared
        for code in {turn.text("mojito_language_code") for turn in join.exchange.turns} - {None, wanted}:
            cause = f"held in {code}, the manifest says {wanted}"
            yield Finding("language", join.key, cause, counts=True, then=code, now=wanted)
    if language and language != declared and not any(held_in(joins, None)):
        cause = f"held in {language}, the manifest says {declared}"
        yield Finding("language", None, cause, counts=True, then=language, now=declared)
