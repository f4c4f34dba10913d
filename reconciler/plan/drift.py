"""The part of a plan that others caused, from what was applied to what the service holds. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from reconciler.address import Address
from reconciler.plan.model import Action, Change, Plan
from reconciler.resources.compare import changes_of
from reconciler.resources.difference import FieldChange


@dataclass(frozen=True, slots=True)
class Drift:
    """What others changed on the service since it was applied; `managed` is how many interviews were looked at.

    A change is an update whose fields lead from what was applied to what is there, or the deletion of one that is gone.
    `left_out` are the addresses that a selection did not choose.
    """

    changes: tuple[Change, ...]
    managed: int
    left_out: tuple[Address, ...] = ()


def drift_of(plan: Plan) -> Drift:
    """What others changed, and nothing of our own changes."""
    changes = tuple(drift for change in plan.changes if (drift := _drift(change)))
    return Drift(changes, sum(change.entry is not None for change in plan.changes), plan.left_out)


def _drift(change: Change) -> Change | None:
    if change.entry is None:
        return None
    if change.action in (Action.CREATE, Action.RECREATE):
        note = f"{change.entry.id} is gone; an apply makes a new interview, with a new link"
        return replace(change, action=Action.DELETE, fields=(), notes=(note,), blocked=None)
    fields = tuple(_since_applied(change))
    return replace(change, action=Action.UPDATE, fields=fields, notes=(), blocked=None) if fields else None


def _since_applied(change: Change) -> Iterator[FieldChange]:
    if change.entry is None or change.observed is None:
        return
    applied, seen = change.entry.attributes, change.observed.attributes
    for name in dict.fromkeys(field.field for field in change.fields if field.origin != "ours"):
        if name in applied and name in seen:
            for leaf in changes_of(change.kind, name, applied[name], seen[name], "drift", applied):
                yield leaf.reversed
