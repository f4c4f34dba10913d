"""A plan for machines: one document, the same facts as the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from reconciler.errors import Problem
from reconciler.plan.model import Change, Plan
from reconciler.plan.settings import SettingChange
from reconciler.resources.difference import ABSENT, FieldChange
from reconciler.views.problems import problem_json


def plan_json(plan: Plan, environment: str, warnings: Sequence[Problem] = ()) -> dict[str, Any]:
    """`version`, `environment`, `observed`, `digest`, `settings`, `summary` (counts by action), `changes`, `problems`.

    `changed_settings` are others than at the last apply; those of `after_merge` have no effect on this branch.
    """
    return {
        "version": 1,
        "environment": environment,
        "observed": plan.observed,
        "digest": plan.digest,
        "settings": dict(plan.settings),
        "changed_settings": [*map(_setting, plan.changed_settings)],
        "after_merge": [*map(_setting, plan.after_merge)],
        "summary": dict(Counter(change.action.value for change in plan.changes)),
        "changes": [change_json(change) for change in plan.changes],
        "problems": [problem_json(warning) for warning in warnings],
    }


def change_json(change: Change) -> dict[str, Any]:
    """One interview; `fields` is empty for a create, whose `after` is the whole of what is declared."""
    where = change.where
    return {
        "kind": change.address.kind,
        "name": change.name,
        "action": change.action.value,
        "digest": change.digest,
        "id": change.entry.id if change.entry else None,
        "path": where.path if where else None,
        "line": where.line if where else None,
        "fields": [_field(field) for field in change.fields],
        "after": dict(change.desired.spec) if change.desired and change.entry is None else None,
        "renamed_from": change.moved_from.name if change.moved_from else None,
        "forces_replacement": list(change.forces_replacement),
        "notes": list(change.notes),
        "blocked": problem_json(change.blocked) if change.blocked else None,
    }


def _setting(change: SettingChange) -> dict[str, Any]:
    return {"name": change.name, "before": change.before, "after": change.after}


def _field(field: FieldChange) -> dict[str, Any]:
    """`before` or `after` is left out where there was or will be nothing, which is not the same as null."""
    document: dict[str, Any] = {"path": list(field.path), "kind": field.kind, "origin": field.origin}
    if field.before is not ABSENT:
        document["before"] = field.before
    if field.after is not ABSENT:
        document["after"] = field.after
    return document
