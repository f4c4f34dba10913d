"""The service's operations for interviews, and the calls of an update.

Source: docs/service.md, one section for each operation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.resources.calls import Calls, attributes, required_text
from reconciler.resources.compare import Spec
from reconciler.resources.difference import FieldChange
from reconciler.resources.field import By
from reconciler.resources.interview.field_types import TYPE
from reconciler.resources.interview.fields import FIELDS
from reconciler.resources.interview.questions import Question, paired, question_changes, question_key
from reconciler.resources.observed import Listed, Observed
from reconciler.resources.step import Prediction, Step

KIND = "Interview"


def listed(row: Mapping[str, Any]) -> Listed:
    """One row of merchant-interview-list."""
    count = row.get("interview_count")
    return Listed(
        id=required_text(row, "id"),
        name=row.get("name"),
        type=row.get("type"),
        status=row.get("status"),
        created_at=row.get("created_at"),
        updated_at=row.get("updated_at"),
        interview_count=int(count) if isinstance(count, int | float) else None,
        environment=row.get("environment"),
        kind=KIND,
    )


def observed(interview_id: str, body: Mapping[str, Any]) -> Observed:
    """The answer of job-interview-get under the manifest's names. The body does not carry the id, so it is given."""
    return Observed(
        id=interview_id,
        attributes=attributes(FIELDS, body),
        status=required_text(body, "status"),
        created_at=body.get("created_at"),
        updated_at=body.get("updated_at"),
        template_type=body.get("interview_template_type"),
        is_multistage=bool(body.get("is_multistage")),
        kind=KIND,
    )


CALLS = Calls(
    list="merchant-interview-list",
    read="job-interview-get",
    create="job-interview-create-from-array",
    update="job-interview-update",
    set_state="job-interview-set-state",
    types=TYPE.values,
    id_parameter="position_id",
    created_id="interview_def_set_id",
    listed=listed,
    observed=observed,
)


def update_steps(
    spec: Spec, applied: Spec, end: Spec, changed: frozenset[str], observed: Observed | None
) -> list[Step]:
    """See resources.kind.Kind. Only fields that differ are sent, and questions always as the complete list."""
    patch = {name: value for name, value in spec.items() if _is_updated(name, changed)}
    status = spec["status"] if "status" in changed else None
    # null stands for false, and set-state would take it for "leave it"
    is_embedded = spec.get("is_embedded") is True if changed & {"is_embedded", "embed_signing_key"} else None
    first, last = status, None
    if status == "active":
        first, last = None, status
    if "questions" in patch and observed and observed.refuses_questions:
        first, last = "draft", status or "active"

    steps: list[Step] = []
    known = dict(applied)
    if first:
        known["status"] = first
        steps.append(Step(dict(known), state={"status": first}))
    if patch:
        known.update(patch)
        steps.append(Step(dict(known), patch=_sendable(patch, spec, observed)))
    state = {"status": last, "is_embedded": is_embedded}
    if any(value is not None for value in state.values()):
        steps.append(Step({}, state={name: value for name, value in state.items() if value is not None}))
    if steps:
        final = steps.pop()
        steps.append(Step(end, final.patch, final.state))
    return steps


def _is_updated(name: str, changed: frozenset[str]) -> bool:
    """Whether an update sends the field: it differs, or the service would overwrite it because of another that does."""
    row = FIELDS[name]
    return row.by is By.UPDATE and (name in changed or row.derived_from in changed)


def _sendable(patch: Mapping[str, Any], spec: Spec, observed: Observed | None) -> dict[str, Any]:
    if "questions" not in patch:
        return dict(patch)
    stored = observed.attributes.get("questions") if observed else None
    return {**patch, "questions": update_questions(patch["questions"], stored or (), spec)}


def update_questions(
    want: Sequence[Question], stored: Sequence[Question], spec: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The complete list for an update, with the real id of every question that is already there.

    One that is not edited is sent as the service spells it, so that it keeps its record however strictly the service
    compares, and without `external_id` as long as it has none: the service matches on that first. Conditional questions
    point to their parents by the id that stands in this list.
    """
    edited = {change.path[1] for change in question_changes(want, stored, "ours", spec) if len(change.path) > 2}  # noqa: PLR2004 - ("questions", key) is the question itself
    ids: dict[str, str] = {}
    sent = []
    for question, match in zip(want, paired(want, stored, spec), strict=True):
        copy = dict(question)
        if match is not None:
            if question_key(question) not in edited:
                copy = {name: match[name] for name in question if name in match}
            copy["id"] = match["id"]
            if copy.get("external_id") is None:
                copy.pop("external_id", None)
        if question.get("id"):
            ids[question["id"]] = copy["id"]
        parent = copy.get("conditional_question_main_id")
        if parent:
            copy["conditional_question_main_id"] = ids.get(parent, parent)
        sent.append(copy)
    return sent


def predict(changes: Sequence[FieldChange], spec: Spec) -> Prediction | None:
    """What the update's `questions_diff` should count; None when the questions stay."""
    kinds: dict[str, set[str]] = {}
    for field in changes:
        if field.field == "questions" and field.kind != "dropped":
            kinds.setdefault(field.path[1], set()).add(field.kind if len(field.path) == 2 else "edited")  # noqa: PLR2004 - ("questions", key) is the question itself
    if not kinds:
        return None
    added = sum("added" in kind for kind in kinds.values())
    removed = sum("removed" in kind for kind in kinds.values())
    edited = sum("edited" in kind for kind in kinds.values())
    return Prediction(len(spec["questions"]) - added - edited, edited, added, removed)


def reported(answer: Mapping[str, Any]) -> Prediction | None:
    """The same counts from the service's answer; None when it reports none."""
    diff = answer.get("questions_diff")
    if not isinstance(diff, Mapping):
        return None
    counts = [len(diff.get(name) or ()) for name in ("kept", "replaced", "added", "removed")]
    return Prediction(*counts)
