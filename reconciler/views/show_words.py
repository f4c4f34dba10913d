"""The fields of an interview in words: who may take it, in which style, on which terms. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_OPEN_TO = {
    "merchant_public": "everybody, on your public list",
    "merchant_invite": "invited candidates",
    "merchant_unlisted": "everybody who has the link",
}
_KINDS = {
    "interview": "interview, scored, with a hiring recommendation",
    "assessment": "assessment, scored",
    "coaching": "coaching, for practice",
}
_RECORDED = {
    "audio_all": "audio of every answer",
    "video_all": "video of every answer",
    "audio_first_5_answers": "audio of the first 5 answers",
    "video_first_5_answers": "video of the first 5 answers",
}
_SESSION = {"audio_all": "audio of the whole session", "video_all": "video of the whole session"}


def facts(spec: Mapping[str, Any], interview_id: str | None, link: str | None) -> Iterator[tuple[str, str | None]]:
    """What the interview is, as rows of a label and a text; None where there is nothing to say."""
    company = spec.get("hiring_for_company") or {}
    yield "id", interview_id
    yield "link", link
    yield "language", spec["mojito_language_code"]
    yield "location", spec["location"]
    yield "employer", company.get("name")
    yield "department", spec.get("interview_department")
    yield "salary", spec.get("interview_salary")
    yield "kind", _KINDS[spec["type"]]
    yield "style", ", ".join(_style(spec)) or None
    yield "open to", _OPEN_TO[spec["visibility"]]
    yield "open until", spec.get("interview_available_till")
    yield "status", {"draft": "draft: no candidate can take it yet"}.get(spec["status"], spec["status"])


def _style(spec: Mapping[str, Any]) -> Iterator[str]:
    for name, words in (
        ("interview_type", "{}"),
        ("interview_tone", "{} tone"),
        ("seniority_level", "{} level"),
        ("interview_conversation_speed", "{} speech"),
    ):
        if spec.get(name):
            yield words.format(spec[name])


def terms(spec: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    """What a candidate agrees to, as rows."""
    recorded = [_RECORDED.get(spec.get("recording") or ""), _SESSION.get(spec.get("recording_full_session") or "")]
    yield "recorded", ", ".join(filter(None, recorded)) or "nothing"
    attempts, followups, most = (spec.get(name) for name in ("interview_attempts", "max_followups", "max_duration"))
    yield "attempts", str(attempts) if attempts else "as the service has it"
    yield "duration", f"at most {time_words(most)}" if most else None
    yield "follow-ups", {0: "none"}.get(followups, f"at most {followups}") if followups is not None else None
    yield (
        "transcript",
        "cannot be corrected" if spec.get("result_enable_edit_transcript") is False else "may be corrected",
    )
    yield (
        "introduction",
        f"by video, {spec['candidate_video_introduction']}" if spec.get("candidate_video_introduction") else None,
    )
    yield "video first", "an instructional video" if spec.get("instructional_video") else None
    yield "speech", "pronunciation is assessed" if spec.get("required_pronunciation") else None
    yield (
        "at the end",
        {"none": "no result"}.get(view, f"a result: {view}") if (view := spec.get("result_view")) else None,
    )


def time_words(seconds: float) -> str:
    """`seconds` as people say them."""
    minutes, rest = divmod(seconds, 60)
    parts = [f"{minutes:g} min"] if minutes else []
    parts += [f"{rest:g} s"] if rest or not minutes else []
    return " ".join(parts)
