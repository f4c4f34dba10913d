"""Inventing what was said in one interview, turn by turn; the draws decide, so equal draws give equal turns."""

from __future__ import annotations

import random
import uuid
from typing import TYPE_CHECKING, Any, Final

from reconciler.sandbox import synthetic_text
from reconciler.sandbox.steps import questions_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reconciler.sandbox.interviews import Interview

BEST: Final = 5
_LEAVES: Final = 0.06  # chance to give up before each question
_NOT_ASKED: Final = 0.4  # of conditional questions
_FOLLOWED_UP: Final = 0.25


def conversation(
    draw: random.Random, interview: Interview, skill: float, *, is_former: bool
) -> tuple[list[dict[str, Any]], str | None, float]:
    """The turns, why it was given up (None when it was not), and the share of the questions that was reached."""
    asked = questions_in(interview.steps)
    reworded = next((step["id"] for step in asked if not step.get("is_conditional")), None) if is_former else None
    turns: list[dict[str, Any]] = []
    for number, step in enumerate(asked):
        if number and draw.random() < _LEAVES:
            return turns, draw.choice(synthetic_text.STOPS), number / len(asked)
        if step.get("is_conditional") and draw.random() < _NOT_ASKED:
            continue
        worse = step["id"] == reworded
        text = f"Could you perhaps say something about this: {step['question']}" if worse else step["question"]
        turns += _exchange(draw, interview, step, text, skill - 0.7 * worse)
    return turns, None, 1.0


def _exchange(
    draw: random.Random, interview: Interview, step: dict[str, Any], text: str, skill: float
) -> Iterator[dict[str, Any]]:
    scored = not (step.get("is_without_scoring") or step.get("is_candidate_asking_recruiter"))
    view = "with listening conditional" if step.get("is_conditional") else "with listening"
    common = {
        "view": view if scored else "without scoring",
        "question_original_id": step["id"],
        "question_original": text,
        "question_asked": text,
        "mojito_language_code": step.get("mojito_language_code") or interview.columns["mojito_language_code"],
        "external_data": step.get("external_data"),
        "external_id": step.get("external_id"),
    }
    best = (interview.columns.get("result_scoring") or {}).get("max_score") or BEST
    yield _turn(draw, common, is_answer=False, duration=20 + len(text) // 2)
    yield _answer(draw, common, step, skill / BEST * best if scored else None, best)
    if scored and draw.random() < _FOLLOWED_UP:
        question = draw.choice(synthetic_text.FOLLOW_UPS)
        free = common | dict.fromkeys(("question_original_id", "question_original", "external_id", "external_data"))
        yield _turn(draw, free | {"question_asked": question}, is_answer=False, duration=40)
        yield _answer(draw, free | {"question_asked": question}, step, None, best)


def _answer(
    draw: random.Random, common: dict[str, Any], step: dict[str, Any], skill: float | None, best: float
) -> dict[str, Any]:
    allotted = step.get("duration") or 120
    seconds = min(max(draw.lognormvariate(-0.6, 0.5), 0.08), 1.05) * allotted
    opening, middle = draw.choice(synthetic_text.OPENINGS), draw.choice(synthetic_text.MIDDLES)
    words = f"{opening}, {middle}; {draw.choice(synthetic_text.ENDINGS)}."
    mark = None if skill is None else round(min(max(draw.gauss(skill, 0.12 * best), 0), best) * 2) / 2
    return _turn(draw, common, is_answer=True, duration=round(seconds * 10)) | {
        "answer": f"{synthetic_text.SYNTHETIC} {words}",
        "ai_analysis": f"{synthetic_text.SYNTHETIC} {draw.choice(synthetic_text.COMMENTS)}",
        "score": mark,
        "score_answer_ai": mark,
    }


def _turn(draw: random.Random, common: dict[str, Any], *, is_answer: bool, duration: int) -> dict[str, Any]:
    nothing = (
        "answer", "ai_analysis", "ai_analysis_recruiter", "score", "score_simulation", "score_answer_ai",
        "score_answer_ai_simulation", "answer_assessment_raw_data", "recording_local_path", "recording_is_video",
    )  # fmt: skip
    return {"id": drawn_id(draw), "is_answer": is_answer, **dict.fromkeys(nothing), **common, "duration": duration}


def drawn_id(draw: random.Random) -> str:
    """An id that follows from the draws."""
    return str(uuid.UUID(int=draw.getrandbits(128), version=4))
