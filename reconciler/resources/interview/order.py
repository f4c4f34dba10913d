"""The order of keys in a manifest, for whoever writes one. Data: what it is, who may see it, how it runs, what is said.

It is a reader's order, not the service's: a question begins with its name, and the questions, which are long, come
after everything short.
"""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.manifest.envelope import Lifecycle, Manifest, Metadata

SPEC = (
    "name",
    "location",
    "interview_template_id",
    "mojito_language_code",
    "description",
    "description_long",
    "status",
    "type",
    "visibility",
    "is_embedded",
    "merchant_id",
    "code",
    "hiring_for_company",
    "interview_type",
    "interview_tone",
    "seniority_level",
    "interview_conversation_speed",
    "max_followups",
    "max_duration",
    "interview_attempts",
    "questions_random_subset",
    "required_pronunciation",
    "interview_department",
    "interview_salary",
    "interview_available_till",
    "knowledge_base_store_id",
    "recruiter_profile_id",
    "cover_image_url",
    "tags",
    "result_view",
    "result_enable_edit_transcript",
    "recording",
    "recording_full_session",
    "candidate_video_introduction",
    "disable_deduplication",
    "instructional_video",
    "instructional_video_custom_text",
    "welcome_message",
    "thank_you_message",
    "candidate_expectations",
    "candidate_expectations_json",
    "additional_context",
    "custom_scoring",
    "pdf_export_auto_config",
    "questions",
)

QUESTION = (
    "id",
    "external_id",
    "question",
    "mojito_language_code",
    "duration",
    "is_conditional",
    "conditional_question_main_id",
    "is_without_scoring",
    "is_candidate_asking_recruiter",
    "is_expert",
    "is_multiple_choice",
    "question_alternatives",
    "label",
    "knowledge_base_id",
    "external_data",
    "candidate_expectations_json",
)

_DOCUMENT = tuple(Manifest.model_fields)
_METADATA = tuple(field.alias or name for name, field in Metadata.model_fields.items())
_LIFECYCLE = tuple(Lifecycle.model_fields)

Path = tuple[str | int, ...]


def order_at(path: Path) -> Sequence[str] | None:
    """The order of the keys of the mapping at `path` in a document; None where it is the author's own."""
    match path:
        case ():
            return _DOCUMENT
        case ("metadata",):
            return _METADATA
        case ("spec",):
            return SPEC
        case ("spec", "questions", int()):
            return QUESTION
        case ("lifecycle",):
            return _LIFECYCLE
        case _:
            return None
