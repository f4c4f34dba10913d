"""A result as rows of plain values, one for each answer or one in all. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reconciler.results.columns import Column, Per
from reconciler.results.held import Held
from reconciler.results.join import Joined, Wording
from reconciler.results.labels import RESULT, SHOWN_SEPARATELY, TURN
from reconciler.results.model import Turn
from reconciler.results.view import View, turn_fields

_DECI = 10


def rows(held: Held, per: Per, wanted: Sequence[Column], view: View = "full") -> list[dict[str, Any]]:
    """The rows of one result with the `wanted` columns, in their order; turns have the fields of `view`."""
    made = _answers(held) if per == "answer" else [_interview(held, view)]
    return [{column.name: row.get(column.name) for column in wanted} for row in made]


def _whose(held: Held) -> dict[str, Any]:
    listed: Mapping[str, Any] = held.listed.fields if held.listed else {}
    belongs = held.belongs
    return {
        "result_id": held.detail.result_id,
        "manifest": belongs.entry.name if belongs else None,
        "interview_id": listed.get("definition_id"),
        "revision": belongs.revision if belongs else None,
        "earlier_interview": belongs.earlier if belongs else None,
        "language": listed.get("mojito_language_code"),
        "start": held.detail.fields.get("start"),
        "status": held.detail.fields.get("status") or listed.get("coach_status"),
    } | {
        name: listed.get(name)
        for name in ("candidate_name", "candidate_email", "is_test", "created_at", "updated_at", "decision_status")
    }


def _interview(held: Held, view: View) -> dict[str, Any]:
    known = {row.name for row in RESULT}
    fields = held.detail.fields
    planned = [join for join in held.joins if join.wording is not Wording.FOLLOW_UP]
    return {
        **fields,
        **_whose(held),
        "duration_seconds": _seconds(held.detail.number("duration")),
        "questions_asked": len(planned),
        "questions_answered": sum(join.exchange.is_answered for join in planned),
        "follow_ups": len(held.joins) - len(planned),
        "transcript": [turn_fields(turn.fields, view) for turn in held.detail.transcript],
        "further_fields": {name: value for name, value in fields.items() if name not in known} or None,
        "listed": dict(held.listed.fields) if held.listed else None,
    }


def _answers(held: Held) -> Iterator[dict[str, Any]]:
    whose = _whose(held) | {"interview_score": held.detail.number("score")}
    for join in held.joins:
        for turn in join.exchange.answers or (None,):
            yield whose | _answer(join, turn)


def _answer(join: Joined, turn: Turn | None) -> dict[str, Any]:
    known = {row.name for row in TURN} | SHOWN_SEPARATELY
    said = turn or join.exchange.question
    fields: Mapping[str, Any] = said.fields if said else {}
    return {
        **fields,
        "position": join.exchange.position,
        "key": join.key,
        "wording": join.wording.value,
        "spoken": join.spoken.value if join.spoken else None,
        # as it was defined: what was spoken may quote the candidate, so it only stands where answers may
        "question": join.exchange.text("question_original"),
        "question_now": join.now,
        "question_asked": join.exchange.text("question_asked"),
        "answered": bool(turn and turn.text("answer")),
        "answer": turn.text("answer") if turn else None,
        "duration_seconds": _seconds(turn.number("duration")) if turn else None,
        "allotted_seconds": (join.question or {}).get("duration"),
        "answer_language": fields.get("mojito_language_code"),
        "turn_id": fields.get("id"),
        "further_fields": {name: value for name, value in fields.items() if name not in known} or None,
    }


def _seconds(deciseconds: float | None) -> float | None:
    return None if deciseconds is None else deciseconds / _DECI
