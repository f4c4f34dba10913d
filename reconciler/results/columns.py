"""The columns of an export: per answer or per interview, each with its type and whether it holds personal text.

Data, not code. Durations are in seconds here; the API's deciseconds are converted here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reconciler.results.view import View, includes

Type = Literal["text", "number", "integer", "flag", "time", "json"]
Per = Literal["answer", "interview"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `personal` ones are left out by --redact: names, addresses, answers and what quotes them.

    `view` is the smallest view that has it.
    """

    name: str
    type: Type = "text"
    personal: bool = False
    view: View = "summary"


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
    Column("ai_analysis", personal=True, view="standard"),
    Column("ai_analysis_recruiter", personal=True, view="standard"),
    Column("ai_analysis_other", "json", personal=True, view="standard"),
    Column("ai_analysis_recruiter_why_hire", "json", personal=True, view="standard"),
    Column("ai_analysis_recruiter_why_not_hire", "json", personal=True, view="standard"),
    Column("recruiter_risks", "json", personal=True),
    Column("user_feedback_recruiter", personal=True, view="standard"),
    Column("recording_local_path", personal=True, view="standard"),
    Column("recording_is_video", "flag"),
    Column("video_introduction_local_path", personal=True, view="standard"),
    Column("questions_asked", "integer"),
    Column("questions_answered", "integer"),
    Column("follow_ups", "integer"),
    Column("transcript", "json", personal=True, view="standard"),
    Column("further_fields", "json", personal=True, view="standard"),
    Column("listed", "json", personal=True, view="standard"),
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
    Column("question_asked", personal=True, view="standard"),
    Column("answered", "flag"),
    Column("answer", personal=True, view="standard"),
    Column("score", "number"),
    Column("score_simulation", "number"),
    Column("score_answer_ai", "number"),
    Column("score_answer_ai_simulation", "number"),
    Column("duration_seconds", "number"),
    Column("allotted_seconds", "number"),
    Column("view"),
    Column("answer_language"),
    Column("ai_analysis", personal=True, view="standard"),
    Column("ai_analysis_recruiter", personal=True, view="standard"),
    Column("answer_assessment_raw_data", "json", personal=True, view="full"),
    Column("recording_local_path", personal=True, view="standard"),
    Column("recording_is_video", "flag"),
    Column("external_data", "json", view="standard"),
    Column("question_original_id"),
    Column("turn_id"),
    Column("further_fields", "json", personal=True, view="standard"),
)


def columns(per: Per, *, redact: bool, view: View = "full") -> tuple[Column, ...]:
    """The columns of an export."""
    every = ANSWER if per == "answer" else INTERVIEW
    return tuple(column for column in every if includes(view, column.view) and not (redact and column.personal))
