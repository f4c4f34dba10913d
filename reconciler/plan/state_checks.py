"""What speaks against the state that a plan is made from: edits by hand, changes of a branch, an older copy. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reconciler.plan.model import Action, Change, StateFinding
from reconciler.resources.compare import same
from reconciler.state.checksums import edited_parts
from reconciler.state.model import Entry, State
from reconciler.timestamps import instant

_WORDS = {
    "id": "its id or mark",
    "lifecycle": "its protection or what its removal does",
    "embed key": "its embed key or recipients",
    "history": "what it has replaced",
}


def edits(state: State) -> Iterator[StateFinding]:
    """The entries that are others than the last commit of jmctl wrote."""
    if state.edited and len(state.edited) == len(state.entries) and not any(state.edited.values()):
        yield StateFinding("edited", "", "it has no checksums: an earlier jmctl wrote it, or it was edited")
        return
    for address, stored in sorted(state.edited.items()):
        parts = edited_parts(state.entries[address], stored)
        what = ", ".join(_WORDS[part] for part in parts) if stored else "it has no checksum"
        yield StateFinding("edited", address.name, f"changed without an apply: {what}")


def branch_changes(before: State, after: State) -> Iterator[StateFinding]:
    """What a branch makes of the state `before`, which it started from."""
    if (before.lineage, before.serial) != (after.lineage, after.serial):
        text = f"serial {before.serial} -> {after.serial}"
        if before.lineage != after.lineage:
            text = "another state takes its place"
        yield StateFinding("branch", "", text)
    for address in sorted({*before.entries, *after.entries}):
        was, now = before.entries.get(address), after.entries.get(address)
        for text in _entry_changes(was, now):
            yield StateFinding("branch", address.name, text)
    for address in sorted({*before.in_doubt, *after.in_doubt}):
        if before.in_doubt.get(address) != after.in_doubt.get(address):
            yield StateFinding("branch", address.name, "its open create changes")


def _entry_changes(was: Entry | None, now: Entry | None) -> Iterator[str]:
    if was is None or now is None:
        one = was or now
        yield f"{'added' if now else 'removed'}: {one.id if one else ''}"
        return
    pairs: list[tuple[str, Any, Any]] = [
        ("id", was.id, now.id),
        ("code", was.code, now.code),
        ("lifecycle.protect", was.lifecycle.protect, now.lifecycle.protect),
        ("lifecycle.on_remove", was.lifecycle.on_remove, now.lifecycle.on_remove),
        ("lifecycle.ignore", list(was.lifecycle.ignore), list(now.lifecycle.ignore)),
        ("embed_id", was.embed_id, now.embed_id),
        ("sealed_to", list(was.sealed_to), list(now.sealed_to)),
        ("history", [former.id for former in was.history], [former.id for former in now.history]),
    ]
    yield from (f"{name} {_shown(old)} -> {_shown(new)}" for name, old, new in pairs if old != new)
    if was.embed_signing_key != now.embed_signing_key:
        yield "its sealed embed key is another one" if now.embed_signing_key else "its sealed embed key is removed"
    fields = sorted(
        name for name in {*was.attributes, *now.attributes} if was.attributes.get(name) != now.attributes.get(name)
    )
    if fields:
        yield f"applied values: {', '.join(fields)}"


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return {None: "none", True: "true", False: "false"}.get(value, value) if not isinstance(value, str) else value


def signs_of_age(changes: tuple[Change, ...], state: State, last_serial: int | None) -> Iterator[StateFinding]:
    """Why `state` may be older than the last one: the serial that this machine saw, and what the service shows.

    An interview that carries our mark and is not in the state, or already holds what its manifest declares although
    the state never applied that, was probably changed by an apply that this state does not know.
    """
    if last_serial is not None and last_serial > state.serial:
        yield StateFinding(
            "older", "", f"its serial is {state.serial}, and this machine saw serial {last_serial} of it before"
        )
    for change in changes:
        if change.adopts or (change.action is Action.ADOPT and change.desired and not change.desired.import_id):
            text = "it is on the service with our mark, and the state does not know it"
            yield StateFinding("older", change.name, text)
        elif names := _applied_elsewhere(change):
            at = change.observed.updated_at if change.observed else None
            text = f"the service has what its manifest declares since {at}, which this state never applied: {names}"
            yield StateFinding("older", change.name, text)


def _applied_elsewhere(change: Change) -> str:
    entry, want, seen = change.entry, change.desired, change.observed
    if not entry or not want or not seen or change.action not in {Action.KEEP, Action.UPDATE}:
        return ""
    if instant(seen.updated_at, default=0.0) <= instant(entry.updated_at, default=0.0):
        return ""
    found = [
        name
        for name, value in want.spec.items()
        if name in entry.attributes
        and name in seen.attributes
        and same(change.kind, name, value, seen.attributes[name], want.spec)
        and not same(change.kind, name, entry.attributes[name], seen.attributes[name], want.spec)
        and not same(change.kind, name, value, entry.attributes[name], want.spec)
    ]
    return ", ".join(found)
