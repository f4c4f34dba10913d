"""The field table: for every field of an interview, how it is read back, how it can be changed, how it is compared.

Data, not code. Adding a field to jmctl is adding its row here and its line in the manifest's model. The facts are those
of the API's documents: create, get and update name fields differently, and not every field can be read or changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto


class By(Enum):
    """Which call changes a field of an interview that exists."""

    UPDATE = auto()  # job-interview-update
    STATE = auto()  # job-interview-set-state
    REPLACE = auto()  # none: a new interview has to be made
    CREATION = auto()  # none, and not worth a new interview: it only steered the creation


class Rule(Enum):
    """When two values of a field count as equal. Only what the manifest declares is ever compared."""

    EXACT = auto()
    BLANK = auto()  # a blank string is stored as null
    CODE = auto()  # as BLANK; jmctl's own mark stands where no code is declared
    DEFAULT = auto()  # null stands for the row's default
    CASEFOLD = auto()  # case does not matter, and null stands for the row's default
    INSTANT = auto()  # two spellings of one moment; a date may come back with a time
    COMPANY = auto()  # null, or an object without a name, means hiring for yourself
    UNORDERED = auto()  # a set; null is empty
    SUBSET = auto()  # the service adds keys: compare those that were set
    STATUS = auto()  # preparing stands for active while an avatar renders
    EMPTY = auto()  # null, empty list and empty object are one
    PARENT = auto()  # names a question: compared by that question's key
    KEY = auto()  # the identity itself
    QUESTIONS = auto()  # compared question by question, by key


@dataclass(frozen=True, slots=True)
class Field:
    """One row. `read` is the path in the get response, None when the service never shows the field.

    `created` says whether the array endpoint takes it; `clearable` whether an update may send null; `generated` that
    the service makes a value when the create omits it or sends null.
    """

    read: tuple[str, ...] | None
    by: By = By.UPDATE
    rule: Rule = Rule.EXACT
    default: object = None
    created: bool = True
    clearable: bool = True
    generated: bool = False


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
