"""A plan after its creates were looked up: what is there is adopted, what is doubtful left to a person. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reconciler.address import Address
from reconciler.manifest.desired import Desired
from reconciler.plan.adopt import adopt
from reconciler.plan.diff import assumed
from reconciler.plan.identify import GONE, Identified
from reconciler.plan.model import Action, Change, Plan
from reconciler.plan.reconcile import CREATING, replacement
from reconciler.resources.mark import Owner
from reconciler.resources.observed import Observed
from reconciler.state.model import Entry, State


def after_look(plan: Plan, found: Mapping[Address, Identified], state: State, owner: Owner) -> Plan:
    """`plan` with what `found` says of the names that it would create."""
    changes = (
        _changed(change, change.desired, found[change.address], state, owner)
        if change.desired and change.address in found
        else change
        for change in plan.changes
    )
    return replace(plan, changes=tuple(changes))


def _changed(change: Change, want: Desired, found: Identified, state: State, owner: Owner) -> Change:
    match change.action:
        case Action.CREATE:
            return _new(change, want, found, state, owner)
        case Action.RECREATE if len(found.living) == 1:
            return replace(_adopted(change, want, found.living[0], state, owner), moved_from=change.moved_from)
        case Action.RECREATE if found.living or found.doubtful:
            return _asked(change, want, found)
        case _ if found.living:
            return _stale(change, want, found)
        case _ if found.unproven and change.action in CREATING:
            return _unproven(change, found)
    return change


def _new(change: Change, want: Desired, found: Identified, state: State, owner: Owner) -> Change:
    living, marked = found.living, found.marked
    if len(living) == 1:
        return _adopted(change, want, living[0], state, owner)
    if living or found.doubtful or len(marked) > 1:
        return _asked(change, want, found)
    if marked:
        return _adopted(change, want, marked[0], state, owner)
    return _unproven(change, found) if found.unproven else change


def _adopted(change: Change, want: Desired, seen: Observed, state: State, owner: Owner) -> Change:
    is_gone = seen.status in GONE
    if seen.status == "deleted" and "status" in want.lifecycle.ignore:
        note = f"{seen.id} carries its mark and is deleted; status is ignored, so it is not brought back"
        return replace(change, notes=(*change.notes, note))
    adopting = adopt(want, seen.id, state, {seen.id: seen}, owner)
    if not adopting.forces_replacement:
        how = f"is {seen.status}: it is brought back" if is_gone else "is there already: it is taken over"
        note = (
            f"{seen.id} carries its mark and {how}, and nothing is created (otherwise: jmctl apply --new {want.name})"
        )
        return replace(adopting, notes=(note, *adopting.notes))
    fields = ", ".join(adopting.forces_replacement)
    if is_gone:
        note = (
            f"{seen.id} carries its mark and is {seen.status}; {fields} cannot be changed in it, so a new one is made"
        )
        return replace(change, notes=(*change.notes, note))
    entry = Entry(want.address, seen.id, assumed(want, seen), lifecycle=want.lifecycle)
    note = f"{seen.id} carries its mark: it is taken over first"
    replacing = replace(adopting, entry=entry, adopts=True, blocked=None, notes=(note, *adopting.notes))
    return replacement(replacing, entry)


def _asked(change: Change, want: Desired, found: Identified) -> Change:
    """The name is left alone until a person has said which interview it is."""
    several = found.living if len(found.living) > 1 else () if found.doubtful else found.marked
    reasons = [f"{one.id} ({one.status}) carries its mark" for one in several]
    reasons += [f"{interview_id}: {reason}" for interview_id, reason in found.doubtful]
    ids = dict.fromkeys([one.id for one in several] + [interview_id for interview_id, _ in found.doubtful])
    first = f"jmctl state rm {want.name} && " if change.entry else ""
    commands = [f"{first}jmctl import {want.name} {one}" for one in ids] + [f"jmctl apply --new {want.name}"]
    notes = (
        f"it may be on the service already: {'; '.join(reasons)}",
        f"nothing is created until that is settled: {' or '.join(commands)}",
    )
    return Change(change.address, Action.SETTLE, desired=want, entry=change.entry, notes=notes)


def _stale(change: Change, want: Desired, found: Identified) -> Change:
    others = ", ".join(f"{one.id} ({one.status})" for one in found.living)
    known = change.entry.id if change.entry else ""
    take = " or ".join(f"jmctl state rm {want.name} && jmctl import {want.name} {one.id}" for one in found.living)
    notes = (
        f"this checkout is stale: {others} carries its mark, and this state only knows {known}",
        f"bring the state of the run that made it: git pull; or take it over: {take}",
    )
    return Change(change.address, Action.SETTLE, desired=want, entry=change.entry, notes=notes)


def _unproven(change: Change, found: Identified) -> Change:
    notes = (
        f"whether it is on the service already is not certain: {found.unproven}",
        f"nothing is created until the list can be trusted; run it again, or: jmctl apply --new {change.name}",
    )
    return Change(change.address, Action.SETTLE, desired=change.desired, entry=change.entry, notes=notes)
