"""The field table: for every field of an interview, how it is read back, how it can be changed, how it is compared.

Data, not code. Adding a field to jmctl is adding its row here and its line in the manifest's model. The facts are those
of the API's documents: create, get and update name fields differently, and not every field can be read or changed.
"""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.resources.field import By, Field, Rule


def _same(name: str, rule: Rule = Rule.EXACT, *, default: object = None) -> Field:
    return Field((name,), rule=rule, default=default)


def _parameter(name: str, rule: Rule = Rule.EXACT, *, default: object = None, generated: bool = False) -> Field:
    return Field(("creation_parameters", name), rule=rule, default=default, generated=generated)


FIELDS: Mapping[str, Field] = {
    "name": _same("name"),
    "location": Field(("interview_location",), rule=Rule.BLANK),
    "interview_template_id": Field(("interview_template_id",), clearable=False),
    "mojito_language_code": Field(("mojito_language_code",), By.REPLACE),
    "description": _same("description"),
    "status": Field(("status",), By.STATE, Rule.STATUS, clearable=False),
    "type": Field(("type",), clearable=False),
    "visibility": Field(("visibility",), clearable=False),
    "questions": Field(("questions",), rule=Rule.QUESTIONS, clearable=False),
    "recording": _same("recording"),
    "recording_full_session": _same("recording_full_session"),
    "interview_type": _parameter("interview_type"),
    "seniority_level": _parameter("seniority_level", generated=True),
    "result_view": Field(("result_view",), clearable=False),
    "interview_conversation_speed": _same("interview_conversation_speed"),
    "candidate_video_introduction": _same("candidate_video_introduction", Rule.DEFAULT, default="hidden"),
    "interview_tone": _parameter("interview_tone", Rule.CASEFOLD, default="relaxed"),
    "interview_attempts": Field(("result_scoring", "max_retries"), clearable=False),
    "questions_random_subset": _same("questions_random_subset"),
    "max_followups": _same("max_followups"),
    "code": _same("code", Rule.CODE),
    "cover_image_url": _same("cover_image_url"),
    "interview_department": _same("interview_department", Rule.BLANK),
    "interview_salary": _same("interview_salary", Rule.BLANK),
    "interview_available_till": _same("interview_available_till", Rule.INSTANT),
    "recruiter_profile_id": _same("recruiter_profile_id"),
    "hiring_for_company": _parameter("hiring_for_company", Rule.COMPANY),
    "tags": _same("tags", Rule.UNORDERED),
    "required_pronunciation": _same("required_pronunciation", Rule.DEFAULT, default=False),
    "result_enable_edit_transcript": _same("result_enable_edit_transcript", Rule.DEFAULT, default=True),
    "pdf_export_auto_config": _same("pdf_export_auto_config", Rule.SUBSET),
    "knowledge_base_store_id": _same("knowledge_base_store_id"),
    "merchant_id": Field(("merchant_id",), By.REPLACE, clearable=False),
    "description_long": Field(("interview_description_long",)),
    "candidate_expectations": _same("candidate_expectations"),
    "candidate_expectations_json": Field(("candidate_expectations_json",), generated=True),
    "custom_scoring": Field(("result_scoring",), rule=Rule.SUBSET),
    "additional_context": Field(("creation_parameters", "additional_context"), By.CREATION),
    "instructional_video": Field(None, By.REPLACE, Rule.DEFAULT, default=False),
    "instructional_video_custom_text": Field(None, By.REPLACE),
    "disable_deduplication": Field(None, By.CREATION, Rule.DEFAULT, default=False),
    "welcome_message": Field(None, By.REPLACE),
    "thank_you_message": Field(None, By.REPLACE),
    "is_embedded": Field(None, By.STATE, Rule.DEFAULT, default=False),
    "max_duration": Field(("max_duration",), created=False),
}

QUESTION_FIELDS: Mapping[str, Rule] = {
    "question": Rule.EXACT,
    "id": Rule.KEY,
    "duration": Rule.EXACT,
    "mojito_language_code": Rule.DEFAULT,  # null stands for the interview's language
    "label": Rule.EXACT,
    "is_conditional": Rule.DEFAULT,
    "is_without_scoring": Rule.DEFAULT,
    "is_candidate_asking_recruiter": Rule.DEFAULT,
    "is_expert": Rule.DEFAULT,
    "is_multiple_choice": Rule.DEFAULT,
    "question_alternatives": Rule.EMPTY,
    "conditional_question_main_id": Rule.PARENT,
    "knowledge_base_id": Rule.EXACT,
    "external_id": Rule.KEY,
    "external_data": Rule.EMPTY,
    "candidate_expectations_json": Rule.EMPTY,
}
