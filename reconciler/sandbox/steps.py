"""Steps: the questions of an interview in order, and the unmanaged ones around them.

A step is plain JSON: `id`, `kind` (question, welcome, instructional, thank_you) and the content keys of a question.
"""

from __future__ import annotations

from typing import Any, Final

import orjson

from reconciler.sandbox.clock import new_id
from reconciler.sandbox.reply import unanswerable
from reconciler.sandbox.switches import Switches

FLAGS: Final = (
    "is_conditional", "is_without_scoring", "is_candidate_asking_recruiter", "is_expert", "is_multiple_choice",
)  # fmt: skip
CONTENT: Final[tuple[str, ...]] = (
    "question", "duration", "mojito_language_code", "label", *FLAGS, "question_alternatives",
    "conditional_question_main_id", "knowledge_base_id", "external_id", "external_data", "candidate_expectations_json",
)  # fmt: skip
PARENT: Final = "conditional_question_main_id"

Step = dict[str, Any]


def built(request: dict[str, Any], switches: Switches) -> list[Step]:
    """The steps of a new interview: the given questions, de-duplicated, between the service's own."""
    collapse = not request.get("disable_deduplication")
    asked: list[Step] = []
    real_id: dict[str, str] = {}  # caller-local id -> minted id
    seen: dict[bytes, str] = {}
    for number, given in enumerate(request["questions"]):
        step = {key: given.get(key) for key in CONTENT}
        step[PARENT] = parent_of(number, given, real_id, switches)
        key = _identity(step, switches["deduplication_compares"]) if collapse else b""
        step_id = seen.get(key) if collapse else None
        if step_id is None:
            step_id = new_id()
            seen[key] = step_id
            asked.append({"id": step_id, "kind": "question", **step})
        if "id" in given:
            real_id[given["id"]] = step_id
    return [*_opening(request), *asked, _own("thank_you", request.get("thank_you_message"))]


def parent_of(number: int, given: dict[str, Any], real_id: dict[str, str], switches: Switches) -> str | None:
    """The real id of the parent an entry names; a parent stands earlier in the array (docs/service.md#2-create)."""
    named = given.get(PARENT)
    if named is None or named in real_id:
        return real_id[named] if named is not None else None
    if switches["later_parent_is_422"]:
        raise unanswerable(f"questions.{number}.{PARENT}", "Parent question must come earlier in the array.")
    return None


def questions_in(steps: list[Step]) -> list[Step]:
    """The managed steps only."""
    return [step for step in steps if step["kind"] == "question"]


def shown(step: Step, unset_as: str) -> dict[str, Any]:
    """A question in create format with its real id; unset keys as the switch `unset_flags_as` says."""
    question = {"question": step["question"], "id": step["id"]} | {key: step[key] for key in CONTENT[1:]}
    if unset_as == "absent":
        return {key: value for key, value in question.items() if value is not None}
    if unset_as == "false":
        return question | {flag: bool(question[flag]) for flag in FLAGS}
    return question


def expectations(request: dict[str, Any], steps: list[Step]) -> dict[str, list[str]]:
    """What the service generates from the questions; the same input gives the same text."""
    asked = [step["question"] for step in questions_in(steps)]
    context = [f"Knows about {key}" for key in request.get("additional_context") or {}]
    return {
        "weak": [f"Answers: {question}" for question in asked],
        "moderate": [f"Gives an example for: {question}" for question in asked],
        "strong": [f"Shows the effect of: {question}" for question in asked] + context,
    }


def _identity(step: Step, compares: str) -> bytes:
    if compares == "text":
        return orjson.dumps(step["question"])
    left_out = () if compares == "everything" else ("external_id",)
    return orjson.dumps([value for key, value in step.items() if key not in left_out])


def _opening(request: dict[str, Any]) -> list[Step]:
    welcome = _own("welcome", request.get("welcome_message"))
    if not request.get("instructional_video"):
        return [welcome]
    return [welcome, _own("instructional", request.get("instructional_video_custom_text"))]


def _own(kind: str, text: str | None) -> Step:
    return {"id": new_id(), "kind": kind, "text": text}
