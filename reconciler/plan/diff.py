"""One wanted interview against what was applied and what was seen: the fields that differ, and who moved them. Pure.

Three values meet in each field: what the manifest declares, what was last applied, what the service shows. A field that
the service never shows is compared with what was applied. Only declared fields are compared; the rest is not ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reconciler.canonical_json import canonical, plain
from reconciler.manifest.desired import Desired
from reconciler.plan.model import changed_by
from reconciler.resources.compare import changes_of, same
from reconciler.resources.difference import ABSENT, FieldChange, Origin, held_and_declared
from reconciler.resources.field import By, Field, Rule
from reconciler.resources.kind import kind_named
from reconciler.resources.observed import Observed
from reconciler.state.model import Entry
from reconciler.state.records import Adopted


def differences(want: Desired, entry: Entry, observed: Observed | None) -> tuple[list[FieldChange], list[str]]:
    """Returns (changes to make, notes to show)."""
    fields: list[FieldChange] = []
    notes: list[str] = []
    for name in want.spec:
        found = list(_field(name, want, entry, observed))
        if found and name in want.lifecycle.ignore:
            notes.append(f"{name} differs and is ignored (lifecycle.ignore)")
        elif observed and found and _is_held(name, found, want, entry, observed):
            notes.append(_held(name, found, changed_by(want.kind, name) is By.REPLACE))
        elif found and changed_by(want.kind, name) is By.CREATION:
            notes.append(f"{name} only steers the creation; the change has no effect on an interview that exists")
        else:
            fields.extend(found)
    fields.extend(_unheld_key(want, entry, {field.field for field in fields}))
    fields.extend(_dropped(want, entry))
    fields.extend(_unfinished(entry))
    fields.extend(_lifecycle(want, entry))
    return fields, notes


def is_kept(entry: Entry, observed: Observed, name: str) -> bool:
    """Whether the service still shows for the field `name` the value that it kept when another one was applied."""
    held, seen = entry.kept.get(name, ABSENT), observed.attributes.get(name, ABSENT)
    return held is not ABSENT and seen is not ABSENT and canonical(plain(held)) == canonical(plain(seen))


def settled(want: Desired, entry: Entry) -> dict[str, Any]:
    """The attributes once every difference is put right; what is left alone keeps what was applied, if anything was."""
    alone = {name for name in want.spec if name in want.lifecycle.ignore or changed_by(want.kind, name) is By.CREATION}
    kept = {name: entry.attributes[name] for name in alone if name in entry.attributes}
    return {name: kept.get(name, value) for name, value in want.spec.items() if name in kept or name not in alone}


def assumed(want: Desired, observed: Observed) -> dict[str, Any]:
    """What an adopted interview is taken to have: what the service shows, and what it never shows as declared.

    Where both mean the same it is the manifest's spelling, so that the next plan need not read the interview again.
    Whether it is embedded is not shown, and not assumed to be as declared: reading its key, or removing the one that it
    may have, is a step that the plan shows.
    """
    kind = kind_named(want.kind)
    assumed: dict[str, Any] = {}
    for name, value in want.spec.items():
        seen = observed.attributes.get(name, value)
        if name == kind.credential_field and isinstance(value, bool):
            assumed |= {} if value else {name: True}
        else:
            assumed[name] = value if same(kind, name, value, seen, want.spec) else seen
    return assumed


def adoption(want: Desired, seen: Observed, at: str) -> Adopted:
    """The record by which an interview that exists comes under `want`; its embed key is not held."""
    return Adopted(
        address=want.address,
        at=at,
        id=seen.id,
        attributes=assumed(want, seen),
        lifecycle=want.lifecycle,
        code=seen.attributes.get("code"),
        created_at=seen.created_at,
        updated_at=seen.updated_at,
    )


def _field(name: str, want: Desired, entry: Entry, observed: Observed | None) -> Iterator[FieldChange]:
    value = want.spec[name]
    applied = entry.attributes.get(name, ABSENT)
    kind = kind_named(want.kind)
    seen = observed.attributes.get(name, ABSENT) if observed else ABSENT
    current = applied if seen is ABSENT else seen
    yield from _removed_keys(kind.fields[name], value, applied)
    if same(kind, name, value, current, want.spec):
        return
    ours = not same(kind, name, value, applied, want.spec)
    theirs = seen is not ABSENT and applied is not ABSENT and not same(kind, name, applied, seen, want.spec)
    origin: Origin = "both" if ours and theirs else "ours" if ours else "drift"
    yield from changes_of(kind, name, value, current, origin, want.spec)


def _removed_keys(row: Field, value: Any, applied: Any) -> Iterator[FieldChange]:
    """Keys of an object that were ours and are not declared any more.

    Where the service replaces the object, sending it takes them back; where it merges, only another value would.
    """
    if row.rule is not Rule.SUBSET or not isinstance(value, Mapping) or not isinstance(applied, Mapping):
        return
    for key in applied:
        if key not in value:
            yield FieldChange((row.name, key), applied[key], ABSENT, "dropped" if row.merged else "removed")


def _is_held(name: str, found: Sequence[FieldChange], want: Desired, entry: Entry, observed: Observed) -> bool:
    """Whether sending the field again would change nothing: the service keeps a value of its own.

    What no call can change was applied at the creation, so that another value was never the manifest's to begin with.
    """
    is_drift = all(change.origin == "drift" for change in found)
    return is_drift and (changed_by(want.kind, name) is By.REPLACE or is_kept(entry, observed, name))


def _held(name: str, found: Sequence[FieldChange], is_fixed: bool) -> str:  # noqa: FBT001 - a fact, not a switch
    way = "no replacement changes that" if is_fixed else "it is not sent again until the manifest changes it"
    return f"{name} was applied, but the service keeps its own value: {held_and_declared(found)}; {way}"


def _unheld_key(want: Desired, entry: Entry, changed: set[str]) -> Iterator[FieldChange]:
    """An embedded interview whose key was never seen: asking for it again gives the same key."""
    field = kind_named(want.kind).credential_field
    embedded = field is not None and want.spec.get(field) is True and field not in changed
    if embedded and entry.embed_signing_key is None:
        yield FieldChange(("embed_signing_key",), "not held", "read and sealed")
    elif embedded and changed and not entry.sealed_to:
        # sealed by an earlier jmctl: no reason to change anything by itself, but the next change brings it along
        yield FieldChange(("embed_signing_key",), "sealed without its interview", "read and sealed")


def _dropped(want: Desired, entry: Entry) -> Iterator[FieldChange]:
    """Fields that were ours and are not declared any more."""
    for name, value in entry.attributes.items():
        if name not in want.spec:
            yield FieldChange((name,), value, ABSENT, "dropped")


def _unfinished(entry: Entry) -> Iterator[FieldChange]:
    """Replaced interviews whose archiving was interrupted."""
    for former in entry.history:
        if former.retired_at is None:
            yield FieldChange(("replaced", former.id), "still there", "archived")


def _lifecycle(want: Desired, entry: Entry) -> Iterator[FieldChange]:
    """How jmctl treats an interview is remembered, so that removing the manifest does not lift it."""
    for part in ("protect", "on_remove"):
        before, after = getattr(entry.lifecycle, part), getattr(want.lifecycle, part)
        if before != after:
            yield FieldChange(("lifecycle", part), before, after)
