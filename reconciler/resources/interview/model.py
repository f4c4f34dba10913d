"""The interview itself: every field the service takes when creating one, and max_duration, which an update sets."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from reconciler.manifest.base_types import Expectations, FreeJson, Language, Strict, Words
from reconciler.resources.interview.nested_models import Company, Report
from reconciler.resources.interview.question_model import Question

Status = Literal["draft", "active"]
Type = Literal["interview", "coaching", "assessment"]
Visibility = Literal["merchant_public", "merchant_invite", "merchant_unlisted"]
Recording = Literal["audio_first_5_answers", "audio_all", "video_all", "video_first_5_answers"]
SessionRecording = Literal["audio_all", "video_all"]
InterviewType = Literal[
    "pre-screening",
    "pre-screening-with-test-questions",
    "second-interview",
    "remote-freelancer-verification",
    "strength-based-interview",
    "potential-based-interview",
    "process-verification-from-knowledge-base",
]
Seniority = Literal["entry-level", "intermediate", "senior", "managerial", "director", "executive"]
ResultView = Literal["none", "minimal", "minimal_with_score", "advanced", "full", "full_expand_scores"]
Speed = Literal["slower", "normal", "faster"]


class Spec(Strict):
    """The fields of the service under its own names. Absent means not managed, null means cleared."""

    name: Words = Field(description="Title of the interview or position.")
    location: Words = Field(description="Where the position is, as candidates read it.")
    interview_template_id: Words = Field(description="Id of the interview template, which also decides the avatar.")
    mojito_language_code: Language = Field(
        description="Language of the interview. Cannot be changed later: another language means a new interview."
    )
    description: Words = Field(description="Short description of the position.")
    status: Status = Field(description="draft: prepared, not visible; active: published, candidates can take it.")
    type: Type = Field(
        description="interview: scored, with a hiring recommendation; assessment: scored like an interview; coaching: "
        "practice, on the coaching portal only."
    )
    visibility: Visibility = Field(
        description="merchant_public: on your public list; merchant_invite: for invited candidates; merchant_unlisted: "
        "for whoever has the link."
    )
    questions: list[Question] = Field(min_length=1, description="The questions in the order in which they are asked.")
    recording: Recording | None = Field(
        default=None, description="Record answers to detect cheating; the video values film too. null: off."
    )
    recording_full_session: SessionRecording | None = Field(
        default=None, description="Record the whole session in one file; costs extra credits. null: off."
    )
    interview_type: InterviewType | None = Field(
        default=None,
        description="Style of the avatar and its own follow-ups; your questions stay as written.",
    )
    seniority_level: Seniority | None = Field(
        default=None, description="Seniority aimed at; detected from the description when absent."
    )
    result_view: ResultView | None = Field(
        default=None,
        description="What the candidate sees at the end. none: nothing, the interview is submitted at once.",
    )
    interview_conversation_speed: Speed | None = Field(
        default=None, description="How fast the avatar speaks; null: as the template says."
    )
    candidate_video_introduction: Literal["optional", "required"] | None = Field(
        default=None, description="Whether candidates introduce themselves by video; null: not asked for."
    )
    interview_tone: str | None = Field(
        default=None,
        description="Tone of the avatar: relaxed, simple, professional or persuasive; relaxed when absent.",
        json_schema_extra={"examples": ["relaxed", "simple", "professional", "persuasive"]},
    )
    interview_attempts: float | None = Field(
        default=None, ge=1, le=20, multiple_of=1, description="How often a candidate may take the interview, 1 to 20."
    )
    questions_random_subset: float | None = Field(
        default=None,
        ge=0.01,
        le=0.9,
        description="Ask only this share of the questions, chosen at random, 0.01 to 0.9.",
    )
    max_followups: int | None = Field(
        default=None,
        ge=0,
        le=999,
        description="Most follow-ups the avatar may ask; 0: none; null: as the template says.",
    )
    max_duration: float | None = Field(
        default=None, ge=0, description="Longest session in seconds; the price grows with it, in steps from 1200 on."
    )
    code: str | None = Field(
        default=None,
        description="Your own reference. When absent jmctl writes jmctl:<project>/<name>, to find the interview again.",
    )
    cover_image_url: str | None = Field(default=None, description="Address of the cover image.")
    interview_department: str | None = Field(default=None, description="Department of the position.")
    interview_salary: str | None = Field(default=None, description="Salary range as candidates read it.")
    interview_available_till: str | None = Field(
        default=None, description="Last day (2030-12-31) or moment (2030-12-31T18:00:00Z); null: always available."
    )
    recruiter_profile_id: str | None = Field(default=None, description="Profile id of the recruiter who owns it.")
    hiring_for_company: Company | None = Field(
        default=None, description="The employer, when you hire for somebody else; null: for yourself."
    )
    tags: list[str] | None = Field(default=None, description="Free tags; their order means nothing.")
    required_pronunciation: bool | None = Field(
        default=None, description="Assess pronunciation; not every language allows it. false when absent."
    )
    result_enable_edit_transcript: bool | None = Field(
        default=None, description="Candidates may correct their transcript. true when absent."
    )
    pdf_export_auto_config: Report | None = Field(
        default=None, description="The PDF report made when a candidate has finished; null: no report."
    )
    knowledge_base_store_id: str | None = Field(default=None, description="Id of the knowledge base to draw on.")
    merchant_id: str | None = Field(
        default=None, description="Merchant to create it for; for administrators and operators of sub-merchants only."
    )
    description_long: str | None = Field(default=None, description="Long description in Markdown.")
    candidate_expectations: str | None = Field(
        default=None, description="What is expected of candidates, as free text."
    )
    candidate_expectations_json: Expectations | None = Field(
        default=None, description="What is expected of candidates, by level; for type interview generated when absent."
    )
    custom_scoring: FreeJson | None = Field(
        default=None, description="Scoring settings, laid over the defaults: max_score, early_stop and others."
    )
    additional_context: FreeJson | None = Field(
        default=None, description="More context for generating the expectations; used when the interview is created."
    )
    instructional_video: bool | None = Field(default=None, description="Show an instructional video before the start.")
    instructional_video_custom_text: str | None = Field(
        default=None, description="Own text for the instructional video; needs instructional_video: true."
    )
    disable_deduplication: bool | None = Field(
        default=None, description="Keep identical questions; otherwise the service merges them into one."
    )
    welcome_message: str | None = Field(default=None, description="Own welcome message; fixed at creation.")
    thank_you_message: str | None = Field(default=None, description="Own thank-you message; fixed at creation.")
    is_embedded: bool | None = Field(
        default=None, description="Make an embed key, to show the interview in your own site."
    )
