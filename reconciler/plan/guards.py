"""What must hold before anything is sent. Pure: changes and a permit give reasons to refuse, or none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reconciler.errors import Problem, Refused
from reconciler.manifest.desired import Desired
from reconciler.plan.model import Action, Change
from reconciler.state.model import State

DESTRUCTIVE = (Action.RECREATE, Action.ARCHIVE, Action.DELETE, Action.REPLACE)
# What a permit can name; forgetting and settling touch no interview, and adopting only where it updates, too
GRADED = (Action.CREATE, Action.RECREATE, Action.UPDATE, Action.REPLACE, Action.ARCHIVE, Action.DELETE)


@dataclass(frozen=True, slots=True)
class ApplyPolicy:
    """What an apply may do.

    `managed` is how many interviews the state holds; `max_destroy` how many of them may go, as a number or as `N%`,
    None for no limit; a share counts only from `minimum` interviews on.
    """

    recipients: tuple[str, ...]
    managed: int
    max_destroy: str | int | None = "30%"
    minimum: int = 10
    approved: frozenset[Action] = frozenset(GRADED)


def check_not_empty(desired: Sequence[Desired], state: State) -> None:
    """Raises Refused when no manifest is left but interviews are managed: a wrong glob must never mean "remove all"."""
    if state.entries and not desired:
        raise Refused(
            "there are no manifests",
            f"planning with none declared would remove every managed interview: {len(state.entries)}",
            hint="check `manifests` in jmctl.yaml; to remove everything on purpose: jmctl destroy",
        )


def refusals(changes: Sequence[Change], permit: ApplyPolicy) -> list[Problem]:
    """Every reason why none of `changes` may be begun."""
    found = [change.blocked for change in changes if change.blocked]
    for change in changes:
        found.extend(_protected(change))
        found.extend(_unsealable(change, permit))
    found.extend(_unapproved(changes, permit))
    found.extend(_too_many(changes, permit))
    return found


def _protected(change: Change) -> Iterator[Problem]:
    """Plans are blocked by protection already; it holds for changes that come without having been planned, too."""
    lifecycles = [part.lifecycle for part in (change.entry, change.desired) if part]
    is_destroyed = change.action in DESTRUCTIVE or _archives_former(change)
    if is_destroyed and not change.blocked and any(part.protect for part in lifecycles):
        what = f"{change.action.value} it" if change.action in DESTRUCTIVE else "archive what it has replaced"
        yield Problem(
            "the interview is protected",
            f"{change.name}: lifecycle.protect refuses to {what}",
            hint="set lifecycle.protect to false in its manifest and apply that first",
            where=change.where,
        )


def _grades(change: Change) -> Iterator[Action]:
    """What has to be approved for `change`; nothing when it touches no interview."""
    if change.action in GRADED:
        yield change.action
    if change.action is Action.ADOPT and change.changed_fields:
        yield Action.UPDATE
    if _archives_former(change):
        yield Action.ARCHIVE


def _archives_former(change: Change) -> bool:
    """Whether it archives interviews that were replaced earlier."""
    return any(field.field == "replaced" for field in change.fields)


def _unapproved(changes: Sequence[Change], permit: ApplyPolicy) -> Iterator[Problem]:
    beyond = [(change, grade) for change in changes for grade in _grades(change) if grade not in permit.approved]
    needed = ",".join(action for action in GRADED if action in permit.approved | {grade for _, grade in beyond})
    for change, grade in beyond:
        yield Problem(
            "the change is beyond what was approved",
            f"{change.name}: {grade.value}",
            hint=f"allow it: --approve {needed}",
            where=change.where,
        )


def needs_sealing(change: Change) -> bool:
    """Whether carrying out `change` makes the service give out a key."""
    field = change.kind.credential_field
    if change.desired is None or field is None or change.desired.spec.get(field) is not True:
        return False
    asks = change.changed_fields & {field, "embed_signing_key"}
    return bool(asks) or change.action in (Action.CREATE, Action.RECREATE, Action.REPLACE)


def _unsealable(change: Change, permit: ApplyPolicy) -> Iterator[Problem]:
    field = change.kind.credential_field
    if change.desired and field and needs_sealing(change) and not permit.recipients:
        yield Problem(
            "no recipients configured for the embed key",
            f"{change.name} is embedded, and jmctl.yaml names no recipients to seal its key to",
            hint="make a key pair: jmctl init",
            where=change.desired.at(field),
        )


def _too_many(changes: Sequence[Change], permit: ApplyPolicy) -> Iterator[Problem]:
    going = [change.name for change in changes if change.action in DESTRUCTIVE or _archives_former(change)]
    allowed = _allowed(permit)
    if allowed is not None and len(going) > allowed:
        yield Problem(
            "plan removes too many interviews",
            f"{len(going)} of {permit.managed} would be archived, deleted, replaced or created anew; "
            f"guards.max_destroy is {permit.max_destroy}, which allows {allowed}: {', '.join(going)}",
            hint="apply in smaller parts, or raise guards.max_destroy in jmctl.yaml for this one change",
        )


def _allowed(permit: ApplyPolicy) -> int | None:
    limit = permit.max_destroy
    if limit is None or isinstance(limit, int):
        return limit
    if permit.managed < permit.minimum:
        return None
    return int(permit.managed * float(limit.rstrip("%")) / 100)
