"""The field table of an interview and of its questions: one row a field, in canonical order.

Adding a field is adding a row. Create, get and update name fields differently, and not every field can be read or
changed: sources are docs/service.md, on create, get and update.
"""

from __future__ import annotations

from reconciler.resources.field import (
    Alias,
    By,
    Field,
    Group,
    Inherited,
    Integer,
    ListOf,
    Number,
    Object,
    Rule,
    rows,
    table,
)
from reconciler.resources.interview.field_types import (
    COACH_PLAN,
    COMPANY,
    COUNTRIES,
    CREDIT,
    EXPECTATIONS,
    FLAG,
    FREE,
    HANDLE,
    INTERVIEW_TYPE,
    INTRODUCTION,
    LANGUAGE,
    RECORDING,
    REPORT,
    RESULT_VIEW,
    SENIORITY,
    SESSION_RECORDING,
    SPEED,
    STATUS,
    TEXT,
    TEXTS,
    TYPE,
    VISIBILITY,
    WORDS,
)

# a table reads best with one row a field
# fmt: off
QUESTION = Object("Question", "One question, in the order in which it is asked.", (
    Field("id", HANDLE, rule=Rule.KEY, nullable=False, initial="",
          description="A name for this question in the manifest, for conditional_question_main_id to refer to; "
                      "also the question's stable key unless external_id is set."),
    Field("external_id", HANDLE, rule=Rule.KEY,
          description="The question's stable key: updates match on it and transcripts carry it. Made from id or"
                      " the text when absent."),
    Field("question", WORDS, translated=True, required=True, description="What the candidate is asked."),
    Field("mojito_language_code", LANGUAGE, rule=Rule.DEFAULT, default=Inherited("mojito_language_code"),
          description="The language of this question, where it differs from the interview's."),
    Field("duration", Number(least=0), description="Time to answer, in seconds."),
    Field("is_conditional", FLAG, rule=Rule.DEFAULT, default=False,
          description="Asked when the answer to an earlier question calls for it; needs "
                      "conditional_question_main_id."),
    Field("conditional_question_main_id", TEXT, rule=Rule.PARENT,
          description="The id (or external_id) of the earlier question this one depends on; needs "
                      "is_conditional: true."),
    Field("is_without_scoring", FLAG, rule=Rule.DEFAULT, default=False,
          description="Asked, but its answer is not scored."),
    Field("is_candidate_asking_recruiter", FLAG, rule=Rule.DEFAULT, default=False,
          description="The roles are turned round: the candidate may ask the recruiter."),
    Field("is_expert", FLAG, rule=Rule.DEFAULT, default=False,
          description="The answer is listened to by an expert."),
    Field("is_multiple_choice", FLAG, rule=Rule.DEFAULT, default=False,
          description="Answered by choosing from question_alternatives."),
    Field("question_alternatives", TEXTS, translated=True, rule=Rule.EMPTY,
          description="Other phrasings of the question; for multiple choice the answers to choose from."),
    Field("label", TEXT, description="A label kept on the question."),
    Field("knowledge_base_id", TEXT,
          description="Id of a knowledge-base store that gives this question its context."),
    Field("external_data", FREE, rule=Rule.EMPTY, description="Any JSON to be kept on the question."),
    Field("candidate_expectations_json", EXPECTATIONS, rule=Rule.EMPTY,
          description="What an answer to this question is measured against."),
), is_ordered=True)

GROUPS = (
    Group("Identity", (
        Field("name", WORDS, translated=True, read=("name",), required=True,
              description="Title of the interview or position."),
        Field("location", WORDS, translated=False, read=("interview_location",), rule=Rule.BLANK, required=True,
              description="Where the position is, as candidates read it."),
        Field("interview_template_id", WORDS, read=("interview_template_id",), required=True, clearable=False,
              description="Id of the interview template, which also decides the avatar."),
        Field("mojito_language_code", LANGUAGE, read=("mojito_language_code",), by=By.REPLACE, required=True,
              description="Language of the interview. Cannot be changed later: another language means a new "
                          "interview."),
        Field("description", WORDS, translated=True, read=("description",), required=True,
              description="Short description of the position."),
        Field("description_long", TEXT, translated=True, read=("interview_description_long",),
              description="Long description in Markdown."),
        Field("status", STATUS, read=("status",), by=By.STATE, rule=Rule.STATUS, required=True, clearable=False,
              closed="draft",
              description="draft: prepared, not visible; active: published, candidates can take it."),
        Field("type", TYPE, read=("type",), required=True, clearable=False,
              description="interview: scored, with a hiring recommendation; assessment: scored like an interview; "
                          "coaching: practice, on the coaching portal only."),
        Field("coach_plan", COACH_PLAN, read=("coach_plan",), created=False,
              description="Stage of the coaching plan that it belongs to; null: in no plan."),
        Field("type_credit", CREDIT, read=("type_credit",), created=False, derived_from="type",
              description="Credits charged for coaching that candidates pay for; null: the merchant's. Made from type "
                          "when absent."),
        Field("visibility", VISIBILITY, read=("visibility",), required=True, clearable=False,
              description="merchant_public: on your public list; merchant_invite: for invited candidates; "
                          "merchant_unlisted: for everyone who has the link."),
        Field("country_availability", COUNTRIES, read=("country_availability",), rule=Rule.OBJECT, created=False,
              limits_access=True,
              description="From which countries candidates may start, judged by their IP address; null: from all."),
        Field("is_embedded", FLAG, by=By.STATE, rule=Rule.DEFAULT, default=False,
              description="Make an embed key, to show the interview in your own site."),
    )),
    Group("Ownership", (
        Field("merchant_id", TEXT, read=("merchant_id",), by=By.REPLACE, clearable=False,
              description="Merchant to create it for; for administrators and operators of sub-merchants only."),
        Field("code", TEXT, read=("code",), rule=Rule.CODE,
              description="Your own reference. When absent jmctl writes its mark, "
                          "jmctl:2:<project>/<environment>/<name>/<attempt>, to find the interview again."),
        Field("hiring_for_company", COMPANY, read=("creation_parameters", "hiring_for_company"), rule=Rule.COMPANY,
              description="The employer, when you hire for another company; null: for yourself."),
    )),
    Group("Conversation", (
        Field("interview_type", INTERVIEW_TYPE, read=("creation_parameters", "interview_type"),
              description="Style of the avatar and its own follow-ups; your questions stay as written."),
        Field("interview_tone", TEXT, read=("creation_parameters", "interview_tone"), rule=Rule.CASEFOLD,
              default="relaxed",
              examples=("relaxed", "simple", "professional", "persuasive"),
              description="Tone of the avatar: relaxed, simple, professional or persuasive; relaxed when absent."),
        Field("seniority_level", SENIORITY, read=("creation_parameters", "seniority_level"), generated=True,
              description="Seniority aimed at; detected from the description when absent."),
        Field("interview_conversation_speed", SPEED, read=("interview_conversation_speed",),
              description="How fast the avatar speaks; null: as the template says."),
        Field("max_followups", Integer(least=0, most=999), read=("max_followups",),
              description="Most follow-ups the avatar may ask; 0: none; null: as the template says."),
        Field("max_duration", Number(least=0), read=("max_duration",), created=False,
              description="Longest session in seconds; the price grows with it, in steps from 1200 on."),
        Field("interview_attempts", Number(least=1, most=20, step=1), read=("result_scoring", "max_retries"),
              clearable=False, derived_from="custom_scoring",
              description="How often a candidate may take the interview, 1 to 20."),
        Field("questions_random_subset", Number(least=0.01, most=0.9), read=("questions_random_subset",),
              description="Ask only this share of the questions, chosen at random, 0.01 to 0.9."),
        Field("required_pronunciation", FLAG, read=("required_pronunciation",), rule=Rule.DEFAULT, default=False,
              description="Assess pronunciation; not every language allows it. false when absent."),
    )),
    Group("Position", (
        Field("interview_department", TEXT, translated=False, read=("interview_department",), rule=Rule.BLANK,
              description="Department of the position."),
        Field("interview_salary", TEXT, translated=False, read=("interview_salary",), rule=Rule.BLANK,
              description="Salary range as candidates read it."),
        Field("interview_available_till", TEXT, read=("interview_available_till",), rule=Rule.INSTANT,
              description="Last day (2030-12-31) or moment (2030-12-31T18:00:00Z); null: always available."),
        Field("knowledge_base_store_id", TEXT, read=("knowledge_base_store_id",),
              description="Id of the knowledge base to draw on."),
        Field("recruiter_profile_id", TEXT, read=("recruiter_profile_id",),
              description="Profile id of the recruiter who owns it."),
        Field("cover_image_url", TEXT, read=("cover_image_url",), description="Address of the cover image."),
        Field("tags", TEXTS, read=("tags",), rule=Rule.UNORDERED,
              description="Free tags; their order means nothing."),
    )),
    Group("Results and recording", (
        Field("result_view", RESULT_VIEW, read=("result_view",), clearable=False,
              description="What the candidate sees at the end. none: nothing, the interview is submitted at once."),
        Field("result_enable_edit_transcript", FLAG, read=("result_enable_edit_transcript",), rule=Rule.DEFAULT,
              default=True,
              description="Candidates may correct their transcript. true when absent."),
        Field("recording", RECORDING, read=("recording",),
              description="Record answers to detect cheating; the video values film too. null: off."),
        Field("recording_full_session", SESSION_RECORDING, read=("recording_full_session",),
              description="Record the whole session in one file; costs extra credits. null: off."),
        Field("candidate_video_introduction", INTRODUCTION, read=("candidate_video_introduction",), rule=Rule.DEFAULT,
              default="hidden",
              description="Whether candidates introduce themselves by video; null: not asked for."),
    )),
    Group("Introduction and messages", (
        Field("disable_deduplication", FLAG, by=By.CREATION, rule=Rule.DEFAULT, default=False,
              description="Keep identical questions; otherwise the service merges them into one."),
        Field("instructional_video", FLAG, by=By.REPLACE, rule=Rule.DEFAULT, default=False,
              description="Show an instructional video before the start."),
        Field("instructional_video_custom_text", TEXT, translated=True, by=By.REPLACE,
              description="Own text for the instructional video; needs instructional_video: true."),
        Field("welcome_message", TEXT, translated=True, by=By.REPLACE,
              description="Own welcome message; fixed at creation."),
        Field("thank_you_message", TEXT, translated=True, by=By.REPLACE,
              description="Own thank-you message; fixed at creation."),
    )),
    Group("Expectations and scoring", (
        Field("candidate_expectations", TEXT, read=("candidate_expectations",),
              description="What is expected of candidates, as free text."),
        Field("candidate_expectations_json", EXPECTATIONS, read=("candidate_expectations_json",), generated=True,
              description="What is expected of candidates, by level; for type interview generated when absent."),
        Field("additional_context", FREE, read=("creation_parameters", "additional_context"), by=By.CREATION,
              description="More context for generating the expectations; used when the interview is created."),
        Field("custom_scoring", FREE, read=("result_scoring",), rule=Rule.SUBSET, merged=True,
              description="Scoring settings, laid over the defaults: max_score, early_stop and others."),
        Field("pdf_export_auto_config", REPORT, read=("pdf_export_auto_config",), rule=Rule.SUBSET,
              description="The PDF report made when a candidate has finished; null: no report."),
    )),
    Group("Questions", (
        Field("questions", ListOf(QUESTION, min_length=1), read=("questions",), rule=Rule.QUESTIONS, required=True,
              clearable=False,
              description="The questions in the order in which they are asked."),
    )),
)
ALIASES = (
    Alias("interview_template_id", Field("avatar", WORDS, nullable=False, initial="",
          description="Name of the avatar, instead of interview_template_id; see jmctl lookup avatars.")),
)
# fmt: on

FIELDS = table(GROUPS)
QUESTION_FIELDS = rows(QUESTION.fields)
