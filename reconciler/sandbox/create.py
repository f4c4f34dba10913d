"""job-interview-create-from-array: never idempotent, a second call is a second interview (docs/service.md#2-create)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from reconciler.sandbox import steps
from reconciler.sandbox.auth import scoped
from reconciler.sandbox.clock import new_id, new_key
from reconciler.sandbox.columns import (
    CREATION,
    RENAMED,
    SAME,
    check_language,
    check_references,
    creation_value,
    plain_value,
    scoring,
)
from reconciler.sandbox.fixtures import is_offline
from reconciler.sandbox.interviews import Interview, added
from reconciler.sandbox.reply import unanswerable

if TYPE_CHECKING:
    from reconciler.sandbox.auth import Caller
    from reconciler.sandbox.database import Database
    from reconciler.sandbox.switches import Switches

_LIMITS: Final = {"interview_attempts": (1, 20), "questions_random_subset": (0.01, 0.9)}
_SENIORITY: Final = {
    "chief": "executive", "executive": "executive", "director": "director", "head of": "director",
    "manager": "managerial", "lead": "managerial", "senior": "senior", "junior": "entry-level",
    "intern ": "entry-level",
}  # fmt: skip
# update's fields that a create cannot carry, and columns no operation writes
_UNSENT: Final[dict[str, Any]] = dict.fromkeys(
    ("type_credit", "coach_plan", "country_availability", "stage", "slug", "emoji")
)


def create(db: Database, switches: Switches, caller: Caller, request: dict[str, Any]) -> dict[str, Any]:
    """Stores a new interview; answers its id, with is_embedded the credentials too."""
    check_references(request, switches, unresolved=500)
    _check_limits(request, switches)
    pronunciation = bool(request.get("required_pronunciation"))
    check_language(request["mojito_language_code"], switches, pronunciation=pronunciation, unresolved=500)
    built = steps.built(request, switches)
    now = db.clock.tick()
    embedded = bool(request.get("is_embedded"))
    interview = Interview(
        id=new_id(),
        merchant_id=scoped(caller, request.get("merchant_id"), switches, forbidden=500),
        is_multistage=False,
        created_us=now,
        updated_us=now,
        activated_us=_activated(request, now),
        columns=_columns(request, built, switches) | {"environment": caller.environment},
        steps=built,
        embed_id=new_id() if embedded else None,
        embed_signing_key=new_key() if embedded else None,
    )
    added(db, interview)
    answer: dict[str, Any] = {"interview_def_set_id": interview.id}
    if embedded:
        answer |= {"embed_id": interview.embed_id, "embed_signing_key": interview.embed_signing_key}
    return answer


def _check_limits(request: dict[str, Any], switches: Switches) -> None:
    # create's schema has no numbers, its prose has (docs/service.md#2-create)
    for field, (least, most) in _LIMITS.items():
        value = request.get(field)
        if switches["create_enforces_limits"] and value is not None and not least <= value <= most:
            raise unanswerable(field, f"Must be between {least} and {most}.")


def _activated(request: dict[str, Any], now: int) -> int:
    return now if request["status"] == "active" and is_offline(request["interview_template_id"]) else 0


def _columns(request: dict[str, Any], built: list[steps.Step], switches: Switches) -> dict[str, Any]:
    blank = switches["blank_is_null_on_create"]
    columns = _UNSENT | {"status": request["status"], "mojito_language_code": request["mojito_language_code"]}
    for field in (*SAME, *RENAMED):
        if field not in _UNSENT:
            value = plain_value(field, request.get(field), blank_is_null=blank, switches=switches)
            columns[RENAMED.get(field, field)] = value
    columns["max_duration"] = switches["create_max_duration"]
    if columns["result_view"] is None:
        columns["result_view"] = switches["default_result_view"]
    if columns["candidate_video_introduction"] is None:
        columns["candidate_video_introduction"] = switches["default_video_introduction"]
    columns["required_pronunciation"] = bool(columns["required_pronunciation"])
    columns["result_enable_edit_transcript"] = columns["result_enable_edit_transcript"] is not False
    columns["type_credit"] = type_credit(request["type"])
    columns["candidate_expectations_json"] = _expectations(request, built, switches)
    columns["result_scoring"] = scoring(None, _scored(request, switches), switches)
    columns["creation_parameters"] = _creation(request, switches)
    return columns


def type_credit(kind: str) -> str | None:
    """Interviews and assessments are billed to the merchant (docs/service.md#4-update)."""
    return None if kind in {"interview", "assessment"} else "interview_coach_manager"


def _scored(request: dict[str, Any], switches: Switches) -> dict[str, Any]:
    if switches["attempts_stored_on_create"]:
        return request
    return {name: value for name, value in request.items() if name != "interview_attempts"}


def _expectations(request: dict[str, Any], built: list[steps.Step], switches: Switches) -> Any:
    given = request.get("candidate_expectations_json")
    omitted = "candidate_expectations_json" not in request or switches["null_counts_as_omitted"]
    if given is None and omitted and request["type"] == "interview" and switches["expectations_generated"]:
        return steps.expectations(request, built)
    return given


def _creation(request: dict[str, Any], switches: Switches) -> dict[str, Any]:
    recorded = {field: creation_value(field, request.get(field), switches) for field in CREATION}
    if recorded["seniority_level"] is None and switches["seniority_is_detected"]:
        recorded["seniority_level"] = _detected(request)
    recorded["additional_context"] = request.get("additional_context")
    recorded["knowledge_base_store_id"] = request.get("knowledge_base_store_id")
    return {field: value for field, value in recorded.items() if value is not None}


def _detected(request: dict[str, Any]) -> str:
    text = f"{request['name']} {request['description']} {request.get('description_long') or ''} ".lower()
    return next((level for word, level in _SENIORITY.items() if word in text), "intermediate")
