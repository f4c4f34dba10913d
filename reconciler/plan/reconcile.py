"""The heart: desired, state and observed become the changes between them. Pure: opens, awaits and prints nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from reconciler.address import Address
from reconciler.canonical_json import digest
from reconciler.errors import Problem
from reconciler.manifest.desired import Desired
from reconciler.plan.adopt import adopt
from reconciler.plan.carry_notes import carry_notes, closed_notes
from reconciler.plan.diff import differences
from reconciler.plan.identify import GONE
from reconciler.plan.model import Action, Change, Look, Plan, Sight
from reconciler.plan.ownership import only_ours
from reconciler.resources.carry import Carried, carried
from reconciler.resources.kind import kind_named
from reconciler.resources.mark import Owner
from reconciler.resources.observed import Observed
from reconciler.state.model import Attempt, Entry, State

CREATING = (Action.CREATE, Action.RECREATE, Action.REPLACE)
_OPEN = "active"  # the status in which candidates can take it

_UNSURE: dict[Look, str] = {
    Look.CONTRADICTED: "the list shows it, but reading it says that it is not there",
    Look.UNLISTED: "reading it says that it is not there, but the pages of the list do not fit together",
    Look.UNREADABLE: "the service answers, but not about this one",
    Look.TOO_NEW: "it was created moments ago, and the service does not show it yet",
}


def reconcile(
    desired: Sequence[Desired],
    state: State,
    sights: Mapping[str, Sight] | None,
    *,
    owner: Owner | None = None,
    remarks: Mapping[Address, str] = MappingProxyType({}),
) -> Plan:
    """The plan that leads from `state` and what was seen to `desired`.

    `sights` is keyed by interview id; None means not observed: what was last applied is taken for what is there.
    `owner` is whom marks have to name, where an interview is adopted or written to; `remarks` are shown with
    the interview at that address. Costs O(interviews), and compares field by field only where the whole differs.
    """
    wanted = {item.address: item for item in desired}
    moves = _moves(wanted, state)
    gone = set(moves.values())
    addresses = sorted((wanted.keys() | state.entries.keys() | state.in_doubt.keys()) - gone)
    changes = []
    for address in addresses:
        want, entry = wanted.get(address), state.entries.get(moves.get(address, address))
        attempt = _open_attempt(address, want, state)
        if attempt:
            changes.append(Change(address, Action.SETTLE, desired=want, entry=entry, notes=_doubts(attempt)))
        elif entry and (doubt := _unsure(_sight(entry, sights))):
            notes = (f"{entry.id}: {doubt}", "it is left as it is until the service shows it again; then: jmctl plan")
            changes.append(Change(address, Action.SETTLE, desired=want, entry=entry, notes=notes))
        elif want is None:
            changes.append(_unwanted(_known(entry), _sight(entry, sights)))
        elif entry is None:
            changes.append(_new(want, state, sights, owner))
        else:
            changes.append(_wanted(want, entry, _sight(entry, sights)))
    remarked = (_remarked(change, remarks) for change in _likely_renames(changes))
    plan = Plan(tuple(remarked), observed=sights is not None)
    return only_ours(plan, owner) if owner else plan


def _moves(wanted: Mapping[Address, Desired], state: State) -> dict[Address, Address]:
    """New name to old: a manifest that names a former name takes over its entry, unless that name is still declared."""
    moves: dict[Address, Address] = {}
    for address, want in wanted.items():
        if address in state.entries or address in state.in_doubt:
            continue
        old = [former for former in _former(want) if former in state.entries and former not in wanted]
        if old and old[0] not in moves.values():
            moves[address] = old[0]
    return moves


def _former(want: Desired) -> list[Address]:
    """The addresses that its manifest had before."""
    return [Address(want.kind, name) for name in want.renamed_from]


def _open_attempt(address: Address, want: Desired | None, state: State) -> Attempt | None:
    """The create of unknown outcome under this name, or under a name that its manifest had before."""
    addresses = (address, *(_former(want) if want else ()))
    return next((state.in_doubt[one] for one in addresses if one in state.in_doubt), None)


def _remarked(change: Change, remarks: Mapping[Address, str]) -> Change:
    remark = remarks.get(change.address) or (remarks.get(change.moved_from) if change.moved_from else None)
    return replace(change, notes=(*change.notes, remark)) if remark else change


def _known(entry: Entry | None) -> Entry:
    if entry is None:
        raise AssertionError("a name comes from manifests, entries or open creates")
    return entry


def _sight(entry: Entry | None, sights: Mapping[str, Sight] | None) -> Sight:
    if entry is None or sights is None:
        return Look.UNCHANGED
    return sights.get(entry.id, Look.UNCHANGED)


def _unsure(sight: Sight) -> str | None:
    """Why nothing follows from `sight`, if so."""
    return _UNSURE.get(sight) if isinstance(sight, Look) else None


def _doubts(attempt: Attempt) -> tuple[str, ...]:
    return (
        f"a create begun at {attempt.at} has no known outcome: {attempt.reason}",
        f"it is not created again until that is settled: jmctl resolve {attempt.name} --adopt ID | --not-created",
    )


def _new(want: Desired, state: State, sights: Mapping[str, Sight] | None, owner: Owner | None) -> Change:
    if want.import_id is None:
        notes = closed_notes(kind_named(want.kind), want.spec)
        return Change(want.address, Action.CREATE, desired=want, notes=notes)
    return adopt(want, want.import_id, state, sights, owner)


def _unwanted(entry: Entry, sight: Sight) -> Change:
    if sight is Look.MISSING:
        return Change(entry.address, Action.FORGET, entry=entry, notes=("already gone on the service",))
    observed = sight if isinstance(sight, Observed) else None
    action = Action(entry.lifecycle.on_remove)
    if action is Action.ARCHIVE and observed and observed.status == "archived":
        return Change(entry.address, Action.FORGET, entry=entry, notes=("already archived on the service",))
    blocked = _protected(entry, action) if entry.lifecycle.protect and action is not Action.FORGET else None
    return Change(entry.address, action, entry=entry, observed=observed, blocked=blocked)


def _protected(entry: Entry, action: Action | str) -> Problem:
    return Problem(
        "the interview is protected",
        f"{entry.name}: lifecycle.protect refuses to {action} it",
        hint="set lifecycle.protect to false in its manifest and apply that first",
    )


def _wanted(want: Desired, entry: Entry, sight: Sight) -> Change:
    moved_from = entry.address if entry.address != want.address else None
    if sight is Look.MISSING:
        gone = f"{entry.id} is gone on the service; the new interview gets a new link"
        notes = (gone, *closed_notes(kind_named(want.kind), want.spec))
        protect = entry.lifecycle.protect or want.lifecycle.protect
        blocked = _protected(entry, Action.RECREATE) if protect else None
        change = Change(want.address, Action.RECREATE, desired=want, entry=entry, notes=notes, moved_from=moved_from)
        return replace(change, blocked=blocked)
    observed = sight if isinstance(sight, Observed) else None
    untouched = observed is None and moved_from is None and entry.lifecycle == want.lifecycle
    if untouched and not _unfinished(want, entry) and digest(entry.attributes) == want.digest:
        return Change(want.address, Action.KEEP, desired=want, entry=entry)
    fields, shown = differences(want, entry, observed)
    action = Action.UPDATE if fields or moved_from else Action.KEEP
    change = Change(want.address, action, tuple(fields), want, entry, observed, tuple(shown), moved_from=moved_from)
    if change.forces_replacement:
        return replacement(change, entry)
    withdrawal = _withdrawal(change) if entry.lifecycle.protect or want.lifecycle.protect else ""
    blocked = replace(_protected(entry, withdrawal), where=want.where) if withdrawal else None
    return replace(_explained(change), blocked=blocked)


def _withdrawal(change: Change) -> str:
    """How an update takes the interview from candidates, in words; empty when it does not."""
    for field in change.fields:
        if field.path == ("status",) and field.before == _OPEN and field.after != _OPEN:
            return f"take from candidates (status: {field.after})"
        if field.path == (change.kind.credential_field,) and field.before is True and field.after is not True:
            return "remove the embed key of"
    return ""


def _unfinished(want: Desired, entry: Entry) -> bool:
    field = kind_named(want.kind).credential_field
    key_missing = field is not None and want.spec.get(field) is True and entry.embed_signing_key is None
    return key_missing or any(former.retired_at is None for former in entry.history)


def replacement(change: Change, entry: Entry) -> Change:
    """`change` as the replacement of `entry`, with what a reviewer should know of it."""
    notes = ["the interview gets a new id: its link and embed key change, and who holds the old link loses it"]
    if change.observed and change.observed.interview_count:
        notes.append(f"interviews held with the old one: {change.observed.interview_count}; their results stay")
    found = _carried(change)
    notes += carry_notes(found)
    protect = entry.lifecycle.protect or bool(change.desired and change.desired.lifecycle.protect)
    blocked = _protected(entry, Action.REPLACE) if protect else None
    carry = found.values if found else {}
    notes += closed_notes(change.kind, {**carry, **(change.desired.spec if change.desired else {})})
    return replace(change, action=Action.REPLACE, notes=(*change.notes, *notes), blocked=blocked, carried=carry)


def _carried(change: Change) -> Carried | None:
    """None when the old interview was not read."""
    if change.observed is None or change.desired is None:
        return None
    return carried(change.kind, change.desired.spec, change.observed.attributes)


def _explained(change: Change) -> Change:
    """Adds what a reviewer should know of an update."""
    spec = change.desired.spec if change.desired else {}
    notes = change.kind.update_notes(change.changed_fields, spec, change.observed)
    return replace(change, notes=(*change.notes, *notes))


def _likely_renames(changes: Sequence[Change]) -> list[Change]:
    """Points out where one interview disappears and one with equal content appears."""
    leaving = {
        digest(change.entry.attributes): change
        for change in changes
        if change.entry and change.desired is None and change.action in (Action.ARCHIVE, Action.DELETE, Action.FORGET)
    }
    noted = []
    for change in changes:
        old = leaving.get(change.desired.digest) if change.desired and change.action is Action.CREATE else None
        if old and change.entry is None:
            hint = f"equal to {old.name}, which goes: if it was renamed, write metadata.renamed_from: [{old.name}]"
            change = replace(change, notes=(*change.notes, hint))  # noqa: PLW2901 - the noted one takes its place
        noted.append(change)
    return noted


def sought(plan: Plan) -> Iterator[Desired]:
    """What has to be looked up before `plan` may be carried out: what would be created, or brought back into use."""
    for change in plan.changes:
        if change.desired and not change.blocked and (change.action in CREATING or _revives(change)):
            yield change.desired


def _revives(change: Change) -> bool:
    """Whether it takes an interview back into use that is archived there: another may have taken its place."""
    was_archived = change.entry is not None and change.observed is not None and change.observed.status in GONE
    return was_archived and "status" in change.changed_fields
