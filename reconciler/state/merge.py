"""Two states that grew from one, merged entry by entry: nothing that either holds is dropped without its consent. Pure.

- What only one side changed is taken from it, also a removal.
- An entry that one side removed and the other changed stays.
- One interview changed on both sides: each group of fields is taken from the side that changed it; where both did, from
  the one seen last on the service, and the entry has to be looked at again (`updated_at` is None).
- Two interviews under one name: one stays, the other goes to its history, still to be settled, and an attempt is opened
  for the name, so that the next run looks it up and stops there instead of creating or archiving.
- An attempt is closed only by the side that settled it; of two attempts for one name the second is kept by its mark in
  the first one's reason, and both names of an entry that was moved twice lead to one entry.

The result does not depend on which side is called ours, but for what the two sides did to the same fields at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from reconciler.address import Address
from reconciler.canonical_json import digest
from reconciler.errors import Damaged
from reconciler.state.merge_values import account as merge_accounts
from reconciler.state.merge_values import applied as merge_applied
from reconciler.state.merge_values import extra as merge_extra
from reconciler.state.merge_values import history as merge_histories
from reconciler.state.merge_values import revisions as merge_revisions
from reconciler.state.merge_values import tombstones as merge_tombstones
from reconciler.state.model import Attempt, Entry, State, Superseded

TWO_INTERVIEWS = "two runs recorded an interview each"
_GROUPS = (("attributes",), ("lifecycle",), ("embed_id", "embed_signing_key"), ("code",), ("extra",))


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged state, and the addresses for which the sides disagreed, in order."""

    state: State
    conflicts: tuple[Address, ...] = ()


def merge(base: State | None, ours: State, theirs: State) -> Merged:
    """`ours` and `theirs` merged, which both grew from `base` (None when that is not known).

    Raises Damaged when the two are of different lineages or accounts. The serial is the greater one.
    """
    if ours.lineage != theirs.lineage:
        detail = f"one is of lineage {ours.lineage}, the other of {theirs.lineage}"
        hint = "keep one of them, and adopt what only the other knows: jmctl import"
        raise Damaged("the states are of different lineages", detail, hint=hint)
    account = merge_accounts(ours.account, theirs.account)
    if theirs in (ours, base):
        return Merged(replace(ours, serial=max(ours.serial, theirs.serial)))
    if ours == base:
        return Merged(replace(theirs, serial=max(ours.serial, theirs.serial)))
    before = base if base and base.lineage == ours.lineage else State(ours.lineage)
    ours, theirs, before = _follow_moves(before, ours, theirs)
    conflicts: set[Address] = set()
    entries: dict[Address, Entry] = {}
    opened: dict[Address, Attempt] = {}
    for address in sorted({*ours.entries, *theirs.entries}):
        base_entry, here, there = (side.entries.get(address) for side in (before, ours, theirs))
        merged, doubt = _entry(base_entry, here, there, conflicts)
        if merged:
            entries[address] = merged
        if doubt:
            opened[address] = doubt
    in_doubt = dict(opened)
    for address in sorted({*ours.in_doubt, *theirs.in_doubt}):
        then, mine, other = (side.in_doubt.get(address) for side in (before, ours, theirs))
        if attempt := _attempt(then, mine, other, conflicts):
            in_doubt[address] = attempt
    extra = merge_extra(before.extra, ours.extra, theirs.extra)
    serial = max(ours.serial, theirs.serial)
    entries = _once(entries)
    state = State(
        lineage=ours.lineage,
        serial=serial,
        entries=entries,
        in_doubt=in_doubt,
        extra=extra,
        account=account,
        settings=theirs.settings if ours.settings == before.settings else ours.settings,
        applied=merge_applied((*ours.applied, *theirs.applied)),
        tombstones=merge_tombstones((*ours.tombstones, *theirs.tombstones), entries.values()),
        edited={one: text for one, text in sorted({**ours.edited, **theirs.edited}.items()) if one in entries},
    )
    return Merged(state, tuple(sorted(conflicts)))


def _follow_moves(before: State, ours: State, theirs: State) -> tuple[State, State, State]:
    """The three states with one name for each interview: that of the side that moved it."""
    for moved, other in ((ours, theirs), (theirs, ours)):
        now = {entry.id: address for address, entry in moved.entries.items()}
        there = {entry.id: address for address, entry in other.entries.items()}
        for old, entry in before.entries.items():
            new = now.get(entry.id)
            if new is None or new == old or there.get(entry.id) != old or new in other.entries:
                continue
            before, other_moved = _renamed(before, old, new), _renamed(other, old, new)
            ours, theirs = (ours, other_moved) if other is theirs else (other_moved, theirs)
            other = other_moved  # noqa: PLW2901 - the next move starts from this one
    return ours, theirs, before


def _renamed(state: State, old: Address, new: Address) -> State:
    entries = dict(state.entries)
    entries[new] = replace(entries.pop(old), address=new)
    return replace(state, entries=entries)


def _entry(  # noqa: PLR0911 - a list of cases
    base: Entry | None, ours: Entry | None, theirs: Entry | None, conflicts: set[Address]
) -> tuple[Entry | None, Attempt | None]:
    if theirs in (ours, base):
        return ours, None
    if ours == base:
        return theirs, None
    if ours is None or theirs is None:  # removed here, changed there: what exists is not forgotten
        kept = ours or theirs
        if kept:
            conflicts.add(kept.address)
        return kept, None
    if ours.id == theirs.id:
        return _fields(base if base and base.id == ours.id else None, ours, theirs, conflicts), None
    if base and base.id == theirs.id:  # only we replaced it; what they changed was the interview that is gone
        return _with_history(ours, theirs), None
    if base and base.id == ours.id:
        return _with_history(theirs, ours), None
    conflicts.add(ours.address)
    return _two_interviews(ours, theirs)


def _fields(base: Entry | None, ours: Entry, theirs: Entry, conflicts: set[Address]) -> Entry:
    """One interview that both sides know."""
    first, last = sorted((ours, theirs), key=_recency)
    values: dict[str, Any] = {}
    looked_at = True
    for group in _GROUPS:
        here, there, then = (_group(entry, group) for entry in (ours, theirs, base))
        if here == there or (base and there == then):
            source = ours
        elif base and here == then:
            source = theirs
        else:
            source, looked_at = last, False
            conflicts.add(ours.address)
        values |= {name: getattr(source, name) for name in group}
        looked_at = looked_at and (here == there or source == last)
    return replace(
        last,
        **values,
        created_at=last.created_at or first.created_at,
        updated_at=last.updated_at if looked_at else None,
        history=merge_histories(ours.history, theirs.history),
        revisions=merge_revisions((*ours.revisions, *theirs.revisions)),
        kept=(last if last.attributes == values["attributes"] else first).kept,
    )


def _group(entry: Entry | None, names: tuple[str, ...]) -> tuple[Any, ...] | None:
    return tuple(getattr(entry, name) for name in names) if entry else None


def _with_history(current: Entry, former: Entry) -> Entry:
    """`current`, which took the place of `former`, with all that `former` remembers and itself."""
    return replace(current, history=merge_histories(current.history, former.history, _settled(former, current)))


def _settled(former: Entry, current: Entry) -> tuple[Superseded, ...]:
    """`former` as an interview that the next apply does not archive unasked, unless the history knows it already."""
    if any(known.id == former.id for known in current.history):
        return ()
    at = max((revision.at for entry in (former, current) for revision in entry.revisions), default="unknown")
    return (Superseded(former.id, former.embed_id, former.created_at, at),)


def _two_interviews(ours: Entry, theirs: Entry) -> tuple[Entry, Attempt]:
    """The one seen last stays; the other is in its history, and in the attempt that stops the name until settled."""
    other, kept = sorted((ours, theirs), key=_recency)
    at = max((revision.at for entry in (ours, theirs) for revision in entry.revisions), default="")
    reason = f"{TWO_INTERVIEWS}: {kept.id} and {other.id}"
    attempt = Attempt(kept.address, digest(sorted((kept.id, other.id)))[:32], at, other.attributes, other.code,
                      other.lifecycle, None, reason)  # fmt: skip
    entry = replace(
        kept,
        updated_at=None,
        history=merge_histories(kept.history, other.history, _settled(other, kept)),
        revisions=merge_revisions((*kept.revisions, *other.revisions)),
    )
    return entry, attempt


def _attempt(
    base: Attempt | None, ours: Attempt | None, theirs: Attempt | None, conflicts: set[Address]
) -> Attempt | None:
    here, there, then = (attempt and attempt.attempt for attempt in (ours, theirs, base))
    if ours is None or theirs is None:
        kept = ours or theirs
        # one side settled what both knew, or one side opened what the other has not heard of
        return None if kept is None or kept.attempt == then else kept
    if here == there:
        return max(ours, theirs, key=lambda attempt: attempt.reason)
    if here == then:
        return theirs
    if there == then:
        return ours
    conflicts.add(ours.address)
    first, second = sorted((ours, theirs), key=lambda attempt: (attempt.at, attempt.attempt))
    return replace(first, reason=f"{first.reason}; and attempt {second.attempt} ({second.code}) of {second.at}")


def _once(entries: Mapping[Address, Entry]) -> dict[Address, Entry]:
    """One name for each interview: when both sides moved it, to the name that sorts first."""
    names: dict[str, Address] = {}
    merged: dict[Address, Entry] = {}
    for address in sorted(entries):
        entry = entries[address]
        first = names.setdefault(entry.id, address)
        if first == address:
            merged[address] = entry
        else:
            merged[first] = _fields(None, merged[first], replace(entry, address=first), set())
    return merged


def _recency(entry: Entry) -> tuple[str, str, str]:
    """Which of two was seen later on the service; the rest only makes the answer the same from both sides."""
    return entry.updated_at or "", entry.created_at or "", _content(entry)


def _content(entry: Entry) -> str:
    return digest([entry.id, entry.embed_id, entry.embed_signing_key, entry.code, dict(entry.attributes)])
