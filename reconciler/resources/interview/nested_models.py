"""The smaller objects inside an interview: the employer behind it and its automatic report."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from reconciler.manifest.base_types import Language, Strict


class Company(Strict):
    """The employer for whom somebody else hires."""

    name: str | None = Field(
        default=None, description="The employer; undisclosed: a client without a name; null: you hire for yourself."
    )
    description: str | None = Field(default=None, description="Background that the avatar may use.")
    location: str | None = Field(default=None, description="Main location.")
    sector: str | None = Field(default=None, description="Industry.")
    company_size: str | None = Field(default=None, description="Rough number of people.")


class Report(Strict):
    """What the automatic PDF report shows."""

    mojito_language_code: Language = Field(default="en", description="Language of the report.")
    contact_details: bool = Field(default=False, description="Show the candidate's contact details.")
    ai_recruiter_assessment: bool = Field(default=False, description="Show the assessment made for recruiters.")
    ai_scoring_rubric: bool = Field(default=False, description="Show the scoring rubric.")
    analytics: bool = Field(default=False, description="Show analytics.")
    files: bool = Field(default=False, description="Show the files the candidate uploaded.")
    transcript: bool = Field(default=False, description="Show the transcript.")
    answer_recording: bool = Field(default=False, description="Show the recording of each answer.")
    session_recording: bool = Field(default=False, description="Show the recording of the session.")
    group_by_question: bool = Field(default=False, description="Arrange the answers by question.")
    template: Literal["classic", "modern", "one_pager"] = Field(default="classic", description="Layout.")
