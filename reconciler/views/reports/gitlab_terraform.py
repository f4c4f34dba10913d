"""GitLab's terraform report: exactly the members `create`, `update` and `delete`, each a whole number."""

from __future__ import annotations

from collections import Counter

from reconciler.plan.model import Plan
from reconciler.views.plan_json import actions_of


def gitlab_terraform(plan: Plan) -> dict[str, int]:
    """The same numbers as GitLab's documented filter takes out of the plan's JSON; a replacement counts as both."""
    found = Counter(action for change in plan.changes for action in actions_of(change))
    return {action: found[action] for action in ("create", "update", "delete")}
