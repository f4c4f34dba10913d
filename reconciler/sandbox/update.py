"""job-interview-update: writes only the keys present; no version, the last write wins (docs/service.md#4-update)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from reconciler.sandbox import columns as mapping
from reconciler.sandbox import questions, steps
from reconciler.sandbox.create import type_credit
from reconciler.sandbox.fixtures import is_offline
from reconciler.sandbox.get import required
from reconciler.sandbox.interviews import Interview, rewritten, touched
from reconciler.sandbox.reply import unanswerable
from reconciler.sandbox.set_state import with_status

if TYPE_CHECKING:
    from reconciler.sandbox.auth import Caller
    from reconciler.sandbox.database import Database
    from reconciler.sandbox.switches import Switches

_FOR_POSITIONS: Final = frozenset({
    "position_id", "name", "code", "location", "description", "description_long", "cover_image_url",
    "interview_department", "interview_salary", "interview_available_till", "recruiter_profile_id", "status",
    "visibility", "hiring_for_company",
})  # fmt: skip


def update(
    db: Database, switches: Switches, caller: Caller, request: dict[str, Any], *, lag_seconds: float = 0.0
) -> dict[str, Any]:
    """Writes what was sent; answers the columns written and, when questions were sent, what became of each."""
    with db.writing():
        before = required(db, switches, caller, request["position_id"])
        _check(before, request, switches)
        after, written = _columns_written(before, request, switches)
        answer: dict[str, Any] = {"position_id": before.id, "is_multistage": before.is_multistage}
        if "status" in request and switches["status_before_questions"]:
            after = with_status(db, after, request["status"])
        if "questions" in request:
            revision = _revision(before, after, request, switches)
            answer["questions_diff"] = revision.answer(
                reactivated=revision.is_changed and after.columns["status"] == "active"
            )
            after = replace(after, steps=revision.steps)
        after, written = _regenerated(after, request, written, switches)
        if "status" in request:
            after = with_status(db, after, request["status"])
            written.append("status")
        if (written and switches["unchanged_write_bumps"]) or after != before:
            rewritten(db, before, touched(db, after), lag_seconds)
    if "questions" in request:
        written.append("questions")
    answer["updated_fields"] = written
    return answer


def _check(before: Interview, request: dict[str, Any], switches: Switches) -> None:
    if before.is_multistage:
        for name in request:
            if name not in _FOR_POSITIONS:
                raise unanswerable(name, "Not a field of a multi-stage position.")
    mapping.check_references(request, switches, unresolved=422)
    if request.get("required_pronunciation"):
        mapping.check_language(before.columns["mojito_language_code"], switches, pronunciation=True, unresolved=422)


def _columns_written(before: Interview, request: dict[str, Any], switches: Switches) -> tuple[Interview, list[str]]:
    """The row with the sent fields in their columns, and the names of those columns in the order they were sent."""
    columns = dict(before.columns)
    creation = {
        field: mapping.creation_value(field, request[field], switches) for field in mapping.CREATION if field in request
    }
    if creation:
        columns["creation_parameters"] = (columns["creation_parameters"] or {}) | creation
    if any(field in request for field in mapping.SCORING):
        columns["result_scoring"] = mapping.scoring(columns["result_scoring"], request, switches)
    for field, sent in request.items():
        if field in mapping.SAME or field in mapping.RENAMED:
            stored = mapping.plain_value(field, sent, blank_is_null=True, switches=switches)
            columns[mapping.COLUMN_OF[field]] = stored
    written = [mapping.COLUMN_OF[field] for field in request if field in mapping.COLUMN_OF]
    if "type" in request and request["type"] != before.columns["type"] and "type_credit" not in request:
        columns["type_credit"] = type_credit(request["type"])
        written.append("type_credit")
    return replace(before, columns=columns), list(dict.fromkeys(written))


def _revision(before: Interview, after: Interview, request: dict[str, Any], switches: Switches) -> questions.Revision:
    revision = questions.revised(before.steps, request["questions"], switches)
    active = after.columns["status"] == "active"
    if revision.is_changed and active and is_offline(before.columns["interview_template_id"]):
        raise unanswerable("questions", "Set the interview to draft before changing questions of an offline avatar.")
    return revision


def _regenerated(
    after: Interview, request: dict[str, Any], written: list[str], switches: Switches
) -> tuple[Interview, list[str]]:
    if not request.get("regenerate_candidate_expectations"):
        return after, written
    explicit = "candidate_expectations_json" in request
    if "questions" not in request or explicit or after.columns["type"] != "interview":
        if switches["regenerate_unmet_is_422"]:
            raise unanswerable("regenerate_candidate_expectations", "Needs questions and type interview.")
        return after, written
    context = {"additional_context": (after.columns["creation_parameters"] or {}).get("additional_context")}
    rubric = steps.expectations(context, after.steps)
    columns = after.columns | {"candidate_expectations_json": rubric}
    return replace(after, columns=columns), [*written, "candidate_expectations_json"]
