"""What people write in manifests and what they mean by it: data for the hints, no rules."""

from __future__ import annotations

from reconciler.manifest.envelope import Lifecycle
from reconciler.manifest.explain import Glossary
from reconciler.resources.interview.model import Spec
from reconciler.resources.interview.question_model import Question

_ACTION = "remove it: it is an action of the service, not a property of the interview"
_ARCHIVED = "write `draft`; to archive the interview remove its manifest, with `lifecycle.on_remove: archive`"
_SELF = "remove it: ids are kept in the state; to take over an existing interview write it as `metadata.import`"

MANIFEST = Glossary(
    synonyms={
        "title": "name",
        "language": "mojito_language_code",
        "lang": "mojito_language_code",
        "language_code": "mojito_language_code",
        "template": "interview_template_id",
        "template_id": "interview_template_id",
        "interview_location": "location",
        "interview_description_long": "description_long",
        "long_description": "description_long",
        "result_scoring": "custom_scoring",
        "scoring": "custom_scoring",
        "max_retries": "interview_attempts",
        "attempts": "interview_attempts",
        "retries": "interview_attempts",
        "tone": "interview_tone",
        "speed": "interview_conversation_speed",
        "seniority": "seniority_level",
        "department": "interview_department",
        "salary": "interview_salary",
        "available_till": "interview_available_till",
        "followups": "max_followups",
        "interview_length": "max_duration",
        "company": "hiring_for_company",
        "embedded": "is_embedded",
        "text": "question",
        "answers": "question_alternatives",
        "options": "question_alternatives",
        "choices": "question_alternatives",
        "alternatives": "question_alternatives",
        "time": "duration",
        "seconds": "duration",
        "parent": "conditional_question_main_id",
        "depends_on": "conditional_question_main_id",
        "language_override": "mojito_language_code",
        "expectations": "candidate_expectations_json",
        "prevent_destroy": "protect",
        "ignore_changes": "ignore",
        "adopt": "import",
        "aliases": "renamed_from",
        "tags": "labels",
    },
    strangers={
        "regenerate_candidate_expectations": _ACTION,
        "position_id": _SELF,
        "interview_def_set_id": _SELF,
        "embed_id": "remove it: embed keys are made by the service and kept sealed in the state",
        "embed_signing_key": "remove it: embed keys are secrets, made by the service and kept sealed in the state",
        "coach_plan": "remove it: jmctl does not manage coaching plans",
        "type_credit": "remove it: the service derives it from `type`",
    },
    values={
        ("status", "archived"): _ARCHIVED,
        ("status", "deleted"): "remove the manifest, with `lifecycle.on_remove: delete`",
        ("status", "preparing"): "write `active`: the service shows preparing by itself",
        ("status", "completed"): "write `draft` or `active`: the service shows completed by itself",
        ("status", "published"): "did you mean `active`?",
        ("status", "inactive"): "did you mean `draft`?",
        ("visibility", "public"): "did you mean `merchant_public`?",
        ("visibility", "private"): "did you mean `merchant_invite`?",
        ("candidate_video_introduction", "hidden"): "write `candidate_video_introduction: null`",
        ("recording", "none"): "write `recording: null`",
        ("recording_full_session", "none"): "write `recording_full_session: null`",
        ("mojito_language_code", "english"): "did you mean `en`?",
        ("mojito_language_code", "german"): "did you mean `de`?",
        ("mojito_language_code", "french"): "did you mean `fr`?",
        ("mojito_language_code", "spanish"): "did you mean `es`?",
        ("mojito_language_code", "czech"): "did you mean `cs`?",
        ("mojito_language_code", "nb"): "did you mean `no`?",
        ("mojito_language_code", False): "write `no` for Norwegian; a tool that reads YAML 1.1 may have changed it",
        ("on_remove", "destroy"): "did you mean `delete`?",
        ("on_remove", "keep"): "did you mean `forget`?",
        ("on_remove", "retain"): "did you mean `forget`?",
    },
    sections={
        **dict.fromkeys(Question.model_fields, "spec.questions"),
        **dict.fromkeys(Spec.model_fields, "spec"),
        **dict.fromkeys(Lifecycle.model_fields, "lifecycle"),
        **dict.fromkeys(("labels", "renamed_from", "import"), "metadata"),
    },
    whole="the manifest",
    everything="`jmctl schema` lists every field",
)
