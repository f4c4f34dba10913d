"""The fields of a result as job-interview-details documents them: how each is called and what its number means.

Data, not code: a new field is one row. What the service sends beyond these rows is kept and shown under its own name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "percent", "deciseconds", "time", "text", "flag", "any", "path", "link"]
Section = Literal["Scores", "Course", "Analysis", "Recordings"]


@dataclass(frozen=True, slots=True)
class Row:
    """One field: its name in the API, the words people read, what its value is."""

    name: str
    label: str
    kind: Kind
    section: Section = "Scores"


RESULT: tuple[Row, ...] = (
    Row("score", "score", "number"),
    Row("score_text", "in words", "text"),
    Row("score_answer", "answers", "number"),
    Row("score_sentiment", "sentiment", "number"),
    Row("score_words_per_minute", "pace (words per minute)", "number"),
    Row("score_pronunciation", "pronunciation", "number"),
    Row("score_simulation", "simulated score", "number"),
    Row("status", "status", "text", "Course"),
    Row("start", "start", "time", "Course"),
    Row("end", "end", "time", "Course"),
    Row("duration", "duration", "deciseconds", "Course"),
    Row("ai_interview_coverage_percentage", "covered", "percent", "Course"),
    Row("ai_completion_reason", "ended because", "text", "Course"),
    Row("ai_analysis", "for the candidate", "text", "Analysis"),
    Row("ai_analysis_recruiter", "for the recruiter", "text", "Analysis"),
    Row("ai_analysis_other", "by name", "any", "Analysis"),
    Row("ai_analysis_recruiter_why_hire", "reasons to hire", "any", "Analysis"),
    Row("ai_analysis_recruiter_why_not_hire", "reasons not to hire", "any", "Analysis"),
    Row("recruiter_risks", "risks", "any", "Analysis"),
    Row("user_feedback_recruiter", "recruiter's note", "text", "Analysis"),
    Row("recording_local_path", "session, stored at", "path", "Recordings"),
    Row("recording_is_video", "session is video", "flag", "Recordings"),
    Row("recording_url", "session", "link", "Recordings"),
    Row("video_introduction_local_path", "introduction, stored at", "path", "Recordings"),
    Row("video_introduction_url", "introduction", "link", "Recordings"),
)
SECTIONS: tuple[Section, ...] = ("Scores", "Course", "Analysis", "Recordings")
SIGNED = frozenset({"recording_url", "video_introduction_url"})
"""Only sent when signed recordings were asked for."""

TURN: tuple[Row, ...] = (
    Row("score", "score", "number"),
    Row("score_answer_ai", "answer score", "number"),
    Row("score_simulation", "simulated score", "number"),
    Row("score_answer_ai_simulation", "simulated answer score", "number"),
    Row("duration", "duration", "deciseconds"),
    Row("mojito_language_code", "language", "text"),
    Row("view", "view", "text"),
    Row("ai_analysis", "for the candidate", "text"),
    Row("ai_analysis_recruiter", "for the recruiter", "text"),
    Row("answer_assessment_raw_data", "assessment", "any"),
    Row("external_data", "external data", "any"),
    Row("recording_local_path", "recording, stored at", "path"),
    Row("recording_is_video", "recording is video", "flag"),
    Row("recording_url", "recording", "link"),
    Row("question_original_id", "question id", "path"),
    Row("id", "turn id", "path"),
)
SHOWN_SEPARATELY = frozenset({"is_answer", "question_original", "question_asked", "answer", "external_id"})
"""Fields of a turn that make up the transcript itself and need no label."""
