"""Refuse a plan that differs from the reviewed one, and name what moved. Pure."""

from __future__ import annotations

from typing import Any

from reconciler.address import Address
from reconciler.errors import Refused
from reconciler.plan.model import Plan

_AGAIN = "review it again: jmctl plan"


def check_digest(plan: Plan, expected: str) -> None:
    """Raises Refused, naming what the plan would do now, when its digest is not the one that was reviewed."""
    if plan.digest == expected:
        return
    if len(expected) < len(plan.digest):
        detail = f"the digest is shortened to {len(expected)} digits; all {len(plan.digest)} are compared"
        raise Refused("the plan is not the one that was reviewed", detail, hint="copy the whole digest: jmctl plan")
    now = ", ".join(f"{change.action.value} {change.name}" for change in plan.pending) or "nothing to do"
    raise Refused("the plan is not the one that was reviewed", f"its digest is {plan.digest}: {now}", hint=_AGAIN)


def check_saved(plan: Plan, saved: Any) -> None:
    """Raises Refused, naming each interview that moved since `saved` (a document of `plan --out`) was made."""
    try:
        before = {Address.parse(change["address"]): change for change in saved["resource_changes"]}
        digests = {address: change["digest"] for address, change in before.items()}
        actions = {address: str(change["action"]) for address, change in before.items()}
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Refused("not a saved plan", hint="make one: jmctl plan --out FILE") from None
    if saved.get("settings") != dict(plan.settings):
        detail = "settings of jmctl.yaml are others than those that were reviewed"
        raise Refused("the plan is not the one that was reviewed", detail, hint=_AGAIN)
    _check_state(plan, saved)
    now = {change.address: change for change in plan.changes}
    moved = [
        address
        for address in sorted(before.keys() | now.keys())
        if address not in now or digests.get(address) != now[address].digest
    ]
    if not moved:
        return
    descriptions = []
    for address in moved:
        was = actions.get(address, "not there")
        descriptions.append(f"{address.name} ({was} -> {now[address].action.value if address in now else 'not there'})")
    raise Refused("the plan is not the one that was reviewed", f"moved: {', '.join(descriptions)}", hint=_AGAIN)


def _check_state(plan: Plan, saved: Any) -> None:
    """Raises Refused when the state was committed since: what was approved once is not carried out twice."""
    if plan.origin is None:
        return
    was, now = (saved.get("lineage"), saved.get("serial")), (plan.origin.lineage, plan.origin.serial)
    if was != now:
        detail = f"it is of serial {was[1]} of the state, which is at {now[1]}"
        if was[0] != now[0]:
            detail = "it is of another state"
        raise Refused("the plan is not the one that was reviewed", detail, hint=_AGAIN)
