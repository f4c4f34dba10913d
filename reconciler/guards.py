"""What must hold before anything is sent. Pure: a plan and the settings give reasons to refuse, or none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.errors import Problem
from reconciler.plan import Action, Change

APPLICABLE = frozenset({Action.CREATE, Action.SETTLE})


def refusals(changes: Sequence[Change], *, recipients: Sequence[str]) -> list[Problem]:
    """Every reason why none of `changes` may be begun."""
    found: list[Problem] = []
    for change in changes:
        found.extend(_unprotected(change))
        found.extend(_not_yet(change))
        found.extend(_unsealable(change, recipients))
    return found


def _unprotected(change: Change) -> Iterator[Problem]:
    if change.blocked:
        yield change.blocked


def _not_yet(change: Change) -> Iterator[Problem]:
    if change.action not in APPLICABLE:
        yield Problem(
            "this jmctl cannot apply such a change yet",
            f"{change.name}: {change.action.value}",
            hint="make the change in the admin, or upgrade jmctl",
            where=change.where,
        )


def _unsealable(change: Change, recipients: Sequence[str]) -> Iterator[Problem]:
    wants_key = change.desired is not None and change.desired.spec.get("is_embedded") is True
    if change.desired and wants_key and change.action in (Action.CREATE, Action.REPLACE) and not recipients:
        yield Problem(
            "nobody could open the embed key",
            f"{change.name} is embedded, and jmctl.yaml names no recipients to seal its key to",
            hint="make a key pair: jmctl init",
            where=change.desired.at("is_embedded"),
        )
