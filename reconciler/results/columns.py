"""The columns of an export: per answer or per interview, each with its type and whether it holds personal text.

Data, not code. Durations are in seconds here; the API's deciseconds are converted here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Type = Literal["text", "number", "integer", "flag", "time", "json"]
Per = Literal["answer", "interview"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `personal` ones are left out by --redact: names, addresses, answers and what quotes them."""

    name: str
    type: Type = "text"
    personal: bool = False


_WHOSE = (
    Column("result_id"),
    Column("manifest"),
    Column("interview_id"),
    Column("revision", "integer"),
    Column("earlier_interview", "flag"),
    Column("candidate_name", personal=True),
    Column("candidate_email", personal=True),
    Column("language"),
    Column("is_test", "flag"),
    Column("created_at", "time"),
    Column("start", "time"),
    Column("status"),
    Column("decision_status"),
)

INTERVIEW = (
    *_WHOSE,
    Column("updated_at", "time"),
    Column("end", "time"),
    Column("duration_seconds", "number"),
    Column("score", "number"),
    Column("score_simulation", "number"),
    Column("score_text", personal=True),
    Column("score_sentiment", "number"),
    Column("score_words_per_minute", "number"),
    Column("score_pronunciation", "number"),
    Column("score_answer", "number"),
    Column("ai_interview_coverage_percentage", "number"),
    Column("ai_completion_reason", personal=True),
    Column("ai_analysis", personal=True),
    Column("ai_analysis_recruiter", personal=True),
    Column("ai_analysis_other", "json", personal=True),
    Column("ai_analysis_recruiter_why_hire", "json", personal=True),
    Column("ai_analysis_recruiter_why_not_hire", "json", personal=True),
    Column("recruiter_risks", "json", personal=True),
    Column("user_feedback_recruiter", personal=True),
    Column("recording_local_path", personal=True),
    Column("recording_is_video", "flag"),
    Column("video_introduction_local_path", personal=True),
    Column("questions_asked", "integer"),
    Column("questions_answered", "integer"),
    Column("follow_ups", "integer"),
    Column("transcript", "json", personal=True),
    Column("further_fields", "json", personal=True),
    Column("listed", "json", personal=True),
)

ANSWER = (
    *_WHOSE,
    Column("interview_score", "number"),
    Column("position", "integer"),
    Column("key"),
    Column("wording"),
    Column("spoken"),
    Column("question"),
    Column("question_now"),
    Column("question_asked", personal=True),
    Column("answered", "flag"),
    Column("answer", personal=True),
    Column("score", "number"),
    Column("score_simulation", "number"),
    Column("score_answer_ai", "number"),
    Column("score_answer_ai_simulation", "number"),
    Column("duration_seconds", "number"),
    Column("allotted_seconds", "number"),
    Column("view"),
    Column("answer_language"),
    Column("ai_analysis", personal=True),
    Column("ai_analysis_recruiter", personal=True),
    Column("answer_assessment_raw_data", "json", personal=True),
    Column("recording_local_path", personal=True),
    Column("recording_is_video", "flag"),
    Column("external_data", "json"),
    Column("question_original_id"),
    Column("turn_id"),
    Column("further_fields", "json", personal=True),
)


def columns(per: Per, *, redact: bool) -> tuple[Column, ...]:
    """The columns of an export."""
    every = ANSWER if per == "answer" else INTERVIEW
    return tuple(column for column in every if not (redact and column.personal))
