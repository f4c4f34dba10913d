"""Inventing results for interviews that exist: plausible, marked as synthetic, the same for the same seed.

An interview's first results are half from before its present wording, so that there is something to compare: one
question is put in an earlier form, and answered a little worse. Later ones fall after the interview's last change.
"""

from __future__ import annotations

import random
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from reconciler.sandbox import synthetic_text
from reconciler.sandbox.add_results import results_added
from reconciler.sandbox.clock import DAY, iso
from reconciler.sandbox.interview_names import name_of, names_of
from reconciler.sandbox.interviews import every
from reconciler.sandbox.steps import questions_in
from reconciler.sandbox.synthetic_assessment import with_assessments
from reconciler.sandbox.synthetic_transcript import BEST, conversation, drawn_id

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from reconciler.sandbox.database import Database
    from reconciler.sandbox.interviews import Interview
    from reconciler.sandbox.switches import Switches

_DAYS: Final = 60


def seeded(  # noqa: PLR0913 - the options of the command
    db: Database, switches: Switches, wanted: Collection[str], count: int, seed: int, *, real_size: bool = False
) -> list[str]:
    """Adds `count` results for each interview whose manifest's or own name is wanted, or for all.

    With `real_size` each is as large as real ones are. Answers their interview_result_ids. Drafts and removed
    interviews are left out: no candidate can have taken them.
    """
    taken = _taken(db, wanted)
    results = (one for interview in taken for one in _results(db, interview, count, seed, real_size=real_size))
    return [name for batch in _batches(results) for name in results_added(db, switches, batch)]


def _batches(results: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Some at a time: results of real size would fill the memory."""
    while batch := list(islice(results, 50)):
        yield batch


def _taken(db: Database, wanted: Collection[str]) -> list[Interview]:
    return [
        interview
        for interview in every(db)
        if not interview.is_multistage
        and interview.columns["status"] not in {"draft", "deleted", "archived"}
        and questions_in(interview.steps)
        and (not wanted or not names_of(interview).isdisjoint(wanted))
    ]


def _results(db: Database, interview: Interview, count: int, seed: int, *, real_size: bool) -> Iterator[dict[str, Any]]:
    held = db.connection.execute("SELECT count(*) FROM results WHERE definition_id = ?", (interview.id,)).fetchone()[0]
    name = name_of(interview)
    earlier = any(name_of(other) == name and other.created_us < interview.created_us for other in every(db))
    is_first = not held and not earlier
    draw = random.Random(f"{seed}:{name}:{held}:{earlier}")  # noqa: S311 - reproducible on purpose
    for number in range(count):
        is_former = is_first and number < count // 2
        at = _moment(draw, interview, number / count, db.clock.now(), is_former=is_former)
        yield _result(draw, interview, at, is_former=is_former, real_size=real_size)


def _moment(draw: random.Random, interview: Interview, share: float, now: int, *, is_former: bool) -> int:
    """When the interview began: in the days before its last change, or in the later half of the time since.

    The later half, because the change was recorded a moment after the service made it.
    """
    changed = interview.updated_us
    if is_former:
        return int(changed - _DAYS * DAY * (1 - min(share + draw.random() * 0.01, 0.999)))
    return int(changed + (now - changed) * (1 + share) / 2)


def _result(draw: random.Random, interview: Interview, at: int, *, is_former: bool, real_size: bool) -> dict[str, Any]:
    skill = min(max(draw.gauss(3.3, 0.7), 0.5), BEST)
    turns, ended, share = conversation(draw, interview, skill, is_former=is_former)
    scores = [turn["score"] for turn in turns if turn["score"] is not None]
    done = ended is None
    score = round(sum(scores) / len(scores), 1) if scores and done else None
    length = sum(turn["duration"] for turn in turns)
    first, last = draw.choice(synthetic_text.FIRST_NAMES), draw.choice(synthetic_text.LAST_NAMES)
    item = {
        "id": drawn_id(draw),
        "interview_result_id": drawn_id(draw),
        "profile_interview_id": drawn_id(draw),
        "profile_id": drawn_id(draw),
        "definition_id": interview.id,
        "candidate_name": f"{synthetic_text.SYNTHETIC} {first} {last}",
        "candidate_email": f"candidate-{draw.randrange(10**6):06d}@example.invalid",
        "coach_status": "completed" if done else "started",
        "decision_status": draw.choice((None, None, "selected", "rejected")) if done else None,
        "score": score,
        "duration_ds": length,
        "created_at": iso(at),
    }
    turns = with_assessments(turns, real_size=real_size)
    return {"item": item, "details": _details(draw, turns, ended, share, score) | {"end": iso(at + length * 100_000)}}


def _details(
    draw: random.Random, turns: list[dict[str, Any]], ended: str | None, share: float, score: float | None
) -> dict[str, Any]:
    reasons = {
        "reasons_to_hire": _marked(draw, synthetic_text.REASONS),
        "reasons_not_to_hire": _marked(draw, synthetic_text.DOUBTS),
    }
    return {
        "_synthetic": "Invented by the sandbox; not a real interview.",
        "score_text": None
        if score is None
        else f"{synthetic_text.SYNTHETIC} {('Weak', 'Fair', 'Good')[min(int(score / 2), 2)]}",
        "score_answer": score,
        "score_words_per_minute": draw.randrange(95, 165),
        "ai_interview_coverage_percentage": round(100 * share),
        "ai_completion_reason": f"{synthetic_text.SYNTHETIC} {ended or synthetic_text.FINISHED}",
        "ai_analysis": f"{synthetic_text.SYNTHETIC} {draw.choice(synthetic_text.COMMENTS)}",
        "ai_analysis_recruiter": f"{synthetic_text.SYNTHETIC} {draw.choice(synthetic_text.COMMENTS)}",
        "ai_analysis_other": {"hiring_reasons": reasons},
        "ai_analysis_recruiter_why_hire": reasons["reasons_to_hire"],
        "ai_analysis_recruiter_why_not_hire": reasons["reasons_not_to_hire"],
        "transcript": turns,
    }


def _marked(draw: random.Random, choices: tuple[str, ...]) -> list[str]:
    return [f"{synthetic_text.SYNTHETIC} {text}" for text in draw.sample(choices, draw.randrange(3))]
