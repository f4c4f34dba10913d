"""Visits: one taking of an interview through its embed link, kept in the database until its result is stored.

The questions are those of the moment in which the visit began. A conditional question is asked when the question that
it depends on was answered; the real service lets the avatar judge that (docs/service.md#2-create).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import orjson

from reconciler.sandbox.add_results import results_added
from reconciler.sandbox.clock import SECOND, iso, new_id
from reconciler.sandbox.interviews import found
from reconciler.sandbox.steps import PARENT, questions_in

if TYPE_CHECKING:
    from reconciler.sandbox.database import Database
    from reconciler.sandbox.embed_link import Link
    from reconciler.sandbox.steps import Step
    from reconciler.sandbox.switches import Switches

_VIEWS: Final = {
    "is_candidate_asking_recruiter": "candidate asking recruiter",
    "is_multiple_choice": "multiple choice",
    "is_without_scoring": "without scoring",
    "is_expert": "with listening expert",
    "is_conditional": "with listening conditional",
}


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit; `answers` are the answered questions in order, each with `question`, `text` and `seconds`."""

    id: str
    interview_id: str
    name: str
    email: str
    started_us: int
    asked_us: int
    steps: list[Step]
    answers: list[dict[str, Any]]
    result_id: str | None = None

    @property
    def asked(self) -> Step | None:
        """The question that is to be answered now, None when there is none left."""
        answered = {answer["question"]: answer["text"] for answer in self.answers}
        return next((step for step in self.steps if step["id"] not in answered and _is_asked(step, answered)), None)

    @property
    def progress(self) -> tuple[int, int]:
        """(the number of the question that is asked now, how many there are as far as is known)."""
        answered = {answer["question"]: answer["text"] for answer in self.answers}
        coming = [step for step in self.steps if step["id"] not in answered and _may_be_asked(step, answered)]
        return len(answered) + 1, len(answered) + len(coming)


def begun(db: Database, link: Link, name: str, email: str) -> Visit:
    """Starts and stores a visit."""
    now = db.clock.tick()
    visit = Visit(
        secrets.token_urlsafe(24), link.interview.id, name, email, now, now, questions_in(link.interview.steps), []
    )
    with db.writing():
        db.connection.execute(
            "INSERT INTO visits (id, interview_id, name, email, started_us, asked_us, steps, answers) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (visit.id, visit.interview_id, name, email, now, now, orjson.dumps(visit.steps), b"[]"),
        )
    return visit


def visited(db: Database, visit_id: str) -> Visit | None:
    """The visit of that id, None when there is none."""
    row = db.connection.execute(
        "SELECT interview_id, name, email, started_us, asked_us, steps, answers, result_id FROM visits WHERE id = ?",
        (visit_id,),
    ).fetchone()
    if row is None:
        return None
    interview_id, name, email, started, asked, steps, answers, result_id = row
    return Visit(
        visit_id, interview_id, name, email, started, asked, orjson.loads(steps), orjson.loads(answers), result_id
    )


def answered(db: Database, switches: Switches, visit_id: str, question_id: str, text: str) -> Visit | None:
    """The visit after an answer; with the last one its result is stored.

    An answer to another question than the one asked now (a form sent twice) changes nothing.
    """
    with db.writing():
        visit = visited(db, visit_id)
        if visit is None or visit.asked is None or visit.asked["id"] != question_id:
            return visit
        now = db.clock.tick()
        answer = {"question": question_id, "text": text.strip(), "seconds": (now - visit.asked_us) / SECOND}
        visit = replace(visit, answers=[*visit.answers, answer], asked_us=now)
        db.connection.execute(
            "UPDATE visits SET answers = ?, asked_us = ? WHERE id = ?", (orjson.dumps(visit.answers), now, visit_id)
        )
    return _completed(db, switches, visit) if visit.asked is None else visit


def _completed(db: Database, switches: Switches, visit: Visit) -> Visit:
    interview = found(db, visit.interview_id)
    is_test = interview is not None and interview.columns["status"] != "active"
    deciseconds = round((visit.asked_us - visit.started_us) / SECOND * 10)
    language = interview.columns["mojito_language_code"] if interview else None
    item = {
        "definition_id": visit.interview_id,
        "candidate_name": visit.name or None,
        "candidate_email": visit.email or None,
        "coach_status": "completed",
        "is_test": is_test,
        "duration_ds": deciseconds,
        "created_at": iso(visit.started_us),
        "updated_at": iso(visit.asked_us),
    }
    details = {
        "end": iso(visit.asked_us),
        "ai_interview_coverage_percentage": 100,
        "ai_completion_reason": "all questions were asked",
        "transcript": _transcript(visit, language),
    }
    (result_id,) = results_added(db, switches, [{"item": item, "details": details}])
    with db.writing():
        db.connection.execute("UPDATE visits SET result_id = ? WHERE id = ?", (result_id, visit.id))
    return replace(visit, result_id=result_id)


def _transcript(visit: Visit, language: str | None) -> list[dict[str, Any]]:
    steps = {step["id"]: step for step in visit.steps}
    turns: list[dict[str, Any]] = []
    for answer in visit.answers:
        step = steps[answer["question"]]
        common = {
            "view": next((view for flag, view in _VIEWS.items() if step.get(flag)), "with listening"),
            "question_original_id": step["id"],
            "question_original": step["question"],
            "question_asked": step["question"],
            "mojito_language_code": step.get("mojito_language_code") or language,
            "external_data": step.get("external_data"),
            "external_id": step.get("external_id"),
        }
        spoken = {"answer": answer["text"] or None, "duration": round(answer["seconds"] * 10)}
        turns.append({**_EMPTY, **common, "id": new_id(), "is_answer": False, "duration": 0})
        turns.append({**_EMPTY, **common, "id": new_id(), "is_answer": True, **spoken})
    return turns


def _is_asked(step: Step, answered: dict[str, str]) -> bool:
    parent = step.get(PARENT)
    return not (step.get("is_conditional") and parent) or bool(answered.get(parent))


def _may_be_asked(step: Step, answered: dict[str, str]) -> bool:
    parent = step.get(PARENT)
    return not (step.get("is_conditional") and parent) or answered.get(parent) != ""


_EMPTY: Final[dict[str, Any]] = dict.fromkeys((
    "answer", "ai_analysis", "ai_analysis_recruiter", "score", "score_simulation", "score_answer_ai",
    "score_answer_ai_simulation", "answer_assessment_raw_data", "recording_local_path", "recording_is_video",
))  # fmt: skip
