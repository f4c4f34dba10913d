"""An id is written to only where our mark is, or where an import is recorded. Pure."""

from __future__ import annotations

from dataclasses import replace

from reconciler.errors import Problem
from reconciler.plan.adopt import foreign
from reconciler.plan.model import Action, Change, Plan
from reconciler.resources.kind import kind_named
from reconciler.resources.mark import Owner, is_foreign, is_marked
from reconciler.resources.observed import Observed
from reconciler.state.model import Entry, Superseded
from reconciler.timestamps import instant

_WRITING = (Action.UPDATE, Action.REPLACE, Action.ARCHIVE, Action.DELETE)


def only_ours(plan: Plan, owner: Owner) -> Plan:
    """`plan` with every change blocked that would write to what is not ours."""
    return replace(plan, changes=tuple(_checked(change, owner) for change in plan.changes))


def _checked(change: Change, owner: Owner) -> Change:
    if change.action not in _WRITING or change.blocked or change.entry is None or change.observed is None:
        return change
    blocked = not_ours(change.entry, change.observed, owner)
    return replace(change, blocked=replace(blocked, where=change.where)) if blocked else change


def not_ours(entry: Entry, seen: Observed, owner: Owner) -> Problem | None:
    """Why `seen` is not the interview that `entry` is about; None when it is.

    The mark proves it. Where an import is recorded, or the manifest declares its own code, there is none to be found.
    Without the mark that its creation left, the time of the creation proves it as well: the service sets it.
    """
    code = seen.attributes.get(kind_named(entry.address.kind).mark_field)
    if is_foreign(code, owner):
        return foreign(code, owner, None)
    has_mark = is_marked(code) or not is_marked(entry.code) or _same_time(entry.created_at, seen.created_at)
    return None if has_mark else _unmarked(entry.name, seen)


def former_not_ours(entry: Entry, former: Superseded, seen: Observed, owner: Owner) -> Problem | None:
    """The same for an interview that `entry` stood for before."""
    code = seen.attributes.get(kind_named(entry.address.kind).mark_field)
    if is_foreign(code, owner):
        return foreign(code, owner, None)
    is_same = is_marked(code) or not is_marked(entry.code) or _same_time(former.created_at, seen.created_at)
    return None if is_same else _unmarked(entry.name, seen)


def _same_time(*times: str | None) -> bool:
    first, second = (instant(time, default=0.0) for time in times)
    return first == second != 0.0


def _unmarked(name: str, seen: Observed) -> Problem:
    return Problem(
        "the interview does not carry our mark",
        f"{name}: {seen.id} is in the state, but nothing on the service shows that jmctl made it",
        hint=f"see what it is; to manage it: jmctl state rm {name} && jmctl import {name} {seen.id}",
    )
