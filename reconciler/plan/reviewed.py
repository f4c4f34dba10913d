"""Approval by change: of a plan keep the changes that a review showed, and name those that moved since. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reconciler.address import Address
from reconciler.errors import Problem, Refused
from reconciler.plan.model import Change, Moved, Plan
from reconciler.plan.settings import SettingChange, same_settings, settings_after

_MADE = "make one: jmctl plan --out FILE.json"
_AGAIN = "review the changes again: jmctl plan"


@dataclass(frozen=True, slots=True)
class ReviewedPlan:
    """What a reviewer saw: the settings, those that the merge brings, the state's lineage, and each change's digest.

    `lineage` is None while nothing was stored.
    """

    settings: Mapping[str, Any]
    after_merge: tuple[SettingChange, ...]
    lineage: str | None
    actions: Mapping[Address, str]
    digests: Mapping[Address, str]

    @classmethod
    def parse(cls, document: Any) -> ReviewedPlan:
        """From the JSON of a plan, of which `approval_part` is the least. Raises Refused for anything else."""
        try:
            changes = {Address.parse(change["address"]): change for change in document["resource_changes"]}
            return cls(
                dict(document["settings"]),
                tuple(SettingChange(str(one["name"]), one["before"], one["after"]) for one in document["after_merge"]),
                document["lineage"] or None,
                {address: str(change["action"]) for address, change in changes.items()},
                {address: str(change["digest"]) for address, change in changes.items()},
            )
        except (AttributeError, KeyError, TypeError, ValueError):
            raise Refused("not a saved plan", hint=_MADE) from None


def approval_part(document: Any) -> dict[str, Any]:
    """The part of a plan's JSON that an approval needs, for a place that holds little. Raises Refused if it is none."""
    ReviewedPlan.parse(document)
    changes = [one for one in document["resource_changes"] if one["action"] != "keep"]
    return {
        **{name: document[name] for name in ("lineage", "settings", "after_merge")},
        "resource_changes": [{name: one[name] for name in ("address", "action", "digest")} for one in changes],
    }


def reviewed_part(plan: Plan, documents: Sequence[Any]) -> Plan:
    """`plan` with the changes that one of the reviewed `documents` holds with the same digest; the rest is in `moved`.

    What needs no change stays. Raises Refused when a document is no plan, and when all of them were made with other
    settings or for another state.
    """
    parsed = [ReviewedPlan.parse(document) for document in documents]
    matching = [one for one in parsed if _fits(plan, one)]
    if not matching:
        raise Refused("the plan is not the one that was reviewed", _why_not(plan, parsed), hint=_AGAIN)
    pending = {change.address for change in plan.pending}
    kept = tuple(one for one in plan.changes if one.address not in pending or _is_reviewed(one, matching))
    left = {change.address for change in plan.changes} - {change.address for change in kept}
    moved = tuple(_moved(change, matching) for change in plan.changes if change.address in left)
    return replace(plan, changes=kept, moved=moved)


def moved_problems(plan: Plan) -> list[Problem]:
    """A reason to refuse for each change that moved."""
    return [Problem("the change is not the one that was reviewed", one.text(), _AGAIN) for one in plan.moved]


def _fits(plan: Plan, reviewed: ReviewedPlan) -> bool:
    return _same_state(plan, reviewed) and _same_settings(plan, reviewed)


def _same_state(plan: Plan, reviewed: ReviewedPlan) -> bool:
    now = plan.origin.lineage if plan.origin else ""
    return not reviewed.lineage or reviewed.lineage == now


def _same_settings(plan: Plan, reviewed: ReviewedPlan) -> bool:
    """As they were, or as the reviewer saw that the merge would make them."""
    merged = settings_after(reviewed.settings, reviewed.after_merge)
    return same_settings(plan.settings, reviewed.settings) or same_settings(plan.settings, merged)


def _why_not(plan: Plan, reviewed: Sequence[ReviewedPlan]) -> str:
    if not reviewed:
        return "there is no reviewed plan"
    if not any(_same_state(plan, one) for one in reviewed):
        return "it is of another state"
    merged = settings_after(reviewed[-1].settings, reviewed[-1].after_merge)
    names = sorted(name for name in {*merged, *plan.settings} if merged.get(name) != plan.settings.get(name))
    return f"settings of jmctl.yaml are others than those that were reviewed: {', '.join(names)}"


def _is_reviewed(change: Change, reviewed: Sequence[ReviewedPlan]) -> bool:
    return any(one.digests.get(change.address) == change.digest for one in reviewed)


def _moved(change: Change, reviewed: Sequence[ReviewedPlan]) -> Moved:
    actions = [one.actions[change.address] for one in reviewed if change.address in one.actions]
    was = actions[-1] if actions else None
    return Moved(change.address, None if was == "keep" else was, change.action.value)
