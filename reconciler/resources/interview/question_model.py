"""One question of an interview."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from reconciler.manifest.base_types import Expectations, FreeJson, Language, Strict, Words

# what questions are matched on: short, on one line, without white space at the ends
Handle = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^\S(?:[^\r\n]*\S)?$")]


class Question(Strict):
    """One question, in the order in which it is asked."""

    question: Words = Field(description="What the candidate is asked.")
    id: Handle = Field(
        default="",
        description="A name for this question in the manifest, for conditional_question_main_id to refer to; also the "
        "question's stable key unless external_id is set.",
    )
    duration: float | None = Field(default=None, ge=0, description="Time to answer, in seconds.")
    mojito_language_code: Language | None = Field(
        default=None, description="The language of this question, where it differs from the interview's."
    )
    label: str | None = Field(default=None, description="A label kept on the question.")
    is_conditional: bool | None = Field(
        default=None,
        description="Asked when the answer to an earlier question calls for it; needs conditional_question_main_id.",
    )
    is_without_scoring: bool | None = Field(default=None, description="Asked, but its answer is not scored.")
    is_candidate_asking_recruiter: bool | None = Field(
        default=None, description="The roles are turned round: the candidate may ask the recruiter."
    )
    is_expert: bool | None = Field(default=None, description="The answer is listened to by an expert.")
    is_multiple_choice: bool | None = Field(
        default=None, description="Answered by choosing from question_alternatives."
    )
    question_alternatives: list[str] | None = Field(
        default=None, description="Other phrasings of the question; for multiple choice the answers to choose from."
    )
    conditional_question_main_id: str | None = Field(
        default=None,
        description="The id (or external_id) of the earlier question this one depends on; needs is_conditional: true.",
    )
    knowledge_base_id: str | None = Field(
        default=None, description="Id of a knowledge-base store that gives this question its context."
    )
    external_id: Handle | None = Field(
        default=None,
        description="The question's stable key: updates match on it and transcripts carry it. Made from id or the text "
        "when absent.",
    )
    external_data: FreeJson | None = Field(default=None, description="Any JSON to be kept on the question.")
    candidate_expectations_json: Expectations | None = Field(
        default=None, description="What an answer to this question is measured against."
    )
