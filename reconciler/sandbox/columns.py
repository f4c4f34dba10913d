"""From request fields to stored columns: which column a field writes, and what becomes of its value on the way."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from reconciler.sandbox import fixtures, languages
from reconciler.sandbox.reply import RefusalError, unanswerable
from reconciler.sandbox.switches import Switches

RENAMED: Final = {"location": "interview_location", "description_long": "interview_description_long"}
SAME: Final = (
    "name", "description", "visibility", "type", "interview_template_id", "knowledge_base_store_id", "recording",
    "recording_full_session", "type_credit", "result_view", "candidate_video_introduction", "candidate_expectations",
    "candidate_expectations_json", "code", "interview_department", "interview_salary", "interview_available_till",
    "recruiter_profile_id", "cover_image_url", "tags", "coach_plan", "interview_conversation_speed", "max_followups",
    "max_duration", "questions_random_subset", "required_pronunciation", "result_enable_edit_transcript",
    "pdf_export_auto_config", "country_availability",
)  # fmt: skip
CREATION: Final = ("interview_type", "interview_tone", "seniority_level", "hiring_for_company")
"""Fields kept inside the column creation_parameters (docs/service.md#3-get)."""
SCORING: Final = ("custom_scoring", "interview_attempts")
"""Fields kept inside the column result_scoring."""
COLUMN_OF: Final = (
    {name: name for name in SAME}
    | RENAMED
    | dict.fromkeys(CREATION, "creation_parameters")
    | dict.fromkeys(SCORING, "result_scoring")
)

BLANK_IS_NULL: Final = frozenset({"code", "location", "interview_department", "interview_salary"})
TONES: Final = frozenset({"relaxed", "simple", "professional", "persuasive"})
SCORING_DEFAULTS: Final = {"max_score": 5, "early_stop": False, "sentiment_analysis": True, "ai_pronunciation": False}


def plain_value(field: str, value: Any, *, blank_is_null: bool, switches: Switches) -> Any:
    """The value as its own column stores it."""
    if blank_is_null and field in BLANK_IS_NULL and isinstance(value, str) and not value.strip():
        return None
    if field == "interview_available_till" and value is not None:
        return _until(value, gains_time=switches["available_till_gains_time"])
    return value


def creation_value(field: str, value: Any, switches: Switches) -> Any:
    """The value as creation_parameters keeps it."""
    if field == "interview_tone":
        return _tone(value, normalised=switches["tone_is_normalised"])
    if field == "hiring_for_company" and value is not None and not (value.get("name") or "").strip():
        return None  # hiring for yourself (docs/service.md#2-create)
    return value


def scoring(stored: dict[str, Any] | None, request: dict[str, Any], switches: Switches) -> dict[str, Any] | None:
    """result_scoring after a request: overrides merged onto what is stored, omitted keys keep their value."""
    merged = dict(stored or {})
    if "custom_scoring" in request:
        if request["custom_scoring"] is None and switches["custom_scoring_null"] == "nothing":
            pass
        elif request["custom_scoring"] is None:
            kept = switches["scoring_null_keeps_retries"] and "max_retries" in merged
            merged = {"max_retries": merged["max_retries"]} if kept else {}
        else:
            defaults = SCORING_DEFAULTS if switches["scoring_shows_defaults"] else {}
            merged = defaults | merged | request["custom_scoring"]
    if request.get("interview_attempts") is not None:
        merged["max_retries"] = request["interview_attempts"]
    return merged or None


def check_references(request: dict[str, Any], switches: Switches, *, unresolved: int) -> None:
    """Template and knowledge bases exist; `unresolved`: 500 on create, 422 on update (docs/service.md#1-access)."""
    if "interview_template_id" in request:
        kind = fixtures.template_kind(request["interview_template_id"])
        if kind is None or (kind in fixtures.LEGACY and not switches["legacy_templates_usable"]):
            raise _unresolved(unresolved, "Interview template not found.", "interview_template_id")
    store = request.get("knowledge_base_store_id")
    if store is not None and store not in fixtures.KNOWLEDGE_BASES:
        raise _unresolved(unresolved, "Knowledge base not found.", "knowledge_base_store_id")
    for number, question in enumerate(request.get("questions", ())):
        store = question.get("knowledge_base_id")
        if switches["question_knowledge_base_checked"] and store is not None and store not in fixtures.KNOWLEDGE_BASES:
            raise _unresolved(unresolved, "Knowledge base not found.", f"questions.{number}.knowledge_base_id")
    profile = request.get("recruiter_profile_id")
    if profile is not None and not fixtures.is_recruiter(profile):
        raise unanswerable("recruiter_profile_id", "Not a recruiter of this merchant.")
    if request.get("type") == "coaching" and switches["coaching_refused"]:
        raise unanswerable("type", "Coaching is not available on this portal.")


def check_language(code: str, switches: Switches, *, pronunciation: bool, unresolved: int) -> None:
    """The language needs a voice, and with pronunciation assessment one that supports it."""
    if not languages.is_spoken(code, pronunciation=pronunciation and switches["pronunciation_checked"]):
        raise _unresolved(unresolved, "Language has no speech mapping.", "mojito_language_code")


def _unresolved(status: int, message: str, name: str) -> RefusalError:
    # the field is named on validation errors only (docs/service.md#1-access)
    return unanswerable(name, message) if status == 422 else RefusalError(status, message)  # noqa: PLR2004


def _tone(value: str | None, *, normalised: bool) -> str:
    if value is None:
        return "relaxed"
    if not normalised:
        return value
    lowered = value.strip().lower()
    return lowered if lowered in TONES else "relaxed"


def _until(value: str, *, gains_time: bool) -> str:
    try:
        instant = datetime.fromisoformat(value)
    except ValueError as error:
        raise unanswerable("interview_available_till", "Not an ISO date or time.") from error
    if not gains_time:
        return value
    instant = instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    return f"{instant:%Y-%m-%dT%H:%M:%S}.{instant.microsecond // 1000:03d}Z"
