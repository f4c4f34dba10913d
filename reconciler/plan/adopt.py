"""Bringing an interview that exists under a manifest: what would change in it, and whether it is ours to take. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from reconciler.errors import Problem, Where
from reconciler.manifest.desired import Desired
from reconciler.plan.diff import assumed, differences
from reconciler.plan.model import Action, Change, Look, Sight
from reconciler.resources.kind import kind_named
from reconciler.resources.mark import Owner, is_foreign, parse_mark
from reconciler.resources.observed import Observed
from reconciler.state.model import Entry, State


def adopt(
    want: Desired, interview_id: str, state: State, sights: Mapping[str, Sight] | None, owner: Owner | None
) -> Change:
    """The adoption of `interview_id` under `want`, blocked with the reason where it cannot be."""
    change = Change(want.address, Action.ADOPT, desired=want)
    if sights is None:
        return replace(change, notes=("not looked at: what would change in it is not known",))
    sight = sights.get(interview_id, Look.MISSING)
    blocked = _unadoptable(want, interview_id, sight, state, owner)
    if blocked or not isinstance(sight, Observed):
        return replace(change, blocked=blocked)
    entry = Entry(want.address, sight.id, assumed(want, sight), lifecycle=want.lifecycle)
    fields, notes = differences(want, entry, sight)
    change = replace(change, fields=tuple(fields), observed=sight)
    unreadable = "what the service never shows (messages, instructional video) is taken to be as declared"
    return replace(change, notes=(*notes, unreadable), blocked=_unchangeable(change))


def _unchangeable(change: Change) -> Problem | None:
    if not change.forces_replacement:
        return None
    return Problem(
        "an interview cannot be adopted and replaced at once",
        f"{change.name}: {', '.join(change.forces_replacement)} cannot be changed in place",
        "declare what the service holds, adopt it, then change it",
        change.where,
    )


def _unadoptable(want: Desired, interview_id: str, sight: Sight, state: State, owner: Owner | None) -> Problem | None:
    where = want.where
    for entry in state.entries.values():
        if entry.id == interview_id:
            hint = f"rename it instead: metadata.renamed_from: [{entry.name}]"
            return Problem("the interview is already managed", f"{interview_id} is {entry.name}", hint, where)
    if not isinstance(sight, Observed):
        return Problem("the interview to import is not there", interview_id, "check metadata.import", where)
    kind = kind_named(want.kind)
    if reason := kind.unadoptable(sight, where):
        return reason
    code = sight.attributes.get(kind.mark_field)
    return foreign(code, owner, where) if is_foreign(code, owner) else None


def foreign(code: Any, owner: Owner | None, where: Where | None) -> Problem:
    """Why an interview that carries the mark `code` of another owner is left alone."""
    hint = "remove it there first: jmctl state rm, and clear its code in the admin"
    mark = parse_mark(code)
    if mark and owner and mark.project == owner.project:
        return Problem("another environment owns the interview", f"its code is {code}", hint, where)
    return Problem("another project owns the interview", f"its code is {code}", hint, where)
