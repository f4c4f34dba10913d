"""Changes grouped by their cause: one edit in a shared file, and the interviews that it reaches. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from reconciler.errors import Problem, Where
from reconciler.plan.model import Action, Change, Plan
from reconciler.resources.difference import FieldChange
from reconciler.text.plural import counted

STALE = "stale text"
_SHOWN = 3  # names of changed interviews


@dataclass(frozen=True, slots=True)
class Cause:
    """One edited place of a shared file.

    `changed` are the interviews that it changes, `replaced` those of them that it replaces, `uses` how many interviews
    take a value from there, `stale` how many texts were made from what stood there before.
    """

    where: Where
    field: str
    changed: tuple[str, ...]
    replaced: tuple[str, ...]
    uses: int
    stale: int = 0

    def text(self) -> str:
        """One line: place, field, and what it comes to."""
        names = ", ".join(self.changed[:_SHOWN]) + (", …" if len(self.changed) > _SHOWN else "")
        parts = [f"{counted(len(self.changed), 'interview')} changed ({names})"]
        parts += [f"{len(self.replaced)} of them replaced"] if self.replaced else []
        parts += [f"{counted(self.stale, 'translation')} now stale"] if self.stale else []
        parts += [f"{counted(self.uses, 'interview')} use{'s' if self.uses == 1 else ''} it"]
        return f"{self.where.path}:{self.where.line} {self.field}: {', '.join(parts)}"


def causes_of(plan: Plan, warnings: Iterable[Problem]) -> tuple[Cause, ...]:
    """The causes in shared files, those that reach most interviews first; `warnings` are those of the manifests."""
    found: dict[tuple[str, Where], list[Change]] = {}
    for change in plan.pending:
        for field, where in dict.fromkeys(_shared(change)):
            found.setdefault((field, where), []).append(change)
    if not found:
        return ()
    uses = _uses(plan.changes, {where for _, where in found})
    stale = [problem.detail for problem in warnings if problem.summary == STALE]
    causes = [
        Cause(
            where,
            field,
            tuple(change.name for change in changes),
            tuple(change.name for change in changes if change.action is Action.REPLACE and _replaces(change, field)),
            uses.get(where, len(changes)),
            sum(f" {where}: " in detail for detail in stale),
        )
        for (field, where), changes in found.items()
    ]
    return tuple(sorted(causes, key=lambda one: (-len(one.changed), one.where, one.field)))


def _replaces(change: Change, field: str) -> bool:
    return field.partition(" ")[0] in change.forces_replacement


def _shared(change: Change) -> Iterator[tuple[str, Where]]:
    """The edited places of a change that lie in other files than its manifest, each with what it is."""
    if change.desired is None:
        return
    for one in change.fields:
        if one.kind in ("dropped", "removed") or one.origin == "drift":
            continue
        where = change.desired.at(*one.path)
        if where.path != change.desired.where.path:
            yield _label(one), where


def _label(one: FieldChange) -> str:
    match one.path:
        case ("questions", key):
            return f"question {key}"
        case ("questions", key, name, *_):
            return f"question {key} {name}"
        case (name, *_):
            return name
    return ""


def _uses(changes: Sequence[Change], wanted: set[Where]) -> dict[Where, int]:
    """How many interviews take a value from each place."""
    files = {where.path for where in wanted}
    counts: dict[Where, int] = {}
    for change in changes:
        places = change.desired.places.values() if change.desired else ()
        for where in {place for place in places if place.path in files} & wanted:
            counts[where] = counts.get(where, 0) + 1
    return counts
