"""job-interview-get: the stored row under the names of the read side, without its own id (docs/service.md#3-get)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from reconciler.sandbox import fixtures, languages
from reconciler.sandbox.clock import SECOND, iso
from reconciler.sandbox.interviews import Interview, as_of, found, status_shown
from reconciler.sandbox.reply import RefusalError
from reconciler.sandbox.steps import questions_in, shown

if TYPE_CHECKING:
    from reconciler.sandbox.auth import Caller
    from reconciler.sandbox.database import Database
    from reconciler.sandbox.switches import Switches

_STORED: Final = (
    "visibility", "stage", "type", "code", "interview_location", "cover_image_url", "interview_template_id",
    "knowledge_base_store_id", "mojito_language_code", "recording", "recording_full_session", "type_credit",
    "result_view", "candidate_video_introduction", "description", "interview_description_long",
    "candidate_expectations", "candidate_expectations_json", "result_scoring", "creation_parameters",
    "interview_department", "interview_salary", "interview_available_till", "recruiter_profile_id", "slug", "tags",
    "coach_plan", "interview_conversation_speed", "max_followups", "max_duration", "questions_random_subset",
    "required_pronunciation", "result_enable_edit_transcript", "pdf_export_auto_config", "country_availability",
)  # fmt: skip


def visible(db: Database, switches: Switches, caller: Caller, interview_id: str) -> Interview | None:
    """The row if this caller may see it: row-level security hides foreign ones (docs/service.md#1-access)."""
    interview = found(db, interview_id)
    if interview is None or (interview.merchant_id != caller.merchant_id and not caller.is_admin):
        return None
    if interview.columns["status"] == "deleted" and not switches["deleted_is_readable"]:
        return None
    return interview


def required(db: Database, switches: Switches, caller: Caller, interview_id: str) -> Interview:
    """The visible row; raises RefusalError 404."""
    interview = visible(db, switches, caller, interview_id)
    if interview is None:
        raise RefusalError(404, "Interview not found.")
    return interview


def read(
    db: Database, switches: Switches, caller: Caller, query: dict[str, Any], *, lag_seconds: float = 0.0
) -> dict[str, Any]:
    """One definition with its questions in create format, as it was `lag_seconds` ago."""
    interview: Interview | None = required(db, switches, caller, query["position_id"])
    if lag_seconds and interview:
        interview = as_of(db, interview, db.clock.now() - lag_seconds * SECOND)
    if interview is None or not {"*", interview.id}.isdisjoint(switches["read_hides"]):
        raise RefusalError(404, "Interview not found.")
    answer = _head(interview, switches, db.clock.now()) | _stored(interview, switches) | _derived(interview)
    return answer | dict.fromkeys(switches["null_reads"])


def _stored(interview: Interview, switches: Switches) -> dict[str, Any]:
    stored = {field: interview.columns.get(field) for field in _STORED}
    limits = stored["country_availability"]
    if limits is not None and switches["countries_completed"]:
        stored["country_availability"] = {
            "countries_allowed": sorted(limits.get("countries_allowed") or []),
            "countries_allowed_eu": bool(limits.get("countries_allowed_eu")),
            "countries_blocked": sorted(limits.get("countries_blocked") or []),
            "countries_blocked_eu": bool(limits.get("countries_blocked_eu")),
        }
    return stored


def _head(interview: Interview, switches: Switches, now: int) -> dict[str, Any]:
    questions = [shown(step, switches["unset_flags_as"]) for step in questions_in(interview.steps)]
    return {
        "name": interview.columns["name"],
        "created_at": iso(interview.created_us),
        "updated_at": iso(interview.updated_us),
        "calc_definition_json": {"steps": interview.steps} if switches["definition_shown"] else None,
        "questions": None if interview.is_multistage else questions,
        "is_multistage": interview.is_multistage,
        "status": status_shown(interview, switches, now),
        "merchant_id": interview.merchant_id,
    }


def _derived(interview: Interview) -> dict[str, Any]:
    kind = fixtures.template_kind(interview.columns["interview_template_id"])
    language = interview.columns["mojito_language_code"]
    voice, voice_name = languages.speech(language) if language and not interview.is_multistage else (None, None)
    return {
        "interview_template_type": kind,
        "is_voice_only": None if kind is None else kind == "interactive_elevenlabs",
        "speech_language_code": voice,
        "speech_language_name": voice_name,
    }
