"""A result as people read it, before any format: what stands where and in which words. Pure.

Every format lays this out; none decides what is shown. The view does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from reconciler.results.held import Held
from reconciler.results.join import Joined, Spoken, Wording
from reconciler.results.labels import RESULT, SECTIONS, SHOWN_SEPARATELY, SIGNED, TURN, Kind, Row
from reconciler.results.listed_result import Listed
from reconciler.results.model import Detail, Turn
from reconciler.results.provenance import Belonging
from reconciler.results.view import RAW_DATA, View
from reconciler.views.results.format_value import spell
from reconciler.views.results.provenance_text import belonging_words, origin_words

_BRIEF = 200
"""Characters of an answer in a summary."""

_BRIEF_SECTIONS = ("Scores", "Course")
_BRIEF_FACTS = frozenset({"score", "duration"})
_PEOPLE = (
    Row("candidate_name", "name", "text"),
    Row("candidate_email", "e-mail", "text"),
    Row("position_name", "position", "text"),
    Row("mojito_language_code", "language", "text"),
    Row("decision_status", "decision", "text"),
    Row("is_test", "test result", "flag"),
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled value."""

    label: str
    kind: Kind
    value: Any


@dataclass(frozen=True, slots=True)
class Block:
    """Facts under a heading."""

    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """One exchange: where the question comes from, its words, the answers with their facts.

    `now` is the manifest's wording where it differs from `question`; `spoken` what the avatar said where that differs.
    """

    position: int
    key: str | None
    origin: str
    question: str
    spoken: str | None
    now: str | None
    is_follow_up: bool
    facts: tuple[Fact, ...]
    answers: tuple[tuple[str | None, tuple[Fact, ...]], ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """The whole result."""

    result_id: str
    belongs: str
    blocks: tuple[Block, ...]
    passages: tuple[Passage, ...]
    expires: bool


def outline(held: Held, view: View = "standard") -> Outline:
    """What `view` shows of one result."""
    detail, belongs = held.detail, held.belongs
    return Outline(
        detail.result_id,
        belonging_words(belongs),
        tuple(_blocks(detail, held.listed, view)),
        tuple(_passage(join, belongs, view) for join in held.joins),
        expires=any(detail.fields.get(name) for name in SIGNED)
        or any(turn.fields.get("recording_url") for turn in detail.transcript),
    )


def _blocks(detail: Detail, listed: Listed | None, view: View) -> Iterator[Block]:
    if listed is not None:
        yield Block("Candidate", tuple(Fact(row.label, row.kind, listed.fields.get(row.name)) for row in _PEOPLE))
    known = {row.name for row in RESULT}
    for section in _BRIEF_SECTIONS if view == "summary" else SECTIONS:
        rows = [row for row in RESULT if row.section == section]
        yield Block(section, tuple(_facts(rows, detail.fields)))
    further = tuple(Fact(name, "any", value) for name, value in detail.fields.items() if name not in known)
    if further and view != "summary":
        yield Block("Further fields", further)


def _facts(rows: list[Row], fields: Mapping[str, Any]) -> Iterator[Fact]:
    for row in rows:
        if row.name not in SIGNED or row.name in fields:
            yield Fact(row.label, row.kind, fields.get(row.name))


def _passage(join: Joined, belongs: Belonging | None, view: View) -> Passage:
    exchange = join.exchange
    apart = join.spoken in {Spoken.ALTERNATIVE, Spoken.REPHRASED}
    asked = exchange.question
    facts = tuple(_turn_facts(asked, view)) if asked else ()
    if asked and (said := asked.text("answer")):
        facts = (Fact("answer of the question's turn", "text", _said(said, view)), *facts)
    planned = (join.question or {}).get("duration")
    if isinstance(planned, int | float):
        facts = (Fact("time to answer", "text", spell(planned)), *facts)
    return Passage(
        exchange.position,
        join.key,
        origin_words(join, belongs),
        join.then,
        exchange.text("question_asked") if apart else None,
        join.now if join.wording is Wording.CHANGED else None,
        join.wording is Wording.FOLLOW_UP,
        facts,
        tuple((_said(turn.text("answer"), view), tuple(_turn_facts(turn, view))) for turn in exchange.answers),
    )


def _said(text: str | None, view: View) -> str | None:
    """An answer, of which a summary has the beginning."""
    return f"{text[:_BRIEF]}…" if text and view == "summary" and len(text) > _BRIEF else text


def _turn_facts(turn: Turn, view: View) -> Iterator[Fact]:
    known = {row.name for row in TURN} | SHOWN_SEPARATELY
    for row in TURN:
        value = turn.fields.get(row.name)
        if value is None or (view == "summary" and row.name not in _BRIEF_FACTS):
            continue
        if row.name == RAW_DATA and view != "full":
            size = len(orjson.dumps(value).decode())
            yield Fact(row.label, "text", f"{size:,} characters of raw data: --view full")
        else:
            yield Fact(row.label, row.kind, value)
    for name, value in turn.fields.items():
        if name not in known and view != "summary":
            yield Fact(name, "any", value)
