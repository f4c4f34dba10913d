"""A plan for machines, in the shape of Terraform's plan JSON with what jmctl adds; docs/reference/json.md describes it.

No secret can be in it: attributes hold none, and what the service would give out is named as unknown and sensitive.
"""

from __future__ import annotations

from typing import Any

from reconciler.plan.causes import Cause
from reconciler.plan.drift import Drift, drift_of
from reconciler.plan.model import Action, Change
from reconciler.plan.settings import SettingChange
from reconciler.resources.difference import ABSENT, FieldChange
from reconciler.views.plan_review import PlanReview, after_of, before_of, moves_of, notes_of, title_of
from reconciler.views.problems import problem_json

FORMAT = "1.2"  # of Terraform's plan JSON, whose readers look for it
VERSION = 2
_ACTIONS = {
    "create": ["create"],
    "recreate": ["create"],
    "update": ["update"],
    "replace": ["create", "delete"],
    "archive": ["delete"],
    "delete": ["delete"],
    "forget": ["forget"],
}
_REASONS = {
    "recreate": "gone_on_the_service",
    "replace": "replace_because_cannot_update",
    "archive": "delete_because_no_manifest",
    "delete": "delete_because_no_manifest",
    "forget": "no_manifest",
    "settle": "create_of_unknown_outcome",
}


def plan_json(review: PlanReview) -> dict[str, Any]:
    """The document; its members are those of the schema `plan` (`jmctl schema --output plan`)."""
    plan = review.plan
    return {
        "format_version": FORMAT,
        "version": VERSION,
        "project": review.heading.project,
        "environment": review.heading.environment,
        "merchant": review.heading.merchant,
        "credits": review.heading.credits,
        "lineage": plan.origin.lineage if plan.origin else None,
        "serial": plan.origin.serial if plan.origin else None,
        "goes_back": (plan.origin.goes_back or None) if plan.origin else None,
        "observed": plan.observed,
        "digest": plan.digest,
        "settings": dict(plan.settings),
        "changed_settings": [*map(_setting, plan.changed_settings)],
        "after_merge": [*map(_setting, plan.after_merge)],
        "state_findings": [{"kind": one.kind, "name": one.name or None, "text": one.text} for one in plan.findings],
        "summary": review.counts(),
        "applyable": bool(plan.pending) and not review.refusals,
        "complete": not (plan.left_out or plan.moved),
        "errored": False,
        "resource_changes": [change_json(change) for change in plan.changes],
        "resource_drift": [_drift(change) for change in drift_of(plan).changes],
        "refusals": [problem_json(problem) for problem in review.refusals],
        "left_out": [str(address) for address in plan.left_out],
        "moved": [{"address": str(one.address), "reviewed": one.reviewed, "now": one.now} for one in plan.moved],
        "causes": [_cause(cause) for cause in review.causes],
        "problems": [problem_json(warning) for warning in review.warnings],
    }


def drift_json(drift: Drift, environment: str) -> dict[str, Any]:
    """What others changed, from what was applied to what the service shows."""
    return {
        "version": VERSION,
        "environment": environment,
        "managed": drift.managed,
        "drift": [{**change_json(change), "change": _drifted(change)} for change in drift.changes],
        "left_out": [str(address) for address in drift.left_out],
    }


def change_json(change: Change) -> dict[str, Any]:
    """One interview; `fields` are the leaves that differ, empty for a create."""
    where = change.where
    return {
        "address": str(change.address),
        "previous_address": str(change.moved_from) if change.moved_from else None,
        "mode": "managed",
        "type": change.address.kind,
        "name": change.name,
        "title": title_of(change),
        "action": change.action.value,
        "digest": change.digest,
        "id": change.interview_id,
        "adopts": change.adopts,
        "path": where.path if where else None,
        "line": where.line if where else None,
        "change": _change(change),
        "action_reason": _REASONS.get(change.action.value),
        "fields": [_field(change, field) for field in change.fields],
        "source": _source(change),
        "moves": [{"label": move.label, "before": move.before, "after": move.after} for move in moves_of(change)],
        "notes": list(notes_of(change)),
        "blocked": problem_json(change.blocked) if change.blocked else None,
    }


def actions_of(change: Change) -> list[str]:
    """What Terraform would call the change: of create, update, delete, forget and no-op."""
    if change.action is Action.ADOPT:
        return ["update"] if change.changed_fields else ["no-op"]
    return _ACTIONS.get(change.action.value, ["no-op"])


def _change(change: Change) -> dict[str, Any]:
    unknown = _unknown(change)
    document: dict[str, Any] = {
        "actions": actions_of(change),
        "before": before_of(change),
        "after": after_of(change),
        "after_unknown": dict.fromkeys(unknown, True),
        "before_sensitive": {},
        "after_sensitive": {name: True for name in unknown if name == "embed_signing_key"},
        "replace_paths": [[name] for name in change.forces_replacement],
    }
    if change.action is Action.ADOPT:
        document["importing"] = {"id": change.interview_id}
    return document


def _unknown(change: Change) -> list[str]:
    """What only the service can say, once it is done."""
    is_new = "create" in actions_of(change)
    field = change.kind.credential_field
    asks = is_new or bool(change.changed_fields & {field, "embed_signing_key"})
    embedded = field is not None and change.desired is not None and change.desired.spec.get(field) is True
    return [*(["id"] if is_new else []), *(["embed_id", "embed_signing_key"] if embedded and asks else [])]


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "source": str(cause.where),
        "field": cause.field,
        "changed": list(cause.changed),
        "replaced": list(cause.replaced),
        "uses": cause.uses,
        "stale": cause.stale,
    }


def _setting(change: SettingChange) -> dict[str, Any]:
    return {"name": change.name, "before": change.before, "after": change.after}


def _field(change: Change, field: FieldChange) -> dict[str, Any]:
    """`before` or `after` is left out where there was or will be nothing, which is not the same as null."""
    document: dict[str, Any] = {"path": list(field.path), "kind": field.kind, "origin": field.origin}
    if field.before is not ABSENT:
        document["before"] = field.before
    if field.after is not ABSENT:
        document["after"] = field.after
    where = change.desired.at(*field.path) if change.desired and field.kind not in ("dropped", "removed") else None
    if where:
        document["source"] = f"{where}"
    return document


def _source(change: Change) -> dict[str, str]:
    """Field -> `path:line:column` of its value; a question's fields as `questions.KEY.FIELD`."""
    if change.desired is None or change.action is Action.KEEP:
        return {}
    return {".".join(path): str(where) for path, where in change.desired.places.items()}


def _drifted(change: Change) -> dict[str, Any]:
    """`change` is one of drift: in the direction of time."""
    applied = dict(change.entry.attributes) if change.entry else {}
    if change.action is Action.DELETE:
        return {"actions": ["delete"], "before": applied, "after": None}
    shown = change.observed.attributes if change.observed else {}
    after = {name: shown.get(name, value) for name, value in applied.items()}
    return {"actions": ["update"], "before": applied, "after": after}


def _drift(change: Change) -> dict[str, Any]:
    return {
        "address": str(change.address),
        "mode": "managed",
        "type": change.address.kind,
        "name": change.name,
        "id": change.interview_id,
        "change": _drifted(change),
        "fields": [_field(change, field) for field in change.fields],
    }
