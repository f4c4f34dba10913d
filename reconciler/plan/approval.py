"""What was reviewed is what is applied: a plan of now against the one that somebody saw. Pure."""

from __future__ import annotations

from typing import Any

from reconciler.errors import Refused
from reconciler.plan.model import Plan

_AGAIN = "review it again: jmctl plan"


def check_digest(plan: Plan, expected: str) -> None:
    """Raises Refused, naming what the plan would do now, when its digest is not the one that was reviewed."""
    if plan.digest == expected:
        return
    now = ", ".join(f"{change.action.value} {change.name}" for change in plan.pending) or "nothing to do"
    raise Refused("the plan is not the one that was reviewed", f"its digest is {plan.digest}: {now}", hint=_AGAIN)


def check_saved(plan: Plan, saved: Any) -> None:
    """Raises Refused, naming each interview that moved since `saved` (a document of `plan --out`) was made."""
    try:
        before = {change["name"]: change for change in saved["changes"]}
        digests = {name: change["digest"] for name, change in before.items()}
    except (KeyError, TypeError):
        raise Refused("not a saved plan", hint="make one: jmctl plan --out FILE") from None
    now = {change.name: change for change in plan.changes}
    moved = [
        name for name in sorted(before.keys() | now.keys()) if name not in now or digests.get(name) != now[name].digest
    ]
    if not moved:
        return
    told = []
    for name in moved:
        was = before[name]["action"] if name in before else "not there"
        told.append(f"{name} ({was} -> {now[name].action.value if name in now else 'not there'})")
    raise Refused("the plan is not the one that was reviewed", f"moved: {', '.join(told)}", hint=_AGAIN)
